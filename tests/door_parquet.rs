//! Parquet as other writers pack and encode it, and files that would come to more than they may.

use std::fs;
use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, Int64Builder, ListBuilder, StringBuilder};
use arrow_array::cast::AsArray as _;
use arrow_array::types::Int64Type;
use arrow_array::{Array as _, ArrayRef, BinaryArray, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::basic::{BrotliLevel, Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion};
use serde_json::json;
use spanwright::formats::options::ReadOptions;
use spanwright::formats::table::Format;
use tempfile::TempDir;

use crate::doors::{self, Corpus, options, same, stress, survive, write};

/// A file of ours as another writer would have it: the same columns, otherwise packed and encoded.
fn repacked(path: &std::path::Path, properties: WriterPropertiesBuilder) -> Vec<u8> {
    let file = fs::File::open(path).unwrap();
    let plain = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(file, plain).unwrap();
    let entries = reader.metadata().file_metadata().key_value_metadata().cloned();
    let batches: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
    let properties = properties.set_key_value_metadata(entries).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batches[0].schema(), Some(properties)).unwrap();
    for batch in &batches {
        writer.write(batch).unwrap();
    }
    writer.into_inner().unwrap()
}

fn compressions() -> [Compression; 7] {
    [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
        Compression::ZSTD(ZstdLevel::default()),
    ]
}

#[test]
fn every_compression_and_encoding_reads_alike() {
    let corpus = stress();
    let (folder, path, _) = write("parquet", &options(&corpus), &corpus);
    let (wanted, _) = doors::read("parquet", &path);
    let other = folder.path().join("other.parquet");
    for compression in compressions() {
        for encoding in [Encoding::PLAIN, Encoding::DELTA_LENGTH_BYTE_ARRAY, Encoding::DELTA_BYTE_ARRAY] {
            for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
                let mut properties = WriterProperties::builder()
                    .set_compression(compression)
                    .set_writer_version(version)
                    .set_data_page_row_count_limit(3)
                    .set_dictionary_enabled(encoding == Encoding::PLAIN);
                for text in ["id", "text", "meta", "tokens.list.element", "spans.list.element.text"] {
                    properties = properties.set_column_encoding(text.into(), encoding);
                }
                for number in ["offsets.list.element.list.element", "ner_tags.list.element"] {
                    properties = properties.set_column_encoding(number.into(), Encoding::DELTA_BINARY_PACKED);
                }
                fs::write(&other, repacked(&path, properties)).unwrap();
                let (found, _) = doors::read("parquet", &other);
                same(&wanted, &found);
                survive("parquet", &other, 5);
            }
        }
    }
}

#[test]
fn bytes_that_are_text_are_read_as_text() {
    let bytes = |rows: [&[u8]; 3]| Arc::new(BinaryArray::from_iter_values(rows)) as ArrayRef;
    let mut words = ListBuilder::new(BinaryBuilder::new());
    for sentence in [&["Lind", "left"][..], &[], &["Oslo"]] {
        words.append_value(sentence.iter().map(Some));
    }
    let columns = [
        ("text", bytes(["Lind left 👍".as_bytes(), b"", "Осло".as_bytes()])),
        ("names", Arc::new(words.finish()) as ArrayRef),
        ("image", bytes([b"\x89PNG\xff", b"\xfe", b"ok"])),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("old.parquet");
    fs::write(&path, writer.into_inner().unwrap()).unwrap();
    let (corpus, problems) = doors::read("parquet", &path);
    let texts: Vec<&str> = corpus.iter().map(|(document, _)| document.text.as_str()).collect();
    assert_eq!(texts, ["Lind left 👍", "", "Осло"]);
    assert_eq!(corpus[0].0.meta["huggingface"], json!({"names": ["Lind", "left"]}));
    assert_eq!(corpus[2].0.meta["huggingface"], json!({"names": ["Oslo"], "image": "ok"}));
    let said: Vec<String> = problems.iter().map(|problem| problem.sentence.clone()).collect();
    assert_eq!(
        said,
        [
            "the file calls text bytes, not text: what is UTF-8 was read as text",
            "the file calls names bytes, not text: what is UTF-8 was read as text",
            "image holds bytes that are no text (UTF-8): they were left out",
            "the file calls image bytes, not text: what is UTF-8 was read as text",
        ]
    );
}

/// Parquet that says nothing of its columns, in a data set that does.
#[test]
fn numbers_have_the_names_that_stand_beside_them() {
    let mut words = ListBuilder::new(StringBuilder::new());
    words.append_value([Some("New"), Some("Oslo"), Some("fell")]);
    let mut tags = ListBuilder::new(Int64Builder::new());
    tags.append_value([Some(1), Some(2), Some(0)]);
    let columns = [("tokens", Arc::new(words.finish()) as ArrayRef), ("tags", Arc::new(tags.finish()) as ArrayRef)];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data/train-00000-of-00001.parquet");
    fs::create_dir(folder.path().join("data")).unwrap();
    fs::write(&path, writer.into_inner().unwrap()).unwrap();
    let infos = json!({"default": {"features": {"tags": {"_type": "Sequence",
        "feature": {"_type": "ClassLabel", "names": ["O", "B-LOC", "I-LOC"]}}}}});
    fs::write(folder.path().join("dataset_infos.json"), infos.to_string()).unwrap();
    let (corpus, _) = doors::read("parquet", &path);
    assert_eq!(doors::seen(&corpus[0].0, &corpus[0].1[0]), ["LOC 0..8 “New Oslo”"]);
}

/// Whatever the numbers take, and however long words are that begin alike, another reader finds each word at its offsets.
#[test]
fn words_of_every_length_stand_at_their_offsets() {
    let long = |len: usize| format!("{}{}", "a".repeat(len), len % 7);
    let mut texts: Vec<String> =
        (0..40).map(|len| format!("{} “{}” {}", long(len), long(len / 2), long(len))).collect();
    // Differences of few and of many bits, up and down again.
    let far = (0..18).map(|bits| format!("x{}y, é", "-".repeat(1 << bits)));
    texts.extend(far.flat_map(|text| [text, "z".to_owned(), String::new()]));
    let document = |(index, text): (usize, &String)| (doors::document(&format!("d{index}"), text), Vec::new());
    let corpus: Corpus = texts.iter().enumerate().map(document).collect();
    let (_folder, path, _) = write("parquet", &options(&corpus), &corpus);

    let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(&path).unwrap()).unwrap().build().unwrap();
    let mut read = 0;
    for batch in reader.map(Result::unwrap) {
        let column = |name: &str| batch.column_by_name(name).unwrap().clone();
        let (tokens, offsets) = (column("tokens"), column("offsets"));
        for row in 0..batch.num_rows() {
            let tokens = tokens.as_list::<i32>().value(row);
            let offsets = offsets.as_list::<i32>().value(row);
            let text: Vec<char> = texts[read].chars().collect();
            let mut words = String::new();
            for index in 0..tokens.len() {
                let pair = offsets.as_list::<i32>().value(index);
                let [start, end] = [0, 1].map(|at| pair.as_primitive::<Int64Type>().value(at) as usize);
                let word: String = text[start..end].iter().collect();
                assert_eq!(tokens.as_string::<i32>().value(index), word, "row {read}");
                words.push_str(&word);
            }
            assert_eq!(words, texts[read].replace(' ', ""), "row {read}");
            read += 1;
        }
    }
    assert_eq!(read, texts.len());
}

