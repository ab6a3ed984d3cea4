//! The commands that train on an export, or load it, ready to be pasted.

use super::Facts;
use crate::formats::manifest::Manifest;

/// In the words of a card; empty for a format that is made to be imported by a program rather than learnt from.
pub(super) fn usage(facts: &Facts<'_>) -> String {
    let manifest = facts.manifest;
    let language = facts.language.unwrap_or("xx");
    match manifest.format.id.as_str() {
        "spacy" => spacy(manifest, language, "spacy"),
        "conll" => converted(manifest, language, "ner"),
        "conllu" => converted(manifest, language, "conllu"),
        "parquet" => datasets(manifest, "parquet"),
        "spans" => datasets(manifest, "json"),
        "hf" => "```python\nfrom datasets import load_dataset\n\n# The folder that holds this file, by its path: \".\" is not enough.\n\
                 data = load_dataset(\"path/to/this/folder\")\n```\n"
            .to_owned(),
        _ => String::new(),
    }
}

/// Where to train on and try on; where there are no such parts, names for them and a word on how to make them.
struct Files {
    train: String,
    dev: String,
    test: Option<String>,
    missing: &'static str,
}

fn files(manifest: &Manifest, ending: &str) -> Files {
    let of = |part: &str| manifest.file_of(part).map(str::to_owned);
    let (train, dev) = (of("train"), of("dev"));
    let missing = if train.is_some() && dev.is_some() {
        ""
    } else {
        "This export has no part to try a model on. Export again with `--split 80/10/10`; with its files:\n\n"
    };
    Files {
        train: train.unwrap_or_else(|| format!("train.{ending}")),
        dev: dev.unwrap_or_else(|| format!("dev.{ending}")),
        test: of("test"),
        missing,
    }
}

fn spacy(manifest: &Manifest, language: &str, ending: &str) -> String {
    let files = files(manifest, ending);
    let (train, dev) = (shell(&files.train), shell(&files.dev));
    let paths = format!("--paths.train {train} --paths.dev {dev}");
    let evaluate = |model: &str| {
        let line = |test: &String| format!("python -m spacy evaluate {model}/model-best {}\n", shell(test));
        files.test.as_ref().map(line).unwrap_or_default()
    };
    format!(
        "{}Flat entities (`doc.ents`: no span lies over another):\n\n```sh\n\
         python -m spacy init config ner.cfg --lang {language} --pipeline ner\n\
         python -m spacy debug data ner.cfg {paths}\n\
         python -m spacy train ner.cfg --output ner {paths}\n{}```\n\n\
         All spans, nested and crossing too (`doc.spans[\"sc\"]`). The sizes are the numbers of tokens that a span may have:\n\n```sh\n\
         python -m spacy init config spancat.cfg --lang {language} --pipeline spancat\n\
         python -m spacy train spancat.cfg --output spancat {paths} --components.spancat.suggester.sizes \"[1, 2, 3, 4, 5, 6, 7, 8]\"\n{}```\n",
        files.missing,
        evaluate("ner"),
        evaluate("spancat"),
    )
}

fn converted(manifest: &Manifest, language: &str, converter: &str) -> String {
    let files = files(manifest, if converter == "ner" { "conll" } else { "conllu" });
    let made = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        shell(&format!("{stem}.spacy"))
    };
    let (train, dev) = (shell(&files.train), shell(&files.dev));
    format!(
        "{}```sh\n\
         python -m spacy convert {train} . --converter {converter}\n\
         python -m spacy convert {dev} . --converter {converter}\n\
         python -m spacy init config ner.cfg --lang {language} --pipeline ner\n\
         python -m spacy train ner.cfg --output ner --paths.train {} --paths.dev {}\n```\n",
        files.missing,
        made(&files.train),
        made(&files.dev),
    )
}

fn datasets(manifest: &Manifest, builder: &str) -> String {
    // What the library calls them.
    let parts = [("train", "train"), ("dev", "validation"), ("test", "test")];
    let named = parts
        .into_iter()
        .filter_map(|(part, name)| manifest.file_of(part).map(|file| format!("{}: {}", python(name), python(file))));
    let named: Vec<String> = named.collect();
    let files = if named.is_empty() {
        let only = manifest.files.iter().find(|file| file.is_data());
        python(only.map_or("data.parquet", |file| &file.path))
    } else {
        format!("{{{}}}", named.join(", "))
    };
    format!(
        "```python\nfrom datasets import load_dataset\n\ndata = load_dataset({}, data_files={files})\n```\n",
        python(builder)
    )
}

/// A word of a shell's command line.
fn shell(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/');
    if word.bytes().all(plain) && !word.starts_with('-') && !word.is_empty() {
        return word.to_owned();
    }
    let word = if word.starts_with('-') { format!("./{word}") } else { word.to_owned() };
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A string of Python.
fn python(text: &str) -> String {
    let escape = |character: char| match character {
        '"' | '\\' => format!("\\{character}"),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        other => other.to_string(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}
