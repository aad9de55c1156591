"""Images per second of PyTorch on this machine's CPU, one JSON line a case; `cargo bench` runs it
beside its own cases where torch is installed.

    python3 benches/pytorch_speed.py SIZE BATCH SECONDS
"""

import json
import sys
import time

import torch
import torch.nn.functional as F

from pytorch_finetune import WEIGHTS
from pytorch_model import pretrained


def rate(step, images, seconds):
    step()
    started, count = time.time(), 0
    while time.time() - started < seconds:
        step()
        count += images
    return count / (time.time() - started)


def main():
    size, batch, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    torch.manual_seed(0)
    x, y = torch.randn(batch, 3, size, size), torch.randint(0, 10, (batch,))
    network = pretrained(WEIGHTS, 10)

    def report(case, step):
        print(json.dumps({"case": case, "rate": rate(step, batch, seconds)}), flush=True)

    network.eval()
    with torch.inference_mode():
        report("inference", lambda: network(x))
        report("features", lambda: network.features(x))

    head = torch.nn.Linear(512, 10)
    features = torch.randn(batch, 512)
    adam = torch.optim.AdamW(head.parameters(), lr=1e-2)

    def head_step():
        adam.zero_grad()
        F.cross_entropy(head(features), y).backward()
        adam.step()

    report("head", head_step)

    network.train()
    sgd = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9, nesterov=True, weight_decay=5e-4)

    def full_step():
        sgd.zero_grad()
        F.cross_entropy(network(x), y, label_smoothing=0.1).backward()
        sgd.step()

    report("full", full_step)


if __name__ == "__main__":
    main()
