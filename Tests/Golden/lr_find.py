"""Golden values of lr-find: fastai's smoothed losses and suggestions, of losses that are made up.

`valley` and `steep` are fastai's own functions, and what surrounds them is as in its `lr_find`: the first tenth of the
steps and the last five are left out. `pip install --no-deps fastai==2.8.2` (or a folder on PYTHONPATH) is enough, for the functions
are taken out of the file without importing the package.

lr_find.json: a list of objects with

losses [n]          of each step, before smoothing
learning_rates [n]  1e-7 ⋅ (10 / 1e-7)^(step / 100)
smoothed [n]        AvgSmoothLoss with beta 0.98
stops               the number of steps after which LRFinder would stop: at 4 times the best, or n
valley, steep       the suggested learning rates of all n steps
"""

import ast
import importlib.util
import json
import math
import pathlib

import torch

STEPS = 100
BETA = 0.98


def functions(*names):
    root = importlib.util.find_spec("fastai").submodule_search_locations[0]
    source = (pathlib.Path(root) / "callback" / "schedule.py").read_text()
    tree = ast.parse(source)
    tree.body = [
        node for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name in names]
    space = {}
    exec(compile(tree, "fastai", "exec"), space)
    return [space[name] for name in names]


valley, steep = functions("valley", "steep")


def smoothed(losses):
    value, result = torch.tensor(0.0, dtype=torch.float64), []
    for count, loss in enumerate(losses, start=1):
        value = torch.lerp(torch.tensor(loss, dtype=torch.float64), value, BETA)
        result.append((value / (1 - BETA**count)).item())
    return result


def case(losses):
    rates = [1e-7 * (10 / 1e-7) ** (step / STEPS) for step in range(len(losses))]
    smooth = smoothed(losses)
    best, stops = math.inf, len(losses)
    for step, loss in enumerate(smooth, start=1):
        best = min(best, loss)
        if loss > 4 * best:
            stops = step
            break
    window = slice(STEPS // 10, -5)
    rate_tensor = torch.tensor(rates[window], dtype=torch.float64)
    loss_tensor = torch.tensor(smooth[window], dtype=torch.float64)
    return {
        "losses": losses, "learning_rates": rates, "smoothed": smooth, "stops": stops,
        "valley": valley(rate_tensor, loss_tensor, STEPS)[0],
        "steep": steep(rate_tensor, loss_tensor, STEPS)[0],
    }


generator = torch.Generator().manual_seed(0)


def noise(count, scale):
    return (scale * torch.randn(count, generator=generator, dtype=torch.float64)).tolist()


def curve(count, fall, rise, level=2.3, scale=0.02):
    """Level, then down from step `fall`, then up from step `rise`."""
    return [
        level - 1.6 / (1 + math.exp(-(step - fall) / 5)) + math.exp((step - rise) / 4) + jitter
        for step, jitter in enumerate(noise(count, scale))]


cases = [
    case(curve(100, 55, 88)), case(curve(94, 60, 80)), case(curve(100, 70, 200, scale=0.2)),
    case(curve(60, 20, 45, level=4)), case([2.0 - 0.01 * step for step in range(100)]),
    case([1.0 + 0.01 * step for step in range(80)]), case(noise(100, 1.0)),
]
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(cases) + "\n")
