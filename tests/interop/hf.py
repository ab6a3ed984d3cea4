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
    """Files as the library, pandas and pyarrow write them, and a folder with a card. Each has texts of its own: its name stands at the end."""
    folder, expected = Path(folder), []

    def expect(name, rows):
        for id, text, spans in rows:
            spans = [{"start": s, "end": e, "label": l} for s, e, l in sorted(spans)]
            expected.append({"id": f"{name}/{id}", "text": text, "spans": spans})

    def columns(name, label, key="spans"):
        """The nested spans, with what `label` makes of a label's number."""
        expect(name, [(id, f"{text} · {name}", [(s, e, LABELS[l]) for s, e, l in spans]) for id, text, spans in NESTED])
        return {
            "id": [f"{name}/{id}" for id, _, _ in NESTED],
            "text": [f"{text} · {name}" for _, text, _ in NESTED],
            key: [[{"start": s, "end": e, "label": label(l)} for s, e, l in spans] for _, _, spans in NESTED],
        }

    def number(label):
        return label

    def word(label):
        return LABELS[label]

    span = {"start": Value("int32"), "end": Value("int64"), "label": ClassLabel(names=LABELS)}
    plain = {"id": Value("string"), "text": Value("string")}
    listed = Features({**plain, "spans": [span]})

    datasets.Dataset.from_dict(columns("classes", number), features=listed).to_parquet(str(folder / "classes.parquet"))

    turned = columns("turned", number)
    turned["spans"] = [{key: [item[key] for item in row] for key in span} for row in turned["spans"]]
    features = Features({**plain, "spans": Sequence(span)})
    datasets.Dataset.from_dict(turned, features=features).to_parquet(str(folder / "turned.parquet"))

    datasets.Dataset.from_dict(columns("strings", word, "entities")).to_parquet(str(folder / "strings.parquet"))

    rows = [(f"tokens/{id}", [*tokens, "tokens"], [*tags, "O"], spans) for id, tokens, tags, spans in TAGGED]
    expect("tokens", [(id, " ".join([*tokens, "tokens"]), spans) for id, tokens, _, spans in TAGGED])
    names = ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"]
    features = Features({"id": Value("string"), "tokens": Sequence(Value("string")), "ner_tags": Sequence(ClassLabel(names=names))})
    tagged = {
        "id": [id for id, *_ in rows],
        "tokens": [tokens for _, tokens, *_ in rows],
        "ner_tags": [[names.index(tag) for tag in tags] for _, _, tags, _ in rows],
    }
    datasets.Dataset.from_dict(tagged, features=features).to_parquet(str(folder / "tokens.parquet"))

    # pyarrow alone: large and dictionary strings, large lists, no word of labels.
    data = columns("large", word)
    struct = pyarrow.struct([("start", pyarrow.int64()), ("end", pyarrow.uint16()), ("label", pyarrow.large_string())])
    large = pyarrow.table(
        {
            "id": pyarrow.array(data["id"], pyarrow.large_string()),
            "text": pyarrow.array(data["text"]).dictionary_encode(),
            "spans": pyarrow.array(data["spans"], pyarrow.large_list(struct)),
        }
    )
    pyarrow.parquet.write_table(large, folder / "large.parquet", row_group_size=2)
    deltas = {"id": "DELTA_BYTE_ARRAY", "text": "DELTA_BYTE_ARRAY", "spans.list.element.label": "DELTA_LENGTH_BYTE_ARRAY",
              "spans.list.element.start": "DELTA_BINARY_PACKED", "spans.list.element.end": "DELTA_BINARY_PACKED"}
    ways = {
        "plain": {"use_dictionary": False, "compression": "none"},
        "v2": {"data_page_version": "2.0"},
        "deltas": {"use_dictionary": False, "column_encoding": deltas, "compression": "none"},
        "deltas-v2": {"use_dictionary": False, "column_encoding": deltas, "compression": "zstd", "data_page_version": "2.0"},
        **{f"{way}-v2": {"compression": way, "data_page_version": "2.0"} for way in ["zstd", "gzip", "brotli", "lz4", "snappy"]},
        **{way: {"compression": way} for way in ["zstd", "gzip", "brotli", "lz4"]},
    }
    for name, options in ways.items():
        pyarrow.parquet.write_table(pyarrow.table(columns(name, word)), folder / f"{name}.parquet", **options)

    # Views, lists of one length, structs and lists that are null, and types that stand in no column of ours.
    data = columns("types", word)
    count = len(data["id"])
    views = {
        "id": pyarrow.array(data["id"], pyarrow.string_view()),
        "text": pyarrow.array(data["text"], pyarrow.string_view()),
        "spans": pyarrow.array(data["spans"], pyarrow.large_list(struct)),
        "vector": pyarrow.array([[1.0, 2.0]] * count, pyarrow.list_(pyarrow.float32(), 2)),
        "source": pyarrow.array([None, {"name": "x", "tags": [None, "y"]}] + [{"name": None, "tags": None}] * (count - 2)),
        "nothing": pyarrow.nulls(count),
        "picture": pyarrow.array([b"\xff"] * count),
    }
    pyarrow.parquet.write_table(pyarrow.table(views), folder / "types.parquet", compression="zstd")

    # A folder with a card: numbers in the lines, names in the card.
    card = folder / "card"
    card.mkdir()
    listed = datasets.Dataset.from_dict(columns("card", number), features=listed)
    listed.to_json(str(card / "train.jsonl"), force_ascii=False)
    head = DatasetCardData()
    DatasetInfosDict({"default": datasets.DatasetInfo(features=listed.features)}).to_dataset_card_data(head)
    (card / "README.md").write_text(f"---\n{head.to_yaml()}\n---\n\nA card.\n", encoding="utf-8")

    with (folder / "expected.jsonl").open("w", encoding="utf-8", newline="\n") as out:
        for document in expected:
            out.write(json.dumps(document) + "\n")
