"""Permutation tests of P@k as good NumPy writes them, asked over standard input and output: one JSON object a line, one answer each.

Time is the CPU time of this process (time.process_time); one thread does all of it, because indexing has no threads in NumPy.
"""

import base64
import json
import sys
import time

import numpy

BATCH = 250  # relabellings at a time, so that what is gathered stays in the cache: the fastest of 50 to 2000
STATE = {}


def versions(_):
    return {"python": sys.version.split()[0], "numpy": numpy.__version__}


def load(request):
    """Neighbour tables (any number x rows x depth) and the pairs of them."""
    rows, depth = request["rows"], request["depth"]
    lists = numpy.frombuffer(base64.b64decode(request["tables"]), dtype=numpy.int32).reshape(-1, rows, depth)
    ranks = numpy.full((len(lists), rows, rows), depth, dtype=numpy.uint8)
    for table, of in zip(lists, ranks):
        numpy.put_along_axis(of, table, numpy.arange(depth, dtype=numpy.uint8)[None], axis=1)
    STATE.update(rows=rows, depth=depth, lists=lists.astype(numpy.intp), ranks=ranks, pairs=request["pairs"],
                 members=numpy.ascontiguousarray(ranks < request["k"]), k=request["k"],
                 spaces=None)
    return {"pairs": len(request["pairs"])}


def fancy(images, pair):
    """Both indices of the member matrix, broadcast."""
    a, b = pair
    return STATE["members"][b][images[:, :, None], images[:, STATE["lists"][a][:, :STATE["k"]]]].sum(axis=(1, 2))


def flat(images, pair):
    """One flat index, int32, taken from the member matrix laid flat."""
    a, b = pair
    rows = STATE["rows"]
    renamed = images[:, STATE["lists"][a][:, :STATE["k"]]]
    renamed += (images * rows)[:, :, None]
    return numpy.count_nonzero(STATE["members"][b].reshape(-1).take(renamed.reshape(len(images), -1)), axis=1)


FORMS = {"fancy": fancy, "flat": flat}


def totals(request):
    """The total overlaps at k of each pair under given relabellings."""
    images = numpy.frombuffer(base64.b64decode(request["images"]), dtype=numpy.uint32).reshape(-1, STATE["rows"]).astype(numpy.int32)
    return {"totals": [FORMS[request["form"]](images, pair).tolist() for pair in STATE["pairs"]]}


def permute(request):
    """Draws relabellings and counts exceedances of each pair at one k."""
    form, generator, count = FORMS[request["form"]], numpy.random.default_rng(1), request["count"]
    pairs = STATE["pairs"][:request["pairs"]]
    identity = numpy.arange(STATE["rows"], dtype=numpy.int32)
    observed = [form(identity[None], pair)[0] for pair in pairs]
    exceedances = numpy.zeros(len(pairs), dtype=numpy.int64)
    start = time.process_time()
    for first in range(0, count, BATCH):
        images = generator.permuted(numpy.broadcast_to(identity, (min(BATCH, count - first), len(identity))), axis=1)
        for i, pair in enumerate(pairs):
            exceedances[i] += numpy.count_nonzero(form(images, pair) >= observed[i])
    return {"amount": count, "seconds": time.process_time() - start, "exceedances": exceedances.tolist()}


def curve_totals():
    """Totals at every k of every pair: an item enters at the larger of its two places."""
    lists, ranks, depth = STATE["lists"], STATE["ranks"], STATE["depth"]
    places = numpy.arange(depth, dtype=numpy.uint8)
    found = numpy.empty((len(STATE["pairs"]), depth), dtype=numpy.int64)
    for i, (a, b) in enumerate(STATE["pairs"]):
        later = numpy.maximum(numpy.take_along_axis(ranks[b], lists[a], axis=1), places)
        found[i] = numpy.bincount(later.reshape(-1), minlength=depth + 1)[:depth].cumsum()
    return found


def curves(request):
    """The whole curve of every pair, `repeats` times, from neighbour tables and their ranks."""
    start = time.process_time()
    for _ in range(request["repeats"]):
        found = curve_totals()
    return {"amount": request["repeats"], "seconds": time.process_time() - start, "totals": found.tolist()}


def spaces(request):
    """Spaces (any number x rows x columns, float64) for curves_of_spaces."""
    STATE["spaces"] = numpy.frombuffer(base64.b64decode(request["spaces"])).reshape(-1, STATE["rows"], request["columns"]).copy()
    return {}


def curves_of_spaces(request):
    """The same from the spaces themselves: cosines, the nearest by argpartition and a sort of those, ranks, curves."""
    rows, depth = STATE["rows"], STATE["depth"]
    start = time.process_time()
    for _ in range(request["repeats"]):
        unit = STATE["spaces"] / numpy.linalg.norm(STATE["spaces"], axis=2, keepdims=True)
        lists, ranks = [], numpy.full((len(unit), rows, rows), depth, dtype=numpy.uint8)
        for space, of in zip(unit, ranks):
            cosines = space @ space.T
            numpy.fill_diagonal(cosines, -numpy.inf)
            nearest = numpy.argpartition(-cosines, depth, axis=1)[:, :depth]
            order = numpy.argsort(-numpy.take_along_axis(cosines, nearest, axis=1), axis=1)
            lists.append(numpy.take_along_axis(nearest, order, axis=1))
            numpy.put_along_axis(of, lists[-1], numpy.arange(depth, dtype=numpy.uint8)[None], axis=1)
        STATE.update(lists=numpy.stack(lists), ranks=ranks)
        found = curve_totals()
    return {"amount": request["repeats"], "seconds": time.process_time() - start, "totals": found.tolist()}


TASKS = {task.__name__: task for task in (versions, load, totals, permute, curves, spaces, curves_of_spaces)}

if __name__ == "__main__":
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(TASKS[asked["task"]](asked)), flush=True)
