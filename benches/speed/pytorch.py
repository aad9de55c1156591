"""PyTorch on this machine's CPU, as JSON lines; `cargo bench --bench speed` runs it where torch is
installed.

    python3 benches/speed/pytorch.py rates SIZE BATCH SECONDS    images per second, a line per case
    python3 benches/speed/pytorch.py memory SIZE BATCH           peak MiB of training steps
"""

import json
import resource
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F

sys.path.append(str(Path(__file__).parent.parent))
from pytorch_finetune import WEIGHTS  # noqa: E402
from pytorch_model import pretrained  # noqa: E402


def rate(step, images, seconds):
    step()
    started, count = time.time(), 0
    while time.time() - started < seconds:
        step()
        count += images
    return count / (time.time() - started)


def training_step(network, x, y):
    network.train()
    sgd = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9, nesterov=True, weight_decay=5e-4)

    def step():
        sgd.zero_grad()
        F.cross_entropy(network(x), y, label_smoothing=0.1).backward()
        sgd.step()

    return step


def rates(network, x, y, seconds):
    batch = len(x)

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
    report("full", training_step(network, x, y))


def resident():
    """MiB in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def memory(network, x, y):
    before = resident()
    step = training_step(network, x, y)
    for _ in range(3):
        step()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    print(json.dumps({"peak": peak, "added": peak - before}))


def main():
    mode, size, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.manual_seed(0)
    network = pretrained(WEIGHTS, 10)
    x, y = torch.randn(batch, 3, size, size), torch.randint(0, 10, (batch,))
    if mode == "memory":
        memory(network, x, y)
    else:
        rates(network, x, y, float(sys.argv[4]))


if __name__ == "__main__":
    main()
