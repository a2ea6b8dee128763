"""The ALM in plain PyTorch, float64, written from the paper's equations and the list of parameters, to check ours against.

    python3 make_alm.py                 (made with torch 1.13.0, numpy 1.24.2)
    python3 make_alm.py resnet18

Writes alm.json (loss, logits, the norm of each gradient) and gradients.npy (every 37th element of each gradient, one after
another, in the order of the parameters); with resnet18, whose frames are features, alm-resnet18.json and
gradients-resnet18.npy. Weights, frames, instructions and actions come from a linear congruential generator, so that both
sides make the same numbers without storing them.
"""
import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

HERE = Path(__file__).parent
RESNET = sys.argv[1:] == ["resnet18"]
BATCH, STRIDE, KINDS = 8, 37, 40
WIDTH, HEADS, HEAD = 128, 4, 32

VERBS = ["go to", "move towards", "pick up", "escape from", "stay away", "avoid"]
COLOURS = ["red", "green", "blue", "purple", "yellow", "grey"]
OBJECTS = ["ball", "box", "key"]
sentences = [f"{v} the {c} {o}".split() for v in VERBS for c in COLOURS for o in OBJECTS]
vocabulary = list(dict.fromkeys(word for sentence in sentences for word in sentence))
LENGTH = max(map(len, sentences))

state = 12345


def draw():
    global state
    state = (1664525 * state + 1013904223) % 2**32
    return state


def uniform(shape, scale, centre=0.0):
    n = int(np.prod(shape))
    values = [np.float32(centre + scale * (draw() / 2**32 - 0.5)) for _ in range(n)]
    return torch.tensor(np.array(values, dtype=np.float64).reshape(shape), requires_grad=True)


def linear(name, n_in, n_out):
    return [(f"{name}.weight", (n_in, n_out)), (f"{name}.bias", (n_out,))]


def norm(name):
    return [(f"{name}.gain", (WIDTH,)), (f"{name}.bias", (WIDTH,))]


specs = [("words", (len(vocabulary), 100)), *linear("language.in", 100, WIDTH), ("language.positions", (LENGTH, WIDTH))]
specs += norm("language.attention.norm")
for part in ["query", "key", "value", "out"]:
    specs += linear(f"language.attention.{part}", WIDTH, WIDTH)[: 1 if part == "key" else 2]
specs += norm("language.feedforward.norm")
specs += linear("language.feedforward.in", WIDTH, 256) + linear("language.feedforward.out", 256, WIDTH)
specs += linear("language.sentence.in", LENGTH * WIDTH, 256) + linear("language.sentence.out", 256, WIDTH)
specs += norm("language.sentence.norm")
if not RESNET:
    specs += linear("vision.patch.in", 192, WIDTH) + linear("vision.patch.out", WIDTH, WIDTH)
around = 9 if RESNET else 4
specs += linear("vision.middle", around * WIDTH, WIDTH) + linear("vision.coarse", around * WIDTH, WIDTH)
specs += norm("vision.norm") + [("vision.positions", (84, WIDTH))]
specs += linear("crossmodal.query", WIDTH, WIDTH) + [("crossmodal.key.weight", (WIDTH, WIDTH))]
specs += linear("crossmodal.value", WIDTH, WIDTH) + linear("crossmodal.out", WIDTH, WIDTH)
for i in range(2):
    specs += linear(f"policy.{i}.in", WIDTH, 512) + linear(f"policy.{i}.out", 512, WIDTH)
specs += norm("policy.norm") + linear("policy.actions", WIDTH, 6)

p = {}
for name, shape in specs:
    p[name] = uniform(shape, 0.2, 1.0 if name.endswith("gain") else 0.0)
if RESNET:
    # Numbers that are the same in float16.
    images = [torch.tensor([[(draw() >> 24) / 128 for _ in range(WIDTH)] for _ in range(64)]).double() for _ in range(BATCH)]
else:
    # Images of few distinct patches, as tiles are.
    kinds = [np.array([draw() >> 24 for _ in range(192)], dtype=np.float64).reshape(8, 8, 3) for _ in range(KINDS)]
    images = np.zeros((BATCH, 64, 64, 3))
    for image in images:
        for y in range(8):
            for x in range(8):
                image[8 * y : 8 * y + 8, 8 * x : 8 * x + 8] = kinds[(draw() >> 16) % KINDS]
instructions = [(draw() >> 16) % 108 for _ in range(BATCH)]
actions = torch.tensor([(draw() >> 16) % 6 for _ in range(BATCH)])


def dense(name, x):
    return x @ p[f"{name}.weight"] + p.get(f"{name}.bias", 0)


