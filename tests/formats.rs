//! Import and export through the session: what goes in, what comes out, what is said about it.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use spanwright::annotation::Annotator;
use spanwright::annotation::exchange::Offsets;
use spanwright::formats::articles::LoadOptions;
use spanwright::formats::glimpse::Glimpse;
use spanwright::formats::table::{FORMATS, Feature, Format, Shape};
use spanwright::formats::text::Names;
use spanwright::schema::{LabelId, Schema};
use spanwright::session::export::{ExportError, ExportPlan, ExportReport, Target, Who, export};
use spanwright::session::import::{ImportError, ImportPlan, ImportReport, import};
use spanwright::session::report::{Form, told};
use spanwright::store::{Author, Job, Memory, Store, StoreError};
use tempfile::TempDir;

use crate::support::{ODD, news};

const NEWSROOM: &str = include_str!("../datasets/newsroom/newsroom.jsonl");

/// A folder of files, and a project in memory.
struct Desk {
    folder: TempDir,
    store: Memory,
}

impl Desk {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), store: Memory::new("") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    fn try_import(
        &mut self,
        paths: &[&Path],
        change: impl FnOnce(&mut ImportPlan),
    ) -> Result<ImportReport, ImportError> {
        let mut plan = ImportPlan {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            format: None,
            annotator: Some(Annotator::from("me")),
            articles: LoadOptions::default(),
            new_versions: false,
            by: Author {
                annotator: Annotator::from("me"),
                device: "d".to_owned(),
                at: Timestamp::UNIX_EPOCH,
                schema: String::new(),
            },
        };
        change(&mut plan);
        import(&mut self.store, &plan, &Job::default())
    }

    fn import(&mut self, path: &Path) -> ImportReport {
        self.try_import(&[path], |_| ()).unwrap()
    }

    fn try_export(
        &self,
        format: &str,
        who: Who,
        change: impl FnOnce(&mut ExportPlan),
    ) -> Result<(ExportReport, String), ExportError> {
        let mut plan = ExportPlan::new(Format::named(format).unwrap(), Target::Stream, who);
        change(&mut plan);
        let mut out = Vec::new();
        let report = export(&self.store, &news(), &plan, &mut out, &Job::default())?;
        Ok((report, String::from_utf8(out).unwrap()))
    }

    fn export(&self, format: &str, who: Who) -> (ExportReport, String) {
        self.try_export(format, who, |_| ()).unwrap()
    }

    fn all(&self) -> String {
        self.export("spanwright", Who::All).1
    }

    /// The ids of the documents.
    fn ids(&self) -> Vec<String> {
        let mut ids = Vec::new();
        self.store
            .each_document(&mut |document| {
                ids.push(document.id.to_string());
                Ok(true)
            })
            .unwrap();
        ids
    }
}

fn of(names: &[&str]) -> Who {
    Who::Annotators(names.iter().map(|name| Annotator::from(*name)).collect())
}

/// A document with everything in it.
const FULL: &str = concat!(
    "{\"id\":\"odd \u{1f469}\u{200d}\u{1f469}\",\"text\":\"\\ufeffOne\\r\\ntwo 👍🏽 «три»\\rend\",\"meta\":{\"title\":\"T\",\"z\":[1,{\"y\":null}]},",
    r#""layers":[{"annotator":"ana","version":4,"clock":{"d-1":4},"updated":"2026-11-22T10:00:00Z","status":"in-progress","flag":"look","#,
    r#""schema":"news@0123","attributes":{"topic":["politics"]},"seconds":9,"mood":"good","spans":["#,
    r#"{"id":"q","label":"quote","ranges":[[1,4],[13,18]],"quote":"One «три»","attributes":{"kind":"direct"},"note":"n","origin":{"by":"suggestion","score":0.1},"x":1},"#,
    r#"{"id":"e","label":"entity","ranges":[[13,18]]},{"id":"end","label":"entity","ranges":[[19,22]]}],"#,
    r#""relations":[{"id":"r","kind":"speaker","from":"q","to":"e","attributes":{"sure":true},"y":2}]},"#,
    r#"{"annotator":"gold","spans":[],"decisions":[{"id":"d1","ruling":"nothing here","why":"—"}]}],"url":"u"}"#,
    "\n",
);

