"""Features of frames.npy after layer2 of torchvision's ResNet-18, by PyTorch in float64, to check ours against.

    python3 make_resnet.py FOLDER        (made with torch 1.13.0, numpy 1.24.2)

FOLDER holds conv1, layer1 and layer2 of IMAGENET1K_V1 as .npy, BatchNorm folded in. frames.npy [4, 64, 64, 3] holds two
frames as padded64 and the same two as resized64; the test renders them anew and compares. Writes features.npy: every 7th
number of [4, 64, 128], places row by row.
"""
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

HERE = Path(__file__).parent
STRIDE = 7


def load(name):
    return torch.tensor(np.load(Path(sys.argv[1]) / f"{name}.npy")).double()


def conv(x, name, stride=1):
    weight = load(f"{name}.weight")
    return F.conv2d(x, weight, load(f"{name}.bias"), stride=stride, padding=weight.shape[-1] // 2)


def block(x, name, stride=1):
    identity = conv(x, f"{name}.downsample.0", 2) if stride == 2 else x
    return F.relu(conv(F.relu(conv(x, f"{name}.conv1", stride)), f"{name}.conv2") + identity)


images = torch.tensor(np.load(HERE / "frames.npy")).double() / 255
mean, sd = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
x = ((images - mean) / sd).permute(0, 3, 1, 2)
x = F.max_pool2d(F.relu(conv(x, "conv1", 2)), 3, 2, 1)
x = block(block(x, "layer1.0"), "layer1.1")
x = block(block(x, "layer2.0", 2), "layer2.1")
features = x.flatten(2).transpose(1, 2).contiguous().numpy().reshape(-1)
print(features.shape, features.mean(), features.std(), features.max())
np.save(HERE / "features.npy", features[::STRIDE].astype(np.float32))
