//! One column of a Parquet file in the making: levels that say where lists begin and what is missing (Dremel, Melnik et al. 2010, §4),
//! then the values, page by page. What frames the pages in a file is the library's.

use std::io::Write;

use ::parquet::basic::{Compression, Encoding, Type};
use ::parquet::column::page::{CompressedPage, Page, PageWriter as _};
use ::parquet::column::writer::ColumnCloseResult;
use ::parquet::errors::{ParquetError, Result};
use ::parquet::file::metadata::ColumnChunkMetaData;
use ::parquet::file::writer::{SerializedPageWriter, SerializedRowGroupWriter, TrackedWrite};
use ::parquet::schema::types::ColumnDescPtr;
use bytes::Bytes;

use super::dictionary::Dictionary;
use super::encode::{deltas, levels, places};
use crate::text::{Text, TextRange};

/// Bytes of levels and values at which a page ends, with the row.
const PAGE: usize = 1 << 18;

/// Texts or numbers, in rows, in lists of a row, or in lists of those.
pub(super) struct Column {
    of: ColumnDescPtr,
    /// Of each entry: how much of its path goes on from the one before (0: a row begins), and how much of it is there.
    repeated: Vec<u8>,
    defined: Vec<u8>,
    /// What is there, of the one kind or the other; texts each behind its length.
    texts: Vec<u8>,
    numbers: Vec<i64>,
    /// How the page in the making is written: the numbers may stand for texts in the dictionary.
    encoding: Encoding,
    dictionary: Dictionary,
    packer: Packer,
    pages: Vec<CompressedPage>,
    /// In `pages`: bytes, and entries.
    bytes: usize,
    entries: usize,
}

impl Column {
    pub fn new(of: ColumnDescPtr) -> Self {
        let encoding = match of.physical_type() {
            Type::INT64 => Encoding::DELTA_BINARY_PACKED,
            _ => Encoding::PLAIN,
        };
        Self {
            of,
            repeated: Vec::new(),
            defined: Vec::new(),
            texts: Vec::new(),
            numbers: Vec::new(),
            encoding,
            dictionary: Dictionary::default(),
            packer: Packer { snappy: snap::raw::Encoder::new(), packed: Vec::new() },
            pages: Vec::new(),
            bytes: 0,
            entries: 0,
        }
    }

    /// The texts are words, most of which come again and again.
    pub fn of_words(self) -> Self {
        Self { encoding: Encoding::RLE_DICTIONARY, ..self }
    }

    /// A value comes next that goes on from the one before at a level of lists; 0 where a row begins.
    pub fn value(&mut self, level: u8) {
        self.entry(level, self.whole());
    }

    /// There is none: so much of its path is there, the list without its entry for example.
    pub fn missing(&mut self, level: u8, there: u8) {
        self.entry(level, there);
    }

    fn entry(&mut self, level: u8, there: u8) {
        self.repeated.push(level);
        self.defined.push(there);
    }

    /// A row that is a list of so many values.
    pub fn list(&mut self, len: usize) {
        if len == 0 {
            return self.missing(0, self.whole() - 2);
        }
        self.repeated.push(0);
        self.repeated.resize(self.repeated.len() + len - 1, 1);
        self.defined.resize(self.defined.len() + len, self.whole());
    }

    /// A list of pairs, with their values.
    pub fn pairs(&mut self, level: u8, pairs: &[[usize; 2]]) {
        if pairs.is_empty() {
            return self.missing(level, self.whole() - 4);
        }
        let deepest = self.of.max_rep_level() as u8;
        let start = self.repeated.len();
        self.repeated.extend(pairs.iter().flat_map(|_| [deepest - 1, deepest]));
        self.repeated[start] = level;
        self.defined.resize(self.defined.len() + 2 * pairs.len(), self.whole());
        self.numbers.extend(pairs.as_flattened().iter().map(|number| *number as i64));
    }

    /// Words of a text.
    pub fn words(&mut self, text: &Text, words: &[TextRange]) {
        if self.encoding == Encoding::RLE_DICTIONARY {
            let bytes = text.as_str().as_bytes();
            self.numbers.extend(words.iter().map(|word| i64::from(self.dictionary.number(bytes, word.bytes()))));
        } else {
            for word in words {
                self.text(text.slice(*word));
            }
        }
    }

    pub fn text(&mut self, text: &str) {
        self.texts.extend_from_slice(&(text.len() as u32).to_le_bytes());
        self.texts.extend_from_slice(text.as_bytes());
    }

    pub fn number(&mut self, number: usize) {
        self.numbers.push(number as i64);
    }

    /// A row is whole; the page ends if it is large enough.
    pub fn end_row(&mut self) -> Result<()> {
        if self.encoding == Encoding::RLE_DICTIONARY && self.dictionary.is_full() {
            self.end_page()?;
            self.encoding = Encoding::PLAIN;
        }
        let bytes = self.texts.len() + 8 * self.numbers.len() + 2 * self.defined.len();
        if bytes >= PAGE { self.end_page() } else { Ok(()) }
    }

