"""Calls each format's check with what the program wrote, imports what each format's library made, compares statistics. See `run`."""

import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent


def load(name):
    """A module of this folder under a name of its own: some are called as the library that they try."""
    spec = importlib.util.spec_from_file_location(f"interop_{name}", HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# Format, the module that knows its real reader, whether its file holds one layer.
FORMATS = [
    ("spacy", "spacy"),
    ("spacy-json", "spacy_json"),
    ("parquet", "hf"),
    ("hf", "hf"),
    ("conll", "conll"),
    ("conllu", "conllu"),
    ("brat", "brat"),
    ("doccano", "doccano"),
    ("label-studio", "label_studio"),
    ("prodigy", "prodigy"),
    ("cas-xmi", "cas"),
    ("cas-json", "cas"),
]


# What `agree` says, by the libraries that compute the same.
AGREEMENT = ["agreement_coding", "agreement_matching", "agreement_gamma"]


def main():
    program, wanted = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        project = folder / "project"
        articles = folder / "stress.jsonl"
        load("stress").write(articles)
        say(program, "new", project, articles, "--schema", "news")
        for format, module in FORMATS:
            if wanted and format not in wanted:
                continue
            begun = time.monotonic()
            try:
                said = one(program, project, folder / format, format, load(module))
            except Exception as error:  # noqa: BLE001: every format is tried, and each failure told
                failed.append(format)
                said = f"FAILED: {type(error).__name__}: {error}"
            print(f"{format:14}{time.monotonic() - begun:6.1f} s  {said}", flush=True)
        for name in AGREEMENT:
            if wanted and name not in wanted:
                continue
            begun = time.monotonic()
            place = folder / name
            place.mkdir()
            try:
                said = load(name).check(program, place)
            except Exception as error:  # noqa: BLE001
                failed.append(name)
                said = f"FAILED: {type(error).__name__}: {error}"
            print(f"{name:20}{time.monotonic() - begun:6.1f} s  {said}", flush=True)
    if failed:
        sys.exit(f"{len(failed)} failed: {', '.join(failed)}")


def one(program, project, folder, format, module):
    folder.mkdir()
    said = []
    if hasattr(module, "check"):
        documents = export(program, project, folder, format)
        said.append(module.check(folder, documents) or f"{len(documents)} documents read by the real reader")
    if hasattr(module, "make"):
        made = folder / "made"
        made.mkdir()
        module.make(made)
        said.append(back(program, folder, made))
    return "; ".join(said)


def export(program, project, folder, format):
    """The stress corpus in this format at `out` or `out.*`, beside what it was made of and what was lost."""
    shape = {"hf": "out", "brat": "out", "cas-xmi": "out", "cas-json": "out", "conll": "out.conll", "conllu": "out.conllu"}
    endings = {"spacy": "spacy", "parquet": "parquet", "label-studio": "json"}
    out = folder / shape.get(format, f"out.{endings.get(format, 'jsonl')}")
    say(program, "export", project, "--format", format, "--annotator", "ana", "--out", out, "--report", folder / "report.json")
    say(program, "export", project, "--format", "spanwright", "--annotator", "ana", "--out", folder / "stress.jsonl")
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    with open(folder / "losses.jsonl", "w", encoding="utf-8") as losses:
        for row in report["problems"]:
            what = "".join(part.capitalize() for part in (row["field"] or "").split("-"))
            loss = {"document": row["document"], "annotator": row["annotator"], "item": row["item"], "what": what, "sentence": row["sentence"]}
            losses.write(json.dumps(loss, ensure_ascii=False) + "\n")
    return lines(folder / "stress.jsonl")


def back(program, folder, made):
    """Imports what a library wrote; every span that it meant is there, and no other."""
    expected = lines(made / "expected.jsonl")
    project = folder / "back"
    inputs = sorted(path for path in made.iterdir() if path.name != "expected.jsonl")
    say(program, "new", project, *inputs, "--annotator", "me")
    out = folder / "back.jsonl"
    say(program, "export", project, "--format", "spanwright", "--all", "--out", out)
    found = {}
    for document in lines(out):
        spans = [span for layer in document["layers"] for span in layer["spans"]]
        rows = {(start, end, span["label"]) for span in spans for start, end in span["ranges"]}
        found.setdefault(document["text"], set()).update(rows)
    for document in expected:
        text = document["text"].replace("\r\n", "\n").replace("\r", "\n")
        assert text in found, f"no document has the text {text[:60]!r}; there are {[known[:60] for known in found]}"
        rows = {(span["start"], span["end"], span["label"]) for span in document["spans"]}
        assert found[text] == rows, f"{document['id']}: {sorted(found[text])} instead of {sorted(rows)}"
    return f"{len(expected)} documents of its library imported"


def lines(path):
    with open(path, encoding="utf-8") as source:
        return [json.loads(line) for line in source if line.strip()]


def say(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, encoding="utf-8", check=False)
    words = " ".join(str(argument) for argument in arguments)
    assert done.returncode == 0, f"spanwright {words}: exit status {done.returncode}: {done.stderr.strip()}"


if __name__ == "__main__":
    main()
