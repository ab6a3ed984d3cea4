//! UIMA CAS in and out, as XMI and as JSON.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Value, json};
use spanwright::annotation::exchange::Offsets;
use spanwright::formats::glimpse::Glimpse;
use spanwright::formats::options::WriteOptions;
use spanwright::formats::table::Format;
use tempfile::TempDir;

use crate::door_label_studio::{file, rich, sentences};
use crate::doors::{self, Corpus};

const BOTH: [&str; 2] = ["cas-xmi", "cas-json"];

/// What a path reads as: `id annotator: spans`, sorted, and the problems.
fn seen(format: &str, path: &Path) -> (Vec<String>, Vec<String>) {
    let (corpus, problems) = doors::read(format, path);
    let lines = corpus.iter().flat_map(|(document, layers)| {
        layers.iter().map(move |layer| {
            let spans = doors::seen(document, layer).join("; ");
            format!("{} {}: {spans}", document.id, layer.annotator)
        })
    });
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    (lines, sentences(&problems))
}

fn check(corpus: &Corpus, options: &WriteOptions) {
    for format in BOTH {
        doors::check_round_trip(format, options, corpus);
        let (_folder, path, losses) = doors::write(format, options, corpus);
        assert!(losses.is_empty(), "{losses:?}");
        let (back, problems) = doors::read(format, &path);
        assert_eq!(sentences(&problems), Vec::<String>::new());
        assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).unwrap().id, format);
        for (document, layers) in corpus {
            let (read, found) = back.iter().find(|(read, _)| read.id == document.id).unwrap();
            assert_eq!(read, document, "{format}");
            assert_eq!(found.len(), layers.len(), "{format}: {}", document.id);
            for layer in layers {
                let found = found.iter().find(|found| found.annotator == layer.annotator).unwrap();
                assert_eq!(found, layer, "{format}: {}", document.id);
            }
        }
    }
}

#[test]
fn a_cas_gives_back_what_it_was_given() {
    let mut corpus = rich();
    corpus.push((doors::document("../../nobody's", "No layer at all."), Vec::new()));
    // Names that files have already, or that only differ in how a path is written.
    for id in ["TypeSystem.xml", "a", "a/ana.xmi", "a/ana.json", "a+ana.xmi", "CON", "con/", "x\u{ffff}\u{1}"] {
        let document = doors::document(id, "One word.");
        let layer = doors::layer(&document, "ana", &[("entity", &[(0, 3)])]);
        corpus.push((document, vec![layer]));
    }
    let options = doors::options(&corpus);
    check(&corpus, &options);
    for format in BOTH {
        doors::keep(format, &options, &corpus);
    }
    check(&corpus, &WriteOptions { offsets: Offsets::Original, ..options });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_cas_gives_back_any_layers(corpus in doors::corpora()) {
        for format in BOTH {
            doors::check_round_trip(format, &doors::options(&corpus), &corpus);
        }
    }
}

fn small() -> Corpus {
    let document = doors::document("a/b", "👍 Lind\n<said>");
    let layer = doors::related(
        &document,
        "Ana",
        &[("entity", &[(2, 6)]), ("event", &[(0, 1), (8, 12)])],
        &[("by", "s1", "s0")],
    );
    vec![(document, vec![layer])]
}

