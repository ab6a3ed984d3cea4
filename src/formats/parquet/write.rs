//! Writing: rows become columns, page by page, and columns row groups. Memory is bounded by a group, whatever the export's size.

use std::io;
use std::sync::Arc;

use ::parquet::arrow::{ArrowSchemaConverter, add_encoded_arrow_schema_to_metadata};
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::types::ColumnDescPtr;
use arrow_schema::{DataType, Field, Fields, Schema};

use super::column::Column;
use crate::annotation::Layer;
use crate::formats::hf::columns::{Classes, Kind, columns, metadata};
use crate::formats::hf::rows::{RelationCell, Row, SpanCell, rows};
use crate::formats::loss::Loss;
use crate::formats::options::WriteOptions;
use crate::formats::table::{Sink, Writer};
use crate::text::Document;

/// Bytes of compressed pages in one row group, at which it is written.
const GROUP: usize = 8 << 20;
/// How many leaves a span, a relation and a whole row have.
const SPAN: usize = 9;
const RELATION: usize = 6;
const LEAVES: usize = 3 + SPAN + RELATION + 10;

pub(super) fn writer<'a>(sink: Sink<'a>, options: &WriteOptions) -> io::Result<Box<dyn Writer + 'a>> {
    let Sink::Stream(out) = sink else { unreachable!("the table says that this format is one file") };
    let classes = Classes::new(options);
    let columns = columns(&classes);
    let huggingface = metadata(&columns);
    let fields: Fields = columns.iter().map(|(name, kind)| field(name, kind)).collect();
    let schema = Schema::new(fields).with_metadata([("huggingface".to_owned(), huggingface.clone())]);
    drop(columns);
    let mut properties = WriterProperties::builder()
        .set_created_by(format!("spanwright version {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(vec![KeyValue::new("huggingface".to_owned(), huggingface)]))
        .build();
    add_encoded_arrow_schema_to_metadata(&schema, &mut properties);
    let schema = ArrowSchemaConverter::new().convert(&schema).map_err(io::Error::other)?;
    let column = |of: &ColumnDescPtr| match of.path().parts() {
        [tokens, ..] if tokens == "tokens" => Column::new(of.clone()).of_words(),
        _ => Column::new(of.clone()),
    };
    let columns: Vec<Column> = schema.columns().iter().map(column).collect();
    let columns = columns.try_into().map_err(|_| io::Error::other("the columns are not those that are written"))?;
    let writer =
        SerializedFileWriter::new(out, schema.root_schema_ptr(), properties.into()).map_err(io::Error::other)?;
    Ok(Box::new(Rows { writer, columns, options: options.clone(), classes, count: 0 }))
}

fn field(name: &str, kind: &Kind<'_>) -> Field {
    Field::new(name, data_type(kind), true)
}

fn data_type(kind: &Kind<'_>) -> DataType {
    let list = |of| DataType::List(Arc::new(Field::new("item", of, true)));
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Number | Kind::Class(_) => DataType::Int64,
        Kind::List(kind) => list(data_type(kind)),
        Kind::Structs(fields) => list(structure(fields)),
    }
}

fn structure(fields: &[(&'static str, Kind<'_>)]) -> DataType {
    DataType::Struct(fields.iter().map(|(name, kind)| field(name, kind)).collect())
}

struct Rows<'a> {
    writer: SerializedFileWriter<Box<dyn io::Write + Send + 'a>>,
    /// Every leaf of [`columns`], in their order.
    columns: [Column; LEAVES],
    options: WriteOptions,
    classes: Classes,
    /// Rows in the group.
    count: u64,
}

impl Rows<'_> {
    fn end_group(&mut self) -> ::parquet::errors::Result<()> {
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            column.end_group(&mut group, self.count)?;
        }
        self.count = 0;
        group.close().map(drop)
    }
}

