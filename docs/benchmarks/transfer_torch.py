"""Fine-tunes EfficientNet-Lite0 in PyTorch and timm: the twin of launch/recipes/photos-lite0.yaml with one rate for all layers
and batch statistics.

    venv/bin/python docs/benchmarks/transfer_torch.py PHOTOS WEIGHTS [--seed 1] [--threads 2] [--out LOG.jsonl]

PHOTOS has train/, validation/ and test/ with a folder of JPEGs for each class; WEIGHTS is
efficientnet-lite0-57934424.pth, or `none` for random values. The recipe's values: 160 pixels (182
bicubic, the middle, mirrored by chance), 6 epochs, batches of 32, AdamW with OneCycle to 1e-3, decay
1e-4 but for norms and biases, clipping at 1, label smoothing 0.1. The head starts as Tutti's does, which
is as PyTorch's linear layers do, with no bias: timm's own start for it is an order larger, and costs
points in a training of six epochs. The epoch with the best macro F1 on
the validation photos is tested. Prints a line of JSON for each epoch, and one for the test photos.

Tutti's runs beside it:

    launch/local train --recipe launch/recipes/photos-lite0.yaml --data PHOTOS --run runs/lite0-1 \\
        --set training.seed=1 --set optimizer.learning-rate=1e-3 --set optimizer.groups=[] \\
        --set fine-tuning.batch-norm=auto
    launch/local evaluate --model runs/lite0-1 --split test --json
"""

import argparse
import copy
import json
import math
import pathlib
import sys
import time

import timm
import torch
from torch import nn
from torchvision import transforms
from torchvision.datasets import ImageFolder

sys.path.append(str(pathlib.Path(__file__).parents[2] / "Tests" / "Golden"))
from check_weights import to_efficientnet_pytorch  # noqa: E402

SIZE, RESIZED, EPOCHS, BATCH, RATE, DECAY = 160, 182, 6, 32, 1e-3, 1e-4


def loader(folder, training, generator):
    steps = [
        transforms.Resize(RESIZED, transforms.InterpolationMode.BICUBIC), transforms.CenterCrop(SIZE),
        *([transforms.RandomHorizontalFlip()] if training else []), transforms.ToTensor(),
        transforms.Normalize((0.5,) * 3, (0.5,) * 3)]
    photos = ImageFolder(folder, transforms.Compose(steps))
    return torch.utils.data.DataLoader(
        photos, BATCH, shuffle=training, generator=generator, num_workers=1)


def network(weights, classes):
    model = timm.create_model("tf_efficientnet_lite0", num_classes=classes)
    if weights != "none":
        state = torch.load(weights, weights_only=True)
        names = to_efficientnet_pytorch(model.state_dict())
        model.load_state_dict(
            {ours: state[theirs] for ours, theirs in names.items() if "classifier" not in ours},
            strict=False)
    # Not timm's range, 1/sqrt(classes).
    nn.init.kaiming_uniform_(model.classifier.weight, a=math.sqrt(5))
    nn.init.zeros_(model.classifier.bias)
    return model


def scores(model, photos, classes):
    """Accuracy, and the mean of the classes' F1."""
    counts = torch.zeros(classes, classes)
    model.eval()
    with torch.inference_mode():
        for images, labels in photos:
            for label, predicted in zip(labels, model(images).argmax(1)):
                counts[label, predicted] += 1
    right = counts.diag()
    f1 = 2 * right / (counts.sum(0) + counts.sum(1)).clamp(min=1)
    return {"accuracy": (right.sum() / counts.sum()).item(), "macro_f1": f1.mean().item()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("weights")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=pathlib.Path)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    generator = torch.Generator().manual_seed(options.seed)
    training, validation, test = (
        loader(options.photos / split, split == "train", generator)
        for split in ("train", "validation", "test"))
    classes = len(training.dataset.classes)
    model = network(options.weights, classes)
    decayed = [value for value in model.parameters() if value.ndim > 1]
    others = [value for value in model.parameters() if value.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": DECAY}, {"params": others, "weight_decay": 0}], lr=RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, RATE, epochs=EPOCHS, steps_per_epoch=len(training), pct_start=0.1,
        cycle_momentum=False)
    loss_function = nn.CrossEntropyLoss(label_smoothing=0.1)
    out = options.out.open("w") if options.out else sys.stdout
    best, best_state, start = -1, None, time.perf_counter()
    for epoch in range(1, EPOCHS + 1):
        model.train()
        losses = []
        for images, labels in training:
            optimizer.zero_grad()
            loss = loss_function(model(images), labels)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        found = scores(model, validation, classes)
        if found["macro_f1"] > best:
            best, best_state = found["macro_f1"], copy.deepcopy(model.state_dict())
        line = {
            "epoch": epoch, "loss": sum(losses) / len(losses),
            "seconds": time.perf_counter() - start, "validation": found}
        print(json.dumps(line), file=out, flush=True)
    model.load_state_dict(best_state)
    line = {"seed": options.seed, "weights": options.weights, "test": scores(model, test, classes)}
    print(json.dumps(line), file=out, flush=True)


if __name__ == "__main__":
    main()
