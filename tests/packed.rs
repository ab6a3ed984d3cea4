//! Archives of labelled data, and whole projects of `INCEpTION`, packed and unpacked.

use std::io::{Cursor, Write as _};

use crate::cli::Shell;

/// A zip archive of these entries.
pub fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier"><types>
<typeDescription><name>custom.Name</name><supertypeName>uima.tcas.Annotation</supertypeName>
<features><featureDescription><name>value</name><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription></features>
</typeDescription><typeDescription><name>de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData</name>
<supertypeName>uima.tcas.DocumentAnnotation</supertypeName></typeDescription></types></typeSystemDescription>"#;

/// A CAS over `Ada ran`; the label of Ada, or nothing.
fn cas(document: &str, label: &str) -> String {
    let (name, member) = match label {
        "" => (String::new(), ""),
        label => (format!(r#"<custom:Name xmi:id="5" sofa="1" begin="0" end="3" value="{label}"/>"#), "5"),
    };
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:custom="http:///custom.ecore" xmlns:type="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore" xmi:version="2.0"><cas:NULL xmi:id="0"/><type:DocumentMetaData xmi:id="2" sofa="1" begin="0" end="7" language="en" documentTitle="{document}" documentId="{document}"/>{name}<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="Ada ran"/><cas:View sofa="1" members="2 {member}"/></xmi:XMI>"#
    )
}

fn packed_cas(user: &str, document: &str, label: &str) -> Vec<u8> {
    zipped(&[(&format!("{user}.xmi"), cas(document, label).as_bytes()), ("TypeSystem.xml", TYPES.as_bytes())])
}

const TSV: &str =
    "#FORMAT=WebAnno TSV 3.2\n#T_SP=custom.Name|value\n\n\n#Text=Ada ran\n1-1\t0-3\tAda\tPER\t\n1-2\t4-7\tran\t_\t\n";

#[test]
fn a_document_exported_as_xmi_is_an_archive_with_its_types() {
    let shell = Shell::new();
    shell.file("ada.zip", packed_cas("ada", "ada.txt", "PER"));
    shell.story(
        "
        $ spanwright new news
        ! …
        $ spanwright import news ada.zip --annotator ana --dry-run
        > ada.zip: UIMA CAS XMI: 1 document, 1 span
        > …
        > PER\t1\tnot in the schema
        ! …
        $ spanwright import news ada.zip --annotator ana
        ! ada.zip: UIMA CAS XMI: 1 document, 1 span
        ! 1 document imported. 1 layer imported (1 span).
        $ spanwright convert ada.zip --format conll --out - --quiet
        > …
        > Ada _ _ B-PER
        > ran _ _ O
        > …
        ",
    );
}

/// A project: one text with two users and a curator, one that nobody came to, one that has its source alone.
pub fn project() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("exportedproject123.json", b"{\"name\":\"P\"}".to_vec()),
        ("source/one.txt", b"Ada ran".to_vec()),
        ("source/three.pdf", b"%PDF".to_vec()),
        ("annotation/one.txt/INITIAL_CAS.zip", packed_cas("INITIAL_CAS", "one.txt", "")),
        ("annotation/one.txt/ana.zip", packed_cas("ana", "one.txt", "PER")),
        ("annotation/one.txt/ben.zip", packed_cas("ben", "one.txt", "ORG")),
        ("annotation/two.txt/INITIAL_CAS.zip", packed_cas("INITIAL_CAS", "two.txt", "")),
        ("annotation/two.txt/ana.ser", b"\xac\xed".to_vec()),
        ("annotation_ser/one.txt/ana.ser", b"\xac\xed".to_vec()),
        ("curation/one.txt/CURATION_USER.zip", packed_cas("CURATION_USER", "one.txt", "PER")),
        ("log/project.log", b"log".to_vec()),
    ]
}

fn check_project(shell: &Shell, name: &str) {
    shell.story(&format!(
        "
        $ spanwright new news
        ! …
        $ spanwright import news {name}
        ! {name}: 1 file of layers is in no format that is read, and left out (the first: annotation/two.txt/ana.ser). Export the project again, with UIMA CAS XMI as the format of its layers
        ! {name}: 1 document has no layer that is read, and did not come (the first: three.pdf). Export the project again, with UIMA CAS XMI as the format of its layers; for the texts alone, import the folder source/
        ! {name}: UIMA CAS XMI: 2 documents, 3 annotators, 3 spans
        ! 2 documents imported. 3 layers imported (3 spans).
        $ spanwright list news --annotator ben
        > one.txt\tfinished\t1…
        > two.txt\tuntouched\t0…
        ! …
        ",
    ));
    let labels = ["ana", "ben", "CURATION_USER"].map(|who| {
        let line = format!(" export news --format conll --annotator {who} --out - --quiet");
        let told = String::from_utf8(shell.run(&line).stdout).unwrap();
        told.lines().find_map(|line| line.strip_prefix("Ada _ _ ")).map(str::to_owned)
    });
    assert_eq!(labels, ["B-PER", "B-ORG", "B-PER"].map(|label| Some(label.to_owned())));
}

