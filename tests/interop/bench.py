"""Documents per CPU second from Spanwright JSONL to the finished file, beside the libraries that own the formats, in one run.

    python -P tests/interop/bench.py PROGRAM [DOCUMENTS]

with the environment that `tests/interop/run` makes. Reading back is left out on both sides.
"""

import importlib
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time


def corpus(path, count):
    """Texts of 3 kB that nobody wrote, with ten spans each; the same every time."""
    dice = random.Random(3)
    words = ["".join(dice.choice("abcdefghijklmnoprstuvwy") for _ in range(dice.randint(2, 9))) for _ in range(4000)]
    with open(path, "w", encoding="utf-8") as out:
        for number in range(count):
            text, starts = "", []
            while len(text) < 3000:
                starts.append((len(text), word := dice.choice(words)))
                text += word + dice.choice([" ", " ", " ", ", ", ". "])
            chosen = sorted(dice.sample(starts, 10))
            spans = [
                {"id": f"s{at}", "label": dice.choice(["entity", "event"]), "ranges": [[start, start + len(word)]], "quote": word}
                for at, (start, word) in enumerate(chosen)
            ]
            layer = {"annotator": "ana", "status": "finished", "spans": spans}
            out.write(json.dumps({"id": f"d{number:06}", "text": text, "layers": [layer]}) + "\n")


def ours(program, source, out, format):
    line = [program, "bench", "--inside", source, "--articles", out, "--convert", format]
    measured = json.loads(subprocess.run(line, capture_output=True, check=True).stdout)
    return measured["documents"] / measured["cpu"], measured["memory"]


def spacy_docbin(source, out):
    import spacy
    from spacy.tokens import DocBin

    nlp, docs = spacy.blank("en"), DocBin()
    for line in open(source, encoding="utf-8"):
        row = json.loads(line)
        doc = nlp.make_doc(row["text"])
        spans = [doc.char_span(*span["ranges"][0], label=span["label"], alignment_mode="expand") for span in row["layers"][0]["spans"]]
        doc.ents = spacy.util.filter_spans([span for span in spans if span is not None])
        docs.add(doc)
    docs.to_disk(out)


def datasets_parquet(source, out):
    from datasets import Dataset

    def row(line):
        row = json.loads(line)
        spans = [{"start": s["ranges"][0][0], "end": s["ranges"][0][1], "label": s["label"]} for s in row["layers"][0]["spans"]]
        return {"id": row["id"], "text": row["text"], "spans": spans}

    Dataset.from_list([row(line) for line in open(source, encoding="utf-8")]).to_parquet(out)


def label_studio_conll(source, out):
    from label_studio_sdk.converter import Converter

    config = '<View><Labels name="label" toName="text"><Label value="entity"/><Label value="event"/></Labels><Text name="text" value="$text"/></View>'
    tasks = []
    for number, line in enumerate(open(source, encoding="utf-8")):
        row = json.loads(line)
        regions = [
            {"id": span["id"], "from_name": "label", "to_name": "text", "type": "labels",
             "value": {"start": span["ranges"][0][0], "end": span["ranges"][0][1], "text": span["quote"], "labels": [span["label"]]}}
            for span in row["layers"][0]["spans"]
        ]
        tasks.append({"id": number, "data": {"text": row["text"]}, "annotations": [{"id": number, "completed_by": 1, "result": regions}]})
    given = str(out) + ".json"
    with open(given, "w", encoding="utf-8") as file:
        json.dump(tasks, file)
    begun = time.process_time()
    Converter(config, os.path.dirname(given)).convert_to_conll2003(given, str(out), is_dir=False)
    return time.process_time() - begun


def main():
    program, count = pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    rows = [("spacy", spacy_docbin, "spaCy: blank tokeniser and DocBin"), ("parquet", datasets_parquet, "datasets: spans only, no tokens, no tags"), ("conll", label_studio_conll, "Label Studio’s converter")]
    for library in ("spacy", "datasets", "label_studio_sdk.converter"):
        importlib.import_module(library)  # Loading them is not what is measured.
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        source = folder / "source.jsonl"
        corpus(source, count)
        for format, work, about in rows:
            mine, memory = ours(program, source, folder / f"ours-{format}", format)
            begun = time.process_time()
            spent = work(source, folder / f"theirs-{format}")
            theirs = count / (spent if spent is not None else time.process_time() - begun)
            print(f"{format:10}{mine:9.0f}/s, peak {memory / 1e6:.0f} MB{theirs:9.0f}/s  {mine / theirs:5.1f} times  {about}", flush=True)


if __name__ == "__main__":
    main()
