"""F1 of spans, as `agree` has it, against nervaluate, and against an optimal matching by scipy.

nervaluate goes through the spans once and takes the first that fits. Where each span overlaps one of the other annotator at most,
there is no choice, and all numbers must be equal. Where there is one, nervaluate's own numbers change with the order of spans; that is
counted, and what `agree` says must be what scipy's assignment says.
"""

import json
import random
import subprocess

from nervaluate.evaluator import Evaluator
from scipy.optimize import linear_sum_assignment

LABELS = ["entity", "quote", "event"]
LENGTH = 900
MEASURES = ["f1-exact", "f1-overlap", "f1-partial", "f1-type"]


def check(program, folder):
    random_numbers = random.Random(5)
    plain = [disjoint(random_numbers) for _ in range(60)]
    crowded = [(spans(random_numbers), spans(random_numbers)) for _ in range(60)]
    without_choice(agree(program, folder / "plain", plain), plain)
    turned = with_choice(agree(program, folder / "crowded", crowded), crowded)
    return (
        f"{len(plain)} documents without choice equal nervaluate's, {len(crowded)} with choice equal scipy's; "
        f"in {turned} of these nervaluate's numbers depend on the order of spans"
    )


def disjoint(numbers):
    """Stretches apart from each other; each annotator marks most of them, with edges and labels a little off."""
    ours, theirs = [], []
    for at in range(10, LENGTH - 60, 60):
        label, start, end = numbers.choice(LABELS), at + numbers.randrange(9), at + 12 + numbers.randrange(30)
        for side in (ours, theirs):
            if numbers.random() < 0.8:
                moved = numbers.random() < 0.4
                other = numbers.choice(LABELS) if numbers.random() < 0.3 else label
                side.append((start + moved * numbers.randrange(4), end + moved * numbers.randrange(8), other))
    return ours, theirs


def spans(numbers):
    """Nested and crossing, equal extents with other labels among them."""
    found = set()
    for _ in range(numbers.randrange(30)):
        start = numbers.randrange(60)
        found.add((start, start + 1 + numbers.randrange(25), numbers.choice(LABELS)))
    return sorted(found)


def agree(program, folder, documents):
    """The rows of overall, labels and documents, by (measure, label, document)."""
    folder.mkdir(parents=True)
    text = ("The harbour will be rebuilt, “and soon”. " * 40)[:LENGTH]
    layer = lambda name, spans: {
        "annotator": name,
        "spans": [{"start": start, "end": end, "label": label} for start, end, label in spans],
    }
    lines = [
        {"id": f"d{number:03}", "text": f"{number:03} {text}", "layers": [layer("ana", ours), layer("ben", theirs)]}
        for number, (ours, theirs) in enumerate(documents)
    ]
    file = folder / "documents.jsonl"
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    project = folder / "project"
    run(program, "new", project, "--schema", "news")
    run(program, "import", project, file, "--format", "spanwright")
    measures = ",".join(MEASURES)
    said = run(program, "agree", project, "--annotator", "ana,ben", "--measure", measures, "--samples", "0", "--format", "json")
    rows = json.loads(said)["rows"]
    return {(row["measure"], row["label"], row["document"]): row["value"] for row in rows if row["scope"] != "pair"}


def run(program, *words):
    done = subprocess.run([program, *words], capture_output=True, encoding="utf-8")
    assert done.returncode == 0, f"{words}: {done.stderr}"
    return done.stdout


def without_choice(said, documents):
    names = {"f1-exact": "strict", "f1-overlap": "ent_type", "f1-partial": "partial", "f1-type": "ent_type"}
    overall, by_label = evaluated(documents)
    for measure, strategy in names.items():
        same(said[measure, None, None], overall[strategy], measure)
        for number, document in enumerate(documents):
            same(said[measure, None, f"d{number:03}"], evaluated([document])[0][strategy], f"{measure} of {number}")
        for label in LABELS:
            same(said[measure, label, None], by_label[label][strategy], f"{measure} of {label}")


def evaluated(documents):
    """nervaluate's F1, of all and by label; `None` where nobody marked anything, which it calls 0."""
    sides = [[[entity(span) for span in document[side]] for document in documents] for side in (0, 1)]
    found = Evaluator(*sides, tags=LABELS, loader="dict").evaluate()
    number = lambda result: result.f1 if result.actual + result.possible else None
    overall = {strategy: number(result) for strategy, result in found["overall"].items()}
    labels = {label: {strategy: number(result) for strategy, result in of.items()} for label, of in found["entities"].items()}
    return overall, labels


def entity(span):
    """Its ends are inclusive."""
    return {"start": span[0], "end": span[1] - 1, "label": span[2]}


def with_choice(said, documents):
    turned = 0
    totals = dict.fromkeys(MEASURES, 0)
    marked = sum(len(ours) + len(theirs) for ours, theirs in documents)
    for number, (ours, theirs) in enumerate(documents):
        place, both = f"d{number:03}", optimal(ours, theirs)
        for measure, hits in both.items():
            count = len(ours) + len(theirs)
            same(said[measure, None, place], 2 * hits / count if count else None, f"{measure} of {number}")
            totals[measure] += hits
        forward, backward = evaluated([(ours, theirs)])[0], evaluated([(ours[::-1], theirs[::-1])])[0]
        turned += forward != backward
        if ours or theirs:
            assert max(forward["ent_type"], backward["ent_type"]) <= said["f1-overlap", None, place] + 1e-12, number
    for measure, hits in totals.items():
        same(said[measure, None, None], 2 * hits / marked, measure)
    return turned


def optimal(ours, theirs):
    """What is counted on the best matchings."""
    overlaps = lambda a, b: min(a[1], b[1]) > max(a[0], b[0])
    union = lambda a, b: max(a[1], b[1]) - min(a[0], b[0])
    iou = lambda a, b: (min(a[1], b[1]) - max(a[0], b[0])) / union(a, b)
    of_label = matching(ours, theirs, lambda a, b: overlaps(a, b) and a[2] == b[2] and 1000 + iou(a, b))
    rank = lambda a, b: 1e9 * (a[:2] == b[:2]) + 1e6 * (a[2] == b[2]) + 1e3 + iou(a, b)
    of_all = matching(ours, theirs, lambda a, b: overlaps(a, b) and rank(a, b))
    return {
        "f1-exact": len(set(ours) & set(theirs)),
        "f1-overlap": len(of_label),
        "f1-partial": sum(1 if a[:2] == b[:2] else 0.5 for a, b in of_all),
        "f1-type": sum(a[2] == b[2] for a, b in of_all),
    }


def matching(ours, theirs, weight):
    if not ours or not theirs:
        return []
    weights = [[float(weight(a, b)) for b in theirs] for a in ours]
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return [(ours[a], theirs[b]) for a, b in zip(rows, columns) if weights[a][b]]


def same(ours, theirs, what):
    assert (ours is None) == (theirs is None), f"{what}: {ours}, the other {theirs}"
    assert ours is None or abs(ours - theirs) < 1e-12, f"{what}: {ours}, the other {theirs}"
