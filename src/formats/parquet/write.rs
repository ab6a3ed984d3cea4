//! Writing: rows become columns in batches, batches row groups. Memory is bounded by both, whatever the export's size.

use std::io;
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::{EnabledStatistics, WriterProperties};
use ::parquet::schema::types::ColumnPath;
use arrow_array::builder::{ArrayBuilder, Int64Builder, ListBuilder, StringBuilder, StructBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Fields, Schema};

use crate::annotation::Layer;
use crate::formats::hf::columns::{Classes, Kind, columns, metadata};
use crate::formats::hf::rows::{Class, RelationCell, Row, SpanCell, rows};
use crate::formats::loss::Loss;
use crate::formats::options::WriteOptions;
use crate::formats::table::{Sink, Writer};
use crate::text::Document;

/// Bytes of text in one batch, and of encoded columns in one row group, at which it is written. A batch is small, so that the columns and
/// what becomes of them stay in the processor's caches.
const BATCH: usize = 1 << 17;
const GROUP: usize = 32 << 20;

pub(super) fn writer<'a>(sink: Sink<'a>, options: &WriteOptions) -> io::Result<Box<dyn Writer + 'a>> {
    let Sink::Stream(out) = sink else { unreachable!("the table says that this format is one file") };
    let classes = Classes::new(options);
    let columns = columns(&classes);
    let huggingface = metadata(&columns);
    let fields: Fields = columns.iter().map(|(name, kind)| field(name, kind)).collect();
    let schema = Schema::new(fields).with_metadata([("huggingface".to_owned(), huggingface.clone())]);
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("spanwright version {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(vec![KeyValue::new("huggingface".to_owned(), huggingface)]))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true);
    for name in ["id", "text", "text_sha256", "spans.list.item.id", "spans.list.item.text"] {
        // Seldom twice the same: a dictionary would be made in vain, and bounds of texts help nobody.
        let path = ColumnPath::new(name.split('.').map(str::to_owned).collect());
        properties = properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_statistics_enabled(path, EnabledStatistics::None);
    }
    let schema = Arc::new(schema);
    let writer = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties.build())).map_err(io::Error::other)?;
    let batch = Batch::new(&columns);
    drop(columns);
    Ok(Box::new(Columns { writer, schema, options: options.clone(), classes, batch, bytes: 0 }))
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

struct Columns<'a> {
    writer: ArrowWriter<Box<dyn io::Write + Send + 'a>>,
    schema: Arc<Schema>,
    options: WriteOptions,
    classes: Classes,
    batch: Batch,
    /// Of text in the batch.
    bytes: usize,
}

impl Columns<'_> {
    fn flush(&mut self) -> io::Result<()> {
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), self.batch.finish()).map_err(io::Error::other)?;
        self.bytes = 0;
        self.writer.write(&batch).map_err(io::Error::other)?;
        if self.writer.in_progress_size() >= GROUP {
            self.writer.flush().map_err(io::Error::other)?;
        }
        Ok(())
    }
}

impl Writer for Columns<'_> {
    fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> io::Result<Vec<Loss>> {
        for row in rows(document, layers, &self.options, &self.classes) {
            self.batch.add(&row?)?;
            self.bytes += document.text.len();
        }
        if self.bytes >= BATCH {
            self.flush()?;
        }
        Ok(Vec::new())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.flush()?;
        let mut out = self.writer.into_inner().map_err(io::Error::other)?;
        out.flush()
    }
}

type Pairs = ListBuilder<ListBuilder<Int64Builder>>;

/// The columns in the making, in their order.
struct Batch {
    id: StringBuilder,
    text: StringBuilder,
    text_sha256: StringBuilder,
    spans: ListBuilder<StructBuilder>,
    relations: ListBuilder<StructBuilder>,
    tokens: ListBuilder<StringBuilder>,
    offsets: Pairs,
    ner_tags: ListBuilder<Int64Builder>,
    annotator: StringBuilder,
    status: StringBuilder,
    flag: StringBuilder,
    document_attributes: StringBuilder,
    split: StringBuilder,
    meta: StringBuilder,
    spanwright: StringBuilder,
    /// How many tokens there are, and bytes in them: the next batch gets room for as many.
    counts: (usize, usize),
}

