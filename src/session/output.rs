//! Where an export goes while it is written: beside its target under another name, so that the target changes at once or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Read as _, Seek as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::{NamedTempFile, TempDir};

use super::export::{ExportError, ExportPlan, Target};
use crate::annotation::exchange::Offsets;
use crate::annotation::{Annotator, Layer};
use crate::formats::loss::Loss;
use crate::formats::options::WriteOptions;
use crate::formats::rehearse::Rehearsal;
use crate::formats::table::{Begin, Format, Shape, Sink, Writer};
use crate::formats::verify::ReadBack;
use crate::text::Document;

/// Which of the files of an export: the part of a split (its number among `train`, `dev`, `test`), and whose, where each annotator has
/// a file of their own.
pub(super) type Key = (usize, Option<Annotator>);

/// An export that is being written.
pub(super) struct Output<'a> {
    format: &'static Format,
    begin: Begin,
    options: WriteOptions,
    /// The parts of a split; one without a name where there is none.
    splits: Vec<&'static str>,
    per_annotator: bool,
    root: Root,
    parts: BTreeMap<Key, Open<'a>>,
}

/// Where everything goes in the end.
#[derive(Debug)]
enum Root {
    /// It goes to the stream as it is made.
    Streamed,
    /// It waits to go to the stream.
    Spooled,
    File(PathBuf),
    /// A folder that is new or empty, made beside it.
    Folder(TempDir, PathBuf),
    /// Files in a folder that may hold others.
    Loose(PathBuf),
}

/// One file or folder that is being written.
struct Open<'a> {
    writer: Box<dyn Writer + 'a>,
    part: Part,
}

/// One file or folder that is written.
#[derive(Debug)]
struct Part {
    file: Option<NamedTempFile>,
    /// Below the root.
    at: PathBuf,
    /// What is read back, below the root.
    reads: PathBuf,
    documents: u64,
}

/// An export that is written and not yet in its place. Dropping it leaves nothing.
#[derive(Debug)]
pub(super) struct Written {
    root: Root,
    parts: BTreeMap<Key, Part>,
    /// What goes beside a single file, under its name and this ending.
    beside: Vec<(&'static str, NamedTempFile)>,
}

/// What was written, read again.
pub(super) struct Back {
    files: BTreeMap<Key, Reading>,
}

enum Reading {
    Exact(ReadBack),
    Own(Box<Rehearsal>),
}

impl<'a> Output<'a> {
    /// Nothing of the target is touched yet. `kept`: what goes to the stream waits, because it is read back first.
    pub(super) fn begin(
        plan: &ExportPlan,
        options: WriteOptions,
        splits: Vec<&'static str>,
        kept: bool,
        stream: &'a mut (dyn Write + Send),
    ) -> Result<Self, ExportError> {
        let format = plan.format;
        let nothing = || ExportError::Plan(format!("{} is read, not written", format.name));
        let begin = format.writer.ok_or_else(nothing)?;
        if options.offsets == Offsets::Original && !format.keeps_sources() {
            return Err(ExportError::Plan(format!(
                "{} counts in words of texts with LF line ends, and cannot count in the texts as they were imported. Leave --offsets out",
                format.name
            )));
        }
        let split = splits.iter().any(|name| !name.is_empty());
        let alone = format.shape == Shape::File && !split;
        let root = match &plan.target {
            Target::Stream if split => {
                return Err(ExportError::Plan("A split is several files. Name a folder".to_owned()));
            }
            Target::Stream if kept => Root::Spooled,
            Target::Stream => Root::Streamed,
            Target::Path(target) if alone && !plan.in_folder => {
                if target.is_dir() {
                    return Err(ExportError::Plan(format!("{} is a folder. Name a file", target.display())));
                }
                Root::File(target.clone())
            }
            Target::PerAnnotator(target) if alone && !plan.in_folder => Root::Loose(target.clone()),
            Target::Path(target) | Target::PerAnnotator(target) => {
                let empty = fs::read_dir(target).map(|mut entries| entries.next().is_none());
                if target.exists() && !empty.unwrap_or(false) {
                    let sentence = format!("{} is there and not an empty folder. Name a new folder", target.display());
                    return Err(ExportError::Plan(sentence));
                }
                let mut builder = tempfile::Builder::new();
                let folder = visible(builder.prefix(".spanwright-"), 0o777).tempdir_in(parent(target));
                Root::Folder(folder.map_err(|error| told(target, error))?, target.clone())
            }
        };
        let per_annotator = matches!(plan.target, Target::PerAnnotator(_)) && format.shape == Shape::File;
        let mut output = Self { format, begin, options, splits, per_annotator, root, parts: BTreeMap::new() };
        if matches!(output.root, Root::Streamed) {
            let sink = Sink::Stream(Box::new(BufWriter::with_capacity(1 << 16, stream)));
            let writer = begin(sink, &output.options).map_err(|error| told(Path::new("the output"), error))?;
            let part = Part { file: None, at: PathBuf::new(), reads: PathBuf::new(), documents: 0 };
            output.parts.insert((0, None), Open { writer, part });
        } else if !per_annotator {
            for split in 0..output.splits.len() {
                output.open((split, None))?;
            }
        }
        Ok(output)
    }

