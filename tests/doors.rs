//! Every format's door, tried without a project: written, read back, compared; and read from bytes that are wrong.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use spanwright::annotation::exchange::{RawLayer, RawRelation};
use spanwright::annotation::{Annotator, ItemId, Layer, RawSpan, Span, Status};
use spanwright::formats::loss::Loss;
use spanwright::formats::options::{ReadOptions, WriteOptions};
use spanwright::formats::settle::{Votes, settle};
use spanwright::formats::table::{Format, Shape, Sink};
use spanwright::schema::LabelId;
use spanwright::text::{Document, NewlineMap, Place, Problem, Severity, Text};
use tempfile::TempDir;

/// Documents and their layers.
pub type Corpus = Vec<(Document, Vec<Layer>)>;

pub fn document(id: &str, text: &str) -> Document {
    let (text, newlines) = Text::from_source(text);
    Document { id: id.into(), text, meta: serde_json::Map::new(), newlines, extra: serde_json::Map::new() }
}

/// A finished layer of spans given as `(label, ranges in code points)`; their ids are `s0`, `s1` …
pub fn layer(document: &Document, annotator: &str, spans: &[(&str, &[(usize, usize)])]) -> Layer {
    let spans = spans.iter().enumerate().map(|(index, (label, ranges))| RawSpan {
        id: Some(format!("s{index}")),
        label: (*label).to_owned(),
        ranges: ranges.to_vec(),
        ..RawSpan::default()
    });
    let raw = RawLayer { spans: spans.collect(), status: Some(Status::Finished), ..RawLayer::default() };
    sound(raw, document, annotator)
}

/// Adds relations `(kind, from, to)` to what [`layer`] made.
pub fn related(
    document: &Document,
    annotator: &str,
    spans: &[(&str, &[(usize, usize)])],
    relations: &[(&str, &str, &str)],
) -> Layer {
    let mut made = layer(document, annotator, spans);
    let raw = RawLayer {
        relations: relations
            .iter()
            .enumerate()
            .map(|(index, (kind, from, to))| RawRelation {
                id: Some(format!("r{index}")),
                kind: (*kind).to_owned(),
                from: (*from).to_owned(),
                to: (*to).to_owned(),
                ..RawRelation::default()
            })
            .collect(),
        spans: spans
            .iter()
            .enumerate()
            .map(|(index, (label, ranges))| RawSpan {
                id: Some(format!("s{index}")),
                label: (*label).to_owned(),
                ranges: ranges.to_vec(),
                ..RawSpan::default()
            })
            .collect(),
        ..RawLayer::default()
    };
    made.relations = sound(raw, document, annotator).relations;
    made
}

fn sound(raw: RawLayer, document: &Document, annotator: &str) -> Layer {
    let mut problems = Vec::new();
    let layer =
        raw.check(Annotator::from(annotator), document, &NewlineMap::default(), &Place::default(), &mut problems);
    let errors: Vec<&Problem> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    assert_eq!(errors, Vec::<&Problem>::new(), "{}", document.id);
    layer
}