impl Writer for Rows<'_> {
    fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> io::Result<Vec<Loss>> {
        for row in rows(document, layers, &self.options, &self.classes) {
            add(&row?, &mut self.columns);
            self.count += 1;
            for column in &mut self.columns {
                column.end_row().map_err(io::Error::other)?;
            }
        }
        if self.columns.iter().map(Column::bytes).sum::<usize>() >= GROUP {
            self.end_group().map_err(io::Error::other)?;
        }
        Ok(Vec::new())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        if self.count > 0 {
            self.end_group().map_err(io::Error::other)?;
        }
        let mut out = self.writer.into_inner().map_err(io::Error::other)?;
        out.flush()
    }
}

/// A row, into every column.
fn add(row: &Row<'_>, columns: &mut [Column; LEAVES]) {
    let [id, text, text_sha256, rest @ ..] = columns;
    let (spans, rest) = rest.split_at_mut(SPAN);
    let (relations, rest) = rest.split_at_mut(RELATION);
    let [tokens, offsets, ner_tags, annotator, status, flag, attributes, split, meta, spanwright] = rest else {
        return;
    };
    cell(id, 0, 0, Some(row.id));
    cell(text, 0, 0, Some(&row.text));
    cell(text_sha256, 0, 0, Some(&row.text_sha256));
    structs(spans, row.spans.as_deref(), add_span);
    structs(relations, row.relations.as_deref(), add_relation);
    tokens.list(row.tokens.ranges.len());
    tokens.words(row.tokens.text, &row.tokens.ranges);
    offsets.pairs(0, &row.offsets);
    match &row.ner_tags {
        Some(tags) => {
            ner_tags.list(tags.numbers.len());
            tags.numbers.iter().for_each(|number| ner_tags.number(*number));
        }
        None => ner_tags.missing(0, 0),
    }
    cell(annotator, 0, 0, row.annotator);
    cell(status, 0, 0, row.status);
    cell(flag, 0, 0, row.flag);
    cell(attributes, 0, 0, row.document_attributes.as_deref());
    cell(split, 0, 0, row.split);
    cell(meta, 0, 0, row.meta.as_deref());
    cell(spanwright, 0, 0, Some(&row.spanwright));
}

/// A list of structs, or none: of each field the level that says so.
fn structs<T>(columns: &mut [Column], list: Option<&[T]>, add: impl Fn(&mut [Column], u8, &T)) {
    let Some([first, rest @ ..]) = list else {
        let there = u8::from(list.is_some());
        return columns.iter_mut().for_each(|column| column.missing(0, there));
    };
    add(columns, 0, first);
    for item in rest {
        add(columns, 1, item);
    }
}

/// A text where there is one, else the level of what is there around it.
fn cell(column: &mut Column, level: u8, around: u8, text: Option<&str>) {
    match text {
        Some(text) => {
            column.value(level);
            column.text(text);
        }
        None => column.missing(level, around),
    }
}

/// The level of a struct that is there, without the field.
const IN_STRUCT: u8 = 3;

fn add_span(columns: &mut [Column], level: u8, span: &SpanCell<'_>) {
    let [id, start, end, label, text, fragments, attributes, note, more] = columns else { return };
    cell(id, level, IN_STRUCT, Some(span.id));
    for (column, number) in [(start, span.start), (end, span.end), (label, span.label.number)] {
        column.value(level);
        column.number(number);
    }
    cell(text, level, IN_STRUCT, Some(&span.text));
    fragments.pairs(level, &span.fragments);
    cell(attributes, level, IN_STRUCT, span.attributes.as_deref());
    cell(note, level, IN_STRUCT, span.note);
    cell(more, level, IN_STRUCT, span.more.as_deref());
}

fn add_relation(columns: &mut [Column], level: u8, relation: &RelationCell<'_>) {
    let [id, kind, from, to, attributes, more] = columns else { return };
    for (column, text) in [(id, relation.id), (kind, relation.kind), (from, relation.from), (to, relation.to)] {
        cell(column, level, IN_STRUCT, Some(text));
    }
    cell(attributes, level, IN_STRUCT, relation.attributes.as_deref());
    cell(more, level, IN_STRUCT, relation.more.as_deref());
}