    /// Begins a file or folder.
    fn open(&mut self, key: Key) -> Result<(), ExportError> {
        let (split, whose) = &key;
        let split = self.splits.get(*split).copied().unwrap_or_default();
        let options = WriteOptions { split, ..self.options.clone() };
        let ending = self.format.extensions.first().copied().unwrap_or("txt");
        let file_of = |name: &str| format!("{name}.{ending}");
        let at = match (self.format.shape, whose, split) {
            (Shape::Folder, ..) if self.format.keeps_parts_together() => PathBuf::new(),
            (Shape::Folder, ..) => PathBuf::from(split),
            (Shape::File, Some(whose), "") => PathBuf::from(file_of(&whose.folder())),
            (Shape::File, Some(whose), split) => Path::new(&whose.folder()).join(file_of(split)),
            (Shape::File, None, "") => PathBuf::from(file_of("data")),
            (Shape::File, None, split) => PathBuf::from(file_of(split)),
        };
        let failed = |error| told(&at, error);
        let (sink, file) = match &self.root {
            Root::Streamed => return Ok(()),
            Root::Folder(folder, _) => {
                let path = folder.path().join(&at);
                if self.format.shape == Shape::Folder {
                    fs::create_dir_all(&path).map_err(failed)?;
                    (Sink::Folder(path), None)
                } else {
                    fs::create_dir_all(parent(&path)).map_err(failed)?;
                    let out = BufWriter::with_capacity(1 << 20, File::create(&path).map_err(failed)?);
                    (Sink::Stream(Box::new(out)), None)
                }
            }
            Root::Spooled | Root::File(_) | Root::Loose(_) => {
                let spool = std::env::temp_dir();
                let (beside, name) = match &self.root {
                    Root::File(target) | Root::Loose(target) => (parent(target), target.as_path()),
                    _ => (spool.as_path(), spool.as_path()),
                };
                let file = temporary(beside).map_err(|error| told(name, error))?;
                let out = BufWriter::with_capacity(1 << 20, file.reopen().map_err(failed)?);
                (Sink::Stream(Box::new(out)), Some(file))
            }
        };
        let reads = match split {
            split if self.format.keeps_parts_together() && !split.is_empty() => PathBuf::from(file_of(split)),
            _ => at.clone(),
        };
        let writer = (self.begin)(sink, &options).map_err(failed)?;
        self.parts.insert(key, Open { writer, part: Part { file, at, reads, documents: 0 } });
        Ok(())
    }

    /// Writes a document into its part of the split.
    pub(super) fn document(
        &mut self,
        split: usize,
        document: &Document,
        layers: &[Arc<Layer>],
    ) -> Result<Vec<Loss>, ExportError> {
        let mut losses = Vec::new();
        for (key, layers) in shares(self.per_annotator, split, layers) {
            if !self.parts.contains_key(&key) {
                self.open(key.clone())?;
            }
            if let Some(open) = self.parts.get_mut(&key) {
                open.part.documents += 1;
                let at = &open.part.at;
                losses.extend(open.writer.document(document, layers).map_err(|error| told(at, error))?);
            }
        }
        Ok(losses)
    }

