//! The README's tables of formats: every command in them is run, on files that the sample was turned into.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const README: &str = include_str!("../README.md");
const NEWSROOM: &str = include_str!("../datasets/newsroom/newsroom.jsonl");

/// Our own, in the manner of `INCEpTION`'s exports.
const TSV: &str = "#FORMAT=WebAnno TSV 3.2\n#T_SP=webanno.custom.Entity|value\n\n\n#Text=Mara Lind left Oslo.\n1-1\t0-4\tMara\tPER[1]\t\n1-2\t5-9\tLind\tPER[1]\t\n1-3\t10-14\tleft\t_\t\n1-4\t15-19\tOslo\tLOC\t\n1-5\t19-20\t.\t_\t\n";

/// The files that the commands name, and the format each is to be of.
const INPUTS: [(&str, &str); 12] = [
    ("brat-folder", "brat"),
    ("admin.jsonl", "doccano"),
    ("project-1.json", "label-studio"),
    ("annotations.jsonl", "prodigy"),
    ("cas-folder", "cas-xmi"),
    ("train.spacy", "spacy"),
    ("train.json", "spacy-json"),
    ("train.parquet", "parquet"),
    ("dataset", "hf"),
    ("eng.conll", "conll"),
    ("corpus.conllu", "conllu"),
    ("spans.jsonl", "spans"),
];

fn run(folder: &Path, line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spanwright"));
    command.args(line.split_whitespace().skip(1)).current_dir(folder);
    for name in ["SPANWRIGHT_ANNOTATOR", "DISPLAY", "WAYLAND_DISPLAY"] {
        command.env_remove(name);
    }
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        command.env(name, folder.join("home"));
    }
    command.env("USER", "ana").stdin(Stdio::null()).output().unwrap()
}

/// It was done, and says so many spans.
fn done(folder: &Path, line: &str) -> String {
    let output = run(folder, line);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{line}\n{said}");
    said
}

/// The commands of one table.
fn commands(heading: &str) -> Vec<&'static str> {
    let table = README.split(&format!("| {heading} | command |\n|---|---|\n")).nth(1).unwrap();
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    rows.map(|row| row.split('`').nth(1).unwrap()).collect()
}

/// One annotator's layers of the sample, in every format.
fn inputs(folder: &Path) {
    let lines = NEWSROOM.lines().take(6).map(|line| {
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
        line["layers"].as_array_mut().unwrap().retain(|layer| layer["annotator"] == "ana");
        format!("{line}\n")
    });
    fs::write(folder.join("sample.jsonl"), lines.collect::<String>()).unwrap();
    for (name, format) in INPUTS {
        done(folder, &format!("spanwright convert sample.jsonl --format {format} --out {name}"));
    }
    fs::write(folder.join("document.tsv"), TSV).unwrap();
}

#[test]
fn every_way_in_that_the_readme_names_brings_documents_with_their_spans() {
    let folder = TempDir::new().unwrap();
    inputs(folder.path());
    let commands = commands("coming from");
    assert_eq!(commands.len(), INPUTS.len() + 1);
    for command in commands {
        let said = done(folder.path(), command);
        let spans: Vec<&str> = said.lines().filter(|line| line.contains("imported (")).collect();
        assert!(spans.len() == 1 && !spans[0].contains("(0 spans)"), "{command}\n{said}");
        assert!(!said.contains("not imported"), "{command}\n{said}");
        fs::remove_dir_all(folder.path().join("news")).unwrap();
    }
}

#[test]
fn every_way_out_that_the_readme_names_writes_what_it_says() {
    let folder = TempDir::new().unwrap();
    inputs(folder.path());
    done(folder.path(), "spanwright new news sample.jsonl --schema news");
    for command in commands("going to") {
        let out = command.split_whitespace().skip_while(|word| *word != "--out").nth(1).unwrap();
        let out = folder.path().join(out);
        if out.is_dir() {
            fs::remove_dir_all(&out).unwrap();
        }
        if command.contains(" convert ") {
            done(folder.path(), "spanwright export news --format brat --all --out brat-folder-2");
            fs::rename(folder.path().join("brat-folder-2"), folder.path().join("brat-folder")).unwrap_or_default();
        }
        let said = done(folder.path(), command);
        assert!(said.contains("6 documents exported"), "{command}\n{said}");
        assert!(out.exists(), "{command}");
        if out.is_dir() {
            assert!(out.join("manifest.json").is_file() && out.join("README.md").is_file(), "{command}");
        }
    }
}
