"""Gradients of a small exported encoder (test/golden/embed/tiny-bert) in PyTorch, float64, to check those of the model read in alva.

    python3 make_encoder_gradients.py        (made with torch 1.13.0, onnx 1.12.0, numpy 1.24.2)

The loss is the mean cross-entropy of the [CLS] states, taken as scores of 16 classes. Writes encoder.json (ids, mask, labels, loss,
the names of the parameters) and encoder_gradients.npy (all gradients, one after another in the order of the names).
"""
import json
import math
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper

HERE = Path(__file__).resolve().parent
model = onnx.load(HERE.parent / "embed" / "tiny-bert" / "onnx" / "model.onnx")
stored = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
names = [name for name, values in stored.items() if values.dtype == np.float32 and values.ndim > 0]
p = {name: torch.tensor(stored[name].astype(np.float64), requires_grad=True) for name in names}
HEADS, WIDTH, EPSILON = 2, 16, 1e-12

sentences = [[2, 5, 6, 7, 8, 11, 3], [2, 16, 17, 7, 10, 13, 3], [2, 14, 15, 7, 9, 12, 3], [2, 18, 7, 11, 3], [2, 1, 7, 12, 3]]
length = max(map(len, sentences))
ids = torch.tensor([s + [0] * (length - len(s)) for s in sentences])
mask = torch.tensor([[1] * len(s) + [0] * (length - len(s)) for s in sentences])
labels = torch.tensor([3, 0, 15, 7, 7])


def dense(name, x):
    return x @ p[f"{name}.weight"] + p[f"{name}.bias"]


def norm(name, x):
    return F.layer_norm(x, (WIDTH,), p[f"{name}.weight"], p[f"{name}.bias"], EPSILON)


def heads(x):
    return x.reshape(len(sentences), length, HEADS, WIDTH // HEADS).transpose(1, 2)


x = p["embeddings.word_embeddings.weight"][ids] + p["embeddings.token_type_embeddings.weight"][0]
x = norm("embeddings.LayerNorm", x + p["embeddings.position_embeddings.weight"][:length])
for layer in range(2):
    at = f"encoder.layer.{layer}"
    q, k, v = (heads(dense(f"{at}.attention.self.{part}", x)) for part in ("query", "key", "value"))
    scores = q @ k.transpose(-1, -2) / math.sqrt(WIDTH // HEADS) + (mask[:, None, None, :] - 1) * 1e9
    mixed = (torch.softmax(scores, -1) @ v).transpose(1, 2).reshape(len(sentences), length, WIDTH)
    x = norm(f"{at}.attention.output.LayerNorm", dense(f"{at}.attention.output.dense", mixed) + x)
    inner = F.gelu(dense(f"{at}.intermediate.dense", x))
    x = norm(f"{at}.output.LayerNorm", dense(f"{at}.output.dense", inner) + x)

loss = F.cross_entropy(x[:, 0], labels)
loss.backward()
np.save(HERE / "encoder_gradients.npy", np.concatenate([p[name].grad.numpy().reshape(-1) for name in names]))
record = {"ids": ids.tolist(), "mask": mask.tolist(), "labels": labels.tolist(), "loss": loss.item(), "names": names}
(HERE / "encoder.json").write_text(json.dumps(record, indent=1) + "\n")