    /// Everything was given.
    pub(super) fn finish(self) -> Result<Written, ExportError> {
        let mut parts = BTreeMap::new();
        for (key, Open { writer, part }) in self.parts {
            writer.finish().map_err(|error| told(&part.at, error))?;
            parts.insert(key, part);
        }
        Ok(Written { root: self.root, parts, beside: Vec::new() })
    }
}

/// Which layers of a document go where.
fn shares(per_annotator: bool, split: usize, layers: &[Arc<Layer>]) -> Vec<(Key, &[Arc<Layer>])> {
    if !per_annotator {
        return vec![((split, None), layers)];
    }
    layers.iter().map(|layer| ((split, Some(layer.annotator.clone())), std::slice::from_ref(layer))).collect()
}

impl Written {
    /// The folder everything lies in, where it is one: what comes with an export is put there.
    pub(super) fn folder(&self) -> Option<&Path> {
        match &self.root {
            Root::Folder(folder, _) => Some(folder.path()),
            _ => None,
        }
    }

    /// A file more beside a single one, published with it: where it waits. `None` where the export is no single file.
    pub(super) fn put_beside(&mut self, ending: &'static str, bytes: &[u8]) -> io::Result<Option<PathBuf>> {
        let Root::File(target) = &self.root else { return Ok(None) };
        let mut file = temporary(parent(target))?;
        file.write_all(bytes)?;
        let path = file.path().to_owned();
        self.beside.push((ending, file));
        Ok(Some(path))
    }

    fn path(&self, part: &Part) -> Option<PathBuf> {
        match (&part.file, &self.root) {
            (Some(file), _) => Some(file.path().to_owned()),
            (None, Root::Folder(folder, _)) => Some(folder.path().join(&part.reads)),
            (None, _) => None,
        }
    }

    /// The name a part will have, and how many documents it holds.
    pub(super) fn files(&self) -> Vec<(String, PathBuf, u64)> {
        let named = |part: &Part| {
            let at = match &self.root {
                Root::File(target) => target.file_name().map(PathBuf::from).unwrap_or_default(),
                _ => part.at.clone(),
            };
            Some((at.to_string_lossy().replace('\\', "/"), self.path(part)?, part.documents))
        };
        self.parts.values().filter_map(named).collect()
    }

    /// The beginning of what was written, as text, file by file; binary ones are left out. At most `most` bytes of each.
    pub(super) fn samples(&self, most: u64) -> Vec<(String, String)> {
        let mut files = Vec::new();
        for (name, path, _) in self.files() {
            if path.is_dir() {
                let name_of = |file: &PathBuf| file.strip_prefix(&path).map(|at| at.to_string_lossy().into_owned());
                files.extend(first(&path, 6).into_iter().filter_map(|file| Some((name_of(&file).ok()?, file))));
            } else {
                files.push((name, path));
            }
        }
        let read = |(name, path): (String, PathBuf)| {
            let mut bytes = Vec::new();
            File::open(path).ok()?.take(most).read_to_end(&mut bytes).ok()?;
            let text = match std::str::from_utf8(&bytes) {
                Ok(text) => text.to_owned(),
                Err(error) if error.error_len().is_none() => {
                    String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned()
                }
                Err(_) => return None,
            };
            (!text.contains('\0')).then_some((name, text))
        };
        files.into_iter().filter_map(read).collect()
    }

    pub(super) fn read_back(&self, plan: &ExportPlan) -> Result<Back, ExportError> {
        let mut files = BTreeMap::new();
        for (key, part) in &self.parts {
            // What has gone down a stream cannot be read again; `begin` keeps it back where it is to be.
            let Some(path) = self.path(part) else { continue };
            let failed = |error| told(&part.at, error);
            let reading = match Rehearsal::new(plan.format, &path).map_err(failed)? {
                Some(own) => Reading::Own(Box::new(own)),
                None => Reading::Exact(ReadBack::new(plan.format, path, plan.offsets).map_err(failed)?),
            };
            files.insert(key.clone(), reading);
        }
        Ok(Back { files })
    }

