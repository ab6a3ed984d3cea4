//! The documents at the top level say what is true.

use std::path::Path;

use spanwright::session::{Action, Group};

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The README's key table, from the catalogue.
fn keys() -> String {
    let mut table = String::from(
        "\n| key | does |\n|---|---|\n| letter or digit of a label | marks the selection, else relabels the selected span, else marks the label’s unit at the caret |\n| letter of a relation | chooses the other end, nearest first; again for the next; Enter fixes |\n",
    );
    for group in Group::ALL {
        for action in Action::catalogue() {
            let info = action.info();
            if info.group == group && !info.keys.is_empty() {
                let keys: Vec<String> =
                    info.keys.iter().map(|key| format!("`{}`", key.replace("Comma", ","))).collect();
                table.push_str(&format!("| {} | {} |\n", keys.join(" "), info.title.trim_end_matches('…')));
            }
        }
    }
    table
}

#[test]
fn the_readme_lists_the_keys_of_the_catalogue() {
    const BEGIN: &str = "`UPDATE_README=1 cargo test readme` writes it anew -->\n";
    const END: &str = "<!-- end of keys -->";
    let readme = read("README.md");
    let start = readme.find(BEGIN).unwrap() + BEGIN.len();
    let end = readme.find(END).unwrap();
    let wanted = format!("{}\n", keys());
    if std::env::var_os("UPDATE_README").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
        std::fs::write(path, format!("{}{wanted}{}", &readme[..start], &readme[end..])).unwrap();
    } else {
        assert_eq!(&readme[start..end], wanted, "run UPDATE_README=1 cargo test readme");
    }
}

#[test]
fn every_crate_of_the_lock_file_that_is_shipped_has_its_licence_listed() {
    let listed = read("THIRD-PARTY.md");
    let lock = read("Cargo.lock");
    let own = lock.split("[[package]]").find(|package| package.contains("name = \"spanwright\"")).unwrap();
    let direct = own.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\",")).collect::<Vec<_>>();
    assert!(direct.len() > 20);
    for name in direct {
        let name = name.split(' ').next().unwrap();
        if name != "proptest" {
            assert!(listed.contains(&format!("| {name} |")), "{name} is missing: run python3 tests/third-party.py");
        }
    }
}

#[test]
fn no_network_library_is_among_the_dependencies() {
    let lock = read("Cargo.lock");
    for name in ["reqwest", "ureq", "hyper", "curl", "rustls", "native-tls", "openssl", "tungstenite", "h2"] {
        assert!(!lock.contains(&format!("name = \"{name}\"\n")), "{name}");
    }
}

#[test]
fn the_tree_names_no_machine() {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                if !matches!(name.as_str(), ".git" | "target" | ".store") {
                    walk(&path, found);
                }
            } else if !matches!(name.as_str(), "Cargo.lock" | ".git")
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                let roots = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];
                found.extend(roots.iter().filter(|root| text.contains(**root)).map(|root| format!("{name}: {root}")));
            }
        }
    }
    let mut found = Vec::new();
    walk(Path::new(env!("CARGO_MANIFEST_DIR")), &mut found);
    assert!(found.is_empty(), "{found:?}");
}
