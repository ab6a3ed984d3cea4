"""spaCy itself reads our DocBins, trains on them, and writes some for us.

    spacy.py check FOLDER    FOLDER has out.spacy, stress.jsonl and losses.jsonl
    spacy.py make FOLDER     writes *.spacy and expected.jsonl
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

# This file is called as the library is: it must not be found in its place.
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != HERE]

import spacy  # noqa: E402
from spacy.tokens import Doc, DocBin, Span  # noqa: E402


def lines(path):
    return [json.loads(line) for line in Path(path).read_text("utf-8").split("\n") if line]


def trimmed(text, start, end):
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def check(folder, stress):
    """Every Doc against the layer it was made from, code point by code point; then spaCy's own checks, and training."""
    folder = Path(folder)
    path = folder / "out.spacy"
    lost = {(loss["document"], loss["annotator"], loss["item"]) for loss in lines(folder / "losses.jsonl")}
    docs = list(DocBin().from_disk(path).get_docs(spacy.blank("xx").vocab))
    expected = [(document, layer) for document in stress for layer in document["layers"]]
    assert len(docs) == len(expected), f"{len(docs)} Docs for {len(expected)} layers"
    for doc, (document, layer) in zip(docs, expected):
        where = f"{document['id']}, {layer['annotator']}"
        assert doc.text == document["text"], f"{where}: {doc.text!r} is not {document['text']!r}"
        note = doc.user_data["spanwright"]
        assert note["id"] == document["id"], where
        assert note["layers"][0]["annotator"] == layer["annotator"], where
        assert note["layers"][0]["status"] == layer["status"], where
        kept = [span for span in layer["spans"] if (document["id"], layer["annotator"], span["id"]) not in lost]
        pieces = sorted((s, e, span["label"]) for span in kept for s, e in span["ranges"] if s < e)
        found = sorted((span.start_char, span.end_char, span.label_) for span in doc.spans["sc"])
        assert found == pieces, f"{where}: {found} is not {pieces}"
        for span in doc.spans["sc"]:
            assert span.text == doc.text[span.start_char : span.end_char].removesuffix(span[-1].whitespace_), where
            again = Span(doc, span.start, span.end)
            assert (again.start_char, again.end_char) == (span.start_char, span.end_char), where
        # Ids, fragments and relations lie beside it.
        ids = {span["id"]: (span["label"], sorted(map(list, span["ranges"]))) for span in kept}
        noted = note["layers"][0]["spans"]
        assert {s["id"]: (s["label"], sorted(map(list, s["ranges"]))) for s in noted} == ids, where
        assert len(note["layers"][0]["relations"]) == len(layer["relations"]), where
        # Entities are those of the spans that spaCy accepts, and every word that could be in one is.
        may = {(*trimmed(doc.text, s, e), label) for s, e, label in pieces}
        ents = {(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents}
        assert ents <= may, f"{where}: {ents - may}"
        free = [(s, e) for s, e, _ in may if s < e and not any(s < b and a < e for a, b, _ in ents)]
        assert not free, f"{where}: {free} is in no entity, though nothing lies over it"
        assert all(not doc.text[s].isspace() and not doc.text[e - 1].isspace() for s, e, _ in ents), where
        assert all(token.ent_iob_ in "BIO" and token.ent_iob for token in doc), f"{where}: a word without a tag"
    debug(folder, path)
    train(folder, path, "ner")
    train(folder, path, "spancat")


def config(folder, pipeline):
    path = folder / f"{pipeline}.cfg"
    run("init", "config", str(path), "--lang", "xx", "--pipeline", pipeline, "--force")
    return path


def run(*arguments, fails=False):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "spacy", *arguments],
        capture_output=True,
        text=True,
        cwd="/",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "WASABI_LOG_FRIENDLY": "0"},
    )
    out = done.stdout + done.stderr
    assert fails or done.returncode == 0, f"spacy {' '.join(arguments)}: {out[-3000:]}"
    return out


def debug(folder, path):
    out = run(
        "debug", "data", str(config(folder, "ner,spancat")), "--paths.train", str(path), "--paths.dev", str(path), fails=True
    )
    failures = [line for line in out.split("\n") if line.startswith(("✘", "[x]"))]
    # The corpus is small, and that is all that may be wrong with it.
    small = [line for line in failures if "Low number of examples to train" in line]
    if small:
        failures = [line for line in failures if line not in small and "1 error" not in line]
    assert "Named Entity Recognition" in out and "Span Categorization" in out, out[-3000:]
    assert not failures, failures
    assert "No entities consisting of or starting/ending with whitespace" in out, out[-3000:]


