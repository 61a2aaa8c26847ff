"""What PyTorch's ReduceLROnPlateau and Keras' EarlyStopping do, epoch after epoch: epoch_rules.json.

plateau: for each case the metric's values, and the learning rate's factor after each epoch
early_stopping: for each case the values, and the epoch, from 0, after which the training ends; null for never
"""

import json
import os
import pathlib
import random

os.environ["KERAS_BACKEND"] = "torch"

import torch
from keras.callbacks import EarlyStopping
from torch.optim.lr_scheduler import ReduceLROnPlateau

random.seed(3)


def values(count, mode, trend):
    """Rounded, so that some are equal, to numbers that a loss or a share may have."""
    result = []
    for epoch in range(count):
        share = min(1, trend * epoch) * 0.6 + 0.3 * random.random()
        result.append(round(1 - share if mode == "min" else share, 2))
    return result


def plateau(mode, patience, factor, cooldown, floor, numbers):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    rule = ReduceLROnPlateau(
        optimizer, mode, factor=factor, patience=patience, cooldown=cooldown, min_lr=floor, eps=0)
    factors = []
    for value in numbers:
        rule.step(value)
        factors.append(optimizer.param_groups[0]["lr"])
    return {
        "mode": mode, "patience": patience, "factor": factor, "cooldown": cooldown, "floor": floor,
        "values": numbers, "factors": factors}


class Model:
    stop_training = False


def early_stopping(mode, patience, min_delta, numbers):
    rule = EarlyStopping("value", mode=mode, patience=patience, min_delta=min_delta)
    rule.set_model(Model())
    rule.on_train_begin()
    end = None
    for epoch, value in enumerate(numbers):
        rule.on_epoch_end(epoch, {"value": value})
        if rule.model.stop_training:
            end = epoch
            break
    return {
        "mode": mode, "patience": patience, "min_delta": min_delta, "values": numbers, "end": end}


# A ten-thousandth more than the best isn't better; all bad from the start; no number.
near = [0.5, 0.50005, 0.5, 0.50006, 0.6, 0.60001, 0.60002, 0.60003, 0.60004]
cases = {
    "plateau": [
        plateau(mode, patience, factor, cooldown, floor, values(40, mode, trend))
        for mode in ("min", "max")
        for patience, factor, cooldown, floor, trend in [
            (0, 0.5, 0, 0, 0.05), (2, 0.1, 0, 0, 0.1), (1, 0.3, 3, 0, 0.02), (1, 0.5, 2, 0.2, 0.01)]
    ] + [plateau("max", 1, 0.5, 0, 0, near), plateau("min", 0, 0.5, 1, 0, near)],
    "early_stopping": [
        early_stopping(mode, patience, delta, values(40, mode, trend))
        for mode in ("min", "max")
        for patience, delta, trend in [(1, 0, 0.05), (3, 0, 0.1), (5, 0.04, 0.03), (30, 0, 0.1)]
    ] + [early_stopping("max", 2, 0, near), early_stopping("max", 2, 0.05, near),
        # As good as the best isn't better, nor is better by no more than the least change.
        early_stopping("max", 2, 0, [0.5, 0.5, 0.5, 0.75]), early_stopping("min", 1, 0, [1, 1, 0.5]),
        early_stopping("max", 1, 0.25, [0.5, 0.75, 1]), early_stopping("min", 1, 0.25, [1, 0.75, 0])],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(cases, indent=1) + "\n")