#[test]
fn an_export_imported_into_a_new_project_gives_the_same_bytes() {
    for source in [NEWSROOM, FULL, &format!("{NEWSROOM}{FULL}")] {
        let mut first = Desk::new();
        let path = first.file("in.jsonl", source);
        let report = first.import(&path);
        assert!(!report.fell_short(), "{:?}", report.findings);
        let once = first.all();
        let mut second = Desk::new();
        let path = second.file("again.jsonl", &once);
        second.import(&path);
        assert_eq!(second.all(), once);
        // And a third time into the same project: nothing is new.
        let report = second.import(&path);
        assert_eq!((report.new, report.layers_new, report.layers_beside), (0, 0, 0), "{}", report.sentence());
        assert_eq!(second.all(), once);
    }
}

#[test]
fn everything_of_a_full_document_is_there() {
    let mut desk = Desk::new();
    let path = desk.file("in.jsonl", FULL);
    desk.import(&path);
    let line = desk.all();
    for part in [
        r#""newlines":{"bom":true,"crlf":[3],"cr":[16]}"#,
        r#""ranges":[[0,3],[11,16]],"quote":"One «три»""#,
        r#""origin":{"by":"suggestion","score":0.1},"x":1}"#,
        r#""mood":"good""#,
        r#""decisions":[{"id":"d1","ruling":"nothing here","why":"—"}]"#,
        r#""url":"u"}"#,
        r#""meta":{"title":"T","z":[1,{"y":null}]}"#,
        r#""attributes":{"sure":true},"y":2}"#,
        r#""flag":"look""#,
    ] {
        assert!(line.contains(part), "{part} is not in {line}");
    }
}

