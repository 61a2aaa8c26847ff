#!/usr/bin/env python3
"""What `tutti plan` foretells beside what trainings then take.

    docs/benchmarks/plan.py PHOTOS [--only lite0-2x1 …]

PHOTOS has splits and a few thousand photos. Each row is planned for by itself and then run by the settings of the
arrangement; nothing in the plan was fitted to them. Time is the whole process's, from its start to its end; memory the peak
of the rank with the most. Needs two cores that do nothing else, mpirun, and the weights of launch/get-weights lite0;
writes a table of Markdown on standard output.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TUTTI = os.environ.get("TUTTI", str(ROOT / ".build/release/tutti"))
LITE0 = ["--recipe", str(ROOT / "launch/recipes/photos-lite0.yaml")]
RESNET = ["--recipe", str(ROOT / "launch/recipes/photos-resnet18.yaml")]


def sets(**keys):
    """training__epochs=1 as --set training.epochs=1."""
    return [word for key, value in keys.items()
            for word in ("--set", f"{key.replace('__', '.').replace('_', '-')}={value}")]


# Name: cores, ranks, threads, micro-batch, folds and how many at a time, options of both.
ROWS = {
    "lite0-1x1": (1, 1, 1, 16, None, LITE0 + sets(training__epochs=1)),
    "lite0-1x2": (2, 1, 2, 16, None, LITE0 + sets(training__epochs=1)),
    "lite0-2x1": (2, 2, 1, 16, None, LITE0 + sets(training__epochs=2)),
    "lite0-micro8": (2, 2, 1, 8, None, LITE0 + sets(training__epochs=1)),
    "resnet18-1x2": (2, 1, 2, 16, None, RESNET + sets(model__image_size=112, training__max_steps=20)),
    "resnet18-2x1": (2, 2, 1, 16, None, RESNET + sets(model__image_size=112, training__max_steps=20)),
    "mobilenet-2x1": (2, 2, 1, 32, None, RESNET + sets(
        model__name="mobilenetv3-small", model__image_size=96, training__epochs=1)),
    "lite0-sizes": (2, 2, 1, 16, None, LITE0 + sets(
        resize_schedule="[{from-epoch: 0, size: 96}, {from-epoch: 1, size: 160}]", training__epochs=2)),
    "lite0-folds": (2, 2, 1, 16, (3, 2), LITE0 + sets(model__image_size=96, training__epochs=1)),
}


def plan(photos, cores, ranks, threads, micro, folds, options):
    command = [TUTTI, "plan", photos, "--cores", str(cores), "--json"] + options
    if folds:
        command += ["--folds", str(folds[0])]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    wanted = {"hosts": 1, "ranks_per_host": ranks, "threads": threads, "micro_batch": micro,
              "teams": folds[1] if folds else 1}
    return next(one for one in found["recipes"][0]["fitting"] if one["arrangement"] == wanted)


def train(photos, folder, cores, ranks, threads, micro, folds, options):
    command = ["mpirun", "-n", str(ranks), "--oversubscribe", "--bind-to", "none"]
    if cores == 1:
        command = ["taskset", "-c", "0"] + command
    command += [TUTTI, "crossval" if folds else "train", "--data", photos, "--run", folder]
    if folds:
        command += ["--folds", str(folds[0]), "--parallel-folds", str(folds[1])]
    command += options + sets(training__micro_batch=micro, training__threads=threads)
    start = time.monotonic()
    run = subprocess.Popen(command, stdout=sys.stderr)
    peak = 0
    while run.poll() is None:
        peak = max([peak] + [peak_memory(status) for status in statuses(folder)])
        time.sleep(0.05)
    if run.returncode != 0:
        sys.exit(f"{command} ended with {run.returncode}")
    return time.monotonic() - start, peak


def statuses(word):
    """/proc/PID/status of each rank: of tutti, with this word on its command line."""
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            if words[0] == TUTTI.encode() and word.encode() in words:
                yield (process / "status").read_text()
        except OSError:
            pass  # It has ended.


def peak_memory(status):
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos")
    parser.add_argument("--only", nargs="*", choices=ROWS, default=list(ROWS))
    options = parser.parse_args()
    print("| run | foretold | taken | | foretold | taken | |\n|---|---|---|---|---|---|---|")
    for name in options.only:
        row = ROWS[name]
        told = plan(options.photos, *row)
        with tempfile.TemporaryDirectory() as folder:
            seconds, peak = train(options.photos, f"{folder}/run", *row)
        memory = told["rank_memory_bytes"]
        print(f"| {name} | {told['seconds']:.1f} s | {seconds:.1f} s | {told['seconds'] / seconds:.2f}"
              f" | {memory / 1e6:.0f} MB | {peak / 1e6:.0f} MB | {memory / max(1, peak):.2f} |", flush=True)


if __name__ == "__main__":
    main()
