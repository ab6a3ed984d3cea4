//! `MessagePack`, as far as `DocBin` needs it: JSON values in and out, maps whose length is known at their end, and reading that believes no
//! length before the bytes are there.

use std::io::{self, Read};

use rmp::Marker;
use rmp::decode::{RmpRead, ValueReadError, read_marker};
use rmp::encode;
use serde_json::{Map, Number, Value};

/// Lists and maps within each other.
const DEPTH: usize = 100;

/// The bytes are not what they should be.
pub fn broken(sentence: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, sentence.into())
}

/// Appends a JSON value.
pub fn value(out: &mut Vec<u8>, value: &Value) -> io::Result<()> {
    match value {
        Value::Null => encode::write_nil(out)?,
        Value::Bool(yes) => encode::write_bool(out, *yes)?,
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => drop(encode::write_uint(out, number)?),
            (None, Some(number)) => drop(encode::write_sint(out, number)?),
            (None, None) => encode::write_f64(out, number.as_f64().unwrap_or_default())?,
        },
        Value::String(text) => encode::write_str(out, text)?,
        Value::Array(list) => {
            encode::write_array_len(out, size(list.len())?)?;
            for item in list {
                self::value(out, item)?;
            }
        }
        Value::Object(object) => {
            encode::write_map_len(out, size(object.len())?)?;
            for (key, item) in object {
                encode::write_str(out, key)?;
                self::value(out, item)?;
            }
        }
    }
    Ok(())
}

/// A length as `MessagePack` has it.
pub fn size(len: usize) -> io::Result<u32> {
    u32::try_from(len)
        .map_err(|_| io::Error::other("it is longer than spaCy’s format can say; export in several parts"))
}

/// A map in the making, at the end of what is written already.
#[derive(Debug)]
pub struct Fields {
    at: usize,
    count: u32,
}

impl Fields {
    pub fn begin(out: &mut Vec<u8>) -> Self {
        let at = out.len();
        out.extend_from_slice(&[Marker::Map32.to_u8(), 0, 0, 0, 0]);
        Self { at, count: 0 }
    }

    /// The key; its value is written next.
    pub fn key(&mut self, out: &mut Vec<u8>, key: &str) -> io::Result<()> {
        self.count += 1;
        Ok(encode::write_str(out, key)?)
    }

    pub fn text(&mut self, out: &mut Vec<u8>, key: &str, text: &str) -> io::Result<()> {
        self.key(out, key)?;
        Ok(encode::write_str(out, text)?)
    }

    pub fn put(&mut self, out: &mut Vec<u8>, key: &str, item: &Value) -> io::Result<()> {
        self.key(out, key)?;
        value(out, item)
    }

    /// Likewise under a key that is no string.
    pub fn put_under(&mut self, out: &mut Vec<u8>, key: &Value, item: &Value) -> io::Result<()> {
        self.count += 1;
        value(out, key)?;
        value(out, item)
    }

    /// Every key of an object.
    pub fn rest(&mut self, out: &mut Vec<u8>, object: &Map<String, Value>) -> io::Result<()> {
        object.iter().try_for_each(|(key, item)| self.put(out, key, item))
    }

    pub fn end(self, out: &mut [u8]) {
        out[self.at + 1..self.at + 5].copy_from_slice(&self.count.to_be_bytes());
    }
}

/// The next value's marker.
pub fn marker<R: Read>(source: &mut R) -> io::Result<Marker> {
    read_marker(source).map_err(|error| error.0)
}

/// An error within a number.
fn cut(error: ValueReadError) -> io::Error {
    match error {
        ValueReadError::InvalidMarkerRead(error) | ValueReadError::InvalidDataRead(error) => error,
        ValueReadError::TypeMismatch(_) => broken("a number is none"),
    }
}

fn number(source: &mut impl Read, bytes: u32) -> io::Result<u32> {
    match bytes {
        1 => source.read_data_u8().map(u32::from).map_err(cut),
        2 => source.read_data_u16().map(u32::from).map_err(cut),
        _ => source.read_data_u32().map_err(cut),
    }
}

/// What a marker announces: how many elements, entries or bytes follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    List(u32),
    Map(u32),
    Text(u32),
    Bytes(u32),
    /// Bytes with a type of their own, which counts among them.
    Typed(u32),
    /// A value that is complete.
    Plain(Plain),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    /// Its bits.
    Float(u64),
}

