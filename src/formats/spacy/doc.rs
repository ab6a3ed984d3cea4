//! Docs of a `DocBin` as records, one after the other.

use std::io::{self, Read};

use serde_json::{Map, Value};

use super::super::articles::Limits;
use super::super::record::Record;
use super::agree::{Entry, agree};
use super::bin::Bin;
use super::pack::{self, Kind, broken};
use super::{ENT_ID, ENT_IOB, ENT_KB_ID, ENT_TYPE, GROUP, NOTE, ORTH, symbols};
use crate::annotation::exchange::RawDocument;
use crate::text::{Place, Problem};

/// Columns whose loss deserves a word: what people or models say of single words.
const ABOUT_WORDS: [(u64, &str); 7] =
    [(73, "LEMMA"), (74, "POS"), (75, "TAG"), (76, "DEP"), (79, "HEAD"), (80, "SENT_START"), (453, "MORPH")];

/// The Docs of one file.
pub struct Docs {
    bin: Bin,
    file: String,
    limits: Limits,
    next: u64,
    /// Bytes of text given so far.
    given: u64,
    /// It was said that columns are not read.
    said: bool,
}

impl Docs {
    pub fn new(bin: Bin, file: String, limits: Limits) -> Self {
        Self { bin, file, limits, next: 0, given: 0, said: false }
    }

    /// Where an error is.
    fn place(&self) -> Place {
        Place::file(self.file.clone()).field(format!("docs[{}]", self.next - 1))
    }

    fn doc(&mut self) -> io::Result<Result<Record, Box<Problem>>> {
        let place = self.place();
        let mut problems = Vec::new();
        let mut length = [0; 4];
        self.bin.lengths.read_exact(&mut length)?;
        let unknown_spaces = self.bin.flags.row()? == [1];
        let words = self.words(u32::from_le_bytes(length), unknown_spaces)?;
        let cats = self.bin.cats.row()?;
        let groups = self.bin.groups.row()?;
        let note = self.bin.notes.row()?;

        let refused = |sentence: String| {
            let sentence = format!("{sentence}; the document was not imported");
            Ok(Err(Box::new(Problem::error(place.clone(), sentence))))
        };
        if words.too_long {
            let limit = self.limits.document_bytes >> 20;
            return refused(format!("its text has more than the {limit} MiB allowed"));
        }
        if let Some(id) = words.unknown {
            return refused(format!("its words cannot be read: the file’s strings are without number {id}"));
        }
        self.given += words.text.len() as u64;
        if self.given > self.limits.archive_bytes {
            return Err(broken("its texts grow beyond all measure"));
        }
        if unknown_spaces {
            let sentence = "the file does not say where its spaces are: the words were set one space apart";
            problems.push(Problem::warning(place.clone(), sentence));
        }
        if !words.columns.is_empty() && !std::mem::replace(&mut self.said, true) {
            let sentence = format!("what the file says of single words is not read: {}", words.columns.join(", "));
            problems.push(Problem::note(Place::file(self.file.clone()), sentence));
        }

        let (mut object, user) = notes(&note, &place, &mut problems);
        object.insert("text".to_owned(), Value::String(words.text.clone()));
        let mut document = RawDocument::read(object, &place, &mut problems);
        let cats: Option<Value> = serde_json::from_slice(&cats).ok();
        keep(&mut document.meta, "cats", cats);
        keep(
            &mut document.meta,
            "user_data",
            Some(Value::Object(user)).filter(|user| user != &Value::Object(Map::new())),
        );

        let mut entries = Vec::new();
        let named = self.groups(&groups, &words, &mut entries).unwrap_or_else(|error| {
            let sentence = format!("its span groups cannot be read further: {error}; what stood before was imported");
            problems.push(Problem::error(place.clone(), sentence));
            true
        });
        let ents = self.ents(&words, &place, &mut problems);
        let seen = named || words.tags.iter().any(|tag| tag.iob != 0);
        agree(&mut document, entries, ents, seen, &words, &place, &mut problems);
        Ok(Ok(Record { place, document, has_spans: false, problems, read: 0 }))
    }

