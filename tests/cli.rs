//! The built program, told as sessions at a shell: what is typed, what comes out, with which exit status.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder in which commands run; the person is called `ana`, unless a command says otherwise.
pub struct Shell {
    folder: TempDir,
}

impl Shell {
    pub fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub fn command(&self, arguments: &[String]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_spanwright"));
        command.args(arguments).current_dir(self.folder.path());
        for name in ["SPANWRIGHT_ANNOTATOR", "DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
            command.env_remove(name);
        }
        for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
            command.env(name, self.path("home"));
        }
        command.env("USER", "ana").stdin(Stdio::null());
        command
    }

    pub fn run(&self, line: &str) -> Output {
        self.command(&words(line)).output().unwrap()
    }

    /// Runs each `$ spanwright …` of a story and compares: `> ` is a line of standard output, `! ` one of standard error, `= 1` the exit
    /// status (0 where none is told). `…` stands for anything; a line with nothing else for any number of lines.
    pub fn story(&self, story: &str) {
        let mut lines = story.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
        while let Some(line) = lines.next() {
            let typed = line.strip_prefix("$ spanwright").unwrap_or_else(|| panic!("{line:?} is no command"));
            let (mut out, mut err, mut status) = (Vec::new(), Vec::new(), 0);
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
                match line.split_at(line.len().min(2)) {
                    ("> ", rest) => out.push(rest),
                    ("! ", rest) => err.push(rest),
                    ("= ", rest) => status = rest.parse().unwrap(),
                    _ => panic!("{line:?} is neither output nor status"),
                }
            }
            let output = self.run(typed);
            let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
            let told = format!("$ spanwright{typed}\nstdout:\n{stdout}\nstderr:\n{stderr}");
            assert_eq!(output.status.code(), Some(status), "{told}");
            assert!(fits(&out, &stdout.lines().collect::<Vec<_>>()), "standard output is not {out:#?}\n{told}");
            assert!(fits(&err, &stderr.lines().collect::<Vec<_>>()), "standard error is not {err:#?}\n{told}");
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Words at spaces, except inside single quotes.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    let words = parts.flat_map(|(index, part)| match index % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

fn fits(expected: &[&str], found: &[&str]) -> bool {
    match expected {
        [] => found.is_empty(),
        ["…", rest @ ..] => (0..=found.len()).any(|skipped| fits(rest, &found[skipped..])),
        [line, rest @ ..] => found.first().is_some_and(|first| like(line, first)) && fits(rest, &found[1..]),
    }
}

fn like(expected: &str, found: &str) -> bool {
    match expected.split_once('…') {
        None => expected == found,
        Some((head, tail)) => found
            .strip_prefix(head)
            .is_some_and(|rest| tail.is_empty() || rest.char_indices().any(|(at, _)| like(tail, &rest[at..]))),
    }
}

const NEWSROOM: &str = include_str!("../datasets/newsroom/newsroom.jsonl");

/// Two words of `WebAnno` TSV, one of them a name.
const TSV: &str =
    "#FORMAT=WebAnno TSV 3.2\n#T_SP=custom.Name|value\n\n\n#Text=Ada ran\n1-1\t0-3\tAda\tPER\t\n1-2\t4-7\tran\t_\t\n";

#[test]
fn labelled_files_are_read_as_such_beside_files_that_say_nothing() {
    let shell = Shell::new();
    shell.file("set/ada.tsv", TSV);
    shell.file("set/ada.xml", "<text>Ada ran</text>");
    shell.file("mixed/ada.tsv", TSV);
    shell.file("mixed/bridge.txt", "The bridge is open.");
    shell.story(
        "
        $ spanwright new one set --annotator ana
        ! …
        ! set/ada.xml: it is no labelled file that is known; it was left out
        ! set/ada.tsv: WebAnno TSV: 1 document, 1 span
        ! 1 document imported. 1 layer imported (1 span).
        $ spanwright new two mixed --annotator ana
        ! …
        ! mixed/ada.tsv: it looks like WebAnno TSV, but the folder holds articles too: all were read as articles. Import its labelled files by themselves, or say what they are with --format
        ! …
        = 1
        ",
    );
}

#[test]
fn what_a_file_holds_is_said_in_the_words_of_its_tool() {
    let shell = Shell::new();
    shell.file(
        "project-1.json",
        r#"[{"id":1,"data":{"text":"Ada ran"},"annotations":[{"id":1,"completed_by":7,"result":[
            {"id":"r","from_name":"label","to_name":"text","type":"labels","value":{"start":0,"end":3,"text":"Ada","labels":["PER"]}}]}]}]"#,
    );
    let task = r#"{"text":"Ada ran","_task_hash":1,"spans":[{"start":0,"end":3,"label":"PER"}],"answer":"accept"}"#;
    shell.file("tasks.jsonl", task);
    let span = r#"{"id":"a","text":"Ada ran","spans":[{"start":0,"end":3,"label":"PER"}]}"#;
    shell.file("spans.jsonl", span);
    shell.file("list.json", format!("[{span}]"));
    shell.file("rows.jsonl", r#"{"id":"a","text":"Ada ran","entities":[{"start_char":0,"end_char":3,"label":"PER"}]}"#);
    shell.file("text.jsonl", r#"{"id":"a","text":"Ada ran"}"#);
    let look = |file: &str, said: &str| {
        let label = if said.contains("1 ") { "> PER\t1\tnot in the schema" } else { "" };
        let first = if label.is_empty() { "" } else { ">   …: Ada ran" };
        shell.story(&format!(
            "
            $ spanwright import p {file} --dry-run
            > {said}
            {first}
            {label}
            ! Nothing was imported: --dry-run
            "
        ));
    };
    shell.story("$ spanwright new p --schema blank --quiet");
    look("project-1.json", "project-1.json: Label Studio: 1 task, 1 annotator, 1 region");
    look("tasks.jsonl", "tasks.jsonl: Prodigy: 1 task, 1 span");
    look("spans.jsonl", "spans.jsonl: span JSONL: 1 document, 1 span");
    look("list.json", "list.json: span JSONL: 1 document, 1 span");
    look("rows.jsonl", "rows.jsonl: JSON rows: 1 document, 1 span");
    look("text.jsonl", "Nothing here is another program's data: all would be read as articles");
    shell.story(
        "
        $ spanwright import p list.json rows.jsonl --annotator ana
        ! rows.jsonl: JSON rows: 1 document, 1 span
        ! …
        ",
    );
}

#[test]
fn from_a_folder_of_articles_to_training_data() {
    let shell = Shell::new();
    shell.file("articles/bridge.txt", "The bridge is open.\r\nAna Lind crossed it first.\r\n");
    shell.file("articles/sub/harbour.txt", "“No,” said the harbour.");
    shell.file("articles/readme.pdf", "%PDF");
    shell.story(
        "
        $ spanwright new news articles
        ! Made the project news
        ! files ending in .pdf …
        ! …
        ! 2 documents imported.
        $ spanwright list news
        > bridge.txt\tuntouched\t0\t\t\t\t47\tThe bridge is open.
        > sub/harbour.txt\tuntouched\t0\t\t\t\t27\t“No,” said the harbour.
        ! 2 documents as ana sees them
        $ spanwright import news articles
        ! …
        ! 0 documents imported, 2 already there.
        $ spanwright export news --format spans --out train.jsonl
        ! There are no layers yet. --all exports the documents alone
        = 2
        ",
    );
    shell.file(
        "ben.jsonl",
        r#"{"id":"bridge.txt","text":"The bridge is open.\r\nAna Lind crossed it first.\r\n","spans":[{"start":21,"end":29,"label":"entity"}]}"#,
    );
    shell.story(
        "
        $ spanwright import news ben.jsonl --annotator ben
        ! …
        ! 0 documents imported, 1 already there. 1 layer imported (1 span).
        $ spanwright export news --format spans --out train.jsonl
        ! ana has no layers here; there are ben. Name one with --annotator, or take --all
        = 2
        $ spanwright export news --format spans --out train.jsonl --annotator ben --verify --strict
        ! 1 document exported with 1 layer (1 span). Read back and compared: the same.
        $ spanwright export news --format spans --out - --annotator ben --offsets original --quiet
        > {\"id\":\"bridge.txt\",\"text\":\"The bridge is open.\\r\\nAna Lind crossed it first.\\r\\n\",\"spans\":[{\"start\":21,\"end\":29,\"label\":\"entity\"}]}
        $ spanwright list news status:finished --annotator ben --format jsonl
        > {\"id\":\"bridge.txt\",\"status\":\"finished\",\"spans\":1,…}
        ! 1 document as ben sees them
        $ spanwright list news -label:entity --annotator ben --format jsonl
        > {\"id\":\"sub/harbour.txt\",\"status\":\"untouched\",\"spans\":0,…}
        ! 1 document as ben sees them
        $ spanwright stats news --format csv
        > what,annotator,name,value
        > documents,,,2
        > …
        > status,ben,finished,1
        > …
        > label,ben,entity,1
        > …
        $ spanwright check news
        > …required attribute…
        ! news: 0 errors, 1 warning, 0 notes
        $ spanwright export news --format text --all --out texts
        ! 2 documents exported with 1 layer (1 span). Left out: 1 layer.
        ! --report FILE names each of what is left out
        ",
    );
    assert_eq!(
        fs::read_to_string(shell.path("train.jsonl")).unwrap(),
        "{\"id\":\"bridge.txt\",\"text\":\"The bridge is open.\\nAna Lind crossed it first.\\n\",\"spans\":[{\"start\":20,\"end\":28,\"label\":\"entity\"}]}\n"
    );
    assert!(shell.path("texts/sub/harbour.txt").is_file());
}

#[test]
fn what_goes_out_comes_in_again_as_the_same_bytes() {
    let shell = Shell::new();
    shell.file("newsroom.jsonl", NEWSROOM);
    shell.story(
        "
        $ spanwright new a newsroom.jsonl
        ! The schema is made of the labels in the files; schema.ron is yours to edit
        ! Made the project a
        ! 24 documents imported. 60 layers imported (2,943 spans).
        $ spanwright export a --format spanwright --all --out a.jsonl --verify
        ! 24 documents exported with 60 layers (2,943 spans). Read back and compared: the same.
        $ spanwright new b a.jsonl --quiet
        $ spanwright export b --format spanwright --all --out b.jsonl --quiet
        $ spanwright check b --quiet
        > …
        ",
    );
    let exported = fs::read(shell.path("a.jsonl")).unwrap();
    assert!(exported == fs::read(shell.path("b.jsonl")).unwrap(), "the second project exports the same bytes");
    fs::remove_dir_all(shell.path("b/.store")).unwrap();
    shell.story("$ spanwright export b --format spanwright --all --out c.jsonl --quiet");
    assert!(exported == fs::read(shell.path("c.jsonl")).unwrap(), "without .store too");
    shell.story(
        "
        $ spanwright export a --format spans --out one.jsonl --all
        ! A file of span JSONL holds one layer, and this export has several. Name one annotator, or a folder that ends in / for one file each
        = 2
        $ spanwright export a --format spans --out each/ --all --quiet
        $ spanwright export a --format spans --out x.jsonl --annotator ana --strict --report lost.csv
        ! Nothing was written: this would leave out …
        = 1
        $ spanwright export a --format spanwright --out q.jsonl --annotator ana,ben --label qoute
        ! “qoute” is no label of this schema. Did you mean quote?
        = 2
        $ spanwright export a --format spanwright --gold --out - --label quote
        > …
        ! 12 documents exported with 12 layers …
        ! …
        ",
    );
    assert!(!shell.path("x.jsonl").exists() && !shell.path("one.jsonl").exists());
    let lost = fs::read_to_string(shell.path("lost.csv")).unwrap();
    assert!(lost.lines().count() > 100 && lost.starts_with("severity,file,line,document"), "{lost}");
    let mut names: Vec<_> = fs::read_dir(shell.path("each")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["ana.jsonl", "ben.jsonl", "gold.jsonl"]);
}

#[test]
fn a_broken_line_costs_one_document() {
    let shell = Shell::new();
    let mut lines: Vec<String> = (1..=20).map(|n| format!(r#"{{"id":"d{n}","text":"Kerry said no. {n}"}}"#)).collect();
    lines[13] = r#"{"id":"d14","text":"Kerry sa"#.to_owned();
    shell.file("brexit.jsonl", lines.join("\n"));
    let span = |n: usize, span: &str| {
        format!(r#"{{"id":"d{n}","text":"Kerry said no. {n}","layers":[{{"annotator":"ben","spans":[{span}]}}]}}"#)
    };
    shell.file(
        "layers.jsonl",
        [
            span(1, r#"{"id":"a","label":"entity","ranges":[[0,5]],"quote":"Kerry"}"#),
            span(2, r#"{"id":"b","label":"entity","ranges":[[5,0]]}"#),
            span(3, r#"{"id":"c","label":"entity","ranges":[[0,812]]}"#),
            span(4, r#"{"id":"d","label":"entity","ranges":[[0,5]],"quote":"Berry"}"#),
            r#"{"id":"d5","text":"Something else","layers":[]}"#.to_owned(),
        ]
        .join("\n"),
    );
    shell.story(
        "
        $ spanwright new p
        ! Made the project p
        $ spanwright import p brexit.jsonl --report r.json
        ! Could not read line 14 of brexit.jsonl, field text: it is not one JSON object: EOF while parsing a string. …
        ! 19 documents imported, 1 not imported.
        = 1
        $ spanwright import p layers.jsonl
        ! Line 2 of layers.jsonl, document d2, layer of ben, item b: the span 5..0 is no place in the text: the start 5 lies after the end 0; …
        ! Line 3 of layers.jsonl, document d3, layer of ben, item c: the span 0..812 is no place in the text: the end is 812 but the text has 16 characters; …
        ! Line 4 of layers.jsonl, document d4, layer of ben, item d: the file says the span covers “Berry”, the text there is “Kerry”; …
        ! Line 5 of layers.jsonl, document d5: another text has this id (there …, here …); it was not imported. …
        ! 0 documents imported, 4 already there, 1 not imported. 4 layers imported (1 span). 3 spans or relations not imported.
        = 1
        $ spanwright import p layers.jsonl --new-versions --quiet
        ! …
        = 1
        $ spanwright list p d5 --format csv
        > id,status,spans,flag,source,date,bytes,title
        > d5,untouched,0,,,,14,Something else
        ! 1 document as ana sees them
        ",
    );
    let report: serde_json::Value = serde_json::from_slice(&fs::read(shell.path("r.json")).unwrap()).unwrap();
    assert_eq!(report["counts"]["documents new"], 19);
    assert_eq!(report["problems"][0]["line"], 14);
}

#[test]
fn what_is_said_of_many_documents_is_said_once() {
    let shell = Shell::new();
    let lines: Vec<String> = (1..=50)
        .map(|n| format!(r#"{{"id":"d{n:02}","text":"t","spans":[{{"start":0,"end":1,"label":"entity"}}]}}"#))
        .collect();
    shell.file("many.jsonl", lines.join("\n"));
    shell.story(
        "
        $ spanwright new p many.jsonl
        ! The schema is made of the labels in the files; schema.ron is yours to edit
        ! Made the project p
        ! Line 1 of many.jsonl, document d01: its spans name no annotator; they were not imported. Say whose they are: --annotator NAME
        !   and 49 more like it
        ! 50 documents imported. 0 layers imported (0 spans), 50 not imported.
        = 1
        ",
    );
}

#[test]
fn nothing_of_a_dangerous_archive_stays() {
    let shell = Shell::new();
    let zip = |entries: &[(&str, &[u8])]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, content) in entries {
            let options = zip::write::SimpleFileOptions::default();
            zip.start_file(*name, options).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    shell.file("bomb.zip", zip(&[("good.txt", b"good"), ("bomb.txt", &vec![b'a'; 40 << 20])]));
    shell.file("escape.zip", zip(&[("../../evil.txt", b"evil"), ("good.txt", b"good")]));
    shell.story(
        "
        $ spanwright new p
        ! Made the project p
        $ spanwright import p bomb.zip
        ! …Nothing was imported
        = 2
        $ spanwright list p
        ! 0 documents as ana sees them
        $ spanwright import p escape.zip
        ! escape.zip/evil.txt: the entry is called …, which is no plain path; its id is the safe part
        ! 2 documents imported.
        ",
    );
    assert!(!shell.path("evil.txt").exists() && !shell.folder.path().join("../evil.txt").exists());
}

#[test]
fn what_cannot_be_done_says_why_and_what_to_do() {
    let shell = Shell::new();
    shell.file("folder/a.txt", "a");
    shell.file("broken.ron", "Schema(name: \"x\", labels: [(id: \"a\", kye: \"1\"), (id: \"a\")");
    shell.story(
        "
        $ spanwright list nowhere
        ! There is no folder nowhere
        = 2
        $ spanwright list folder
        ! folder is no Spanwright project: it has no project.ron. …spanwright new…
        = 2
        $ spanwright new folder
        ! folder is not empty. No project was made. Name a new folder
        = 2
        $ spanwright new p --schema broken.ron
        ! broken.ron:1:27 · error: the file ends before the “[” opened here closes…
        ! …
        ! The schema broken.ron has errors. No project was made
        = 2
        $ spanwright new p --schema newz
        ! There is no schema newz. Did you mean news? Give a file, a project, or one of news, entities, events, blank
        = 2
        $ spanwright new p nothing.txt
        ! There is no file or folder nothing.txt. No project was made
        = 2
        $ spanwright check broken.ron --format jsonl
        > …
        ! broken.ron: … errors, …
        = 1
        $ spanwright check folder
        ! folder is no Spanwright project: …
        = 2
        $ spanwright new p --annotator gold
        ! “gold” is the name of the layers that adjudication makes. Give --annotator another name
        = 2
        $ spanwright new p
        ! Made the project p
        $ spanwright new p
        ! p is not empty. No project was made. Name a new folder
        = 2
        $ spanwright import p nothing.txt
        ! There is no file or folder nothing.txt. Nothing was imported
        = 2
        $ spanwright import p folder --report report.xls
        ! report.xls: a report ends in .json, .csv, .md or .txt
        = 2
        $ spanwright import p folder --encoding klingon
        ! “klingon” is no encoding. …
        = 2
        $ spanwright import p folder --map text
        ! …“text” does not say which field is what…
        = 2
        $ spanwright import p p
        ! Could not read p: it is a project, not articles. …
        ! 0 documents imported.
        = 1
        $ spanwright import p folder
        ! 1 document imported.
        $ spanwright export p --format text --all --out folder
        ! folder is there and not an empty folder. Name a new folder
        = 2
        $ spanwright export p --format text --all --out -
        ! plain text is one file per document: name a folder
        = 2
        $ spanwright export p --format spanwright --all --out no/such/folder/x.jsonl
        ! Could not write no/such/folder/x.jsonl: …. Nothing was exported
        = 2
        $ spanwright export p --format spanwright --gold --out x.jsonl
        ! There is no gold layer yet. Nothing was exported
        = 2
        $ spanwright list p status:done
        ! “done” is no status. There are untouched, in-progress, finished and skipped
        = 2
        $ spanwright schema p --stamp
        > news@…
        ",
    );
}

#[test]
fn wrong_words_get_a_suggestion() {
    let shell = Shell::new();
    shell.story(
        "
        $ spanwright improt p
        ! There is no file, folder or command “improt”. Did you mean `spanwright import`? See spanwright --help
        = 2
        $ spanwright export p --format spnas --out x
        ! …
        ! …a similar value exists: 'spans'
        ! …
        = 2
        $ spanwright export p --formt spans --out x
        ! …
        ! …a similar argument exists: '--format'
        ! …
        = 2
        $ spanwright export p --out x
        ! …
        ! …--format…
        ! …
        = 2
        ",
    );
}

#[test]
fn rows_come_in_every_form() {
    let shell = Shell::new();
    shell.file("in.jsonl", "{\"id\":\"=1+1\",\"text\":\"x\",\"title\":\"a|b\\t“c”\",\"source\":\"s, \\\"t\\\"\"}\n");
    shell.story(
        "
        $ spanwright new p in.jsonl --quiet
        $ spanwright list p --quiet
        > =1+1\tuntouched\t0\t\ts, \"t\"\t\t1\ta|b “c”
        $ spanwright list p --quiet --format csv
        > id,status,spans,flag,source,date,bytes,title
        > =1+1,untouched,0,,\"s, \"\"t\"\"\",,1,a|b\t“c”
        $ spanwright list p --quiet --format md
        > | id | status | spans | flag | source | date | bytes | title |
        > |---|---|---|---|---|---|---|---|
        > | =1+1 | untouched | 0 |  | s, \"t\" |  | 1 | a\\|b “c” |
        $ spanwright list p --quiet --format table
        > id    status     spans  flag  source  date  bytes  title
        > =1+1  untouched      0        s, \"t\"            1  a|b “c”
        $ spanwright list p --quiet --format json
        > [
        >   {
        >     \"id\": \"=1+1\",
        > …
        > ]
        ",
    );
}

#[test]
fn help_fits_one_screen_and_everything_is_described() {
    let shell = Shell::new();
    let subcommands =
        ["new", "import", "export", "list", "stats", "check", "backup", "restore", "schema", "completions", "man"];
    let help = text(&shell.run("--help").stdout);
    assert!(help.lines().count() <= 45 && help.lines().all(|line| line.chars().count() <= 100), "{help}");
    for subcommand in subcommands {
        let output = shell.run(&format!("{subcommand} --help"));
        let own = text(&output.stdout);
        assert_eq!(output.status.code(), Some(0));
        assert!(own.lines().count() <= 64 && own.lines().all(|line| line.chars().count() <= 100), "{own}");
        assert!(help.contains(&format!("  {subcommand} ")), "{help}");
    }
    for subcommand in ["new", "import", "export", "list", "check", "restore", "schema"] {
        let own = text(&shell.run(&format!("{subcommand} --help")).stdout);
        assert!(own.matches("\n  spanwright ").count() >= 3, "three examples: {own}");
    }
    assert_eq!(help.matches("\n  spanwright ").count(), 3, "{help}");
    let version = text(&shell.run("--version").stdout);
    let features = if cfg!(feature = "app") { "with window" } else { "command line only" };
    assert_eq!(version, format!("spanwright {} ({features})\n", env!("CARGO_PKG_VERSION")));
    let man = text(&shell.run("man").stdout);
    for made in ["completions bash", "completions zsh", "completions fish", "completions powershell"] {
        let completions = text(&shell.run(made).stdout);
        for subcommand in subcommands {
            assert!(completions.contains(subcommand), "{made} does not know {subcommand}");
            assert!(
                man.contains(&format!("SPANWRIGHT {}", subcommand.to_uppercase())),
                "man does not know {subcommand}"
            );
        }
    }
}

#[test]
fn the_schemas_that_come_along_are_right() {
    let shell = Shell::new();
    for name in ["news", "entities", "events", "blank"] {
        let source = text(&shell.run(&format!("schema {name}")).stdout);
        shell.file(&format!("{name}.ron"), &source);
        shell.story(&format!("$ spanwright check {name}.ron\n! {name}.ron: nothing is wrong"));
        shell.story(&format!("$ spanwright new p-{name} --schema {name} --quiet"));
        assert_eq!(fs::read_to_string(shell.path(&format!("p-{name}/schema.ron"))).unwrap(), source);
    }
}

#[test]
fn a_reader_who_goes_away_is_no_error() {
    let shell = Shell::new();
    shell.file("newsroom.jsonl", NEWSROOM);
    shell.story("$ spanwright new p newsroom.jsonl --quiet");
    for line in [
        "export p --format spanwright --all --out - --quiet",
        "export p --format spanwright --all --out - --quiet --verify",
    ] {
        let mut child = shell.command(&words(line)).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = [0; 10];
        child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    }
}

#[test]
fn a_backup_brings_back_what_was_there() {
    let shell = Shell::new();
    shell.file("a.jsonl", r#"{"id":"a","text":"Ana","layers":[{"annotator":"ben","clock":{"x":1},"spans":[]}]}"#);
    shell.file("b.jsonl", r#"{"id":"a","text":"Ana","layers":[{"annotator":"ben","clock":{"x":2},"spans":[{"label":"entity","ranges":[[0,3]]}]}]}"#);
    shell.story("$ spanwright new p a.jsonl --quiet");
    let backup = text(&shell.run("backup p").stdout);
    assert!(Path::new(backup.trim()).is_file(), "{backup}");
    shell.story(
        "
        $ spanwright import p b.jsonl --quiet
        $ spanwright export p --format spans --annotator ben --out - --quiet
        > {\"id\":\"a\",\"text\":\"Ana\",\"spans\":[{\"start\":0,\"end\":3,\"label\":\"entity\"}]}
        $ spanwright restore p nothing.db
        ! There is no backup nothing.db. Nothing was changed
        = 2
        $ spanwright restore p a.jsonl
        ! …
        = 2
        ",
    );
    let listed = text(&shell.run("restore p").stdout);
    assert!(listed.contains(backup.trim()), "{listed}");
    let output = shell.run(&format!("restore p {backup}"));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(Path::new(text(&output.stdout).trim()).is_file(), "the present is kept");
    shell.story(
        "
        $ spanwright export p --format spans --annotator ben --out - --quiet
        > {\"id\":\"a\",\"text\":\"Ana\",\"spans\":[]}
        ",
    );
}

#[test]
fn standard_input_is_read_by_what_it_begins_with() {
    let shell = Shell::new();
    shell.story("$ spanwright new p --quiet");
    for (input, said) in [
        ("just words", "1 document imported.\n"),
        ("{\"id\":\"j\",\"text\":\"json\"}\n", "1 document imported.\n"),
        (
            r#"{"id":"l","text":"ours","layers":[{"annotator":"x","spans":[]}]}"#,
            "1 document imported. 1 layer imported (0 spans).\n",
        ),
    ] {
        let mut command = shell.command(&words("import p -"));
        let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), said));
    }
    let ids: Vec<String> =
        text(&shell.run("list p").stdout).lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect();
    assert_eq!(ids, ["j", "l", "stdin.txt"]);
}

#[test]
fn without_a_window_or_a_display_the_program_says_so() {
    let shell = Shell::new();
    let output = shell.run("");
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.lines().count() == 1 && said.contains("spanwright --help"), "{said}");
}

#[test]
fn a_folder_that_may_not_be_written_is_named() {
    // No user may write there, root neither.
    if Path::new("/proc/self").exists() {
        let shell = Shell::new();
        shell.file("a.jsonl", "{\"id\":\"a\",\"text\":\"a\"}\n");
        shell.story(
            "
            $ spanwright new p a.jsonl --quiet
            $ spanwright export p --format spanwright --all --out /proc/out.jsonl
            ! Could not write /proc/out.jsonl: …. Nothing was exported
            = 2
            $ spanwright import p a.jsonl --report /proc/r.txt
            ! 0 documents imported, 1 already there.
            ! Could not write the report /proc/r.txt: …
            = 2
            ",
        );
    }
}

#[test]
fn who_i_am_comes_from_the_flag_the_environment_or_the_settings() {
    let shell = Shell::new();
    shell.story("$ spanwright new p --quiet");
    let seen_by = |command: &mut Command| {
        let said = text(&command.output().unwrap().stderr);
        said.trim().rsplit(" as ").next().unwrap().replace(" sees them", "")
    };
    assert_eq!(seen_by(&mut shell.command(&words("list p"))), "ana", "the user of the system");
    shell.file("home/spanwright/settings.ron", "(annotator: \"cem\", theme: Dark, unknown: [1])");
    assert_eq!(seen_by(&mut shell.command(&words("list p"))), "cem");
    assert_eq!(seen_by(shell.command(&words("list p")).env("SPANWRIGHT_ANNOTATOR", "ben")), "ben");
    assert_eq!(
        seen_by(shell.command(&words("list p --annotator 'Dee D.'")).env("SPANWRIGHT_ANNOTATOR", "ben")),
        "Dee D."
    );
    let device = fs::read_to_string(shell.path("home/spanwright/device")).unwrap();
    assert!(device.starts_with("d-") && device.trim().len() == 10, "{device}");
}

#[test]
fn annotators_are_renamed_and_merged() {
    let shell = Shell::new();
    shell.file("a.jsonl", concat!(r#"{"id":"a","text":"Lind said","layers":[{"annotator":"Anna","spans":[{"start":0,"end":4,"label":"entity"}]}]}"#, "\n"));
    shell.file("b.jsonl", concat!(r#"{"id":"a","text":"Lind said","layers":[{"annotator":"ana","spans":[]}]}"#, "\n"));
    shell.story(
        "
        $ spanwright new p
        ! Made the project p
        $ spanwright import p a.jsonl
        ! 1 document imported. 1 layer imported (1 span).
        $ spanwright rename p Anna bea
        ! 1 layer is bea’s now
        $ spanwright rename p Anna bea
        ! Nobody called “Anna” has a layer in this project. Nothing was renamed
        = 2
        $ spanwright rename p bea gold
        ! Only people’s names can be given and taken; “gold” is the name of the layers that adjudication makes
        = 2
        $ spanwright import p b.jsonl
        ! …
        $ spanwright rename p bea ana
        ! 0 layers are ana’s now
        ! a: bea and ana both have a layer, and they differ. Both were left as they are
        = 1
        $ spanwright check p --quiet
        > warning\t\t\ta\tbea\t…
        ",
    );
    assert!(shell.path("p/layers/bea").is_dir() && !shell.path("p/layers/%41nna").exists());
}
