#!/usr/bin/env python3
"""Writes the figures of this guide: python3 docs/fine-tuning/figures/make_figures.py

Every curve is computed with the formula that the engine uses. Where a curve is invented to show a shape, the
figure says "sketch". Needs numpy and nothing else.
"""

from html import escape
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent

WIDTH = 720
PAPER = "#fbfaf7"
EDGE = "#dcd8cf"
INK = "#20282a"
MUTED = "#5a6366"
GRID = "#e6e2d9"
ACCENT = "#2f6f5e"
PALE = "#cfe3dc"
FROZEN = "#e9e6de"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

PARTS = ["stem", "layer1", "layer2", "layer3", "layer4", "head"]


class Svg:
    """An SVG as text, on a light background that also works on dark pages."""

    def __init__(self, name, height, title, description):
        self.name = name
        self.items = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
            f'height="{height}" role="img" aria-labelledby="title description" '
            f'font-family="{FONT}">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="description">{escape(description)}</desc>',
            f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="14" '
            f'fill="{PAPER}" stroke="{EDGE}"/>',
        ]

    def text(self, x, y, words, size=13, fill=INK, anchor="start", weight=400, italic=False):
        style = ' font-style="italic"' if italic else ""
        self.items.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" '
            f'text-anchor="{anchor}" font-weight="{weight}"{style}>{escape(words)}</text>'
        )

    def heading(self, words, y=34, x=28):
        self.text(x, y, words, 16, INK, weight=650)

    def rect(self, x, y, width, height, fill="none", stroke="none", rx=6, opacity=1, dash=None, line=1.2):
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        alpha = f' opacity="{opacity}"' if opacity != 1 else ""
        self.items.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{rx}" '
            f'fill="{fill}" stroke="{stroke}" stroke-width="{line}"{dashes}{alpha}/>'
        )

    def line(self, x1, y1, x2, y2, stroke=INK, width=1.2, dash=None):
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.items.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" '
            f'stroke-width="{width}"{dashes}/>'
        )

    def legend(self, x, y, entries, length=34, step=23):
        """Names lines, one below the other. An entry is a stroke, width, dash and name."""
        for stroke, width, dash, words in entries:
            self.line(x, y, x + length, y, stroke, width, dash)
            self.text(x + length + 10, y + 4.5, words, 13, INK)
            y += step

    def arrow(self, x1, y1, x2, y2, stroke=INK, width=1.6, dash=None, head=7):
        angle = np.arctan2(y2 - y1, x2 - x1)
        back_x, back_y = x2 - head * np.cos(angle), y2 - head * np.sin(angle)
        self.line(x1, y1, back_x, back_y, stroke, width, dash)
        side_x, side_y = -np.sin(angle) * head * 0.55, np.cos(angle) * head * 0.55
        points = [(x2, y2), (back_x + side_x, back_y + side_y), (back_x - side_x, back_y - side_y)]
        self.polygon(points, fill=stroke)

    def polygon(self, points, fill="none", stroke="none", opacity=1, width=1.2):
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        alpha = f' opacity="{opacity}"' if opacity != 1 else ""
        self.items.append(
            f'<polygon points="{places}" fill="{fill}" stroke="{stroke}" stroke-width="{width}" '
            f'stroke-linejoin="round"{alpha}/>'
        )

    def path(self, xs, ys, stroke=ACCENT, width=2.2, dash=None):
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys))
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.items.append(
            f'<polyline points="{places}" fill="none" stroke="{stroke}" stroke-width="{width}" '
            f'stroke-linejoin="round" stroke-linecap="round"{dashes}/>'
        )

    def circle(self, x, y, radius, fill=ACCENT, stroke="none", width=1.2, opacity=1):
        alpha = f' opacity="{opacity}"' if opacity != 1 else ""
        self.items.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="{stroke}" '
            f'stroke-width="{width}"{alpha}/>'
        )

    def raw(self, text):
        self.items.append(text)

    def save(self):
        path = HERE / f"{self.name}.svg"
        path.write_text("\n".join(self.items) + "\n</svg>\n", encoding="utf-8")


class Axes:
    """The area of a plot in a figure: converts values to px."""

    def __init__(self, svg, x, y, width, height, xs, ys):
        self.svg, self.x, self.y, self.width, self.height = svg, x, y, width, height
        self.xs, self.ys = xs, ys

    def at_x(self, value):
        low, high = self.xs
        return self.x + (np.asarray(value) - low) / (high - low) * self.width

    def at_y(self, value):
        low, high = self.ys
        return self.y + self.height - (np.asarray(value) - low) / (high - low) * self.height

    def frame(self, x_ticks=(), y_ticks=(), x_label="", y_label="", size=12):
        svg = self.svg
        bottom = self.y + self.height
        for value, words in y_ticks:
            level = self.at_y(value)
            svg.line(self.x, level, self.x + self.width, level, GRID, 1)
            svg.text(self.x - 7, level + 4, words, size, MUTED, "end")
        for value, words in x_ticks:
            place = self.at_x(value)
            svg.line(place, bottom, place, bottom + 4, MUTED, 1)
            svg.text(place, bottom + 17, words, size, MUTED, "middle")
        svg.line(self.x, bottom, self.x + self.width, bottom, MUTED, 1.2)
        svg.line(self.x, self.y, self.x, bottom, MUTED, 1.2)
        if x_label:
            svg.text(self.x + self.width, bottom + 34, x_label, size, MUTED, "end")
        if y_label:
            svg.text(self.x - 7, self.y - 10, y_label, size, MUTED, "start")

    def curve(self, xs, ys, stroke=ACCENT, width=2.2, dash=None):
        self.svg.path(self.at_x(xs), self.at_y(ys), stroke, width, dash)


