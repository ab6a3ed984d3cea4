//! Articles from files: what comes out of what lies there, told as text.

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use spanwright::formats::articles::{
    ArticleFormat, FieldMap, Limits, LoadOptions, Loaded, encoding_named, load, preview,
};
use tempfile::TempDir;

/// A folder with these files in it.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// Everything that loading `paths` gives, one line each: articles as `id | text | meta` with their notes below, and what was
/// refused, skipped, noted. The folder's own path is left out.
fn told(top: &Path, paths: &[PathBuf], options: &LoadOptions) -> String {
    let mut lines = Vec::new();
    for loaded in load(paths, options) {
        match loaded {
            Loaded::Article(article) => {
                let id = article.id.as_deref().unwrap_or("-");
                let meta = match article.document.meta.len() {
                    0 => String::new(),
                    _ => format!(" | {}", serde_json::to_string(&article.document.meta).unwrap()),
                };
                lines.push(format!("{id} | {:?}{meta}", article.document.text.as_str()));
                lines.extend(article.notes.iter().map(|note| format!("  {note}")));
            }
            Loaded::Refused(problem) => lines.push(format!("refused {problem}")),
            Loaded::Skipped(problem) => lines.push(format!("skipped {problem}")),
            Loaded::Note(problem) => lines.push(format!("noted {problem}")),
            Loaded::Aborted(problem) => lines.push(format!("aborted {problem}")),
        }
    }
    lines.join("\n").replace(&format!("{}/", top.display()), "")
}

/// Loads a folder of these files and compares all that is told; lines of `expected` are trimmed, and `…` stands for anything.
#[track_caller]
fn check_with(options: &LoadOptions, files: &[(&str, &[u8])], expected: &str) {
    let folder = folder(files);
    let told = told(folder.path(), &[folder.path().to_path_buf()], options);
    compare(&told, expected);
}

#[track_caller]
fn check(files: &[(&str, &[u8])], expected: &str) {
    check_with(&LoadOptions::default(), files, expected);
}

#[track_caller]
fn compare(told: &str, expected: &str) {
    let told: Vec<&str> = told.lines().map(str::trim).collect();
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let fits = told.len() == expected.len() && told.iter().zip(&expected).all(|(told, expected)| like(told, expected));
    assert!(fits, "told:\n{}\nexpected:\n{}\n", told.join("\n"), expected.join("\n"));
}

/// `expected` with `…` for any stretch.
fn like(told: &str, expected: &str) -> bool {
    let mut parts = expected.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = told.strip_prefix(first) else { return false };
    let mut last = None;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
        last = Some(part);
    }
    match last {
        None => rest.is_empty(),
        Some(last) => last.is_empty() || rest.is_empty() || told.ends_with(last),
    }
}

#[test]
fn a_folder_comes_in_the_order_of_its_paths() {
    check(
        &[
            ("b.txt", b"two"),
            ("a/z.txt", b"one"),
            ("a.txt", b"zero"),
            ("c/d/e.md", b"three"),
            ("photo.JPG", b"\xff\xd8"),
            ("c/other.jpg", b"\xff\xd8"),
            ("LICENCE", b"free"),
            (".git/config", b"x"),
        ],
        r#"
        a.txt | "zero"
        a/z.txt | "one"
        b.txt | "two"
        c/d/e.md | "three"
        skipped warning: files ending in .jpg were left out: 2 (the first: c/other.jpg). If they are articles, …
        skipped warning: files without an ending were left out: 1 (the first: LICENCE). …
        skipped warning: hidden files and folders were left out: 1 (the first: .git)
        "#,
    );
}

