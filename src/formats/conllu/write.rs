//! Documents as sentences of ten columns.

use std::io;
use std::sync::Arc;

use super::super::loss::{Loss, of_layer};
use super::super::options::WriteOptions;
use super::super::table::{Sink, Writer};
use super::super::tags::Names;
use super::super::words::{self, Cut, Word, Words, mended, words};
use super::misc::escape;
use super::{ANNOTATOR, FORMAT, ID, META};
use crate::annotation::Layer;
use crate::annotation::exchange::to_json;
use crate::text::Document;

pub(super) fn writer<'a>(sink: Sink<'a>, options: &WriteOptions) -> io::Result<Box<dyn Writer + 'a>> {
    let names = Names::new(&options.labels, sound, |label| mended(&label.replace(['|', '=', '\\'], "_")));
    let capitals = Names::new(&options.labels, is_capitals, |label| {
        let capital = |c: char| if c.is_ascii_alphabetic() { c.to_ascii_uppercase() } else { '_' };
        if label.is_empty() { "_".to_owned() } else { label.chars().map(capital).collect() }
    });
    Ok(match sink {
        Sink::Stream(out) => {
            Box::new(Sentences { out, options: options.clone(), names, capitals, buffer: String::new() })
        }
        Sink::Folder(_) => unreachable!("the table says that this format is one file"),
    })
}

/// What the last column holds, as the conllu library parts it.
fn sound(label: &str) -> bool {
    words::sound(label) && !label.contains(['|', '=', '\\'])
}

/// What spaCy's converter reads.
fn is_capitals(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// White space that the last column holds. Any other is a word.
const fn is_gap(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

struct Sentences<'a> {
    out: Box<dyn io::Write + Send + 'a>,
    options: WriteOptions,
    names: Names,
    capitals: Names,
    buffer: String,
}

impl Writer for Sentences<'_> {
    fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> io::Result<Vec<Loss>> {
        let [layer] = layers else {
            return Err(io::Error::other(format!("{}: CoNLL-U holds one layer, not {}", document.id, layers.len())));
        };
        let words = words(document, layer, &self.options, &self.names, Cut::Rules, is_gap);
        self.buffer.clear();
        self.head(document, layer)?;
        let mut number = 0;
        let mut at = 0;
        for sentence in words.list.chunk_by(|_, next| !next.first) {
            number += 1;
            self.sentence(document, &words, (at, sentence), number);
            at += sentence.len();
        }
        if words.list.is_empty() {
            // Nothing but white space, if that: an empty node holds it.
            let text = document.text.as_str();
            self.buffer.push_str("0.1\t_\t_\t_\t_\t_\t_\t_\t_\t");
            self.buffer.push_str(if text.is_empty() { "_" } else { "SpacesAfter=" });
            escape(text, &mut self.buffer);
            self.buffer.push_str("\n\n");
        }
        self.out.write_all(self.buffer.as_bytes())?;
        let mut losses = of_layer(&FORMAT, document, layer);
        losses.extend(words.losses);
        Ok(losses)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

impl Sentences<'_> {
    /// The comments that begin a document.
    fn head(&mut self, document: &Document, layer: &Layer) -> io::Result<()> {
        let mut comment = |key: &str, value: &str| {
            self.buffer.push_str("# ");
            self.buffer.push_str(key);
            self.buffer.push_str(" = ");
            self.buffer.push_str(value);
            self.buffer.push('\n');
        };
        let id = document.id.as_str();
        let line = in_one_line(id);
        comment("newdoc id", &line);
        let json = |value: Vec<u8>| String::from_utf8(value).map_err(io::Error::other);
        if line != id {
            comment(ID, &json(to_json(&document.id)?)?);
        }
        let annotator = layer.annotator.as_str();
        if !annotator.is_empty() && in_one_line(annotator) == annotator {
            comment(ANNOTATOR, annotator);
        }
        if !document.meta.is_empty() {
            comment(META, &json(to_json(&document.meta)?)?);
        }
        Ok(())
    }

    fn sentence(&mut self, document: &Document, words: &Words<'_>, (at, sentence): (usize, &[Word]), number: usize) {
        let text = document.text.as_str();
        let (Some(first), Some(last)) = (sentence.first(), sentence.last()) else { return };
        let id = in_one_line(document.id.as_str()).replace(char::is_whitespace, "_");
        self.buffer.push_str(&format!("# sent_id = {id}-{number}\n# text = "));
        self.buffer
            .extend(text[first.range.start()..last.range.end()].chars().map(|c| if is_gap(c) { ' ' } else { c }));
        self.buffer.push('\n');
        for (index, word) in sentence.iter().enumerate() {
            let place = at + index;
            let before = place.checked_sub(1).and_then(|place| words.list.get(place));
            let after = words.list.get(place + 1);
            self.buffer.push_str(&format!("{}\t", index + 1));
            self.buffer.push_str(document.text.slice(word.range));
            self.buffer.push_str("\t_\t_\t_\t_\t_\t_\t_\t");
            let start = self.buffer.len();
            if let Some(span) = word.span.and_then(|span| words.spans.get(span)) {
                let begins = before.is_none_or(|before| before.span != word.span);
                let ends = after.is_none_or(|after| after.span != word.span);
                let letter = match (begins, ends) {
                    (true, true) => 'U',
                    (true, false) => 'B',
                    (false, true) => 'L',
                    (false, false) => 'I',
                };
                let (label, capital) = (self.names.of(&span.label), self.capitals.of(&span.label));
                self.buffer.push_str(&format!("NER={}-{label}|name={letter}-{capital}|", word.letter));
            }
            if before.is_none() && word.range.start() > 0 {
                self.buffer.push_str("SpacesBefore=");
                escape(&text[..word.range.start()], &mut self.buffer);
                self.buffer.push('|');
            }
            match &text[word.range.end()..after.map_or(text.len(), |after| after.range.start())] {
                " " if after.is_some() => {}
                "" => self.buffer.push_str("SpaceAfter=No|"),
                gap => {
                    self.buffer.push_str("SpacesAfter=");
                    escape(gap, &mut self.buffer);
                    self.buffer.push('|');
                }
            }
            if self.buffer.len() == start {
                self.buffer.push('_');
            } else {
                self.buffer.pop();
            }
            self.buffer.push('\n');
        }
        self.buffer.push('\n');
    }
}

/// As a comment holds it: one line, without white space around.
fn in_one_line(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.trim().to_owned()
}
