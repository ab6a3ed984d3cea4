//! Docs into a `DocBin`, one per layer. Everything that grows with the export waits in [`Spool`]s; the file is put together at the end.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use rmp::encode;
use serde_json::Value;

use super::super::loss::Loss;
use super::super::options::WriteOptions;
use super::super::table::{Feature, Sink, Writer};
use super::super::tokens::{Misaligned, Placed, flat, tokenise};
use super::spool::Spool;
use super::words::Words;
use super::{ENT_IOB, ENT_TYPE, GROUP, ORTH, is_space, note, pack, symbols};
use crate::annotation::{Annotator, ItemId, Layer, Span, Status};
use crate::text::Document;

pub fn writer<'a>(sink: Sink<'a>, options: &WriteOptions) -> io::Result<Box<dyn Writer + 'a>> {
    Ok(match sink {
        Sink::Stream(out) => Box::new(Bin {
            out,
            options: options.clone(),
            docs: 0,
            strings: Strings::default(),
            tokens: Spool::default(),
            spaces: Spool::default(),
            lengths: Spool::default(),
            cats: Spool::default(),
            groups: Spool::default(),
            notes: Spool::default(),
        }),
        Sink::Folder(_) => unreachable!("the table says that this format is one file"),
    })
}

/// A `DocBin` in the making.
struct Bin<'a> {
    out: Box<dyn Write + Send + 'a>,
    options: WriteOptions,
    docs: usize,
    strings: Strings,
    tokens: Spool,
    spaces: Spool,
    lengths: Spool,
    cats: Spool,
    groups: Spool,
    notes: Spool,
}

impl Writer for Bin<'_> {
    fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> io::Result<Vec<Loss>> {
        let mut losses = Vec::new();
        for layer in layers {
            losses.extend(self.doc(document, Some(layer))?);
        }
        if layers.is_empty() {
            self.doc(document, None)?;
        }
        Ok(losses)
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        let docs = pack::size(self.docs)?;
        let mut out = ZlibEncoder::new(self.out, Compression::fast());
        encode::write_map_len(&mut out, 10)?;
        encode::write_str(&mut out, "version")?;
        encode::write_str(&mut out, "0.1")?;
        encode::write_str(&mut out, "attrs")?;
        encode::write_array_len(&mut out, 3)?;
        for attribute in [ORTH, ENT_IOB, ENT_TYPE] {
            encode::write_uint(&mut out, attribute)?;
        }
        let binary = |out: &mut ZlibEncoder<_>, key: &str, spool: Spool| -> io::Result<()> {
            encode::write_str(out, key)?;
            encode::write_bin_len(out, pack::size(usize::try_from(spool.len()).unwrap_or(usize::MAX))?)?;
            io::copy(&mut spool.read()?, out).map(drop)
        };
        binary(&mut out, "tokens", self.tokens)?;
        binary(&mut out, "spaces", self.spaces)?;
        binary(&mut out, "lengths", self.lengths)?;
        let list = |out: &mut ZlibEncoder<_>, key: &str, len: u32, spool: Spool| -> io::Result<()> {
            encode::write_str(out, key)?;
            encode::write_array_len(out, len)?;
            io::copy(&mut spool.read()?, out).map(drop)
        };
        list(&mut out, "strings", pack::size(self.strings.count)?, self.strings.spool)?;
        list(&mut out, "cats", docs, self.cats)?;
        encode::write_str(&mut out, "flags")?;
        encode::write_array_len(&mut out, docs)?;
        for _ in 0..docs {
            encode::write_map_len(&mut out, 1)?;
            encode::write_str(&mut out, "has_unknown_spaces")?;
            encode::write_bool(&mut out, false)?;
        }
        list(&mut out, "span_groups", docs, self.groups)?;
        list(&mut out, "user_data", docs, self.notes)?;
        out.finish()?.flush()
    }
}

