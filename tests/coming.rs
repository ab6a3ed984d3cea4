//! The README's tables of formats: every command in them is run, on files that the sample was turned into.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::packed;

const README: &str = include_str!("../README.md");
const NEWSROOM: &str = include_str!("../datasets/newsroom/newsroom.jsonl");

/// Our own, in the manner of `INCEpTION`'s exports.
const TSV: &str = "#FORMAT=WebAnno TSV 3.2\n#T_SP=webanno.custom.Entity|value\n\n\n#Text=Mara Lind left Oslo.\n1-1\t0-4\tMara\tPER[1]\t\n1-2\t5-9\tLind\tPER[1]\t\n1-3\t10-14\tleft\t_\t\n1-4\t15-19\tOslo\tLOC\t\n1-5\t19-20\t.\t_\t\n";

/// As scripts write them.
const ROWS: &str =
    r#"[{"tokens": ["Mara", "Lind", "left", "Oslo", "."], "ner_tags": ["B-PER", "I-PER", "O", "B-LOC", "O"]}]"#;

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

/// One annotator's layers of the sample.
fn sample(folder: &Path) {
    let lines = NEWSROOM.lines().take(6).map(|line| {
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
        line["layers"].as_array_mut().unwrap().retain(|layer| layer["annotator"] == "ana");
        format!("{line}\n")
    });
    fs::write(folder.join("sample.jsonl"), lines.collect::<String>()).unwrap();
}

/// The same, in every format.
fn inputs(folder: &Path) {
    sample(folder);
    for (name, format) in INPUTS {
        done(folder, &format!("spanwright convert sample.jsonl --format {format} --out {name}"));
    }
    fs::write(folder.join("document.tsv"), TSV).unwrap();
    fs::write(folder.join("rows.json"), ROWS).unwrap();
    let mut project = packed::project();
    // What is said of these is told elsewhere.
    project.retain(|(name, _)| !["ser", "pdf"].contains(&name.rsplit('.').next().unwrap()));
    let entries: Vec<(&str, &[u8])> = project.iter().map(|(name, content)| (*name, content.as_slice())).collect();
    fs::write(folder.join("project.zip"), packed::zipped(&entries)).unwrap();
}

#[test]
fn every_way_in_that_the_readme_names_brings_documents_with_their_spans() {
    let folder = TempDir::new().unwrap();
    inputs(folder.path());
    let commands = commands("coming from");
    assert_eq!(commands.len(), INPUTS.len() + 3);
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

/// The files of a folder whose names begin so, sorted.
fn named(folder: &Path, begin: &str) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.starts_with(begin)).collect();
    names.sort();
    names
}

#[test]
fn a_single_file_comes_with_a_manifest_and_a_card_when_they_are_asked_for() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    sample(folder);
    done(folder, "spanwright new news sample.jsonl --schema news");
    done(folder, "spanwright export news --format spacy --annotator ana --out alone.spacy");
    assert_eq!(named(folder, "alone"), ["alone.spacy"]);
    done(folder, "spanwright export news --format spacy --annotator ana --card --licence CC0-1.0 --out gold.spacy");
    assert_eq!(named(folder, "gold"), ["gold.spacy", "gold.spacy.card.md", "gold.spacy.manifest.json"]);
    assert_eq!(fs::read(folder.join("alone.spacy")).unwrap(), fs::read(folder.join("gold.spacy")).unwrap());
    let card = fs::read_to_string(folder.join("gold.spacy.card.md")).unwrap();
    assert!(card.contains("CC0-1.0") && card.contains("`gold.spacy.manifest.json` beside this file"), "{card}");
    let manifest = fs::read_to_string(folder.join("gold.spacy.manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let files = manifest["files"].as_array().unwrap();
    assert_eq!((files.len(), &files[0]["documents"]), (2, &6.into()));
    for (file, name) in files.iter().zip(["gold.spacy", "gold.spacy.card.md"]) {
        let bytes = fs::read(folder.join(name)).unwrap();
        let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((&file["path"], &file["bytes"]), (&name.into(), &bytes.len().into()));
        assert_eq!(file["sha256"], *sha256, "{name}");
    }
    // Label Studio asks for its configuration before it takes the tasks.
    done(folder, "spanwright export news --format label-studio --annotator ana --card --out tasks.json");
    let names = ["tasks.json", "tasks.json.card.md", "tasks.json.config.xml", "tasks.json.manifest.json"];
    assert_eq!(named(folder, "tasks"), names);
}

#[test]
fn a_card_is_refused_where_it_would_lie_nowhere() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    sample(folder);
    done(folder, "spanwright new news sample.jsonl --schema news");
    for (out, says) in [("-", "Nothing can lie beside a stream"), ("./", "is not empty")] {
        let output = run(folder, &format!("spanwright export news --format spacy --annotator ana --card --out {out}"));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && said.contains(says) && output.stdout.is_empty(), "{said}");
    }
}

/// Ana's project, and Ben's layers as he sends them: assigned, taken in, compared, settled, given out.
#[test]
fn what_the_readme_says_to_a_team_is_done() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    fs::write(folder.join("newsroom.jsonl"), NEWSROOM).unwrap();
    fs::create_dir(folder.join("theirs")).unwrap();
    done(folder, "spanwright new both newsroom.jsonl");
    done(folder, "spanwright export both --format spanwright --annotator ana --out ana.jsonl");
    done(folder, "spanwright export both --format spanwright --annotator ben --out theirs/ben.jsonl");
    done(folder, "spanwright new news ana.jsonl");
    let part = README.split("## Two annotators, one truth\n").nth(1).unwrap();
    let lines = part
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with("    "))
        .map(|line| line.split('#').next().unwrap().trim());
    let lines: Vec<&str> = lines.collect();
    assert_eq!(lines.len(), 6, "{lines:?}");
    for line in lines {
        let output = run(folder, line);
        assert_eq!(output.status.code(), Some(0), "{line}\n{}", String::from_utf8_lossy(&output.stderr));
        if line.contains(" diff ") {
            let rows = String::from_utf8(output.stdout).unwrap();
            assert!(rows.lines().count() > 100, "{rows}");
        }
    }
    assert!(fs::read_to_string(folder.join("news/assignments.ron")).unwrap().contains("cleo"));
    let page = fs::read_to_string(folder.join("agreement.html")).unwrap();
    assert!(page.contains("f1-exact") && page.contains("ben") && !page.contains("src=\"http"), "{}", &page[..500]);
    for part in ["train", "dev", "test"] {
        assert!(folder.join(format!("corpus/{part}.spacy")).is_file(), "{part}");
    }
}
