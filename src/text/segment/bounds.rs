//! The word bounds of UAX #29 for whole texts. Where a text is ASCII they come from a table of its 128 characters, several times quicker
//! than the general rules, which do the rest. The result is the same, byte for byte.

use unicode_segmentation::UnicodeSegmentation as _;

/// Where each piece between two bounds ends; the last is the length of the text. Linear.
pub(super) fn ends(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut ends = Vec::with_capacity(bytes.len() / 4 + 1);
    let mut at = 0;
    // From here on no rule looks back, and none before it looks ahead: the byte, and how many pieces there are up to it.
    let mut safe = (0, 0);
    while at < bytes.len() {
        if let Some(end) = piece(bytes, at) {
            if is_safe(bytes, at) {
                safe = (at, ends.len());
            }
            ends.push(end);
            at = end;
            continue;
        }
        // A character beyond ASCII has a say in where this piece ends.
        ends.truncate(safe.1);
        let beyond = (at..bytes.len()).find(|place| !bytes[*place].is_ascii()).unwrap_or(at);
        let end = (beyond + 1..bytes.len()).find(|place| is_safe(bytes, *place)).unwrap_or(bytes.len());
        ends.extend(text[safe.0..end].split_word_bound_indices().map(|(start, piece)| safe.0 + start + piece.len()));
        at = end;
        safe = (at, ends.len());
    }
    ends
}

/// Behind a line feed, and between a space and a mark or letter of ASCII, there is a bound whatever else stands around.
fn is_safe(bytes: &[u8], at: usize) -> bool {
    match at.checked_sub(1).map(|before| bytes[before]) {
        None | Some(b'\n') => true,
        Some(b' ') => bytes[at].is_ascii() && bytes[at] != b' ',
        Some(_) => false,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    /// Joins letters, digits and itself.
    Underscore,
    /// Joins two letters.
    Colon,
    /// Joins two digits.
    Comma,
    /// Joins two letters, or two digits.
    Stop,
    Space,
    /// Stands alone, whatever follows.
    Newline,
    Return,
    Other,
    /// Not of ASCII.
    Beyond,
}

static CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'_' => Class::Underscore,
            b':' => Class::Colon,
            b',' | b';' => Class::Comma,
            b'.' | b'\'' => Class::Stop,
            b' ' => Class::Space,
            b'\n' | 0x0b | 0x0c => Class::Newline,
            b'\r' => Class::Return,
            0x80.. => Class::Beyond,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// Letters, digits and what joins both: between any two of them there is no bound.
static IN_WORD: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        bytes[byte] = matches!(CLASSES[byte], Class::Letter | Class::Digit | Class::Underscore);
        byte += 1;
    }
    bytes
};

/// Where the piece that begins at `start` ends, if ASCII alone tells.
fn piece(bytes: &[u8], start: usize) -> Option<usize> {
    let class = |at: usize| bytes.get(at).map(|byte| CLASSES[usize::from(*byte)]);
    let mut at = start + 1;
    match class(start)? {
        Class::Newline => return Some(at),
        Class::Return => return Some(at + usize::from(bytes.get(at) == Some(&b'\n'))),
        Class::Space => {
            while bytes.get(at) == Some(&b' ') {
                at += 1;
            }
        }
        Class::Letter | Class::Digit | Class::Underscore => loop {
            at += bytes[at..].iter().take_while(|byte| IN_WORD[usize::from(**byte)]).count();
            let last = CLASSES[usize::from(bytes[at - 1])];
            match (last, class(at)) {
                (Class::Letter, Some(Class::Colon | Class::Stop))
                | (Class::Digit, Some(Class::Comma | Class::Stop)) => match class(at + 1) {
                    Some(after) if after == last => at += 2,
                    Some(Class::Beyond) => return None,
                    _ => return Some(at),
                },
                (_, Some(Class::Beyond)) => return None,
                _ => return Some(at),
            }
        },
        Class::Beyond => return None,
        Class::Colon | Class::Comma | Class::Stop | Class::Other => {}
    }
    // What combines belongs to the character before it.
    (class(at) != Some(Class::Beyond)).then_some(at)
}