def mixed(share):
    """A color between the one for frozen parts and the accent color."""
    low = [int(FROZEN[i : i + 2], 16) for i in (1, 3, 5)]
    high = [int(ACCENT[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(low, high))


def softmax(logits, temperature=1.0):
    scaled = np.asarray(logits, dtype=float) / temperature
    powers = np.exp(scaled - scaled.max())
    return powers / powers.sum()


# --- the learning rate, as crates/core/src/train/schedule.rs computes it -----------------------------


def half_cosine(start, end, progress):
    return end + (start - end) / 2 * (1 + np.cos(np.pi * np.clip(progress, 0, 1)))


def learning_rate(schedule, step, total, per_epoch, warmup, peak=1.0):
    if schedule == "one-cycle":
        low, end, rise = peak / 25, peak / 25 / 1e4, 0.3
        top, last = rise * total - 1, total - 1
        if step <= top:
            return half_cosine(low, peak, step / top)
        return half_cosine(peak, end, (step - top) / (last - top))
    if step < warmup:
        return peak * (step + 1) / warmup
    step, steps = step - warmup, total - warmup
    epoch = step // per_epoch
    epochs = total // per_epoch
    return peak * {
        "constant": lambda: 1.0,
        "plateau": lambda: 1.0,
        "step": lambda: 0.1 ** (epoch // -(-epochs // 3)),
        "exponential": lambda: 0.9**epoch,
        "cosine": lambda: half_cosine(1.0, 0.0, step / steps),
    }[schedule]()


# --- figures -----------------------------------------------------------------------------------------


def network_row(svg, x, y, shares, box=62, gap=6, height=30, words=None):
    """The six parts in a row. A share of 0 is frozen, a share of 1 is trained at the full learning rate."""
    for index, share in enumerate(shares):
        left = x + index * (box + gap)
        fill = mixed(share) if share > 0 else FROZEN
        svg.rect(left, y, box, height, fill, ACCENT if share > 0 else EDGE)
        label = words[index] if words else ""
        if label:
            color = "#ffffff" if share >= 0.45 else INK
            svg.text(left + box / 2, y + height / 2 + 4.5, label, 12, color, "middle")


def strategies():
    rows = [
        ("few-shot", "head computed, nothing trained", [0, 0, 0, 0, 0, 0], ["", "", "", "", "", "means"]),
        ("probe", "only the head", [0, 0, 0, 0, 0, 1], None),
        ("last-k, K = 1", "the head and the last stage", [0, 0, 0, 0, 1, 1], None),
        ("last-k, K = 2", "the head and the last two stages", [0, 0, 0, 1, 1, 1], None),
        ("full", "everything, at one learning rate", [1] * 6, None),
        (
            "discriminative",
            "everything, early parts slower",
            [0.5**d for d in (5, 4, 3, 2, 1, 0)],
            ["1/32", "1/16", "1/8", "1/4", "1/2", "1"],
        ),
        ("l2-sp", "everything, pulled to its start", [1] * 6, "pull"),
        ("norm-only", "batch norms and the head", [0, 0, 0, 0, 0, 1], "norms"),
        ("bias-only", "biases and the head", [0, 0, 0, 0, 0, 1], "biases"),
        (
            "surgical",
            "parts with large gradients (example)",
            [0, 0.5, 1, 0.25, 0, 1],
            ["", "0.5", "1", "0.25", "", "1"],
        ),
    ]
    top, pitch = 92, 46
    svg = Svg(
        "strategies",
        top + pitch * len(rows) + 48,
        "Which parts of the network each strategy trains",
        "A table. Columns are the six parts of the network from the stem to the head, rows are the "
        "strategies. Trained parts are green, frozen parts are gray.",
    )
    svg.heading("What each strategy trains")
    left, box, gap = 300, 62, 4
    for index, part in enumerate(PARTS):
        svg.text(left + index * (box + gap) + box / 2, 70, part, 12.5, MUTED, "middle")
    for row, (name, what, shares, words) in enumerate(rows):
        y = top + row * pitch
        svg.text(28, y + 13, name, 14, INK, weight=600)
        svg.text(28, y + 30, what, 12, MUTED)
        labels = words if isinstance(words, list) else None
        network_row(svg, left, y, shares, box, gap, 30, labels)
        if words == "pull":
            for index in range(5):
                x = left + index * (box + gap)
                svg.path(
                    np.linspace(x + 12, x + box - 12, 17),
                    y + 15 + 5 * np.sin(np.linspace(0, 8 * np.pi, 17) + np.pi / 2),
                    "#ffffff",
                    1.6,
                )
        if words in ("norms", "biases"):
            for index in range(5):
                x = left + index * (box + gap)
                lines = [14, 22, 34, 42] if words == "norms" else [22, 42]
                for offset in lines:
                    svg.rect(x + offset, y + 3, 4, 24, ACCENT, rx=1)
        if name == "few-shot":
            x = left + 5 * (box + gap)
            svg.rect(x, y, box, 30, "none", ACCENT, dash="4 3", line=1.6)
    y = top + pitch * len(rows) + 18
    svg.rect(28, y - 12, 18, 14, ACCENT, rx=3)
    svg.text(52, y, "trained (number: share of the rate)", 12.5, MUTED)
    svg.rect(318, y - 12, 18, 14, FROZEN, EDGE, rx=3)
    svg.text(342, y, "frozen", 12.5, MUTED)
    svg.text(WIDTH - 28, y, "stem: input side; head: new last layer", 12.5, MUTED, "end")
    svg.save()


def timeline(svg, y, name, note, segments, epochs, rates, width=560):
    """Parts over epochs: `segments` are (first epoch, last epoch, first trained part)."""
    left, row = 118, 17
    svg.text(28, y - 12, name, 14.5, INK, weight=600)
    svg.text(WIDTH - 28, y - 12, note, 12.5, MUTED, "end")
    for index, part in enumerate(reversed(PARTS)):
        svg.text(left - 10, y + index * (row + 3) + 13, part, 12, MUTED, "end")
    x_of = lambda epoch: left + epoch / epochs * width
    for start, end, first in segments:
        for index in range(6):
            part = 5 - index
            trained = part >= first
            svg.rect(
                x_of(start) + 0.8,
                y + index * (row + 3),
                x_of(end) - x_of(start) - 1.6,
                row,
                ACCENT if trained else FROZEN,
                "none",
                rx=3,
            )
    base = y + 6 * (row + 3) + 58
    svg.text(left - 10, base - 14, "rate", 12, MUTED, "end")
    svg.line(left, base, left + width, base, MUTED, 1.1)
    for xs, ys in rates:
        svg.path([x_of(x) for x in xs], base - 46 * np.asarray(ys), ACCENT, 2)
    return base, x_of


def timelines():
    svg = Svg(
        "timelines",
        600,
        "LP-FT and gradual unfreezing over the epochs of a run",
        "Two charts of the six parts over time. In LP-FT only the head is trained for five epochs, then "
        "everything. Gradual unfreezing trains one more part in each epoch.",
    )
    svg.heading("What is trained in which epoch")
    per = 40

    # LP-FT: five epochs of only the head, then thirteen of everything.
    probe, rest = 5, 13
    head = np.arange(probe * per)
    head_rate = half_cosine(1, 0, head / (probe * per))
    whole = np.arange(rest * per)
    whole_rate = [learning_rate("cosine", s, rest * per, per, per) for s in whole]
    rates = [(head / per, head_rate), (probe + whole / per, whole_rate)]
    segments = [(0, probe, 5), (probe, probe + rest, 0)]
    base, x_of = timeline(
        svg, 86, "probe-then-full (LP-FT)", "--epochs 13, after 5 epochs of only the head",
        segments, probe + rest, rates,
    )
    for epoch in (0, 5, 10, 18):
        svg.text(x_of(epoch), base + 17, str(epoch), 12, MUTED, "middle")
    svg.text((x_of(0) + x_of(5)) / 2, base + 34, "only the head: fast", 12.5, INK, "middle")
    svg.text((x_of(5) + x_of(18)) / 2, base + 34, "everything, starting from there", 12.5, INK, "middle")

    # Gradual unfreezing: one more part in each epoch.
    total = 13
    steps = np.arange(total * per)
    rate = [learning_rate("cosine", s, total * per, per, per) for s in steps]
    segments = [(i, i + 1 if i < 5 else total, 5 - i) for i in range(6)]
    base, x_of = timeline(
        svg, 374, "gradual", "--epochs 13, one more part in each epoch", segments, total,
        [(steps / per, rate)],
    )
    for epoch in range(0, 14):
        svg.text(x_of(epoch), base + 17, str(epoch), 12, MUTED, "middle")
    svg.text((x_of(0) + x_of(13)) / 2, base + 34, "epochs", 12.5, MUTED, "middle")
    svg.save()


def cache():
    svg = Svg(
        "activation-cache",
        330,
        "The activation cache",
        "Each image passes through the frozen parts once, and the resulting activations are cached. Every "
        "epoch then runs only the trained parts, on the cached activations.",
    )
    svg.heading("The frozen parts run once, the trained parts every epoch")
    y, height = 96, 62
    svg.rect(28, y, 70, height, "#ffffff", MUTED)
    svg.text(63, y + 28, "images", 12.5, INK, "middle")
    svg.text(63, y + 46, "3 × 64 × 64", 10, MUTED, "middle")
    svg.arrow(100, y + 31, 118, y + 31)
    box, gap, x = 66, 4, 120
    for part in PARTS[:4]:
        svg.rect(x, y, box, height, FROZEN, EDGE)
        svg.text(x + box / 2, y + 36, part, 12.5, INK, "middle")
        x += box + gap
    frozen_right = x - gap
    svg.arrow(frozen_right + 3, y + 31, frozen_right + 24, y + 31)
    store = frozen_right + 26
    svg.rect(store, y - 10, 92, height + 20, "#ffffff", ACCENT, line=2)
    svg.text(store + 46, y + 22, "cache", 14, ACCENT, "middle", 650)
    svg.text(store + 46, y + 40, "256 × 4 × 4", 11, MUTED, "middle")
    svg.text(store + 46, y + 56, "8 KiB each", 11, MUTED, "middle")
    svg.arrow(store + 94, y + 31, store + 114, y + 31)
    x = store + 116
    for part in PARTS[4:]:
        svg.rect(x, y, box - 6, height, ACCENT, ACCENT)
        svg.text(x + (box - 6) / 2, y + 36, part, 12.5, "#ffffff", "middle")
        x += box - 6 + gap
    right = x - gap
    # The boundary.
    svg.line(store + 46, y - 34, store + 46, y - 14, ACCENT, 1.6, "4 3")
    svg.text(store + 46, y - 40, "before the first trained part", 12, ACCENT, "middle")
    # Brackets.
    level = y + height + 30
    svg.line(120, level, frozen_right, level, MUTED, 1.4)
    svg.text((120 + frozen_right) / 2, level + 20, "once for each image and version", 13, INK, "middle")
    svg.text((120 + frozen_right) / 2, level + 38, "no gradients, batch norms folded", 12, MUTED, "middle")
    svg.line(store + 8, level, right, level, ACCENT, 1.8)
    svg.text((store + 8 + right) / 2, level + 20, "every epoch", 13, INK, "middle")
    svg.text((store + 8 + right) / 2, level + 38, "forward, backward, step", 12, MUTED, "middle")
    # Versions.
    y = 282
    svg.text(28, y, "4 versions, used in turn:", 12.5, MUTED)
    x = 256
    for epoch in range(9):
        version = epoch % 4
        svg.rect(x, y - 15, 42, 22, mixed(0.15 + 0.25 * version), ACCENT, rx=4)
        color = "#ffffff" if version >= 2 else INK
        svg.text(x + 21, y + 1, "ABCD"[version], 12.5, color, "middle", 600)
        svg.text(x + 21, y + 24, f"epoch {epoch + 1}", 10.5, MUTED, "middle")
        x += 48
    svg.save()


def schedules():
    names = [
        ("constant", "the peak throughout"),
        ("step", "÷ 10 after each third"),
        ("exponential", "× 0.9 per epoch"),
        ("cosine", "half a cosine, the default"),
        ("one-cycle", "up, then down; own warmup"),
        ("plateau", "÷ 10 on a plateau (sketch)"),
    ]
    svg = Svg(
        "schedules",
        490,
        "The learning rate over a run of twelve epochs for each schedule",
        "Six small charts of the learning rate as a fraction of its peak. All except one-cycle begin with "
        "one epoch of warmup.",
    )
    svg.heading("Schedules: twelve epochs, one of them warmup")
    epochs, per = 12, 50
    total, warmup = epochs * per, per
    steps = np.arange(total)
    for index, (name, note) in enumerate(names):
        column, row = index % 3, index // 3
        axes = Axes(svg, 62 + column * 224, 104 + row * 206, 180, 108, (0, epochs), (0, 1.08))
        svg.text(axes.x - 8, axes.y - 30, name, 14, INK, weight=600)
        svg.text(axes.x - 8, axes.y - 12, note, 11.5, MUTED)
        axes.frame(
            [(0, "0"), (4, "4"), (8, "8"), (12, "12")], [(0, "0"), (0.5, "½"), (1, "peak")], size=11
        )
        rates = np.array([learning_rate(name, s, total, per, warmup) for s in steps])
        if name == "plateau":
            # The factor as crates/core/src/train/schedule.rs computes it, for a loss that stops falling twice.
            losses = [1.0, 0.8, 0.7, 0.66, 0.67, 0.66, 0.66, 0.6, 0.6, 0.6, 0.6, 0.59]
            scale, lowest, waited = 1.0, None, 0
            for epoch, loss in enumerate(losses):
                rates[epoch * per : (epoch + 1) * per] *= scale
                if lowest is None or loss < lowest * (1 - 1e-4):
                    lowest, waited = loss, 0
                else:
                    waited += 1
                    if waited > 2:
                        scale, waited = scale * 0.1, 0
        axes.curve(steps / per, rates)
    svg.text(WIDTH - 28, 474, "epochs", 12, MUTED, "end")
    svg.save()


def rate_finder():
    """An invented loss, smoothed and evaluated as in crates/core/src/train/rate_finder.rs."""
    steps, low, high = 100, 1e-6, 10.0
    rng = np.random.default_rng(4)
    points = []
    lowest = np.inf
    raw = 0.0
    for step in range(steps):
        rate = low * np.exp(step / (steps - 1) * np.log(high / low))
        place = np.log10(rate)
        fall = 1.75 / (1 + np.exp(-2.1 * (place + 2.35)))
        blow = np.exp(4.2 * (place + 0.55)) if place > -2 else 0.0
        loss = 2.3 - fall + blow + rng.normal(0, 0.07)
        raw = 0.9 * raw + 0.1 * loss
        smooth = raw / (1 - 0.9 ** (step + 1))
        points.append((rate, loss, smooth))
        lowest = min(lowest, smooth)
        if smooth > 4 * lowest:
            break
    rates, losses, smooth = map(np.array, zip(*points))
    window = smooth[steps // 10 : len(smooth) - 5]
    lengths = np.ones(len(window), dtype=int)
    for at in range(len(window)):
        for before in range(at):
            if window[before] - window[at] > 1e-6 * abs(window[before]):
                lengths[at] = max(lengths[at], lengths[before] + 1)
    # The last of equals, as Rust's max_by_key.
    last = len(lengths) - 1 - int(np.argmax(lengths[::-1]))
    first = max(last - lengths[last], 0)
    place = first + (last - first) // 3 + (last - first) // 6 + steps // 10
    svg = Svg(
        "rate-finder",
        390,
        "The curve of a learning-rate finder (sketch)",
        "The loss by learning rate on a logarithmic scale: flat at first, then falling, then diverging. The "
        "suggested rate is halfway along the fall.",
    )
    svg.heading("Learning-rate finder: one step per learning rate (sketch)")
    axes = Axes(svg, 66, 74, 620, 250, (-6, 1), (0, 4))
    axes.frame(
        [(e, label) for e, label in zip(range(-6, 2), ["0.000001", "0.00001", "0.0001", "0.001", "0.01", "0.1", "1", "10"])],
        [(v, str(v)) for v in range(5)],
        "learning rate",
        "loss",
    )
    logs = np.log10(rates)
    svg.raw(f'<clipPath id="plot"><rect x="66" y="74" width="620" height="250"/></clipPath>')
    svg.raw('<g clip-path="url(#plot)">')
    for log, loss in zip(logs, losses):
        svg.circle(float(axes.at_x(log)), float(axes.at_y(loss)), 2, "#a9b3b1")
    axes.curve(logs, smooth, ACCENT, 2.6)
    svg.raw("</g>")
    for edge in (first + steps // 10, last + steps // 10):
        x = float(axes.at_x(logs[edge]))
        svg.line(x, float(axes.at_y(smooth[edge])) - 12, x, float(axes.at_y(smooth[edge])) + 12, MUTED, 1.4)
    x, y = float(axes.at_x(logs[place])), float(axes.at_y(smooth[place]))
    svg.line(x, y, x, 324, ACCENT, 1.4, "4 3")
    svg.circle(x, y, 6, PAPER, ACCENT, 2.4)
    svg.text(x - 14, y + 44, "suggested:", 13, ACCENT, "end", 600)
    svg.text(x - 14, y + 61, "halfway along the fall", 13, ACCENT, "end")
    svg.text(float(axes.at_x(-5.1)), float(axes.at_y(2.75)), "too low: the loss stays the same", 12.5, MUTED)
    svg.text(float(axes.at_x(-0.62)), float(axes.at_y(3.55)), "too high: the loss diverges", 12.5, MUTED, "end")
    svg.text(float(axes.at_x(-5.9)), float(axes.at_y(0.3)), "dots: single steps; line: moving average", 12.5, MUTED)
    svg.save()


def search():
    svg = Svg(
        "search",
        500,
        "Three search methods",
        "Top: nine trials on a grid and nine random ones, over a hyperparameter that matters and one that "
        "does not. Bottom: successive halving with twelve, four and one trials.",
    )
    svg.heading("Grid search and random search: nine trials each")
    rng = np.random.default_rng(7)
    peak = lambda x: np.exp(-(((x - 0.62) / 0.13) ** 2))
    xs = np.linspace(0, 1, 200)
    # One random point in each ninth, so that few of them overlap.
    random_x = (np.arange(9) + rng.uniform(0.15, 0.85, 9)) / 9
    random_y = 0.05 + 0.9 * (rng.permutation(9) + rng.uniform(0.15, 0.85, 9)) / 9
    grid = np.array([1 / 6, 1 / 2, 5 / 6])
    plots = [
        ("grid", np.repeat(grid, 3), np.tile(grid, 3), "3 values of each"),
        ("random", random_x, random_y, "9 values of each"),
    ]
    for index, (name, px, py, note) in enumerate(plots):
        x0, y0, size = 84 + index * 326, 112, 116
        width = 220
        for value in px:
            svg.line(x0 + value * width, y0 - 6, x0 + value * width, y0 + size, GRID, 1.2)
        svg.path(x0 + xs * width, y0 - 6 - 34 * peak(xs), ACCENT, 2)
        for value in sorted(set(px)):
            svg.circle(x0 + value * width, y0 - 6 - 34 * peak(value), 3.2, ACCENT)
        svg.rect(x0, y0, width, size, "none", MUTED, rx=2)
        for vx, vy in zip(px, py):
            svg.circle(x0 + vx * width, y0 + vy * size, 4.5, PAPER, INK, 1.6)
        svg.text(x0, y0 + size + 18, f"{name}: {note}", 12.5, INK)
        svg.text(x0 + width, y0 + size + 34, "one that matters, such as the learning rate →", 11.5, MUTED, "end")
    svg.line(28, 292, WIDTH - 28, 292, GRID, 1.2)
    svg.heading("Successive halving: 12 trials, longest runs of 8 epochs", 322)
    rows = [(12, 1, "1 epoch each"), (4, 3, "3 epochs each"), (1, 8, "8 epochs")]
    center = 330
    for index, (count, epochs, words) in enumerate(rows):
        y = 344 + index * 46
        pitch = 38
        left = center - count * pitch / 2
        for trial in range(count):
            svg.rect(left + trial * pitch + 3, y, pitch - 6, 24, mixed(0.25 + 0.375 * index), ACCENT, rx=5)
        svg.text(WIDTH - 28, y + 17, words, 13, INK, "end")
        if index < 2:
            svg.arrow(center, y + 27, center, y + 43, MUTED, 1.4)
            svg.text(center + 14, y + 40, "the best third is trained again, for longer", 12, MUTED)
    svg.text(28, 488, "12 × 1 + 4 × 3 + 1 × 8 = 32 epochs, sometimes a few more. Twelve full runs would take 96.", 12.5, MUTED)
    svg.save()


def overfitting():
    svg = Svg(
        "overfitting",
        380,
        "Overfitting in the loss curves (sketch)",
        "The training loss keeps falling. The validation loss falls, then rises again. The best epoch is "
        "where it is lowest. With a patience of five, the run ends five epochs later.",
    )
    svg.heading("What overfitting looks like (sketch)")
    axes = Axes(svg, 66, 74, 600, 240, (0, 30), (0, 2.2))
    epochs = np.arange(1, 31)
    training = 2.05 * np.exp(-epochs / 6.2) + 0.03
    validation = 2.0 * np.exp(-epochs / 5.2) + 0.5 + 0.033 * np.maximum(epochs - 7, 0) ** 1.06
    best = int(np.argmin(validation))
    stop = best + 5
    axes.frame([(e, str(e)) for e in range(0, 31, 5)], [(0, "0"), (1, "1"), (2, "2")], "epoch", "loss")
    x_best, x_stop = float(axes.at_x(epochs[best])), float(axes.at_x(epochs[stop]))
    svg.rect(x_stop, axes.y, axes.x + axes.width - x_stop, axes.height, FROZEN, rx=0, opacity=0.6)
    axes.curve(epochs, training, MUTED, 2.2, "6 4")
    axes.curve(epochs, validation, ACCENT, 2.6)
    svg.line(x_best, axes.y + 30, x_best, axes.y + axes.height, ACCENT, 1.4, "4 3")
    svg.circle(x_best, float(axes.at_y(validation[best])), 5.5, PAPER, ACCENT, 2.4)
    svg.text(x_best, axes.y + 22, "best epoch: kept", 13, ACCENT, "middle", 600)
    svg.line(x_stop, axes.y, x_stop, axes.y + axes.height, MUTED, 1.2)
    svg.text(x_stop + 8, axes.y + 22, "--patience 5 ends here", 13, INK)
    svg.text(float(axes.at_x(30)), float(axes.at_y(validation[-1])) - 10, "validation", 13, ACCENT, "end", 600)
    svg.text(float(axes.at_x(30)), float(axes.at_y(training[-1])) - 12, "training", 13, MUTED, "end", 600)
    svg.arrow(float(axes.at_x(24.5)), float(axes.at_y(0.2)), float(axes.at_x(24.5)), float(axes.at_y(1.02)), MUTED, 1.3)
    svg.text(float(axes.at_x(24.2)), float(axes.at_y(0.55)), "memorized", 12.5, MUTED, "end")
    svg.save()


def star(x, y, radius, fill):
    points = []
    for corner in range(10):
        r = radius if corner % 2 == 0 else radius * 0.45
        angle = -np.pi / 2 + corner * np.pi / 5
        points.append(f"{x + r * np.cos(angle):.1f},{y + r * np.sin(angle):.1f}")
    return f'<polygon points="{" ".join(points)}" fill="{fill}"/>'


def star_image(x, y, side):
    return (
        f'<rect x="{x}" y="{y}" width="{side}" height="{side}" fill="#cfe3dc"/>'
        + star(x + side / 2, y + side / 2 + 4, side * 0.4, ACCENT)
    )


def ring_image(x, y, side):
    return (
        f'<rect x="{x}" y="{y}" width="{side}" height="{side}" fill="#f3e6cf"/>'
        f'<circle cx="{x + side / 2}" cy="{y + side / 2}" r="{side * 0.3}" fill="none" '
        f'stroke="#9a6a1f" stroke-width="{side * 0.13:.1f}"/>'
    )


def label_bars(svg, x, y, width, star_share):
    for row, (name, share, fill) in enumerate(
        [("star", star_share, ACCENT), ("ring", 1 - star_share, "#9a6a1f")]
    ):
        level = y + row * 24
        svg.text(x, level + 12, name, 12.5, INK)
        svg.rect(x + 36, level, width - 80, 15, FROZEN, rx=3)
        if share > 0:
            svg.rect(x + 36, level, (width - 80) * share, 15, fill, rx=3)
        svg.text(x + width, level + 12, f"{100 * share:.0f} %", 12.5, INK, "end")


def mixing():
    svg = Svg(
        "mixing",
        330,
        "MixUp and CutMix",
        "Two images, a star and a ring: MixUp blends them, CutMix pastes a part of one into the other. The "
        "targets are mixed in the same proportion.",
    )
    svg.heading("Two images become one, and so do their targets")
    side, y = 124, 82
    places = [28, 172, 372, 558]
    titles = ["image", "partner", "MixUp, λ = 0.7", "CutMix, λ = 0.7"]
    for x, title in zip(places, titles):
        svg.text(x, y - 12, title, 13, INK, weight=600)
    svg.raw(star_image(places[0], y, side))
    svg.raw(ring_image(places[1], y, side))
    svg.arrow(312, y + side / 2, 354, y + side / 2, MUTED, 1.8)
    # MixUp: 0.7 of the first and 0.3 of the second.
    svg.raw(star_image(places[2], y, side))
    svg.raw(f'<g opacity="0.3">{ring_image(places[2], y, side)}</g>')
    # CutMix: a square patch of 0.3 of the area.
    svg.raw(star_image(places[3], y, side))
    patch = side * np.sqrt(0.3)
    svg.raw(
        f'<clipPath id="patch"><rect x="{places[3] + 40:.1f}" y="{y + 12:.1f}" width="{patch:.1f}" '
        f'height="{patch:.1f}"/></clipPath>'
        f'<g clip-path="url(#patch)">{ring_image(places[3], y, side)}</g>'
    )
    svg.rect(places[3] + 40, y + 12, patch, patch, "none", "#ffffff", rx=0, line=1.4)
    for x in places:
        svg.rect(x, y, side, side, "none", MUTED, rx=0, line=1)
    for x, share in zip(places, [1.0, 0.0, 0.7, 0.7]):
        label_bars(svg, x, y + side + 20, side + 8, share)
    svg.text(28, 306, "λ is drawn from Beta(alpha, alpha) for each batch. CutMix recomputes it from the pasted area.", 12.5, MUTED)
    svg.save()


def averaging():
    """A noisy weight, its moving average with the engine's decay, and the mean over epochs."""
    steps, per, decay = 300, 20, 0.95
    rng = np.random.default_rng(3)
    center = 1 - 0.9 * (1 - np.exp(-np.arange(steps) / 60))
    noise = np.zeros(steps)
    for step in range(1, steps):
        noise[step] = 0.72 * noise[step - 1] + rng.normal(0, 0.085)
    weight = center + noise
    average, moving = weight[0], []
    for step in range(steps):
        keep = min(decay, (1 + step) / (10 + step))
        average = keep * average + (1 - keep) * weight[step]
        moving.append(average)
    ends = np.arange(per, steps + 1, per)
    start = 0.5
    counted = ends[int(start * len(ends)) :]
    means = [weight[counted[: i + 1] - 1].mean() for i in range(len(counted))]
    svg = Svg(
        "averaging",
        350,
        "One weight over the steps of a run, and its averages (sketch)",
        "The weight itself is noisy. Its moving average is smooth. The mean of the weights at the ends of the "
        "last epochs is a stepped line that settles in the middle of the noise.",
    )
    svg.heading("One weight of the network, and its averages (sketch)")
    axes = Axes(svg, 48, 70, 640, 210, (0, steps), (-0.35, 1.25))
    axes.frame([(i * per * 5, str(i * 5)) for i in range(4)], [], "epochs", "")
    axes.curve(np.arange(steps), weight, "#b3bab8", 1.4)
    axes.curve(np.arange(steps), moving, ACCENT, 2.6)
    xs = np.repeat(np.append(counted, steps), 2)[1:-1]
    axes.curve(xs, np.repeat(means, 2)[: len(xs)], INK, 2.2, "5 4")
    for end, value in zip(counted, weight[counted - 1]):
        svg.circle(float(axes.at_x(end)), float(axes.at_y(value)), 3, PAPER, INK, 1.4)
    entries = [
        ("#b3bab8", 2.6, None, "the weight after each step"),
        (ACCENT, 2.6, None, "moving average (--ema-decay)"),
        (INK, 2.6, "5 4", "mean over epochs (--swa-start 0.5)"),
    ]
    svg.legend(396, 90, entries, length=32, step=22)
    svg.save()


def loss_of_classes():
    svg = Svg(
        "focal-loss",
        390,
        "Cross-entropy and focal loss over the probability of the true class",
        "Curves of the loss. The larger gamma is, the sooner the loss of well-classified images approaches "
        "zero.",
    )
    svg.heading("Focal loss: well-classified images count less")
    axes = Axes(svg, 60, 74, 620, 250, (0, 1), (0, 4))
    axes.frame(
        [(v, f"{v:g}") for v in (0, 0.2, 0.4, 0.6, 0.8, 1.0)],
        [(v, str(v)) for v in range(5)],
        "probability p of the true class",
        "loss",
    )
    x0 = float(axes.at_x(0.6))
    svg.rect(x0, 74, float(axes.at_x(1)) - x0, 250, PALE, rx=0, opacity=0.35)
    svg.text(x0 + 10, 92, "well classified", 12.5, MUTED)
    probability = np.linspace(np.exp(-4), 1, 300)
    curves = [(0, INK, 2.4, None), (1, ACCENT, 1.6, "3 4"), (2, ACCENT, 2.8, None), (5, ACCENT, 1.6, "8 4")]
    for gamma, stroke, width, dash in curves:
        loss = -((1 - probability) ** gamma) * np.log(probability)
        axes.curve(probability, loss, stroke, width, dash)
    names = ["cross-entropy: −log p", "focal, gamma 1", "focal, gamma 2 (as in the paper)", "focal, gamma 5"]
    svg.legend(330, 128, [(*style, name) for (_, *style), name in zip(curves, names)])
    svg.save()


def loss_of_numbers():
    svg = Svg(
        "huber-loss",
        390,
        "Squared error and Huber loss over the error",
        "The squared error grows quadratically. The Huber loss is half the square up to delta, and linear "
        "beyond it.",
    )
    svg.heading("Huber loss: squared near zero, linear beyond delta")
    axes = Axes(svg, 60, 74, 620, 250, (-4, 4), (0, 8))
    axes.frame(
        [(v, str(v)) for v in range(-4, 5)],
        [(v, str(v)) for v in (0, 2, 4, 6, 8)],
        "error, in standard deviations",
        "loss",
    )
    error = np.linspace(-4, 4, 401)
    inside = np.abs(error) <= np.sqrt(8)
    axes.curve(error[inside], error[inside] ** 2, INK, 2.2, "6 4")
    for delta, width, dash in [(1.0, 2.8, None), (2.0, 1.6, "3 4")]:
        bounded = np.minimum(np.abs(error), delta)
        axes.curve(error, bounded * (np.abs(error) - bounded / 2), ACCENT, width, dash)
    for edge in (-1, 1):
        x = float(axes.at_x(edge))
        svg.line(x, 250, x, 324, MUTED, 1.1, "3 3")
    svg.text(float(axes.at_x(1)) + 8, 319, "delta = 1", 12, MUTED)
    entries = [
        (INK, 2.2, "6 4", "squared error: e²"),
        (ACCENT, 2.8, None, "Huber, delta 1 (default)"),
        (ACCENT, 1.6, "3 4", "Huber, delta 2"),
    ]
    svg.legend(270, 100, entries)
    svg.save()


def multi_task():
    svg = Svg(
        "multi-task",
        380,
        "Several heads on one backbone",
        "An image passes through a shared backbone. Three heads use the same features: one for a class, one "
        "for labels, one for a number. The loss is the weighted sum of their losses.",
    )
    svg.heading("One backbone, one head per column")
    y = 108
    svg.rect(28, y + 34, 74, 62, "#ffffff", MUTED)
    svg.text(65, y + 70, "image", 13, INK, "middle")
    svg.arrow(104, y + 65, 124, y + 65)
    svg.rect(126, y, 134, 130, FROZEN, MUTED)
    svg.text(193, y + 52, "backbone", 15, INK, "middle", 600)
    svg.text(193, y + 72, "stem, layer1 – 4", 12, MUTED, "middle")
    svg.text(193, y + 90, "shared by all", 12, MUTED, "middle")
    svg.arrow(262, y + 65, 280, y + 65)
    svg.rect(282, y + 40, 76, 50, "#ffffff", ACCENT, line=1.8)
    svg.text(320, y + 62, "features", 12.5, INK, "middle")
    svg.text(320, y + 79, "512", 12, MUTED, "middle")
    heads = [
        ("breed", "class: softmax", "cross-entropy"),
        ("tags", "labels: one sigmoid each", "binary cross-entropy"),
        ("age", "a number", "Huber"),
    ]
    for index, (name, kind, loss) in enumerate(heads):
        level = 66 + index * 84
        svg.arrow(360, y + 65, 390, level + 32, ACCENT, 1.6)
        svg.rect(392, level, 142, 64, ACCENT, ACCENT)
        svg.text(463, level + 27, f"head “{name}”", 13, "#ffffff", "middle", 600)
        svg.text(463, level + 46, kind, 11, "#ffffff", "middle")
        svg.arrow(536, level + 32, 556, level + 32, INK, 1.4)
        svg.text(562, level + 29, f"loss L{'₁₂₃'[index]}", 13, INK)
        svg.text(562, level + 46, loss, 11.5, MUTED)
    svg.line(28, 320, WIDTH - 28, 320, GRID)
    svg.text(28, 346, "total  =  w₁ · L₁  +  w₂ · L₂  +  w₃ · L₃", 15, INK, weight=600)
    svg.text(WIDTH - 28, 346, "weights: equal, given, or learned", 13, MUTED, "end")
    svg.save()


def distillation():
    svg = Svg(
        "distillation",
        440,
        "Teacher and student",
        "At temperature 1, nearly all of the teacher's probability is on one class. At temperature 4, the "
        "other classes become visible. The student learns to predict the same softened probabilities.",
    )
    svg.heading("The student also learns the probabilities of the other classes")
    classes = ["cat", "dog", "fox", "car"]
    logits = [9.0, 6.0, 5.0, -3.0]
    # Teacher and student.
    y = 70
    svg.rect(28, y + 40, 66, 56, "#ffffff", MUTED)
    svg.text(61, y + 73, "image", 12.5, INK, "middle")
    svg.arrow(96, y + 60, 132, y + 30)
    svg.arrow(96, y + 76, 132, y + 108)
    svg.rect(134, y, 132, 58, FROZEN, MUTED)
    svg.text(200, y + 27, "teacher", 14, INK, "middle", 600)
    svg.text(200, y + 44, "large, trained, frozen", 11.5, MUTED, "middle")
    svg.rect(134, y + 84, 132, 48, ACCENT, ACCENT)
    svg.text(200, y + 105, "student", 14, "#ffffff", "middle", 600)
    svg.text(200, y + 122, "small, in training", 11.5, "#ffffff", "middle")
    svg.arrow(268, y + 28, 316, y + 28)
    svg.arrow(268, y + 108, 316, y + 108)
    svg.text(322, y + 32, "÷ T, softmax", 13, INK)
    svg.text(322, y + 112, "÷ T, softmax", 13, INK)
    svg.arrow(412, y + 28, 452, y + 56, MUTED)
    svg.arrow(412, y + 108, 452, y + 82, ACCENT)
    svg.text(460, y + 66, "distillation loss", 13.5, INK, weight=600)
    svg.text(460, y + 84, "T² · KL, weighted by w", 12.5, MUTED)
    svg.arrow(268, y + 124, 452, y + 140, ACCENT, 1.4)
    svg.text(460, y + 140, "loss of the true class, where known", 12.5, INK)
    svg.text(460, y + 157, "cross-entropy, weighted by 1 − w", 12.5, MUTED)
    # Bars.
    svg.line(28, 244, WIDTH - 28, 244, GRID)
    for index, (temperature, words) in enumerate([(1.0, "T = 1: almost only “cat”"), (4.0, "T = 4: similar to a dog, not to a car")]):
        x, top = 40 + index * 346, 282
        svg.text(x - 12, top - 14, words, 13, INK, weight=600)
        for row, (name, share) in enumerate(zip(classes, softmax(logits, temperature))):
            level = top + row * 32
            svg.text(x + 22, level + 15, name, 13, INK, "end")
            svg.rect(x + 32, level, 220, 20, FROZEN, rx=3)
            svg.rect(x + 32, level, max(220 * share, 1), 20, ACCENT, rx=3)
            svg.text(x + 262, level + 15, f"{100 * share:.1f} %", 12.5, INK)
    svg.text(28, 424, "Logits of this example: cat 9, dog 6, fox 5, car −3.", 12, MUTED)
    svg.save()


def class_means():
    """Points of three classes, the direction of each class from the center, and the boundaries between them."""
    svg = Svg(
        "class-means",
        440,
        "Nearest class mean in the plane (sketch)",
        "Points of three classes around their common center. For each class, an arrow points from the center "
        "in the direction of its mean. A new image is assigned to the class whose direction is closest.",
    )
    svg.heading("few-shot: each class is a direction (sketch with 2 of 512 features)")
    rng = np.random.default_rng(11)
    middles = np.array([[-1.5, 0.9], [1.6, 1.1], [0.15, -1.7]])
    names = ["cats", "dogs", "foxes"]
    points = [middle + rng.normal(0, 0.38, (5, 2)) for middle in middles]
    center = np.concatenate(points).mean(axis=0)
    directions = []
    for own in points:
        unit = (own - center) / np.linalg.norm(own - center, axis=1, keepdims=True)
        mean = unit.mean(axis=0)
        directions.append(mean / np.linalg.norm(mean))
    scale, left, top = 70, 248, 226
    x_of = lambda p: left + scale * p[0]
    y_of = lambda p: top - scale * p[1]
    # Sectors: for each angle, the class whose direction is closest by cosine similarity.
    angles = np.linspace(0, 2 * np.pi, 721)
    rays = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    best = np.argmax(rays @ np.array(directions).T, axis=1)
    fills = [PALE, "#f3e6cf", "#e3e4ee"]
    inks = [ACCENT, "#9a6a1f", "#55598a"]
    svg.raw('<clipPath id="plane"><rect x="28" y="56" width="440" height="352" rx="8"/></clipPath>')
    svg.raw('<g clip-path="url(#plane)">')
    start = 0
    for index in range(1, len(angles) + 1):
        if index == len(angles) or best[index] != best[start]:
            arc = rays[start : min(index + 1, len(angles))]
            outline = [center] + [center + 6 * ray for ray in arc]
            svg.polygon([(x_of(p), y_of(p)) for p in outline], fills[best[start]])
            start = index
    for own, ink in zip(points, inks):
        for point in own:
            svg.circle(x_of(point), y_of(point), 5, ink)
    for direction, ink, name in zip(directions, inks, names):
        tip = center + 1.25 * direction
        svg.arrow(x_of(center), y_of(center), x_of(tip), y_of(tip), ink, 2.4, head=9)
    svg.raw("</g>")
    svg.circle(x_of(center), y_of(center), 5, INK)
    svg.rect(28, 56, 440, 352, "none", MUTED, rx=8)
    for (dx, dy), name, ink in zip([(-2.5, 1.85), (2.5, 1.95), (-1.3, -2.2)], names, inks):
        svg.text(left + scale * dx, top - scale * dy, name, 14, ink, "middle", 650)
    new = np.array([1.9, -0.05])
    svg.circle(x_of(new), y_of(new), 7, PAPER, INK, 2.2)
    svg.text(x_of(new), y_of(new) + 4, "?", 11, INK, "middle", 700)
    winner = names[int(np.argmax(directions @ (new - center)))]
    y = 92
    for words, size, fill, weight in [
        ("Dots", 13, INK, 600),
        ("the features of the images", 12.5, MUTED, 400),
        ("", 6, MUTED, 400),
        ("Black dot", 13, INK, 600),
        ("the mean of all features", 12.5, MUTED, 400),
        ("", 6, MUTED, 400),
        ("Arrows", 13, INK, 600),
        ("the mean direction of each class", 12.5, MUTED, 400),
        ("", 6, MUTED, 400),
        ("Areas", 13, INK, 600),
        ("which class a new image", 12.5, MUTED, 400),
        ("is assigned to", 12.5, MUTED, 400),
        ("", 6, MUTED, 400),
        ("The new image “?”", 13, INK, 600),
        (f"is assigned to the {winner}.", 13, INK, 600),
    ]:
        svg.text(488, y, words, size, fill, weight=weight)
        y += 19 if size > 6 else 10
    svg.save()


def imbalance():
    """An epoch of 90 images, 80 of one class and 10 of another, with and without balanced sampling."""
    svg = Svg(
        "imbalance",
        250,
        "Eighty cats and ten dogs, with and without balanced sampling",
        "In a normal epoch, the network sees eighty cats and ten dogs. With balanced sampling it sees "
        "forty-five of each: every dog four or five times, no cat twice.",
    )
    svg.heading("An epoch of 80 cats and 10 dogs")
    for index, (name, cats, dogs, note) in enumerate(
        [
            ("default", 80, 10, "each image once"),
            ("--balanced-sampling", 45, 45, "each dog 4 or 5 times, 45 of the cats once"),
        ]
    ):
        y = 76 + index * 86
        svg.text(28, y, name, 14, INK, weight=600)
        svg.text(WIDTH - 28, y, note, 12.5, MUTED, "end")
        width = 664
        share = cats / (cats + dogs)
        svg.rect(28, y + 12, width * share - 2, 30, FROZEN, MUTED, rx=4)
        svg.rect(28 + width * share + 2, y + 12, width * (1 - share) - 2, 30, ACCENT, ACCENT, rx=4)
        svg.text(28 + width * share / 2, y + 32, f"{cats} cats", 13, INK, "middle")
        svg.text(28 + width * (share + (1 - share) / 2), y + 32, f"{dogs} dogs", 13, "#ffffff", "middle")
    weights = [90 / 2 / 80, 90 / 2 / 10]
    svg.text(
        28, 232,
        f"With --class-weights balanced the epoch stays the same, but a cat counts {weights[0]:.2f} and a dog {weights[1]:.1f} in the loss.",
        12.5, MUTED,
    )
    svg.save()


if __name__ == "__main__":
    for draw in [
        strategies, timelines, cache, schedules, rate_finder, search, overfitting, mixing, averaging,
        loss_of_classes, loss_of_numbers, multi_task, distillation, class_means, imbalance,
    ]:
        draw()
