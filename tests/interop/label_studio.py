"""Label Studio JSON, read and written by label-studio-sdk."""

import json
from pathlib import Path
from xml.sax.saxutils import quoteattr

from label_studio_sdk.converter import Converter
from label_studio_sdk.label_interface import LabelInterface
from label_studio_sdk.label_interface.objects import AnnotationValue, PredictionValue

CONFIG = '<View><Labels name="ner" toName="text"><Label value="PER"/><Label value="LOC"/></Labels><Text name="text" value="$text"/></View>'

TEXTS = [
    ("odd-1", "👩‍👩‍👧 met Лена 👍🏽 in 東京タワー.", [("Лена", "PER"), ("東京タワー", "LOC"), ("東京", "LOC")]),
    ("odd-2", "אמר דוד “שלום”. best\u200bEnd \u00a0x cafe\u0301\nnext", [("דוד", "PER"), ("End", "PER"), ("cafe\u0301\nnext", "LOC")]),
    ("odd-3", "nothing", []),
]


def check(folder, stress):
    """What we wrote in `folder` is what the library takes for tasks, and says what `stress` says."""
    folder = Path(folder)
    interface = LabelInterface(configuration(folder).read_text(encoding="utf-8"))
    tasks = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert [task["data"]["id"] for task in tasks] == [document["id"] for document in stress], "the documents"
    compared = 0
    for task, document in zip(tasks, stress):
        name = document["id"]
        assert task["data"]["text"] == document["text"], f"{name}: the text"
        assert interface.validate_task({"data": task["data"]}), f"{name}: the task"
        for annotation in task["annotations"]:
            assert interface.validate_annotation(annotation), f"{name}: {annotation}"
            AnnotationValue(result=annotation["result"], completed_by=1)
        for prediction in task["predictions"]:
            errors = interface.validate_prediction(prediction, return_errors=True)
            assert errors == [], f"{name}: {errors}"
            PredictionValue(model_version=prediction["model_version"], result=prediction["result"])
        theirs = {one["completed_by"]["email"]: one for one in task["annotations"]}
        theirs.update({"model:" + one["model_version"]: one for one in task["predictions"]})
        for layer in document["layers"]:
            result = theirs.pop(layer["annotator"])["result"]
            regions, arrows = [], []
            for one in result:
                if one["type"] == "labels":
                    value = one["value"]
                    assert document["text"][value["start"] : value["end"]] == value["text"], f"{name}: {one}"
                    [label] = value["labels"]
                    whole = one.get("meta", {}).get("spanwright", {}).get("part_of", one["id"])
                    regions.append((whole, label, value["start"], value["end"]))
                elif one["type"] == "relation":
                    arrows.append((one["labels"][0], one["from_id"], one["to_id"]))
            spans = [(span["id"], span["label"], *each) for span in layer["spans"] for each in span["ranges"]]
            assert sorted(regions) == sorted(spans), f"{name}, {layer['annotator']}: {regions} is not {spans}"
            expected = [(one["kind"], one["from"], one["to"]) for one in layer.get("relations", [])]
            assert sorted(arrows) == sorted(expected), f"{name}: {arrows}"
            compared += len(regions)
        assert not theirs, f"{name}: more layers than there are: {list(theirs)}"
    short = converted(folder, tasks)
    kept = sum(len(item.get("label", [])) for item in short)
    finished = [one for task in tasks for one in task["annotations"] if not one["was_cancelled"]]
    assert kept == sum(one["type"] == "labels" for annotation in finished for one in annotation["result"]), "JSON-MIN"
    return f"{len(tasks)} tasks, {compared} regions"


def configuration(folder):
    """The labelling configuration that was written beside the tasks; without one, what the tasks themselves use."""
    found = [path for path in sorted(folder.glob("*.xml")) if "<Labels" in path.read_text(encoding="utf-8")]
    if found:
        return found[0]
    used = {}
    for task in json.loads((folder / "out.json").read_text(encoding="utf-8")):
        for one in (one for layer in task["annotations"] + task["predictions"] for one in layer["result"]):
            if one["type"] != "relation":
                values = one["value"].get(one["type"], [])
                used.setdefault((one["from_name"], one["type"]), set()).update(values if isinstance(values, list) else [])
    tags = {"labels": ("Labels", "Label"), "choices": ("Choices", "Choice"), "textarea": ("TextArea", ""), "number": ("Number", "")}
    rows = []
    for (name, kind), values in sorted(used.items()):
        tag, inner = tags[kind]
        items = "".join(f"<{inner} value={quoteattr(value)}/>" for value in sorted(values)) if inner else ""
        rows.append(f"<{tag} name={quoteattr(name)} toName=\"text\">{items}</{tag}>")
    made = folder / "made-config" / "config.xml"
    made.parent.mkdir(exist_ok=True)
    made.write_text(f"<View><Text name=\"text\" value=\"$text\"/>{''.join(rows)}</View>", encoding="utf-8")
    return made


def converted(folder, tasks):
    """What the library's converter makes of our tasks, in its short variant; the others must go through."""
    converter = Converter(str(configuration(folder)), str(folder), upload_dir=str(folder))
    converter.convert_to_json_min(str(folder / "out.json"), str(folder / "min"), is_dir=False)
    converter.convert_to_json(str(folder / "out.json"), str(folder / "full"), is_dir=False)
    converter.convert_to_conll2003(str(folder / "out.json"), str(folder / "conll"), is_dir=False)
    full = json.loads((folder / "full" / "result.json").read_text(encoding="utf-8"))
    assert full == tasks, "the converter changes tasks"
    return json.loads((folder / "min" / "result.json").read_text(encoding="utf-8"))


def make(folder):
    """Tasks that the library writes, whole and short, and what is to be read in them."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    interface = LabelInterface(CONFIG)
    ner = interface.get_control("ner")
    tasks, expected = [], []
    for number, (name, text, marks) in enumerate(TEXTS, 1):
        regions, spans = [], []
        for piece, label in marks:
            start = text.index(piece)
            region = ner.label(label, start=start, end=start + len(piece))
            regions.append(region._dict())
            regions[-1]["value"]["text"] = piece
            spans.append({"start": start, "end": start + len(piece), "label": label})
        annotation = {"id": number, "completed_by": 1, "result": regions, "created_at": "2026-01-01T10:00:00Z", "lead_time": 1.5}
        assert interface.validate_annotation(annotation)
        tasks.append({"id": number, "data": {"id": name, "text": text}, "annotations": [annotation]})
        expected.append({"id": name, "text": text, "spans": sorted(spans, key=lambda span: (span["start"], -span["end"]))})
    (folder / "tasks.json").write_text(json.dumps(tasks, ensure_ascii=False, indent=2), encoding="utf-8")
    lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in expected)
    (folder / "expected.jsonl").write_text(lines, encoding="utf-8")
