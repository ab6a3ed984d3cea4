"""Statistics of agreement beside the libraries that people use for them, in one run on the same data: CPU seconds and ratios.

    python -P tests/interop/bench_agreement.py PROGRAM [quick]

with the environment that `tests/interop/run` makes. Reading the data is left out on both sides; the libraries' imports and first calls too.
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time


def seen(dice, truth):
    """What one annotator makes of the truth: a fifth is missed, a fifth is moved, a tenth has another label."""
    for label, start, end in truth:
        missed, moved, other = dice.random() < 0.2, dice.random() < 0.2, dice.random() < 0.1
        by = dice.randint(1, 3) if moved else 0
        if not missed:
            yield dice.randrange(4) if other else label, start + by, end + by


def continuum(annotators, units):
    """So many units for each annotator, about, one after the other with gaps."""
    dice, truth, at = random.Random(5), [], 0
    for _ in range(units * 5 // 4):
        start = at + dice.randrange(12)
        at = start + dice.randint(2, 9)
        truth.append((dice.randrange(4), start, at))
    return {"length": at + 10, "annotators": [list(seen(dice, truth)) for _ in range(annotators)]}


def codes(things, annotators, missing):
    dice, rows = random.Random(6), []
    for _ in range(things):
        truth = dice.randrange(5)
        row = [dice.randrange(5) if dice.random() < 0.2 else truth for _ in range(annotators)]
        rows.append([None if dice.random() < missing else code for code in row])
    return {"categories": 5, "codes": rows}


def ours(program, data):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "data.json")
        path.write_text(json.dumps(data))
        out = subprocess.run([program, "bench", "agreement", "--inside", path], capture_output=True, check=True, text=True)
    return {row["measure"]: row for row in map(json.loads, out.stdout.splitlines())}


def timed(work):
    begun = time.process_time()
    value = work()
    return time.process_time() - begun, float(value)


def pygamma(data, fast):
    import numpy
    from pygamma_agreement import CombinedCategoricalDissimilarity, Continuum, ShuffleContinuumSampler
    from pyannote.core import Segment

    def built(data):
        made = Continuum()
        for number, units in enumerate(data["annotators"]):
            for label, start, end in units:
                made.add(f"a{number}", Segment(start, end), str(label))
        return made

    measure = CombinedCategoricalDissimilarity(alpha=3, beta=1, delta_empty=1)

    def compute(made, samples):
        # Its usual sampler lets units stand anywhere; that of the paper is ours.
        sampler = ShuffleContinuumSampler()
        return made.compute_gamma(measure, n_samples=samples, precision_level=None, sampler=sampler, fast=fast)

    compute(built(continuum(len(data["annotators"]), 8)), 2)
    numpy.random.seed(1)
    made = built(data)
    return timed(lambda: compute(made, 30).gamma)


def krippendorff_alpha(data):
    import krippendorff
    import numpy

    table = numpy.array([[numpy.nan if code is None else code for code in row] for row in data["codes"]], dtype=float).T
    krippendorff.alpha(reliability_data=table[:, :100], level_of_measurement="nominal")
    return timed(lambda: krippendorff.alpha(reliability_data=table, level_of_measurement="nominal"))


def statsmodels_fleiss(data):
    import numpy
    from statsmodels.stats import inter_rater

    table = numpy.array(data["codes"])
    inter_rater.fleiss_kappa(inter_rater.aggregate_raters(table[:100])[0])
    return timed(lambda: inter_rater.fleiss_kappa(inter_rater.aggregate_raters(table)[0]))


def sklearn_kappa(data):
    import numpy
    from sklearn.metrics import cohen_kappa_score

    a, b = numpy.array(data["codes"]).T
    cohen_kappa_score(a[:100], b[:100])
    return timed(lambda: cohen_kappa_score(a, b))


def nltk_alpha(data):
    from nltk.metrics.agreement import AnnotationTask

    rows = [(who, thing, code) for thing, row in enumerate(data["codes"]) for who, code in enumerate(row) if code is not None]
    return timed(lambda: AnnotationTask(data=rows).alpha())


def main(program, quick):
    many = 20_000 if quick else 200_000
    three, two, few = codes(many, 3, 0.05), codes(many, 2, 0), codes(2_000, 3, 0)
    some, fewer = (200, 30) if quick else (1000, 124)
    long, wide = continuum(2, some), continuum(3, fewer)
    table = [
        (f"gamma 2 × {some}", "gamma", long, "pygamma, fast", lambda data: pygamma(data, True), 100, 0.02),
        (f"gamma 3 × {fewer}", "gamma", wide, "pygamma, exact", lambda data: pygamma(data, False), 100, 0.05),
        (f"alpha {many:,} × 3", "alpha", three, "krippendorff", krippendorff_alpha, 10, 1e-9),
        (f"fleiss {many:,} × 2", "fleiss", two, "statsmodels", statsmodels_fleiss, None, 1e-9),
        (f"kappa {many:,} × 2", "kappa", two, "scikit-learn", sklearn_kappa, None, 1e-9),
        ("alpha 2,000 × 3", "alpha", few, "nltk", nltk_alpha, None, 1e-9),
    ]
    different = 0
    print("what\tours (s)\tthe library's (s)\tratio\tgoal\tlibrary\tvalues")
    for what, measure, data, library, theirs, goal, near in table:
        mine, (seconds, value) = ours(program, data)[measure], theirs(data)
        same = abs(mine["value"] - value) <= near
        different += not same
        print(
            f"{what}\t{mine['cpu']:.5f}\t{seconds:.4f}\t{seconds / mine['cpu']:.0f}\t{goal or '-'}\t{library}\t"
            f"{mine['value']:.6f} {value:.6f}{'' if same else ' differ'}",
            flush=True,
        )
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main(sys.argv[1], "quick" in sys.argv[2:])
