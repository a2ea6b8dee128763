"""Dense measures of alignment as NumPy, SciPy, scikit-learn and PyTorch have them, on the arrays in a folder.

Asked over standard input and output: one JSON object a line, one answer each. Times are CPU time of this process; a measure has
the time by the clock beside it.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import scipy
import sklearn
import torch
from scipy.spatial import procrustes as scipy_procrustes
from scipy.stats import spearmanr
from sklearn.decomposition import PCA

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
arrays = {}
answers = {}


def versions(_):
    return {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__, "torch": torch.__version__}


def load(request):
    for name in request["names"]:
        arrays[name] = np.load(Path(request["folder"]) / f"{name}.npy")
    return {name: list(array.shape) for name, array in arrays.items()}


def cosines(x):
    x = x / np.linalg.norm(x, axis=1, keepdims=True)
    return x @ x.T


def procrustes(a, b):
    """scikit-learn's PCA to the full rank, then SciPy's Procrustes."""
    full = len(a) - 1
    return scipy_procrustes(PCA(full).fit_transform(a), PCA(full).fit_transform(b))[2]


def spearman(a, b):
    above = np.triu_indices(len(a), 1)
    return spearmanr(cosines(a)[above], cosines(b)[above]).statistic


def cka_columns(a, b):
    """Through the columns' products: the better form where there are more rows than columns."""
    a, b = a - a.mean(0), b - b.mean(0)
    return np.linalg.norm(a.T @ b) ** 2 / (np.linalg.norm(a.T @ a) * np.linalg.norm(b.T @ b))


def cka_rows(a, b):
    a, b = a - a.mean(0), b - b.mean(0)
    k, l = a @ a.T, b @ b.T
    return (k * l).sum() / (np.linalg.norm(k) * np.linalg.norm(l))


def debiased_rows(a, b):
    """Song et al. by U-centred matrices of inner products, as it is usually written."""
    n = len(a)

    def centred(k):
        np.fill_diagonal(k, 0)
        sums = k.sum(0)
        k = k - (sums[:, None] + sums[None, :]) / (n - 2) + sums.sum() / ((n - 1) * (n - 2))
        np.fill_diagonal(k, 0)
        return k

    k, l = centred(a @ a.T), centred(b @ b.T)
    return (k * l).sum() / (np.linalg.norm(k) * np.linalg.norm(l))


def debiased_columns(a, b):
    """The same through the columns' products."""
    n = len(a)
    a, b = a - a.mean(0), b - b.mean(0)
    p, q = (a * a).sum(1), (b * b).sum(1)

    def hsic(product, x, y):
        return np.linalg.norm(product) ** 2 - n / (n - 2) * (x @ y) + x.sum() * y.sum() / ((n - 1) * (n - 2))

    return hsic(a.T @ b, p, q) / np.sqrt(hsic(a.T @ a, p, p) * hsic(b.T @ b, q, q))


MEASURES = {f.__name__: f for f in (procrustes, spearman, cka_columns, cka_rows, debiased_rows, debiased_columns)}


def measure(request):
    """A measure of two arrays, `times` times over."""
    a, b, of = arrays[request["a"]], arrays[request["b"]], MEASURES[request["measure"]]
    started, began = time.process_time(), time.perf_counter()
    for _ in range(request["times"]):
        value = of(a, b)
    seconds, wall = time.process_time() - started, time.perf_counter() - began
    return {"amount": request["times"], "seconds": seconds, "wall": wall, "value": float(value)}


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def sgemm(request):
    """The plain product of all rows with all, and nothing else."""
    a = unit(arrays[request["a"]])
    b = unit(arrays[request["b"]]) if request["b"] != request["a"] else a.copy()  # NumPy halves the work of x @ x.T
    c = np.empty((len(a), len(b)), np.float32)
    c.fill(0)  # its pages are there before the clock runs
    started = time.process_time()
    np.matmul(a, b.T, out=c)
    return {"amount": len(a), "seconds": time.process_time() - started}


def torch_topk(request):
    """Blocks of products and their topk, torch's own way; blocks of 1,000 queries are about the fastest."""
    a, b = (torch.from_numpy(arrays[request[name]]) for name in ("a", "b"))
    k, block = request["k"], 1000
    started = time.process_time()
    a = torch.nn.functional.normalize(a)
    b = a if request["b"] == request["a"] else torch.nn.functional.normalize(b)
    best = []
    with torch.inference_mode():
        for first in range(0, len(a), block):
            product = a[first:first + block] @ b.T
            if b is a:
                rows = torch.arange(len(product))
                product[rows, rows + first] = -2
            best.append(product.topk(k).indices)
    answers["topk"] = torch.cat(best).numpy()
    return {"amount": len(a), "seconds": time.process_time() - started}


def check(request):
    """Of some rows, how many of our lists are not those of float64 cosines (closer than 1e-13: either order), and how many torch's differ."""
    a, b = (arrays[request[name]].astype(np.float64) for name in ("a", "b"))
    ours = np.load(Path(request["folder"]) / "indices.npy")
    b = unit(b)
    wrong = 0
    for i in range(0, len(a), max(1, len(a) // 200)):
        of = b @ (a[i] / np.linalg.norm(a[i]))
        if request["b"] == request["a"]:
            of[i] = -2
        best = np.argsort(-of, kind="stable")[:request["k"]]
        wrong += bool(np.any(np.abs(of[ours[i]] - of[best]) > 1e-13))
    return {"wrong": wrong, "torch": int((answers["topk"] != ours).sum())}


TASKS = {task.__name__: task for task in (versions, load, measure, sgemm, torch_topk, check)}

if __name__ == "__main__":
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(TASKS[asked["task"]](asked)), flush=True)
