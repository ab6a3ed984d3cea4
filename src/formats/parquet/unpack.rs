//! Pages that must be unpacked to know what they would come to: packed ones whose reader does not stop where the head says, and texts
//! that are written as what they share with the text before, where a few bytes may stand for any length.

use std::fs::File;
use std::io::{self, BufRead, Read};
use std::sync::Arc;

use ::parquet::basic::{Compression, Encoding};
use ::parquet::column::page::{Page, PageReader};
use ::parquet::file::metadata::ColumnChunkMetaData;
use ::parquet::file::serialized_reader::SerializedPageReader;
use brotli_decompressor::Decompressor;
use flate2::bufread::MultiGzDecoder;

use super::guard::wrong;
use super::read::tried;

/// What a page unpacks to is no more than its head says; `levels` bytes of it are not packed. What is damaged the library will find.
pub(super) fn no_larger(
    compression: Compression,
    packed: &mut impl BufRead,
    levels: u64,
    unpacked: u64,
) -> io::Result<()> {
    let source: &mut dyn Read = match compression {
        Compression::GZIP(_) => {
            io::copy(&mut packed.take(levels), &mut io::sink())?;
            &mut MultiGzDecoder::new(packed)
        }
        Compression::BROTLI(_) => {
            io::copy(&mut packed.take(levels), &mut io::sink())?;
            &mut Decompressor::new(packed, 1 << 12)
        }
        _ => return Ok(()),
    };
    let mut bounded = source.take(unpacked.saturating_add(1));
    // An error ends it here as it will end it there.
    let _ = io::copy(&mut bounded, &mut io::sink());
    if bounded.limit() == 0 { Err(wrong("a page unpacks to more than it says")) } else { Ok(()) }
}

/// Bytes that the texts of a column’s largest page come to where they are encoded as deltas, no page of which has more than `values`.
pub(super) fn deltas(file: &File, chunk: &ColumnChunkMetaData, rows: i64, values: u64, most: u64) -> io::Result<u64> {
    let rows = usize::try_from(rows).map_err(|_| wrong("a row group has no count"))?;
    let file = Arc::new(file.try_clone()?);
    let mut pages = tried(|| SerializedPageReader::new(file, chunk, rows, None)).map_err(|error| wrong(&error))?;
    let levels = (chunk.column_descr().max_rep_level() > 0, chunk.column_descr().max_def_level() > 0);
    let mut largest = 0;
    while let Some(page) = tried(|| pages.get_next_page()).map_err(|error| wrong(&error))? {
        let sum = match page.encoding() {
            Encoding::DELTA_LENGTH_BYTE_ARRAY => {
                let mut bytes = encoded(&page, levels).ok_or_else(damaged)?;
                lengths(&mut bytes, values).ok_or_else(damaged)?;
                0
            }
            Encoding::DELTA_BYTE_ARRAY => {
                let mut bytes = encoded(&page, levels).ok_or_else(damaged)?;
                let shared = lengths(&mut bytes, values).ok_or_else(damaged)?;
                let added = lengths(&mut bytes, values).ok_or_else(damaged)?;
                let mut length = 0_u64;
                let sum = shared.iter().zip(added).try_fold(0_u64, |sum, (shared, added)| {
                    length = length.min(u64::try_from(*shared).ok()?) + u64::try_from(added).ok()?;
                    sum.checked_add(length)
                });
                sum.ok_or_else(damaged)?
            }
            _ => 0,
        };
        if sum > most {
            return Err(wrong("a page is said to unpack to more than it can"));
        }
        largest = largest.max(sum);
    }
    Ok(largest)
}

fn damaged() -> io::Error {
    wrong("a column’s deltas are damaged")
}

/// The values of a page, behind its levels. `levels`: it has levels of repetition, of definition.
fn encoded(page: &Page, levels: (bool, bool)) -> Option<&[u8]> {
    match page {
        Page::DataPage { buf, .. } => {
            let mut bytes: &[u8] = buf;
            for _ in 0..usize::from(levels.0) + usize::from(levels.1) {
                let (length, rest) = bytes.split_first_chunk()?;
                bytes = rest.get(usize::try_from(u32::from_le_bytes(*length)).ok()?..)?;
            }
            Some(bytes)
        }
        Page::DataPageV2 { buf, def_levels_byte_len, rep_levels_byte_len, .. } => {
            buf.get(usize::try_from(def_levels_byte_len.checked_add(*rep_levels_byte_len)?).ok()?..)
        }
        Page::DictionaryPage { .. } => None,
    }
}

/// Numbers in the encoding `DELTA_BINARY_PACKED`, and past them: blocks of small blocks, each of differences of one width, less the
/// smallest of the block. `None` where they are damaged or more than `most`.
fn lengths(bytes: &mut &[u8], most: u64) -> Option<Vec<i32>> {
    let block = usize::try_from(varint(bytes)?).ok()?;
    let parts = usize::try_from(varint(bytes)?).ok()?;
    let count = varint(bytes).filter(|count| *count <= most)?;
    let mut last = signed(bytes)?;
    let per_part = block.checked_div(parts).filter(|per| *per > 0 && per % 32 == 0)?;
    let mut numbers = Vec::new();
    if count > 0 {
        numbers.push(last);
    }
    while (numbers.len() as u64) < count {
        let least = signed(bytes)?;
        let widths = bytes.get(..parts)?;
        *bytes = bytes.get(parts..)?;
        for width in widths {
            let wanted = usize::try_from(count - numbers.len() as u64).ok()?.min(per_part);
            if wanted == 0 {
                break;
            }
            let width = usize::from(*width).min(64);
            let packed = bytes.get(..per_part.checked_mul(width)? / 8)?;
            *bytes = bytes.get(packed.len()..)?;
            for index in 0..wanted {
                let bit = |at: usize| packed.get(at / 8).map_or(0, |byte| i64::from(byte >> (at % 8) & 1));
                let difference = (0..width).fold(0_i64, |sum, place| sum | bit(index * width + place) << place);
                last = last.wrapping_add(least).wrapping_add(difference);
                numbers.push(last);
            }
        }
    }
    numbers.into_iter().map(|number| i32::try_from(number).ok()).collect()
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Some(value);
        }
    }
    None
}

fn signed(bytes: &mut &[u8]) -> Option<i64> {
    let value = varint(bytes)?;
    Some((value >> 1) as i64 ^ -((value & 1) as i64))
}
