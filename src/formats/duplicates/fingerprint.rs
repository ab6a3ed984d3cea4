//! [`Fingerprint`]: what is kept of a text to find others like it, of bounded size however long the text is.

use crate::text::segment::writes_no_spaces;
use crate::text::{Text, TextHash};

/// Words in a shingle. A text with fewer words is one shingle.
pub const SHINGLE: usize = 5;

/// Minima that are taken of each text. Bands share them out.
const BINS: usize = 200;

/// How alike two texts must be, and how that is found out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    threshold: f64,
    seed: u64,
    sketch: usize,
    rows: usize,
}

impl Default for Likeness {
    /// Seven tenths of the shingles in common: reprints with another headline and a cut end are alike, two reports of one event are not.
    fn default() -> Self {
        Self { threshold: 0.7, seed: 0, sketch: 512, rows: rows(0.7) }
    }
}

impl Likeness {
    /// `threshold` is a resemblance from 0.3 to 1. The error is a sentence.
    pub fn new(threshold: f64, seed: u64) -> Result<Self, String> {
        if !(0.3..=1.0).contains(&threshold) {
            return Err(format!(
                "{threshold} is no likeness for near-duplicates: it goes from 0.3 (a third of the text in common) to 1 (all)"
            ));
        }
        Ok(Self { threshold, seed, rows: rows(threshold), ..Self::default() })
    }

    /// Keeps at most so many shingles of each text (4 bytes each; 512 unless told, which are all shingles of most articles). Texts of no more
    /// shingles are compared exactly, longer ones by a sample with a standard error of √(s(1−s)/n): 0.02 at a resemblance of 0.7.
    #[must_use]
    pub fn keeping(mut self, shingles: usize) -> Self {
        self.sketch = shingles.max(1);
        self
    }

    pub const fn threshold(&self) -> f64 {
        self.threshold
    }

    pub(super) const fn bands(&self) -> usize {
        BINS / self.rows
    }
}

/// Minima in a band: as many as leave less than one pair in a thousand unfound that is just alike enough. The more there are, the fewer
/// pairs are compared in vain.
fn rows(threshold: f64) -> usize {
    let missed = |rows: usize| (1.0 - threshold.powi(rows as i32)).powi((BINS / rows) as i32);
    (1..=20).rev().find(|rows| missed(*rows) < 0.001).unwrap_or(1)
}

/// What is kept of a text to find others like it: its hash, and of its shingles the keys of the bands and a sorted sample.
#[derive(Clone, Debug)]
pub struct Fingerprint {
    pub(super) text: TextHash,
    /// Empty for a text without words: it is like its equals alone.
    pub(super) bands: Box<[u32]>,
    /// The smallest hashes of its shingles, ascending.
    sketch: Box<[u32]>,
    /// These are all.
    whole: bool,
}

impl Fingerprint {
    /// n log n in the words. Needs 8 bytes a word meanwhile.
    pub fn of(text: &Text, likeness: &Likeness) -> Self {
        let mut shingles = shingles(text.as_str(), likeness.seed);
        shingles.sort_unstable();
        shingles.dedup();
        let kept = &shingles[..shingles.len().min(likeness.sketch)];
        let mut sketch: Vec<u32> = kept.iter().map(|hash| (hash >> 32) as u32).collect();
        sketch.dedup();
        let bands = if shingles.is_empty() { Vec::new() } else { bands(&minima(&shingles), likeness.rows) };
        Self {
            text: text.sha256(),
            bands: bands.into(),
            sketch: sketch.into(),
            whole: shingles.len() <= likeness.sketch,
        }
    }

