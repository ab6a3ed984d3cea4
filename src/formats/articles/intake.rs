//! Where everything that is read arrives: texts become documents here, and what happens often is told once, at the end.

use std::collections::BTreeMap;
use std::io;
use std::ops::ControlFlow;

use encoding_rs::{Encoding, UTF_8};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::fields::Roles;
use super::record::Record;
use super::{Article, ArticleFormat, Column, LoadOptions, Loaded, preview};
use crate::text::{Document, DocumentId, NewlineMap, Place, Problem, Text};

/// `Break` when nobody wants more: the receiver is gone, or reading was aborted.
pub(super) type Flow = ControlFlow<()>;

/// One file, or one entry of an archive, on its way in.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// As problems name it.
    pub file: String,
    /// The id of the article, where the file is one article.
    pub id: String,
    pub format: ArticleFormat,
    /// In bytes, as far as its folder or archive knows.
    pub size: u64,
    /// What is odd about its name.
    pub notes: Vec<Problem>,
}

impl Source {
    pub(super) fn place(&self) -> Place {
        Place::file(self.file.clone())
    }
}

/// An article before its text is checked and normalised.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub id: Option<String>,
    pub text: String,
    pub meta: Map<String, Value>,
    pub place: Place,
    pub notes: Vec<Problem>,
    pub apart: Vec<(String, Box<RawValue>)>,
}

/// The receiving end of all readers.
pub(super) struct Intake<'a> {
    pub options: &'a LoadOptions,
    /// Where a preview collects the fields of records.
    pub columns: Option<&'a mut Vec<Column>>,
    give: &'a mut dyn FnMut(Loaded) -> Flow,
    left_out: BTreeMap<String, Tally>,
    newlines: BTreeMap<ArticleFormat, Newlines>,
}

/// How often something happened, and where first.
struct Tally {
    count: u64,
    first: String,
    fix: &'static str,
}

/// What [`Text`] changed at the door, summed over one kind of file.
#[derive(Default)]
struct Newlines {
    documents: u64,
    crlf: usize,
    cr: usize,
    marks: usize,
}

impl<'a> Intake<'a> {
    pub(super) fn new(options: &'a LoadOptions, give: &'a mut dyn FnMut(Loaded) -> Flow) -> Self {
        Self { options, columns: None, give, left_out: BTreeMap::new(), newlines: BTreeMap::new() }
    }

    /// One more article, if its text is not too long.
    pub(super) fn article(&mut self, format: ArticleFormat, draft: Draft) -> Flow {
        let Draft { id, text, meta, place, mut notes, apart } = draft;
        let (size, limit) = (text.len() as u64, self.options.limits.document_bytes);
        if size > limit {
            return self.refuse(too_long(place, "the text", size, limit));
        }
        let (normal, newlines) = NewlineMap::normalise(&text);
        if !newlines.is_empty() {
            let sum = self.newlines.entry(format).or_default();
            let (crlf, cr) = newlines.counts();
            sum.documents += 1;
            sum.crlf += crlf;
            sum.cr += cr;
            sum.marks += usize::from(newlines.had_bom());
        }
        match memchr::memchr_iter(0, normal.as_bytes()).count() {
            0 => (),
            count => notes.push(Problem::note(place.clone(), format!("the text holds NUL characters, kept: {count}"))),
        }
        if normal.trim().is_empty() {
            notes.push(Problem::note(place.clone(), "the text is empty"));
        }
        let text = Text::new(&*normal);
        let document_id = id.clone().map_or_else(|| DocumentId::of_text(&text), DocumentId);
        let document = Document { id: document_id, text, meta, newlines, extra: Map::new() };
        (self.give)(Loaded::Article(Box::new(Article { id, document, place, notes, apart })))
    }

