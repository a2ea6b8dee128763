"""Writes measures.json: small pairs of spaces and every measure of them by the reference functions of bench/peers/alignment_measures.py.

    pip install -r bench/peers/requirements-measures.txt && python test/golden/measures/make_measures.py
"""

import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "bench" / "peers"))
from alignment_measures import MEASURES, value  # noqa: E402

random = np.random.default_rng(20261121)
CORRELATION_ROWS = ["rsa_correlation_pearson", "rsa_correlation_spearman"]


def related(rows, columns_a, columns_b, shared=4, noise=0.8, shift=0.5):
    common = random.normal(size=(rows, shared))
    spaces = []
    for columns in (columns_a, columns_b):
        space = common @ random.normal(size=(shared, columns)) + noise * random.normal(size=(rows, columns)) + shift
        spaces.append(np.round(space, 4))
    return spaces


def signs(rows, columns):
    return np.where(random.random((rows, columns)) < 0.5, -1.0, 1.0)


def cases():
    yield "related", "two noisy views of four shared directions", related(36, 6, 9), []
    yield "wide", "more columns than items: ranks add up to n or more, and folds leave directions unseen", related(24, 40, 30), []
    a, b = related(30, 5, 6)
    a = np.round(np.concatenate([a[:, :3], a[:, :3] * 2, a[:, :3] - a[:, 1:2]], axis=1), 4)
    yield "rank_deficient", "A has nine columns of rank three", (a, b), []
    # Equal up to rounding only: correlations of rows and cosines of centred ones tie in exact arithmetic and not in floats.
    yield "ties", "signs: equal rows, and cosines that tie exactly", (signs(32, 5), signs(32, 6)), [*CORRELATION_ROWS, "precision_centred_at_k"]
    a, b = related(28, 5, 4)
    a[[3, 17]], b[3] = 0, 0
    yield "zero_rows", "two zero rows in A, one of them in B too", (a, b), CORRELATION_ROWS


def main():
    out = []
    for name, note, (a, b), left_out in cases():
        rows = len(a)
        settings = {
            "k": 5,
            "varianceKept": 0.9,
            "bandwidth": 1,
            "cslsNeighbours": 3,
            "labels": [int(i) for i in random.permutation(np.arange(rows) % 4)],
        }
        values = {measure: value(measure, a, b, settings) for measure in MEASURES if measure not in left_out}
        out.append({"name": name, "note": note, "settings": settings, "a": a.tolist(), "b": b.tolist(), "values": values})
    (HERE / "measures.json").write_text("[\n" + ",\n".join(json.dumps(case) for case in out) + "\n]\n")


main()
