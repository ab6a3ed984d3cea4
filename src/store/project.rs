//! [`Project`]: the folder people see, edit and version, and what marks it as one.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;
use ulid::Ulid;

use super::disk::Disk;
use super::place::{self, Mount};
use super::sqlite::{Options, Sqlite};
use super::{Job, Mirrored, Store, StoreError};

/// The format of the folder that this program writes.
const FORMAT: u32 = 1;

/// A project's folder: `project.ron`, `schema.ron`, `guidelines.md`, `articles/`, `layers/`, and `.store/`, which is made from the rest.
#[derive(Clone, Debug)]
pub struct Project {
    folder: PathBuf,
    store: PathBuf,
    about: About,
    read_only: Option<String>,
}

/// What `project.ron` says. The file is read and never rewritten, so comments and unknown fields stay.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename = "Project")]
struct About {
    format: u32,
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    created: String,
}

impl Project {
    /// Makes a project in a folder that is empty or not there yet, and opens it. `schema` is the source of `schema.ron`.
    pub fn create(folder: &Path, name: &str, schema: &str) -> Result<Self, StoreError> {
        let file = folder.join("project.ron");
        if file.exists() {
            return Err(StoreError::Damaged {
                what: format!("{} is a project already", folder.display()),
                fix: "Open it, or choose another folder".to_owned(),
            });
        }
        let told = |path: &Path| {
            let path = path.to_owned();
            move |error| StoreError::of_file(&path, &error)
        };
        for part in ["articles", "layers"] {
            let part = folder.join(part);
            fs::create_dir_all(&part).map_err(told(&part))?;
        }
        let disk = Disk::default();
        let write = |part: &str, content: &str| {
            let part = folder.join(part);
            disk.replace(&part, content.as_bytes()).map_err(told(&part))
        };
        write("schema.ron", schema)?;
        let guidelines = folder.join("guidelines.md");
        if !guidelines.exists() {
            write("guidelines.md", &format!("# Guidelines for {name}\n\nWhat to mark, and what not.\n"))?;
        }
        // Written last: without it the folder is no project.
        let (id, created) = (Ulid::generate(), Timestamp::now());
        let created = created.strftime("%Y-%m-%dT%H:%M:%SZ");
        let name = ron::to_string(name)
            .map_err(|error| StoreError::Io { what: "The project's name".to_owned(), why: error.to_string() })?;
        let about = format!(
            "// A Spanwright project: articles/ and layers/ hold the work, schema.ron the labels. .store/ is made from them.\n\
             Project(\n    format: {FORMAT},\n    id: \"{id}\",\n    name: {name},\n    created: \"{created}\",\n)\n"
        );
        write("project.ron", &about)?;
        Self::open(folder)
    }

    /// Opens a project's folder. A folder without `project.ron` is refused; a newer format is opened for reading.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::open_with(folder, &place::mounts(), &place::local_data())
    }

    /// Like [`open`](Self::open), with this table of mounts, and this folder for the databases of projects that cannot hold their own.
    pub fn open_with(folder: &Path, mounts: &[Mount], local: &Path) -> Result<Self, StoreError> {
        let file = folder.join("project.ron");
        if !file.is_file() {
            return Err(StoreError::Damaged {
                what: format!("{} is no Spanwright project: it has no project.ron", folder.display()),
                fix: "Open the folder that has one, or make a project with `spanwright new`".to_owned(),
            });
        }
        let source = fs::read_to_string(&file).map_err(|error| StoreError::of_file(&file, &error))?;
        let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
        let about: About = options.from_str(&source).map_err(|error| StoreError::Damaged {
            what: format!("{} cannot be read, at {error}", file.display()),
            fix: "It should read like Project(format: 1, id: \"…\", name: \"…\", created: \"…\")".to_owned(),
        })?;
        let folder = folder.canonicalize().map_err(|error| StoreError::of_file(folder, &error))?;
        let mut read_only = None;
        if about.format > FORMAT {
            let (theirs, ours) = (about.format, FORMAT);
            read_only = Some(format!(
                "its format is {theirs}, and this Spanwright knows formats up to {ours}; install a newer one to work on it"
            ));
        } else if !place::is_writable(&folder) {
            read_only = Some("its folder may not be written".to_owned());
        }
        let store = match place::why_not_here(&folder, mounts) {
            Some(_) => place::local_store(local, &about.id, &folder),
            None => folder.join(".store"),
        };
        // Where there is nothing to read and nothing may be written, the database is made elsewhere.
        let store = if read_only.is_some() && !store.join("work.db").exists() {
            place::local_store(local, &about.id, &folder)
        } else {
            store
        };
        let project = Self { folder, store, about, read_only };
        project.make_store()?;
        Ok(project)
    }

    fn make_store(&self) -> Result<(), StoreError> {
        let inside = self.store.starts_with(&self.folder);
        if self.read_only.is_some() && inside {
            return Ok(());
        }
        fs::create_dir_all(&self.store).map_err(|error| StoreError::of_file(&self.store, &error))?;
        let ignore = self.store.join(".gitignore");
        if inside && !ignore.exists() {
            let written = Disk::default().replace(&ignore, b"*\n");
            written.map_err(|error| StoreError::of_file(&ignore, &error))?;
        }
        Ok(())
    }

    /// The project's folder, absolute.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where its databases are; usually `.store` in the folder.
    pub fn store(&self) -> &Path {
        &self.store
    }

    /// A ULID, made with the project and the same on every machine.
    pub fn id(&self) -> &str {
        &self.about.id
    }

    /// Its name; the folder's where it has none.
    pub fn name(&self) -> String {
        if self.about.name.is_empty() {
            return self.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        }
        self.about.name.clone()
    }

    /// When it was made, as the file says.
    pub fn created(&self) -> &str {
        &self.about.created
    }

    /// Why it can only be read, if it can only be read.
    pub fn read_only(&self) -> Option<&str> {
        self.read_only.as_deref()
    }

    /// The source of `schema.ron`.
    pub fn schema(&self) -> Result<String, StoreError> {
        let file = self.folder.join("schema.ron");
        fs::read_to_string(&file).map_err(|error| StoreError::of_file(&file, &error))
    }
}

/// Opens a project's store, and says what was found on the way.
pub fn open_store(project: &Project, job: &Job) -> Result<(Box<dyn Store>, Mirrored), StoreError> {
    let (store, report) = Sqlite::open(project, Options::default(), job)?;
    Ok((Box::new(store), report))
}