#[test]
fn text_is_kept_as_it_is() {
    check(
        &[
            ("1-bom.txt", b"\xef\xbb\xbfFirst \xef\xbb\xbfinside"),
            ("2-crlf.txt", b"One\r\nTwo\rThree\n"),
            ("3-nul.txt", b"a\0b and more"),
            ("4-marks.txt", "zero\u{200b}width, \u{202e}over\u{202c}, soft\u{ad}hyphen, 👩‍👩‍👧 e\u{301}".as_bytes()),
            ("5-empty.txt", b""),
            ("6-blank.txt", b" \n"),
        ],
        r#"
        1-bom.txt | "First \u{feff}inside"
        2-crlf.txt | "One\nTwo\nThree\n"
        3-nul.txt | "a\0b and more"
          3-nul.txt · note: the text holds NUL characters, kept: 1
        4-marks.txt | "zero\u{200b}width, \u{202e}over\u{202c}, soft\u{ad}hyphen, 👩\u{200d}👩\u{200d}👧 e\u{301}"
        5-empty.txt | ""
          5-empty.txt · note: the text is empty
        6-blank.txt | " \n"
          6-blank.txt · note: the text is empty
        noted note: articles from text files with line ends or byte order marks that were normalised: 2 (CRLF to LF: 1, lone CR to LF: 1, byte order marks taken off: 1). …
        "#,
    );
}

