//! Documents as sentences of ten columns.

use std::io;
use std::sync::Arc;

use super::super::loss::{Loss, of_layer};
use super::super::options::WriteOptions;
use super::super::table::{Feature, Sink, Writer};
use super::super::tags::Names;
use super::super::tokens::Scheme;
use super::super::words::{self, Cut, Word, Words, mended, words};
use super::kept::{KEY, Kept, Line, Mark};
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
        let mut losses = of_layer(&FORMAT, document, layer);
        let kept = Kept::of(document);
        let marks = kept.as_ref().and_then(|kept| kept.marks(&words));
        if let (Some(kept), Some(marks)) = (&kept, &marks) {
            self.kept(kept, marks, &words);
            self.out.write_all(self.buffer.as_bytes())?;
            losses.extend(words.losses);
            return Ok(losses);
        }
        if document.meta.contains_key(KEY) {
            losses.push(Loss {
                document: document.id.clone(),
                annotator: layer.annotator.clone(),
                item: None,
                what: Feature::Metadata,
                sentence: "its lemmas and trees are left out: a span begins or ends inside one of their words"
                    .to_owned(),
            });
        }
        let (mut number, mut at) = (0, 0);
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
        let mut meta = document.meta.clone();
        meta.shift_remove(KEY);
        if !meta.is_empty() {
            comment(META, &json(to_json(&meta)?)?);
        }
        Ok(())
    }

    /// The tags of the word at `index` of `length` of a span, with a bar behind each.
    fn tag(&mut self, words: &Words<'_>, (span, index, length): Mark) {
        let Some(span) = words.spans.get(span) else { return };
        let (label, capital) = (self.names.of(&span.label), self.capitals.of(&span.label));
        let letter = self.options.scheme.letter(index, length);
        let bilou = Scheme::Bilou.letter(index, length);
        self.buffer.push_str(&format!("NER={letter}-{label}|name={bilou}-{capital}|"));
    }

    /// The sentences that the document came with.
    fn kept(&mut self, kept: &Kept<'_>, marks: &[Option<Mark>], words: &Words<'_>) {
        for sentence in kept.lines(marks) {
            for line in sentence {
                match line {
                    Line::Comment(text) => self.buffer.push_str(text),
                    Line::Row(columns, rest, mark) => {
                        self.buffer.push_str(columns);
                        self.buffer.push('\t');
                        let start = self.buffer.len();
                        if let Some(mark) = mark {
                            self.tag(words, mark);
                        }
                        for part in rest {
                            self.buffer.push_str(part);
                            self.buffer.push('|');
                        }
                        self.end_of_row(start);
                        continue;
                    }
                }
                self.buffer.push('\n');
            }
            self.buffer.push('\n');
        }
    }

    /// Ends a row whose last column began at `start` and has a bar behind each part.
    fn end_of_row(&mut self, start: usize) {
        if self.buffer.len() == start {
            self.buffer.push('_');
        } else {
            self.buffer.pop();
        }
        self.buffer.push('\n');
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
            if let Some(mark) = word.span.map(|span| (span, word.index, word.length)) {
                self.tag(words, mark);
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
            self.end_of_row(start);
        }
        self.buffer.push('\n');
    }
}

/// As a comment holds it: one line, without white space around.
fn in_one_line(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.trim().to_owned()
}
