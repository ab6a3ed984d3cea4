//! Reading a folder: one record per text and annotator.

use std::io;
use std::path::{Path, PathBuf};

use super::aside::{Aside, Asides};
use super::config;
use super::folder::{Job, Listing, read};
use super::layer::{Part, layer};
use crate::annotation::exchange::RawDocument;
use crate::formats::articles::Limits;
use crate::formats::options::ReadOptions;
use crate::formats::record::{Record, Records};
use crate::text::{NewlineMap, Place, Problem, Text, TextHash};

pub(super) fn records(path: &Path, options: &ReadOptions) -> io::Result<Records> {
    let listing = Listing::of(path, &options.limits)?;
    Ok(Box::new(Reader {
        jobs: listing.jobs.into_iter(),
        asides: listing.asides,
        problems: listing.problems,
        escaped: config::is_escaped(path),
        limits: options.limits,
        last: None,
        read: 0,
    }))
}

struct Reader {
    jobs: std::vec::IntoIter<Job>,
    asides: Vec<Asides>,
    /// Of the folder as a whole; the first record takes them.
    problems: Vec<Problem>,
    escaped: bool,
    limits: Limits,
    /// The text before, where annotators share it.
    last: Option<(String, TextHash)>,
    read: u64,
}

impl Iterator for Reader {
    type Item = Result<Record, Box<Problem>>;

    fn next(&mut self) -> Option<Self::Item> {
        let job = self.jobs.next()?;
        Some(self.record(job))
    }
}

impl Reader {
    fn record(&mut self, job: Job) -> Result<Record, Box<Problem>> {
        let mut problems = Vec::new();
        let Some(path) = &job.text else {
            let place = place(job.parts.first().unwrap_or(&PathBuf::new()));
            let sentence = format!("there is no {}.txt beside it: its annotations were not imported", job.stem);
            return Err(Box::new(
                Problem::error(place, sentence).fix("Put the text beside it, and import the folder again"),
            ));
        };
        let source = read(path, self.limits.document_bytes, &mut problems)?;
        self.read += source.len() as u64;
        let aside = job.aside.and_then(|index| self.asides.get(index));
        let mut aside = aside.and_then(|aside| aside.get(&job.file()));
        let (text, newlines, counting) = text(&source, aside.as_ref());
        let own = if counting.is_empty() { text.clone() } else { Text::new(source) };

        let here = place(job.parts.first().unwrap_or(path));
        let mut parts = Vec::new();
        for part in &job.parts {
            match read(part, self.limits.document_bytes.saturating_mul(2), &mut problems) {
                Ok(content) => {
                    self.read += content.len() as u64;
                    parts.push(Part { file: part.display().to_string(), content });
                }
                Err(problem) => problems.push(*problem),
            }
        }
        let mut layers = Vec::new();
        if parts.is_empty() {
            if job.parts.is_empty() && aside.is_none() {
                let sentence = format!("there is no {}.ann beside it: the document comes without a layer", job.stem);
                problems.push(Problem::note(here.clone(), sentence));
            }
        } else {
            let mut layer = layer(&parts, &own, self.escaped, aside.as_mut(), &mut problems);
            layer.annotator = aside.as_mut().and_then(|aside| aside.annotator.take()).or(job.annotator);
            layers.push(layer);
        }

        let aside = aside.unwrap_or_default();
        let mut id = if aside.id.is_empty() { job.stem.clone() } else { aside.id };
        if let Some(folder) = &job.folder {
            match &self.last {
                Some((last, hash)) if *last == id && *hash != text.sha256() => {
                    id = format!("{folder}/{id}");
                    let sentence =
                        format!("its text is another one than that of the other annotators: it was read as {id}");
                    problems.push(Problem::warning(place(path), sentence));
                }
                _ => self.last = Some((id.clone(), text.sha256())),
            }
        }
        problems.splice(0..0, std::mem::take(&mut self.problems));
        let document = RawDocument {
            id: Some(id),
            text: Some((text, newlines)),
            counting,
            meta: aside.meta,
            layers,
            extra: aside.extra,
            ..RawDocument::default()
        };
        Ok(Record { place: here, document, has_spans: false, problems, read: self.read })
    }
}

fn place(path: &Path) -> Place {
    Place::file(path.display().to_string())
}

/// Our text, how its source wrote its newlines, and what the offsets go through.
fn text(source: &str, aside: Option<&Aside>) -> (Text, NewlineMap, NewlineMap) {
    if let Some(map) = aside.and_then(|aside| aside.newlines.as_ref())
        && NewlineMap::normalise(&map.restore(source)) == (source.into(), map.clone())
    {
        return (Text::new(source), map.clone(), NewlineMap::default());
    }
    let (text, map) = Text::from_source(source);
    (text, map.clone(), map)
}
