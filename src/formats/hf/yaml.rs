//! The head of a dataset card, as far as `dataset_info` needs it: YAML in blocks, as the `datasets` library writes it. Every scalar is a
//! string; anchors, tags and values in braces are not read.

use serde_json::{Map, Value};

/// Blocks within blocks.
const DEPTH: usize = 40;

/// What stands between the two `---` at the top of a card; `None` where there are none.
pub(super) fn head(card: &str) -> Option<Value> {
    let card = card.strip_prefix('\u{feff}').unwrap_or(card).trim_start();
    let mut lines = card.lines();
    if lines.next()?.trim_end() != "---" {
        return None;
    }
    let is_line = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let lines = lines.take_while(|line| line.trim_end() != "---").filter(is_line);
    let lines = lines.map(|line| (line.len() - line.trim_start().len(), line.trim())).collect();
    let mut blocks = Blocks { lines, at: 0 };
    let indent = blocks.next()?.0;
    Some(blocks.block(indent, 0))
}

struct Blocks<'a> {
    /// Indent and content.
    lines: Vec<(usize, &'a str)>,
    at: usize,
}

impl<'a> Blocks<'a> {
    fn next(&self) -> Option<(usize, &'a str)> {
        self.lines.get(self.at).copied()
    }

    /// What stands at this indent: a list or a mapping. Always passes over the line it begins with.
    fn block(&mut self, indent: usize, depth: usize) -> Value {
        if depth > DEPTH {
            self.at = self.lines.len();
            return Value::Null;
        }
        match self.next() {
            Some((_, line)) if is_item(line) => self.list(indent, depth),
            _ => self.mapping(indent, depth),
        }
    }

    fn list(&mut self, indent: usize, depth: usize) -> Value {
        let mut items = Vec::new();
        while let Some((here, line)) = self.next().filter(|(here, line)| *here == indent && is_item(line)) {
            let rest = line[1..].trim_start();
            let inner = here + line.len() - rest.len();
            if rest.is_empty() {
                self.at += 1;
                items.push(self.below(indent, depth));
            } else if is_item(rest) || entry(rest).is_some() {
                if let Some(line) = self.lines.get_mut(self.at) {
                    *line = (inner, rest);
                }
                items.push(self.block(inner, depth + 1));
            } else {
                self.at += 1;
                items.push(self.scalar(rest, indent));
            }
        }
        items.into()
    }

    fn mapping(&mut self, indent: usize, depth: usize) -> Value {
        let mut object = Map::new();
        while let Some((_, line)) = self.next().filter(|(here, line)| *here >= indent && !is_item(line)) {
            self.at += 1;
            let Some((key, rest)) = entry(line) else { continue };
            let value = if rest.is_empty() {
                match self.next() {
                    // A list may stand as far left as its key.
                    Some((here, next)) if here == indent && is_item(next) => self.block(here, depth + 1),
                    _ => self.below(indent, depth),
                }
            } else {
                self.scalar(rest, indent)
            };
            object.insert(key, value);
        }
        object.into()
    }

    /// The block that stands further right, if there is one.
    fn below(&mut self, indent: usize, depth: usize) -> Value {
        match self.next() {
            Some((here, _)) if here > indent => self.block(here, depth + 1),
            _ => Value::Null,
        }
    }

    /// A scalar, which may go on in lines further right.
    fn scalar(&mut self, first: &str, indent: usize) -> Value {
        let mut whole = first.to_owned();
        while let Some((_, line)) = self.next().filter(|(here, line)| *here > indent && !is_item(line)) {
            if whole.starts_with('"') && whole.ends_with('\\') {
                whole.pop();
                whole.push_str(line.strip_prefix('\\').unwrap_or(line));
            } else {
                whole.extend([" ", line]);
            }
            self.at += 1;
        }
        match whole.as_str() {
            "[]" => Value::Array(Vec::new()),
            "{}" => Value::Object(Map::new()),
            _ => Value::String(read(&whole).0),
        }
    }
}

fn is_item(line: &str) -> bool {
    line == "-" || line.starts_with("- ")
}

/// `key: value` or `key:`; the key may be quoted.
fn entry(line: &str) -> Option<(String, &str)> {
    let end = if line.starts_with(['"', '\'']) {
        read(line).1
    } else {
        line.find(": ").or_else(|| line.strip_suffix(':').map(str::len))?
    };
    let rest = line.get(end..)?.strip_prefix(':')?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| (read(&line[..end]).0, rest.trim()))
}

/// A scalar without its quotes, and the bytes it takes.
fn read(text: &str) -> (String, usize) {
    let mut out = String::new();
    let mut rest = text.char_indices().peekable();
    match rest.next() {
        Some((_, '\'')) => {
            while let Some((at, character)) = rest.next() {
                if character == '\'' && rest.next_if(|(_, next)| *next == '\'').is_none() {
                    return (out, at + 1);
                }
                out.push(character);
            }
        }
        Some((_, '"')) => {
            while let Some((at, character)) = rest.next() {
                match character {
                    '"' => return (out, at + 1),
                    '\\' => {
                        let Some((_, escape)) = rest.next() else { break };
                        let digits = match escape {
                            'x' => 2,
                            'u' => 4,
                            'U' => 8,
                            _ => 0,
                        };
                        let mut code = 0_u32;
                        for _ in 0..digits {
                            let digit = rest.next().and_then(|(_, digit)| digit.to_digit(16)).unwrap_or_default();
                            code = (code << 4) | digit;
                        }
                        out.push(match escape {
                            'x' | 'u' | 'U' => char::from_u32(code).unwrap_or('\u{fffd}'),
                            'n' => '\n',
                            't' => '\t',
                            'r' => '\r',
                            '0' => '\0',
                            'a' => '\u{7}',
                            'b' => '\u{8}',
                            'v' => '\u{b}',
                            'f' => '\u{c}',
                            'e' => '\u{1b}',
                            'N' => '\u{85}',
                            '_' => '\u{a0}',
                            'L' => '\u{2028}',
                            'P' => '\u{2029}',
                            other => other,
                        });
                    }
                    other => out.push(other),
                }
            }
        }
        _ => {
            let end = text.find(" #").unwrap_or(text.len());
            return (text[..end].trim_end().to_owned(), text.len());
        }
    }
    (out, text.len())
}
