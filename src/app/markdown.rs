//! Markdown as guidelines use it: headings, paragraphs, lists, quotes, code, simple tables; bold, italic, code and links inside them. What is
//! none of these is shown as it stands. Nothing here draws.

/// One part of a text, from top to bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// 1 is the highest.
    Heading(u8, Vec<Run>),
    Paragraph(Vec<Run>),
    Item {
        /// 0 is the outermost list.
        depth: usize,
        /// `•`, or `3.`
        sign: String,
        runs: Vec<Run>,
    },
    Quote(Vec<Run>),
    Code(String),
    /// Rows of cells; the first row is the head.
    Table(Vec<Vec<Vec<Run>>>),
    Rule,
}

/// A stretch of text that looks the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub bold: bool,
    pub italic: bool,
    pub code: bool,
    /// Where it leads, if it is a link.
    pub link: Option<String>,
}

/// The words alone.
pub fn plain(runs: &[Run]) -> String {
    runs.iter().map(|run| run.text.as_str()).collect()
}

/// Reads a text. Never fails.
pub fn parse(source: &str) -> Vec<Block> {
    let lines: Vec<&str> = source.lines().collect();
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let (block, taken) = block(line, &lines[at..]);
        blocks.extend(block);
        at += taken.max(1);
    }
    blocks
}

/// The block that begins here, and how many lines it takes.
fn block(line: &str, lines: &[&str]) -> (Option<Block>, usize) {
    let trimmed = line.trim();
    if trimmed.is_empty() {
        return (None, 1);
    }
    if trimmed.starts_with("<!--") {
        let end = lines.iter().position(|line| line.contains("-->"));
        return (None, end.map_or(lines.len(), |end| end + 1));
    }
    if let Some(fence) = ["```", "~~~"].into_iter().find(|fence| trimmed.starts_with(fence)) {
        let inside = lines[1..].iter().take_while(|line| !line.trim_start().starts_with(fence));
        let inside: Vec<&str> = inside.copied().collect();
        return (Some(Block::Code(inside.join("\n"))), inside.len() + 2);
    }
    if let Some((level, words)) = heading(trimmed) {
        return (Some(Block::Heading(level, runs(words))), 1);
    }
    if is_rule(trimmed) {
        return (Some(Block::Rule), 1);
    }
    if trimmed.starts_with('>') {
        let quoted: Vec<&str> = lines.iter().map(|line| line.trim()).take_while(|line| line.starts_with('>')).collect();
        let words = quoted.iter().map(|line| line.trim_start_matches('>').trim()).collect::<Vec<_>>().join(" ");
        return (Some(Block::Quote(runs(&words))), quoted.len());
    }
    if trimmed.contains('|') && lines.get(1).is_some_and(|next| is_delimiter(next)) {
        let rows: Vec<&str> = lines.iter().copied().take_while(|line| line.contains('|')).collect();
        let cells = rows.iter().enumerate().filter(|(index, _)| *index != 1).map(|(_, row)| cells(row)).collect();
        return (Some(Block::Table(cells)), rows.len());
    }
    if let Some((sign, words)) = item(trimmed) {
        let depth = line.chars().take_while(|character| character.is_whitespace()).map(indent).sum::<usize>() / 2;
        let (words, taken) = joined(words, &lines[1..]);
        return (Some(Block::Item { depth: depth.min(5), sign, runs: runs(&words) }), taken + 1);
    }
    let (words, taken) = joined(trimmed, &lines[1..]);
    (Some(Block::Paragraph(runs(&words))), taken + 1)
}

fn indent(character: char) -> usize {
    if character == '\t' { 4 } else { 1 }
}

fn heading(line: &str) -> Option<(u8, &str)> {
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    let words = line.get(level..)?.strip_prefix([' ', '\t'])?;
    (1..=6).contains(&level).then(|| (level as u8, words.trim().trim_end_matches('#').trim_end()))
}

fn is_rule(line: &str) -> bool {
    let marks: String = line.chars().filter(|character| !character.is_whitespace()).collect();
    marks.len() >= 3 && ["-", "*", "_"].iter().any(|mark| marks.chars().all(|character| mark.contains(character)))
}

fn is_delimiter(line: &str) -> bool {
    let line = line.trim();
    line.contains('-') && line.contains('|') && line.chars().all(|character| "|-: ".contains(character))
}

fn cells(row: &str) -> Vec<Vec<Run>> {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let row = row.strip_suffix('|').filter(|rest| !rest.ends_with('\\')).unwrap_or(row);
    let mut cells = vec![String::new()];
    let mut characters = row.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.peek() == Some(&'|') => {
                characters.next();
                cells.last_mut().unwrap_or(&mut String::new()).push('|');
            }
            '|' => cells.push(String::new()),
            other => cells.last_mut().unwrap_or(&mut String::new()).push(other),
        }
    }
    cells.iter().map(|cell| runs(cell.trim())).collect()
}

