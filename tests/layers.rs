//! The layers of the code hold: each part uses only what stands left of it.

use std::fs;
use std::path::{Path, PathBuf};

/// Which parts each part may use, besides itself.
const ORDER: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("schema", &["text"]),
    ("annotation", &["text", "schema"]),
    ("edit", &["text", "schema", "annotation"]),
    ("store", &["text", "schema", "annotation", "edit"]),
    ("formats", &["text", "schema", "annotation", "edit"]),
    ("agreement", &["text", "schema", "annotation", "edit"]),
    ("assist", &["text", "schema", "annotation", "edit"]),
    ("review", &["text", "schema", "annotation", "edit", "store", "formats", "agreement", "assist"]),
    ("session", &["text", "schema", "annotation", "edit", "store", "formats", "agreement", "assist", "review"]),
    ("app", &["text", "schema", "annotation", "edit", "store", "formats", "agreement", "assist", "review", "session"]),
    ("cli", &["text", "schema", "annotation", "edit", "store", "formats", "agreement", "assist", "review", "session"]),
];

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The parts that a source file names after `crate::`, also in groups: `use crate::{schema, text::Text};`.
fn parts_used(source: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    for piece in code.split("crate::").skip(1) {
        let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        if let Some(group) = piece.strip_prefix('{') {
            let mut depth = 0;
            let mut start = true;
            for (place, character) in group.char_indices() {
                match character {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => start = true,
                    _ if start && !character.is_whitespace() => {
                        parts.push(word(&group[place..]));
                        start = false;
                    }
                    _ => {}
                }
            }
        } else {
            parts.push(word(piece));
        }
    }
    parts
}

#[test]
fn each_part_uses_only_what_stands_left_of_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&src).unwrap();
        let part = relative.components().next().unwrap().as_os_str().to_str().unwrap();
        let Some((_, allowed)) = ORDER.iter().find(|(name, _)| *name == part) else {
            assert!(matches!(part, "main.rs" | "lib.rs"), "{part} has no place in the order of layers");
            continue;
        };
        for used in parts_used(&fs::read_to_string(&file).unwrap()) {
            if used != part && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{} uses crate::{used}", relative.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_reader_of_uses_reads_groups() {
    assert_eq!(
        parts_used("use crate::{text::{Text, segment}, schema};\nuse crate::edit::Edit;"),
        ["text", "schema", "edit"]
    );
    assert_eq!(parts_used("// crate::app\nlet x = crate::store::open();"), ["store"]);
}

/// No part of the window's libraries is named below `app`, and no SQL above `store`.
#[test]
fn libraries_stay_in_their_layers() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&src).unwrap().to_str().unwrap().to_owned();
        let source = fs::read_to_string(&file).unwrap();
        for (library, homes) in
            [("egui", &["app/"][..]), ("parley", &["app/reading/", "app/fonts"][..]), ("rusqlite", &["store/"][..])]
        {
            let named = source.lines().any(|line| {
                !line.trim_start().starts_with("//")
                    && (line.contains(&format!("{library}::")) || line.contains(&format!("use {library}")))
            });
            if named && !homes.iter().any(|home| relative.starts_with(home)) {
                wrong.push(format!("{relative} names {library}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
