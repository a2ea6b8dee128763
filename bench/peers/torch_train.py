"""PyTorch training the ALM, asked over standard input and output: one JSON object a line, one answer each.

Batches are ready-made by alva and stay in memory, so only updates are timed; time is of this process, all its threads.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy
import torch
import torch.nn.functional as F

import torch_alm as alm
import torch_resnet

THREADS = int(os.environ["OMP_NUM_THREADS"])
torch.set_num_threads(THREADS)


def of_images(batch):
    return (batch["images"],)


def of_channels(batch):
    return (batch["images"].permute(0, 3, 1, 2),)  # strides of channels_last: the bytes stay where they are


def of_patches(batch):
    return batch["patches"], batch["places"]


def of_features(batch):
    return (batch["features"],)


# By vision. Name: what it reads, E_V, attention, and whether torch.compile makes it.
FORMS = {
    "patches": {
        "eager": (of_images, alm.vision_of_images, alm.attention_plain, False),
        "channels_last": (of_channels, alm.vision_of_convolutions, alm.attention_folded, False),
        "eager, distinct": (of_patches, alm.vision_of_distinct, alm.attention_folded, False),
        "eager, kinds": (of_patches, alm.vision_of_kinds, alm.attention_kinds, False),
        "compiled, distinct, sliced": (of_patches, alm.vision_of_distinct, alm.attention_sliced, True),
        "compiled, kinds": (of_patches, alm.vision_of_kinds, alm.attention_kinds, True),
    },
    "resnet18": {
        "eager": (of_features, alm.vision_of_features, alm.attention_plain, False),
        "eager, folded": (of_features, alm.vision_of_features, alm.attention_folded, False),
        "channels_last": (of_features, alm.vision_of_features_last, alm.attention_folded, False),
        "eager, windows": (of_features, alm.vision_of_windows, alm.attention_sliced, False),
        "compiled, channels_last": (of_features, alm.vision_of_features_last, alm.attention_sliced, True),
        "compiled, windows": (of_features, alm.vision_of_windows, alm.attention_sliced, True),
    },
}


class Training:
    """Weights, AdamW and the loss of one form."""

    def __init__(self, form, world):
        self.read, vision, attention, compiled = FORMS[world["vision"]][form]
        self.batches = world["batches"]
        self.clip = world["clip"]
        words, mask = world["words"], world["mask"]
        self.p = {name: torch.nn.Parameter(value.clone()) for name, value in world["start"].items()}
        p = self.p

        def loss(frames, instructions, actions):
            e = alm.language(p, words, mask)[instructions]
            return F.cross_entropy(alm.logits(p, e, vision(p, *frames), attention), actions)

        self.loss = torch.compile(loss, dynamic=False) if compiled else loss
        self.optimizer = torch.optim.AdamW(list(p.values()), lr=world["rate"], betas=tuple(world["betas"]),
                                           eps=world["epsilon"], weight_decay=world["weightDecay"], fused=True)

    def update(self, i):
        batch = self.batches[i % len(self.batches)]
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss(self.read(batch), batch["instructions"], batch["actions"])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(self.p.values()), self.clip, foreach=True)
        self.optimizer.step()
        return loss

    def flat(self, of):
        return numpy.concatenate([of(value).detach().numpy().reshape(-1) for value in self.p.values()])


world = {}
trainings = {}


def versions(_):
    return {"python": sys.version.split()[0], "torch": torch.__version__, "numpy": numpy.__version__,
            "threads": torch.get_num_threads(), "simd": torch.backends.cpu.get_cpu_capability()}


def load(request):
    """Ready-made batches, the start and the sentences, from .npy files of a folder."""
    folder = Path(request["folder"])
    array = lambda name: torch.from_numpy(numpy.load(folder / f"{name}.npy"))
    start, at = {}, 0
    flat = array("start")
    for name, shape in request["specs"]:
        n = int(numpy.prod(shape))
        start[name], at = flat[at : at + n].view(*shape), at + n
    stacks = {name: array(name) for name in request["stacks"]}
    if "features" in stacks:
        stacks["features"] = stacks["features"].view(torch.float16)
    batches = [{name: stack[i] for name, stack in stacks.items()} for i in range(len(stacks["actions"]))]
    for batch in batches:
        if "patches" in batch:
            tiles = batch["patches"][batch["places"]].view(-1, 8, 8, 8, 8, 3)  # y, x, row, column, RGB
            batch["images"] = tiles.permute(0, 1, 3, 2, 4, 5).reshape(-1, 64, 64, 3)
    trainings.clear()
    world.update(request, start=start, batches=batches, words=array("words"), mask=array("mask"))
    return {"forms": list(FORMS[request["vision"]])}


def verify(request):
    """From the start, one update and then more: losses; AdamW's mean after the first and the last weights as files. Compiles."""
    try:
        return {"losses": verified(request), "failure": None}
    except Exception as error:  # whatever keeps a form from running is told, and the others go on
        return {"losses": [], "failure": f"{type(error).__name__}: {error}".splitlines()[0]}


def verified(request):
    training = trainings[request["form"]] = Training(request["form"], world)
    losses = []
    folder = Path(world["folder"])
    for i, rate in enumerate(request["rates"]):
        training.optimizer.param_groups[0]["lr"] = rate
        losses.append(training.update(i).item())
        if i == 0:
            mean = training.flat(lambda value: training.optimizer.state[value]["exp_avg"])
            numpy.save(folder / "their-mean.npy", mean)
    numpy.save(folder / "their-parameters.npy", training.flat(lambda value: value))
    return losses


def train(request):
    """Updates for at least so many seconds, after three that are not counted."""
    training, done = trainings[request["form"]], 0
    for i in range(3):
        training.update(i)
    cpu, wall = time.process_time(), time.perf_counter()
    while time.perf_counter() - wall < request["seconds"]:
        training.update(done)
        done += 1
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {"amount": done * len(world["batches"][0]["actions"]), "seconds": cpu / THREADS, "wall": wall}


TASKS = {task.__name__: task for task in (versions, load, verify, train)} | torch_resnet.TASKS

if __name__ == "__main__":
    answers, sys.stdout = sys.stdout, sys.stderr  # whatever a compiler prints is no answer
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(TASKS[asked["task"]](asked)), file=answers, flush=True)
