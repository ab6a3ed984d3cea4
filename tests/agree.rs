//! `spanwright agree` at a shell: what must survive, and the rows as ARCHITECTURE.md describes them.

use std::fmt::Write as _;

use serde_json::{Value, json};

use spanwright::schema::Schema;
use spanwright::session::agreement::{Plan, compare};
use spanwright::store::{Job, Project, StoreError, open_store};

use crate::cli::Shell;

const SCHEMA: &str = r#"Schema(name: "small", labels: [(id: "person", key: "1"), (id: "place", key: "2")])"#;

/// One document by line: its text, then `annotator status label:quote label:quote` for each layer after a `|`.
fn project(shell: &Shell, documents: &str) {
    shell.file("schema.ron", SCHEMA);
    let mut lines = String::new();
    for (number, line) in documents.lines().map(str::trim).filter(|line| !line.is_empty()).enumerate() {
        let mut parts = line.split('|').map(str::trim);
        let text = parts.next().unwrap();
        let layers: Vec<Value> = parts.map(|part| layer(text, part)).collect();
        let document = json!({ "id": format!("d{}", number + 1), "text": text, "layers": layers });
        writeln!(lines, "{document}").unwrap();
    }
    shell.file("all.jsonl", lines);
    let made = shell.run("new p --schema schema.ron all.jsonl --quiet");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

fn layer(text: &str, words: &str) -> Value {
    let mut words = words.split_whitespace();
    let (annotator, status) = (words.next().unwrap(), words.next().unwrap());
    let spans = words.map(|word| {
        let (label, quote) = word.split_once(':').unwrap();
        let quote = quote.replace('_', " ");
        let start = text[..text.find(&quote).unwrap()].chars().count();
        json!({ "label": label, "ranges": [[start, start + quote.chars().count()]] })
    });
    let spans: Vec<Value> = spans.collect();
    json!({ "annotator": annotator, "status": status, "updated": "2026-11-16T10:00:00Z", "spans": spans })
}

/// The whole output as JSON, with the exit status.
fn run(shell: &Shell, arguments: &str) -> (Value, i32) {
    let output = shell.run(&format!("agree p --format json {arguments}"));
    let status = output.status.code().unwrap();
    assert!(status < 2, "{}", String::from_utf8_lossy(&output.stderr));
    (serde_json::from_slice(&output.stdout).unwrap(), status)
}

/// `measure scope [label|document] annotators: value documents [excluded]` of each row.
fn told(output: &Value) -> Vec<String> {
    let row = |row: &Value| {
        let of = [&row["label"], &row["document"]].into_iter().find_map(Value::as_str).unwrap_or("all");
        let who: Vec<&str> = row["annotators"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let value =
            row["value"].as_f64().map_or_else(|| row["reason"].as_str().unwrap().to_owned(), |it| format!("{it:.3}"));
        let word = |key: &str| row[key].as_str().unwrap().to_owned();
        let excluded = if row["excluded"] == json!({}) { String::new() } else { format!(" {}", row["excluded"]) };
        format!("{} {} {of} {}: {value} {}{excluded}", word("measure"), word("scope"), who.join("+"), row["documents"])
    };
    output["rows"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn one_annotator_alone_agrees_with_nobody() {
    let shell = Shell::new();
    project(&shell, "Ada ran. | ana finished person:Ada");
    let (output, status) = run(&shell, "--min f1-exact=0");
    assert_eq!(status, 1, "what is undefined reaches no goal");
    let rows = output["rows"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|row| row["value"].is_null() && row["low"].is_null()), "{output:#}");
    assert!(rows.iter().all(|row| row["reason"] == "there is only one annotator"), "{output:#}");
}

#[test]
fn a_project_without_layers_and_one_in_which_nobody_finished_have_no_numbers() {
    let shell = Shell::new();
    project(&shell, "Ada ran.");
    assert_eq!(run(&shell, "").1, 0);
    let shell = Shell::new();
    project(&shell, "Ada ran. | ana in-progress person:Ada | ben skipped\nBen sat. | ana in-progress");
    let (output, _) = run(&shell, "--measure f1-exact,alpha");
    assert_eq!(
        told(&output)[..2],
        [
            r#"f1-exact overall all ana+ben: no document was finished by all of them 0 {"in-progress":2}"#,
            r#"f1-exact pair all ana+ben: no document was finished by all of them 0 {"in-progress":2}"#,
        ]
    );
    assert_eq!(
        output["parameters"]["left_out"],
        json!([
            { "document": "d1", "annotator": "ana", "reason": "in-progress" },
            { "document": "d1", "annotator": "ben", "reason": "skipped" },
            { "document": "d2", "annotator": "ana", "reason": "in-progress" },
        ])
    );
}

#[test]
fn no_spans_at_all_is_data_and_has_no_value() {
    let shell = Shell::new();
    project(&shell, "Ada ran. | ana finished | ben finished\nBen sat. | ana finished | ben finished");
    let (output, _) = run(&shell, "");
    for row in output["rows"].as_array().unwrap() {
        assert!(row["value"].is_null() && row["reason"].is_string(), "{row:#}");
        assert!(row["documents"] == 2 || row["scope"] == "document", "{row:#}");
    }
}

#[test]
fn a_label_that_only_one_uses_has_no_agreement_which_is_a_number() {
    let shell = Shell::new();
    project(&shell, "Ada ran. | ana finished person:Ada place:ran | ben finished person:Ada");
    let (output, _) = run(&shell, "--measure f1-exact");
    assert_eq!(
        told(&output),
        [
            "f1-exact overall all ana+ben: 0.667 1",
            "f1-exact pair all ana+ben: 0.667 1",
            "f1-exact label person ana+ben: 1.000 1",
            "f1-exact label place ana+ben: 0.000 1",
            "f1-exact document d1 ana+ben: 0.667 1",
        ]
    );
    assert_eq!(told(&run(&shell, "--measure f1-exact --label person").0)[0], "f1-exact overall all ana+ben: 1.000 1");
}

#[test]
fn twelve_annotators_are_sixty_six_pairs() {
    let shell = Shell::new();
    let layers: Vec<String> = (0..12).map(|who| format!("| a{who:02} finished person:Ada")).collect();
    project(&shell, &format!("Ada ran. {}", layers.join(" ")));
    let (output, _) = run(&shell, "--measure f1-exact,alpha");
    let count = |measure: &str, scope: &str| {
        output["rows"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row["measure"] == measure && row["scope"] == scope)
            .count()
    };
    assert_eq!((count("f1-exact", "pair"), count("f1-exact", "label"), count("alpha", "joint")), (66, 2 * 67, 3));
    assert_eq!(output["rows"][0]["value"], 1.0);
    let (two, _) = run(&shell, "--measure f1-exact --annotator a03,a01");
    assert_eq!(told(&two)[0], "f1-exact overall all a03+a01: 1.000 1");
}

#[test]
fn without_overlap_every_document_is_left_out_and_says_why() {
    let shell = Shell::new();
    project(&shell, "Ada ran. | ana finished person:Ada\nBen sat. | ben finished person:Ben\nCy slept.");
    let (output, status) = run(&shell, "--measure f1-exact --min f1-exact=0.5");
    assert_eq!(status, 1);
    assert_eq!(
        told(&output)[0],
        r#"f1-exact overall all ana+ben: no document was finished by all of them 0 {"untouched":2}"#
    );
}

#[test]
fn identical_layers_agree_wholly_by_every_measure() {
    let shell = Shell::new();
    let line = "Ada met Ben in Oslo. | ana finished person:Ada person:Ben place:Oslo | ben finished person:Ada person:Ben place:Oslo\n";
    project(&shell, &line.repeat(6));
    let (output, status) = run(&shell, "--min f1-exact=1,alpha=1,alpha-u=1,kappa=1");
    assert_eq!(status, 0);
    for row in output["rows"].as_array().unwrap() {
        let known = ["attribute", "relation"].iter().any(|kind| row["measure"].as_str().unwrap().contains(kind));
        assert!(row["value"] == 1.0 || known && row["reason"].is_string(), "{row:#}");
        let wide = row["value"] == 1.0 && row["scope"] != "document";
        assert!(!wide || (&row["low"], &row["high"]) == (&json!(1.0), &json!(1.0)), "{row:#}");
    }
}

#[test]
fn layers_of_several_schemas_are_compared_under_the_ids_of_today() {
    let shell = Shell::new();
    project(&shell, "Ada ran to Oslo. | ana finished person:Ada place:Oslo | ben finished per:Ada place:Oslo");
    let (output, _) = run(&shell, "--measure f1-exact");
    assert_eq!(told(&output)[0], "f1-exact overall all ana+ben: 0.500 1");
    assert_eq!(output["parameters"]["labels"], json!(["person", "place", "per"]));
    shell.file("p/schema.ron", SCHEMA.replace(r#"id: "person","#, r#"id: "person", was: ["per"],"#));
    let (output, _) = run(&shell, "--measure f1-exact");
    assert_eq!(told(&output)[0], "f1-exact overall all ana+ben: 1.000 1");
    assert_eq!(output["parameters"]["labels"], json!(["person", "place"]));
}

#[test]
fn a_layer_of_an_older_text_is_left_out_and_said_so() {
    let shell = Shell::new();
    project(&shell, "Ada ran. | ana finished person:Ada\nBen sat. | ana finished person:Ben | ben finished person:Ben");
    let newer = json!({ "id": "d1", "text": "Old Ada ran.", "layers": [
        layer("Old Ada ran.", "ben finished person:Ada"), layer("Old Ada ran.", "cy finished person:Ada"),
    ] });
    shell.file("newer.jsonl", newer.to_string());
    let imported = shell.run("import p newer.jsonl --new-versions --quiet");
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    let (output, _) = run(&shell, "--measure f1-exact --annotator ana,ben");
    assert_eq!(told(&output)[0], r#"f1-exact overall all ana+ben: 1.000 1 {"text-differs":1}"#);
    let left = json!([{ "document": "d1", "annotator": "ana", "reason": "text-differs" }]);
    assert_eq!(output["parameters"]["left_out"], left);
    assert!(output["parameters"]["notes"][0].as_str().unwrap().contains("older version of the text"), "{output:#}");
}

#[test]
fn gold_is_compared_only_where_it_is_named() {
    let shell = Shell::new();
    project(&shell, "Ada ran. | ana finished person:Ada | gold finished person:Ada | ben finished");
    assert_eq!(run(&shell, "").0["parameters"]["annotators"], json!(["ana", "ben"]));
    let (output, _) = run(&shell, "--annotator ana,gold --measure f1-exact");
    assert_eq!(told(&output)[1], "f1-exact pair all ana+gold: 1.000 1");
}

#[test]
fn positions_are_tokens_or_characters() {
    let shell = Shell::new();
    project(&shell, "“Zoë” 👩‍👩‍👧 Привет, мир! | ana finished place:мир! | ben finished place:мир");
    let value = |unit: &str| run(&shell, &format!("--measure f1-token --unit {unit}")).0["rows"][0].clone();
    // Two tokens of which one is shared; four characters of which three are.
    assert_eq!((value("token")["value"].as_f64(), value("token")["n"].as_u64()), (Some(2.0 / 3.0), Some(2)));
    assert_eq!((value("char")["value"].as_f64(), value("char")["n"].as_u64()), (Some(6.0 / 7.0), Some(4)));
    // “ Zoë ” 👩‍👩‍👧 Привет , мир ! and 24 code points.
    let all = |unit: &str| run(&shell, &format!("--measure percent --unit {unit}")).0["rows"][0]["n"].clone();
    assert_eq!((all("token"), all("char")), (json!(8), json!(24)));
}

#[test]
fn what_is_misspelt_is_told_with_what_was_meant() {
    let shell = Shell::new();
    project(&shell, "Ada ran. | ana finished person:Ada | ben finished person:Ada");
    shell.story(
        "
        $ spanwright agree p --measure f1-exat
        ! “f1-exat” is no measure. Did you mean f1-exact?
        = 2
        $ spanwright agree p --min kapa=0.5
        ! “kapa” is no measure. Did you mean kappa?
        = 2
        $ spanwright agree p --min kappa
        ! --min kappa: write it as kappa=0.8
        = 2
        $ spanwright agree p --annotator ana,bem
        ! bem has no layers here. Did you mean ben?
        = 2
        $ spanwright agree p --label persn
        ! “persn” is no label of this schema. Did you mean person?
        = 2
        $ spanwright agree p --report agreement.doc
        ! agreement.doc: a report ends in …
        = 2
        $ spanwright agree nowhere
        ! There is no folder nowhere
        = 2
        ",
    );
}

#[test]
fn goals_are_judged_and_rows_come_in_every_form() {
    let shell = Shell::new();
    project(&shell, "Ada ran. | ana finished person:Ada place:ran | ben finished person:Ada");
    shell.story(
        "
        $ spanwright agree p --measure f1-exact --min f1-exact=0.6 --samples 0
        > f1-exact\toverall\t\t\tana, ben\t0.667\t\t\t2\t1…
        > f1-exact\tpair\t\t\tana, ben\t0.667\t\t\t2\t1…
        > f1-exact\tlabel\tperson\t\tana, ben\t1.000\t\t\t1\t1…
        > f1-exact\tlabel\tplace\t\tana, ben\t0.000\t\t\t1\t1…
        ! 1 document is finished by two annotators or more, of 1 document
        $ spanwright agree p --measure f1-exact --min f1-exact=0.7,kappa=0.1 --quiet --report r.csv --samples 0
        > …
        ! f1-exact is under 0.7: 0.667
        = 1
        ",
    );
    let csv = std::fs::read_to_string(shell.path("r.csv")).unwrap();
    let mut lines = csv.lines();
    assert_eq!(
        lines.next(),
        Some("measure,scope,label,document,annotators,value,low,high,n,documents,excluded,reason,note")
    );
    // Not rounded.
    assert_eq!(lines.next(), Some("f1-exact,overall,,,\"ana, ben\",0.6666666666666666,,,2,1,,,"));
    assert!(csv.contains("f1-exact,document,,d1,"), "{csv}");
    for form in ["json", "jsonl", "md", "txt"] {
        assert!(shell.run(&format!("agree p --quiet --report r.{form}")).status.success());
        assert!(std::fs::read_to_string(shell.path(&format!("r.{form}"))).unwrap().contains("f1-exact"));
    }
}

#[test]
fn weeks_and_the_mean_without_each_annotator_are_on_request() {
    let shell = Shell::new();
    project(&shell, "Ada ran. | ana finished person:Ada | ben finished person:Ada | cy finished");
    assert_eq!(run(&shell, "").0["drift"], Value::Null);
    let (output, _) = run(&shell, "--measure f1-exact --drift --leave-one-out");
    let part = |key: &str, name: &str| {
        let rows = output[key].as_array().unwrap().iter();
        rows.map(|row| format!("{} {}", row[name].as_str().unwrap(), row["value"])).collect::<Vec<_>>()
    };
    assert_eq!(part("drift", "week"), ["2026-W47 0.3333333333333333"]);
    assert_eq!(part("leave_one_out", "without"), ["ana 0.0", "ben 0.0", "cy 1.0"]);
}

#[test]
fn whoever_shows_the_numbers_finds_them_by_what_they_are_about() {
    let shell = Shell::new();
    project(
        &shell,
        "Ada ran. | ana finished person:Ada | ben finished person:Ada | cy finished person:Ada
         Ben sat in Oslo. | ana finished person:Ben | ben finished place:Oslo | cy finished person:Ben
         Cy slept. | ana finished person:Cy place:slept | ben finished person:Cy | cy finished
         It rained. | ana finished | ben finished | cy finished",
    );
    let (store, _) = open_store(&Project::open(&shell.path("p")).unwrap(), &Job::default()).unwrap();
    let schema = Schema::parse(SCHEMA, "schema.ron").schema.unwrap();
    let found = compare(&*store, &schema, &Plan::new(), &Job::default()).unwrap();
    let worst: Vec<&str> = found.worst("f1-exact").iter().map(|row| row.document.as_ref().unwrap().as_str()).collect();
    assert_eq!(worst, ["d3", "d2", "d1", "d4"]);
    let matrix = found.matrix("f1-exact");
    let value = |a: usize, b: usize| matrix[a][b].map(|row| (row.value.clone().unwrap() * 1000.0).round());
    assert_eq!((value(0, 0), value(0, 1), value(1, 0), value(1, 2)), (None, Some(571.0), Some(571.0), Some(400.0)));
    let labels: Vec<Option<&str>> = found.labels("f1-exact").iter().map(|row| row.label.as_deref()).collect();
    assert_eq!(labels, [Some("person"), Some("place")]);
    assert!(found.joint("alpha").is_some() && found.joint("f1-exact").is_none() && found.overall("kappa").is_some());
    assert_eq!((found.parameters.documents, found.corpus.items.len(), found.coverage.0.len()), (4, 4, 4));
    let job = Job::default();
    job.cancel();
    assert_eq!(compare(&*store, &schema, &Plan::new(), &job).unwrap_err(), StoreError::Cancelled);
}

#[test]
fn the_example_of_the_architecture_is_what_comes_out() {
    let page = include_str!("../ARCHITECTURE.md");
    let (_, section) = page.split_once("## Agreement rows").unwrap();
    let (_, example) = section.split_once("```agreement\n").unwrap();
    let example: Value = serde_json::from_str(example.split_once("```").unwrap().0).unwrap();
    let shell = Shell::new();
    project(
        &shell,
        "Ada ran. | ana finished person:Ada | ben finished person:Ada
         Ben sat in Oslo. | ana finished person:Ben place:Oslo | ben finished person:Ben
         Cy slept. | ana finished person:Cy | ben in-progress",
    );
    let (output, _) = run(&shell, "--measure f1-exact");
    let rows = output["rows"].as_array().unwrap();
    let keep = |row: &&Value| row["label"].is_null() || row["label"] == "place";
    let some: Vec<&Value> = rows.iter().filter(keep).collect();
    assert_eq!(json!({ "rows": some, "parameters": output["parameters"] }).to_string(), example.to_string());
}

/// The row of the card, as `agree` prints it: of everyone, and of one label between two who are named, under pseudonyms.
#[test]
fn a_dataset_card_has_the_number_that_agree_prints() {
    let shell = Shell::new();
    let mut documents = "Maria met Tomas in Oslo | ana finished person:Maria place:Oslo | ben finished person:Maria person:Tomas | cleo finished place:Oslo | gold finished person:Maria\n".repeat(3);
    documents
        .push_str(&"Oslo is far | ana finished place:Oslo | ben finished place:Oslo | cleo in-progress\n".repeat(4));
    documents.push_str("Nobody else was here | ana finished person:Nobody\n");
    project(&shell, &documents);
    for (out, whose, chosen) in
        [("all", "--all", ""), ("two", "--annotator ana,ben", " --label place"), ("gold", "--annotator ana,gold", "")]
    {
        let agree = if whose == "--all" { "" } else { whose };
        let printed = shell.run(&format!("agree p {agree}{chosen} --measure f1-exact --format json --quiet"));
        let printed: Value = serde_json::from_slice(&printed.stdout).unwrap();
        let row = printed["rows"].as_array().unwrap().iter().find(|row| row["scope"] == "overall").unwrap();
        let number = |key: &str| row[key].as_f64().map(|number| format!("{number:.3}"));
        let between = number("low")
            .zip(number("high"))
            .map_or_else(|| "none: too few documents".to_owned(), |(low, high)| format!("{low} to {high}"));
        let expected = format!("| `f1-exact` | {} | {between} | {} |", number("value").unwrap(), row["documents"]);
        let made = shell.run(&format!("export p --format hf --out {out} {whose}{chosen} --pseudonyms fen --quiet"));
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let card = std::fs::read_to_string(shell.path(&format!("{out}/README.md"))).unwrap();
        assert!(card.contains(&expected), "{expected}\nis not in\n{card}");
    }
    let alone = shell.run("export p --format hf --out alone --annotator ana --quiet");
    assert!(alone.status.success());
    assert!(!std::fs::read_to_string(shell.path("alone/README.md")).unwrap().contains("## Agreement"));
}
