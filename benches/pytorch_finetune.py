"""tunelab's default full fine-tuning recipe in PyTorch, to compare accuracies.

    python3 benches/pytorch_finetune.py --data TRAIN --val VAL [--epochs 8] [--size 64] [--seed 0]

TRAIN and VAL are CIFAR-10 .bin files, or image folders with one folder a class. Needs torch, numpy
and, for image folders, pillow. The recipe: SGD with Nesterov momentum 0.9, weight decay 5e-4 on
weights only, learning rate 0.02 at batch 64, one epoch of warmup then a cosine, label smoothing 0.1,
a flip and a shift by up to size/16 px with reflected borders.
"""

import argparse
import math
import pathlib
import time

import numpy as np
import torch
import torch.nn.functional as F

from pytorch_model import MEAN, STD, pretrained

WEIGHTS = pathlib.Path(__file__).parent.parent / "www/models/resnet18-tiny-imagenet-f16.safetensors"


def load(path, size):
    path = pathlib.Path(path)
    if path.suffix == ".bin":
        records = np.fromfile(path, np.uint8).reshape(-1, 3073)
        labels = torch.from_numpy(records[:, 0].astype(np.int64))
        images = torch.from_numpy(records[:, 1:].reshape(-1, 3, 32, 32).copy()).float() / 255
        images = F.interpolate(images, (size, size), mode="bilinear", antialias=True)
        return images, labels, 10
    from PIL import Image

    classes = sorted(folder.name for folder in path.iterdir() if folder.is_dir())
    images, labels = [], []
    for label, name in enumerate(classes):
        for file in sorted((path / name).iterdir()):
            image = Image.open(file).convert("RGB")
            short = min(image.size)
            left, top = (image.width - short) / 2, (image.height - short) / 2
            box = (left, top, left + short, top + short)
            image = image.resize((size, size), Image.Resampling.BILINEAR, box=box)
            images.append(torch.from_numpy(np.array(image)).permute(2, 0, 1).float() / 255)
            labels.append(label)
    return torch.stack(images), torch.tensor(labels), len(classes)


def augment(images, size):
    padding = size // 16
    padded = F.pad(images, (padding,) * 4, mode="reflect")
    out = torch.empty_like(images)
    for index in range(len(images)):
        x, y = (int(torch.randint(0, 2 * padding + 1, ())) for _ in range(2))
        crop = padded[index, :, y : y + size, x : x + size]
        out[index] = crop.flip(2) if torch.rand(()) < 0.5 else crop
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--val", required=True)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--learning-rate", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()

    images, labels, classes = load(args.data, args.size)
    val_images, val_labels, _ = load(args.val, args.size)
    network = pretrained(WEIGHTS, classes, args.seed)
    decaying = [p for p in network.parameters() if p.ndim > 1]
    sparing = [p for p in network.parameters() if p.ndim <= 1]
    optimizer = torch.optim.SGD(
        [{"params": decaying, "weight_decay": 5e-4}, {"params": sparing, "weight_decay": 0}],
        lr=args.learning_rate,
        momentum=0.9,
        nesterov=True,
    )
    steps = math.ceil(len(images) / args.batch_size)
    total, step, best, started = steps * args.epochs, 0, 0.0, time.time()
    for epoch in range(args.epochs):
        network.train()
        for batch in torch.randperm(len(images)).split(args.batch_size):
            if len(batch) < 2:
                continue
            progress = (step - steps) / max(total - steps, 1)
            factor = (step + 1) / steps if step < steps else (1 + math.cos(math.pi * progress)) / 2
            for group in optimizer.param_groups:
                group["lr"] = args.learning_rate * factor
            x = (augment(images[batch], args.size) - MEAN) / STD
            loss = F.cross_entropy(network(x), labels[batch], label_smoothing=0.1)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
        network.eval()
        with torch.no_grad():
            logits = torch.cat([network((x - MEAN) / STD) for x in val_images.split(256)])
        top1 = (logits.argmax(1) == val_labels).float().mean().item()
        best = max(best, top1)
        print(f"epoch {epoch + 1}: top1 {100 * top1:.2f} %", flush=True)
    print(f"best {100 * best:.2f} %, last {100 * top1:.2f} %, {time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
