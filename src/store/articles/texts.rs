//! Reading very many texts one after the other, as a search does: blocks of a file at a time, and only what a [`Sieve`] lets pass is parsed.

use std::borrow::Cow;

use rusqlite::OptionalExtension;
use serde::Deserialize;

use super::fault::Fault;
use super::index::Spot;
use super::{Articles, changes, line};
use crate::store::{Sieve, StoreError, VisitText};
use crate::text::{DocumentId, Text, TextHash};

/// Lines are read together up to so many bytes.
const BLOCK: u64 = 1 << 20;
/// What lies between two lines is read along if it is not longer.
const GAP: u64 = 16 << 10;
/// Where fewer numbers than one in so many are wanted, each is looked up by itself.
const SPARSE: u32 = 8;

const COLUMNS: &str = "SELECT number, sha256, file, position, bytes, sum FROM doc WHERE number";

struct Placed {
    number: u32,
    spot: Spot,
    sha256: TextHash,
}

/// The fields of a line that are read.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow, default)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

impl Articles {
    /// The newest texts of some documents; see [`Store::texts`](crate::store::Store::texts).
    pub fn texts(&self, numbers: &[u32], sieve: &Sieve, visit: &mut VisitText<'_>) -> Result<(), StoreError> {
        let placed = self.said(self.placed(numbers))?;
        let mut bytes = Vec::new();
        let mut rest = placed.as_slice();
        while let Some(first) = rest.first() {
            let mut end = first.spot.position + first.spot.bytes;
            let together = 1 + rest[1..]
                .iter()
                .take_while(|next| {
                    let Spot { file, position, bytes, .. } = next.spot;
                    let near = file == first.spot.file && (end..=end + GAP).contains(&position);
                    let fits = near && position + bytes - first.spot.position <= BLOCK;
                    if fits {
                        end = position + bytes;
                    }
                    fits
                })
                .count();
            let (block, after) = rest.split_at(together);
            rest = after;
            let start = first.spot.position;
            let read = self.said(self.shelf.block(&self.db, first.spot.file, start, end - start, &mut bytes))?;
            for placed in block {
                let from = (placed.spot.position - start) as usize;
                let line = read.as_ref().ok().map(|()| &bytes[from..from + placed.spot.bytes as usize]);
                if line.is_some_and(|line| !sieve.passes(line)) {
                    continue;
                }
                let (id, text) = match line.and_then(|line| placed.read(line)) {
                    Some((id, text)) => (id, Ok(text)),
                    None => {
                        let Some(id) = self.said(self.id(placed.number))? else { continue };
                        let text = self.whole(&id);
                        (id, text)
                    }
                };
                if let Ok(text) = &text {
                    self.shelf.remember(&id, text);
                }
                if !visit(placed.number, id, text)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The slow way, which says what is wrong.
    fn whole(&self, id: &DocumentId) -> Result<Text, StoreError> {
        let gone = || StoreError::damaged(format!("The document {id} is not there any more"));
        self.document(id, None)?.map(|document| document.text.clone()).ok_or_else(gone)
    }

    fn placed(&self, numbers: &[u32]) -> Result<Vec<Placed>, Fault> {
        let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return Ok(Vec::new()) };
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Placed { number: row.get(0)?, sha256: TextHash(row.get(1)?), spot: changes::spot(row, 2)? })
        };
        let mut placed = Vec::with_capacity(numbers.len());
        if (last - first) / SPARSE > numbers.len() as u32 {
            let mut select = self.db.prepare_cached(&format!("{COLUMNS} = ?1"))?;
            for number in numbers {
                placed.extend(select.query_row([number], read).optional()?);
            }
            return Ok(placed);
        }
        let mut select = self.db.prepare_cached(&format!("{COLUMNS} BETWEEN ?1 AND ?2 ORDER BY number"))?;
        let mut wanted = numbers.iter().peekable();
        let mut rows = select.query([first, last])?;
        while let Some(row) = rows.next()? {
            let number: u32 = row.get(0)?;
            while wanted.next_if(|wanted| **wanted < number).is_some() {}
            if wanted.peek() == Some(&&number) {
                placed.push(read(row)?);
            }
        }
        Ok(placed)
    }

    fn id(&self, number: u32) -> Result<Option<DocumentId>, Fault> {
        let mut select = self.db.prepare_cached("SELECT id FROM doc WHERE number = ?1")?;
        Ok(select.query_row([number], |row| row.get(0)).optional()?.map(DocumentId))
    }
}

impl Placed {
    /// Id and text of a line that is what it was when its hash was taken; `None` for anything unusual.
    fn read(&self, bytes: &[u8]) -> Option<(DocumentId, Text)> {
        if line::sum(bytes) != self.spot.sum {
            return None;
        }
        let line: Line<'_> = serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).ok()?;
        Some((DocumentId(line.id?.into_owned()), Text::known(line.text, self.sha256)))
    }
}