    /// An article from a file of many, by what its fields are; or why it is none.
    pub(super) fn record(
        &mut self,
        source: &Source,
        encoding: &'static Encoding,
        record: Record,
        roles: Roles,
        place: Place,
    ) -> Flow {
        let map = &self.options.fields;
        if let Some(columns) = &mut self.columns {
            preview::see(columns, map, &record, &roles);
        }
        match record.draft(map, roles, place) {
            Ok(mut draft) => {
                if encoding != UTF_8 {
                    draft.meta.entry("encoding").or_insert_with(|| Value::from(encoding.name()));
                }
                self.article(source.format, draft)
            }
            Err(problem) => self.refuse(*problem),
        }
    }

    pub(super) fn refuse(&mut self, problem: Problem) -> Flow {
        (self.give)(Loaded::Refused(problem))
    }

    pub(super) fn note(&mut self, problem: Problem) -> Flow {
        (self.give)(Loaded::Note(problem))
    }

    /// The source is dangerous: nothing more is read.
    pub(super) fn abort(&mut self, problem: Problem) -> Flow {
        (self.give)(Loaded::Aborted(problem))?;
        Flow::Break(())
    }

    /// A file that nobody meant to be an article: counted by kind, told at the end.
    pub(super) fn leave_out(&mut self, kind: String, path: &str, fix: &'static str) {
        self.left_out.entry(kind).or_insert_with(|| Tally { count: 0, first: path.to_owned(), fix }).count += 1;
    }

    /// Reading failed half-way: this source is refused, or everything is aborted if an archive was found dangerous.
    pub(super) fn failed(&mut self, place: Place, error: io::Error) -> Flow {
        match error.downcast::<Stop>() {
            Ok(Stop::Abort(problem)) => self.abort(*problem),
            Ok(Stop::Refuse { sentence, fix }) => self.refuse(Problem::error(place, sentence).fix(fix)),
            Err(error) => {
                let fix = match error.kind() {
                    io::ErrorKind::NotFound => "Check the path",
                    io::ErrorKind::PermissionDenied => "Allow yourself to read it, or leave it out",
                    _ => "The rest was loaded; mend or replace this one and import it again",
                };
                self.refuse(Problem::error(place, format!("it could not be read: {error}")).fix(fix))
            }
        }
    }

    /// Tell what was counted.
    pub(super) fn finish(self) -> Flow {
        for (kind, Tally { count, first, fix }) in self.left_out {
            let sentence = format!("{kind} were left out: {count} (the first: {first})");
            (self.give)(Loaded::Skipped(Problem::warning(Place::default(), sentence).fix(fix)))?;
        }
        for (format, Newlines { documents, crlf, cr, marks }) in self.newlines {
            let sentence = format!(
                "articles from {} files with line ends or byte order marks that were normalised: {documents} (CRLF to LF: {crlf}, \
                 lone CR to LF: {cr}, byte order marks taken off: {marks})",
                format.name()
            );
            let problem = Problem::note(Place::default(), sentence)
                .fix("Offsets given in the source still lead to the same place");
            (self.give)(Loaded::Note(problem))?;
        }
        Flow::Continue(())
    }
}

/// An [`io::Error`] of our own making, on its way from a reader through a parser to [`Intake::failed`].
#[derive(Debug)]
pub(in crate::formats) enum Stop {
    Abort(Box<Problem>),
    Refuse { sentence: String, fix: String },
}

impl Stop {
    pub(super) fn refuse(sentence: impl Into<String>, fix: impl Into<String>) -> io::Error {
        io::Error::other(Self::Refuse { sentence: sentence.into(), fix: fix.into() })
    }
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Abort(problem) => f.write_str(&problem.sentence),
            Self::Refuse { sentence, .. } => f.write_str(sentence),
        }
    }
}

impl std::error::Error for Stop {}

/// `what` has more bytes than allowed.
pub(super) fn too_long(place: Place, what: &str, size: u64, limit: u64) -> Problem {
    Problem::error(place, format!("{what} has {}, more than the {} allowed", bytes(size), bytes(limit)))
        .fix("Split it into articles, or raise the limit in the settings")
}

/// A number of bytes for people: exact when small, else in MiB.
pub(super) fn bytes(count: u64) -> String {
    if count < 1 << 20 { format!("{count} bytes") } else { format!("{:.1} MiB", count as f64 / f64::from(1 << 20)) }
}