/// `- words`, `* words`, `3. words`
fn item(line: &str) -> Option<(String, &str)> {
    if let Some(words) = ["- ", "* ", "+ "].iter().find_map(|sign| line.strip_prefix(sign)) {
        return Some(("•".to_owned(), words.trim()));
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let words = line.get(digits..)?.strip_prefix(['.', ')'])?.strip_prefix(' ')?;
    (1..=4).contains(&digits).then(|| (format!("{}.", &line[..digits]), words.trim()))
}

/// The words with the lines that go on with them, and how many lines those are.
fn joined(first: &str, rest: &[&str]) -> (String, usize) {
    let mut words = first.to_owned();
    let mut taken = 0;
    for line in rest {
        let line = line.trim();
        let other = line.is_empty()
            || heading(line).is_some()
            || item(line).is_some()
            || is_rule(line)
            || ["```", "~~~", ">", "<!--"].iter().any(|sign| line.starts_with(sign));
        if other {
            break;
        }
        let broken = words.ends_with('\\');
        words.truncate(words.len() - usize::from(broken));
        words.push(if broken { '\n' } else { ' ' });
        words.push_str(line);
        taken += 1;
    }
    (words, taken)
}

/// Bold, italic, code and links. A sign without its other half is a character like any other.
fn runs(words: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    inline(words, &Run::default(), &mut runs);
    runs
}

fn inline(words: &str, like: &Run, runs: &mut Vec<Run>) {
    let mut text = String::new();
    let mut rest = words;
    let mut before = ' ';
    while let Some(character) = rest.chars().next() {
        let after = &rest[character.len_utf8()..];
        let found = match character {
            '\\' => after.chars().next().filter(char::is_ascii_punctuation).map(|escaped| {
                text.push(escaped);
                &after[escaped.len_utf8()..]
            }),
            '`' => after.split_once('`').map(|(inside, after)| {
                flush(&mut text, like, runs);
                runs.push(Run { text: inside.to_owned(), code: true, ..like.clone() });
                after
            }),
            '*' | '_' => emphasis(rest, before).map(|(inside, bold, after)| {
                flush(&mut text, like, runs);
                let like = Run { bold: like.bold || bold, italic: like.italic || !bold, ..like.clone() };
                inline(inside, &like, runs);
                after
            }),
            '[' => link(rest).map(|(inside, target, after)| {
                flush(&mut text, like, runs);
                inline(inside, &Run { link: Some(target.to_owned()), ..like.clone() }, runs);
                after
            }),
            '<' => after.split_once('>').filter(|(inside, _)| is_address(inside)).map(|(inside, after)| {
                flush(&mut text, like, runs);
                runs.push(Run { text: inside.to_owned(), link: Some(inside.to_owned()), ..like.clone() });
                after
            }),
            _ => None,
        };
        before = character;
        rest = found.unwrap_or_else(|| {
            text.push(character);
            after
        });
    }
    flush(&mut text, like, runs);
}

fn flush(text: &mut String, like: &Run, runs: &mut Vec<Run>) {
    if !text.is_empty() {
        runs.push(Run { text: std::mem::take(text), ..like.clone() });
    }
}

/// What stands between two equal signs, whether they are double, and what follows.
fn emphasis(words: &str, before: char) -> Option<(&str, bool, &str)> {
    let sign = if words.starts_with('*') { '*' } else { '_' };
    // `snake_case` is no emphasis.
    if sign == '_' && before.is_alphanumeric() {
        return None;
    }
    let double = words.as_bytes().get(1) == Some(&(sign as u8));
    let width = 1 + usize::from(double);
    let inside = &words[width..];
    if inside.starts_with(char::is_whitespace) {
        return None;
    }
    let mut from = 0;
    while let Some(found) = inside[from..].find(sign) {
        let end = from + found;
        let run = inside[end..].chars().take_while(|character| *character == sign).count();
        let closes = end > 0 && !inside[..end].ends_with(char::is_whitespace) && !inside[..end].ends_with('\\');
        let after = &inside[end + width.min(run)..];
        let whole_word = sign == '*' || !after.starts_with(char::is_alphanumeric);
        if run >= width && (double || run != 2) && closes && whole_word {
            let end = end + run - width;
            return Some((&inside[..end], double, &inside[end + width..]));
        }
        from = end + run;
    }
    None
}

/// `[words](target)`
fn link(words: &str) -> Option<(&str, &str, &str)> {
    let mut depth = 0;
    let close = words.char_indices().find_map(|(at, character)| {
        depth += match character {
            '[' => 1,
            ']' => -1,
            _ => 0,
        };
        (depth == 0).then_some(at)
    })?;
    let (target, after) = words[close + 1..].strip_prefix('(')?.split_once(')')?;
    Some((&words[1..close], target.split_whitespace().next()?, after))
}

fn is_address(words: &str) -> bool {
    !words.contains(char::is_whitespace) && (words.contains("://") || words.starts_with("mailto:"))
}
