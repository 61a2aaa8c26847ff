"""Draws fine-tunings of Tutti and PyTorch, and prints the table of their test scores.

    venv/bin/python docs/benchmarks/transfer_plot.py LOGS PLOT.svg

LOGS holds, for seeds N and for `scratch`, the run from random values, `torch-N.jsonl` (transfer_torch.py's
log) and `tutti-N.jsonl`: the epochs of a run's metrics, then what `tutti evaluate --json` printed:

    grep '"kind":"epoch"' RUN/metrics.jsonl > LOGS/tutti-N.jsonl
    launch/local evaluate --model RUN --split test --json >> LOGS/tutti-N.jsonl

Needs matplotlib.
"""

import json
import pathlib
import statistics
import sys

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "tutti"  # The same bytes for the same logs.
from matplotlib import pyplot  # noqa: E402

COLOURS = {"tutti": "tab:blue", "torch": "tab:orange"}
NAMES = {"tutti": "Tutti", "torch": "PyTorch and timm"}


def read(path):
    """Macro F1 on the validation photos after each epoch, and the scores of the test photos."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    epochs = [line["validation"]["macro_f1"] for line in lines if "validation" in line]
    return epochs, lines[-1].get("test", lines[-1])


def main():
    logs, plot = pathlib.Path(sys.argv[1]), sys.argv[2]
    found = {}
    for path in sorted(logs.glob("*.jsonl")):
        program, run = path.stem.split("-")
        found.setdefault(program, {})[run] = read(path)
    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    print("| | seed | test accuracy | test macro F1 |\n|---|---|---:|---:|")
    for program, runs in found.items():
        for run, (epochs, test) in runs.items():
            scratch = run == "scratch"
            axes.plot(
                range(1, len(epochs) + 1), epochs, marker="o", markersize=3, color=COLOURS[program],
                linestyle="--" if scratch else "-", alpha=1 if scratch else 0.6)
            name = "1, from random values" if scratch else run
            print(f"| {NAMES[program]} | {name} | {test['accuracy']:.4f} | {test['macro_f1']:.4f} |")
        tests = [test for run, (_, test) in runs.items() if run != "scratch"]
        means = [statistics.mean(test[key] for test in tests) for key in ("accuracy", "macro_f1")]
        print(f"| {NAMES[program]} | mean of {len(tests)} | {means[0]:.4f} | {means[1]:.4f} |")
        axes.plot([], [], color=COLOURS[program], label=f"{NAMES[program]}, ImageNet's weights")
        if "scratch" in runs:
            axes.plot(
                [], [], color=COLOURS[program], linestyle="--",
                label=f"{NAMES[program]}, random values")
    axes.set(
        xlabel="epoch", ylabel="macro F1, validation photos", ylim=(0, 1),
        title="EfficientNet-Lite0 on 3,068 clothing photos, 160 pixels")
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")
    figure.tight_layout()
    figure.savefig(plot, metadata={"Date": None})


if __name__ == "__main__":
    main()