impl Bin<'_> {
    /// One Doc: a document as one annotator sees it, or as nobody has seen it yet.
    fn doc(&mut self, document: &Document, layer: Option<&Arc<Layer>>) -> io::Result<Vec<Loss>> {
        let nobody = Layer::untouched(Annotator::from(""));
        let seen = layer.map_or(&nobody, |layer| &**layer);
        let mut tokens = tokenise(document, seen, &self.options);
        let words = Words::new(document, &tokens);
        let mut losses = std::mem::take(&mut tokens.losses);
        // What covers nothing has no word, but a place in the note.
        losses.retain(|loss| loss.what != Feature::Empty);

        let outside = if seen.status == Status::Finished { 2 } else { 0 };
        let mut tags = vec![(outside, 0); words.list.len()];
        let pieces = Pieces::new(seen, &words, &tokens.placed, self.options.misaligned);
        // From here on they lie in words.
        tokens.placed.retain_mut(|placed| entity(document, &words, placed));
        for entity in flat(document, seen, &tokens, &self.options).0 {
            let label = self.strings.id(entity.span.label.as_str())?;
            tags[entity.tokens.clone()].fill((1, label));
            tags[entity.tokens.start].0 = 3;
        }
        let mut bytes = Vec::with_capacity(words.list.len() * 24);
        for (word, (iob, label)) in words.list.iter().zip(tags) {
            let orth = self.strings.id(&document.text.as_str()[word.bytes.clone()])?;
            for number in [orth, iob, label] {
                bytes.extend_from_slice(&number.to_le_bytes());
            }
        }
        self.tokens.write_all(&bytes)?;
        bytes.clear();
        bytes.extend(words.list.iter().map(|word| u8::from(word.space)));
        self.spaces.write_all(&bytes)?;
        let length = i32::try_from(words.list.len()).map_err(io::Error::other)?;
        self.lengths.write_all(&length.to_le_bytes())?;
        self.docs += 1;

        for relation in seen.relations.values() {
            if !pieces.has(&relation.from) || !pieces.has(&relation.to) {
                losses.push(Loss {
                    document: document.id.clone(),
                    annotator: seen.annotator.clone(),
                    item: Some(relation.id.clone()),
                    what: Feature::Relations,
                    sentence: "one of the spans that it joins is left out: left out".to_owned(),
                });
            }
        }
        self.groups(layer.is_some(), &words, &pieces)?;
        self.cats(document)?;
        bytes.clear();
        note::write(&mut bytes, document, layer.map(|layer| &**layer), &words, &pieces)?;
        encode::write_bin(&mut self.notes, &bytes)?;
        Ok(losses)
    }

    fn cats(&mut self, document: &Document) -> io::Result<()> {
        let cats = document.meta.get("spacy").and_then(|spacy| spacy.get("cats")).filter(|cats| cats.is_object());
        let mut bytes = Vec::new();
        pack::value(&mut bytes, cats.unwrap_or(&Value::Object(serde_json::Map::new())))?;
        self.cats.write_all(&bytes)
    }

    /// The span groups of one Doc: `sc`, or those from which the spans came.
    fn groups(&mut self, seen: bool, words: &Words, pieces: &Pieces<'_>) -> io::Result<()> {
        let mut groups: BTreeMap<&str, Vec<[u8; 40]>> = BTreeMap::new();
        if seen {
            groups.insert(GROUP, Vec::new());
        }
        for (span, pieces) in &pieces.list {
            let label = self.strings.id(span.label.as_str())?;
            let spacy = |key: &str| span.extra.get("spacy").and_then(|spacy| spacy.get(key));
            let id = spacy("id").and_then(Value::as_str).map_or(Ok(0), |id| self.strings.id(id))?;
            let kb = spacy("kb_id").and_then(Value::as_str).map_or(Ok(0), |kb| self.strings.id(kb))?;
            let named: Vec<&str> =
                spacy("groups").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
            for piece in pieces {
                let (first, last) = (&words.list[piece.start], &words.list[piece.end - 1]);
                let row = entry([id, kb, label], [piece.start, piece.end, first.place.start, last.place.end])?;
                for name in if named.is_empty() { &[GROUP] } else { named.as_slice() } {
                    groups.entry(name).or_default().push(row);
                }
            }
        }
        let mut bytes = Vec::new();
        if groups.is_empty() {
            encode::write_array_len(&mut bytes, 0)?;
        } else {
            encode::write_map_len(&mut bytes, pack::size(groups.len())?)?;
        }
        for (name, rows) in groups {
            let mut group = Vec::with_capacity(rows.len() * 42 + 32);
            encode::write_map_len(&mut group, 3)?;
            encode::write_str(&mut group, "name")?;
            encode::write_str(&mut group, name)?;
            encode::write_str(&mut group, "attrs")?;
            encode::write_map_len(&mut group, 0)?;
            encode::write_str(&mut group, "spans")?;
            encode::write_array_len(&mut group, pack::size(rows.len())?)?;
            for row in rows {
                encode::write_bin(&mut group, &row)?;
            }
            encode::write_bin(&mut bytes, &group)?;
            encode::write_array_len(&mut bytes, 1)?;
            encode::write_str(&mut bytes, name)?;
        }
        Ok(encode::write_bin(&mut self.groups, &bytes)?)
    }
}

