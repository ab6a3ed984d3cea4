//! Reading: row group by row group, a batch of rows at a time, each row as JSON, which `hf::record` takes apart.
//!
//! The library has asserts that a damaged file may meet. What it panics over is caught at this door and is an error of the file: no
//! state of it is used afterwards. What would be too large is refused before ([`super::guard`]).

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use arrow_array::{Array as _, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Fields, Schema};
use serde_json::Map;

use super::guard;
use super::values::{Budget, is_readable, value, viewed};
use crate::formats::articles::Limits;
use crate::formats::caught::caught;
use crate::formats::hf::features;
use crate::formats::hf::features::Features;
use crate::formats::hf::record::{OURS, Reading, record};
use crate::formats::late::WORDS;
use crate::formats::options::ReadOptions;
use crate::formats::record::{Record, Records};
use crate::text::{Place, Problem};

/// Bytes of a batch, as far as a row group's sizes tell, and rows.
const BATCH: i64 = 16 << 20;
const ROWS: i64 = 256;

pub(super) fn read(path: &Path, options: &ReadOptions) -> io::Result<Records> {
    Ok(Box::new(Rows::open(path, options, &features(path.parent().unwrap_or(path)), false)?))
}

/// The rows of one file.
pub(in crate::formats) struct Rows {
    file: File,
    size: u64,
    name: String,
    limits: Limits,
    /// Bytes one row may come to.
    limit: usize,
    metadata: ArrowReaderMetadata,
    columns: Vec<usize>,
    group: usize,
    reader: Option<ParquetRecordBatchReader>,
    batch: Option<(RecordBatch, usize)>,
    row: usize,
    read: u64,
    done: bool,
    reading: Reading,
    /// Columns of bytes of which it was said whether they were read as text.
    told: Vec<(String, bool)>,
}