#[test]
fn original_offsets_count_the_text_as_it_was_imported() {
    let mut desk = Desk::new();
    let path = desk.file("in.jsonl", FULL);
    desk.import(&path);
    let (_, line) = desk
        .try_export("spanwright", Who::All, |plan| {
            plan.offsets = Offsets::Original;
            plan.verify = true;
        })
        .unwrap();
    assert!(line.contains("\"text\":\"\u{feff}One\\r\\ntwo 👍🏽 «три»\\rend\""), "{line}");
    assert!(line.contains(r#""ranges":[[1,4],[13,18]]"#) && !line.contains("newlines"), "{line}");
    let mut other = Desk::new();
    let path = other.file("original.jsonl", &line);
    other.import(&path);
    assert_eq!(other.all(), desk.all());
    let (_, spans) = desk.try_export("spans", of(&["ana"]), |plan| plan.offsets = Offsets::Original).unwrap();
    let value: serde_json::Value = serde_json::from_str(&spans).unwrap();
    let text: Vec<char> = value["text"].as_str().unwrap().chars().collect();
    let covered = value["spans"].as_array().unwrap().iter().map(|span| {
        let at = |key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
        text[at("start")..at("end")].iter().collect::<String>()
    });
    assert_eq!(covered.collect::<Vec<_>>(), ["One", "«три»", "«три»", "end"]);
}

#[test]
fn spans_are_what_training_scripts_read() {
    let mut desk = Desk::new();
    let path = desk.file("in.jsonl", FULL);
    desk.import(&path);
    let (report, line) = desk.export("spans", of(&["ana"]));
    assert!(line.ends_with(concat!(
        r#""text":"One\ntwo 👍🏽 «три»\nend","spans":[{"start":0,"end":3,"label":"quote"},{"start":11,"end":16,"label":"entity"},"#,
        r#"{"start":11,"end":16,"label":"quote"},{"start":17,"end":20,"label":"entity"}]}"#,
        "\n"
    )), "{line}");
    let lost: Vec<_> = report.losses.iter().map(|(what, count)| (*what, *count)).collect();
    let once = [
        Feature::Fragments,
        Feature::Attributes,
        Feature::Notes,
        Feature::Relations,
        Feature::DocumentAttributes,
        Feature::Status,
        Feature::Flag,
    ];
    assert_eq!(lost, once.map(|what| (what, 1)));
    assert_eq!(report.metadata, 1);
    assert_eq!(report.findings.len(), 7);
}

#[test]
fn spans_come_back_as_a_layer_of_whoever_imports() {
    let mut desk = Desk::new();
    let source = "{\"id\":\"a\",\"text\":\"Ana said\\r\\nno\",\"title\":\"T\",\"spans\":[{\"start\":10,\"end\":12,\"label\":\"quote\"}]}\n\
                  {\"id\":\"b\",\"text\":\"nothing\",\"spans\":[]}\n{\"id\":\"c\",\"text\":\"unseen\"}\n";
    let path = desk.file("s.jsonl", source);
    let report = desk.import(&path);
    assert_eq!((report.new, report.layers_new, report.spans, report.spans_refused), (3, 2, 1, 0));
    let (_, out) = desk.export("spans", of(&["me"]));
    assert_eq!(
        out,
        "{\"id\":\"a\",\"text\":\"Ana said\\nno\",\"spans\":[{\"start\":9,\"end\":11,\"label\":\"quote\"}]}\n{\"id\":\"b\",\"text\":\"nothing\",\"spans\":[]}\n",
        "finished and empty is data, not seen is missing"
    );
    assert!(desk.all().contains(r#""meta":{"title":"T"}"#));
    let mut nobody = Desk::new();
    let path = nobody.file("s.jsonl", source);
    let report = nobody.try_import(&[&path], |plan| plan.annotator = None).unwrap();
    assert_eq!((report.new, report.layers_refused), (3, 2));
    assert!(report.fell_short());
}

#[test]
fn a_file_with_faults_is_imported_as_far_as_it_is_right() {
    let mut desk = Desk::new();
    let mut lines: Vec<String> = (1..=20)
        .map(|n| format!(r#"{{"id":"d{n:02}","text":"Ana said no. {n}","layers":[{{"annotator":"ana","spans":[{{"label":"entity","ranges":[[0,3]]}}]}}]}}"#))
        .collect();
    lines[2] = lines[2].replace("[0,3]", "[3,0]");
    lines[4] = lines[4].replace("[0,3]", "[0,300]");
    lines[6] = lines[6].replace(r#""ranges""#, r#""quote":"Ben","ranges""#);
    lines[9] = lines[9]
        .replace(r#""text""#, r#""sha256":"0000000000000000000000000000000000000000000000000000000000000000","text""#);
    lines[13] = r#"{"id":"d14","text":"cut"#.to_owned();
    lines[16] = r#"{"id":"d01","text":"another text","layers":[{"annotator":"ben","spans":[]}]}"#.to_owned();
    lines[18] = lines[0].clone();
    let path = desk.file("faults.jsonl", lines.join("\n"));
    let report = desk.import(&path);
    assert_eq!((report.new, report.same, report.refused), (16, 1, 3));
    assert_eq!((report.layers_new, report.layers_equal, report.layers_refused), (16, 1, 2));
    assert_eq!((report.spans, report.spans_refused), (13, 3));
    assert!(report.fell_short());
    assert_eq!(
        report.sentence(),
        "16 documents imported, 1 already there, 3 not imported. 16 layers imported (13 spans), 1 already there, 2 not imported. \
         3 spans or relations not imported."
    );
    let said: Vec<String> = report.findings.iter().map(told).collect();
    let name = path.display();
    for (at, line, words) in [
        (0, 3, "document d03, layer of ana, item [(3, 0)] entity: the span 3..0 is no place in the text"),
        (1, 5, "the end is 300 but the text has 14 characters; the span was not imported"),
        (2, 7, "the file says the span covers “Ben”, the text there is “Ana”"),
        (3, 10, "the text is not the one that \"sha256\" stands for"),
        (4, 14, "it is no JSON object"),
        (5, 17, "another text has this id"),
    ] {
        assert!(said[at].contains(words), "{} does not say {words}", said[at]);
        assert!(said[at].to_lowercase().contains(&format!("line {line}")), "{} is not about line {line}", said[at]);
        assert!(said[at].contains(&name.to_string()), "{} does not name the file", said[at]);
    }
    assert_eq!(said.len(), 6);
    // The same again changes nothing; a new version is kept beside the old when asked for.
    let before = desk.all();
    desk.import(&path);
    assert_eq!(desk.all(), before);
    let report = desk.try_import(&[&path], |plan| plan.new_versions = true).unwrap();
    assert_eq!((report.new_versions, report.layers_new), (1, 1));
    let after = desk.all();
    let versions: Vec<&str> = after.lines().filter(|line| line.starts_with(r#"{"id":"d01""#)).collect();
    assert_eq!(versions.len(), 2, "each layer goes out with the text that it counts in");
    assert!(versions[0].contains("Ana said no. 1") && versions[0].contains(r#""annotator":"ana""#));
    assert!(versions[1].contains("another text") && versions[1].contains(r#""annotator":"ben""#));
    let mut other = Desk::new();
    let path = other.file("two.jsonl", &after);
    other.try_import(&[&path], |plan| plan.new_versions = true).unwrap();
    assert_eq!(other.all(), after);
}

#[test]
fn one_person_s_second_layer_of_a_text_does_not_replace_the_first() {
    let mut desk = Desk::new();
    let line = |start: u32, end: u32| {
        format!(r#"{{"id":"a","text":"Ana met Ben","spans":[{{"start":{start},"end":{end},"label":"entity"}}]}}"#)
    };
    let path = desk.file("twice.jsonl", format!("{}\n{}\n{}\n", line(0, 3), line(8, 11), line(0, 3)));
    let mine = |plan: &mut ImportPlan| plan.annotator = Some("me".into());
    let report = desk.try_import(&[&path], mine).unwrap();
    assert_eq!((report.layers_new, report.layers_equal, report.layers_replaced, report.spans), (2, 1, 0, 2));
    let said: Vec<String> = report.findings.iter().map(told).collect();
    assert_eq!(said.len(), 1);
    assert!(said[0].ends_with("me has several layers of this text: this one was kept as “me (2)”"), "{}", said[0]);
    // The same again changes nothing.
    let before = desk.all();
    assert!(before.contains(r#""annotator":"me (2)""#), "{before}");
    let report = desk.try_import(&[&path], mine).unwrap();
    assert_eq!((report.layers_new, report.layers_equal, report.layers_replaced), (0, 3, 0));
    assert_eq!(desk.all(), before);
}

#[test]
fn layer_files_without_texts_find_their_documents() {
    let mut desk = Desk::new();
    let path = desk.file("in.jsonl", "{\"id\":\"a\",\"text\":\"Ana said no.\"}\n");
    desk.import(&path);
    let hash = "sha256\":\"".to_owned() + &spanwright::text::Text::new("Ana said no.").sha256().to_string();
    let line = |id: &str, hash: &str| {
        format!(
            "{{\"id\":\"{id}\",\"{hash}\",\"layers\":[{{\"annotator\":\"ben\",\"spans\":[{{\"label\":\"entity\",\"ranges\":[[0,3]]}}]}}]}}\n"
        )
    };
    desk.file("layers/ben/0a.jsonl", line("a", &hash));
    desk.file("layers/ben/0b.jsonl", line("b", &hash) + &line("a", &format!("sha256\":\"{}", "0".repeat(64))));
    let folder = desk.path("layers");
    let report = desk.import(&folder);
    assert_eq!((report.new, report.layers_new, report.layers_refused), (0, 1, 2));
    let said: Vec<String> = report.findings.iter().map(|problem| problem.sentence.clone()).collect();
    assert_eq!(
        said,
        [
            "it has no text, and the project has no such document",
            "its layers count in a text that the project does not have"
        ]
    );
}

#[test]
fn when_both_changed_both_are_kept() {
    let mut desk = Desk::new();
    let line = |clock: &str, label: &str| {
        format!(
            r#"{{"id":"a","text":"Ana","layers":[{{"annotator":"ben","clock":{clock},"spans":[{{"id":"s","label":"{label}","ranges":[[0,3]]}}]}}]}}"#
        )
    };
    for (clock, label, expected) in [
        (r#"{"d-1":1}"#, "entity", (1, 0, 0, 0)),
        (r#"{"d-1":1}"#, "entity", (0, 1, 0, 0)),
        (r#"{"d-1":2}"#, "quote", (0, 0, 1, 0)),
        (r#"{"d-1":1}"#, "entity", (0, 1, 0, 0)),
        (r#"{"d-2":1}"#, "event", (0, 0, 0, 1)),
        (r#"{"d-2":1}"#, "event", (0, 1, 0, 0)),
    ] {
        let path = desk.file("in.jsonl", line(clock, label));
        let report = desk.import(&path);
        let counts = (report.layers_new, report.layers_equal, report.layers_replaced, report.layers_beside);
        assert_eq!(counts, expected, "{clock} {label}");
    }
    let (_, out) = desk.export("spans", of(&["ben (2)"]));
    assert!(out.contains("event"));
}

#[test]
fn cancelling_leaves_nothing() {
    let mut desk = Desk::new();
    let path = desk.file("in.jsonl", NEWSROOM);
    let job = Job::default();
    job.cancel();
    let by = Author {
        annotator: Annotator::from("me"),
        device: "d".into(),
        at: Timestamp::UNIX_EPOCH,
        schema: String::new(),
    };
    let plan = ImportPlan {
        paths: vec![path.clone()],
        format: None,
        annotator: None,
        articles: LoadOptions::default(),
        new_versions: false,
        by,
    };
    assert!(matches!(import(&mut desk.store, &plan, &job), Err(ImportError::Store(StoreError::Cancelled))));
    assert_eq!(desk.ids(), Vec::<String>::new());
    desk.import(&path);
    let target = desk.file("out.jsonl", "before");
    let plan = ExportPlan::new(Format::named("spanwright").unwrap(), Target::Path(target.clone()), Who::All);
    assert!(export(&desk.store, &news(), &plan, &mut Vec::new(), &job).is_err());
    assert_eq!(fs::read_to_string(&target).unwrap(), "before");
    assert_eq!(fs::read_dir(desk.folder.path()).unwrap().count(), 2, "nothing else lies about");
}

#[test]
fn articles_of_every_kind_come_in_together() {
    let mut desk = Desk::new();
    desk.file("articles/a.txt", "plain");
    desk.file("articles/b/c.html", "<html><title>T</title><p>page</p></html>");
    desk.file("articles/rows.csv", "id,text\nrow,from a table\n");
    let ours = desk.file("ours.jsonl", FULL);
    let folder = desk.path("articles");
    let report = desk.try_import(&[&folder, &ours], |_| ()).unwrap();
    assert_eq!(report.new, 4, "{:?}", report.findings);
    assert_eq!(desk.ids().len(), 4);
    assert_eq!(report.layers_new, 2);
}

#[test]
fn a_project_is_not_taken_for_articles() {
    let mut desk = Desk::new();
    desk.file("p/project.ron", "Project()");
    desk.file("p/guidelines.md", "words");
    let folder = desk.path("p");
    let report = desk.import(&folder);
    assert_eq!(report.new, 0);
    assert!(report.fell_short());
}

#[test]
fn only_what_was_asked_for_goes_out() {
    let mut desk = Desk::new();
    let path = desk.file("in.jsonl", NEWSROOM);
    desk.import(&path);
    let lines =
        |who: Who, change: fn(&mut ExportPlan)| desk.try_export("spanwright", who, change).unwrap().1.lines().count();
    assert_eq!(lines(Who::All, |_| ()), 24);
    assert_eq!(lines(of(&["gold"]), |_| ()), 12, "gold is there for half of them");
    assert_eq!(lines(of(&["nobody"]), |_| ()), 0);
    assert_eq!(lines(of(&["ana"]), |plan| plan.statuses = vec![spanwright::annotation::Status::Skipped]), 0);
    let (report, out) =
        desk.try_export("spanwright", of(&["ana"]), |plan| plan.labels = vec![LabelId::from("quote")]).unwrap();
    assert_eq!(out.lines().count(), 24, "a layer without a quote is finished and empty");
    assert!(out.contains(r#""label":"quote""#) && !out.contains(r#""label":"entity""#));
    assert!(report.losses[&Feature::Relations] > 0, "relations to spans that were not asked for are named");
}

#[test]
fn labels_that_were_merged_go_out_under_the_id_of_today() {
    let schema = r#"Schema(name: "s", labels: [(id: "person", was: ["per", "human"]), (id: "place")])"#;
    let schema = Schema::parse(schema, "s").schema.unwrap();
    let mut desk = Desk::new();
    let path = desk.file("in.jsonl", r#"{"id":"a","text":"Ana Rome","spans":[{"start":0,"end":3,"label":"per"},{"start":4,"end":8,"label":"place"}]}"#);
    desk.import(&path);
    let out = |format: &str, labels: &[&str]| {
        let plan = ExportPlan {
            labels: labels.iter().map(|label| LabelId::from(*label)).collect(),
            verify: true,
            ..ExportPlan::new(Format::named(format).unwrap(), Target::Stream, of(&["me"]))
        };
        let mut out = Vec::new();
        export(&desk.store, &schema, &plan, &mut out, &Job::default()).unwrap();
        String::from_utf8(out).unwrap()
    };
    assert!(out("spans", &[]).contains(r#""label":"person""#));
    assert!(out("spanwright", &[]).contains(r#""label":"per""#), "the lossless format keeps what is stored");
    let one = out("spans", &["person"]);
    assert!(one.contains("person") && !one.contains("place"), "{one}");
}

#[test]
fn one_layer_formats_want_one_layer_or_a_folder() {
    let mut desk = Desk::new();
    let path = desk.file("in.jsonl", NEWSROOM);
    desk.import(&path);
    assert!(matches!(desk.try_export("spans", Who::All, |_| ()), Err(ExportError::Plan(_))));
    assert!(matches!(desk.try_export("spans", of(&["ana", "ben"]), |_| ()), Err(ExportError::Plan(_))));
    assert!(matches!(desk.try_export("text", Who::All, |_| ()), Err(ExportError::Plan(_))));
    let folder = desk.path("each");
    let (report, _) = desk
        .try_export("spans", Who::All, |plan| {
            plan.target = Target::PerAnnotator(folder.clone());
            plan.verify = true;
        })
        .unwrap();
    let names: Vec<_> = report.files.iter().map(|file| file.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["ana.jsonl", "ben.jsonl", "gold.jsonl"]);
    assert_eq!(fs::read_to_string(folder.join("ana.jsonl")).unwrap(), desk.export("spans", of(&["ana"])).1);
}

#[test]
fn strict_writes_nothing_that_would_lose_something() {
    let mut desk = Desk::new();
    let path = desk.file("in.jsonl", FULL);
    desk.import(&path);
    let target = desk.file("out.jsonl", "before");
    let plan = |plan: &mut ExportPlan| {
        plan.strict = true;
        plan.target = Target::Path(target.clone());
    };
    let (report, _) = desk.try_export("spans", of(&["ana"]), plan).unwrap();
    assert!(report.refused && report.files.is_empty());
    assert!(
        report.sentence().starts_with("Nothing was written: this would leave out 1 discontinuous span"),
        "{}",
        report.sentence()
    );
    assert_eq!(fs::read_to_string(&target).unwrap(), "before");
    let (report, _) = desk.try_export("spanwright", Who::All, plan).unwrap();
    assert!(!report.refused);
    assert_eq!(fs::read_to_string(&target).unwrap(), desk.all());
    let (_, out) = desk.try_export("spans", of(&["ana"]), |plan| plan.strict = true).unwrap();
    assert_eq!(out, "", "nothing goes down a stream either");
}

#[test]
fn every_format_reads_back_what_it_wrote() {
    let mut desk = Desk::new();
    let mut odd = Vec::new();
    for (number, text) in ODD.iter().chain(&["\u{feff}m\r\nd"]).enumerate() {
        let spans = serde_json::json!([{"start": 0, "end": text.chars().count(), "label": "e"}]);
        odd.push(serde_json::json!({"id": format!("odd/{number}"), "text": text, "spans": spans}).to_string());
    }
    let path = desk.file("in.jsonl", odd.join("\n"));
    let report = desk.import(&path);
    assert_eq!(report.new as usize, ODD.len() + 1);
    for format in FORMATS.iter().filter(|format| format.writer.is_some()) {
        for offsets in [Offsets::Normalised, Offsets::Original] {
            let target = desk.path(&format!("out-{}-{offsets:?}", format.id));
            let plan = |plan: &mut ExportPlan| {
                plan.target = Target::Path(target.clone());
                plan.offsets = offsets;
                plan.verify = true;
            };
            let done = desk.try_export(format.id, of(&["me"]), plan);
            if offsets == Offsets::Original && !format.keeps_sources() {
                let Err(ExportError::Plan(sentence)) = done else { panic!("{} ignores --offsets", format.id) };
                assert!(sentence.ends_with("Leave --offsets out"), "{sentence}");
                continue;
            }
            let (report, _) = done.unwrap();
            if format.id != "parquet" {
                let marks = ["m\r\nd", "m\\r\\nd", "m&#13;&#10;d", "m&#xD;&#xA;d"];
                let has = marks.iter().any(|mark| holds(&target, mark));
                assert_eq!(has, offsets == Offsets::Original, "{} {offsets:?}", format.id);
            }
            assert!(report.verified && report.documents as usize == ODD.len() + 1, "{}", format.id);
            assert_eq!(target.is_dir(), format.shape == Shape::Folder);
        }
    }
}

/// Some file of these has these bytes.
fn holds(path: &Path, bytes: &str) -> bool {
    if path.is_dir() {
        return fs::read_dir(path).unwrap().any(|entry| holds(&entry.unwrap().path(), bytes));
    }
    String::from_utf8_lossy(&fs::read(path).unwrap()).contains(bytes)
}

#[test]
fn texts_come_back_from_a_folder_under_their_ids() {
    let mut desk = Desk::new();
    for (name, text) in [("in/a.txt", "one"), ("in/b/c.txt", "two\r\n"), ("in/Ünï.txt", "\u{feff}three")] {
        desk.file(name, text);
    }
    let folder = desk.path("in");
    desk.import(&folder);
    let target = desk.path("out");
    desk.try_export("text", Who::All, |plan| {
        plan.target = Target::Path(target.clone());
        plan.offsets = Offsets::Original;
    })
    .unwrap();
    for name in ["a.txt", "b/c.txt", "Ünï.txt"] {
        assert_eq!(fs::read(target.join(name)).unwrap(), fs::read(folder.join(name)).unwrap(), "{name}");
    }
    let again = desk.try_export("text", Who::All, |plan| plan.target = Target::Path(target.clone()));
    assert!(matches!(again, Err(ExportError::Plan(_))), "a folder with files in it is left alone");
}

#[test]
fn ids_become_file_names_that_stay_in_the_folder() {
    let mut names = Names::default();
    let mut name = |id: &str| names.name(&id.into());
    assert_eq!(name("a/b.txt"), "a/b.txt");
    assert_eq!(name("plain"), "plain.txt");
    assert_eq!(name("Plain"), "Plain~8b854ade2cd01bdc.txt", "some systems do not tell it from plain.txt");
    assert_eq!(name("../../etc/passwd"), "%2e%2e/%2e%2e/etc/passwd.txt");
    assert_eq!(name("/abs"), "%/abs.txt");
    assert_eq!(name("CON"), "%43ON.txt");
    assert_eq!(name("com1.txt"), "%63om1.txt");
    assert_eq!(name("a\\b:c*?"), "a%5cb%3ac%2a%3f.txt");
    assert_eq!(name("https://x.example/1?q=2"), "https%3a/%/x.example/1%3fq=2.txt");
    assert_eq!(name("Это статья"), "Это статья.txt");
    assert!(name("plain.txt/inside").starts_with("plain.txt%2finside~"), "a file is no folder");
    assert!(name(&"long ".repeat(200)).len() < 200);
    assert!(!name(&"/".repeat(300)).contains("//"));
}

#[test]
fn reports_say_the_same_in_every_form() {
    let mut desk = Desk::new();
    let path = desk.file("in.jsonl", "{\"id\":\"a\",\"text\":\"Ana | Ben\",\"layers\":[{\"annotator\":\"x\",\"spans\":[{\"label\":\"e\",\"ranges\":[[0,99]]}]}]}\n{broken\n");
    let report = desk.import(&path).report();
    let json: serde_json::Value = serde_json::from_str(&report.render(Form::Json)).unwrap();
    assert_eq!(json["counts"]["documents new"], 1);
    assert_eq!(json["problems"].as_array().unwrap().len(), 2);
    assert_eq!(json["problems"][0]["document"], "a");
    let csv = report.render(Form::Csv);
    assert_eq!(csv::Reader::from_reader(csv.as_bytes()).records().count(), 2);
    assert!(csv.starts_with("severity,file,line,document,annotator,item,field,sentence,fix\n"));
    let markdown = report.render(Form::Markdown);
    assert!(markdown.contains("| error |") && markdown.lines().last().unwrap().starts_with("| error |"), "{markdown}");
    let text = report.render(Form::Text);
    assert!(text.starts_with("1 document imported, 1 not imported."), "{text}");
    assert!(text.contains("Could not read line 2, column 2 of "), "{text}");
    for (name, form) in [
        ("r.json", Some(Form::Json)),
        ("r.CSV", Some(Form::Csv)),
        ("r.md", Some(Form::Markdown)),
        ("r.txt", Some(Form::Text)),
        ("r.xls", None),
        ("r", None),
    ] {
        assert_eq!(Form::of_path(Path::new(name)), form);
    }
}

#[test]
fn formats_are_recognised_by_their_records() {
    let folder = TempDir::new().unwrap();
    let of = |line: &str| {
        let path = folder.path().join("file");
        fs::write(&path, line).unwrap();
        Format::of(&Glimpse::at(&path).unwrap()).map(|format| format.id)
    };
    assert_eq!(of(r#"{"id":"a","layers":[]}"#), Some("spanwright"));
    assert_eq!(of(r#"{"id":"a","text":"t","spans":[{"start":0,"end":1,"label":"l"}]}"#), Some("spans"));
    assert_eq!(of(r#"{"id":"a","text":"t"}"#), None);
    assert_eq!(of(r#"{"id":"a","text":"t","sha256":"abc"}"#), None);
    // Rows in any usual spelling are known where no tool's own format is meant; those without spans may come first.
    for rows in [
        r#"{"text":"Ada ran","entities":[{"start_char":0,"end_char":3,"label":"PER"}]}"#,
        r#"{"text":"Ada ran","spans":[[0,3,"PER"]]}"#,
        r#"{"text":"Ada ran","ents":[]} {"text":"Ada ran","ents":[{"start":0,"end":3,"label":"PER"}]}"#,
        r#"{"content":"Ada ran","annotation":[{"label":["PER"],"points":[{"start":0,"end":2,"text":"Ada"}]}]}"#,
        r#"[{"tokens":["Ada","ran"],"ner_tags":[1,0]}]"#,
    ] {
        assert_eq!(of(rows), Some("rows"), "{rows}");
    }
    assert_eq!(
        of(r#"{"text":"Ada ran","entities":[{"start_offset":0,"end_offset":3,"label":"PER"}]}"#),
        Some("doccano")
    );
    assert_eq!(of(r#"{"text":"Ada ran","entities":[[0,3,"PER"]]}"#), Some("spacy-json"));
    assert_eq!(of(r#"{"text":"Ada ran","spans":{"sc":[[0,3,"PER"]]}}"#), Some("spacy-json"));
    assert_eq!(of(r#"{"text":"Ada ran","entities":[],"tags":["a","b"]}"#), Some("spacy-json"));
    assert_eq!(of(r#"{"text":"Ada ran","ents":[],"tags":["a","b"],"tokens":["a"]}"#), None);
    assert_eq!(of(r#"{"label":"PER","pattern":[{"lower":"ada"}]}"#), None);
    let mut ids: Vec<_> = FORMATS.iter().map(|format| format.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), FORMATS.len());
}

#[test]
fn a_report_in_a_spreadsheet_holds_no_formula() {
    let mut desk = Desk::new();
    let line = r#"{"id":"=HYPERLINK(\"x\")","text":"One","spans":[{"start":0,"end":9,"label":"e"}]}"#;
    let path = desk.file("in.jsonl", line);
    let csv = desk.import(&path).report().render(Form::Csv);
    assert!(csv.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{csv}");
}
