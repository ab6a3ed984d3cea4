//! One JSON object to a [`Record`], in one pass: metadata becomes values, what is apart stays the text it is.

use std::cell::RefCell;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::record::Record;

/// Reads one object; remembers which field it was in, for the error.
#[derive(Clone, Copy)]
pub(super) struct ObjectSeed<'a> {
    pub apart: &'a [String],
    pub field: &'a RefCell<String>,
}

impl<'de> DeserializeSeed<'de> for ObjectSeed<'_> {
    type Value = Record;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Record, D::Error> {
        self.field.borrow_mut().clear();
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ObjectSeed<'_> {
    type Value = Record;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
        let mut record = Record { fields: Vec::with_capacity(8), ..Record::default() };
        while let Some(key) = map.next_key::<String>()? {
            self.field.borrow_mut().clone_from(&key);
            if self.apart.contains(&key) {
                let raw = map.next_value::<Box<RawValue>>()?;
                match record.apart.iter_mut().find(|(name, _)| *name == key) {
                    Some((name, value)) => {
                        record.twice.push(name.clone());
                        *value = raw;
                    }
                    None => record.apart.push((key, raw)),
                }
            } else {
                let value = map.next_value::<Value>()?;
                match record.fields.iter_mut().find(|(name, _)| *name == key) {
                    Some((name, old)) => {
                        record.twice.push(name.clone());
                        *old = value;
                    }
                    None => record.fields.push((key, value)),
                }
            }
            self.field.borrow_mut().clear();
        }
        Ok(record)
    }
}

/// Reads the objects of one array, handing each on as it comes; `each` says false to stop.
pub(super) struct ArraySeed<'a, F> {
    pub object: ObjectSeed<'a>,
    pub each: F,
}

impl<'de, F: FnMut(Record) -> bool> DeserializeSeed<'de> for ArraySeed<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(Record) -> bool> Visitor<'de> for ArraySeed<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of JSON objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut sequence: A) -> Result<(), A::Error> {
        while let Some(record) = sequence.next_element_seed(self.object)? {
            if !(self.each)(record) {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// What serde says of an error, without its own place.
pub(super) fn sentence(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(sentence, _)| sentence).to_owned()
}

/// The line is a beginning: an object that goes on below.
pub(super) fn is_beginning(line: &str) -> bool {
    let mut deserializer = serde_json::Deserializer::from_str(line);
    IgnoredAny::deserialize(&mut deserializer).is_err_and(|error| error.is_eof())
}
