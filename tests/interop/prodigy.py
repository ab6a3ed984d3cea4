"""Prodigy is sold, so its tasks are read as it reads them: a Doc is built from `tokens`, and every span and relation must fit its words.

    prodigy.py check FOLDER    FOLDER has out.jsonl, stress.jsonl and losses.jsonl
    prodigy.py make FOLDER     writes tasks.jsonl and expected.jsonl
"""

import hashlib
import json
import os
import sys
from pathlib import Path

# Beside this file lies one called as the library is.
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != HERE]

import spacy  # noqa: E402
from spacy.tokens import Doc  # noqa: E402

ANSWERS = {"finished": "accept", "skipped": "ignore", "in-progress": None}


def lines(path):
    return [json.loads(line) for line in Path(path).read_text("utf-8").split("\n") if line]


def check(folder, stress):
    folder = Path(folder)
    vocab = spacy.blank("xx").vocab
    lost = {(loss["document"], loss["annotator"], loss["item"]) for loss in lines(folder / "losses.jsonl")}
    tasks = lines(folder / "out.jsonl")
    expected = [(document, layer) for document in stress for layer in document["layers"]]
    assert len(tasks) == len(expected), f"{len(tasks)} tasks for {len(expected)} layers"
    for task, (document, layer) in zip(tasks, expected):
        where = f"{document['id']}, {layer['annotator']}"
        tokens = task["tokens"]
        doc = Doc(vocab, words=[token["text"] for token in tokens], spaces=[token["ws"] for token in tokens])
        assert doc.text == task["text"] == document["text"], f"{where}: {doc.text!r}"
        assert [(t["id"], t["start"], t["end"]) for t in tokens] == [(t.i, t.idx, t.idx + len(t)) for t in doc], where
        assert task.get("answer") == ANSWERS[layer["status"]], where
        assert task["_annotator_id"] == layer["annotator"], where

        def words(place):
            span = doc.char_span(place["start"], place["end"])
            assert span is not None, f"{where}: {place} does not fit the tokens"
            assert (span.start, span.end - 1) == (place["token_start"], place["token_end"]), f"{where}: {place}"
            return span

        found = sorted((words(span).start_char, span["end"], span["label"]) for span in task["spans"])
        kept = [span for span in layer["spans"] if (document["id"], layer["annotator"], span["id"]) not in lost]
        pieces = sorted((s, e, span["label"]) for span in kept for s, e in span["ranges"] if s < e)
        assert found == pieces, f"{where}: {found} is not {pieces}"
        assert len(task.get("relations", [])) == len(layer["relations"]), where
        for relation in task.get("relations", []):
            for end in ("head", "child"):
                assert relation[end] == words(relation[f"{end}_span"]).end - 1, where


def make(folder):
    """Tasks with tokens as Prodigy's `add_tokens` makes them, of texts that are odd in every way."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    nlp = spacy.blank("xx")
    texts = [
        ("Mara Lind said: “We’re leaving.” Oslo, X up.", [(0, 9, "PERSON"), (0, 4, "GIVEN"), (33, 37, "GPE")]),
        ("👩‍👩‍👧 met Лена 👍🏽 in 東京タワー.", [(10, 14, "人")]),
        ("One\n\nTwo  three\tfour\n five \n", [(5, 8, "X"), (10, 15, "X")]),
        ("אמר דוד “שלום” עכשיו. قال سامي.", [(4, 7, "PER"), (26, 30, "PER")]),
        ("nobody", []),
    ]
    with open(folder / "tasks.jsonl", "w", encoding="utf-8") as out, open(folder / "expected.jsonl", "w", encoding="utf-8") as want:
        for number, (text, spans) in enumerate(texts):
            doc = nlp(text)
            rows = []
            for s, e, label in spans:
                span = doc.char_span(s, e)
                rows.append({"start": s, "end": e, "token_start": span.start, "token_end": span.end - 1, "label": label})
            tokens = [
                {"text": t.text, "start": t.idx, "end": t.idx + len(t), "id": t.i, "ws": bool(t.whitespace_), "disabled": t.is_space}
                for t in doc
            ]
            task = {"text": text, "meta": {"n": number}, "_input_hash": -number, "_task_hash": number, "tokens": tokens, "spans": rows}
            task |= {"_view_id": "spans_manual", "answer": "accept", "_timestamp": 1, "_session_id": None}
            out.write(json.dumps(task, ensure_ascii=False) + "\n")
            row = {"id": "t-" + hashlib.sha256(text.encode()).hexdigest()[:12], "text": text}
            row["spans"] = [{"start": s, "end": e, "label": label} for s, e, label in spans]
            want.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    command, folder = sys.argv[1:]
    if command == "make":
        make(folder)
    else:
        check(folder, lines(Path(folder) / "stress.jsonl"))
    print(f"spacy {spacy.__version__}: {command}: all as it should be")