impl Rows {
    /// `card`: what is known of the columns where the file does not say it. `several`: there are other files beside it.
    pub fn open(path: &Path, options: &ReadOptions, card: &Features, several: bool) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        let name = path.display().to_string();
        let wrong = |error: &dyn std::fmt::Display| {
            io::Error::new(io::ErrorKind::InvalidData, format!("{name} is no sound Parquet file: {error}"))
        };
        guard::footer(&mut file, size).map_err(|error| wrong(&error))?;
        let metadata = tried(|| {
            // The types are the file's own; the copy of them that Arrow leaves in a file tells nothing more that is needed.
            let plain = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
            let metadata = ArrowReaderMetadata::load(&file, plain)?;
            let fields: Fields = metadata.schema().fields().iter().map(|field| viewed(field)).collect();
            let views = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
            ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), views)
        })
        .map_err(|error| wrong(&error))?;
        let entries = metadata.metadata().file_metadata().key_value_metadata();
        let entry = entries.into_iter().flatten().find(|entry| entry.key == "huggingface");
        let features = entry.and_then(|entry| entry.value.as_deref()).map(Features::of_schema);
        let fields = metadata.schema().fields();
        let columns = (0..fields.len()).filter(|index| is_readable(fields[*index].data_type())).collect();
        let left_out: Vec<String> = fields
            .iter()
            .filter(|field| !is_readable(field.data_type()))
            .map(|field| format!("{} ({})", field.name(), field.data_type()))
            .collect();
        let mut reading = Reading::new(path, features.unwrap_or_else(|| card.clone()), several);
        if !left_out.is_empty() {
            let sentence = format!("columns of types that are not read here were left out: {}", left_out.join(", "));
            reading.pending.push(Problem::warning(Place::file(name.clone()), sentence));
        }
        let limit = usize::try_from(options.limits.document_bytes.saturating_mul(4)).unwrap_or(usize::MAX);
        Ok(Self {
            file,
            size,
            name,
            limits: options.limits,
            limit,
            metadata,
            columns,
            group: 0,
            reader: None,
            batch: None,
            row: 0,
            read: 0,
            done: false,
            reading,
            told: Vec::new(),
        })
    }

    /// The row of a batch as a document.
    fn record(&mut self, batch: &RecordBatch, index: usize) -> Result<Record, Box<Problem>> {
        let mut budget = Budget::new(self.limit);
        let mut row = Map::new();
        let ours = batch.column_by_name(OURS).is_some_and(|column| is_text(column, index));
        for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            if ours && WORDS.contains(&field.name().as_str()) {
                continue;
            }
            let Some(value) = value(column, index, &mut budget) else {
                return Err(self.problem(format!("the row has more than the {} MiB allowed", self.limit >> 20)));
            };
            row.insert(field.name().clone(), value);
            if let Some(is_text) = budget.bytes.take() {
                self.tell(field.name(), is_text);
            }
        }
        record(row, self.row, self.read, &mut self.reading)
    }

    /// Says once what became of a column of bytes.
    fn tell(&mut self, column: &str, is_text: bool) {
        if self.told.iter().any(|(known, before)| known == column && *before == is_text) {
            return;
        }
        self.told.push((column.to_owned(), is_text));
        let place = Place::file(self.name.clone()).at_line(self.row).field(column);
        self.reading.pending.push(if is_text {
            Problem::note(place, format!("the file calls {column} bytes, not text: what is UTF-8 was read as text"))
        } else {
            Problem::warning(place, format!("{column} holds bytes that are no text (UTF-8): they were left out"))
        });
    }

    /// The next batch; `None` at the end.
    fn advance(&mut self) -> Result<Option<RecordBatch>, String> {
        loop {
            if let Some(reader) = &mut self.reader {
                let batch = tried(|| reader.next().transpose().map_err(Into::into))?;
                if batch.is_some() {
                    return Ok(batch);
                }
                self.reader = None;
            }
            let metadata = self.metadata.metadata();
            if self.group >= metadata.num_row_groups() {
                return Ok(None);
            }
            let group = metadata.row_group(self.group);
            guard::row_group(&mut self.file, self.size, group, &self.limits).map_err(|error| error.to_string())?;
            let per_row = (group.total_byte_size() / group.num_rows().max(1)).max(1);
            let rows = (BATCH / per_row).clamp(1, ROWS) as usize;
            self.read = self.read.saturating_add(u64::try_from(group.compressed_size()).unwrap_or_default());
            let file = self.file.try_clone().map_err(|error| error.to_string())?;
            let mask = ProjectionMask::roots(self.metadata.parquet_schema(), self.columns.iter().copied());
            let (metadata, group) = (self.metadata.clone(), self.group);
            self.reader = Some(tried(|| {
                ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
                    .with_row_groups(vec![group])
                    .with_projection(mask)
                    .with_batch_size(rows)
                    .build()
            })?);
            self.group += 1;
        }
    }

    fn problem(&self, sentence: String) -> Box<Problem> {
        Box::new(Problem::error(Place::file(self.name.clone()).at_line(self.row), sentence))
    }
}

impl Iterator for Rows {
    type Item = Result<Record, Box<Problem>>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            if let Some((batch, next)) = self.batch.take()
                && next < batch.num_rows()
            {
                self.row += 1;
                let record = self.record(&batch, next);
                self.batch = Some((batch, next + 1));
                return Some(record);
            }
            match self.advance() {
                Ok(Some(batch)) => self.batch = Some((batch, 0)),
                Ok(None) => self.done = true,
                Err(error) => {
                    self.done = true;
                    self.row += 1;
                    let sentence = format!("the file could not be read further: {error}");
                    return Some(Err(self.problem(sentence)));
                }
            }
        }
        None
    }
}

fn is_text(column: &ArrayRef, index: usize) -> bool {
    let text = matches!(column.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    text && column.is_valid(index)
}

/// What the library answers; what it panics over is an error too.
pub(super) fn tried<T>(ask: impl FnOnce() -> ::parquet::errors::Result<T>) -> Result<T, String> {
    match caught(ask) {
        Some(answer) => answer.map_err(|error| error.to_string()),
        None => Err("it is damaged".to_owned()),
    }
}
