//! Four columns parted by one space, as most readers expect: word, `_`, `_`, tag. A document that came from such a file goes out with its
//! own words and the columns it had between.

use std::io;
use std::sync::Arc;

use serde_json::Value;

use super::super::loss::{Loss, of_layer};
use super::super::options::WriteOptions;
use super::super::table::{Sink, Writer};
use super::super::tags::{Names, is_blank};
use super::super::words::{Cut, mended, sound, words};
use super::{FORMAT, MARK};
use crate::annotation::Layer;
use crate::text::Document;

pub(super) fn writer<'a>(sink: Sink<'a>, options: &WriteOptions) -> io::Result<Box<dyn Writer + 'a>> {
    let names = Names::new(&options.labels, sound, mended);
    Ok(match sink {
        Sink::Stream(out) => Box::new(Rows { out, options: options.clone(), names, buffer: String::new() }),
        Sink::Folder(_) => unreachable!("the table says that this format is one file"),
    })
}

struct Rows<'a> {
    out: Box<dyn io::Write + Send + 'a>,
    options: WriteOptions,
    names: Names,
    buffer: String,
}

impl Writer for Rows<'_> {
    fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> io::Result<Vec<Loss>> {
        let [layer] = layers else {
            return Err(io::Error::other(format!("{}: CoNLL holds one layer, not {}", document.id, layers.len())));
        };
        let came = document.meta.get("conll").filter(|kept| kept.is_object());
        // A word that is the mark would begin a document; by the rules it is three.
        let white = came.is_some() && !document.text.as_str().contains(MARK);
        let cut = if white { Cut::White } else { Cut::Rules };
        let words = words(document, layer, &self.options, &self.names, cut, is_blank);
        let between = came.map_or_else(|| Between(Vec::new()), |kept| Between::of(kept, words.list.len()));
        self.buffer.clear();
        self.buffer.push_str("-DOCSTART- -X- O O\n");
        for (index, word) in words.list.iter().enumerate() {
            if word.first {
                self.buffer.push('\n');
            }
            self.buffer.push_str(document.text.slice(word.range));
            for column in 0..2 {
                self.buffer.push(' ');
                self.buffer.push_str(between.value(column, index));
            }
            self.buffer.push(' ');
            match word.span.and_then(|span| words.spans.get(span)) {
                None => self.buffer.push('O'),
                Some(span) => {
                    self.buffer.push(self.options.scheme.letter(word.index, word.length));
                    self.buffer.push('-');
                    self.buffer.push_str(&self.names.of(&span.label));
                }
            }
            self.buffer.push('\n');
        }
        self.buffer.push('\n');
        self.out.write_all(self.buffer.as_bytes())?;
        let mut losses = of_layer(&FORMAT, document, layer);
        losses.extend(words.losses);
        Ok(losses)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

/// The columns between word and tag that a document came with.
struct Between<'a>(Vec<Vec<&'a str>>);

impl<'a> Between<'a> {
    /// None of them, if the words are no longer those that came.
    fn of(kept: &'a Value, words: usize) -> Self {
        let columns = kept.get("columns").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let values = |column: &'a Value| column.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>();
        let columns: Vec<Vec<&str>> = columns.iter().map(values).collect();
        Self(if columns.iter().all(|column| column.len() == words) { columns } else { Vec::new() })
    }

    fn value(&self, column: usize, word: usize) -> &'a str {
        self.0.get(column).and_then(|values| values.get(word)).copied().unwrap_or("_")
    }
}
