//! Plain text: one `.txt` file per document, named by the id, slashes as folders. Holds no layers and no metadata.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::loss::{Loss, of_layer};
use super::options::WriteOptions;
use super::table::{Features, Format, Shape, Sink, Writer};
use crate::annotation::Layer;
use crate::annotation::exchange::Offsets;
use crate::text::convert::Unit;
use crate::text::{Document, DocumentId, TextHash};

fn writer<'a>(sink: Sink<'a>, options: &WriteOptions) -> io::Result<Box<dyn Writer + 'a>> {
    let offsets = options.offsets;
    Ok(match sink {
        Sink::Folder(folder) => Box::new(Files { folder, offsets, names: Names::default() }),
        Sink::Stream(_) => unreachable!("the table says that this format is a folder"),
    })
}

struct Files {
    folder: PathBuf,
    offsets: Offsets,
    names: Names,
}

impl Writer for Files {
    fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> io::Result<Vec<Loss>> {
        let path = self.folder.join(self.names.name(&document.id));
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        match self.offsets {
            Offsets::Normalised => fs::write(path, document.text.as_str())?,
            Offsets::Original => fs::write(path, document.newlines.restore(document.text.as_str()))?,
        }
        let losses = |format| layers.iter().flat_map(|layer| of_layer(format, document, layer)).collect();
        Ok(Format::named("text").map_or_else(Vec::new, losses))
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        Ok(())
    }
}

/// The texts alone.
pub(super) static FORMAT: Format = Format {
    id: "text",
    name: "plain text",
    about: "the texts alone, one file per document",
    extensions: &["txt"],
    unit: Unit::CodePoint,
    shape: Shape::Folder,
    carries: Features::only(&[]),
    looks: |_| false,
    reader: None,
    writer: Some(writer),
    vocabulary: None,
    words: None,
};

/// Gives each id a path below the folder that is safe on every system and different from all given before. The same ids in the
/// same order get the same paths.
#[derive(Debug, Default)]
pub struct Names {
    files: HashSet<Key>,
    folders: HashSet<Key>,
}

/// A path as it is remembered: 16 bytes of the hash of what it is in lower case, because some systems take `Ana.txt` and `ana.txt` for one
/// file. Should two ever have the same, one of them is named by its hash.
type Key = [u8; 16];

fn key(path: &str) -> Key {
    let TextHash(hash) = TextHash::of(&path.to_lowercase());
    std::array::from_fn(|byte| hash[byte])
}

impl Names {
    /// `a/b.txt` stays so; what is not safe in a file's name becomes `%` and hex digits.
    pub fn name(&mut self, id: &DocumentId) -> String {
        let mut name = id.as_str().split('/').map(part).collect::<Vec<_>>().join("/");
        let ending = name.len().checked_sub(4).filter(|at| name.is_char_boundary(*at)).map(|at| &name[at..]);
        if !ending.is_some_and(|ending| ending.eq_ignore_ascii_case(".txt")) {
            name.push_str(".txt");
        }
        if name.len() > 400 || !self.take(&name) {
            let stem: String = name.trim_end_matches(".txt").replace('/', "%2f").chars().take(40).collect();
            let hash = TextHash::of(id.as_str()).to_string();
            name = format!("{stem}~{}.txt", &hash[..16]);
            self.files.insert(key(&name));
        }
        name
    }

    /// Takes the path if nothing stands in its way.
    fn take(&mut self, name: &str) -> bool {
        let own = key(name);
        let above: Vec<Key> = name.match_indices('/').map(|(at, _)| key(&name[..at])).collect();
        if self.folders.contains(&own)
            || self.files.contains(&own)
            || above.iter().any(|folder| self.files.contains(folder))
        {
            return false;
        }
        self.folders.extend(above);
        self.files.insert(own)
    }
}

/// One part of a path. Letters and digits of every script, `-`, `_`, space and inner dots stand for themselves.
fn part(part: &str) -> String {
    const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
    let stem = part.split('.').next().unwrap_or(part).to_lowercase();
    let reserved = RESERVED.contains(&stem.trim_end_matches(|c: char| c.is_ascii_digit()));
    let last = part.chars().count().saturating_sub(1);
    let mut safe = String::with_capacity(part.len());
    for (index, character) in part.chars().enumerate() {
        let edge = index == 0 || index == last;
        let plain = character.is_alphanumeric()
            || matches!(character, '-' | '_')
            || (matches!(character, '.' | ' ' | '(' | ')' | ',' | '+' | '=' | '&' | '\'') && !edge);
        if plain && !(reserved && index == 0) {
            safe.push(character);
        } else {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                safe.extend(['%', hex(byte >> 4), hex(byte & 15)]);
            }
        }
    }
    match safe.len() {
        0 => "%".to_owned(),
        1..=200 => safe,
        _ => {
            let head: String = safe.chars().take(40).collect();
            format!("{head}~{}", &TextHash::of(part).to_string()[..16])
        }
    }
}

/// A digit from 0 to 15.
fn hex(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16).unwrap_or('0')
}