#[test]
fn an_export_as_xmi_is_these_bytes() {
    let corpus = small();
    let (_folder, path, _) = doors::write("cas-xmi", &WriteOptions::default(), &corpus);
    let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:custom="http:///custom.ecore" xmlns:spanwright="http:///spanwright.ecore" xmlns:type="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore" xmi:version="2.0">
<cas:NULL xmi:id="0"/>
<type:DocumentMetaData xmi:id="2" sofa="1" begin="0" end="14" language="x-unspecified" documentTitle="a/b" documentId="a/b"/>
<spanwright:Layer xmi:id="3" sofa="1" begin="0" end="14" spanwright="{&quot;document&quot;:{&quot;id&quot;:&quot;a/b&quot;},&quot;annotator&quot;:&quot;Ana&quot;,&quot;status&quot;:&quot;finished&quot;}"/>
<custom:Span xmi:id="4" sofa="1" begin="0" end="2" label="event" id="s1" spanwright="{&quot;part_of&quot;:&quot;s1&quot;}"/>
<custom:Span xmi:id="5" sofa="1" begin="9" end="13" label="event" id="s1" spanwright="{&quot;part_of&quot;:&quot;s1&quot;}"/>
<custom:Span xmi:id="6" sofa="1" begin="3" end="7" label="entity" id="s0"/>
<custom:Relation xmi:id="7" sofa="1" begin="3" end="7" Governor="4" Dependent="6" label="by" id="r0"/>
<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="👍 Lind&#10;&lt;said&gt;"/>
<cas:View sofa="1" members="2 3 4 5 6 7"/>
</xmi:XMI>
"#;
    assert_eq!(fs::read_to_string(path.join("a+b.txt/%41na.xmi")).unwrap(), expected);
    assert!(fs::read_to_string(path.join("TypeSystem.xml")).unwrap().contains("<name>custom.Span</name>"));
}

#[test]
fn an_export_as_json_is_these_structures() {
    let corpus = small();
    let (_folder, path, _) = doors::write("cas-json", &WriteOptions::default(), &corpus);
    let file: Value = serde_json::from_str(&fs::read_to_string(path.join("a+b.txt/%41na.json")).unwrap()).unwrap();
    let structures = file["%FEATURE_STRUCTURES"].as_array().unwrap();
    assert_eq!(
        structures[0],
        json!({"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView", "mimeType": "text",
            "sofaString": "👍 Lind\n<said>"})
    );
    assert_eq!(
        structures[5],
        json!({"%ID": 6, "%TYPE": "custom.Span", "@sofa": 1, "begin": 3, "end": 7, "label": "entity", "id": "s0"})
    );
    assert_eq!(
        structures[6],
        json!({"%ID": 7, "%TYPE": "custom.Relation", "@sofa": 1, "begin": 3, "end": 7, "@Governor": 4, "@Dependent": 6,
            "label": "by", "id": "r0"})
    );
    assert_eq!(file["%VIEWS"], json!({"_InitialView": {"%SOFA": 1, "%MEMBERS": [2, 3, 4, 5, 6, 7]}}));
    assert_eq!(file["%TYPES"]["custom.Span"]["%SUPER_TYPE"], "uima.tcas.Annotation");
}

#[test]
fn what_xml_cannot_hold_is_a_loss() {
    let document = doors::document("a", "a\u{1}b\u{ffff}c");
    let layer = doors::layer(&document, "ana", &[("entity", &[(0, 3)]), ("odd\u{2}", &[(4, 5)])]);
    let corpus: Corpus = vec![(document, vec![layer])];
    let (_folder, path, losses) = doors::write("cas-xmi", &doors::options(&corpus), &corpus);
    let told: Vec<(Option<&str>, &str)> =
        losses.iter().map(|loss| (loss.item.as_ref().map(|id| id.as_str()), loss.sentence.as_str())).collect();
    assert_eq!(
        told,
        [
            (None, "the text has 2 control characters that XML cannot hold: U+FFFD stands for each"),
            (
                Some("s1"),
                "its label, id, note or a value has control characters that XML cannot hold: U+FFFD stands for each"
            ),
        ]
    );
    let (lines, problems) = seen("cas-xmi", &path);
    assert_eq!(lines, ["a ana: entity 0..3 “a\u{fffd}b”; odd\u{fffd} 4..5 “c”"]);
    assert_eq!(problems, Vec::<String>::new());
    let (_folder, path, losses) = doors::write("cas-json", &doors::options(&corpus), &corpus);
    assert!(losses.is_empty());
    assert_eq!(seen("cas-json", &path).0, ["a ana: entity 0..3 “a\u{1}b”; odd\u{2} 4..5 “c”"]);
}

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?><xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore"
    xmlns:custom="http:///webanno/custom.ecore" xmlns:ner="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore"
    xmlns:seg="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore" xmlns:tcas="http:///uima/tcas.ecore"
    xmlns:meta="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore" xmlns:plain="http:///uima/noNamespace.ecore"
    xmlns:dep="http:///de/tudarmstadt/ukp/dkpro/core/api/syntax/type/dependency.ecore"
    xmlns:anno="http:///de/tudarmstadt/ukp/clarin/webanno/api/type.ecore" xmi:version="2.0"><cas:NULL xmi:id="0"/>"#;