    /// Puts everything in its place, on disk when this returns. Gives the files that are there now.
    pub(super) fn publish(self, stream: &mut dyn Write) -> Result<Vec<PathBuf>, ExportError> {
        let Self { root, parts, beside } = self;
        let files = parts.into_values().filter_map(|part| Some((part.file?, part.at)));
        match root {
            Root::Streamed => Ok(Vec::new()),
            Root::Spooled => {
                for (mut file, _) in files {
                    file.rewind()
                        .and_then(|()| io::copy(&mut file, stream))
                        .and_then(|_| stream.flush())
                        .map_err(|error| told(Path::new("the output"), error))?;
                }
                Ok(Vec::new())
            }
            Root::File(target) => {
                for (file, _) in files {
                    publish(file, &target).map_err(|error| told(&target, error))?;
                }
                let mut published = vec![target.clone()];
                for (ending, file) in beside {
                    let mut path = target.clone().into_os_string();
                    path.push(ending);
                    let path = PathBuf::from(path);
                    publish(file, &path).map_err(|error| told(&path, error))?;
                    published.push(path);
                }
                Ok(published)
            }
            Root::Folder(folder, target) => {
                let failed = |error| told(&target, error);
                sync_all(folder.path()).map_err(failed)?;
                if target.exists() {
                    fs::remove_dir(&target).map_err(failed)?;
                }
                fs::rename(folder.path(), &target).and_then(|()| sync(parent(&target))).map_err(failed)?;
                let _ = folder.keep();
                Ok(vec![target])
            }
            Root::Loose(target) => {
                fs::create_dir_all(&target).map_err(|error| told(&target, error))?;
                let mut published = Vec::new();
                for (file, at) in files {
                    let path = target.join(at);
                    publish(file, &path).map_err(|error| told(&path, error))?;
                    published.push(path);
                }
                Ok(published)
            }
        }
    }
}

impl Back {
    /// Compares the next document; gives what differs and is not among the losses that are known. An error is a difference in a format
    /// that loses nothing.
    pub(super) fn document(
        &mut self,
        split: usize,
        document: &Document,
        layers: &[Arc<Layer>],
        known: &[Loss],
    ) -> Result<Vec<Loss>, String> {
        let per_annotator = self.files.keys().any(|(_, whose)| whose.is_some());
        let mut losses = Vec::new();
        for (key, layers) in shares(per_annotator, split, layers) {
            match self.files.get_mut(&key) {
                Some(Reading::Exact(back)) => back.document(document, layers)?,
                Some(Reading::Own(own)) => losses.extend(own.document(document, layers, known)),
                None => return Err(format!("{}: there is no file for it", document.id)),
            }
        }
        Ok(losses)
    }

    pub(super) fn finish(self) -> Result<(), String> {
        self.files.into_values().try_for_each(|reading| match reading {
            Reading::Exact(back) => back.finish(),
            Reading::Own(own) => own.finish(),
        })
    }
}

fn told(path: &Path, error: io::Error) -> ExportError {
    ExportError::Io { what: path.display().to_string(), error }
}

/// The folder a path lies in.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    visible(tempfile::Builder::new().prefix(".spanwright-"), 0o666).tempfile_in(folder)
}

/// Readable by whom the system's mask allows, as any file that a program writes.
fn visible<'b, 'p, 's>(builder: &'b mut tempfile::Builder<'p, 's>, mode: u32) -> &'b mut tempfile::Builder<'p, 's> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = mode;
    builder
}

/// On disk under its name, or not at all.
fn publish(file: NamedTempFile, target: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(target).map_err(|error| error.error)?;
    sync(parent(target))
}

/// The first files below a folder, in order. Memory for so many, however many there are.
fn first(folder: &Path, most: usize) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut kept = BTreeSet::new();
    for entry in entries.flatten() {
        kept.insert(entry.path());
        if kept.len() > most {
            kept.pop_last();
        }
    }
    let mut files = Vec::new();
    for path in kept {
        let room = most - files.len();
        if path.is_dir() {
            files.extend(first(&path, room));
        } else if room > 0 {
            files.push(path);
        }
    }
    files
}

/// Files of a folder that are made durable one by one; one of thousands of small ones is left to the system.
const SYNCED: usize = 100;

/// Makes the large files of a folder durable.
fn sync_all(folder: &Path) -> io::Result<()> {
    let files = first(folder, SYNCED + 1);
    if files.len() <= SYNCED {
        for file in files {
            File::open(file)?.sync_all()?;
        }
    }
    Ok(())
}

/// Makes a new name durable.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
