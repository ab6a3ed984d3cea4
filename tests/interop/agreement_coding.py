"""Statistics on positions: what `agree` says equals krippendorff, scikit-learn, statsmodels and nltk on random layers and the sample project.

Known differences, which are kept:
- nltk's set distances divide by zero where both sets are empty; here an empty set holds an explicit "O", which gives distance 0 as ours.
- irrCAC (0.4.4) needs a scipy older than the other libraries', so AC1 is its formula on statsmodels' table of counts. Its categories are
  those of the schema, and the sets of labels that occur besides (see `ac1.rs`).
- alpha-u has no library here; its examples are in `agreement_unitizing.rs`.
"""

import json
import math
import random
import shutil
import subprocess
from bisect import bisect_left, bisect_right
from collections import Counter
from pathlib import Path

import krippendorff
import numpy as np
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import jaccard_distance, masi_distance
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

WHO = ["ana", "ben", "cid"]
LABELS = ["aspect", "holder", "topic", "never"]  # the last is possible, and nobody uses it
MEASURES = "f1-token,percent,kappa,fleiss,alpha,alpha-masi,alpha-jaccard,ac1"
TOLERANCE = 1e-9


def check(program, folder):
    folder = Path(folder)
    compared = 0
    for seed in range(3):
        documents = made(random.Random(seed))
        source = folder / f"coding-{seed}.jsonl"
        source.write_text("".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents), encoding="utf-8")
        project = folder / f"coding-{seed}"
        schema = folder / f"coding-{seed}.ron"
        labels = ", ".join(f'(id: "{label}")' for label in LABELS)
        schema.write_text(f'Schema(name: "coding", labels: [{labels}])', encoding="utf-8")
        say(program, "new", project, source, "--schema", schema)
        for unit in ["token", "char"]:
            compared += compare(program, project, documents, unit, WHO)
    compared += sample(program, folder)
    return f"{compared} numbers equal those of krippendorff, scikit-learn, statsmodels and nltk"


def sample(program, folder):
    """The sample project, by code points, as the libraries have no tokens of ours."""
    project = folder / "newsroom"
    shutil.copytree(Path(__file__).resolve().parents[2] / "datasets" / "newsroom", project)
    out = folder / "newsroom.jsonl"
    say(program, "export", project, "--format", "spanwright", "--all", "--out", out)
    documents = [json.loads(line) for line in out.read_text(encoding="utf-8").split("\n") if line]
    for document in documents:
        layers = {layer["annotator"]: layer for layer in document["layers"]}
        document["layers"] = [layers.get(name, {"annotator": name, "status": "untouched", "spans": []}) for name in WHO[:2]]
    return compare(program, project, documents, "char", WHO[:2])


def made(rng):
    """Documents of plain words; layers with nested and missed spans; some layers empty, some not finished."""
    documents = []
    for number in range(6):
        words = ["".join(rng.choice("abcdeфé") for _ in range(rng.randint(1, 6))) for _ in range(rng.randint(20, 60))]
        starts = np.cumsum([0] + [len(word) + 1 for word in words]).tolist()
        wanted = []
        for _ in range(rng.randint(2, 9)):
            first = rng.randrange(len(words))
            wanted.append((first, min(len(words), first + rng.randint(1, 7)), rng.choice(LABELS[:-1])))
        layers = []
        for name in WHO:
            spans = []
            for first, last, label in wanted:
                fate = rng.random()
                if fate < 0.2:
                    continue
                if fate < 0.4:
                    label = rng.choice(LABELS[:-1])
                elif fate < 0.6:
                    last = max(first + 1, last - 1)
                spans.append({"start": starts[first], "end": starts[last] - 1, "label": label})
            if rng.random() < 0.1:
                spans = []
            status = "in-progress" if number and rng.random() < 0.15 else "finished"
            layers.append({"annotator": name, "status": status, "spans": spans})
        documents.append({"id": f"d{number}", "text": " ".join(words), "layers": layers})
    return documents


def sets_of(document, layer, unit):
    """By token or code point, each label there with how many spans below it have the same: (label, 0), and (label, 1) where two overlap."""
    text = document["text"]
    if unit == "char":
        places = [(place, place + 1) for place in range(len(text))]
    else:
        places, at = [], 0
        for word in text.split(" "):
            places.append((at, at + len(word)))
            at += len(word) + 1
    starts, ends = [start for start, _ in places], [end for _, end in places]
    counts = [Counter() for _ in places]
    for span in layer["spans"]:
        touched = set()
        for first, last in span.get("ranges") or [(span["start"], span["end"])]:
            touched |= set(range(bisect_right(ends, first), bisect_left(starts, last)))
        for place in touched:
            counts[place][span["label"]] += 1
    return [frozenset((label, below) for label, count in one.items() for below in range(count)) for one in counts]


