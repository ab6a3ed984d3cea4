//! Bytes that are put aside until their turn comes: in memory while they are few, in a nameless temporary file when they are many.

use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

use tempfile::{SpooledTempFile, spooled_tempfile};

/// Bytes kept in memory.
const MEMORY: usize = 1 << 20;
const BUFFER: usize = 1 << 16;

/// Bytes in the making.
#[derive(Debug)]
pub struct Spool {
    file: BufWriter<SpooledTempFile>,
    len: u64,
}

impl Default for Spool {
    fn default() -> Self {
        Self { file: BufWriter::with_capacity(BUFFER, spooled_tempfile(MEMORY)), len: 0 }
    }
}

impl Spool {
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Begins a row, as [`Kept::row`] reads it; its bytes follow.
    pub fn begin(&mut self, len: u32) -> io::Result<()> {
        self.write_all(&len.to_le_bytes())
    }

    /// Appends a row.
    pub fn row(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.begin(u32::try_from(bytes.len()).map_err(io::Error::other)?)?;
        self.write_all(bytes)
    }

    /// To be read from its beginning.
    pub fn read(self) -> io::Result<Kept> {
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(Kept { file: BufReader::with_capacity(BUFFER, file) })
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.len += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Bytes that were put aside.
#[derive(Debug)]
pub struct Kept {
    file: BufReader<SpooledTempFile>,
}

impl Kept {
    /// From its beginning again.
    pub fn again(&mut self) -> io::Result<()> {
        self.file.rewind()
    }

    /// The next row of [`Spool::row`]; empty where there are no more.
    pub fn row(&mut self) -> io::Result<Vec<u8>> {
        let (mut len, mut row) = ([0; 4], Vec::new());
        if self.file.read(&mut len[..1])? == 1 {
            self.file.read_exact(&mut len[1..])?;
            (&mut self.file).take(u64::from(u32::from_le_bytes(len))).read_to_end(&mut row)?;
        }
        Ok(row)
    }
}

impl Read for Kept {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.file.read(into)
    }
}
