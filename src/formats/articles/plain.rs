//! A text file: one article, exactly as it is.

use std::io::Read;

use serde_json::{Map, Value};

use super::decode::decode;
use super::intake::{Draft, Flow, Intake, Source, too_long};

/// Reads the file as one article.
pub(super) fn read(intake: &mut Intake<'_>, source: &Source, reader: impl Read) -> Flow {
    let place = source.place();
    let bytes = match whole(intake, source, reader) {
        Ok(bytes) => bytes,
        Err(flow) => return flow,
    };
    match decode(bytes, intake.options.encoding, None, &place) {
        Err(problem) => intake.refuse(*problem),
        Ok(decoded) => {
            let mut meta = Map::new();
            if decoded.encoding != encoding_rs::UTF_8 {
                meta.insert("encoding".to_owned(), Value::from(decoded.encoding.name()));
            }
            let notes = source.notes.iter().cloned().chain(decoded.notes).collect();
            let draft =
                Draft { id: Some(source.id.clone()), text: decoded.text, meta, place, notes, ..Draft::default() };
            intake.article(source.format, draft)
        }
    }
}

/// All bytes of one file, if they are not too many; else it is refused here.
pub(super) fn whole(intake: &mut Intake<'_>, source: &Source, reader: impl Read) -> Result<Vec<u8>, Flow> {
    let limit = intake.options.limits.document_bytes;
    let mut bytes = Vec::new();
    match reader.take(limit.saturating_add(1)).read_to_end(&mut bytes) {
        Err(error) => Err(intake.failed(source.place(), error)),
        Ok(size) if size as u64 > limit => {
            Err(intake.refuse(too_long(source.place(), "the file", source.size.max(size as u64), limit)))
        }
        Ok(_) => Ok(bytes),
    }
}