/// Everything that has ever gone wrong in a format: scripts, invisible characters, line ends, nested, crossing, discontinuous, empty.
pub fn stress() -> Corpus {
    let mut corpus = Corpus::new();
    let mut add = |id: &str, text: &str, spans: &[(&str, &[(usize, usize)])]| {
        let document = document(id, text);
        let layer = layer(&document, "ana", spans);
        corpus.push((document, vec![layer]));
    };
    add(
        "01-plain",
        "Mara Lind said: “We’re leaving.” Oslo, 3.5% up.",
        &[("entity", &[(0, 9)]), ("quote", &[(16, 32)]), ("entity", &[(33, 37)])],
    );
    add(
        "02-emoji",
        "👩‍👩‍👧 met Лена 👍🏽 in 東京タワー.",
        &[("entity", &[(0, 5)]), ("entity", &[(10, 14)]), ("entity", &[(21, 26)])],
    );
    add(
        "03-marks",
        "cafe\u{301} x\u{a0}y best\u{200b}End soft\u{ad}hyphen",
        &[("entity", &[(0, 5)]), ("entity", &[(8, 9)]), ("entity", &[(15, 18)]), ("event", &[(19, 23)])],
    );
    add(
        "04-lines",
        "One\n\nTwo  three\tfour\n five \n",
        &[("boilerplate", &[(0, 3)]), ("entity", &[(5, 15)]), ("entity", &[(16, 20)]), ("event", &[(3, 9)])],
    );
    add(
        "05-rtl",
        "אמר דוד “שלום” עכשיו. قال سامي.",
        &[("entity", &[(4, 7)]), ("quote", &[(8, 14)]), ("entity", &[(26, 30)])],
    );
    add(
        "06-nested",
        "The mayor of Paris-based Acme-Corp spoke.",
        &[("entity", &[(0, 34)]), ("entity", &[(13, 18)]), ("event", &[(35, 40)]), ("quote", &[(13, 24)])],
    );
    add(
        "07-crossing",
        "alpha beta gamma delta",
        &[("entity", &[(0, 10)]), ("quote", &[(6, 16)]), ("entity", &[(11, 22)])],
    );
    add("08-pieces", "He picked it right up and left.", &[("event", &[(3, 9), (19, 21)]), ("entity", &[(10, 12)])]);
    add("09-empty-layer", "Nothing here.", &[]);
    add("10-whole", "all", &[("entity", &[(0, 3)])]);
    add("11-same", "one two", &[("entity", &[(0, 3)]), ("event", &[(0, 3)])]);
    add(
        "12-inside",
        "Participants0 U.S. Kerry’s",
        &[("entity", &[(0, 12)]), ("entity", &[(14, 18)]), ("entity", &[(19, 24)])],
    );
    add("13-crlf", "Uno\r\ndos\r\ntres", &[("entity", &[(4, 7)]), ("entity", &[(8, 12)])]);
    add(
        "14-odd \"quotes\" <&> | : # ]]>",
        "# a | b : c <d> & \"e\" \\ ]]> {f}",
        &[("entity", &[(2, 3)]), ("quote", &[(12, 15)]), ("event", &[(18, 21)])],
    );
    add("15-separators", "a\u{2028}b\u{85}c\u{feff}d", &[("entity", &[(2, 3)]), ("entity", &[(6, 7)])]);
    corpus
}

/// Options whose schema and labels are those of the corpus.
pub fn options(corpus: &Corpus) -> WriteOptions {
    let spans = || corpus.iter().flat_map(|(_, layers)| layers).flat_map(|layer| layer.spans.iter());
    let mut labels: Vec<LabelId> = spans().map(|span| span.label.clone()).collect();
    labels.sort();
    labels.dedup();
    let mut annotators: Vec<Annotator> =
        corpus.iter().flat_map(|(_, layers)| layers).map(|layer| layer.annotator.clone()).collect();
    annotators.sort();
    annotators.dedup();
    WriteOptions { schema: crate::support::news(), labels, annotators, ..WriteOptions::default() }
}

/// Writes the corpus; gives where it is and what was lost.
pub fn write(format: &str, options: &WriteOptions, corpus: &Corpus) -> (TempDir, PathBuf, Vec<Loss>) {
    let format = Format::named(format).unwrap();
    let folder = TempDir::new().unwrap();
    let (path, sink) = match format.shape {
        Shape::Folder => {
            let path = folder.path().join("out");
            fs::create_dir(&path).unwrap();
            (path.clone(), Sink::Folder(path))
        }
        Shape::File => {
            let path = folder.path().join(format!("out.{}", format.extensions[0]));
            (path.clone(), Sink::Stream(Box::new(fs::File::create(&path).unwrap())))
        }
    };
    let mut writer = format.writer.unwrap()(sink, options).unwrap();
    let mut losses = Vec::new();
    for (document, layers) in corpus {
        let layers: Vec<Arc<Layer>> = layers.iter().cloned().map(Arc::new).collect();
        losses.extend(writer.document(document, &layers).unwrap());
    }
    writer.finish().unwrap();
    (folder, path, losses)
}

