//! A JSON object whose longest members are taken apart only where somebody asks for them: the words of a text take many times the room
//! of the text, and more than all else to read.

use std::fmt;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::lists::Listed;

/// Members, and columns, with an entry for each word.
pub(super) const WORDS: [&str; 3] = ["tokens", "offsets", "ner_tags"];

/// An object, its words left as they are written.
#[derive(Debug)]
pub(super) struct Late {
    /// Null stands where words are.
    members: Map<String, Value>,
    words: Vec<(String, Box<RawValue>)>,
}

/// A value, which may be no object.
#[derive(Debug)]
pub(super) enum Loose {
    Object(Late),
    Other,
}

impl Late {
    /// A member that has no words.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.members.get(key)
    }

    /// Takes out words of a certain shape; those of any other stay.
    pub fn take<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        let place = self.words.iter().position(|(name, _)| name == key)?;
        let taken = serde_json::from_str(self.words[place].1.get()).ok()?;
        self.words.remove(place);
        self.members.shift_remove(key);
        Some(taken)
    }

    /// Without any words.
    pub fn bare(mut self) -> Map<String, Value> {
        for (key, _) in self.words {
            self.members.shift_remove(&key);
        }
        self.members
    }

    /// With all words. An error where they are nested too deep.
    pub fn whole(mut self) -> serde_json::Result<Map<String, Value>> {
        for (key, words) in self.words {
            self.members.insert(key, serde_json::from_str(words.get())?);
        }
        Ok(self.members)
    }
}

impl Listed for Loose {
    fn about(&mut self) -> Option<&mut Map<String, Value>> {
        match self {
            Self::Object(object) => Some(&mut object.members),
            Self::Other => None,
        }
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Taking)
    }
}

struct Taking;

impl<'de> Visitor<'de> for Taking {
    type Value = Loose;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loose, A::Error> {
        let (mut members, mut words) = (Map::new(), Vec::new());
        while let Some(key) = map.next_key::<String>()? {
            if WORDS.contains(&key.as_str()) {
                words.retain(|(name, _)| *name != key);
                words.push((key.clone(), map.next_value()?));
                members.insert(key, Value::Null);
            } else {
                members.insert(key, map.next_value()?);
            }
        }
        Ok(Loose::Object(Late { members, words }))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Loose, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Loose::Other)
    }

    fn visit_unit<E: Error>(self) -> Result<Loose, E> {
        Ok(Loose::Other)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Loose, E> {
        Ok(Loose::Other)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Loose, E> {
        Ok(Loose::Other)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Loose, E> {
        Ok(Loose::Other)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Loose, E> {
        Ok(Loose::Other)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Loose, E> {
        Ok(Loose::Other)
    }
}
