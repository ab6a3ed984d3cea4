"""UIMA CAS as XMI and JSON, read and written by dkpro-cassis."""

import json
from pathlib import Path

import cassis

TEXTS = [
    ("odd-1", "👩‍👩‍👧 met Лена 👍🏽 in 東京タワー.", [("Лена", "PER"), ("東京タワー", "LOC"), ("東京", "LOC"), ("👍🏽", "SIGN")]),
    ("odd-2", "אמר דוד “שלום”. best\u200bEnd \u00a0x cafe\u0301\n\tnext <&>\" ]]>", [("דוד", "PER"), ("End", "PER"), ("cafe\u0301\n\tnext <&>\"", "LOC")]),
    ("odd-3", "nothing", []),
]


def check(folder, stress):
    """What we wrote in `folder` (by the format's name) loads, and says what `stress` says."""
    folder = Path(folder)
    out = folder / "out"
    xmi = sorted(out.rglob("*.xmi"))
    if xmi:
        types = cassis.load_typesystem(out / "TypeSystem.xml")
        files = [cassis.load_cas_from_xmi(path, typesystem=types) for path in xmi]
    else:
        files = []
        for path in sorted(path for path in out.rglob("*.json") if path.name != "manifest.json"):
            with path.open("rb") as source:
                files.append(cassis.load_cas_from_json(source))
    found = {}
    for cas in files:
        [metadata] = cas.select("de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData")
        [layer] = cas.select("spanwright.Layer")
        about = json.loads(layer.spanwright)
        key = (about["document"]["id"], about["annotator"])
        # XML holds no control characters; JSON does.
        assert metadata.documentId == key[0] or "\ufffd" in metadata.documentId, f"{key}: {metadata.documentId}"
        assert key not in found, f"{key} twice"
        found[key] = cas
    compared = 0
    for document in stress:
        for layer in document["layers"] or [{"annotator": None, "spans": []}]:
            name = (document["id"], layer["annotator"])
            cas = found.pop(name)
            assert cas.sofa_string == document["text"], f"{name}: the text"
            spans = [(one.id, one.label, one.begin, one.end) for one in cas.select("custom.Span")]
            expected = [(span["id"], span["label"], *each) for span in layer["spans"] for each in span["ranges"]]
            assert sorted(spans) == sorted(expected), f"{name}: {spans} is not {expected}"
            for one in cas.select("custom.Span"):
                assert one.get_covered_text() == document["text"][one.begin : one.end], f"{name}: {one}"
            arrows = [(one.label, one.Governor.id, one.Dependent.id) for one in cas.select("custom.Relation")]
            expected = [(one["kind"], one["from"], one["to"]) for one in layer.get("relations", [])]
            assert sorted(arrows) == sorted(expected), f"{name}: {arrows}"
            for span in layer["spans"]:
                value = span.get("attributes", {}).get("type")
                mine = [one.type_ for one in cas.select("custom.Span") if one.id == span["id"]] if value is not None else []
                assert value is None or value in mine, f"{name}: {span}"
            compared += len(spans)
            # Written again by the library, it says the same.
            again = cas.to_json()
            assert cassis.load_cas_from_json(again).sofa_string == document["text"]
    assert not found, f"more files than layers: {list(found)}"
    return f"{len(files)} files, {compared} spans"


def make(folder):
    """Files of the format that the folder above is named after, and what is to be read in them."""
    folder = Path(folder)
    kind = "json" if folder.parent.name == "cas-json" else "xmi"
    files = folder / "files"
    files.mkdir(parents=True, exist_ok=True)
    types = cassis.TypeSystem()
    entity = types.create_type("de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity", supertypeName="uima.tcas.Annotation")
    types.create_feature(entity, "value", "uima.cas.String")
    token = types.create_type("de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token", supertypeName="uima.tcas.Annotation")
    if kind == "xmi":
        types.to_xml(files / "TypeSystem.xml")
    expected = []
    for name, text, marks in TEXTS:
        cas = cassis.Cas(typesystem=types)
        cas.sofa_string = text
        cas.sofa_mime = "text/plain"
        cas.add(token(begin=0, end=len(text)))
        spans = []
        for piece, label in marks:
            start = text.index(piece)
            cas.add(entity(begin=start, end=start + len(piece), value=label))
            spans.append({"start": start, "end": start + len(piece), "label": label})
        if kind == "xmi":
            cas.to_xmi(files / f"{name}.xmi")
        else:
            cas.to_json(files / f"{name}.json")
        expected.append({"id": name, "text": text, "spans": sorted(spans, key=lambda span: (span["start"], -span["end"]))})
    lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in expected)
    (folder / "expected.jsonl").write_text(lines, encoding="utf-8")