def train(folder, path, pipeline):
    out = run(
        "train", str(config(folder, pipeline)), "--paths.train", str(path), "--paths.dev", str(path),
        "--training.max_steps", "4", "--training.eval_frequency", "2", "--training.max_epochs", "0",
        "--output", str(folder / f"model-{pipeline}"),
    )
    assert "Saved pipeline" in out, out[-3000:]


def make(folder):
    """DocBins as other people write them: entities, groups, both, with much else beside."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    nlp = spacy.blank("xx")
    texts = [
        ("Mara Lind said: “We’re leaving.” Oslo, PERSON X up.", [(0, 9, "PERSON"), (33, 37, "GPE"), (39, 45, "ORG")]),
        ("👩‍👩‍👧 met Лена 👍🏽 in 東京タワー.", [(10, 14, "人"), (6, 9, "a b|c:d")]),
        ("One\n\nTwo  three\tfour\n five \n", [(0, 3, "X"), (16, 20, "X")]),
        ("אמר דוד “שלום” עכשיו. قال سامي.", [(4, 7, "PER"), (26, 30, "PER")]),
        ("a\u00a0b\u2028c nobody", []),
    ]
    expected = []
    only = DocBin(attrs=["ENT_IOB", "ENT_TYPE"])
    full = DocBin(store_user_data=True)
    groups = DocBin(store_user_data=True)
    for number, (text, spans) in enumerate(texts):
        rows = [{"start": s, "end": e, "label": label} for s, e, label in spans]
        expected.append({"file": "ents.spacy", "text": text, "spans": rows})
        doc = nlp(text)
        doc.set_ents([doc.char_span(s, e, label=label) for s, e, label in spans])
        only.add(doc)

        doc = nlp(text + " twice")
        for token in doc:
            token.lemma_ = token.text.lower()
            token.tag_ = "T"
        doc.cats = {"news": 0.5}
        Doc.set_extension("title", default=None, force=True)
        doc._.title = f"title {number}"
        doc.user_data["plain"] = [1, "two"]
        doc.set_ents([doc.char_span(s, e, label=label, kb_id="Q1") for s, e, label in spans])
        more = [Span(doc, 0, 1, label="first", span_id="s1"), Span(doc, 0, 2, label="second"), Span(doc, 0, 1, label="other")]
        doc.spans["sc"] = [*doc.ents, *more[:2]]
        doc.spans["errors"] = [more[2]]
        rows = [*rows, *({"start": s.start_char, "end": s.end_char, "label": s.label_} for s in more)]
        expected.append({"file": "full.spacy", "text": doc.text, "spans": sorted(rows, key=str)})
        full.add(doc)

        doc = nlp(text + " alone")
        doc.spans["other"] = [Span(doc, 1, 2, label="LOC"), Span(doc, 0, 3, label="LOC")]
        rows = [{"start": s.start_char, "end": s.end_char, "label": "LOC"} for s in doc.spans["other"]]
        expected.append({"file": "groups.spacy", "text": doc.text, "spans": sorted(rows, key=str)})
        groups.add(doc)
    doc = Doc(nlp.vocab, words=["no", "spaces", "known"])
    doc.set_ents([Span(doc, 1, 2, label="E")])
    only.add(doc)
    expected.append({"file": "ents.spacy", "text": doc.text, "spans": [{"start": 3, "end": 9, "label": "E"}]})
    for name, docs in (("ents", only), ("full", full), ("groups", groups), ("none", DocBin())):
        docs.to_disk(folder / f"{name}.spacy")
    with open(folder / "expected.jsonl", "w", encoding="utf-8") as out:
        for row in expected:
            row = {"id": "t-" + hashlib.sha256(row["text"].encode()).hexdigest()[:12], **row}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    command, folder = sys.argv[1:]
    if command == "make":
        make(folder)
    else:
        check(folder, lines(Path(folder) / "stress.jsonl"))
    print(f"spacy {spacy.__version__}: {command}: all as it should be")
