//! [`Shares`]: how much of the documents each part is to get, as people write it: `80/10/10`.

use std::fmt;
use std::str::FromStr;

/// Two or three parts and their shares.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    /// In percent, each above 0, together 100.
    percent: Vec<f64>,
}

/// Parts, in their order. Two parts are the first two: what a model learns from and what it is tried on while it learns.
pub const PARTS: [&str; 3] = ["train", "dev", "test"];

impl Shares {
    /// `train`, `dev` and, where there are three, `test`.
    pub fn names(&self) -> &'static [&'static str] {
        &PARTS[..self.percent.len()]
    }

    /// In percent.
    pub fn percent(&self) -> &[f64] {
        &self.percent
    }
}

impl FromStr for Shares {
    type Err = String;

    /// Percent (`80/10/10`, `80/20`, `66.7/33.3`) or fractions (`0.8/0.1/0.1`). The error is a sentence.
    fn from_str(written: &str) -> Result<Self, String> {
        let words: Vec<&str> = written.split('/').map(|word| word.trim().trim_end_matches('%').trim_end()).collect();
        if !(2..=PARTS.len()).contains(&words.len()) {
            let many = match words.len() {
                1 => "is one part".to_owned(),
                many => format!("has {many} parts"),
            };
            return Err(format!(
                "“{written}” {many}. A split has two parts (train/dev: 80/20) or three (train/dev/test: 80/10/10)"
            ));
        }
        let mut percent = Vec::with_capacity(words.len());
        for (word, part) in words.into_iter().zip(PARTS) {
            let share: f64 = word.parse().ok().filter(|share: &f64| share.is_finite()).ok_or_else(|| {
                format!("“{word}” in “{written}” is no number. Write a split as train/dev/test: 80/10/10")
            })?;
            if share <= 0.0 {
                return Err(format!(
                    "{part} gets nothing in “{written}”: every part needs a share above 0. For two parts write train/dev: 80/20"
                ));
            }
            percent.push(share);
        }
        let sum: f64 = percent.iter().sum();
        let fractions = (sum - 1.0).abs() < 1e-6;
        if !fractions && (sum - 100.0).abs() > 0.11 {
            let scaled: Vec<String> =
                percent.iter().map(|share| Percent((share / sum * 1000.0).round() / 10.0).to_string()).collect();
            let scaled = scaled.join("/");
            return Err(format!("“{written}” is {} in all, not 100. Did you mean {scaled}?", Percent(sum)));
        }
        // 33.3/33.3/33.3 is a third each.
        Ok(Self { percent: percent.into_iter().map(|share| share * 100.0 / sum).collect() })
    }
}

impl fmt::Display for Shares {
    /// `80/10/10`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, share) in self.percent.iter().enumerate() {
            write!(f, "{}{}", if index > 0 { "/" } else { "" }, Percent(*share))?;
        }
        Ok(())
    }
}

/// A number of percent with at most one decimal.
pub(super) struct Percent(pub f64);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", (self.0 * 10.0).round() / 10.0)
    }
}
