"""A policy.onnx in plain onnxruntime: no code of alva, only the file, images and instructions.

Asked over standard input and output: one JSON object a line, one answer each.
"""

import json
import sys
import time
from pathlib import Path

import numpy
import onnxruntime

session = None


def versions(_):
    return {"python": sys.version.split()[0], "onnxruntime": onnxruntime.__version__, "numpy": numpy.__version__}


def load(request):
    global session
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(request["policy"], options, providers=["CPUExecutionProvider"])
    return {"inputs": {i.name: [i.type, i.shape] for i in session.get_inputs()}}


def logits(request):
    """Scores of the images and instructions in a folder's .npy files, into logits.npy."""
    folder = Path(request["folder"])
    feeds = {name: numpy.load(folder / f"{name}.npy") for name in ("images", "instructions")}
    cpu = time.process_time()
    (scores,) = session.run(["logits"], feeds)
    cpu = time.process_time() - cpu
    numpy.save(folder / "logits.npy", scores)
    return {"amount": len(scores), "seconds": cpu}


TASKS = {task.__name__: task for task in (versions, load, logits)}

if __name__ == "__main__":
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(TASKS[asked["task"]](asked)), flush=True)
