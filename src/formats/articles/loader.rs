//! Reading on a thread of its own, so that files are read and parsed while the articles before are stored.
//!
//! Articles cross in small batches over a channel that holds two of them: a slow reader of articles stops the thread, and
//! no more than four batches exist at a time. A batch ends at [`BATCH`] bytes, so a large article travels alone.

use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::intake::{Flow, Intake};
use super::{LoadOptions, Loaded, folder};

/// Bytes of text after which a batch is handed over.
const BATCH: usize = 256 << 10;
const QUEUE: usize = 2;

/// The articles of `paths` (files, folders, archives), in the order of the paths and, within a folder, of the bytes of the
/// relative path. Starts reading at once; dropping the loader stops it.
pub fn load(paths: &[PathBuf], options: &LoadOptions) -> Loader {
    let (sender, batches) = sync_channel(QUEUE);
    let progress = Arc::new(Progress::default());
    let (paths, options, reporting) = (paths.to_vec(), options.clone(), Arc::clone(&progress));
    let worker = std::thread::spawn(move || work(&paths, &options, &reporting, &sender));
    Loader { batches, batch: Vec::new().into_iter(), progress, worker: Some(worker) }
}

/// An iterator over what was read, with its progress.
#[derive(Debug)]
pub struct Loader {
    batches: Receiver<Vec<Loaded>>,
    batch: std::vec::IntoIter<Loaded>,
    progress: Arc<Progress>,
    worker: Option<JoinHandle<()>>,
}

impl Loader {
    /// Bytes read of the files themselves (of archives: as they are packed).
    pub fn bytes_done(&self) -> u64 {
        self.progress.done()
    }

    /// Bytes of all files there are to read; `None` while they are still being counted.
    pub fn bytes_total(&self) -> Option<u64> {
        self.progress.counted.load(Relaxed).then(|| self.progress.total.load(Relaxed))
    }
}

impl Iterator for Loader {
    type Item = Loaded;

    fn next(&mut self) -> Option<Loaded> {
        loop {
            if let Some(loaded) = self.batch.next() {
                return Some(loaded);
            }
            if let Ok(batch) = self.batches.recv() {
                self.batch = batch.into_iter();
            } else {
                // A broken promise of our own on the other thread must not look like the end of the articles.
                if let Some(Err(panic)) = self.worker.take().map(JoinHandle::join) {
                    std::panic::resume_unwind(panic);
                }
                return None;
            }
        }
    }
}

impl Drop for Loader {
    fn drop(&mut self) {
        self.progress.stopped.store(true, Relaxed);
    }
}

fn work(paths: &[PathBuf], options: &LoadOptions, progress: &Arc<Progress>, sender: &SyncSender<Vec<Loaded>>) {
    folder::survey(paths, options, |kind, size| {
        if matches!(kind, folder::Kind::Articles(_) | folder::Kind::Archive) {
            progress.total.fetch_add(size, Relaxed);
        }
        !progress.stopped.load(Relaxed)
    });
    progress.counted.store(true, Relaxed);
    let (mut batch, mut weight) = (Vec::new(), 0);
    let mut give = |loaded: Loaded| {
        weight += 1024 + if let Loaded::Article(article) = &loaded { article.document.text.len() } else { 0 };
        batch.push(loaded);
        if weight < BATCH {
            return Flow::Continue(());
        }
        weight = 0;
        match sender.send(std::mem::take(&mut batch)) {
            Ok(()) => Flow::Continue(()),
            Err(_) => Flow::Break(()),
        }
    };
    let mut intake = Intake::new(options, &mut give);
    if folder::read(&mut intake, paths, progress).is_continue() {
        // Whether the other end still listens no longer matters.
        let _ = intake.finish();
    }
    let _ = sender.send(batch);
}

/// How far reading has come; shared with the thread that reads.
#[derive(Debug, Default)]
pub(super) struct Progress {
    done: AtomicU64,
    total: AtomicU64,
    counted: AtomicBool,
    stopped: AtomicBool,
}

impl Progress {
    pub(super) fn done(&self) -> u64 {
        self.done.load(Relaxed)
    }

    pub(super) fn set(&self, done: u64) {
        self.done.store(done, Relaxed);
    }
}

/// A file that counts what is read of it, and ends when nobody wants more.
pub(super) struct Counted<R> {
    source: R,
    progress: Arc<Progress>,
}

impl<R> Counted<R> {
    pub(super) fn new(source: R, progress: &Arc<Progress>) -> Self {
        Self { source, progress: Arc::clone(progress) }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.progress.stopped.load(Relaxed) {
            return Err(io::Error::other("reading was stopped"));
        }
        let count = self.source.read(buffer)?;
        self.progress.done.fetch_add(count as u64, Relaxed);
        Ok(count)
    }
}

impl<R: io::Seek> io::Seek for Counted<R> {
    fn seek(&mut self, place: io::SeekFrom) -> io::Result<u64> {
        self.source.seek(place)
    }
}
