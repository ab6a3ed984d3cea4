//! Who marks: an [`Annotator`]'s name, exactly as given.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

/// An annotator's name: any non-empty string, compared byte by byte (`Ana` and `ana` are two people). Cloning is cheap.
/// Names become folder names only through [`Annotator::folder`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(from = "String")]
pub struct Annotator(Arc<str>);

impl Annotator {
    /// The reserved owner of the layers that adjudication makes.
    pub const GOLD: &'static str = "gold";

    /// The owner of gold layers.
    pub fn gold() -> Self {
        Self::from(Self::GOLD)
    }

    pub fn is_gold(&self) -> bool {
        &*self.0 == Self::GOLD
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A folder name that is safe on every system and different for every name: lower-case letters, digits, `-` and `_` stand for
    /// themselves, every other byte is `%` and two hex digits; names that Windows reserves get their first letter escaped.
    pub fn folder(&self) -> String {
        const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
        let bytes = self.0.as_bytes();
        let name = self.0.trim_end_matches(|c: char| c.is_ascii_digit());
        let reserved = RESERVED.contains(&name);
        let mut folder = String::with_capacity(bytes.len());
        for (index, byte) in bytes.iter().enumerate() {
            let plain = byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
            if plain && !(reserved && index == 0) {
                folder.push(char::from(*byte));
            } else {
                folder.push_str(&format!("%{byte:02x}"));
            }
        }
        // File systems end at 255 bytes; a long name keeps its head and is told apart by its hash.
        if folder.len() > 120 {
            let hash = crate::text::TextHash::of(&self.0).to_string();
            let mut head = folder[..100].to_owned();
            if let Some(cut) = head.rfind('%').filter(|cut| *cut > 97) {
                head.truncate(cut);
            }
            // `%%` is no escape, so that nobody takes the hash for part of the name.
            folder = format!("{head}%%{}", &hash[..16]);
        }
        folder
    }

    /// The name that [`folder`](Self::folder) came from; `None` for a long name or a folder that we did not make.
    pub fn from_folder(folder: &str) -> Option<Self> {
        let mut bytes = Vec::with_capacity(folder.len());
        let mut rest = folder.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'%' {
                let pair = [rest.next()?, rest.next()?];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&pair).ok()?, 16).ok()?);
            } else {
                bytes.push(byte);
            }
        }
        let name = Self::from(String::from_utf8(bytes).ok()?.as_str());
        (name.folder() == folder).then_some(name)
    }
}

impl From<&str> for Annotator {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

impl From<String> for Annotator {
    fn from(name: String) -> Self {
        Self(name.into())
    }
}

impl Serialize for Annotator {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl fmt::Display for Annotator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
