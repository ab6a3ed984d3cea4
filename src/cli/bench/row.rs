//! [`Row`]: one line of the table, and the goals.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::{Value, json};

use super::ROWS;
use super::samples::Samples;

pub(super) const MILLIS: &str = "ms";
pub(super) const MICROS: &str = "µs";

/// One line of the table.
#[derive(Debug)]
pub(super) struct Row {
    pub name: Cow<'static, str>,
    /// What it says, where the table does not.
    what: Option<String>,
    measured: Option<f64>,
    unit: &'static str,
    goal: Option<Goal>,
    /// Median, 99th percentile, greatest.
    spread: Option<[f64; 3]>,
    note: String,
}

/// What a number is to be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Goal {
    Below(f64),
    Above(f64),
}

impl Row {
    pub(super) fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), what: None, measured: None, unit: "", goal: None, spread: None, note: String::new() }
    }

    /// A row that could not be measured, and why.
    pub(super) fn missing(name: impl Into<Cow<'static, str>>, why: impl Into<String>) -> Self {
        Self::new(name).note(why)
    }

    /// One number.
    pub(super) fn value(mut self, value: f64, unit: &'static str) -> Self {
        (self.measured, self.unit) = (Some(value), unit);
        self
    }

    /// A distribution; it is judged by its 99th percentile.
    pub(super) fn spread(mut self, samples: &Samples, unit: &'static str) -> Self {
        let spread = [samples.median(), samples.p99(), samples.max()].map(|time| number(time, unit));
        self.spread = Some(spread);
        self.value(spread[1], unit)
    }

    /// A few repetitions of something long; it is judged by their median.
    pub(super) fn median(self, samples: &Samples, unit: &'static str) -> Self {
        let row = self.spread(samples, unit);
        let middle = number(samples.median(), unit);
        row.value(middle, unit)
    }

    pub(super) fn goal(mut self, goal: Goal) -> Self {
        self.goal = Some(goal);
        self
    }

    pub(super) fn what(mut self, what: impl Into<String>) -> Self {
        self.what = Some(what.into());
        self
    }

    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// What was measured, as a line for who waits for the table.
    pub(super) fn told(&self) -> String {
        let measured = self.measured.map_or_else(|| "not measured".to_owned(), |number| rounded(number).to_string());
        format!("  {}: {measured} {} ({})", self.name, self.unit, self.note)
    }

    pub(super) fn cells(self) -> [Value; 10] {
        let met = self.goal.zip(self.measured).map(|(goal, measured)| match goal {
            Goal::Below(most) => measured < most,
            Goal::Above(least) => measured > least,
        });
        let goal = match self.goal {
            Some(Goal::Below(most)) => format!("< {} {}", grouped(most), self.unit),
            Some(Goal::Above(least)) => format!("> {} {}", grouped(least), self.unit),
            None => String::new(),
        };
        let known = || ROWS.iter().find(|(name, _)| *name == self.name).map_or("", |(_, what)| what);
        let what = self.what.as_deref().unwrap_or_else(known);
        let [median, p99, max] = self.spread.map_or([const { Value::Null }; 3], |spread| spread.map(rounded));
        [
            json!(self.name),
            json!(what),
            self.measured.map_or(Value::Null, rounded),
            json!(self.unit),
            json!(goal.trim_end()),
            match met {
                Some(true) => json!("yes"),
                Some(false) => json!("no"),
                None => Value::Null,
            },
            median,
            p99,
            max,
            json!(self.note),
        ]
    }
}

fn number(time: Duration, unit: &str) -> f64 {
    time.as_secs_f64() * if unit == MICROS { 1e6 } else { 1e3 }
}

/// Two digits after the point while they mean something.
fn rounded(number: f64) -> Value {
    let steps = if number < 100.0 { 100.0 } else { 1.0 };
    let number = (number * steps).round() / steps;
    if number.fract() == 0.0 { json!(number as i64) } else { json!(number) }
}

/// `30,000`.
pub(super) fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