def coded(documents, unit, who):
    """By annotator what is on each position of all documents, None where not finished; documents that fewer than two finished left out."""
    rows = {name: [] for name in who}
    for document in documents:
        layers = {layer["annotator"]: layer for layer in document["layers"]}
        finished = [name for name in who if layers[name].get("status", "finished") == "finished"]
        if len(finished) < 2:
            continue
        length = len(sets_of(document, layers[who[0]], unit))
        for name in who:
            rows[name] += sets_of(document, layers[name], unit) if name in finished else [None] * length
    return [rows[name] for name in who]


def plain(coders):
    """The labels alone."""
    return [[one if one is None else frozenset(label for label, _ in one) for one in coder] for coder in coders]


def compare(program, project, documents, unit, who):
    said = say(program, "agree", project, "--unit", unit, "--measure", MEASURES, "--samples", "0", "--format", "json")
    rows = json.loads(said)["rows"]
    found = {(row["measure"], row["scope"], row["label"], tuple(row["annotators"])): row["value"] for row in rows}
    labels = sorted({row["label"] for row in rows} - {None})
    occurring = {row for layers in plain(coded(documents, unit, who)) for row in layers if row is not None}
    extra = {one for one in occurring if len(one) > 1}
    categories = [frozenset()] + [frozenset([label]) for label in labels] + sorted(extra, key=sorted)
    compared = 0
    pairs = [(a, b) for place, a in enumerate(who) for b in who[place + 1 :]]
    coders = {pair: coded(documents, unit, pair) for pair in pairs}
    for label in [None, *labels]:
        means = {}
        for pair in pairs:
            for measure, value in references(only(coders[pair], label), label, categories).items():
                same(found[measure, "label" if label else "pair", label, pair], value, measure, unit, label, pair)
                means.setdefault(measure, []).append(value)
                compared += 1
        for measure, values in means.items():
            values = [value for value in values if not math.isnan(value)]
            mean = sum(values) / len(values) if values else math.nan
            same(found[measure, "label" if label else "overall", label, tuple(who)], mean, measure, unit, label, "overall")
            compared += 1
    for measure, value in references(coded(documents, unit, who), None, categories).items() if len(who) > 2 else []:
        same(found[measure, "joint", None, tuple(who)], value, measure, unit, None, "joint")
        compared += 1
    return compared


def only(coders, label):
    """Of one label, what is there of it."""
    keep = lambda one: one if one is None or label is None else frozenset(mark for mark in one if mark[0] == label)  # noqa: E731
    return [[keep(one) for one in coder] for coder in coders]


def references(coders, label, categories):
    """What the libraries say, of two annotators or of three."""
    if label:
        categories = [frozenset(), frozenset([label])]
    deep, coders = coders, plain(coders)
    number = {category: place for place, category in enumerate(categories)}
    numbers = np.array([[math.nan if one is None else number[one] for one in coder] for coder in coders])
    full = numbers[:, ~np.isnan(numbers).any(axis=0)].astype(int)
    finished = [[one for one, keep in zip(coder, ~np.isnan(numbers).any(axis=0)) if keep] for coder in deep]
    if not any(one for coder in coders for one in coder if one):
        names = ["f1-token", "percent", "kappa", "fleiss", "alpha", "alpha-masi", "alpha-jaccard", "ac1"]
        return dict.fromkeys(names, math.nan)
    alpha = krippendorff.alpha(reliability_data=numbers, value_domain=list(range(len(categories))), level_of_measurement="nominal")
    table = aggregate_raters(full.T, n_cat=len(categories))[0]
    values = {
        "fleiss": fleiss_kappa(table),
        "alpha": alpha,
        "alpha-masi": by_nltk(coders, masi_distance),
        "alpha-jaccard": by_nltk(coders, jaccard_distance),
        "ac1": gwet(table),
    }
    if len(coders) == 2:
        first, second = full
        values["percent"] = accuracy_score(first, second)
        values["kappa"] = cohen_kappa_score(first, second)
        # A column more than labels, in which nothing is: of one column scikit-learn would take the zeros for a class.
        columns = sorted({mark for coder in finished for one in coder for mark in one}) + ["nothing"]
        marks = [[[column in one for column in columns] for one in coder] for coder in finished]
        values["f1-token"] = f1_score(*(np.array(mark, dtype=int) for mark in marks), average="micro")
    return values


def gwet(table):
    """AC1 as irrCAC computes it, of how often each thing (row) got each category (column)."""
    raters, categories = table.sum(axis=1), table.shape[1]
    observed = np.mean((table * (table - 1)).sum(axis=1) / (raters * (raters - 1)))
    shares = (table / raters[:, None]).mean(axis=0)
    expected = (shares * (1 - shares)).sum() / (categories - 1)
    return (observed - expected) / (1 - expected)


def by_nltk(coders, distance):
    rows = [
        (who, place, one or frozenset("O"))
        for who, coder in enumerate(coders)
        for place, one in enumerate(coder)
        if one is not None
    ]
    return AnnotationTask(rows, distance=distance).alpha()


def same(found, expected, measure, *where):
    equal = found is None if math.isnan(expected) else found is not None and abs(found - expected) <= TOLERANCE
    assert equal, f"{measure} {where}: {found}, the library says {expected}"


def say(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{arguments}: {done.stderr}"
    return done.stdout