const TAIL: &str = r#"<cas:View sofa="1" members="2 3"/></xmi:XMI>"#;

const TYPES: &str = r#"<?xml version="1.0"?><typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier"><name>t</name><types>
    <typeDescription><name>webanno.custom.Event</name><description/><supertypeName>uima.tcas.Annotation</supertypeName><features>
      <featureDescription><name>Sure</name><rangeTypeName>uima.cas.Boolean</rangeTypeName></featureDescription>
      <featureDescription><name>Count</name><rangeTypeName>uima.cas.Integer</rangeTypeName></featureDescription>
      <featureDescription><name>Score</name><rangeTypeName>uima.cas.Double</rangeTypeName></featureDescription>
      <featureDescription><name>Tags</name><rangeTypeName>uima.cas.StringArray</rangeTypeName></featureDescription>
      <featureDescription><name>Shared</name><rangeTypeName>uima.cas.StringArray</rangeTypeName><multipleReferencesAllowed>true</multipleReferencesAllowed></featureDescription>
      <featureDescription><name>Who</name><rangeTypeName>uima.cas.FSArray</rangeTypeName></featureDescription>
      <featureDescription><name>Next</name><rangeTypeName>webanno.custom.Event</rangeTypeName></featureDescription>
    </features></typeDescription>
    <typeDescription><name>webanno.custom.EventWhoLink</name><supertypeName>uima.cas.TOP</supertypeName><features>
      <featureDescription><name>role</name><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>
      <featureDescription><name>target</name><rangeTypeName>uima.tcas.Annotation</rangeTypeName></featureDescription>
    </features></typeDescription>
    <typeDescription><name>webanno.custom.Rel</name><supertypeName>uima.tcas.Annotation</supertypeName><features>
      <featureDescription><name>Governor</name><rangeTypeName>uima.tcas.Annotation</rangeTypeName></featureDescription>
      <featureDescription><name>Dependent</name><rangeTypeName>uima.tcas.Annotation</rangeTypeName></featureDescription>
      <featureDescription><name>label</name><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>
      <featureDescription><name>Why</name><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>
    </features></typeDescription>
    <typeDescription><name>de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity</name><supertypeName>uima.tcas.Annotation</supertypeName><features>
      <featureDescription><name>value</name><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>
      <featureDescription><name>identifier</name><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>
    </features></typeDescription>
    <typeDescription><name>Word</name><supertypeName>de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token</supertypeName></typeDescription>
    <typeDescription><name>de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token</name><supertypeName>uima.tcas.Annotation</supertypeName></typeDescription>
    <typeDescription><name>de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence</name><supertypeName>uima.tcas.Annotation</supertypeName></typeDescription>
    <typeDescription><name>de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData</name><supertypeName>uima.tcas.DocumentAnnotation</supertypeName></typeDescription>
    <typeDescription><name>de.tudarmstadt.ukp.dkpro.core.api.syntax.type.dependency.Dependency</name><supertypeName>uima.tcas.Annotation</supertypeName><features>
      <featureDescription><name>Governor</name><rangeTypeName>uima.tcas.Annotation</rangeTypeName></featureDescription>
      <featureDescription><name>Dependent</name><rangeTypeName>uima.tcas.Annotation</rangeTypeName></featureDescription>
    </features></typeDescription>
    </types></typeSystemDescription>"#;