    /// Bytes that wait to be written, the page in the making apart.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// The level of what is there altogether.
    fn whole(&self) -> u8 {
        self.of.max_def_level() as u8
    }

    fn end_page(&mut self) -> Result<()> {
        let mut page = Vec::with_capacity(self.texts.len() + 2 * self.numbers.len() + self.defined.len() / 2 + 64);
        let greatest = [(&self.repeated, self.of.max_rep_level()), (&self.defined, self.of.max_def_level())];
        for (list, greatest) in greatest.into_iter().filter(|(_, greatest)| *greatest > 0) {
            let at = page.len();
            page.extend_from_slice(&[0; 4]);
            levels(list, u16::BITS - greatest.cast_unsigned().leading_zeros(), &mut page);
            let len = (page.len() - at - 4) as u32;
            page[at..at + 4].copy_from_slice(&len.to_le_bytes());
        }
        // Where every list is empty there is no dictionary either.
        let encoding = if self.numbers.is_empty() { Encoding::PLAIN } else { self.encoding };
        match encoding {
            Encoding::RLE_DICTIONARY => places(&self.numbers, self.dictionary.len(), &mut page),
            Encoding::DELTA_BINARY_PACKED => deltas(&self.numbers, &mut page),
            _ => page.extend_from_slice(&self.texts),
        }
        if i32::try_from(page.len()).is_err() {
            let sentence = format!("one row would take more than 2 GiB in the column {}", self.of.path());
            return Err(ParquetError::General(sentence));
        }
        let compressed = self.packer.pack(&page)?;
        self.bytes += compressed.len();
        self.entries += self.defined.len();
        let data = Page::DataPage {
            buf: compressed,
            num_values: self.defined.len() as u32,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        self.pages.push(CompressedPage::new(data, page.len()));
        self.repeated.clear();
        self.defined.clear();
        self.texts.clear();
        self.numbers.clear();
        Ok(())
    }

    /// Everything since the last group goes into this one, which has so many rows.
    pub fn end_group<W: Write + Send>(&mut self, group: &mut SerializedRowGroupWriter<'_, W>, rows: u64) -> Result<()> {
        if !self.defined.is_empty() {
            self.end_page()?;
        }
        let mut chunk = TrackedWrite::new(Vec::with_capacity(self.bytes + 64 * self.pages.len()));
        let mut writer = SerializedPageWriter::new(&mut chunk);
        let (mut unpacked, mut dictionary) = (0, None);
        let mut encodings = vec![Encoding::RLE];
        if let Some(page) = self.dictionary_page()? {
            let written = writer.write_page(page)?;
            unpacked += written.uncompressed_size;
            dictionary = Some(written.bytes_written as i64);
            encodings.push(Encoding::PLAIN);
        }
        for page in self.pages.drain(..) {
            encodings.push(page.encoding());
            unpacked += writer.write_page(page)?.uncompressed_size;
        }
        let chunk = chunk.into_inner()?;
        let metadata = ColumnChunkMetaData::builder(self.of.clone())
            .set_compression(Compression::SNAPPY)
            .set_encodings(encodings)
            .set_num_values(self.entries as i64)
            .set_total_compressed_size(chunk.len() as i64)
            .set_total_uncompressed_size(unpacked as i64)
            .set_dictionary_page_offset(dictionary.map(|_| 0))
            .set_data_page_offset(dictionary.unwrap_or_default())
            .build()?;
        let close = ColumnCloseResult {
            bytes_written: chunk.len() as u64,
            rows_written: rows,
            metadata,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        (self.bytes, self.entries) = (0, 0);
        group.append_column(&Bytes::from(chunk), close)
    }

    /// The dictionary, where there is one; the next group begins with an empty one.
    fn dictionary_page(&mut self) -> Result<Option<CompressedPage>> {
        if self.dictionary.len() == 0 {
            return Ok(None);
        }
        let page = Page::DictionaryPage {
            buf: self.packer.pack(self.dictionary.page())?,
            num_values: self.dictionary.len() as u32,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        };
        let page = CompressedPage::new(page, self.dictionary.page().len());
        self.dictionary.clear();
        self.encoding = Encoding::RLE_DICTIONARY;
        Ok(Some(page))
    }
}

/// Packs pages, one after the other, in the same memory.
struct Packer {
    snappy: snap::raw::Encoder,
    packed: Vec<u8>,
}

impl Packer {
    fn pack(&mut self, page: &[u8]) -> Result<Bytes> {
        let most = snap::raw::max_compress_len(page.len());
        if self.packed.len() < most {
            self.packed.resize(most, 0);
        }
        let failed = |error| ParquetError::External(Box::new(error));
        let len = self.snappy.compress(page, &mut self.packed).map_err(failed)?;
        Ok(Bytes::copy_from_slice(&self.packed[..len]))
    }
}
