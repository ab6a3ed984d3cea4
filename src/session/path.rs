//! What a path stands for, as people type or paste it: a project, articles, or nothing that can be opened.

use std::fs;
use std::path::{Path, PathBuf};

use crate::formats::articles::ArticleFormat;
use crate::formats::table::{FORMATS, Format};

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A project's folder.
    Project(PathBuf),
    /// A folder, file or archive that articles or other programs' data can be read from.
    Articles(PathBuf),
    /// Nothing that can be opened: why.
    Nothing(String),
}

/// What a path as people type or paste it stands for: `~`, quotes around it and `file://` are understood. `None`: nothing was typed.
pub fn look(words: &str) -> Option<Found> {
    typed(words).map(|path| look_at(&path))
}

/// What is at a path. Looks at the path alone, not at what is below it.
pub fn look_at(path: &Path) -> Found {
    let Ok(found) = fs::metadata(path) else {
        let near = path.ancestors().skip(1).find(|part| part.is_dir() && !part.as_os_str().is_empty());
        let near =
            near.map(|near| format!(". The last folder that is there is {}", near.display())).unwrap_or_default();
        return Found::Nothing(format!("There is no file or folder of this name{near}"));
    };
    let in_project = |folder: &Path| folder.join("project.ron").is_file();
    let named = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if found.is_dir() && in_project(path) {
        return Found::Project(path.to_owned());
    }
    // A part of a project stands for the project.
    let parent = path.parent().filter(|parent| in_project(parent));
    if let Some(parent) = parent
        && matches!(named, "project.ron" | "schema.ron" | "guidelines.md" | "articles" | "layers" | ".store")
    {
        return Found::Project(parent.to_owned());
    }
    if found.is_dir() {
        return Found::Articles(path.to_owned());
    }
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let is_data = |format: &&Format| {
        format.reader.is_some() && format.extensions.iter().any(|known| known.eq_ignore_ascii_case(ending))
    };
    let is_article = ArticleFormat::of_ending(ending).is_some() || ending.eq_ignore_ascii_case("zip");
    if is_article || FORMATS.iter().any(is_data) {
        return Found::Articles(path.to_owned());
    }
    Found::Nothing(
        "Articles are read from .txt, .md, .html, .jsonl, .json, .csv, .tsv and .zip files and from folders; labelled data in the files of other programs"
            .to_owned(),
    )
}

/// A path as people type or paste it.
pub fn typed(words: &str) -> Option<PathBuf> {
    let words = words.trim();
    let words = [('"', '"'), ('\'', '\''), ('“', '”')]
        .iter()
        .find_map(|(open, close)| words.strip_prefix(*open)?.strip_suffix(*close))
        .unwrap_or(words);
    if words.is_empty() {
        return None;
    }
    if let Some(path) = words.strip_prefix("file://") {
        return Some(PathBuf::from(unescaped(path)));
    }
    if let Some(rest) = words.strip_prefix('~')
        && (rest.is_empty() || rest.starts_with(['/', std::path::MAIN_SEPARATOR]))
        && let Some(user) = directories::BaseDirs::new()
    {
        return Some(user.home_dir().join(rest.trim_start_matches(['/', std::path::MAIN_SEPARATOR])));
    }
    Some(PathBuf::from(words))
}

/// `%20` and the like, as file managers write them.
fn unescaped(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

/// Where a project made of these articles would go: beside them, so that they stay as they are. Never a folder that is there.
pub fn beside(articles: &[PathBuf]) -> PathBuf {
    let user = || directories::UserDirs::new().and_then(|user| user.document_dir().map(Path::to_owned));
    let first = articles.first().and_then(|first| std::path::absolute(first).ok());
    let folder = first.as_deref().and_then(Path::parent).map(Path::to_owned).or_else(user).unwrap_or_default();
    let own = |path| if Path::is_dir(path) { path.file_name() } else { path.file_stem() };
    let name = first.as_deref().filter(|_| articles.len() == 1).and_then(own);
    let name = name.or_else(|| folder.file_name()).map(|name| name.to_string_lossy().into_owned());
    let name = format!("{}-spanwright", name.filter(|name| !name.is_empty()).unwrap_or_else(|| "articles".to_owned()));
    let free = |path: &PathBuf| !path.exists();
    let numbered = (2..1000).map(|number| folder.join(format!("{name}-{number}")));
    std::iter::once(folder.join(&name)).chain(numbered).find(free).unwrap_or_else(|| folder.join(&name))
}
