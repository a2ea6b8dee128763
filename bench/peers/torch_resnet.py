"""The frozen ResNet-18 front (conv1 to layer2, BatchNorm folded) in PyTorch, in the forms among which its fastest is looked for."""

import os
import time
from pathlib import Path

import numpy
import torch
import torch._inductor.config
import torch.nn.functional as F

THREADS = int(os.environ["OMP_NUM_THREADS"])
MEAN, DEVIATION = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
FRAMES = 64  # of a forward pass, as ours


class Front(torch.nn.Module):
    """uint8 images [n, 64, 64, 3] -> float16 [n, 64, 128]."""

    def __init__(self, weights, memory_format):
        super().__init__()
        self.memory_format = memory_format
        for name, value in weights.items():
            layout = memory_format if value.dim() == 4 else torch.contiguous_format
            self.register_buffer(name.replace(".", "_"), value.contiguous(memory_format=layout))
        self.register_buffer("scale", 1 / (255 * DEVIATION))
        self.register_buffer("shift", -MEAN / DEVIATION)

    def convolved(self, x, name, stride: int = 1):
        weight, bias = getattr(self, f"{name}_weight"), getattr(self, f"{name}_bias")
        return F.conv2d(x, weight, bias, stride, (weight.shape[2] - 1) // 2)

    def block(self, x, name):
        return F.relu(self.convolved(F.relu(self.convolved(x, f"{name}_conv1")), f"{name}_conv2") + x)

    def forward(self, images):
        x = (images.float() * self.scale + self.shift).permute(0, 3, 1, 2).contiguous(memory_format=self.memory_format)
        x = F.max_pool2d(F.relu(self.convolved(x, "conv1", 2)), 3, 2, 1)
        x = self.block(self.block(x, "layer1_0"), "layer1_1")
        halved = self.convolved(F.relu(self.convolved(x, "layer2_0_conv1", 2)), "layer2_0_conv2")
        x = self.block(F.relu(halved + self.convolved(x, "layer2_0_downsample_0", 2)), "layer2_1")
        return x.flatten(2).transpose(1, 2).half().contiguous()


def traced(front, images):
    """TorchScript with frozen weights in oneDNN's own layout."""
    return torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(front.eval(), images)))


def compiled(front, _):
    torch._inductor.config.freezing = True
    return torch.compile(front, dynamic=False)


FORMS = {
    "eager": (torch.contiguous_format, lambda front, _: front),
    "channels_last": (torch.channels_last, lambda front, _: front),
    "traced": (torch.contiguous_format, traced),
    "traced, channels_last": (torch.channels_last, traced),
    "compiled": (torch.contiguous_format, compiled),
    "compiled, channels_last": (torch.channels_last, compiled),
}

fronts = {}
frames = {}


def load_front(request):
    """Weights and images from .npy files of a folder."""
    array = lambda name: torch.from_numpy(numpy.load(Path(request["folder"]) / f"{name}.npy"))
    weights = {name: array(name) for name in request["weights"]}
    frames["images"] = array("images").split(FRAMES)
    frames.update(folder=request["folder"], weights=weights)
    return {"forms": list(FORMS)}


@torch.inference_mode()
def verify_front(request):
    """The features of the first images, into a file."""
    try:
        memory_format, made = FORMS[request["form"]]
        images = frames["images"][0]
        with torch.no_grad():
            front = fronts[request["form"]] = made(Front(frames["weights"], memory_format), images)
        numpy.save(Path(frames["folder"]) / "their-features.npy", front(images).float().numpy())
        return {"failure": None}
    except Exception as error:  # whatever keeps a form from running is told, and the others go on
        return {"failure": f"{type(error).__name__}: {error}".splitlines()[0]}


@torch.inference_mode()
def extract(request):
    """All images, again and again for at least so many seconds."""
    front, done = fronts[request["form"]], 0
    cpu, wall = time.process_time(), time.perf_counter()
    while time.perf_counter() - wall < request["seconds"]:
        front(frames["images"][done % len(frames["images"])])
        done += 1
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {"amount": done * FRAMES, "seconds": cpu / THREADS, "wall": wall}


TASKS = {task.__name__: task for task in (load_front, verify_front, extract)}
