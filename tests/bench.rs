//! `spanwright bench`: its rows print, and its statistics are right.

use std::process::{Command, Output, Stdio};
use std::time::Duration;

use spanwright::cli::Samples;
use tempfile::TempDir;

fn bench(arguments: &[&str]) -> Output {
    let home = TempDir::new().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_spanwright"));
    command.arg("bench").args(arguments).env("TMPDIR", home.path()).env("SPANWRIGHT_ANNOTATOR", "ana");
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        command.env(name, home.path().join("home"));
    }
    let output = command.stdin(Stdio::null()).output().unwrap();
    let left: Vec<_> = std::fs::read_dir(home.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert!(left.iter().all(|name| name == "home"), "the bench left {left:?}");
    output
}

/// The rows it prints.
fn rows(arguments: &[&str]) -> Vec<serde_json::Value> {
    let output = bench(&[&["--quick", "--format", "json"], arguments].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_row_is_printed_beside_its_goal() {
    let rows = rows(&["--only", "key"]);
    let [row] = rows.as_slice() else { panic!("{rows:#?}") };
    assert_eq!((&row["name"], &row["goal"], &row["unit"]), (&"key".into(), &"< 100 µs".into(), &"µs".into()));
    let number = |key: &str| row[key].as_f64().unwrap();
    assert!(number("median") > 0.0 && number("median") <= number("p99") && number("p99") <= number("max"), "{row}");
    assert_eq!(row["measured"], row["p99"]);
    assert_eq!(row["met"], if number("p99") < 100.0 { "yes" } else { "no" });
}

#[test]
fn several_rows_come_in_the_order_of_the_table() {
    let names: Vec<_> = rows(&["--only", "sync,open-document,saved"]).iter().map(|row| row["name"].clone()).collect();
    assert_eq!(names, ["saved", "open-document", "sync"]);
}

#[cfg(feature = "app")]
#[test]
fn frames_of_the_window_are_measured_on_their_own() {
    let rows = rows(&["window", "--only", "scroll-3k-arabic,drag-3k-latin,find-3k-latin,hop-3k-latin,window-idle"]);
    let names: Vec<_> = rows.iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["drag-3k-latin", "find-3k-latin", "scroll-3k-arabic", "hop-3k-latin", "window-idle"]);
    for row in &rows[..4] {
        let number = |key: &str| row[key].as_f64().unwrap();
        assert!(number("median") > 0.0 && number("median") <= number("p99") && number("p99") <= number("max"), "{row}");
        assert!(row["what"].as_str().unwrap().contains("3 kB, 30 spans"), "{row}");
    }
    assert_eq!(
        (&rows[4]["measured"], &rows[4]["met"]),
        (&0.into(), &"yes".into()),
        "a window at rest asks for no frame"
    );
}

#[test]
fn a_search_is_measured_and_finds_something() {
    let rows = rows(&["--only", "search"]);
    let note = rows[0]["note"].as_str().unwrap();
    assert!(
        rows[0]["measured"].is_number() && note.starts_with("5,000 documents, ") && !note.contains(" 0 hits"),
        "{note}"
    );
}

/// An interpreter that says what it is told to, whatever program it gets.
#[cfg(unix)]
fn interpreter(folder: &TempDir, says: &str) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder.path().join("python");
    std::fs::write(&path, format!("#!/bin/sh\ncat > /dev/null\n{says}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path.into_os_string().into_string().unwrap()
}

#[cfg(unix)]
#[test]
fn formats_are_measured_beside_the_libraries_that_own_them() {
    let folder = TempDir::new().unwrap();
    let python = interpreter(&folder, r#"echo '{"documents":200,"cpu":2.0,"wall":2.0,"memory":3000000}'"#);
    let rows = rows(&["formats", "--only", "beside-spacy,beside-pyarrow", "--beside", &python]);
    let found: Vec<_> = rows.iter().map(|row| (row["name"].as_str().unwrap(), row["goal"].as_str().unwrap())).collect();
    assert_eq!(found, [("beside-spacy", "> 10 times"), ("beside-pyarrow", "> 1 times"), ("beside-pyarrow-memory", "")]);
    for row in rows {
        let note = row["note"].as_str().unwrap();
        assert!(
            note.starts_with("theirs 100 documents/s, peak 3 MB; ours ") && note.ends_with("; 200 documents"),
            "{note}"
        );
        assert!(row["measured"].as_f64().unwrap() > 0.0 && row["unit"] == "times", "{row}");
    }
}

#[cfg(unix)]
#[test]
fn a_library_that_is_not_there_costs_its_row_alone() {
    let folder = TempDir::new().unwrap();
    let python = interpreter(&folder, "echo 'ModuleNotFoundError: No module named spacy' >&2; exit 1");
    let rows = rows(&["formats", "--only", "beside-spacy", "--beside", &python]);
    assert_eq!(rows[0]["measured"], serde_json::Value::Null);
    assert_eq!(rows[0]["note"], "not measured: ModuleNotFoundError: No module named spacy");
}

#[test]
fn libraries_are_measured_only_where_they_are_named() {
    let rows = rows(&["formats", "--only", "beside-spacy"]);
    assert_eq!(
        (&rows[0]["name"], &rows[0]["note"]),
        (&"beside-spacy".into(), &"--beside PYTHON says where the library is".into())
    );
    let output = bench(&["--only", "key", "--beside", "python3"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && told.contains("--beside belongs to `bench formats`"), "{told}");
}

#[test]
fn a_row_that_does_not_exist_is_refused() {
    let output = bench(&["--only", "kye"]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("No row begins with “kye”") && told.contains("open-document"), "{told}");
}

#[test]
fn percentiles_are_the_nearest_rank() {
    // How many samples, 1 to n milliseconds in any order: median, 99th percentile, greatest.
    for (count, median, p99, max) in
        [(0, 0, 0, 0), (1, 1, 1, 1), (2, 1, 2, 2), (5, 3, 5, 5), (100, 50, 99, 100), (200, 100, 198, 200)]
    {
        let samples: Samples = (1..=count).rev().map(Duration::from_millis).collect();
        let found = (samples.median(), samples.p99(), samples.max());
        assert_eq!(
            found,
            (Duration::from_millis(median), Duration::from_millis(p99), Duration::from_millis(max)),
            "{count}"
        );
    }
}