/// Reads a path as an import does: offsets are settled by what fits the whole input, layers are checked. A layer without an annotator is
/// of `me`. Records of the same document are put together.
pub fn read(format: &str, path: &Path) -> (Corpus, Vec<Problem>) {
    let format = Format::named(format).unwrap();
    let (mut votes, mut problems, mut corpus) = (Votes::default(), Vec::new(), Corpus::new());
    for record in format.reader.unwrap()(path, &ReadOptions::default()).unwrap().flatten() {
        votes.add(&record.document);
    }
    let way = votes.winner(format.unit);
    for record in format.reader.unwrap()(path, &ReadOptions::default()).unwrap() {
        let record = match record {
            Ok(record) => record,
            Err(problem) => {
                problems.push(*problem);
                continue;
            }
        };
        problems.extend(record.problems);
        let mut raw = record.document;
        settle(&mut raw, way, &record.place, &mut problems);
        let (text, newlines) = raw.text.clone().unwrap();
        let id = raw.document_id().unwrap();
        let document = Document { id, text, meta: raw.meta.clone(), newlines, extra: raw.extra.clone() };
        let own = record.has_spans.then(|| RawLayer { spans: std::mem::take(&mut raw.spans), ..RawLayer::default() });
        let mut layers = Vec::new();
        for mut layer in raw.layers.into_iter().chain(own) {
            let annotator = layer.annotator.take().unwrap_or_else(|| "me".to_owned());
            layers.push(layer.check(
                Annotator::from(annotator),
                &document,
                &NewlineMap::default(),
                &record.place,
                &mut problems,
            ));
        }
        match corpus.iter_mut().find(|(known, _)| known.id == document.id) {
            Some((_, known)) => known.extend(layers),
            None => corpus.push((document, layers)),
        }
    }
    (corpus, problems)
}

/// `entity 0..9 “Mara Lind”`, in code points, sorted: what a layer's spans are, whatever their ids.
pub fn seen(document: &Document, layer: &Layer) -> Vec<String> {
    let mut seen: Vec<String> = layer.spans.iter().map(|span| told(document, span)).collect();
    seen.sort();
    seen
}

fn told(document: &Document, span: &Span) -> String {
    let count = |byte: usize| document.text.as_str()[..byte].chars().count();
    let ranges: Vec<String> = span
        .ranges
        .as_slice()
        .iter()
        .map(|range| format!("{}..{}", count(range.start()), count(range.end())))
        .collect();
    format!("{} {} “{}”", span.label, ranges.join(","), span.ranges.quote(&document.text))
}

/// What is written reads back as it was: texts and ids always, and of every layer the spans that no loss names.
pub fn check_round_trip(format: &str, options: &WriteOptions, corpus: &Corpus) {
    let (_folder, path, losses) = write(format, options, corpus);
    let (back, problems) = read(format, &path);
    let errors: Vec<&Problem> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    assert_eq!(errors, Vec::<&Problem>::new(), "{format}");
    let ids = |corpus: &Corpus| {
        let mut ids: Vec<String> = corpus.iter().map(|(document, _)| document.id.0.clone()).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&back), ids(corpus), "{format}: the documents");
    for (document, layers) in corpus {
        let (read, found) = back.iter().find(|(read, _)| read.id == document.id).unwrap();
        assert_eq!(read.text, document.text, "{format}: the text of {}", document.id);
        for (index, layer) in layers.iter().enumerate() {
            let lost = |id: &ItemId| {
                losses.iter().any(|loss| {
                    loss.document == document.id && loss.annotator == layer.annotator && loss.item.as_ref() == Some(id)
                })
            };
            let kept: Vec<String> = seen(document, layer);
            let changed: Vec<String> =
                layer.spans.iter().filter(|span| lost(&span.id)).map(|span| told(document, span)).collect();
            let same = |other: &&Layer| other.annotator == layer.annotator;
            let found = found.iter().find(same).or_else(|| found.get(index));
            let found = found.map_or_else(Vec::new, |found| seen(document, found));
            for span in kept.iter().filter(|span| !changed.contains(span)) {
                assert!(
                    found.contains(span),
                    "{format}: {}: {span} is neither written nor reported; read: {found:?}",
                    document.id
                );
            }
            if changed.is_empty() {
                assert_eq!(found, kept, "{format}: {}", document.id);
            }
        }
    }
}

