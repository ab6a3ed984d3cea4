//! `agree --report FILE.html`: one file, whole without anything else, bounded, and safe whatever the project holds.

use serde_json::{Value, json};

use crate::cli::Shell;

const SCHEMA: &str = r#"Schema(name: "small", labels: [
    (id: "entity", name: "<script>alert(1)</script>", key: "1", attributes: [(name: "kind", kind: OneOf(["a", "b"]))]),
    (id: "quote", key: "2"), (id: "unused", key: "3"),
])"#;

/// Spans as (start, end, label) by annotator.
type Spans<'a> = &'a [(usize, usize, &'a str)];

fn document(id: &str, text: &str, layers: &[(&str, Spans<'_>)]) -> Value {
    let span = |(start, end, label): &(usize, usize, &str)| json!({"ranges": [[start, end]], "label": label});
    let layer = |(annotator, spans): &(&str, Spans<'_>)| json!({"annotator": annotator, "status": "finished", "spans": spans.iter().map(span).collect::<Vec<_>>()});
    json!({"id": id, "text": text, "meta": {"title": id}, "layers": layers.iter().map(layer).collect::<Vec<_>>()})
}

/// The report of these documents.
fn page(documents: &[Value], arguments: &str) -> String {
    let shell = Shell::new();
    shell.file("schema.ron", SCHEMA);
    shell.file("all.jsonl", documents.iter().map(|document| format!("{document}\n")).collect::<String>());
    let made = shell.run("new p --schema schema.ron all.jsonl --quiet");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let said = shell.run(&format!("agree p --samples 20 --report report.html {arguments}"));
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let page = std::fs::read_to_string(shell.path("report.html")).unwrap();
    whole(&page);
    page
}

/// Elements are closed in their order, no character is left unescaped, and nothing is fetched or run.
fn whole(page: &str) {
    let (head, body) = page.split_once("<body>").unwrap();
    let mut open = vec!["html", "body"];
    for piece in body.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').unwrap_or_else(|| panic!("a stray < before {piece:.40}"));
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let known =
            ["main", "h1", "h2", "h3", "p", "div", "section", "span", "b", "i", "small", "bdi", "a", "dl", "dt", "dd"];
        let tables = ["table", "thead", "tbody", "tr", "th", "td", "blockquote", "ul", "li", "html", "body"];
        let plain = name.trim_start_matches('/');
        assert!(known.contains(&plain) || tables.contains(&plain), "<{tag}>");
        assert!(!attributes.contains("href=") || attributes.contains("href=\"#"), "<{tag}>");
        assert!(!attributes.starts_with("on") && !attributes.contains(" on"), "<{tag}>");
        match name.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed), "closed out of order"),
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?} are left open");
    for fetched in ["<script", "<link", "url(", "@import", "//"] {
        assert!(!head.contains(fetched), "{fetched} in the head");
    }
}

#[test]
fn a_report_shows_numbers_and_what_differs() {
    let text = "“We will rebuild,” said Maria Lind 👍 of Nordbank.\nShare this";
    let same = document("same", text, &[("ana", &[(24, 34, "entity")]), ("ben", &[(24, 34, "entity")])]);
    let apart = document(
        "apart",
        text,
        &[("ana", &[(0, 18, "quote"), (24, 34, "entity")]), ("ben", &[(1, 17, "quote"), (40, 48, "entity")])],
    );
    let alone = document("alone", text, &[("ana", &[(24, 34, "entity")])]);
    let page = page(&[same, apart, alone], "--measure f1-exact,f1-overlap");
    for expected in [
        "<h1>Agreement of ana and ben</h1>",
        "2 documents finished by both, of 3",
        // One of three and three.
        "<span class=id>f1-exact</span><b>0.33</b>",
        "1 document: not begun by one of those compared",
        "Edges differ by quotation marks only",
        "Not marked by ana",
        "Not marked by ben",
        "Lines below the text are what ana marked, lines above it what ben marked",
        "1 label of the schema was used by nobody",
    ] {
        assert!(page.contains(expected), "{expected} in\n{page}");
    }
    let marks =
        "“</span><span class=\"m b0 double l1\"><span class=\"m above double l1\">We will rebuild,</span></span>";
    assert!(page.contains(marks), "{page}");
    let worst = page.find("<bdi>apart</bdi>").unwrap();
    assert!(worst < page.find("<bdi>same</bdi>").unwrap(), "the worst first");
}

#[test]
fn whatever_the_project_holds_is_text() {
    let evil = "<script>alert('x')</script>";
    let text = format!("{evil} \u{202e}שלום\u{0} \"quoted\" & 'so' </blockquote>");
    let length = text.chars().count();
    let wrong = "<img src=x onerror=alert(1)>";
    let layers: [(&str, Spans<'_>); 2] =
        [(evil, &[(0, length, "entity"), (3, 9, wrong)]), ("b\"&'<", &[(2, length, "quote")])];
    let mut document = document("evil", &text, &layers);
    document["meta"]["title"] = json!(evil);
    document["layers"][0]["spans"][0]["attributes"] = json!({"<b>": "</ul>", "kind": ["<i>"]});
    document["layers"][0]["attributes"] = json!({"<u>": "<s>"});
    let page = page(&[document], "");
    assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;"), "{page}");
    assert!(!page.contains('\0'));
}

#[test]
fn right_to_left_text_finds_its_direction() {
    let text = "قالت مريم لند: «سنبني الميناء من جديد» 👩‍👩‍👧";
    let page = page(&[document("d", text, &[("ana", &[(15, 38, "quote")]), ("ben", &[])])], "");
    assert!(page.contains("<blockquote dir=auto>قالت مريم لند: <span"), "{page}");
}

#[test]
fn nobody_and_nothing_have_a_report_too() {
    let empty = page(&[document("d", "Nothing", &[("ana", &[]), ("ben", &[])])], "");
    assert!(empty.contains("nobody marked anything"), "{empty}");
    assert!(!empty.contains("<h2>Differences</h2>"));
    let alone = page(&[document("d", "Nothing", &[("ana", &[(0, 3, "entity")])])], "");
    assert!(alone.contains("<h1>ana alone</h1>") && alone.contains("there is only one annotator"), "{alone}");
    let nobody = page(&[json!({"id": "d", "text": "Nothing"})], "");
    assert!(nobody.contains("<h1>Agreement of nobody</h1>"), "{nobody}");
}

#[test]
fn many_of_everything_stay_readable_and_small() {
    let text = "word ".repeat(3000);
    let ours: Vec<_> = (0..3000).map(|at| (at * 5, at * 5 + 4, "entity")).collect();
    let theirs: Vec<_> = (0..3000).map(|at| (at * 5, at * 5 + 3, "entity")).collect();
    let names: Vec<String> = (0..12).map(|number| format!("annotator {number} {}", "x".repeat(200))).collect();
    let layers: Vec<(&str, Spans<'_>)> = names
        .iter()
        .enumerate()
        .map(|(number, name)| (name.as_str(), if number == 0 { &ours[..] } else { &theirs[..] }))
        .collect();
    let mut documents = vec![document("crowded", &text, &layers)];
    for number in 0..60 {
        documents.push(document(
            &format!("d{number}"),
            "word word",
            &[(&names[0], &[(0, 4, "quote")]), (&names[1], &[(0, 4, "quote")])],
        ));
    }
    let page = page(&documents, "--measure f1-exact");
    assert!(page.len() < 3_000_000, "{}", page.len());
    for expected in ["3,000 differences", "are shown: the worst 20", "2,980 more of this document", "pairs of 66"] {
        assert!(page.contains(expected), "{expected}");
    }
    assert!(page.contains("36 documents that agree better are not shown"), "what is cut is said");
}

#[test]
fn the_same_layers_give_the_same_bytes() {
    let documents = [document("d", "Maria Lind", &[("ana", &[(0, 5, "entity")]), ("ben", &[(0, 10, "entity")])])];
    assert_eq!(page(&documents, ""), page(&documents, ""));
}
