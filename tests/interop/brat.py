"""bioc reads our standoff files, and so does brat itself where its source is at hand; bioc writes some for us.

    brat.py check FOLDER    FOLDER has out/, stress.jsonl and losses.jsonl
    brat.py make FOLDER     writes made/*.txt, made/*.ann and expected.jsonl

BRAT names a folder with brat's own source (`server/src/annotation.py`); brat is not published as a package.
"""

import json
import os
import re
import sys
import types
from pathlib import Path

# Another file here may be called as a library is: it must not be found in its place.
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != HERE]

from bioc import brat as bioc_brat  # noqa: E402

# Where Python ends a line, and tabs: no line of a file can hold them.
CUTS = re.compile("[\t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]+")


def lines(path):
    return [json.loads(line) for line in Path(path).read_text("utf-8").split("\n") if line]


def escape(name):
    return "".join(
        c if re.fullmatch("[A-Za-z0-9-]", c) or (c == "_" and name[at + 1 : at + 2] != "x") else f"_x{ord(c):x}_"
        for at, c in enumerate(name)
    )


def pieces(text, ranges):
    """What stands in the file for these ranges."""
    found = []
    for start, end in ranges:
        at = start
        for cut in CUTS.finditer(text, start, end):
            found.append((at, cut.start()))
            at = cut.end()
        found.append((at, end))
    return sorted((start, end) for start, end in found if start < end)


def about(layer, spans):
    """Flags, plain values and notes of spans."""
    said = []
    for span in layer["spans"]:
        if span["id"] not in spans:
            continue
        known = spans[span["id"]]
        said += [(known, "note", line) for line in span.get("note", "").split("\n") if line]
        for name, value in span.get("attributes", {}).items():
            if value is True:
                said.append((known, escape(name), ""))
            elif isinstance(value, str) and re.fullmatch("[A-Za-z]+", value):
                said.append((known, escape(name), value))
    return sorted(said)


def expected(document, layer, lost):
    """Label, places and text of each span that was kept; relations between them; what is said about them."""
    kept = {span["id"]: span for span in layer["spans"] if (document["id"], span["id"]) not in lost}
    spans, text = {}, document["text"]
    for name, span in kept.items():
        places = pieces(text, span["ranges"])
        spans[name] = (escape(span["label"]), tuple(places), " ".join(text[start:end] for start, end in places))
    relations = [
        (escape(relation["kind"]), spans[relation["from"]], spans[relation["to"]])
        for relation in layer.get("relations", [])
        if (document["id"], relation["id"]) not in lost
    ]
    return sorted(spans.values()), sorted(relations), about(layer, spans)


def check(folder, stress):
    folder = Path(folder)
    lost = {(loss["document"], loss["item"]) for loss in lines(folder / "losses.jsonl")}
    files = {}
    for beside in sorted((folder / "out").rglob("spanwright-extra.jsonl")):
        for said in lines(beside):
            files[said["id"], said.get("annotator")] = beside.parent / said["file"]
    own = brat_itself(folder / "out")
    count = 0
    for document in stress:
        for layer in document["layers"]:
            where = f"{document['id']}, {layer['annotator']}"
            path = files[document["id"], layer["annotator"]]
            spans, relations, said = expected(document, layer, lost)
            with open(path, encoding="utf-8", newline="") as text, open(path.with_suffix(".ann"), encoding="utf-8") as ann:
                read = bioc_brat.load(text, ann)
            assert read.text == document["text"], f"{where}: bioc reads another text: {read.text!r}"
            found = {
                entity.id: (
                    entity.type,
                    tuple(sorted((place.begin, place.end) for place in entity.locations)),
                    entity.text,
                )
                for entity in read.entities
            }
            # bioc takes white space from the end of each line.
            bare = sorted((label, places, text.rstrip()) for label, places, text in spans)
            assert sorted(found.values()) == bare, f"{where}: bioc reads {sorted(found.values())}, not {bare}"
            joined = sorted((one.type, found[one.arguments["Arg1"]], found[one.arguments["Arg2"]]) for one in read.relations)
            trimmed = sorted((kind, (a[0], a[1], a[2].rstrip()), (b[0], b[1], b[2].rstrip())) for kind, a, b in relations)
            assert joined == trimmed, f"{where}: bioc reads the relations {joined}, not {trimmed}"
            told = [(found[one.refid], "note", one.text) for one in read.notes if one.refid in found]
            told += [(found[one.refid], one.type, " ".join(one.attributes)) for one in read.attributes if one.refid in found]
            missing = [(a[:2], b, c) for a, b, c in said if (a[:2], b, c) not in [(x[:2], y, z) for x, y, z in told]]
            assert not missing, f"{where}: bioc does not read {missing}, but {told}"
            if own:
                check_with_brat(own, where, path, document["text"], spans, relations, said)
            count += 1
    return f"{count} documents read by bioc{', and by brat itself with its configuration' if own else ''}"


def check_with_brat(own, where, path, text, spans, relations, about):
    with open(path, encoding="utf-8", newline="") as source:
        assert source.read() == text, where
    read = own.TextAnnotations(str(path.with_suffix("")), read_only=True)
    said = read.get_messages()
    assert said.ok and not said.warnings, f"{where}: brat says {said.errors + said.warnings}"
    assert not read.failed_lines, f"{where}: brat cannot read the lines {read.failed_lines}"
    assert read.get_document_text() == text, f"{where}: brat reads another text"
    found = {one.id: (one.type, tuple(sorted(map(tuple, one.spans))), one.text) for one in read.get_textbounds()}
    assert sorted(found.values()) == spans, f"{where}: brat reads {sorted(found.values())}, not {spans}"
    joined = sorted((one.type, found[one.arg1], found[one.arg2]) for one in read.get_relations())
    assert joined == relations, f"{where}: brat reads the relations {joined}, not {relations}"
    told = [(found[one.target], "note", one.get_text()) for one in read.get_oneline_comments() if one.target in found]
    values = [(one.target, one.type, "" if one.value is True else one.value) for one in read.get_attributes()]
    told += [(found[target], name, value) for target, name, value in values if target in found]
    assert all(one in told for one in about), f"{where}: brat reads {told}, not {about}"


