"""torchvision's ResNet18 in plain PyTorch, with its parameter names, and what the scripts beside it
share. torchvision itself is not needed."""

import json
import struct

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)


class BasicBlock(nn.Module):
    def __init__(self, channels_in, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1 or channels_in != width:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels_in, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        x = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(x)) + shortcut)


class ResNet18(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        channels = 64
        for index, width in enumerate([64, 128, 256, 512]):
            stride = 1 if index == 0 else 2
            blocks = [BasicBlock(channels, width, stride), BasicBlock(width, width, 1)]
            setattr(self, f"layer{index + 1}", nn.Sequential(*blocks))
            channels = width
        self.fc = nn.Linear(512, classes)

    def features(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return x.mean((2, 3))

    def forward(self, x):
        return self.fc(self.features(x))


def read_safetensors(path):
    """A safetensors file as named float32 (or int64) tensors."""
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    kinds = {"F16": np.float16, "F32": np.float32, "I64": np.int64}
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        values = np.frombuffer(data[begin:end], kinds[entry["dtype"]]).reshape(entry["shape"])
        tensor = torch.from_numpy(values.copy())
        tensors[name] = tensor.float() if tensor.is_floating_point() else tensor
    return tensors


def pretrained(path, classes, seed=0):
    """The network of `path` with a new head for `classes` classes from N(0, 0.01)."""
    torch.manual_seed(seed)
    network = ResNet18(classes)
    weights = {k: v for k, v in read_safetensors(path).items() if not k.startswith("fc.")}
    missing, unexpected = network.load_state_dict(weights, strict=False)
    assert not unexpected and set(missing) == {"fc.weight", "fc.bias"}, (missing, unexpected)
    nn.init.normal_(network.fc.weight, std=0.01)
    nn.init.zeros_(network.fc.bias)
    return network