/// Labels with ranges that need not lie in the text yet.
type Wishes = Vec<(&'static str, Vec<(usize, usize)>)>;

/// Random documents with random layers: overlapping, discontinuous, over everything that texts hold.
pub fn corpora() -> impl proptest::strategy::Strategy<Value = Corpus> {
    use proptest::prelude::*;
    let pieces = proptest::sample::select(vec![
        "Lind",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\t",
        "“",
        "”",
        "’s",
        ".",
        ", ",
        "Анна",
        "אמר",
        "東京",
        "👩‍👩‍👧",
        "e\u{301}",
        "\u{a0}",
        "\u{200b}",
        "3.5%",
        "-",
        "#",
        "a|b",
        "U.S.",
        "\u{2028}",
        "<b>",
        "&amp;",
        "\\n",
        "\"",
        "O",
    ]);
    let text = proptest::collection::vec(pieces, 1..30).prop_map(|pieces| pieces.concat());
    let label = proptest::sample::select(vec!["entity", "quote", "event", "boilerplate"]);
    let spans = proptest::collection::vec((label, proptest::collection::vec((0..60_usize, 1..8_usize), 1..3)), 0..8);
    proptest::collection::vec((text, spans), 1..5).prop_map(|documents| {
        let make = |(index, (text, spans)): (usize, (String, Wishes))| {
            let document = document(&format!("d{index}"), &text);
            let length = document.text.as_str().chars().count();
            let mut sound: Vec<(&str, Vec<(usize, usize)>)> = Vec::new();
            for (label, ranges) in spans {
                let mut ranges: Vec<(usize, usize)> =
                    ranges.iter().map(|(start, len)| (start % length, (start % length + len).min(length))).collect();
                ranges.sort_unstable();
                // A fragment begins behind the one before it, with a gap.
                let mut apart: Vec<(usize, usize)> = Vec::new();
                for range in ranges {
                    if apart.last().is_none_or(|before| before.1 < range.0) {
                        apart.push(range);
                    }
                }
                if !sound.contains(&(label, apart.clone())) {
                    sound.push((label, apart));
                }
            }
            let spans: Vec<(&str, &[(usize, usize)])> =
                sound.iter().map(|(label, ranges)| (*label, ranges.as_slice())).collect();
            let layer = layer(&document, "ana", &spans);
            (document, vec![layer])
        };
        documents.into_iter().enumerate().map(make).collect()
    })
}

/// Reads `count` damaged copies of a file, or of one file in a folder at a time: bytes turned, cut off, doubled, put in. Whatever comes of
/// it, it is an answer. The same damage every time.
pub fn survive(format: &str, path: &Path, count: u64) {
    let folder = TempDir::new().unwrap();
    let files: Vec<PathBuf> = if path.is_dir() { all_files(path) } else { vec![path.to_owned()] };
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    for round in 0..count {
        let victim = &files[round as usize % files.len()];
        let mut bytes = fs::read(victim).unwrap();
        for _ in 0..=random(3) {
            let at = random(bytes.len());
            match random(6) {
                0 if !bytes.is_empty() => bytes[at] ^= 1 << random(8),
                1 if !bytes.is_empty() => bytes[at] = [0, 0xff, 0x7f, b'"', b'\n', b'9', b'<'][random(7)],
                2 => bytes.truncate(at),
                3 => {
                    let piece = bytes[at..(at + random(40)).min(bytes.len())].to_vec();
                    bytes.splice(at..at, piece);
                }
                4 => drop(bytes.drain(at..(at + random(20)).min(bytes.len()))),
                _ => drop(bytes.splice(at..at, b"99999999999999999999".iter().copied())),
            }
        }
        let (whole, one) = if path.is_dir() {
            let copy = folder.path().join(format!("c{round}"));
            for file in &files {
                let to = copy.join(file.strip_prefix(path).unwrap());
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::copy(file, to).unwrap();
            }
            (copy.clone(), copy.join(victim.strip_prefix(path).unwrap()))
        } else {
            let copy = folder.path().join(path.file_name().unwrap());
            (copy.clone(), copy)
        };
        fs::write(one, &bytes).unwrap();
        let Ok(records) = Format::named(format).unwrap().reader.unwrap()(&whole, &ReadOptions::default()) else {
            continue;
        };
        let mut problems = Vec::new();
        for mut record in records.flatten() {
            settle(
                &mut record.document,
                Votes::default().winner(Format::named(format).unwrap().unit),
                &record.place,
                &mut problems,
            );
        }
        if path.is_dir() {
            fs::remove_dir_all(whole).unwrap();
        }
    }
}

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(all_files(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

/// Where `SPANWRIGHT_INTEROP` names a folder: leaves there, below the format's id, the corpus as it was written, the corpus in Spanwright
/// JSONL (`stress.jsonl`) and the losses (`losses.jsonl`), for the real readers to compare.
pub fn keep(format: &str, options: &WriteOptions, corpus: &Corpus) {
    let Some(folder) = std::env::var_os("SPANWRIGHT_INTEROP") else { return };
    let folder = Path::new(&folder).join(format);
    fs::create_dir_all(&folder).unwrap();
    let (_folder, path, losses) = write(format, options, corpus);
    let out = folder.join(path.file_name().unwrap());
    if path.is_dir() {
        for file in all_files(&path) {
            let to = out.join(file.strip_prefix(&path).unwrap());
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(file, to).unwrap();
        }
    } else {
        fs::copy(path, out).unwrap();
    }
    let (_own, path, _) = write("spanwright", options, corpus);
    fs::copy(path, folder.join("stress.jsonl")).unwrap();
    let line = |loss: &Loss| {
        let item = loss.item.as_ref().map(ItemId::as_str);
        let row = serde_json::json!({
            "document": loss.document.as_str(), "annotator": loss.annotator.as_str(), "item": item,
            "what": format!("{:?}", loss.what), "sentence": loss.sentence,
        });
        format!("{row}\n")
    };
    fs::write(folder.join("losses.jsonl"), losses.iter().map(line).collect::<String>()).unwrap();
}

/// Where `SPANWRIGHT_INTEROP` names a folder in which `made/FORMAT` was written by the format's own library, with an `expected.jsonl`
/// (`{"id","text","spans":[{"start","end","label"}]}`): reads everything there and compares.
pub fn made(format: &str) {
    let Some(folder) = std::env::var_os("SPANWRIGHT_INTEROP") else { return };
    let folder = Path::new(&folder).join("made").join(format);
    let Ok(expected) = fs::read_to_string(folder.join("expected.jsonl")) else { return };
    let expected: Vec<serde_json::Value> =
        expected.lines().map(|line| serde_json::from_str(line).expect("expected.jsonl")).collect();
    let mut read: Corpus = Corpus::new();
    for file in all_files(&folder).iter().filter(|file| !file.ends_with("expected.jsonl")) {
        let (corpus, problems) = self::read(format, file);
        let errors: Vec<&Problem> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
        assert_eq!(errors, Vec::<&Problem>::new(), "{}", file.display());
        read.extend(corpus);
    }
    assert_eq!(read.len(), expected.len());
    for row in expected {
        let (document, layers) = read.iter().find(|(document, _)| document.id.as_str() == row["id"]).unwrap();
        assert_eq!(document.text.as_str(), row["text"]);
        let empty = layer(document, "me", &[]);
        let mut wanted: Vec<String> = row["spans"]
            .as_array()
            .unwrap()
            .iter()
            .map(|span| {
                let place = |key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
                let (start, end) = (place("start"), place("end"));
                let quote: String = document.text.as_str().chars().skip(start).take(end - start).collect();
                format!("{} {start}..{end} “{quote}”", span["label"].as_str().unwrap())
            })
            .collect();
        wanted.sort();
        assert_eq!(seen(document, layers.first().unwrap_or(&empty)), wanted, "{format}: {}", document.id);
    }
}

/// A file of the collection of real files beside the project, where that is there.
pub fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    path.exists().then_some(path)
}

/// A file with this content, and what an import of it gives: each document’s spans, as [`seen`] tells them, and what is said.
pub fn check(format: &str, content: &str) -> (Vec<Vec<String>>, Vec<String>) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("in.jsonl");
    fs::write(&path, content).unwrap();
    let (corpus, problems) = read(format, &path);
    let spans = |(document, layers): &(Document, Vec<Layer>)| {
        layers.iter().flat_map(|layer| seen(document, layer)).collect::<Vec<_>>()
    };
    let said = |problem: &Problem| problem.sentence.clone();
    (corpus.iter().map(spans).collect(), problems.iter().map(said).collect())
}

/// Everything that a layer can hold, twice, and a document that nobody has seen.
pub fn rich() -> Corpus {
    let mut one = document("../../x", "He picked it\r\nright up and left Oslo.");
    let meta =
        serde_json::json!({"title": "A “title”", "n": [1, -2, 3.5, null, true], "spacy": {"cats": {"news": 1.0}}});
    one.meta.extend(meta.as_object().unwrap().clone());
    one.extra.insert("foreign".to_owned(), serde_json::json!({"a": "b"}));
    let spans: &[(&str, &[(usize, usize)])] = &[
        ("event", &[(3, 9), (19, 21)]),
        ("event", &[(3, 9)]),
        ("entity", &[(31, 35)]),
        ("quote", &[(12, 13)]),
        ("quote", &[(4, 4), (6, 7)]),
        ("boilerplate", &[(2, 2)]),
    ];
    let mut ana = related(&one, "ana", spans, &[("names", "s2", "s0"), ("names", "s5", "s1")]);
    ana.status = Status::InProgress;
    ana.flag = Some("look again".to_owned());
    ana.attributes.insert("topic".to_owned(), serde_json::json!("news"));
    ana.seconds = 12;
    ana.extra.insert("tool".to_owned(), serde_json::json!("x"));
    let mut marked = (**ana.spans.iter().last().unwrap()).clone();
    marked.note.push_str("unsure\nof this");
    marked.attributes.insert("kind".to_owned(), serde_json::json!(["place", 3]));
    marked.extra.insert("colour".to_owned(), serde_json::json!({"deep": [[]]}));
    ana.spans.remove(&marked.id);
    assert!(ana.spans.insert(Arc::new(marked)));
    let ben = layer(&one, "ben", &[("entity", &[(31, 35)])]);
    vec![(document("CON", "Nobody has seen this."), Vec::new()), (one, vec![ana, ben]), (document("e", ""), vec![])]
}

/// The same documents with the same layers, down to the last attribute.
pub fn same(written: &Corpus, read: &Corpus) {
    assert_eq!(written.len(), read.len());
    for ((document, layers), (found, others)) in written.iter().zip(read) {
        assert_eq!(document, found);
        assert_eq!(layers, others, "{}", document.id);
    }
}

/// The same text in other encodings: Windows-1252, UTF-16 with its mark and without.
pub fn encodings(text: &str) -> [Vec<u8>; 3] {
    let narrow = text.chars().map(|character| u8::try_from(u32::from(character)).unwrap()).collect();
    let wide = |mark: &str| [mark, text].concat().encode_utf16().flat_map(u16::to_le_bytes).collect();
    [narrow, wide("\u{feff}"), wide("")]
}