impl Batch {
    fn new(columns: &[(&'static str, Kind<'_>)]) -> Self {
        let structs = |name: &str| {
            let fields = columns.iter().find_map(|(column, kind)| match kind {
                Kind::Structs(fields) if *column == name => Some(fields.as_slice()),
                _ => None,
            });
            let fields = fields.unwrap_or_default();
            let builder = |kind: &Kind<'_>| -> Box<dyn ArrayBuilder> {
                match kind {
                    Kind::Text => Box::new(StringBuilder::new()),
                    Kind::Number | Kind::Class(_) => Box::new(Int64Builder::new()),
                    Kind::List(_) | Kind::Structs(_) => Box::new(pairs()),
                }
            };
            let builders = fields.iter().map(|(_, kind)| builder(kind)).collect();
            let fields: Fields = fields.iter().map(|(name, kind)| field(name, kind)).collect();
            ListBuilder::new(StructBuilder::new(fields, builders))
        };
        Self {
            id: StringBuilder::new(),
            text: StringBuilder::new(),
            text_sha256: StringBuilder::new(),
            spans: structs("spans"),
            relations: structs("relations"),
            tokens: ListBuilder::new(StringBuilder::new()),
            offsets: pairs(),
            ner_tags: ListBuilder::new(Int64Builder::new()),
            annotator: StringBuilder::new(),
            status: StringBuilder::new(),
            flag: StringBuilder::new(),
            document_attributes: StringBuilder::new(),
            split: StringBuilder::new(),
            meta: StringBuilder::new(),
            spanwright: StringBuilder::new(),
            counts: (0, 0),
        }
    }

    fn add(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.id.append_value(row.id);
        self.text.append_value(&row.text);
        self.text_sha256.append_value(&row.text_sha256);
        for span in row.spans.iter().flatten() {
            add_span(self.spans.values(), span)?;
        }
        self.spans.append(row.spans.is_some());
        for relation in row.relations.iter().flatten() {
            add_relation(self.relations.values(), relation)?;
        }
        self.relations.append(row.relations.is_some());
        for token in &row.tokens {
            self.tokens.values().append_value(token);
            self.counts.1 += token.len();
        }
        self.counts.0 += row.tokens.len();
        self.tokens.append(true);
        add_pairs(&mut self.offsets, &row.offsets);
        for tag in row.ner_tags.iter().flatten() {
            self.ner_tags.values().append_value(class(*tag));
        }
        self.ner_tags.append(row.ner_tags.is_some());
        self.annotator.append_option(row.annotator);
        self.status.append_option(row.status);
        self.flag.append_option(row.flag);
        self.document_attributes.append_option(row.document_attributes.as_deref());
        self.split.append_option(row.split);
        self.meta.append_option(row.meta.as_deref());
        self.spanwright.append_value(&row.spanwright);
        Ok(())
    }

    fn finish(&mut self) -> Vec<ArrayRef> {
        let columns: [&mut dyn ArrayBuilder; 15] = [
            &mut self.id,
            &mut self.text,
            &mut self.text_sha256,
            &mut self.spans,
            &mut self.relations,
            &mut self.tokens,
            &mut self.offsets,
            &mut self.ner_tags,
            &mut self.annotator,
            &mut self.status,
            &mut self.flag,
            &mut self.document_attributes,
            &mut self.split,
            &mut self.meta,
            &mut self.spanwright,
        ];
        let arrays = columns.into_iter().map(ArrayBuilder::finish).collect();
        let (tokens, bytes) = std::mem::take(&mut self.counts);
        self.tokens = ListBuilder::new(StringBuilder::with_capacity(tokens, bytes));
        self.offsets = ListBuilder::new(ListBuilder::with_capacity(Int64Builder::with_capacity(2 * tokens), tokens));
        self.ner_tags = ListBuilder::new(Int64Builder::with_capacity(tokens));
        arrays
    }
}

fn pairs() -> Pairs {
    ListBuilder::new(ListBuilder::new(Int64Builder::new()))
}

fn add_pairs(list: &mut Pairs, pairs: &[[usize; 2]]) {
    for pair in pairs {
        for offset in pair {
            list.values().values().append_value(*offset as i64);
        }
        list.values().append(true);
    }
    list.append(true);
}

fn class(class: Class<'_>) -> i64 {
    class.number as i64
}

fn add_span(to: &mut StructBuilder, span: &SpanCell<'_>) -> io::Result<()> {
    column::<StringBuilder>(to, 0)?.append_value(span.id);
    column::<Int64Builder>(to, 1)?.append_value(span.start as i64);
    column::<Int64Builder>(to, 2)?.append_value(span.end as i64);
    column::<Int64Builder>(to, 3)?.append_value(class(span.label));
    column::<StringBuilder>(to, 4)?.append_value(&span.text);
    add_pairs(column::<Pairs>(to, 5)?, &span.fragments);
    column::<StringBuilder>(to, 6)?.append_option(span.attributes.as_deref());
    column::<StringBuilder>(to, 7)?.append_option(span.note);
    column::<StringBuilder>(to, 8)?.append_option(span.more.as_deref());
    to.append(true);
    Ok(())
}

fn add_relation(to: &mut StructBuilder, relation: &RelationCell<'_>) -> io::Result<()> {
    for (index, text) in [relation.id, relation.kind, relation.from, relation.to].into_iter().enumerate() {
        column::<StringBuilder>(to, index)?.append_value(text);
    }
    column::<StringBuilder>(to, 4)?.append_option(relation.attributes.as_deref());
    column::<StringBuilder>(to, 5)?.append_option(relation.more.as_deref());
    to.append(true);
    Ok(())
}

/// The builder of a field; an error where the columns and this module do not agree.
fn column<T: ArrayBuilder>(of: &mut StructBuilder, index: usize) -> io::Result<&mut T> {
    of.field_builder(index).ok_or_else(|| io::Error::other("a column is not of the type that the schema says"))
}