    /// Shingles in common by shingles in all: of both texts, or of the smallest hashes as far as both samples reach.
    pub fn resembles(&self, other: &Self) -> f64 {
        let reach = |one: &Self| if one.whole { u32::MAX } else { one.sketch.last().copied().unwrap_or(u32::MAX) };
        let reach = reach(self).min(reach(other));
        let within = |one: &'_ Self| one.sketch.partition_point(|hash| *hash <= reach);
        let (ours, theirs) = (&self.sketch[..within(self)], &other.sketch[..within(other)]);
        let (mut i, mut j, mut common) = (0, 0, 0_usize);
        while i < ours.len() && j < theirs.len() {
            let (one, two) = (ours[i], theirs[j]);
            common += usize::from(one == two);
            i += usize::from(one <= two);
            j += usize::from(two <= one);
        }
        let all = ours.len() + theirs.len() - common;
        if all == 0 { 0.0 } else { common as f64 / all as f64 }
    }
}

/// A hash of each run of [`SHINGLE`] words, or of all words where there are fewer.
fn shingles(text: &str, seed: u64) -> Vec<u64> {
    let mut hashes = Vec::with_capacity(text.len() / 6);
    let mut last = [0_u64; SHINGLE];
    let mut count = 0;
    let hash = |words: &[u64]| words.iter().fold(mix(seed ^ words.len() as u64), |hash, word| mix(hash ^ word));
    words(text, |word| {
        last.rotate_left(1);
        last[SHINGLE - 1] = word;
        count += 1;
        if count >= SHINGLE {
            hashes.push(hash(&last));
        }
    });
    if (1..SHINGLE).contains(&count) {
        hashes.push(hash(&last[SHINGLE - count..]));
    }
    hashes
}

/// A hash of each word, in lower case: a run of letters and digits; in scripts that write no spaces, each letter. What cannot be seen (soft
/// hyphens, joiners) and what marks a letter apart from it (combining accents) is passed over; everything else parts words.
fn words(text: &str, mut each: impl FnMut(u64)) {
    const EMPTY: u64 = 0xcbf2_9ce4_8422_2325; // FNV-1a, over code points
    let add = |word: u64, letter: char| (word ^ u64::from(u32::from(letter))).wrapping_mul(0x0100_0000_01b3);
    let mut word = EMPTY;
    let mut end = |word: &mut u64| {
        if *word != EMPTY {
            each(std::mem::replace(word, EMPTY));
        }
    };
    for letter in text.chars() {
        if letter.is_ascii() {
            if letter.is_ascii_alphanumeric() {
                word = add(word, letter.to_ascii_lowercase());
            } else {
                end(&mut word);
            }
        } else if writes_no_spaces(letter) {
            end(&mut word);
            word = add(word, letter);
            end(&mut word);
        } else if letter.is_alphanumeric() {
            word = letter.to_lowercase().fold(word, add);
        } else if !matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{300}'..='\u{36f}')
        {
            end(&mut word);
        }
    }
    end(&mut word);
}

/// One minimum for each bin: “Fast Similarity Sketching” (Dahlgaard, Knudsen and Thorup 2017). Every shingle falls into one bin a round;
/// a long text fills them all in the first rounds, a short one in the last, where each round is one bin's.
fn minima(shingles: &[u64]) -> [u64; BINS] {
    let mut minima = [u64::MAX; BINS];
    let mut open = BINS;
    for round in 0..2 * BINS {
        let salt = mix(round as u64 + 1);
        for shingle in shingles {
            let hash = mix(shingle ^ salt);
            let bin = if round < BINS { ((hash >> 32) as usize * BINS) >> 32 } else { round - BINS };
            // What falls earlier is smaller.
            let value = (round as u64) << 32 | (hash & u64::from(u32::MAX));
            if value < minima[bin] {
                open -= usize::from(minima[bin] == u64::MAX);
                minima[bin] = value;
            }
        }
        if open == 0 {
            break;
        }
    }
    minima
}

/// One key for each band of minima.
fn bands(minima: &[u64; BINS], rows: usize) -> Vec<u32> {
    let key = |band: &[u64]| (band.iter().fold(0, |key, minimum| mix(key ^ minimum)) >> 32) as u32;
    minima.chunks_exact(rows).map(key).collect()
}

/// Spreads every bit over all (the finisher of `SplitMix64`).
const fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