#[test]
fn a_broken_line_costs_one_line() {
    let mut lines: Vec<String> = (1..=20).map(|n| format!(r#"{{"id":"a{n}","text":"Words {n}."}}"#)).collect();
    lines[13] = r#"{"id":"a14","text":"Wörds "quoted" 14."}"#.to_owned();
    let folder = folder(&[("news.jsonl", lines.join("\n").as_bytes())]);
    let told = told(folder.path(), &[folder.path().to_path_buf()], &LoadOptions::default());
    assert_eq!(told.lines().filter(|line| line.contains("| \"Words ")).count(), 19);
    let refused: Vec<&str> = told.lines().filter(|line| line.starts_with("refused")).collect();
    assert_eq!(refused.len(), 1);
    assert!(
        like(
            refused[0],
            "refused news.jsonl:14:28 · error: it is not one JSON object: expected `,` or `}`. The other lines were loaded; …"
        ),
        "{}",
        refused[0]
    );
}

#[test]
fn fields_are_guessed_or_given() {
    let line = br#"{"headline":"Rain","body":"It rained.","url":"https://www.example.org/rain?x=1","published":"2015-09-05","n":3,"layers":[{"a":1}]}"#;
    check(
        &[("a.jsonl", line)],
        r#"https://www.example.org/rain?x=1 | "It rained." | {"title":"Rain","url":"https://www.example.org/rain?x=1","date":"2015-09-05","n":3,"source":"example.org"}"#,
    );
    let fields = FieldMap::parse("text=headline, section=n").unwrap();
    check_with(
        &LoadOptions { fields, ..LoadOptions::default() },
        &[("a.jsonl", line)],
        r#"https://www.example.org/rain?x=1 | "Rain" | {"body":"It rained.","url":…,"section":3,"source":"example.org"}"#,
    );
    assert!(FieldMap::parse("text").is_err());
}

#[test]
fn what_a_line_lacks_is_said() {
    check(
        &[(
            "a.jsonl",
            b"{\"id\":\"1\",\"words\":\"x\xc3\xa9 \xc3\xa9\"}\n\n{\"id\":\"2\",\"text\":7}\n[1]\n{\"id\":3,\"text\":\"three\"}\n{\"id\":null,\"text\":\"four\",\"meta\":{\"title\":\"T\",\"k\":[1]}}\n{\"text\":\"\xff\"}\n",
        )],
        r#"
        refused a.jsonl:1 · error: no field was recognised as the text; its fields are id, words. Say which field holds the text, for example --map text=words
        refused a.jsonl:3 · error: no field was recognised as the text; its fields are id, text. Say which …
        refused a.jsonl:4:1 · error: it is not one JSON object: invalid type: sequence, expected a JSON object. …
        3 | "three"
        - | "four" | {"title":"T","k":[1]}
        refused a.jsonl:7:10 · error: a byte of the line does not fit the encoding UTF-8. …
        "#,
    );
}

#[test]
fn encodings_are_found_or_refused() {
    let utf_16 = |text: &str, big: bool| -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let with = |name: &str, text: &str| encoding_named(name).unwrap().encode(text).0.into_owned();
    let cyrillic = "Вчера вечером в городе прошёл сильный дождь, и улицы опустели.";
    let japanese = "昨日の夜、町に強い雨が降り、通りには誰もいなかった。";
    let french = "L’été dernier, la rivière a débordé près du café, a déclaré le maire.";
    check(
        &[
            ("1.txt", &utf_16("\u{feff}Żółw, 👩‍👩‍👧", false)),
            ("2.txt", &utf_16("\u{feff}Żółw, 👩‍👩‍👧", true)),
            ("3.txt", &utf_16("Plain words without a mark.", false)),
            ("4.txt", &utf_16(cyrillic, true)),
            ("5.txt", &with("windows-1251", cyrillic)),
            ("6.txt", &with("shift_jis", japanese)),
            ("7.txt", &with("windows-1252", french)),
            ("8.txt", b"\xff\xfe\0\0x\0\0\0"),
            ("9.txt", b"ends in the middle \xe2\x80\0"),
        ],
        &format!(
            r#"
            1.txt | "Żółw, 👩\u{{200d}}👩\u{{200d}}👧" | {{"encoding":"UTF-16LE"}}
            2.txt | "Żółw, 👩\u{{200d}}👩\u{{200d}}👧" | {{"encoding":"UTF-16BE"}}
            3.txt | "Plain words without a mark." | {{"encoding":"UTF-16LE"}}
              3.txt · note: the encoding was guessed: UTF-16LE. …
            4.txt | {cyrillic:?} | {{"encoding":"UTF-16BE"}}
              4.txt · note: the encoding was guessed: UTF-16BE. …
            5.txt | {cyrillic:?} | {{"encoding":"windows-1251"}}
              5.txt · note: the encoding was guessed: windows-1251. …
            6.txt | {japanese:?} | {{"encoding":"Shift_JIS"}}
              6.txt · note: the encoding was guessed: Shift_JIS. …
            7.txt | {french:?} | {{"encoding":"windows-1252"}}
              7.txt · note: the encoding was guessed: windows-1252. …
            refused 8.txt · error: it is UTF-32, which is not read. Save it as UTF-8
            refused 9.txt · error: the byte at offset 19 (hex e2) is not UTF-8, and no other encoding fits. …
            noted note: …
            "#
        ),
    );
    let given = |name| LoadOptions { encoding: encoding_named(name), ..LoadOptions::default() };
    check_with(
        &given("utf-8"),
        &[("a.txt", &with("windows-1251", cyrillic)), ("b.txt", "ж".as_bytes())],
        r#"
        refused a.txt · error: the byte at offset 0 does not fit the encoding UTF-8. Leave the encoding to be found, or try --encoding windows-1251
        b.txt | "ж"
        "#,
    );
    check_with(
        &given("windows-1251"),
        &[("a.jsonl", &with("windows-1251", &format!("{{\"id\":\"ы\",\"text\":\"{cyrillic}\"}}\n")))],
        &format!("ы | {cyrillic:?} | {{\"encoding\":\"windows-1251\"}}"),
    );
}

#[test]
fn a_file_of_lines_keeps_its_encoding_to_the_end() {
    // Far beyond what is read at once, all ASCII, before the first byte that tells.
    let mut lines =
        (0..20_000).map(|number| format!("{{\"id\":\"{number}\",\"text\":\"plain\"}}\n")).collect::<Vec<_>>().concat();
    lines.push_str("{\"id\":\"last\",\"text\":\"Вчера вечером в городе прошёл сильный дождь.\"}\n");
    let bytes = encoding_named("windows-1251").unwrap().encode(&lines).0.into_owned();
    let folder = folder(&[("a.jsonl", &bytes)]);
    let told = told(folder.path(), &[folder.path().to_path_buf()], &LoadOptions::default());
    let lines: Vec<&str> = told.lines().skip(20_000).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("last | \"Вчера вечером в городе прошёл сильный дождь.\""), "{}", lines[0]);
    assert!(lines[1].contains("the encoding was guessed: windows-1251"), "{}", lines[1]);
}

#[test]
fn a_format_that_is_given_rules() {
    let options = LoadOptions { format: Some(ArticleFormat::Plain), ..LoadOptions::default() };
    check_with(&options, &[("a.news", b"words"), ("b.jsonl", b"{}")], "a.news | \"words\"\nb.jsonl | \"{}\"");
}

#[test]
fn tables_are_read_strictly() {
    check(
        &[
            (
                "1.csv",
                b"\xef\xbb\xbfurl,title,body,section\r\nhttps://a.example/1,\"Rain, again\",\"He said \"\"no\"\".\r\nThen left.\",=1+1\r\n\r\nhttps://a.example/2,Short\r\nhttps://a.example/3,T,\"bad\" quote,x\r\nhttps://a.example/4,T,last,",
            ),
            ("2.csv", b"id;text\n1;one, two\n2;\n"),
            ("3.tsv", b"id\ttext\n1\t\"Open to all\", he said\n2\tplain\n"),
            ("4.tsv", b"id\ttext\n1\t\"Enclosed \"\"words\"\"\"\n"),
            ("5.csv", b"a,b\n1,2\n"),
            ("6.csv", b"id,text\n1,one\n2,\"never closed\n3,three\n"),
            ("7.csv", b""),
        ],
        r#"
        https://a.example/1 | "He said \"no\".\nThen left." | {"url":"https://a.example/1","title":"Rain, again","section":"=1+1","source":"a.example"}
        refused 1.csv:5 · error: the row has 2 cells where the table has 4 columns. …
        refused 1.csv:6 · error: on line 6 words follow a closing quote. …
        https://a.example/4 | "last" | {"url":"https://a.example/4","title":"T","section":"","source":"a.example"}
        1 | "one, two"
        2 | ""
          2.csv:3 · note: the text is empty
        noted 3.tsv · note: its quotes do not enclose cells as in CSV; they were read as ordinary characters
        1 | "\"Open to all\", he said"
        2 | "plain"
        1 | "Enclosed \"words\""
        refused 5.csv · error: no column was recognised as the text; its first row names the columns a, b. Say which column holds the text: --map text=COLUMN
        1 | "one"
        refused 6.csv:3 · error: the quote that opens on line 3 is not closed before the file ends; nothing after it was read. …
        noted 7.csv · warning: the table is empty
        noted note: articles from CSV files … normalised: 1 (CRLF to LF: 1, …
        "#,
    );
}

#[test]
fn json_comes_as_an_array_or_over_several_lines() {
    check(
        &[
            ("1.json", b"[{\"id\":\"a\",\"text\":\"one\"},\n {\"id\":\"b\",\"text\":\"two\"}\n]"),
            ("2.json", b"{\n  \"id\": \"c\",\n  \"text\": \"three\"\n}\n"),
            ("3.json", b"[{\"id\":\"d\",\"text\":\"four\"},\n {\"id\":\"e\",\"text\":}]"),
            ("4.jsonl", b"{\"id\":\"f\",\"text\":\"five\",\"text\":\"six\"}\n"),
        ],
        r#"
        a | "one"
        b | "two"
        c | "three"
        d | "four"
        refused 3.json:2:19 · field text · error: object 2 is broken: expected value. The objects before it were loaded; …
        f | "six"
          4.jsonl:1 · field text · warning: the field is given twice; the last value was taken
        "#,
    );
}

#[test]
fn what_belongs_to_annotation_comes_apart() {
    let folder = folder(&[(
        "a.jsonl",
        br#"{"id":"a","spans":[{"start":0,"end":3,"label":"x"}],"text":"one","meta":{"k":1},"layers":[ ]}"#,
    )]);
    let Some(Loaded::Article(article)) = load(&[folder.path().join("a.jsonl")], &LoadOptions::default()).next() else {
        panic!("no article")
    };
    let apart: Vec<(&str, &str)> = article.apart.iter().map(|(key, raw)| (key.as_str(), raw.get())).collect();
    assert_eq!(apart, [("spans", r#"[{"start":0,"end":3,"label":"x"}]"#), ("layers", "[ ]")]);
    assert_eq!(serde_json::to_string(&article.document.meta).unwrap(), r#"{"k":1}"#);
}

/// What a page's body becomes.
#[track_caller]
fn check_page(body: &str, expected: &str) {
    let folder = folder(&[("a.html", body.as_bytes())]);
    let Some(Loaded::Article(article)) = load(&[folder.path().join("a.html")], &LoadOptions::default()).next() else {
        panic!("no article")
    };
    assert_eq!(article.document.text.as_str(), expected);
}

#[test]
fn pages_become_lines() {
    check_page("<p>One <b>two</b>,\n  three.<p>Four", "One two, three.\nFour");
    check_page("<div>a<div>b</div>c</div>", "a\nb\nc");
    check_page("one<br>two<br/><br>three", "one\ntwo\nthree");
    check_page("<a href=x>Home</a><a>News</a> <a>Sport</a>", "HomeNews Sport");
    check_page("<button>Share</button><button>Tweet</button>", "Share Tweet");
    check_page("<ul><li>one<li>two <ul><li>three</ul></ul>after", "one\ntwo\nthree\nafter");
    check_page("<table><tr><th>Team<th>Goals<tr><td>North<td>3</table>", "Team\tGoals\nNorth\t3");
    check_page("<table><tr><td><p>Left</p></td><td><p>Right</p></td></tr></table>", "Left\nRight");
    check_page("<pre>\n  kept   as\n    it is\n</pre>after", "  kept   as\n    it is\nafter");
    check_page("a<script>x()</script>b<style>p{}</style><noscript>n</noscript><template>t</template>c", "abc");
    check_page("Ma<span style=display:none>no</span>rk<iframe src=x>no</iframe>Lind", "Mark Lind");
    check_page("<p hidden>no</p><p style='color:red; DISPLAY : none'>no</p><p aria-hidden=true>yes</p>", "yes");
    check_page("fish&nbsp;&amp;&shy;chips &#x1F469;&zwj;&#x1F467;", "fish\u{a0}&\u{ad}chips 👩\u{200d}👧");
    check_page("before <img src=x alt='not this'> after<!-- nor this -->", "before after");
    check_page("<b>unclosed <i>nested</b> crossed</i> & < loose", "unclosed nested crossed & < loose");
    check_page(
        "<title>T</title><h1>Head</h1><select><option>one<option>two</select><textarea>t</textarea>",
        "Head\none\ntwo\nt",
    );
    check_page("", "");
}

#[test]
fn pages_say_what_they_are() {
    let page = r#"<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Rain | The Daily Sample</title>
        <meta property="og:title" content="Rain in the  north"><meta property="article:published_time" content="2015-09-05T10:00:00Z">
        <link rel="canonical" href="https://www.sample.example/rain"><meta name="author" content="M. Lind"></head>
        <body><h1>Rain</h1><p>It rained.</body></html>"#;
    check(
        &[("a.html", page.as_bytes())],
        r#"a.html | "Rain\nIt rained." | {"title":"Rain in the north","source":"sample.example","date":"2015-09-05T10:00:00Z","author":"M. Lind","url":"https://www.sample.example/rain","lang":"en-GB"}"#,
    );
    let linked = r#"<h1>Wind <svg><title>icon</title></svg></h1><time datetime="2016-01-02">2 Jan</time>
        <script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"","datePublished":"2016-01-01","publisher":{"name":"Sample Press"},"author":[{"name":"Ana"}]}]}</script>"#;
    check(
        &[("a.htm", linked.as_bytes())],
        r#"a.htm | "Wind\n2 Jan" | {"title":"Wind icon","source":"Sample Press","date":"2016-01-01","author":"Ana"}"#,
    );
    let declared = encoding_named("windows-1251")
        .unwrap()
        .encode("<meta http-equiv=Content-Type content='text/html; charset=windows-1251'><p>Дождь")
        .0
        .into_owned();
    check(&[("a.html", &declared)], r#"a.html | "Дождь" | {"encoding":"windows-1251"}"#);
    check(
        &[
            ("a.html", "<meta charset=windows-1252><p>Żółw".as_bytes()),
            ("b.html", b"<meta charset=utf-8><p>Le caf\xe9 du march\xe9"),
        ],
        r#"
        a.html | "Å»Ã³Å‚w" | {"encoding":"windows-1252"}
          a.html · warning: it says it is windows-1252 and was read so, but it would also be good UTF-8. If the text looks broken, import it with --encoding utf-8
        b.html | "Le café du marché" | {"encoding":"windows-1252"}
          b.html · warning: it says it is UTF-8, but the byte at offset 29 does not fit
          b.html · note: the encoding was guessed: windows-1252. …
        "#,
    );
}

#[test]
fn deep_and_odd_pages_come_through() {
    let words = |html: String| {
        let folder = folder(&[("a.html", html.as_bytes())]);
        let Some(Loaded::Article(article)) = load(&[folder.path().join("a.html")], &LoadOptions::default()).next()
        else {
            panic!("no article")
        };
        article.document.text.as_str().to_owned()
    };
    assert_eq!(words(format!("{}deep{}after", "<div>".repeat(100_000), "</div>".repeat(100_000))), "deep\nafter");
    assert_eq!(words(format!("{}<p>deep", "<span>".repeat(100_000))), "deep");
    let formats = (0..20_000).map(|n| format!("<font size={n}><p>{n}")).collect::<Vec<_>>().concat();
    let expected: Vec<String> = (0..20_000).map(|n| n.to_string()).collect();
    assert_eq!(words(formats), expected.join("\n"));
}

/// A zip archive of these entries, compressed.
fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn archives_are_read_and_their_names_made_safe() {
    let mut encrypted = zipped(&[("open.txt", b"open"), ("secret.txt", b"secret")]);
    // The flag that says "encrypted", in the local and the central header of the second entry.
    for (header, flags) in [(&b"PK\x03\x04"[..], 6), (b"PK\x01\x02", 8)] {
        let second = memchr::memmem::rfind(&encrypted, header).unwrap();
        encrypted[second + flags] |= 1;
    }
    check(
        &[
            (
                "1.zip",
                &zipped(&[
                    ("b/two.txt", b"two"),
                    ("lines.jsonl", b"{\"id\":\"x\",\"text\":\"three\"}\nbroken\n"),
                    ("../../up.txt", b"up"),
                    ("/etc/root.txt", b"root"),
                    ("C:\\news\\four.txt", b"four"),
                    ("inner.zip", b"PK"),
                    ("photo.png", b"x"),
                    ("__MACOSX/._two.txt", b"x"),
                ]),
            ),
            ("2.zip", &encrypted),
            ("3.zip", b"not a zip"),
        ],
        r#"
        b/two.txt | "two"
        x | "three"
        refused 1.zip/lines.jsonl:2:1 · error: it is not one JSON object: expected value. …
        up.txt | "up"
          1.zip/up.txt · warning: the entry is called "../../up.txt", which is no plain path; its id is the safe part
        etc/root.txt | "root"
          1.zip/etc/root.txt · warning: the entry is called "/etc/root.txt", …
        news/four.txt | "four"
          1.zip/news/four.txt · warning: the entry is called "C:\\news\\four.txt", …
        refused 1.zip/inner.zip · error: it is an archive inside an archive, which is not opened. …
        open.txt | "open"
        refused 2.zip/secret.txt · error: the entry is encrypted. …
        refused 3.zip · error: it is not a zip archive that can be read: …
        skipped warning: files ending in .png were left out: 1 (the first: 1.zip/photo.png). …
        skipped warning: hidden files and folders were left out: 1 (the first: 1.zip/__MACOSX/._two.txt)
        "#,
    );
}

#[test]
fn a_zip_bomb_stops_everything() {
    let zeros = vec![b'0'; 2 << 20];
    let bomb = zipped(&[("a.txt", b"fine"), ("b.txt", &zeros), ("c.txt", b"never")]);
    let limits = |limits| LoadOptions { limits, ..LoadOptions::default() };
    let files: &[(&str, &[u8])] = &[("a.zip", &bomb), ("b.txt", b"never")];
    check_with(
        &limits(Limits { ratio_from: 1 << 20, ..Limits::default() }),
        files,
        r#"
        a.txt | "fine"
        aborted a.zip · error: the archive has … bytes and expands to more than 200 times that, as a zip bomb does. …
        "#,
    );
    check_with(
        &limits(Limits { archive_bytes: 1 << 20, ..Limits::default() }),
        files,
        r#"
        a.txt | "fine"
        aborted a.zip · error: the archive expands to more than the 1.0 MiB allowed. …
        "#,
    );
    check_with(
        &limits(Limits { entries: 2, ..Limits::default() }),
        files,
        "aborted a.zip · error: the archive has 3 entries, more than the 2 allowed. …",
    );
    // A header that claims less than there is: what is read counts.
    let mut lying = bomb.clone();
    let central = memchr::memmem::find_iter(&bomb, b"PK\x01\x02").nth(1).unwrap();
    lying[central + 24..central + 28].copy_from_slice(&10_u32.to_le_bytes());
    check_with(
        &limits(Limits { archive_bytes: 1 << 20, ..Limits::default() }),
        &[("a.zip", &lying)],
        r#"
        a.txt | "fine"
        refused a.zip/b.txt · error: it could not be read: … larger than its declared … size. …
        c.txt | "never"
        "#,
    );
}

#[test]
fn what_is_too_long_is_refused_and_the_rest_goes_on() {
    let limits = Limits { document_bytes: 1000, ..Limits::default() };
    let options = LoadOptions { limits, ..LoadOptions::default() };
    let long = "x".repeat(1500);
    let longer = "y".repeat(300_000);
    let lines = format!(
        "{{\"id\":\"1\",\"text\":\"{long}\"}}\n{{\"id\":\"2\",\"text\":\"{longer}\"}}\n{{\"id\":\"3\",\"text\":\"short\"}}\n"
    );
    let rows = format!("id,text\n1,\"{longer}\"\n2,short\n");
    let array = format!("[{{\"id\":\"1\",\"text\":\"short\"}},{{\"id\":\"2\",\"text\":\"{longer}\"}}]");
    check_with(
        &options,
        &[
            ("1.txt", long.as_bytes()),
            ("2.jsonl", lines.as_bytes()),
            ("3.csv", rows.as_bytes()),
            ("4.json", array.as_bytes()),
            ("5.txt", &b"e"[..]),
        ],
        r#"
        refused 1.txt · error: the file has 1500 bytes, more than the 1000 bytes allowed. …
        refused 2.jsonl:1 · error: the text has 1500 bytes, more than the 1000 bytes allowed. …
        refused 2.jsonl:2 · error: the line has 300020 bytes, more than the 2000 bytes allowed. …
        3 | "short"
        refused 3.csv:2 · error: the row has more than the 2000 bytes allowed. …
        2 | "short"
        1 | "short"
        refused 4.json · error: one record has more than the 2000 bytes allowed. …
        5.txt | "e"
        "#,
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_only_when_they_are_named() {
    use std::os::unix::fs::symlink;
    let folder = folder(&[("in/a.txt", b"one"), ("in/deep/b.txt", b"two")]);
    symlink(folder.path().join("in"), folder.path().join("in/deep/loop")).unwrap();
    symlink(folder.path().join("in/a.txt"), folder.path().join("in/twin.txt")).unwrap();
    symlink(folder.path().join("in"), folder.path().join("way")).unwrap();
    symlink("nowhere", folder.path().join("broken.txt")).unwrap();
    let paths = ["way", "broken.txt", "missing"].map(|name| folder.path().join(name));
    compare(
        &told(folder.path(), &paths, &LoadOptions::default()),
        r#"
        a.txt | "one"
        deep/b.txt | "two"
        refused broken.txt · error: it could not be read: No such file… Check the path
        refused missing · error: it could not be read: No such file… Check the path
        skipped warning: symbolic links were left out: 2 (the first: deep/loop). To follow one, name it in the import
        "#,
    );
}

#[test]
fn single_files_have_their_names_as_ids() {
    let folder = folder(&[("x/a.txt", b"one"), ("x/.hidden.txt", b"two"), ("x/notes", b"three")]);
    let paths = ["x/a.txt", "x/.hidden.txt", "x/notes"].map(|name| folder.path().join(name));
    compare(
        &told(folder.path(), &paths, &LoadOptions::default()),
        r#"
        a.txt | "one"
        .hidden.txt | "two"
        refused x/notes · error: its ending does not say what it is. Give it one of the endings …
        "#,
    );
}

#[test]
fn progress_reaches_the_end() {
    let folder = folder(&[
        ("a.txt", b"12345"),
        ("b.jsonl", b"{\"text\":\"x\"}\n"),
        ("c.jpg", b"123"),
        ("d.zip", &zipped(&[("a.txt", b"in")])),
    ]);
    let total: u64 =
        ["a.txt", "b.jsonl", "d.zip"].iter().map(|name| fs::metadata(folder.path().join(name)).unwrap().len()).sum();
    let mut loader = load(&[folder.path().to_path_buf()], &LoadOptions::default());
    assert_eq!(loader.by_ref().count(), 4);
    assert_eq!((loader.bytes_done(), loader.bytes_total()), (total, Some(total)));
    // It may be moved to another thread.
    assert_eq!(std::thread::spawn(move || loader.count()).join().unwrap(), 0);
}

#[test]
fn what_is_read_ahead_is_bounded() {
    // 64 MiB of articles wait; one is taken; of the rest only a few batches may have been read.
    let line = format!("{{\"text\":\"{}\"}}\n", "word ".repeat(12_000));
    let folder = folder(&[("a.jsonl", line.repeat(1_000).as_bytes())]);
    let mut loader = load(&[folder.path().to_path_buf()], &LoadOptions::default());
    assert!(matches!(loader.next(), Some(Loaded::Article(_))));
    // Whenever this is looked at, no more can have been read than fits the batches.
    assert!(loader.bytes_done() < 4 << 20, "{}", loader.bytes_done());
    drop(loader);
}

#[test]
fn a_preview_shows_how_fields_are_taken() {
    let lines = (0..1000)
        .map(|n| format!("{{\"url\":\"https://a.example/{n}\",\"headline\":\"H{n}\",\"body\":\"B{n}\",\"n\":{n}}}\n"))
        .collect::<Vec<_>>()
        .concat();
    let folder = folder(&[("a.jsonl", lines.as_bytes()), ("b.txt", b"x"), ("c.zip", b"x")]);
    let preview = preview(&[folder.path().to_path_buf()], &LoadOptions::default());
    assert_eq!(preview.formats.into_iter().collect::<Vec<_>>(), [(ArticleFormat::Plain, 1), (ArticleFormat::Jsonl, 1)]);
    assert_eq!((preview.archives, preview.more_files, preview.more), (1, false, true));
    assert_eq!(preview.encodings.into_iter().collect::<Vec<_>>(), [("UTF-8".to_owned(), 50)]);
    let columns: Vec<(&str, &str, &str)> = preview
        .columns
        .iter()
        .map(|column| (column.name.as_str(), column.taken_for.as_str(), column.values[2].as_str()))
        .collect();
    assert_eq!(
        columns,
        [("url", "id", "https://a.example/2"), ("headline", "title", "H2"), ("body", "text", "B2"), ("n", "n", "2")]
    );
    assert_eq!(preview.articles.len(), 50);
}