/// “👍 Lind met Berg.” with what other tools make of it.
fn foreign() -> String {
    format!(
        r#"{HEAD}
        <meta:DocumentMetaData xmi:id="2" sofa="1" begin="0" end="17" language="de" documentId="doc.txt" documentTitle="A title"/>
        <seg:Sentence xmi:id="3" sofa="1" begin="0" end="17"/><seg:Token xmi:id="4" sofa="1" begin="0" end="2"/>
        <plain:Word xmi:id="5" sofa="1" begin="3" end="7"/>
        <dep:Dependency xmi:id="6" sofa="1" begin="3" end="7" Governor="4" Dependent="5"/>
        <ner:NamedEntity xmi:id="10" sofa="1" begin="3" end="7" value="PER" identifier="http://example.org/x"/>
        <ner:NamedEntity xmi:id="11" sofa="1" begin="12" end="16"/>
        <custom:Event xmi:id="12" sofa="1" begin="8" end="11" Sure="true" Count="3" Score="0.5" Who="20 21" Shared="22" Next="13">
            <Tags>a b</Tags><Tags>c &amp; &#100;</Tags></custom:Event>
        <custom:Event xmi:id="13" sofa="1" begin="0" end="2" Next="12"/>
        <custom:EventWhoLink xmi:id="20" role="agent" target="10"/><custom:EventWhoLink xmi:id="21" target="11"/>
        <cas:StringArray xmi:id="22"><elements>x</elements><elements>y</elements></cas:StringArray>
        <custom:Rel xmi:id="14" sofa="1" begin="12" end="16" Governor="10" Dependent="11" label="met" Why="so"/>
        <custom:Event xmi:id="15" sofa="1" begin="1" end="7"/><custom:Event xmi:id="16" sofa="1" begin="8" end="99"/>
        <custom:Event xmi:id="17" sofa="7" begin="0" end="1"/>
        <cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="👍 Lind met Berg."/>
        <cas:Sofa xmi:id="7" sofaNum="2" sofaID="other" mimeType="text" sofaString="another"/>
        {TAIL}"#
    )
}

#[test]
fn layers_of_inception_and_dkpro_are_read() {
    let (_folder, path) = file(&[("doc.xmi", &foreign()), ("TypeSystem.xml", TYPES)]);
    let (corpus, problems) = doors::read("cas-xmi", &path);
    let (document, layers) = &corpus[0];
    let layer = &layers[0];
    assert_eq!(
        (document.id.as_str(), document.meta_text("title"), layer.annotator.as_str()),
        ("doc.txt", Some("A title"), "me")
    );
    assert_eq!(
        doors::seen(document, layer),
        ["Event 0..1 “👍”", "Event 7..10 “met”", "NamedEntity 11..15 “Berg”", "PER 2..6 “Lind”"]
    );
    let span = |id: &str| layer.span(&id.into()).unwrap();
    assert_eq!(serde_json::to_value(&span("10").attributes).unwrap(), json!({"identifier": "http://example.org/x"}));
    assert_eq!(
        serde_json::to_value(&span("12").attributes).unwrap(),
        json!({"Count": 3, "Score": 0.5, "Shared": ["x", "y"], "Sure": true, "Tags": ["a b", "c & d"]})
    );
    let mut arrows: Vec<String> =
        layer.relations.values().map(|one| format!("{} {}→{}", one.kind, one.from, one.to)).collect();
    arrows.sort();
    assert_eq!(arrows, ["Next 12→13", "Next 13→12", "Who 12→11", "agent 12→10", "met 10→11"]);
    let met = layer.relations.values().find(|one| one.kind == "met").unwrap();
    assert_eq!(serde_json::to_value(&met.attributes).unwrap(), json!({"Why": "so"}));
    assert_eq!(
        sentences(&problems),
        [
            "it has 2 views of the text; only _InitialView is imported",
            "1..7 is no place in the text: the offset 1 lies inside a character; the span was not imported",
            "8..99 is no place in the text: the end is 99 but the text has 17 characters; the span was not imported",
            "4 tokens, sentences and notes on words are no spans: they are left out",
        ]
    );
}

