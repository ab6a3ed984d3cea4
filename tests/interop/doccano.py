"""doccano's rules for an import (`backend/data_import/pipeline`): its own classes where its source is at hand, else the same rules here.

    doccano.py check FOLDER    FOLDER has out.jsonl, stress.jsonl and losses.jsonl

DOCCANO names a folder with doccano's source. As a package it needs a server and a database; nothing of it can write files alone.
"""

import json
import os
import sys
import types
import uuid
from pathlib import Path


def lines(path):
    return [json.loads(line) for line in Path(path).read_text("utf-8").split("\n") if line]


def parsers():
    """What makes a span of an item, and a relation of one: (start, end, label), (from, to, type)."""
    if not os.environ.get("DOCCANO"):

        def span(item):
            start, end, label = item if isinstance(item, list) else (item["start_offset"], item["end_offset"], item["label"])
            assert type(start) is int and type(end) is int and 0 <= start < end, item
            assert isinstance(label, str) and label, item
            return start, end, label

        def relation(item):
            assert type(item["from_id"]) is int and type(item["to_id"]) is int and item["type"], item
            return item["from_id"], item["to_id"], item["type"]

        return span, relation, "doccano’s rules"

    path = Path(os.environ["DOCCANO"]) / "backend" / "data_import" / "pipeline" / "label.py"
    stubs = {
        "examples.models": ["Example"],
        "label_types.models": ["CategoryType", "LabelType", "RelationType", "SpanType"],
        "labels.models": ["Category", "Label", "Relation", "Span", "TextLabel"],
        "projects.models": ["Project"],
        "pipeline.label_types": ["LabelTypes"],
    }
    for name, classes in stubs.items():
        made = types.ModuleType(name)
        for one in classes:
            setattr(made, one, type(one, (), {}))
        sys.modules[name] = made
    sys.modules["pipeline"] = types.ModuleType("pipeline")
    label = types.ModuleType("pipeline.label")
    label.__package__ = "pipeline"
    sys.modules["pipeline.label"] = label
    exec(compile(path.read_text("utf-8"), str(path), "exec"), vars(label))

    def span(item):
        made = label.SpanLabel.parse(uuid.uuid4(), item)
        return made.start_offset, made.end_offset, made.label

    def relation(item):
        made = label.RelationLabel.parse(uuid.uuid4(), item)
        return made.from_id, made.to_id, made.type

    return span, relation, "doccano’s own classes"


def check(folder, stress):
    folder = Path(folder)
    lost = {(loss["document"], loss["item"]): loss["what"] for loss in lines(folder / "losses.jsonl")}
    span, relation, whose = parsers()
    rows = lines(folder / "out.jsonl")
    assert [row["id"] for row in rows] == [document["id"] for document in stress], "other documents than were written"
    for row, document in zip(rows, stress):
        where = document["id"]
        assert row["text"] == document["text"], f"{where}: the text is {row['text']!r}"
        layer = document["layers"][0]
        kept = [one for one in layer["spans"] if lost.get((where, one["id"])) != "Empty"]
        expected = sorted((start, end, one["label"]) for one in kept for start, end in one["ranges"] if start < end)
        entities = row["entities"] if "entities" in row else row["label"]
        found = sorted(span(item) for item in entities)
        assert found == expected, f"{where}: {found}, not {expected}"
        if "entities" not in row:
            continue
        places = {item["id"]: span(item) for item in row["entities"]}
        assert len(places) == len(row["entities"]), f"{where}: two entities have one id"
        first = {one["id"]: (*one["ranges"][0], one["label"]) for one in kept}
        joined = [relation(item) for item in row["relations"]]
        found = sorted((places[start], places[end], kind) for start, end, kind in joined)
        written = [one for one in layer.get("relations", []) if (where, one["id"]) not in lost]
        expected = sorted((first[one["from"]], first[one["to"]], one["kind"]) for one in written)
        assert found == expected, f"{where}: the relations {found}, not {expected}"
    return f"{len(rows)} documents read by {whose}"


if __name__ == "__main__":
    print(check(sys.argv[2], lines(Path(sys.argv[2]) / "stress.jsonl")))
