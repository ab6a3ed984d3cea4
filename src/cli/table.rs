//! Rows on standard output: JSON, JSON Lines, CSV, Markdown, or a table. In a pipe, unless told otherwise, plain lines with tabs.
//!
//! CSV cells are written as they are: a cell that begins with = + - or @ is not changed for spreadsheets that would take it for a formula.

use std::io::{self, IsTerminal as _};

use serde_json::{Map, Value};

use super::args::Form;
use super::manners::{Failure, unheard};

/// Rows with named columns.
#[derive(Debug)]
pub(super) struct Table {
    columns: &'static [&'static str],
    rows: Vec<Vec<Value>>,
}

impl Table {
    pub(super) fn new(columns: &'static [&'static str]) -> Self {
        Self { columns, rows: Vec::new() }
    }

    pub(super) fn row<const N: usize>(&mut self, cells: [Value; N]) {
        assert_eq!(N, self.columns.len(), "a row has as many cells as there are columns");
        self.rows.push(cells.into());
    }

    /// Writes everything to standard output.
    pub(super) fn print(&self, form: Option<Form>) -> Result<(), Failure> {
        let out = io::stdout().lock();
        let terminal = io::stdout().is_terminal();
        self.write(&mut io::BufWriter::new(out), form, terminal).map_err(|error| unheard(&error))
    }

    /// Writes everything; `terminal` says what no form means.
    pub(super) fn write(&self, out: &mut impl io::Write, form: Option<Form>, terminal: bool) -> io::Result<()> {
        match form {
            Some(Form::Json) => {
                let objects: Vec<Value> = self.rows.iter().map(|row| self.object(row)).collect();
                writeln!(out, "{:#}", Value::Array(objects))?;
            }
            Some(Form::Jsonl) => {
                for row in &self.rows {
                    writeln!(out, "{}", self.object(row))?;
                }
            }
            Some(Form::Csv) => {
                let mut csv = csv::Writer::from_writer(&mut *out);
                csv.write_record(self.columns)?;
                for row in &self.rows {
                    csv.write_record(row.iter().map(text))?;
                }
                csv.flush()?;
            }
            Some(Form::Md) => {
                writeln!(out, "| {} |", self.columns.join(" | "))?;
                writeln!(out, "|{}", "---|".repeat(self.columns.len()))?;
                for row in &self.rows {
                    let cells: Vec<String> = row.iter().map(|cell| line(cell).replace('|', "\\|")).collect();
                    writeln!(out, "| {} |", cells.join(" | "))?;
                }
            }
            Some(Form::Table) => self.aligned(out)?,
            None if terminal => self.aligned(out)?,
            None => {
                for row in &self.rows {
                    let cells: Vec<String> = row.iter().map(line).collect();
                    writeln!(out, "{}", cells.join("\t"))?;
                }
            }
        }
        out.flush()
    }

    fn object(&self, row: &[Value]) -> Value {
        let keys = self.columns.iter().map(|column| (*column).to_owned());
        Value::Object(keys.zip(row.iter().cloned()).collect::<Map<_, _>>())
    }

    /// Columns as wide as their widest cell, numbers to the right; long cells are cut, except in the last column.
    fn aligned(&self, out: &mut impl io::Write) -> io::Result<()> {
        const WIDEST: usize = 60;
        let header: Vec<Value> = self.columns.iter().map(|column| Value::from(*column)).collect();
        let last = self.columns.len() - 1;
        let cut = |index: usize, cell: &Value| {
            let cell = line(cell);
            if index == last || cell.chars().count() <= WIDEST {
                return cell;
            }
            cell.chars().take(WIDEST - 1).chain(['…']).collect()
        };
        let rows = || std::iter::once(&header).chain(&self.rows);
        let width = |index: usize| rows().map(|row| cut(index, &row[index]).chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        for row in rows() {
            let mut cells = String::new();
            for (index, cell) in row.iter().enumerate() {
                let content = cut(index, cell);
                let space = " ".repeat(widths[index] - content.chars().count());
                let (before, after) = if cell.is_number() { (space, String::new()) } else { (String::new(), space) };
                cells.push_str(&before);
                cells.push_str(&content);
                cells.push_str(&after);
                cells.push_str("  ");
            }
            writeln!(out, "{}", cells.trim_end())?;
        }
        Ok(())
    }
}

fn text(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_f64() {
            Some(whole) if whole.fract() == 0.0 && whole.abs() < 1e15 => format!("{whole:.0}"),
            Some(fraction) => format!("{fraction:.1}"),
            None => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// On one line, without tabs.
fn line(cell: &Value) -> String {
    text(cell).replace(['\t', '\n', '\r'], " ")
}
