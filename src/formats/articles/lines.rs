//! Lines of a file of records, with a bound on what one line may cost.

use std::io::{self, BufRead};

/// What [`read_line`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::formats) enum Line {
    /// It is in the buffer, without its line end.
    Read,
    /// It has this many bytes, more than allowed, and was passed over.
    TooLong(u64),
    End,
}

/// Reads the next line, which ends with the byte `end`, into `line`, at most `limit` bytes of it; the rest of a longer one is counted, not kept.
pub(in crate::formats) fn read_line(
    source: &mut impl BufRead,
    end: u8,
    line: &mut Vec<u8>,
    limit: u64,
) -> io::Result<Line> {
    line.clear();
    let mut size = 0;
    loop {
        let here = source.fill_buf()?;
        if here.is_empty() && size == 0 {
            return Ok(Line::End);
        }
        let found = memchr::memchr(end, here);
        let part = &here[..found.unwrap_or(here.len())];
        size += part.len() as u64;
        if size <= limit {
            line.extend_from_slice(part);
        } else {
            *line = Vec::new();
        }
        let used = part.len() + usize::from(found.is_some());
        let last = found.is_some() || here.is_empty();
        source.consume(used);
        if last {
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            return Ok(if size > limit { Line::TooLong(size) } else { Line::Read });
        }
    }
}