#[test]
fn a_project_comes_with_all_its_users() {
    let shell = Shell::new();
    let entries = project();
    let entries: Vec<(&str, &[u8])> = entries.iter().map(|(name, content)| (*name, content.as_slice())).collect();
    shell.file("p.zip", zipped(&entries));
    check_project(&shell, "p.zip");
}

#[test]
fn a_project_that_was_unpacked_reads_the_same() {
    let shell = Shell::new();
    for (name, content) in project() {
        shell.file(&format!("p/{name}"), content);
    }
    check_project(&shell, "p");
}

#[test]
fn a_project_of_tsv_files_names_users_by_their_files() {
    let shell = Shell::new();
    let ben = TSV.replace("PER", "ORG");
    shell.file(
        "p.zip",
        zipped(&[
            ("exportedproject.json", b"{}"),
            ("annotation/one.txt/ana.tsv", TSV.as_bytes()),
            ("annotation/one.txt/ben.tsv", ben.as_bytes()),
            ("curation/one.txt/CURATION_USER.tsv", TSV.as_bytes()),
        ]),
    );
    shell.story(
        "
        $ spanwright new news
        ! …
        $ spanwright import news p.zip
        ! p.zip: WebAnno TSV: 1 document, 3 annotators, 3 spans
        ! 1 document imported. 3 layers imported (3 spans).
        $ spanwright convert p.zip --format spanwright --out p.jsonl
        ! 1 document exported with 3 layers (3 spans).
        ",
    );
}

#[test]
fn a_project_without_layers_that_can_be_read_says_so() {
    let shell = Shell::new();
    shell.file(
        "p.zip",
        zipped(&[
            ("exportedproject.json", b"{}"),
            ("source/one.txt", b"Ada ran"),
            ("annotation_ser/one.txt/ana.ser", b"\xac\xed"),
        ]),
    );
    shell.story(
        "
        $ spanwright new news
        ! …
        $ spanwright import news p.zip
        ! p.zip: 1 document has no layer that is read, and did not come (the first: one.txt). Export the project again, …
        ! 0 documents imported.
        $ spanwright convert p.zip --format spans --out x.jsonl
        ! p.zip · warning: 1 document has no layer that is read, …. Nothing was converted
        = 2
        ",
    );
}

#[test]
fn problems_in_an_archive_name_the_archive() {
    let shell = Shell::new();
    let broken = TSV.replace("1-2\t4-7\tran\t_\t", "nothing");
    shell.file("a.zip", zipped(&[("sub/ada.tsv", broken.as_bytes()), ("../../up.tsv", TSV.as_bytes())]));
    shell.story(
        "
        $ spanwright new news
        ! …
        $ spanwright import news a.zip --annotator ana
        ! Could not read line 7 of a.zip/sub/ada.tsv: it is no row: …
        ! a.zip/sub/ada.tsv: WebAnno TSV: 1 document, 1 span, 1 error
        ! a.zip/up.tsv: WebAnno TSV: 1 document, 1 span
        ! 2 documents imported. 2 layers imported (2 spans).
        = 1
        ",
    );
    assert!(!shell.path("../up.tsv").exists());
}

#[test]
fn archives_of_articles_stay_articles() {
    let shell = Shell::new();
    shell.file(
        "a.zip",
        zipped(&[("one.txt", b"Ada ran."), ("two.html", b"<p>Ben too.</p>"), ("rows.csv", b"text\nCy.\n")]),
    );
    shell.file("b.zip", zipped(&[("one.tsv", TSV.as_bytes()), ("more.txt", b"An article.")]));
    shell.story(
        "
        $ spanwright new news a.zip
        ! …
        ! 3 documents imported.
        $ spanwright new more b.zip
        ! …
        ! b.zip/one.tsv: it looks like WebAnno TSV, but the archive holds articles too: all were read as articles. …
        ! …
        = 1
        ",
    );
}