    /// Reads the words of one Doc and puts its text together.
    fn words(&mut self, length: u32, unknown_spaces: bool) -> io::Result<Words> {
        let bin = &mut self.bin;
        let column = |id: u64| bin.attrs.iter().position(|attr| *attr == id);
        let [orth, iob, label, kb, id] = [ORTH, ENT_IOB, ENT_TYPE, ENT_KB_ID, ENT_ID].map(column);
        let watched: Vec<(usize, &str)> =
            ABOUT_WORDS.iter().filter_map(|(id, name)| Some((column(*id)?, *name))).collect();
        let mut words = Words::default();
        let mut row = vec![0; bin.attrs.len() * 8];
        let mut place = 0;
        for _ in 0..length {
            bin.tokens.read_exact(&mut row)?;
            let mut space = [0];
            bin.spaces.read_exact(&mut space)?;
            let cell = |column: Option<usize>| {
                let cell = column.and_then(|column| row.as_chunks::<8>().0.get(column));
                cell.map_or(0, |bytes| u64::from_le_bytes(*bytes))
            };
            for (column, name) in &watched {
                if cell(Some(*column)) != 0 && !words.columns.contains(name) {
                    words.columns.push(name);
                }
            }
            let number = cell(orth);
            let known = symbols::name(number).or_else(|| bin.strings.get(&number).map(AsRef::as_ref));
            let Some(text) = known else {
                words.unknown.get_or_insert(number);
                continue;
            };
            words.too_long |= (words.text.len() + text.len()) as u64 >= self.limits.document_bytes;
            if words.too_long {
                continue;
            }
            words.bytes.push((words.text.len(), words.text.len() + text.len()));
            words.text.push_str(text);
            let end = place + text.chars().count();
            words.places.push((place, end));
            words.tags.push(Tag { iob: cell(iob), label: cell(label), kb: cell(kb), id: cell(id) });
            place = end;
            if unknown_spaces || space != [0] {
                words.text.push(' ');
                place += 1;
            }
        }
        Ok(words)
    }

    /// Adds the spans of every group; `true` if there is a group.
    fn groups(&self, bytes: &[u8], words: &Words, entries: &mut Vec<Entry>) -> io::Result<bool> {
        if bytes.is_empty() {
            return Ok(false);
        }
        let mut source = bytes;
        match pack::kind(&mut source)? {
            // What spaCy wrote before version 3.1.
            Kind::List(len) => {
                for _ in 0..len {
                    let Kind::Bytes(len) = pack::kind(&mut source)? else { return Err(broken("a group is no bytes")) };
                    let group = pack::bytes(&mut source, len)?;
                    self.group(&group, &[], words, entries)?;
                }
                Ok(len > 0)
            }
            Kind::Map(len) => {
                for _ in 0..len {
                    let Kind::Bytes(len) = pack::kind(&mut source)? else { return Err(broken("a group is no bytes")) };
                    let group = pack::bytes(&mut source, len)?;
                    let names: Vec<String> = match pack::json(&mut source)? {
                        Value::Array(names) => {
                            names.into_iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
                        }
                        _ => return Err(broken("the names of a group are no list")),
                    };
                    self.group(&group, &names, words, entries)?;
                }
                Ok(len > 0)
            }
            _ => Err(broken("they are neither a map nor a list")),
        }
    }

    fn group(&self, mut source: &[u8], names: &[String], words: &Words, entries: &mut Vec<Entry>) -> io::Result<()> {
        let Kind::Map(len) = pack::kind(&mut source)? else { return Err(broken("a group is no map")) };
        let mut names = names.to_vec();
        let first = entries.len();
        for _ in 0..len {
            let Kind::Text(len) = pack::kind(&mut source)? else { return Err(broken("a group’s key is no string")) };
            let key = pack::text(&mut source, len)?;
            match key.as_str() {
                "name" => match pack::json(&mut source)? {
                    Value::String(name) if names.is_empty() => names.push(name),
                    _ => {}
                },
                "spans" => {
                    let Kind::List(len) = pack::kind(&mut source)? else {
                        return Err(broken("a group has no list of spans"));
                    };
                    for _ in 0..len {
                        let Kind::Bytes(len) = pack::kind(&mut source)? else {
                            return Err(broken("a span is no bytes"));
                        };
                        let bytes = pack::bytes(&mut source, len)?;
                        let row: [u8; 40] =
                            bytes.try_into().map_err(|_| broken(format!("a span has {len} bytes instead of 40")))?;
                        entries.push(self.entry(row, words));
                    }
                }
                _ => pack::skip(&mut source)?,
            }
        }
        for entry in &mut entries[first..] {
            entry.groups.clone_from(&names);
        }
        Ok(())
    }

    /// A span of a group. Its words and its offsets should say the same; where they do not, the words are what it covers.
    fn entry(&self, row: [u8; 40], words: &Words) -> Entry {
        let (ids, places) = row.split_at(24);
        let number = |index: usize| ids.as_chunks::<8>().0.get(index).map_or(0, |bytes| u64::from_be_bytes(*bytes));
        let place = |index: usize| places.as_chunks::<4>().0.get(index).map_or(-1, |bytes| i32::from_be_bytes(*bytes));
        let offset = |index: usize| usize::try_from(place(index)).unwrap_or(usize::MAX);
        let (start, end) = (offset(2), offset(3));
        let spoken = words.span(offset(0), offset(1));
        let quote = spoken.filter(|(extent, _)| *extent != (start, end)).map(|(_, text)| text.to_owned());
        Entry {
            start,
            end,
            quote,
            label: self.string(number(2)),
            kb: self.string(number(1)).ok(),
            id: self.string(number(0)).ok(),
            groups: vec![GROUP.to_owned()],
        }
    }

