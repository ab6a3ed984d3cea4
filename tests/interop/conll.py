"""CoNLL: what was exported is read by spaCy's converter and by seqeval's strict scheme; what they would write comes in."""

import json
import random
from pathlib import Path

from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import IOB2, Entities
from spacy.training.converters import conll_ner_to_docs

MARK = "-DOCSTART- -X- O O"


def solid(text, start, end):
    """An extent, counted without white space: all that a column file holds."""
    return len("".join(text[:start].split())), len("".join(text[:end].split()))


def wanted(document, lost):
    """Label and extent of each span that no loss names."""
    text = document["text"]
    spans = [span for layer in document["layers"] for span in layer["spans"]]
    kept = [span for span in spans if (document["id"], span["id"]) not in lost]
    return {(span["label"], *solid(text, s, e)) for span in kept for s, e in span["ranges"]}, len(kept) == len(spans)


def compare(reader, document, lost, text, found):
    expected, all_kept = wanted(document, lost)
    assert text == "".join(document["text"].split()), f"{reader}: {document['id']}: the words differ"
    missing = expected - found
    assert not missing, f"{reader}: {document['id']}: {missing} not in {found}"
    assert not all_kept or found == expected, f"{reader}: {document['id']}: {found} is not {expected}"


def check(folder, stress):
    folder = Path(folder)
    content = (folder / "out.conll").read_text(encoding="utf-8")
    losses = [json.loads(line) for line in (folder / "losses.jsonl").read_text(encoding="utf-8").split("\n") if line]
    lost = {(loss["document"], loss["item"]) for loss in losses}

    # spaCy passes over documents without words.
    full = [document for document in stress if document["text"].strip()]
    docs = list(conll_ner_to_docs(content, no_print=True))
    assert len(docs) == len(full), f"spaCy reads {len(docs)} documents, not {len(full)}"
    for document, doc in zip(full, docs):
        found = {(ent.label_, *solid(doc.text, ent.start_char, ent.end_char)) for ent in doc.ents}
        compare("spaCy", document, lost, "".join(doc.text.split()), found)

    # seqeval takes lists of tags; in its strict scheme, a tag out of place is no entity.
    parts = content.split(MARK)[1:]
    assert len(parts) == len(stress), f"{len(parts)} marks, not {len(stress)}"
    for document, part in zip(stress, parts):
        sentences = [[line.split(" ") for line in block.split("\n")] for block in part.strip("\n").split("\n\n") if block]
        assert all(len(row) == 4 for rows in sentences for row in rows), f"{document['id']}: a row is not of 4 columns"
        tags = [[row[3] for row in rows] for rows in sentences]
        words = [row[0] for rows in sentences for row in rows]
        found, begins, at = set(), 0, 0
        starts = [0]
        for word in words:
            starts.append(starts[-1] + len(word))
        for number, entities in enumerate(Entities(tags, IOB2).entities):
            for entity in entities:
                _, label, start, end = entity.to_tuple()
                found.add((label, starts[at + start], starts[at + end]))
            begins += sum(tag.startswith("B-") for tag in tags[number])
            at += len(tags[number])
        assert begins == sum(len(entities) for entities in Entities(tags, IOB2).entities), f"{document['id']}: invalid tags"
        compare("seqeval", document, lost, "".join(words), found)


ROWS = [
    ("a", [["👩‍👩‍👧", "O"], ["met", "O"], ["Лена", "B-PER"], ["Иванова", "I-PER"], ["אמר", "B-LOC"], [".", "O"]]),
    ("b", [["東京", "B-LOC"], ["タワー", "I-LOC"], ["cafe\u0301", "B-ORG"], ["best\u200bEnd", "B-ORG"], ["#", "O"]]),
    ("c", [["“", "O"], ["-", "B-X-Y"], ["O", "I-X-Y"], ["U.S.-led", "B-X-Y"]]),
]


TAGS = ["O", "B-X", "I-X", "E-X", "S-X", "B-Y", "I-Y", "E-Y", "S-Y"]


def dirty():
    """Tags as no scheme allows them, the same ones every time."""
    dice = random.Random(4)
    for number in range(60):
        tags = [dice.choice(TAGS) for _ in range(dice.randrange(1, 14))]
        yield [[f"w{number}.{index}", tag] for index, tag in enumerate(tags)]


def make(folder):
    """Files as these tools' users have them, beside `expected.jsonl`: spans by seqeval's default, texts by joining the words."""
    folder = Path(folder)
    documents = [rows for _, rows in ROWS] + list(dirty())
    with (folder / "made.conll").open("w", encoding="utf-8", newline="\n") as out:
        for rows in documents:
            out.write(f"{MARK}\n\n" + "".join(f"{word} _ _ {tag}\n" for word, tag in rows) + "\n")
    with (folder / "expected.jsonl").open("w", encoding="utf-8", newline="\n") as out:
        for number, rows in enumerate(documents, 1):
            words, tags = [row[0] for row in rows], [row[1] for row in rows]
            starts = [sum(len(word) + 1 for word in words[:index]) for index in range(len(words))]
            spans = [
                {"start": starts[start], "end": starts[end] + len(words[end]), "label": label}
                for label, start, end in get_entities(tags)
            ]
            line = {"id": f"made-{number:05}", "text": " ".join(words), "spans": spans}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