#[test]
fn a_missing_or_wrong_type_system_is_said_and_the_structure_read() {
    let (_folder, path) = file(&[("doc.xmi", &foreign())]);
    let (lines, problems) = seen("cas-xmi", &path);
    assert_eq!(
        lines,
        [
            "doc.txt me: Event 0..1 “👍”; Event 7..10 “met”; NamedEntity 11..15 “Berg”; PER 2..6 “Lind”; Word 2..6 “Lind”"
        ]
    );
    assert_eq!(problems[0], "there is no TypeSystem.xml beside it: what the types hold is guessed");
    for wrong in ["", "<a/>", "<types><typeDescription><name>X</na", "{}"] {
        let (_folder, path) = file(&[("doc.xmi", &foreign()), ("TypeSystem.xml", wrong)]);
        let (lines, problems) = seen("cas-xmi", &path);
        assert_eq!(lines.len(), 1, "{wrong}");
        assert!(problems[0].starts_with("the type system cannot be read ("), "{problems:?}");
    }
    let circle = r"<types><typeDescription><name>webanno.custom.Event</name><supertypeName>B</supertypeName></typeDescription>
        <typeDescription><name>B</name><supertypeName>webanno.custom.Event</supertypeName></typeDescription></types>";
    let (_folder, path) = file(&[("doc.xmi", &foreign()), ("TypeSystem.xml", circle)]);
    let (lines, problems) = seen("cas-xmi", &path);
    assert_eq!(lines.len(), 1);
    let unknown = "the type webanno.custom.Rel is not in the type system: its features are read as text";
    assert!(problems.iter().any(|sentence| sentence == unknown), "{problems:?}");
}

#[test]
fn a_folder_of_a_project_has_an_annotator_in_each_file() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let cas = |user: &str| {
        format!(
            r#"{HEAD}<ner:NamedEntity xmi:id="10" sofa="1" begin="0" end="4" value="PER"/>{user}
            <cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="Lind"/>{TAIL}"#
        )
    };
    write("annotation/doc.txt/ana.xmi", &cas(""));
    write("annotation/doc.txt/INITIAL_CAS.xmi", &cas(""));
    write(
        "annotation/doc.txt/b.xmi",
        &cas(r#"<anno:CASMetadata xmi:id="30" sofa="1" begin="0" end="0" username="ben"/>"#),
    );
    write("TypeSystem.xml", TYPES);
    let (lines, problems) = seen("cas-xmi", folder.path());
    assert_eq!(lines, ["doc.txt ana: PER 0..4 “Lind”", "doc.txt ben: PER 0..4 “Lind”", "doc.txt me: PER 0..4 “Lind”"]);
    assert_eq!(
        problems,
        [
            "the type de.tudarmstadt.ukp.clarin.webanno.api.type.CASMetadata is not in the type system: its features are read as text"
        ]
    );
    assert_eq!(Format::of(&Glimpse::at(folder.path()).unwrap()).unwrap().id, "cas-xmi");
}

#[test]
fn json_of_both_shapes_is_read() {
    let structures = json!([
        {"%ID": 5, "%TYPE": "custom.Span", "@sofa": 1, "begin": 3, "end": 7, "label": "PER", "#score": "NaN", "@tags": 9, "^x": 4},
        {"%ID": 6, "%TYPE": "custom.Span", "@sofa": 1, "begin": 8, "end": 9},
        {"%ID": 7, "%TYPE": "custom.Relation", "@sofa": 1, "begin": 8, "end": 9, "@Governor": 5, "@Dependent": 6, "label": "r"},
        {"%ID": 9, "%TYPE": "uima.cas.StringArray", "%ELEMENTS": ["a", "b"]},
        {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView", "sofaString": "👍 Lind !"},
        {"%TYPE": "nothing"}, 7,
    ]);
    let list = json!({"%TYPES": {"custom.Span": {"%NAME": "custom.Span", "%SUPER_TYPE": "uima.tcas.Annotation"}},
        "%FEATURE_STRUCTURES": structures, "%VIEWS": {}});
    let by_id: serde_json::Map<String, Value> =
        structures.as_array().unwrap().iter().take(5).map(|one| (one["%ID"].to_string(), one.clone())).collect();
    let object = json!({"%TYPES": list["%TYPES"], "%FEATURE_STRUCTURES": by_id});
    // A feature refers to what is not there; two structures are none.
    for (file_of, wrong) in [(list, 2), (object, 1)] {
        let (_folder, path) = file(&[("doc.json", &file_of.to_string())]);
        assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).unwrap().id, "cas-json");
        let (corpus, problems) = doors::read("cas-json", &path);
        let (document, layers) = &corpus[0];
        assert_eq!(doors::seen(document, &layers[0]), ["PER 2..6 “Lind”", "Span 7..8 “!”"]);
        let span = layers[0].span(&"5".into()).unwrap();
        assert_eq!(serde_json::to_value(&span.attributes).unwrap(), json!({"score": "NaN", "tags": ["a", "b"]}));
        assert_eq!(layers[0].relations.len(), 1);
        assert_eq!(problems.len(), wrong, "{problems:?}");
    }
}

