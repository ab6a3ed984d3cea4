"""Hugging Face data sets, with the `datasets` library (3.6 and later) and pyarrow: Parquet and the folder with its card."""

import json
import tempfile
from pathlib import Path

import datasets
import pyarrow
import pyarrow.parquet
from datasets import ClassLabel, Features, Sequence, Value
from datasets.info import DatasetInfosDict
from huggingface_hub import DatasetCardData



def load(path):
    """As a user loads it, with a cache that nothing else uses."""
    with tempfile.TemporaryDirectory() as cache:
        if path.is_dir():
            loaded = datasets.load_dataset(str(path), cache_dir=cache)
            assert list(loaded) == ["train"], f"splits {list(loaded)}"
            loaded = loaded["train"]
        else:
            loaded = datasets.load_dataset("parquet", data_files=str(path), split="train", cache_dir=cache)
        return loaded.features, loaded.to_list()


def structs(feature):
    """What is in a list of structs: newer versions have a type for it."""
    return feature[0] if isinstance(feature, list) else feature.feature


def check(folder, stress):
    """`folder` holds `out.parquet`, or the folder `out` with its card."""
    folder = Path(folder)
    path = folder / "out.parquet"
    if path.exists():
        table = pyarrow.parquet.read_table(path)
        table.validate(full=True)
        assert table.column("id").to_pylist() == [d["id"] for d in stress for _ in d["layers"]], "pyarrow reads other ids"
    else:
        path = folder / "out"
    features, rows = load(path)
    label, tag = structs(features["spans"])["label"], features["ner_tags"].feature
    assert isinstance(label, ClassLabel) and isinstance(tag, ClassLabel), features
    assert tag.names[0] == "O", tag.names
    wanted = [(document, layer) for document in stress for layer in document["layers"]]
    assert len(rows) == len(wanted), f"{len(rows)} rows for {len(wanted)} layers"
    for row, (document, layer) in zip(rows, wanted):
        where, text = f"{path.name}: {document['id']}", document["text"]
        assert row["id"] == document["id"], (where, row["id"])
        assert row["text"] == text, (where, row["text"])
        assert row["annotator"] == layer["annotator"], (where, row["annotator"])
        assert row["status"] == layer["status"], (where, row["status"])
        assert row["flag"] == layer.get("flag"), (where, row["flag"])
        assert json.loads(row["meta"] or "{}") == document["meta"], (where, row["meta"])
        assert json.loads(row["document_attributes"] or "{}") == layer["attributes"], where
        found = [
            (s["id"], label.int2str(s["label"]), s["fragments"] or [[s["start"], s["end"]]], s["text"], s["note"] or "",
             json.loads(s["attributes"] or "{}"))
            for s in row["spans"]
        ]
        meant = [
            (s["id"], s["label"], s["ranges"], s["quote"], s.get("note", ""), s.get("attributes", {}))
            for s in layer["spans"]
        ]
        assert found == meant, f"{where}: spans\n{found}\n{meant}"
        for _, _, ranges, quote, _, _ in found:
            assert " ".join(text[start:end] for start, end in ranges) == quote, (where, quote)
        relations = [(r["id"], r["kind"], r["from"], r["to"]) for r in row["relations"]]
        meant = [(r["id"], r["kind"], r["from"], r["to"]) for r in layer["relations"]]
        assert relations == meant, (where, relations)
        assert row["tokens"] == [text[start:end] for start, end in row["offsets"]], f"{where}: tokens"
        left = text
        for start, end in reversed(row["offsets"]):
            left = left[:start] + left[end:]
        assert not left.strip(), f"{where}: “{left}” is in no token"
        assert len(row["ner_tags"]) == len(row["tokens"]), where
        flat(where, text, row, [tag.int2str(number) for number in row["ner_tags"]], layer)


def flat(where, text, row, tags, layer):
    """What the tags say is one of the spans, or a fragment, but for white space at its edges; no span is missing without reason."""
    stretches = {}
    for span in layer["spans"]:
        for start, end in span["ranges"]:
            piece = text[start:end]
            stretches.setdefault((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())), set()).add(span["label"])
    tagged, begun = [], None
    for (start, end), tag in list(zip(row["offsets"], tags)) + [((0, 0), "O")]:
        if begun and not tag.startswith("I-"):
            tagged.append(tuple(begun))
            begun = None
        if tag.startswith("B-"):
            begun = [start, end, tag[2:]]
        elif tag.startswith("I-"):
            assert begun and begun[2] == tag[2:], f"{where}: {tag} goes on nothing"
            begun[1] = end
    for start, end, label in tagged:
        assert label in stretches.get((start, end), ()), f"{where}: the tags mark {label} at {start}..{end}"
    for (start, end), labels in stretches.items():
        over = any(a < end and start < b for a, b, _ in tagged)
        assert start >= end or over, f"{where}: no tag over {labels} at {start}..{end}"