fn said(bytes: &[u8]) -> String {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("x.parquet");
    fs::write(&path, bytes).unwrap();
    let records = Format::named("parquet").unwrap().reader.unwrap()(&path, &ReadOptions::default()).unwrap();
    records.filter_map(Result::err).map(|problem| problem.sentence).collect::<Vec<_>>().join(" · ")
}

#[test]
fn a_page_that_grows_beyond_what_it_says_is_refused() {
    let corpus = stress();
    let (_folder, path, _) = write("parquet", &options(&corpus), &corpus);
    for compression in compressions() {
        let properties = WriterProperties::builder().set_compression(compression).set_dictionary_enabled(false);
        let sound = repacked(&path, properties);
        assert_eq!(said(&sound), "", "{compression}");
        // The head of the first page: the type, the unpacked size and the packed one.
        assert_eq!((sound[4], sound[6], sound[7] & 0x80), (0x15, 0x15, 0x80), "the first page has another head");
        let mut less = sound.clone();
        less[7] = 0x80;
        let answer = said(&less);
        if matches!(compression, Compression::GZIP(_) | Compression::BROTLI(_)) {
            assert!(answer.ends_with("a page unpacks to more than it says"), "{compression}: {answer}");
        } else if compression != Compression::UNCOMPRESSED {
            assert!(answer.starts_with("the file could not be read further: "), "{compression}: {answer}");
        }
        let mut more = sound;
        more.splice(7..9, [0xfe, 0xff, 0xff, 0xff, 0x0f]);
        let answer = said(&more);
        assert!(answer.ends_with("a page is said to unpack to more than it can"), "{compression}: {answer}");
    }
}

#[test]
fn texts_that_only_say_how_like_they_are_stay_bounded() {
    // Each text is the one before, and takes a byte or less.
    let text = "as it was said before ".repeat(1 << 12);
    let corpus: Corpus = (0..400).map(|index| (doors::document(&format!("d{index}"), &text), Vec::new())).collect();
    let (_folder, path, _) = write("parquet", &options(&corpus[..2].to_vec()), &corpus[..2].to_vec());
    let rows = |properties: WriterPropertiesBuilder| {
        let file = fs::File::open(&path).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        let batch = reader.build().unwrap().next().unwrap().unwrap().project(&[0, 1]).unwrap();
        let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties.build())).unwrap();
        for _ in 0..corpus.len() / 2 {
            writer.write(&batch).unwrap();
        }
        writer.into_inner().unwrap()
    };
    let deltas = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_column_encoding("text".into(), Encoding::DELTA_BYTE_ARRAY);
    let bomb = rows(deltas);
    assert!(bomb.len() < 200_000, "{}", bomb.len());
    let answer = said(&bomb);
    assert!(answer.ends_with("a page is said to unpack to more than it can"), "{answer}");
}