/// A span of a group, as spaCy packs it: `>QQQllll`.
fn entry(ids: [u64; 3], places: [usize; 4]) -> io::Result<[u8; 40]> {
    let mut row = [0; 40];
    for (into, id) in row.chunks_exact_mut(8).zip(ids) {
        into.copy_from_slice(&id.to_be_bytes());
    }
    for (into, place) in row[24..].chunks_exact_mut(4).zip(places) {
        into.copy_from_slice(&i32::try_from(place).map_err(io::Error::other)?.to_be_bytes());
    }
    Ok(row)
}

/// Leads a fragment to words, without white space at its edges; `false` if it can be no entity: nothing is left, white space is
/// part of its first or last word, or it came from a group other than [`GROUP`] and was no entity there.
fn entity(document: &Document, words: &Words, placed: &mut Placed<'_>) -> bool {
    if let Some(spacy) = placed.span.extra.get("spacy")
        && spacy.get("groups").is_some()
        && spacy.get("ent") != Some(&Value::Bool(true))
    {
        return false;
    }
    let mut span = words.of(&placed.tokens);
    while !span.is_empty() && words.list[span.start].blank {
        span.start += 1;
    }
    while !span.is_empty() && words.list[span.end - 1].blank {
        span.end -= 1;
    }
    let Some(last) = span.clone().next_back() else { return false };
    let text = &document.text.as_str()[words.list[span.start].bytes.start..words.list[last].bytes.end];
    placed.tokens = span;
    !text.starts_with(is_space) && !text.ends_with(is_space)
}

/// The spans of a layer as they are written: each with its pieces, in words.
pub struct Pieces<'a> {
    pub list: Vec<(&'a Arc<Span>, Vec<Range<usize>>)>,
    ids: HashSet<&'a str>,
}

impl<'a> Pieces<'a> {
    fn new(layer: &'a Layer, words: &Words, placed: &[Placed<'a>], misaligned: Misaligned) -> Self {
        let mut of: HashMap<&str, Vec<Range<usize>>> = HashMap::new();
        for placed in placed {
            let pieces = of.entry(placed.span.id.as_str()).or_default();
            let piece = words.of(&placed.tokens);
            match pieces.last_mut().filter(|last| misaligned != Misaligned::Cut && piece.start < last.end) {
                // Fragments that have grown into each other are one.
                Some(last) => last.end = last.end.max(piece.end),
                None => pieces.push(piece),
            }
        }
        let mut pieces = Self { list: Vec::new(), ids: HashSet::new() };
        for span in layer.spans.iter() {
            let found = of.remove(span.id.as_str()).unwrap_or_default();
            if !found.is_empty() || span.ranges.as_slice().iter().any(|range| range.is_empty()) {
                pieces.ids.insert(span.id.as_str());
                pieces.list.push((span, found));
            }
        }
        pieces
    }

    pub fn has(&self, id: &ItemId) -> bool {
        self.ids.contains(id.as_str())
    }
}

/// The strings of a `DocBin`, each once.
#[derive(Default)]
struct Strings {
    /// What a string hashes to → its number.
    known: HashMap<u64, u64, BuildHasherDefault<Same>>,
    count: usize,
    spool: Spool,
}

impl Strings {
    fn id(&mut self, text: &str) -> io::Result<u64> {
        let hash = symbols::hash(text);
        if let Some(id) = self.known.get(&hash) {
            return Ok(*id);
        }
        let id = symbols::number(text).unwrap_or(hash);
        self.known.insert(hash, id);
        self.count += 1;
        encode::write_str(&mut self.spool, text)?;
        Ok(id)
    }
}

/// Keys that are hashes already.
#[derive(Default)]
struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}