/// Reads the next value, or what announces it.
pub fn kind(source: &mut impl Read) -> io::Result<Kind> {
    Ok(match marker(source)? {
        Marker::FixArray(len) => Kind::List(u32::from(len)),
        Marker::Array16 => Kind::List(number(source, 2)?),
        Marker::Array32 => Kind::List(number(source, 4)?),
        Marker::FixMap(len) => Kind::Map(u32::from(len)),
        Marker::Map16 => Kind::Map(number(source, 2)?),
        Marker::Map32 => Kind::Map(number(source, 4)?),
        Marker::FixStr(len) => Kind::Text(u32::from(len)),
        Marker::Str8 => Kind::Text(number(source, 1)?),
        Marker::Str16 => Kind::Text(number(source, 2)?),
        Marker::Str32 => Kind::Text(number(source, 4)?),
        Marker::Bin8 => Kind::Bytes(number(source, 1)?),
        Marker::Bin16 => Kind::Bytes(number(source, 2)?),
        Marker::Bin32 => Kind::Bytes(number(source, 4)?),
        Marker::FixExt1 => Kind::Typed(2),
        Marker::FixExt2 => Kind::Typed(3),
        Marker::FixExt4 => Kind::Typed(5),
        Marker::FixExt8 => Kind::Typed(9),
        Marker::FixExt16 => Kind::Typed(17),
        Marker::Ext8 => Kind::Typed(number(source, 1)?.saturating_add(1)),
        Marker::Ext16 => Kind::Typed(number(source, 2)?.saturating_add(1)),
        Marker::Ext32 => Kind::Typed(number(source, 4)?.saturating_add(1)),
        Marker::Null | Marker::Reserved => Kind::Plain(Plain::Null),
        Marker::True => Kind::Plain(Plain::Bool(true)),
        Marker::False => Kind::Plain(Plain::Bool(false)),
        Marker::FixPos(number) => Kind::Plain(Plain::Unsigned(u64::from(number))),
        Marker::FixNeg(number) => Kind::Plain(Plain::Signed(i64::from(number))),
        Marker::U8 => Kind::Plain(Plain::Unsigned(u64::from(source.read_data_u8().map_err(cut)?))),
        Marker::U16 => Kind::Plain(Plain::Unsigned(u64::from(source.read_data_u16().map_err(cut)?))),
        Marker::U32 => Kind::Plain(Plain::Unsigned(u64::from(source.read_data_u32().map_err(cut)?))),
        Marker::U64 => Kind::Plain(Plain::Unsigned(source.read_data_u64().map_err(cut)?)),
        Marker::I8 => Kind::Plain(Plain::Signed(i64::from(source.read_data_i8().map_err(cut)?))),
        Marker::I16 => Kind::Plain(Plain::Signed(i64::from(source.read_data_i16().map_err(cut)?))),
        Marker::I32 => Kind::Plain(Plain::Signed(i64::from(source.read_data_i32().map_err(cut)?))),
        Marker::I64 => Kind::Plain(Plain::Signed(source.read_data_i64().map_err(cut)?)),
        Marker::F32 => {
            let number = source.read_data_f32().map_err(cut)?;
            Kind::Plain(Plain::Float(f64::from(number).to_bits()))
        }
        Marker::F64 => Kind::Plain(Plain::Float(source.read_data_f64().map_err(cut)?.to_bits())),
    })
}

/// So many bytes.
pub fn bytes(source: &mut impl Read, len: u32) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(u64::from(len)).read_to_end(&mut bytes)?;
    if bytes.len() < len as usize {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}

/// So many bytes of UTF-8.
pub fn text(source: &mut impl Read, len: u32) -> io::Result<String> {
    String::from_utf8(bytes(source, len)?).map_err(|_| broken("a string is no UTF-8"))
}

/// The next value as JSON. A key that is a list stands as its JSON text; raw bytes have no place in JSON and are an error.
pub fn json(source: &mut impl Read) -> io::Result<Value> {
    nested(source, DEPTH)
}

fn nested(source: &mut impl Read, depth: usize) -> io::Result<Value> {
    let Some(depth) = depth.checked_sub(1) else { return Err(broken("its lists and maps lie too deep")) };
    Ok(match kind(source)? {
        Kind::Plain(Plain::Null) => Value::Null,
        Kind::Plain(Plain::Bool(yes)) => Value::Bool(yes),
        Kind::Plain(Plain::Unsigned(number)) => Value::from(number),
        Kind::Plain(Plain::Signed(number)) => Value::from(number),
        Kind::Plain(Plain::Float(bits)) => Number::from_f64(f64::from_bits(bits)).map_or(Value::Null, Value::Number),
        Kind::Text(len) => Value::String(text(source, len)?),
        Kind::List(len) => (0..len).map(|_| nested(source, depth)).collect::<io::Result<_>>()?,
        Kind::Map(len) => {
            let mut object = Map::new();
            for _ in 0..len {
                let key = match nested(source, depth)? {
                    Value::String(key) => key,
                    key @ Value::Array(_) => key.to_string(),
                    _ => return Err(broken("a key is no string")),
                };
                object.insert(key, nested(source, depth)?);
            }
            Value::Object(object)
        }
        Kind::Bytes(_) | Kind::Typed(_) => return Err(broken("it holds raw bytes")),
    })
}

/// Passes over the next value, however deep it is.
pub fn skip(source: &mut impl Read) -> io::Result<()> {
    let mut left = 1_u64;
    while left > 0 {
        left -= 1;
        match kind(source)? {
            Kind::List(len) => left += u64::from(len),
            Kind::Map(len) => left += 2 * u64::from(len),
            Kind::Text(len) | Kind::Bytes(len) | Kind::Typed(len) => {
                if io::copy(&mut source.take(u64::from(len)), &mut io::sink())? < u64::from(len) {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
            Kind::Plain(_) => {}
        }
    }
    Ok(())
}
