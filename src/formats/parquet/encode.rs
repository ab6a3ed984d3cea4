//! How Parquet packs numbers: levels in runs, places in a dictionary side by side, values by their differences. Only writing; reading is
//! the library's.
//!
//! Specified in parquet-format's `Encodings.md`: “RLE / bit-packing hybrid”, “Dictionary encoding” and “Delta encoding”.

/// Numbers in a bit-packed group, and the fewest that are worth a run.
const GROUP: usize = 8;
/// Numbers in a block of differences, and in each of its parts, which have one width.
const BLOCK: usize = 128;
const PART: usize = 32;

/// Appends levels, each below `1 << width`, as runs and bit-packed groups. At most 8 bits wide; linear.
pub(super) fn levels(levels: &[u8], width: u32, out: &mut Vec<u8>) {
    let mut rest = levels;
    let mut packed = levels;
    while let Some(first) = rest.first() {
        // Runs begin where a group could: what stands before them is whole groups.
        let run = run(rest, *first);
        if run < GROUP {
            rest = rest.get(GROUP..).unwrap_or_default();
            continue;
        }
        pack_groups(&packed[..packed.len() - rest.len()], width, out);
        varint((run as u64) << 1, out);
        out.push(*first);
        rest = &rest[run..];
        packed = rest;
    }
    pack_groups(packed, width, out);
}

/// How many numbers at the start are equal.
fn run(levels: &[u8], first: u8) -> usize {
    let (eights, _) = levels.as_chunks::<GROUP>();
    let equal = eights.iter().take_while(|eight| **eight == [first; GROUP]).count() * GROUP;
    equal + levels[equal..].iter().take_while(|level| **level == first).count()
}

/// Groups of eight, the last filled with zeros; nothing for nothing.
fn pack_groups(levels: &[u8], width: u32, out: &mut Vec<u8>) {
    if levels.is_empty() {
        return;
    }
    varint((levels.len().div_ceil(GROUP) as u64) << 1 | 1, out);
    for group in levels.chunks(GROUP) {
        let bits = group.iter().rev().fold(0_u64, |bits, level| bits << width | u64::from(*level));
        out.extend_from_slice(&bits.to_le_bytes()[..width as usize]);
    }
}

/// Appends places in a dictionary of `len` entries, at most `1 << 32`. Linear.
pub(super) fn places(places: &[i64], len: usize, out: &mut Vec<u8>) {
    let width = (usize::BITS - len.saturating_sub(1).leading_zeros()).max(1);
    out.push(width as u8);
    varint((places.len().div_ceil(GROUP) as u64) << 1 | 1, out);
    for part in places.chunks(PART) {
        let mut numbers = [0; PART];
        numbers.iter_mut().zip(part).for_each(|(number, place)| *number = place.cast_unsigned());
        pack(&numbers[..part.len().next_multiple_of(GROUP)], width, out);
    }
}

/// Appends values as differences, block by block, each part as narrow as its greatest one allows. Linear.
pub(super) fn deltas(values: &[i64], out: &mut Vec<u8>) {
    varint(BLOCK as u64, out);
    varint((BLOCK / PART) as u64, out);
    varint(values.len() as u64, out);
    let Some((first, rest)) = values.split_first() else { return zigzag(0, out) };
    zigzag(*first, out);
    let mut before = *first;
    for block in rest.chunks(BLOCK) {
        let mut differences = [0_i64; BLOCK];
        for (difference, value) in differences.iter_mut().zip(block) {
            *difference = value.wrapping_sub(before);
            before = *value;
        }
        let least = differences[..block.len()].iter().copied().min().unwrap_or_default();
        zigzag(least, out);
        let mut above = [0_u64; BLOCK];
        for (above, difference) in above[..block.len()].iter_mut().zip(&differences) {
            *above = difference.wrapping_sub(least).cast_unsigned();
        }
        let (parts, _) = above.as_chunks::<PART>();
        let widths = parts.iter().map(|part| u64::BITS - part.iter().fold(0, |all, bits| all | bits).leading_zeros());
        let widths: Vec<u32> = widths.collect();
        out.extend(widths.iter().map(|width| *width as u8));
        for (part, width) in parts.iter().zip(widths).take(block.len().div_ceil(PART)) {
            pack(part, width, out);
        }
    }
}

/// Numbers in whole groups, `width` bits for each, at most 64.
fn pack(part: &[u64], width: u32, out: &mut Vec<u8>) {
    let (mut bits, mut filled) = (0_u64, 0);
    for number in part {
        bits |= number << filled;
        filled += width;
        if filled >= u64::BITS {
            out.extend_from_slice(&bits.to_le_bytes());
            filled -= u64::BITS;
            // What of the number did not fit.
            bits = if filled == 0 { 0 } else { number >> (width - filled) };
        }
    }
    // A group fills whole bytes at every width.
    out.extend_from_slice(&bits.to_le_bytes()[..(filled / 8) as usize]);
}

fn zigzag(value: i64, out: &mut Vec<u8>) {
    varint((value << 1 ^ value >> 63).cast_unsigned(), out);
}

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
