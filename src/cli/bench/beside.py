"""Documents per CPU second of a library, in a process of its own: `python -P - NAME SOURCE OUT`, this program on standard input.

Prints `{"documents", "cpu", "wall", "memory"}`: CPU seconds of all its threads, seconds by the clock, and bytes at the peak, without what
loading the library took. The best of three, unless one takes more than five seconds.
"""

import gc
import importlib
import json
import os
import re
import sys
import time

NAMES = ["entity", "event"]
TAGS = ["O"] + [f"{letter}-{name}" for name in NAMES for letter in "BI"]
WORD = re.compile(r"\w+|[^\w\s]")


def lines(source):
    with open(source, encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def spans_of(row):
    return [{"id": s["id"], "start": s["ranges"][0][0], "end": s["ranges"][0][1], "label": NAMES.index(s["label"]), "text": s["quote"]} for s in row["layers"][0]["spans"]]


def row_of(row):
    """A row of the finished file: what a script for `Dataset.map` does."""
    text, layer = row["text"], row["layers"][0]
    spans = spans_of(row)
    starts = {span["start"]: span for span in spans}
    tokens, offsets, tags, inside = [], [], [], None
    for match in WORD.finditer(text):
        start, end = match.span()
        tokens.append(match.group())
        offsets.append([start, end])
        if start in starts:
            inside = starts[start]
            tags.append(1 + 2 * inside["label"])
        elif inside and start < inside["end"]:
            tags.append(2 + 2 * inside["label"])
        else:
            tags.append(0)
    return {"id": row["id"], "text": text, "spans": spans, "tokens": tokens, "offsets": offsets, "ner_tags": tags, "annotator": layer["annotator"], "status": layer["status"]}


def spacy(source, out):
    """A blank tokeniser and a DocBin."""
    import spacy
    from spacy.tokens import DocBin

    def work():
        nlp, docs = spacy.blank("en"), DocBin()
        for row in lines(source):
            doc = nlp.make_doc(row["text"])
            spans = [doc.char_span(*span["ranges"][0], label=span["label"], alignment_mode="expand") for span in row["layers"][0]["spans"]]
            doc.ents = spacy.util.filter_spans([span for span in spans if span is not None])
            docs.add(doc)
        docs.to_disk(out)

    return work


def label_studio(source, out):
    """Its converter, from its own JSON to CoNLL."""
    from label_studio_sdk.converter import Converter

    config = '<View><Labels name="label" toName="text"><Label value="entity"/><Label value="event"/></Labels><Text name="text" value="$text"/></View>'
    tasks = []
    for number, row in enumerate(lines(source)):
        regions = [
            {"id": span["id"], "from_name": "label", "to_name": "text", "type": "labels",
             "value": {"start": span["ranges"][0][0], "end": span["ranges"][0][1], "text": span["quote"], "labels": [span["label"]]}}
            for span in row["layers"][0]["spans"]
        ]
        tasks.append({"id": number, "data": {"text": row["text"]}, "annotations": [{"id": number, "completed_by": 1, "result": regions}]})
    given = out + ".json"
    with open(given, "w", encoding="utf-8") as file:
        json.dump(tasks, file)
    del tasks
    return lambda: Converter(config, os.path.dirname(given)).convert_to_conll2003(given, out, is_dir=False)


def features():
    from datasets import ClassLabel, Features, List, Value

    number, text = Value("int64"), Value("string")
    span = {"id": text, "start": number, "end": number, "label": ClassLabel(names=NAMES), "text": text}
    return Features({
        "id": text, "text": text, "spans": [span], "tokens": List(text), "offsets": List(List(number)),
        "ner_tags": List(ClassLabel(names=TAGS)), "annotator": text, "status": text,
    })


def datasets(source, out):
    """JSONL, a `map` that tokenises, Parquet: the same columns as ours."""
    from datasets import load_dataset

    def work():
        given = load_dataset("json", data_files=source, split="train", cache_dir=out + ".cache")
        given.map(row_of, remove_columns=given.column_names, features=features()).to_parquet(out)

    return work


def datasets_spans(source, out):
    """JSONL to Parquet of texts and spans: no tokens, no tags."""
    from datasets import Dataset

    def work():
        Dataset.from_list([{"id": row["id"], "text": row["text"], "spans": spans_of(row)} for row in lines(source)]).to_parquet(out)

    return work


def pyarrow(source, out):
    """A table in memory, of all columns that ours has and tokenised already, to Parquet as it is by default: Snappy, dictionaries."""
    import pyarrow
    from pyarrow import parquet

    number, text = pyarrow.int64(), pyarrow.string()
    pairs = pyarrow.list_(pyarrow.list_(number))
    span = {"id": text, "start": number, "end": number, "label": number, "text": text, "fragments": pairs, "attributes": text, "note": text, "more": text}
    relation = {name: text for name in ["id", "kind", "from", "to", "attributes", "more"]}
    columns = {
        "id": text, "text": text, "text_sha256": text, "spans": pyarrow.list_(pyarrow.struct(span)), "relations": pyarrow.list_(pyarrow.struct(relation)),
        "tokens": pyarrow.list_(text), "offsets": pairs, "ner_tags": pyarrow.list_(number), "annotator": text, "status": text, "flag": text,
        "document_attributes": text, "split": text, "meta": text, "spanwright": text,
    }

    def whole(row):
        ours = row_of(row)
        for span in ours["spans"]:
            span["fragments"] = []
        return ours | {"text_sha256": row["sha256"], "relations": [], "meta": json.dumps(row["meta"], ensure_ascii=False), "spanwright": '{"layer":{"version":1}}'}

    table = pyarrow.Table.from_pylist([whole(row) for row in lines(source)], schema=pyarrow.schema(columns))
    return lambda: parquet.write_table(table, out)


def peak():
    with open("/proc/self/status") as file:
        return 1024 * next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))


def peak_from_here():
    """Forgets the peak of memory, and gives what there is now, in bytes; None where the system does not tell."""
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
        return peak()
    except OSError:
        return None


def main():
    name, source, out = sys.argv[1:]
    os.environ["HF_DATASETS_OFFLINE"] = "1"
    for library in {"datasets_spans": ["datasets"], "datasets": ["datasets"], "spacy": ["spacy"], "label_studio": ["label_studio_sdk.converter"]}.get(name, ["pyarrow.parquet"]):
        importlib.import_module(library)
    if name.startswith("datasets"):
        importlib.import_module("datasets").disable_progress_bars()
    documents = sum(1 for _ in open(source, "rb"))
    work = globals()[name](source, out)
    gc.collect()
    before = peak_from_here()
    tries = []
    while not tries or (len(tries) < 3 and tries[0][0] < 5):
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        tries.append((time.process_time() - cpu, time.perf_counter() - wall))
    cpu, wall = min(tries)
    memory = None if before is None else peak() - before
    json.dump({"documents": documents, "cpu": cpu, "wall": wall, "memory": memory}, sys.stdout)


main()