#[test]
fn a_bomb_in_a_project_stops_everything() {
    let shell = Shell::new();
    let zeros = vec![b' '; 40 << 20];
    let bomb = zipped(&[("ana.xmi", &zeros)]);
    shell.file("p.zip", zipped(&[("exportedproject.json", b"{}"), ("annotation/one.txt/ana.zip", &bomb)]));
    shell.file("q.zip", zipped(&[("a.tsv", TSV.as_bytes()), ("b.bin", &zeros)]));
    shell.story(
        "
        $ spanwright new news
        ! …
        $ spanwright import news p.zip
        ! … the archive has … and expands to more than 200 times that, as a zip bomb does. … Nothing was imported
        = 2
        $ spanwright import news q.zip
        ! … the archive has … and expands to more than 200 times that, as a zip bomb does. … Nothing was imported
        = 2
        $ spanwright convert p.zip --format spans --out x.jsonl
        ! … as a zip bomb does. … Nothing was converted
        = 2
        $ spanwright list news
        ! 0 documents as ana sees them
        ",
    );
}

#[test]
fn a_brat_document_named_by_both_its_files_comes_once() {
    let shell = Shell::new();
    shell.file("a.txt", "Ada ran");
    shell.file("a.ann", "T1\tPER 0 3\tAda\n");
    shell.file("b.txt", "Ben ran");
    shell.file("b.ann", "T1\tPER 0 3\tBen\n");
    shell.story(
        "
        $ spanwright new news
        ! …
        $ spanwright import news a.txt a.ann b.ann b.txt --annotator ana
        ! a.txt: brat standoff: 1 document, 1 span
        !   and 1 more like it
        ! 2 documents imported. 2 layers imported (2 spans).
        $ spanwright convert a.txt a.ann b.txt b.ann --format conll --out -
        > …
        > Ada _ _ B-PER
        > ran _ _ O
        > …
        > Ben _ _ B-PER
        > ran _ _ O
        > …
        ! …
        ! 2 documents exported with 2 layers (2 spans). Read back and compared: the same.
        ",
    );
}

#[test]
fn what_is_data_and_not_read_says_what_to_do() {
    let shell = Shell::new();
    shell.file("saved/state.json", "{\"_format_type\": null}");
    shell.file("saved/dataset_info.json", "{}");
    shell.file("saved/data-00000-of-00001.arrow", b"\xff\xff\xff\xff\x08\x00\x00\x00x".as_slice());
    shell.file("train.json", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n");
    shell.file("train.pkl", b"\x80\x04\x95\x10\x00".as_slice());
    shell.file("both/a.jsonl", "{\"text\": \"Ada ran\", \"label\": [[0, 3, \"PER\"]]}\n");
    shell.file("both/b.jsonl", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n");
    shell.story(
        r#"
        $ spanwright new news
        ! …
        $ spanwright import news saved --annotator ana
        ! Could not read saved/data-00000-of-00001.arrow: it is an Arrow file, as datasets saves them to disk, which is not read. Write Parquet in Python, each part by itself: datasets.load_from_disk("FOLDER").to_parquet("data.parquet"). Nothing was imported
        = 2
        $ spanwright import news saved --dry-run
        ! Could not read saved/data-00000-of-00001.arrow: it is an Arrow file, …
        ! Nothing was imported: --dry-run
        = 1
        $ spanwright convert train.json --format conll --out -
        ! train.json · error: it is what Git LFS leaves in the place of a file that was not fetched. Run git lfs pull in the repository and import the file again. Nothing was converted
        = 2
        $ spanwright convert train.pkl --format conll --out -
        ! train.pkl · error: it is a pickle of Python, which is a program and not read. Write JSON in Python: json.dump(pickle.load(open("FILE", "rb")), open("data.json", "w")). Nothing was converted
        = 2
        $ spanwright convert both --format conll --out - --quiet
        > …
        > Ada _ _ B-PER
        > …
        ! …
        = 1
        "#,
    );
}

#[test]
fn an_archive_in_a_folder_of_labelled_files_is_said() {
    let shell = Shell::new();
    shell.file("corpus/a.txt", "Ada ran");
    shell.file("corpus/a.ann", "T1\tPER 0 3\tAda\n");
    shell.file("corpus/more.zip", zipped(&[("b.txt", b"Bo ran"), ("b.ann", b"T1\tPER 0 2\tBo\n")]));
    shell.file("corpus/pictures.zip", zipped(&[("b.png", b"x")]));
    shell.story(
        "
        $ spanwright new news
        ! …
        $ spanwright import news corpus --dry-run
        > corpus: brat standoff: 1 document, 1 span
        > …
        ! corpus/more.zip: it is an archive in a folder of brat standoff, and was not looked into. Import it by itself
        ! …
        $ spanwright convert corpus --format conll --out - --quiet --report report.json
        > …
        > Ada _ _ B-PER
        > …
        ",
    );
    let report = std::fs::read_to_string(shell.path("report.json")).unwrap();
    assert!(report.contains("not looked into") && !report.contains("pictures"), "{report}");
}
