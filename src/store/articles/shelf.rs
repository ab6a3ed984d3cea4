//! Reading single documents from the article files, by position. What is damaged is named: file, line, document.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::PathBuf;

use rusqlite::Connection;

use super::fault::{Fault, io as told};
use super::index::Spot;
use super::{intake, line};
use crate::store::StoreError;
use crate::text::{Document, DocumentId, Place, Text, TextHash};

const FIX: &str =
    "Restore the file from a backup or from version control; if it was changed on purpose, open the project again";

/// The folder and the files that are open in it. One per connection.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    pub folder: PathBuf,
    files: RefCell<HashMap<i64, File>>,
    /// What was read last: whoever reads a document mostly asks for its layers next, which count in its text.
    last: RefCell<Option<(DocumentId, Text)>>,
}

impl Shelf {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, files: RefCell::default(), last: RefCell::default() }
    }

    /// Files may have been replaced.
    pub(super) fn forget(&self) {
        self.files.borrow_mut().clear();
        self.last.take();
    }

    /// The document as its line has it. Verifies the line and the text.
    pub(super) fn read(&self, db: &Connection, id: &str, spot: Spot) -> Result<Document, Fault> {
        let why = match self.bytes(db, spot)? {
            Err(error) if error.kind() == io::ErrorKind::NotFound => "the file is gone".to_owned(),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => "the file is cut short".to_owned(),
            Err(error) => return Err(told(&self.folder.join(name(db, spot.file)?), &error).into()),
            Ok(bytes) => match line::read(&bytes) {
                Ok(document) if line::sum(&bytes) == spot.sum && document.id.as_str() == id => {
                    self.remember(&document.id, &document.text);
                    return Ok(document);
                }
                Ok(_) => "its line is not what was written".to_owned(),
                Err(why) => format!("its line cannot be read: {why}"),
            },
        };
        // A file that is as it was cannot be to blame.
        let path = self.folder.join(name(db, spot.file)?);
        let sum: i64 =
            db.prepare_cached("SELECT sum FROM file WHERE number = ?1")?.query_row([spot.file], |row| row.get(0))?;
        if path.exists() && intake::sum_of(&path)? == sum.cast_unsigned() {
            return Err(Fault::Spoiled(format!("document {id} does not stand where it says")));
        }
        let what = format!("{} is damaged: {why}", self.place(db, spot)?.in_document(id));
        Err(StoreError::Damaged { what, fix: FIX.to_owned() }.into())
    }

    pub(super) fn remember(&self, id: &DocumentId, text: &Text) {
        self.last.replace(Some((id.clone(), text.clone())));
    }

    /// The text of the document that was read last, if it is this one.
    pub(super) fn last(&self, id: &DocumentId, hash: TextHash) -> Option<Text> {
        let last = self.last.borrow();
        last.as_ref().filter(|(known, text)| known == id && text.sha256() == hash).map(|(_, text)| text.clone())
    }

    fn bytes(&self, db: &Connection, spot: Spot) -> Result<io::Result<Vec<u8>>, Fault> {
        let mut bytes = Vec::new();
        let read = self.block(db, spot.file, spot.position, spot.bytes, &mut bytes)?;
        Ok(read.map(|()| bytes))
    }

    /// Fills `into` with so many bytes of a file.
    pub(super) fn block(
        &self,
        db: &Connection,
        number: i64,
        position: u64,
        bytes: u64,
        into: &mut Vec<u8>,
    ) -> Result<io::Result<()>, Fault> {
        let mut files = self.files.borrow_mut();
        let file = match files.entry(number) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(place) => match File::open(self.folder.join(name(db, number)?)) {
                Ok(file) => place.insert(file),
                Err(error) => return Ok(Err(error)),
            },
        };
        into.resize(bytes as usize, 0);
        Ok(file.seek(SeekFrom::Start(position)).and_then(|_| file.read_exact(into)))
    }

    /// File and line of a spot; only the file where that cannot be read.
    pub(super) fn place(&self, db: &Connection, spot: Spot) -> Result<Place, Fault> {
        let name = name(db, spot.file)?;
        let mut place = Place::file(format!("articles/{name}"));
        place.line = File::open(self.folder.join(name)).and_then(|file| line_at(file, spot.position)).ok();
        Ok(place)
    }
}

fn name(db: &Connection, file: i64) -> Result<String, Fault> {
    Ok(db.prepare_cached("SELECT name FROM file WHERE number = ?1")?.query_row([file], |row| row.get(0))?)
}

/// The number of the line that starts at a position, from 1. Reads everything before it.
fn line_at(file: File, position: u64) -> io::Result<usize> {
    let mut before = BufReader::with_capacity(1 << 16, file).take(position);
    let mut lines = 1;
    let mut block = [0; 1 << 14];
    loop {
        match before.read(&mut block)? {
            0 => return Ok(lines),
            read => lines += memchr::memchr_iter(b'\n', &block[..read]).count(),
        }
    }
}