def normed(name, x):
    return F.layer_norm(x, (WIDTH,), p[f"{name}.gain"], p[f"{name}.bias"], 1e-5)


def language(sentence):
    n = len(sentence)
    x = torch.stack([p["words"][vocabulary.index(word)] for word in sentence])
    x = dense("language.in", x) + p["language.positions"][:n]
    h = normed("language.attention.norm", x)
    q, k, v = (dense(f"language.attention.{part}", h) for part in ["query", "key", "value"])
    heads = []
    for i in range(HEADS):
        own = slice(i * HEAD, (i + 1) * HEAD)
        heads.append(torch.softmax(q[:, own] @ k[:, own].T / math.sqrt(HEAD), -1) @ v[:, own])
    x = x + dense("language.attention.out", torch.cat(heads, -1))
    h = normed("language.feedforward.norm", x)
    x = x + dense("language.feedforward.out", F.gelu(dense("language.feedforward.in", h)))
    x = torch.cat([x, torch.zeros(LENGTH - n, WIDTH, dtype=x.dtype)])
    h = F.relu(dense("language.sentence.in", x.reshape(-1)))
    return normed("language.sentence.norm", dense("language.sentence.out", h))


def z_order(side):
    """The cells of a square in Z-order, as (row, column)."""
    if side == 1:
        return [(0, 0)]
    half = side // 2
    return [(y + dy * half, x + dx * half) for dy in (0, 1) for dx in (0, 1) for y, x in z_order(half)]


def vision(image):
    patches = np.stack([image[8 * y : 8 * y + 8, 8 * x : 8 * x + 8].reshape(-1) for y, x in z_order(8)])
    pixels = torch.tensor((patches / 255 - 0.3) * 5)
    fine = F.relu(dense("vision.patch.out", F.relu(dense("vision.patch.in", pixels))))
    middle = F.relu(dense("vision.middle", torch.stack([fine[4 * i : 4 * i + 4].reshape(-1) for i in range(16)])))
    coarse = F.relu(dense("vision.coarse", torch.stack([middle[4 * i : 4 * i + 4].reshape(-1) for i in range(4)])))
    return normed("vision.norm", torch.cat([fine, middle, coarse])) + p["vision.positions"]


def convolved(name, x):
    """x [places, channels] -> [places / 4, channels]"""
    side = int(math.sqrt(len(x)))
    weight = p[f"{name}.weight"].reshape(3, 3, WIDTH, WIDTH).permute(3, 2, 0, 1)
    y = F.conv2d(x.T.reshape(1, WIDTH, side, side), weight, p[f"{name}.bias"], stride=2, padding=1)
    return F.relu(y).reshape(WIDTH, -1).T


def vision_of_features(fine):
    middle = convolved("vision.middle", fine)
    coarse = convolved("vision.coarse", middle)
    return normed("vision.norm", torch.cat([fine, middle, coarse])) + p["vision.positions"]


def policy(image, sentence):
    e = language(sentence)
    tokens = vision_of_features(image) if RESNET else vision(image)
    q, k = dense("crossmodal.query", e), tokens @ p["crossmodal.key.weight"]
    v = dense("crossmodal.value", tokens)
    heads = []
    for i in range(HEADS):
        own, seen = slice(i * HEAD, (i + 1) * HEAD), slice(0, 64) if i < 3 else slice(64, 84)
        weights = torch.softmax(k[seen, own] @ q[own] / math.sqrt(HEAD), -1)
        heads.append(weights @ v[seen, own])
    z = e + dense("crossmodal.out", torch.cat(heads))
    for i in range(2):
        z = z + dense(f"policy.{i}.out", F.relu(dense(f"policy.{i}.in", z)))
    return dense("policy.actions", normed("policy.norm", z))


logits = torch.stack([policy(images[i], sentences[instructions[i]]) for i in range(BATCH)])
loss = F.cross_entropy(logits, actions)
loss.backward()
gradients = [p[name].grad.numpy().reshape(-1) for name, _ in specs]
suffix = "-resnet18" if RESNET else ""
np.save(HERE / f"gradients{suffix}.npy", np.concatenate([g[::STRIDE] for g in gradients]))
(HERE / f"alm{suffix}.json").write_text(
    json.dumps(
        {
            "torch": torch.__version__,
            "batch": BATCH,
            "stride": STRIDE,
            "kinds": KINDS,
            "loss": loss.item(),
            "logits": logits.detach().numpy().reshape(-1).tolist(),
            "gradientNorms": {name: float(np.linalg.norm(g)) for (name, _), g in zip(specs, gradients)},
        },
        indent=1,
    )
    + "\n"
)