LABELS = ["person", "a label: with “odd” 'signs' | # and 👍🏽", "no", "-"]
NESTED = [
    ("emoji 👩‍👩‍👧", "👩‍👩‍👧 met Лена 👍🏽 in 東京タワー.", [(0, 5, 0), (10, 14, 0), (21, 26, 1), (21, 23, 2)]),
    ("rtl", "אמר דוד “שלום” עכשיו. قال سامي.", [(4, 7, 0), (8, 14, 3), (26, 30, 1)]),
    ("odd", "cafe\u0301 x\u00a0y best\u200bEnd\tsoft\u00adhyphen\n\nend", [(0, 5, 0), (8, 9, 1), (15, 18, 2), (0, 18, 3)]),
    ("none", "Nothing here.", []),
    ("2024-01-01", "2024-01-02", [(0, 10, 0)]),
]
TAGGED = [
    ("t1", ["Mara", "Lind", "met", "👩‍👩‍👧", "in", "東京"], ["B-PER", "I-PER", "O", "B-PER", "O", "B-LOC"], [(0, 9, "PER"), (14, 19, "PER"), (23, 25, "LOC")]),
    ("t2", ["A", "B", "C"], ["I-PER", "B-PER", "I-LOC"], [(0, 1, "PER"), (2, 3, "PER"), (4, 5, "LOC")]),
    ("t3", ["nobody"], ["O"], []),
]


def make(folder):
    """Files as the library, pandas and pyarrow write them. Gives (format, path, what must come of it)."""
    folder, made = Path(folder), []
    folder.mkdir(parents=True, exist_ok=True)

    def expect(name, rows):
        path = folder / f"{name}.expected.jsonl"
        with path.open("w", encoding="utf-8", newline="\n") as out:
            for id, text, spans in rows:
                spans = [{"start": s, "end": e, "label": l} for s, e, l in sorted(spans)]
                out.write(json.dumps({"id": id, "text": text, "spans": spans}) + "\n")
        return path

    nested = expect("nested", [(id, text, [(s, e, LABELS[l]) for s, e, l in spans]) for id, text, spans in NESTED])
    tagged = expect("tagged", [(id, " ".join(tokens), spans) for id, tokens, _, spans in TAGGED])
    spans = lambda name: [[{"start": s, "end": e, "label": name(l)} for s, e, l in spans] for _, _, spans in NESTED]
    columns = lambda name, key="spans": {
        "id": [id for id, _, _ in NESTED], "text": [text for _, text, _ in NESTED], key: spans(name)
    }
    span = {"start": Value("int32"), "end": Value("int64"), "label": ClassLabel(names=LABELS)}
    plain = {"id": Value("string"), "text": Value("string")}

    def keep(data, name, expected):
        path = folder / f"{name}.parquet"
        data.to_parquet(str(path))
        made.append(("parquet", path, expected))

    listed = datasets.Dataset.from_dict(columns(lambda l: l), features=Features({**plain, "spans": [span]}))
    keep(listed, "classes", nested)
    turned = [{k: [s[k] for s in row] for k in span} for row in spans(lambda l: l)]
    turned = datasets.Dataset.from_dict(
        {**columns(lambda l: l), "spans": turned}, features=Features({**plain, "spans": Sequence(span)})
    )
    keep(turned, "struct-of-lists", nested)
    keep(datasets.Dataset.from_dict(columns(lambda l: LABELS[l], "entities")), "strings", nested)

    words = {"id": [id for id, *_ in TAGGED], "tokens": [tokens for _, tokens, *_ in TAGGED]}
    names = ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"]
    tags = {"id": Value("string"), "tokens": Sequence(Value("string")), "ner_tags": Sequence(ClassLabel(names=names))}
    tokens = datasets.Dataset.from_dict(
        {**words, "ner_tags": [[names.index(tag) for tag in row] for _, _, row, _ in TAGGED]}, features=Features(tags)
    )
    keep(tokens, "tokens", tagged)

    # pyarrow alone: large and dictionary strings, large lists, no word of labels.
    data = columns(lambda l: LABELS[l])
    large = pyarrow.table(
        {
            "id": pyarrow.array(data["id"], pyarrow.large_string()),
            "text": pyarrow.array(data["text"], pyarrow.string()).dictionary_encode(),
            "spans": pyarrow.array(
                data["spans"],
                pyarrow.large_list(
                    pyarrow.struct([("start", pyarrow.int64()), ("end", pyarrow.uint16()), ("label", pyarrow.large_string())])
                ),
            ),
        }
    )
    path = folder / "pyarrow.parquet"
    pyarrow.parquet.write_table(large, path, row_group_size=2)
    made.append(("parquet", path, nested))
    plain_table = pyarrow.table(
        {"id": data["id"], "text": data["text"], "spans": pyarrow.array(data["spans"])}
    )
    for name, options in [("plain", {"use_dictionary": False, "compression": "none"}), ("v2", {"data_page_version": "2.0"})]:
        path = folder / f"{name}.parquet"
        pyarrow.parquet.write_table(plain_table, path, **options)
        made.append(("parquet", path, nested))

    # A folder with a card: numbers in the lines, names in the card.
    card = folder / "card"
    card.mkdir(exist_ok=True)
    listed.to_json(str(card / "train.jsonl"), force_ascii=False)
    head = DatasetCardData()
    DatasetInfosDict({"default": datasets.DatasetInfo(features=listed.features)}).to_dataset_card_data(head)
    (card / "README.md").write_text(f"---\n{head.to_yaml()}\n---\n\nA card.\n", encoding="utf-8")
    made.append(("hf", card, nested))
    return made
