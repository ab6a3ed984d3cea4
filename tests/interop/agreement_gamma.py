"""Gamma: the observed disorder that `agree` gives equals pygamma-agreement's, and so does the expected one over the same chance samples.

A chance sample of pygamma-agreement is a continuum like any other: it is imported as a document of its own, and the mean of the disorders
over the samples is the expected disorder. Neither program's random numbers play a part.

Known and kept: pygamma-agreement counts in 32 bits, hence the tolerance; its "fast" mode is not always the best alignment and is not
compared; its gamma-cat adds a term for units without partner that the paper lacks and is not compared either.
"""

import json
import logging
import random
import re
import shutil
import subprocess
import warnings
from pathlib import Path

import numpy as np
from pyannote.core import Segment
from pygamma_agreement import CombinedCategoricalDissimilarity, Continuum, ShuffleContinuumSampler

LABELS = ["aspect", "holder", "topic"]
# Δ∅ other than 1 is computed wrongly there, says DKPro, which took the code over.
WEIGHTS = {"alpha": 1.0, "beta": 1.0, "delta_empty": 1.0}
TOLERANCE = 1e-6
SAMPLES = 4


def check(program, folder):
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    folder = Path(folder)
    unlike = CombinedCategoricalDissimilarity(**WEIGHTS)
    compared = 0
    for seed, (annotators, units) in enumerate([(2, 12), (2, 30), (3, 8), (3, 14), (4, 5), (5, 4)]):
        rng = random.Random(seed)
        real = continuum(made(rng, annotators, units))
        ours = disorder(program, folder / f"gamma-{seed}", real)
        theirs = real.get_best_alignment(unlike).disorder
        same(ours, theirs, "observed", seed)
        np.random.seed(seed)
        sampler = ShuffleContinuumSampler()
        sampler.init_sampling(real)
        samples = [sampler.sample_from_continuum for _ in range(SAMPLES)]
        expected = [disorder(program, folder / f"gamma-{seed}-{number}", sample) for number, sample in enumerate(samples)]
        reference = [sample.get_best_alignment(unlike).disorder for sample in samples]
        for number, pair in enumerate(zip(expected, reference)):
            same(*pair, "sample", seed, number)
        gammas = [1 - observed / np.mean(chance) for observed, chance in [(ours, expected), (theirs, reference)]]
        same(*gammas, "gamma by the same samples", seed)
        compared += 2 + SAMPLES
    compared += sample(program, folder, unlike)
    return f"{compared} disorders and gammas equal those of pygamma-agreement"


def sample(program, folder, unlike):
    """Every document of the sample project that both annotators finished."""
    project = folder / "gamma-newsroom"
    shutil.copytree(Path(__file__).resolve().parents[2] / "datasets" / "newsroom", project)
    out = folder / "gamma-newsroom.jsonl"
    say(program, "export", project, "--format", "spanwright", "--all", "--out", out)
    documents = {}
    for line in out.read_text(encoding="utf-8").split("\n"):
        if line:
            document = json.loads(line)
            layers = {layer["annotator"]: layer for layer in document["layers"]}
            documents[document["id"]] = [layers.get(name) for name in ("ana", "ben")]
    compared = 0
    for row in rows(program, project, "--annotator", "ana,ben"):
        if row["scope"] != "document" or not row["note"]:
            continue
        layers = documents[row["document"]]
        if any(len(span["ranges"]) > 1 for layer in layers for span in layer["spans"]):
            continue  # it knows no gaps
        spans = [[(*span["ranges"][0], span["label"]) for span in layer["spans"]] for layer in layers]
        same(said(row), continuum(spans).get_best_alignment(unlike).disorder, "newsroom", row["document"])
        compared += 1
    assert compared, "the sample project has documents that both finished"
    return compared


def made(rng, annotators, units):
    """Spans that were moved, dropped and relabelled; nested and overlapping ones among them."""
    length = units * 12
    wanted = [(rng.randrange(length), rng.randint(1, 14), rng.choice(LABELS)) for _ in range(units)]
    layers = []
    for _ in range(annotators):
        spans = set()
        for start, size, label in wanted:
            fate = rng.random()
            if fate < 0.2:
                continue
            if fate < 0.4:
                start, size = start + rng.randint(0, 4), size + rng.randint(0, 3)
            elif fate < 0.5:
                label = rng.choice(LABELS)
            spans.add((start, start + size, label))
        layers.append(sorted(spans))
    return layers


def continuum(layers):
    made = Continuum()
    for number, spans in enumerate(layers):
        made.add_annotator(f"a{number}")
        for start, end, label in spans:
            made.add(f"a{number}", Segment(start, end), label)
    return made


def disorder(program, project, continuum):
    """Of all annotators at once, as `agree` says it."""
    layers = []
    for annotator in continuum.annotators:
        units = [(int(unit.segment.start), int(unit.segment.end), unit.annotation) for unit in continuum.iter_annotator(annotator)]
        spans = [{"start": start, "end": end, "label": label} for start, end, label in units]
        layers.append({"annotator": annotator.replace(" ", "-"), "status": "finished", "spans": spans})
    length = max(span["end"] for layer in layers for span in layer["spans"])
    source, schema = project.with_suffix(".jsonl"), project.with_suffix(".ron")
    source.write_text(json.dumps({"id": "d", "text": "x" * length, "layers": layers}) + "\n", encoding="utf-8")
    labels = ", ".join(f'(id: "{label}")' for label in LABELS)
    schema.write_text(f'Schema(name: "gamma", labels: [{labels}])', encoding="utf-8")
    say(program, "new", project, source, "--schema", schema)
    scope = "joint" if len(layers) > 2 else "overall"
    return next(said(row) for row in rows(program, project) if row["scope"] == scope)


def rows(program, project, *arguments):
    said = say(program, "agree", project, "--unit", "char", "--measure", "gamma", "--samples", "0", "--format", "json", *arguments)
    return json.loads(said)["rows"]


def said(row):
    found = re.search(r"disorder ([0-9.]+) where", row["note"] or "")
    assert found, row
    return float(found.group(1))


def same(found, expected, *where):
    assert abs(found - expected) <= TOLERANCE * max(1, abs(expected)), f"{where}: {found}, the library says {expected}"


def say(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{arguments}: {done.stderr}"
    return done.stdout


if __name__ == "__main__":
    import sys
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        print(check(sys.argv[1], folder))
