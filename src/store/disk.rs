//! [`Disk`]: how the store writes its own files, so that each is there whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::StoreError;

/// What unfinished files are called; whoever finds one may remove it.
pub(super) const UNFINISHED: &str = ".spanwright-unfinished-";

/// Writes files atomically. A disk can be told to fail, so that tests see what becomes of that.
#[derive(Clone, Debug, Default)]
pub struct Disk(Option<Arc<Failing>>);

#[derive(Debug)]
struct Failing {
    calls: AtomicU64,
    at: u64,
}

impl Disk {
    /// A disk whose `n`-th call (from 1: creating, writing, syncing, renaming, removing) fails, and every later one, as a full disk does.
    pub fn failing_at(n: u64) -> Self {
        Self(Some(Arc::new(Failing { calls: AtomicU64::new(0), at: n })))
    }

    fn call(&self) -> io::Result<()> {
        match &self.0 {
            Some(failing) if failing.calls.fetch_add(1, Ordering::SeqCst) + 1 >= failing.at => {
                Err(io::ErrorKind::StorageFull.into())
            }
            _ => Ok(()),
        }
    }

    /// Puts a file there: written beside, synced, renamed, the folder synced. On an error the old file is as it was.
    pub fn replace(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        let folder = file.parent().unwrap_or(Path::new("."));
        self.call()?;
        fs::create_dir_all(folder)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(UNFINISHED);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any program makes files: the user's umask decides.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let mut unfinished = builder.tempfile_in(folder)?;
        self.call()?;
        unfinished.write_all(bytes)?;
        self.call()?;
        unfinished.as_file().sync_all()?;
        self.call()?;
        unfinished.persist(file).map_err(|error| error.error)?;
        self.call()?;
        sync_folder(folder)
    }

    /// Removes a file, durably; none there is fine.
    pub fn remove(&self, file: &Path) -> io::Result<()> {
        self.call()?;
        match fs::remove_file(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            result => result?,
        }
        self.call()?;
        sync_folder(file.parent().unwrap_or(Path::new(".")))
    }
}

/// Makes the names in a folder durable. Windows does so by itself.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

impl StoreError {
    /// What the system said about a file.
    pub(crate) fn of_file(file: &Path, error: &io::Error) -> Self {
        let what = file.display().to_string();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { what },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly { why: format!("{what} may not be written ({error})") }
            }
            _ => Self::Io { what, why: error.to_string() },
        }
    }
}
