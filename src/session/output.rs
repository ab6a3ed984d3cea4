//! Where an export goes while it is written: beside its target under another name, so that the target changes at once or not at all.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::{NamedTempFile, TempDir};

use super::export::{ExportError, ExportPlan, Target};
use crate::annotation::{Annotator, Layer};
use crate::formats::loss::Loss;
use crate::formats::options::WriteOptions;
use crate::formats::table::{Format, Shape, Sink, Writer};
use crate::formats::verify::ReadBack;
use crate::text::Document;

/// An export that is being written.
pub(super) enum Output<'a> {
    One { writer: Box<dyn Writer + 'a>, written: Written },
    PerAnnotator { target: PathBuf, format: &'static Format, options: WriteOptions, files: BTreeMap<Annotator, Part> },
}

/// One annotator's file.
pub(super) struct Part {
    writer: Box<dyn Writer>,
    file: NamedTempFile,
}

/// An export that is written and not yet in its place. Dropping it leaves nothing.
#[derive(Debug)]
pub(super) enum Written {
    /// It went to the stream as it was made.
    Streamed,
    /// It waits to go to the stream.
    Spooled(NamedTempFile),
    File(NamedTempFile, PathBuf),
    Folder(TempDir, PathBuf),
    PerAnnotator(BTreeMap<Annotator, NamedTempFile>, PathBuf),
}

/// What was written, read again.
pub(super) enum Back {
    One(ReadBack),
    PerAnnotator(BTreeMap<Annotator, ReadBack>),
}

impl<'a> Output<'a> {
    /// Nothing of the target is touched yet.
    pub(super) fn begin(
        plan: &ExportPlan,
        options: &WriteOptions,
        stream: &'a mut (dyn Write + Send),
    ) -> Result<Self, ExportError> {
        let begin = plan
            .format
            .writer
            .ok_or_else(|| ExportError::Plan(format!("{} is read, not written", plan.format.name)))?;
        let one = |sink, written: Written| match begin(sink, options) {
            Ok(writer) => Ok(Self::One { writer, written }),
            Err(error) => Err(told(Path::new(&written.name()), error)),
        };
        let in_folder = |target: &Path| temporary(parent(target)).map_err(|error| told(target, error));
        Ok(match &plan.target {
            Target::Stream if plan.strict || plan.verify => {
                let folder = std::env::temp_dir();
                let file = temporary(&folder).map_err(|error| told(&folder, error))?;
                one(stream_to(&file).map_err(|error| told(file.path(), error))?, Written::Spooled(file))?
            }
            Target::Stream => {
                one(Sink::Stream(Box::new(BufWriter::with_capacity(1 << 16, stream))), Written::Streamed)?
            }
            Target::Path(target) | Target::PerAnnotator(target) if plan.format.shape == Shape::Folder => {
                let empty = fs::read_dir(target).map(|mut entries| entries.next().is_none());
                if target.exists() && !empty.unwrap_or(false) {
                    let sentence = format!("{} is there and not an empty folder. Name a new folder", target.display());
                    return Err(ExportError::Plan(sentence));
                }
                let mut builder = tempfile::Builder::new();
                let folder = visible(builder.prefix(".spanwright-"), 0o777).tempdir_in(parent(target));
                let folder = folder.map_err(|error| told(target, error))?;
                one(Sink::Folder(folder.path().to_owned()), Written::Folder(folder, target.clone()))?
            }
            Target::Path(target) => {
                if target.is_dir() {
                    return Err(ExportError::Plan(format!("{} is a folder. Name a file", target.display())));
                }
                let file = in_folder(target)?;
                one(stream_to(&file).map_err(|error| told(target, error))?, Written::File(file, target.clone()))?
            }
            Target::PerAnnotator(target) => Self::PerAnnotator {
                target: target.clone(),
                format: plan.format,
                options: options.clone(),
                files: BTreeMap::new(),
            },
        })
    }

    pub(super) fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> Result<Vec<Loss>, ExportError> {
        match self {
            Self::One { writer, written } => {
                writer.document(document, layers).map_err(|error| ExportError::Io { what: written.name(), error })
            }
            Self::PerAnnotator { target, format, options, files } => {
                let mut losses = Vec::new();
                for layer in layers {
                    let failed = |error| told(target, error);
                    if !files.contains_key(&layer.annotator) {
                        let file = temporary(parent(target)).map_err(failed)?;
                        let Some(begin) = format.writer else { continue };
                        let writer = begin(stream_to(&file).map_err(failed)?, options).map_err(failed)?;
                        files.insert(layer.annotator.clone(), Part { writer, file });
                    }
                    if let Some(part) = files.get_mut(&layer.annotator) {
                        losses.extend(part.writer.document(document, std::slice::from_ref(layer)).map_err(failed)?);
                    }
                }
                Ok(losses)
            }
        }
    }

    /// Everything was given.
    pub(super) fn finish(self) -> Result<Written, ExportError> {
        match self {
            Self::One { writer, written } => {
                writer.finish().map_err(|error| ExportError::Io { what: written.name(), error })?;
                Ok(written)
            }
            Self::PerAnnotator { target, files, .. } => {
                let mut written = BTreeMap::new();
                for (annotator, Part { writer, file }) in files {
                    writer.finish().map_err(|error| told(&target, error))?;
                    written.insert(annotator, file);
                }
                Ok(Written::PerAnnotator(written, target))
            }
        }
    }
}

impl Written {
    fn name(&self) -> String {
        match self {
            Self::Streamed | Self::Spooled(_) => "the output".to_owned(),
            Self::File(_, target) | Self::Folder(_, target) | Self::PerAnnotator(_, target) => {
                target.display().to_string()
            }
        }
    }

    pub(super) fn read_back(&self, plan: &ExportPlan) -> Result<Back, ExportError> {
        let open =
            |path: &Path| ReadBack::new(plan.format, path.to_owned(), plan.offsets).map_err(|error| told(path, error));
        Ok(match self {
            // What has gone down a stream cannot be read again; `begin` keeps it back where it is to be.
            Self::Streamed => Back::PerAnnotator(BTreeMap::new()),
            Self::Spooled(file) | Self::File(file, _) => Back::One(open(file.path())?),
            Self::Folder(folder, _) => Back::One(open(folder.path())?),
            Self::PerAnnotator(files, _) => {
                let open =
                    |(annotator, file): (&Annotator, &NamedTempFile)| Ok((annotator.clone(), open(file.path())?));
                Back::PerAnnotator(files.iter().map(open).collect::<Result<_, ExportError>>()?)
            }
        })
    }

    /// Puts everything in its place, on disk when this returns. Gives the files that are there now.
    pub(super) fn publish(self, stream: &mut dyn Write) -> Result<Vec<PathBuf>, ExportError> {
        let name = self.name();
        let failed = |error| ExportError::Io { what: name.clone(), error };
        match self {
            Self::Streamed => Ok(Vec::new()),
            Self::Spooled(mut file) => {
                file.rewind().map_err(failed)?;
                io::copy(&mut file, stream).and_then(|_| stream.flush()).map_err(failed)?;
                Ok(Vec::new())
            }
            Self::File(file, target) => {
                publish(file, &target).map_err(failed)?;
                Ok(vec![target])
            }
            Self::Folder(folder, target) => {
                if target.exists() {
                    fs::remove_dir(&target).map_err(failed)?;
                }
                fs::rename(folder.path(), &target).and_then(|()| sync(parent(&target))).map_err(failed)?;
                let _ = folder.keep();
                Ok(vec![target])
            }
            Self::PerAnnotator(files, target) => {
                fs::create_dir_all(&target).map_err(failed)?;
                let mut published = Vec::new();
                for (annotator, file) in files {
                    let path = target.join(format!("{}.jsonl", annotator.folder()));
                    publish(file, &path).map_err(failed)?;
                    published.push(path);
                }
                Ok(published)
            }
        }
    }
}

impl Back {
    /// Compares the next document; says what differs.
    pub(super) fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> Result<(), String> {
        match self {
            Self::One(back) => back.document(document, layers),
            Self::PerAnnotator(files) => layers.iter().try_for_each(|layer| match files.get_mut(&layer.annotator) {
                Some(back) => back.document(document, std::slice::from_ref(layer)),
                None => Err(format!("there is no file of {}", layer.annotator)),
            }),
        }
    }

    pub(super) fn finish(self) -> Result<(), String> {
        match self {
            Self::One(back) => back.finish(),
            Self::PerAnnotator(files) => files.into_values().try_for_each(ReadBack::finish),
        }
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

fn stream_to(file: &NamedTempFile) -> io::Result<Sink<'static>> {
    Ok(Sink::Stream(Box::new(BufWriter::with_capacity(1 << 20, file.reopen()?))))
}

/// On disk under its name, or not at all.
fn publish(file: NamedTempFile, target: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(target).map_err(|error| error.error)?;
    sync(parent(target))
}

/// Makes a new name durable.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