def brat_itself(out):
    """brat's reader of annotations, after its reader of configurations has taken ours without a word."""
    if not os.environ.get("BRAT"):
        return None
    source = Path(os.environ["BRAT"]) / "server" / "src"

    def module(name, **given):
        made = types.ModuleType(name)
        vars(made).update(given)
        path = source / f"{name}.py"
        if not given:
            # Python 3.11 has no universal newlines in codecs any more.
            code = path.read_text("utf-8").replace("mode = mode + 'U'", "pass").replace("mode='rU'", "mode='r'")
            exec(compile(code, str(path), "exec"), vars(made))
        return made

    annotation = module("annotation")

    class Messager:
        said = []

        def __getattr__(self, _):
            return lambda *words, **_more: self.said.append(words[0])

    messages = Messager()
    given = {"annotation": annotation, "message": module("message", Messager=messages), "config": module("config", BASE_DIR="/")}
    before = {name: sys.modules.get(name) for name in given}
    sys.modules.update(given)
    try:
        settings = module("projectconfig")
        directory = str(out.resolve())
        # Without them it would look above the root of the disk, for ever.
        assert (out / "annotation.conf").is_file() and (out / "visual.conf").is_file()
        (types_of, _), (looks, _) = settings.get_annotation_configs(directory), settings.get_visual_configs(directory)
    finally:
        for name, known in before.items():
            sys.modules.pop(name) if known is None else sys.modules.__setitem__(name, known)
    assert not messages.said, f"brat says of the configuration: {messages.said}"
    names = [node.storage_form() for node in types_of["entities"]]
    assert "entity" in names and "quote" in names, names
    relations = {node.storage_form(): node.arguments for node in types_of["relations"]}
    assert "quote" in relations["speaker"]["Arg1"] and "entity" in relations["speaker"]["Arg2"], relations
    attributes = {node.storage_form(): node.arguments for node in types_of["attributes"]}
    assert "person" in attributes["type"]["Value"], attributes
    shown = {node.storage_form(): node.terms for node in looks["labels"]}
    assert shown["entity"] == ["entity", "Entity"], shown
    return annotation


TEXTS = [
    ("plain", "Mara Lind met Joe.", [("Person", [(0, 9)]), ("Person", [(14, 17)])]),
    ("odd", "👩‍👩‍👧 in 東京\u00a0und אמר", [("Family", [(0, 5)]), ("Place", [(9, 11)]), ("Word", [(16, 19)])]),
    ("nested", "the mayor of Paris", [("Person", [(0, 18)]), ("Place", [(13, 18)]), ("Role", [(4, 9)])]),
    ("pieces", "picked it right up", [("Act", [(0, 6), (16, 18)]), ("Thing", [(7, 9)])]),
    ("lines", "Uno\r\ndos\r\ntres", [("Word", [(5, 8)]), ("Word", [(10, 14)])]),
    ("empty", "Nothing here.", []),
]


def make(folder):
    """Each text with its spans, a relation, a note and an attribute, as bioc writes them."""
    folder = Path(folder)
    made = folder / "made"
    made.mkdir(parents=True)
    rows = []
    for name, text, spans in TEXTS:
        document = bioc_brat.BratDocument()
        document.text = text
        for number, (label, places) in enumerate(spans, 1):
            entity = bioc_brat.BratEntity()
            entity.id, entity.type = f"T{number}", label
            for start, end in places:
                entity.add_span(start, end)
            entity.text = " ".join(text[start:end] for start, end in places)
            document.add_annotation(entity)
        if len(spans) > 1:
            relation, note, attribute = bioc_brat.BratRelation(), bioc_brat.BratNote(), bioc_brat.BratAttribute()
            relation.id, relation.type = "R1", "Knows"
            relation.add_argument("Arg1", "T1")
            relation.add_argument("Arg2", "T2")
            note.id, note.type, note.refid, note.text = "#1", "AnnotatorNotes", "T1", "of the first"
            attribute.id, attribute.type, attribute.refid = "A1", "Sure", "T2"
            attribute.add_attribute("High")
            for one in (relation, note, attribute):
                document.add_annotation(one)
        with open(made / f"{name}.txt", "w", encoding="utf-8", newline="") as out, open(
            made / f"{name}.ann", "w", encoding="utf-8", newline="\n"
        ) as ann:
            bioc_brat.dump(document, out, ann)
        # We count the text with LF alone.
        plain = text.replace("\r\n", "\n")
        place = lambda at, text=text: at - text[:at].count("\r\n")  # noqa: E731
        pairs = [(label, pair) for label, places in spans for pair in places]
        rows.append(
            {
                "id": name,
                "text": plain,
                "spans": [{"start": place(start), "end": place(end), "label": label} for label, (start, end) in pairs],
            }
        )
    with open(folder / "expected.jsonl", "w", encoding="utf-8", newline="\n") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "check":
        print(check(sys.argv[2], lines(Path(sys.argv[2]) / "stress.jsonl")))
    else:
        make(sys.argv[2])
