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
    for part in levels.chunks(PART) {
        // Each group is written with what lies beyond its end, which the next one covers.
        let (mut packed, mut at) = ([0; PART + 8], 0);
        for group in part.chunks(GROUP) {
            let bits = group.iter().rev().fold(0_u64, |bits, level| bits << width | u64::from(*level));
            packed[at..at + 8].copy_from_slice(&bits.to_le_bytes());
            at += width as usize;
        }
        out.extend_from_slice(&packed[..at]);
    }
}

/// Appends places in a dictionary of `len` entries, at most `1 << 32`. Linear.
pub(super) fn places(places: &[i64], len: usize, out: &mut Vec<u8>) {
    let width = (usize::BITS - len.saturating_sub(1).leading_zeros()).max(1);
    out.push(width as u8);
    varint((places.len().div_ceil(GROUP) as u64) << 1 | 1, out);
    let (groups, rest) = places.as_chunks::<GROUP>();
    pack(groups.as_flattened(), width, out);
    if !rest.is_empty() {
        let mut last = [0; GROUP];
        last[..rest.len()].copy_from_slice(rest);
        pack(&last, width, out);
    }
}

/// Appends values as differences, block by block, each part as narrow as its greatest one allows. Linear.
pub(super) fn deltas(values: &[i64], out: &mut Vec<u8>) {
    varint(BLOCK as u64, out);
    varint((BLOCK / PART) as u64, out);
    varint(values.len() as u64, out);
    let Some(first) = values.first() else { return zigzag(0, out) };
    zigzag(*first, out);
    for start in (0..values.len() - 1).step_by(BLOCK) {
        let block = &values[start..values.len().min(start + BLOCK + 1)];
        let count = block.len() - 1;
        // What is missing of a block counts as its least difference.
        let mut above = [0; BLOCK];
        let mut least = i64::MAX;
        for (difference, pair) in above.iter_mut().zip(block.windows(2)) {
            *difference = pair[1].wrapping_sub(pair[0]);
            least = least.min(*difference);
        }
        zigzag(least, out);
        above[..count].iter_mut().for_each(|difference| *difference = difference.wrapping_sub(least));
        let (parts, _) = above.as_chunks::<PART>();
        let widths = [0, 1, 2, 3].map(|part| width(&parts[part]));
        out.extend(widths.map(|width| width as u8));
        for (part, width) in parts.iter().zip(widths).take(count.div_ceil(PART)) {
            pack(part, width, out);
        }
    }
}

/// How many bits the greatest takes.
fn width(part: &[i64; PART]) -> u32 {
    u64::BITS - part.iter().fold(0, |all, bits| all | bits.cast_unsigned()).leading_zeros()
}

/// Numbers in whole groups, `width` bits for each, at most 64.
fn pack(groups: &[i64], width: u32, out: &mut Vec<u8>) {
    if width > 16 {
        return pack_wide(groups, width, out);
    }
    let len = width as usize;
    for part in groups.chunks(PART) {
        // Each group is written with what lies beyond its end, which the next one covers.
        let (mut packed, mut at) = ([0; 2 * PART + 16], 0);
        for group in part.as_chunks::<GROUP>().0 {
            if width <= 8 {
                let bits = group.iter().rev().fold(0, |bits, number| bits << width | number.cast_unsigned());
                packed[at..at + 8].copy_from_slice(&bits.to_le_bytes());
            } else {
                let bits =
                    group.iter().rev().fold(0, |bits, number| bits << width | u128::from(number.cast_unsigned()));
                packed[at..at + 16].copy_from_slice(&bits.to_le_bytes());
            }
            at += len;
        }
        out.extend_from_slice(&packed[..at]);
    }
}

fn pack_wide(part: &[i64], width: u32, out: &mut Vec<u8>) {
    let (mut bits, mut filled) = (0_u64, 0);
    for number in part.iter().map(|number| number.cast_unsigned()) {
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
