//! Files one after the other: each is the layer of one annotator in one document.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::types::Types;
use super::{Syntax, document, files, json, xmi};
use crate::formats::options::ReadOptions;
use crate::formats::record::{Record, Records};
use crate::text::{Place, Problem};

pub(super) fn reader(path: &Path, options: &ReadOptions, syntax: Syntax) -> io::Result<Records> {
    let root = if path.is_dir() { path.to_owned() } else { path.parent().unwrap_or(Path::new(".")).to_owned() };
    let files = if path.is_dir() { files(path, syntax) } else { vec![path.to_owned()] };
    if !path.is_dir() {
        // Whether it can be opened is said at once.
        File::open(path)?;
    }
    // A document is a folder of its annotators, unless files lie in the folder that was named.
    let flat = files.iter().any(|file| file.parent() == Some(path) && is_cas(file, syntax));
    let nested = path.is_dir() && !flat;
    // Types and structures say everything again around the text.
    let limit = options.limits.document_bytes.saturating_mul(8);
    Ok(Box::new(Casses {
        root,
        folder: path.is_dir(),
        nested,
        files: files.into(),
        syntax,
        limit,
        types: None,
        none: false,
        read: 0,
    }))
}

/// By its first bytes: JSON of another kind may lie beside.
fn is_cas(path: &Path, syntax: Syntax) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).is_ok_and(|file| file.take(4096).read_to_end(&mut start).is_ok());
    syntax == Syntax::Xmi || !read || memchr::memmem::find(&start, b"\"%").is_some()
}

struct Casses {
    root: PathBuf,
    /// A folder was named, not a file.
    folder: bool,
    nested: bool,
    files: VecDeque<PathBuf>,
    syntax: Syntax,
    limit: u64,
    /// The type system last read, and where it stood.
    types: Option<(PathBuf, Arc<Types>)>,
    /// The folder that was named has none, which was said.
    none: bool,
    read: u64,
}

impl Iterator for Casses {
    type Item = Result<Record, Box<Problem>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let path = self.files.pop_front()?;
            // Other JSON may lie beside.
            if self.folder && !is_cas(&path, self.syntax) {
                continue;
            }
            return Some(self.file(&path));
        }
    }
}

impl Casses {
    fn file(&mut self, path: &Path) -> Result<Record, Box<Problem>> {
        let place = Place::file(path.display().to_string());
        let refused = |sentence: String| {
            Box::new(Problem::error(place.clone(), format!("{sentence}; the file was not imported")))
        };
        let file = File::open(path).map_err(|error| refused(error.to_string()))?;
        let size = file.metadata().map_or(0, |data| data.len());
        self.read += size;
        if size > self.limit {
            return Err(refused(format!("it has more than the {} MiB allowed", self.limit >> 20)));
        }
        let mut problems = Vec::new();
        let (cas, types) = match self.syntax {
            Syntax::Xmi => {
                let types = self.types(path, &place, &mut problems);
                let source = BufReader::with_capacity(1 << 16, file);
                (xmi::read(source, &types, &place, &mut problems).map_err(refused)?, types)
            }
            Syntax::Json => {
                let bytes = fs::read(path).map_err(|error| refused(error.to_string()))?;
                let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
                let value =
                    serde_json::from_slice(bytes).map_err(|error| refused(format!("it is no JSON: {error}")))?;
                let (cas, types) = json::read(value, &place, &mut problems).map_err(refused)?;
                if types.is_empty() {
                    problems
                        .push(Problem::note(place.clone(), "it has no %TYPES: its structures are read as they are"));
                }
                (cas, Arc::new(types))
            }
        };
        let name = |path: Option<&Path>| path.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let names = match name(path.parent()).filter(|_| self.nested) {
            Some(folder) => document::Names { id: folder, annotator: Some(stem) },
            None => document::Names { id: stem, annotator: None },
        };
        let mut record = document::record(&cas, &types, names, place.clone(), problems).map_err(refused)?;
        record.read = self.read;
        Ok(record)
    }

    /// The type system in the file's folder, or in one above it up to the folder that was named.
    fn types(&mut self, path: &Path, place: &Place, problems: &mut Vec<Problem>) -> Arc<Types> {
        let mut folder = path.parent();
        while let Some(here) = folder {
            if let Some((_, types)) = self.types.as_ref().filter(|(known, _)| known.parent() == Some(here)) {
                return Arc::clone(types);
            }
            if here == self.root && self.none {
                return Arc::default();
            }
            let found = fs::read_dir(if here.as_os_str().is_empty() { Path::new(".") } else { here });
            let is_types = |path: &PathBuf| {
                path.file_name().is_some_and(|name| name.to_string_lossy().eq_ignore_ascii_case("typesystem.xml"))
            };
            let found = found.ok().and_then(|entries| entries.flatten().map(|entry| entry.path()).find(is_types));
            if let Some(found) = found {
                let types = Types::at(&found).unwrap_or_else(|error| {
                    let sentence = format!("the type system cannot be read ({error}): what the types hold is guessed");
                    problems.push(Problem::warning(Place::file(found.display().to_string()), sentence));
                    Types::default()
                });
                let types = Arc::new(types);
                self.types = Some((found, Arc::clone(&types)));
                return types;
            }
            if here == self.root {
                break;
            }
            folder = here.parent();
        }
        self.none = true;
        let sentence = "there is no TypeSystem.xml beside it: what the types hold is guessed";
        problems.push(Problem::warning(place.clone(), sentence));
        Arc::default()
    }
}