#[test]
fn what_stands_nowhere_is_an_attribute_of_the_document() {
    let structures = json!([
        {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView", "sofaString": "Lind"},
        {"%ID": 2, "%TYPE": "webanno.custom.Topic", "@sofa": 1, "value": "sport", "sure": true},
        {"%ID": 3, "%TYPE": "webanno.custom.Topic", "@sofa": 1, "value": "ice"},
        {"%ID": 4, "%TYPE": "webanno.custom.Topic", "@sofa": 1, "value": "north"},
        {"%ID": 5, "%TYPE": "custom.Elsewhere", "@sofa": 9, "value": "x"},
    ]);
    let cas = json!({"%TYPES": {}, "%FEATURE_STRUCTURES": structures, "%VIEWS": {}});
    let (_folder, path) = file(&[("doc.json", &cas.to_string())]);
    let (corpus, _) = doors::read("cas-json", &path);
    assert_eq!(json!(corpus[0].1[0].attributes), json!({"Topic.sure": true, "Topic.value": ["sport", "ice", "north"]}));
}

#[test]
fn what_a_reference_leads_to_is_kept_one_step_far() {
    let structures = json!([
        {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView", "sofaString": "Lind met Berg"},
        {"%ID": 2, "%TYPE": "custom.Span", "@sofa": 1, "begin": 0, "end": 4, "label": "PER", "@concept": 4, "@names": 6, "@gone": 99},
        {"%ID": 3, "%TYPE": "custom.Topic", "@sofa": 1, "value": "sport", "@concept": 4, "@about": 2},
        {"%ID": 4, "%TYPE": "custom.Concept", "name": "person", "rank": 2, "@tags": 5, "@parent": 4},
        {"%ID": 5, "%TYPE": "uima.cas.StringArray", "%ELEMENTS": ["a", "b"]},
        {"%ID": 6, "%TYPE": "uima.cas.NonEmptyStringList", "head": "L.", "@tail": 7},
        {"%ID": 7, "%TYPE": "uima.cas.NonEmptyStringList", "head": "Li", "@tail": 8},
        {"%ID": 8, "%TYPE": "uima.cas.EmptyStringList"},
    ]);
    let cas = json!({"%TYPES": {}, "%FEATURE_STRUCTURES": structures, "%VIEWS": {}});
    let (_folder, path) = file(&[("doc.json", &cas.to_string())]);
    let (corpus, problems) = doors::read("cas-json", &path);
    let layer = &corpus[0].1[0];
    assert_eq!(
        json!(layer.span(&"2".into()).unwrap().attributes),
        json!({"concept.name": "person", "concept.rank": 2, "concept.tags": ["a", "b"], "names": ["L.", "Li"]})
    );
    assert_eq!(
        json!(layer.attributes),
        json!({"Topic.value": "sport", "Topic.concept.name": "person", "Topic.concept.rank": 2, "Topic.concept.tags": ["a", "b"]})
    );
    let said = sentences(&problems);
    // Two parents, what is gone, and what the document is about.
    assert_eq!(said.last().unwrap(), "4 references lead to nothing that can be kept: they are left out");
}

#[test]
fn a_span_over_a_byte_order_mark_covers_what_is_behind_it() {
    let structures = json!([
        {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView", "sofaString": "\u{feff}Lind met Berg"},
        {"%ID": 2, "%TYPE": "custom.Span", "@sofa": 1, "begin": 0, "end": 5, "label": "PER"},
        {"%ID": 3, "%TYPE": "custom.Span", "@sofa": 1, "begin": 10, "end": 14, "label": "PER"},
    ]);
    let cas = json!({"%TYPES": {}, "%FEATURE_STRUCTURES": structures, "%VIEWS": {}});
    let (_folder, path) = file(&[("doc.json", &cas.to_string())]);
    let (lines, problems) = seen("cas-json", &path);
    assert_eq!(lines, ["doc me: PER 0..4 “Lind”; PER 9..13 “Berg”"]);
    assert_eq!(problems, ["it has no %TYPES: its structures are read as they are"]);
}

#[test]
fn hostile_files_are_answers() {
    let laugh = r#"<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>"#;
    let body = foreign();
    let body = body.split_once("?>").unwrap().1;
    let read = |text: String| {
        let (_folder, path) = file(&[("doc.xmi", &text), ("TypeSystem.xml", TYPES)]);
        seen("cas-xmi", &path)
    };
    let (lines, problems) = read(format!("{laugh}{}", body.replace("<elements>x", "<elements>&b;&c;x")));
    assert_eq!(lines.len(), 1);
    assert_eq!(
        problems[..3],
        [
            "its document type is not read, and no entity of it is expanded",
            "the entity “b” is not expanded",
            "the entity “c” is not expanded",
        ]
    );
    let (lines, problems) = read(format!("{laugh}{}", body.replace("👍 Lind met Berg.", "👍 Lind &b; Berg.")));
    assert_eq!(lines, Vec::<String>::new());
    assert!(
        problems.last().unwrap().starts_with("“sofaString” cannot be read, entities are not expanded"),
        "{problems:?}"
    );
    let deep = format!("{HEAD}{}", "<a>".repeat(10_000));
    assert_eq!(read(deep).1, ["its elements are nested too deeply for XMI; the file was not imported"]);
    assert_eq!(read(format!("{HEAD}<a>")).1, ["it is cut off; the file was not imported"]);
    assert_eq!(read(String::new()).1, ["it is no XMI; the file was not imported"]);
    assert_eq!(read("<html/>".to_owned()).1, ["it is no XMI; the file was not imported"]);
    assert_eq!(read(format!("{HEAD}{TAIL}")).1, ["it has no text; the file was not imported"]);
    let circle = format!(
        r#"{HEAD}<custom:Event xmi:id="12" sofa="1" begin="0" end="1" Who="20"/><cas:FSArray xmi:id="20" elements="20 20"/>
        <cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" sofaString="a"/>{TAIL}"#
    );
    assert_eq!(read(circle), (vec!["doc me: Event 0..1 “a”".to_owned()], Vec::new()));
    let deep = format!("{{\"%FEATURE_STRUCTURES\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let (_folder, path) = file(&[("doc.json", &deep)]);
    let problems = seen("cas-json", &path).1;
    assert!(problems[0].starts_with("it is no JSON: recursion limit exceeded"), "{problems:?}");
}

#[test]
fn a_cas_survives_damage() {
    let corpus = rich().split_off(13);
    for format in BOTH {
        let (_folder, path, _) = doors::write(format, &doors::options(&corpus), &corpus);
        doors::survive(format, &path, 300);
    }
    let (_folder, path) = file(&[("doc.xmi", &foreign()), ("TypeSystem.xml", TYPES)]);
    doors::survive("cas-xmi", path.parent().unwrap(), 300);
}

#[test]
fn other_files_are_not_taken_for_a_cas() {
    for (name, text) in [
        ("a.xml", "<TEI/>"),
        ("a.html", "<html>http://www.omg.org/XMI http:///uima/cas.ecore</html>"),
        ("a.json", "{\"text\": \"%TYPES\"}"),
        ("a.json", "[]"),
        ("a.xmi", ""),
    ] {
        let (_folder, path): (TempDir, PathBuf) = file(&[(name, text)]);
        let format = Format::of(&Glimpse::at(&path).unwrap());
        assert!(format.is_none_or(|format| !BOTH.contains(&format.id)), "{text}");
    }
}