    /// What a number stands for; the number itself, if the file does not say.
    fn string(&self, number: u64) -> Result<String, u64> {
        let known = symbols::name(number).or_else(|| self.bin.strings.get(&number).map(AsRef::as_ref));
        known.map(str::to_owned).ok_or(number)
    }

    /// The entities, as `Doc.ents` finds them.
    fn ents(&self, words: &Words, place: &Place, problems: &mut Vec<Problem>) -> Vec<Entry> {
        let mut ents: Vec<Entry> = Vec::new();
        let (mut open, mut repaired) = (false, 0);
        for (tag, (start, end)) in words.tags.iter().zip(&words.places) {
            match tag.iob {
                1 if open => {
                    if let Some(last) = ents.last_mut() {
                        last.end = *end;
                    }
                }
                1 | 3 if tag.label != 0 => {
                    repaired += usize::from(tag.iob == 1);
                    open = true;
                    ents.push(Entry {
                        start: *start,
                        end: *end,
                        quote: None,
                        label: self.string(tag.label),
                        kb: self.string(tag.kb).ok(),
                        id: self.string(tag.id).ok(),
                        groups: Vec::new(),
                    });
                }
                _ => open = false,
            }
        }
        if repaired > 0 {
            let sentence =
                format!("{repaired} of its entities begin within an entity (I without B): read as beginnings");
            problems.push(Problem::warning(place.clone(), sentence));
        }
        ents
    }
}

impl Iterator for Docs {
    type Item = Result<Record, Box<Problem>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.bin.docs {
            return None;
        }
        self.next += 1;
        Some(self.doc().unwrap_or_else(|error| {
            let place = self.place();
            self.next = self.bin.docs;
            Err(Box::new(Problem::error(place, format!("the file could not be read further: {error}"))))
        }))
    }
}

/// The words of one Doc.
#[derive(Debug, Default)]
pub struct Words {
    pub text: String,
    /// Where each begins and ends, in code points.
    places: Vec<(usize, usize)>,
    /// Likewise in bytes.
    bytes: Vec<(usize, usize)>,
    tags: Vec<Tag>,
    /// A number that stands for nothing.
    unknown: Option<u64>,
    too_long: bool,
    columns: Vec<&'static str>,
}

#[derive(Debug)]
struct Tag {
    iob: u64,
    label: u64,
    kb: u64,
    id: u64,
}

impl Words {
    /// The extent of some words, in code points, and their text.
    fn span(&self, start: usize, end: usize) -> Option<((usize, usize), &str)> {
        let last = end.checked_sub(1).filter(|last| *last >= start)?;
        let extent = (self.places.get(start)?.0, self.places.get(last)?.1);
        let text = self.text.get(self.bytes.get(start)?.0..self.bytes.get(last)?.1)?;
        Some((extent, text))
    }
}

/// Our note, as a line without text, and everything else that `user_data` holds.
fn notes(bytes: &[u8], place: &Place, problems: &mut Vec<Problem>) -> (Map<String, Value>, Map<String, Value>) {
    let (mut ours, mut others) = (Map::new(), Map::new());
    if bytes.is_empty() {
        return (ours, others);
    }
    let mut source = bytes;
    let mut read = || -> io::Result<()> {
        let Kind::Map(len) = pack::kind(&mut source)? else { return Err(broken("it is no map")) };
        for _ in 0..len {
            let key = match pack::json(&mut source)? {
                Value::String(key) => key,
                key => key.to_string(),
            };
            let here = source;
            match pack::json(&mut source) {
                Ok(Value::Object(object)) if key == NOTE => ours = object,
                Ok(value) => drop(others.insert(key, value)),
                Err(error) => {
                    source = here;
                    pack::skip(&mut source)?;
                    let sentence = format!("what user_data has under {key} could not be kept: {error}");
                    problems.push(Problem::warning(place.clone(), sentence));
                }
            }
        }
        Ok(())
    };
    if let Err(error) = read() {
        problems.push(Problem::warning(place.clone(), format!("its user_data cannot be read further: {error}")));
    }
    (ours, others)
}

/// Puts what spaCy alone knows of the document into its metadata.
fn keep(meta: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    if let Some(value) = value
        && let Value::Object(spacy) = meta.entry("spacy").or_insert_with(|| Value::Object(Map::new()))
    {
        spacy.insert(key.to_owned(), value);
    }
}
