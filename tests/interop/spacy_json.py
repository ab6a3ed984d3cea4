"""spaCy makes training examples of our lines, and we read what its own converters write.

    spacy_json.py check FOLDER    FOLDER has out.jsonl, stress.jsonl and losses.jsonl
    spacy_json.py make FOLDER     writes *.json, *.jsonl and expected.jsonl
"""

import hashlib
import json
import os
import sys
import warnings
from pathlib import Path

# Beside this file lies one called as the library is.
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != HERE]

import spacy  # noqa: E402
from spacy.tokens import Doc  # noqa: E402
from spacy.training import Example, docs_to_json  # noqa: E402


def lines(path):
    return [json.loads(line) for line in Path(path).read_text("utf-8").split("\n") if line]


def cut(nlp, text, triples):
    """A Doc whose words end wherever a span does, so that nothing is lost by spaCy's own words."""
    edges = sorted({0, len(text), *(edge for start, end, _ in triples for edge in (start, end))})
    words = [text[start:end] for start, end in zip(edges, edges[1:])]
    return Doc(nlp.vocab, words=words, spaces=[False] * len(words))


def check(folder, stress):
    folder = Path(folder)
    nlp = spacy.blank("xx")
    lost = {(loss["document"], loss["annotator"], loss["item"]) for loss in lines(folder / "losses.jsonl")}
    rows = lines(folder / "out.jsonl")
    expected = [(document, layer) for document in stress for layer in document["layers"]]
    assert len(rows) == len(expected), f"{len(rows)} lines for {len(expected)} layers"
    for row, (document, layer) in zip(rows, expected):
        where = f"{document['id']}, {layer['annotator']}"
        assert (row["id"], row["text"]) == (document["id"], document["text"]), where
        everything = row.get("spans", {}).get("sc", row["entities"])
        doc = cut(nlp, row["text"], [*row["entities"], *everything])
        with warnings.catch_warnings():
            # What spaCy would pass over is only warned of (W030).
            warnings.simplefilter("error")
            about = {key: row[key] for key in ("entities", "spans") if key in row}
            reference = Example.from_dict(doc, about).reference
        ents = [[ent.start_char, ent.end_char, ent.label_] for ent in reference.ents]
        assert ents == row["entities"], f"{where}: {ents} is not {row['entities']}"
        found = {(span.start_char, span.end_char, span.label_) for span in reference.spans["sc"]} if "spans" in row else set(map(tuple, ents))
        pieces = {
            (s, e, span["label"])
            for span in layer["spans"]
            for s, e in span["ranges"]
            if s < e and (document["id"], layer["annotator"], span["id"]) not in lost
        }
        assert pieces <= found, f"{where}: {pieces - found} is missing"


def make(folder):
    """What spaCy's converter writes, and what its tutorials show."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    nlp = spacy.blank("xx")
    nlp.add_pipe("sentencizer")
    texts = [
        ("Mara Lind said: “We’re leaving.” Oslo, X up.", [(0, 9, "PERSON"), (33, 37, "GPE")]),
        ("👩‍👩‍👧 met Лена 👍🏽 in 東京タワー. Then she left.", [(10, 14, "人")]),
        ("One\n\nTwo  three\tfour\n five. Six", [(5, 8, "X"), (28, 31, "X")]),
        ("אמר דוד “שלום” עכשיו. قال سامي.", [(4, 7, "PER"), (26, 30, "PER")]),
        ("nobody", []),
    ]
    expected, docs, pairs = [], [], []

    def expect(text, spans):
        rows = [{"start": s, "end": e, "label": label} for s, e, label in spans]
        expected.append({"id": "t-" + hashlib.sha256(text.encode()).hexdigest()[:12], "text": text, "spans": rows})

    for text, spans in texts:
        doc = nlp(text)
        doc.set_ents([doc.char_span(s, e, label=label) for s, e, label in spans])
        docs.append(doc)
        pairs.append((text + " (pair)", {"entities": spans}))
        expect(text + " (pair)", spans)
        expect(text + " (line)", spans)
    expected += [
        {"id": f"corpus-{index}", "text": doc.text, "spans": [{"start": e.start_char, "end": e.end_char, "label": e.label_} for e in doc.ents]}
        for index, doc in enumerate(docs)
    ]
    dump = lambda value: json.dumps(value, ensure_ascii=False)  # noqa: E731
    (folder / "corpus.json").write_text(dump([docs_to_json(docs, "corpus")]), "utf-8")
    (folder / "pairs.json").write_text(dump(pairs), "utf-8")
    rows = [{"text": text + " (line)", "entities": spans} for text, spans in texts]
    (folder / "lines.jsonl").write_text("\n".join(map(dump, rows)), "utf-8")
    (folder / "expected.jsonl").write_text("".join(dump(row) + "\n" for row in expected), "utf-8")


if __name__ == "__main__":
    command, folder = sys.argv[1:]
    if command == "make":
        make(folder)
    else:
        check(folder, lines(Path(folder) / "stress.jsonl"))
    print(f"spacy {spacy.__version__}: {command}: all as it should be")
