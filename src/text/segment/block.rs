//! Sixty-four bytes of a text at once: between which of them there is a word bound, as bits. Every byte is looked at in the same way and
//! none decides what is done with the next, so that the processor does many of them together.

use super::bounds::is_blank;

/// Bytes in a block.
pub(super) const BLOCK: usize = u64::BITS as usize;
/// Bytes before it and after it that have a say.
const BESIDE: usize = 8;
const WINDOW: usize = BESIDE + BLOCK + BESIDE;

/// What the rules of UAX #29 say of ASCII and of the quotation marks, dashes and ellipses that texts in Latin letters use.
pub(super) struct Block {
    /// A piece begins at this byte.
    pub begins: u64,
    /// White space of ASCII.
    pub blank: u64,
    /// No rule looks across the place before this byte, whatever stands around.
    pub safe: u64,
    /// Of a character that is not known here: what is said of its neighbours up to the next safe place is worth nothing.
    pub foreign: u64,
}

/// For each byte 1 or 0.
type Flags<const N: usize> = [u8; N];

impl Block {
    /// The block that begins at a byte of a text; what lies beyond its end counts as marks.
    pub fn at(bytes: &[u8], start: usize) -> Self {
        let window = window(bytes, start);
        if window.is_ascii() { Self::of::<true>(&window) } else { Self::of::<false>(&window) }
    }

    #[expect(clippy::needless_bitwise_bool, reason = "branches would keep the bytes from being looked at together")]
    fn of<const ASCII: bool>(window: &[u8; WINDOW]) -> Self {
        let letter = flags(window, |byte| byte.is_ascii_alphabetic());
        let digit = flags(window, |byte| byte.is_ascii_digit());
        let in_word = flags(window, |byte| byte.is_ascii_alphanumeric() | (byte == b'_'));
        let space = flags(window, |byte| byte == b' ');
        let (feed, carriage) = (flags(window, |byte| byte == b'\n'), flags(window, |byte| byte == b'\r'));
        let blank = flags(window, is_blank);
        // Between two letters, and between two digits, these bind.
        let (in_letters, in_digits) = (
            flags(window, |byte| (byte == b'.') | (byte == b'\'') | (byte == b':')),
            flags(window, |byte| (byte == b'.') | (byte == b'\'') | (byte == b',') | (byte == b';')),
        );
        let none = [0; WINDOW];
        let beyond = if ASCII { none } else { flags(window, |byte| byte >= 0x80) };
        let inner = if ASCII { none } else { flags(window, |byte| byte & 0xc0 == 0x80) };
        // Characters of three bytes, which are told by their second and third one.
        let general = if ASCII { none } else { pairs(window, |first, second| first == 0xe2 && second == 0x80) };
        let apostrophe = if ASCII { none } else { flags(window, |third| third & 0xfe == 0x98) };
        let is_mark =
            |third: u8| (third & 0xf8 == 0x90) | (third.wrapping_sub(0x9a) < 10) | (third.wrapping_sub(0xa5) < 2);
        let mark = if ASCII { none } else { flags(window, is_mark) };

        // Marks that bind what stands around them: of one byte, of three bytes; and where marks of three bytes begin.
        let (mut binds, mut binds_far, mut known) = ([0; WINDOW], [0; WINDOW], [0; WINDOW]);
        for at in 1..WINDOW - 3 {
            binds[at] =
                letter[at - 1] & in_letters[at] & letter[at + 1] | digit[at - 1] & in_digits[at] & digit[at + 1];
            let alike = letter[at - 1] & letter[at + 3] | digit[at - 1] & digit[at + 3];
            binds_far[at] = general[at] & apostrophe[at + 2] & alike;
            known[at] = general[at] & (apostrophe[at + 2] | mark[at + 2]);
        }
        let (mut begins, mut safe, mut foreign) = ([0; BLOCK], [0; BLOCK], [0; BLOCK]);
        for index in 0..BLOCK {
            let at = index + BESIDE;
            let alike = in_word[at - 1] & in_word[at] | space[at - 1] & space[at] | carriage[at - 1] & feed[at];
            let bound = binds[at] | binds[at - 1] | binds_far[at] | binds_far[at - 3];
            begins[index] = 1 ^ (alike | bound | inner[at]);
            safe[index] = feed[at - 1] | space[at - 1] & (1 ^ (space[at] | beyond[at]));
            foreign[index] = beyond[at] & (1 ^ (known[at] | known[at - 1] | known[at - 2]));
        }
        let mut here = [0; BLOCK];
        here.copy_from_slice(&blank[BESIDE..BESIDE + BLOCK]);
        Self { begins: bits(&begins), blank: bits(&here), safe: bits(&safe), foreign: bits(&foreign) }
    }
}

fn window(bytes: &[u8], start: usize) -> [u8; WINDOW] {
    let whole = start.checked_sub(BESIDE).and_then(|from| bytes.get(from..)?.first_chunk());
    whole.copied().unwrap_or_else(|| {
        let mut window = [0; WINDOW];
        let from = start.saturating_sub(BESIDE);
        let here = &bytes[from..bytes.len().min(start + BLOCK + BESIDE)];
        let first = from + BESIDE - start;
        window[first..first + here.len()].copy_from_slice(here);
        window
    })
}

fn flags(window: &[u8; WINDOW], is: impl Fn(u8) -> bool) -> Flags<WINDOW> {
    let mut flags = [0; WINDOW];
    for (flag, byte) in flags.iter_mut().zip(window) {
        *flag = u8::from(is(*byte));
    }
    flags
}

/// Of each byte and the one after it.
fn pairs(window: &[u8; WINDOW], are: impl Fn(u8, u8) -> bool) -> Flags<WINDOW> {
    let mut flags = [0; WINDOW];
    for at in 0..WINDOW - 1 {
        flags[at] = u8::from(are(window[at], window[at + 1]));
    }
    flags
}

/// The first flag is the lowest bit.
fn bits(flags: &Flags<BLOCK>) -> u64 {
    let (eights, _) = flags.as_chunks();
    // Lifts the flag in each byte to its own place in the uppermost one.
    let lifted = eights.iter().map(|eight| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56);
    lifted.rev().fold(0, |bits, eight| bits << 8 | eight)
}
