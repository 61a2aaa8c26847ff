"""Compares the loss of a first training step with PyTorch's on the same photos, for every loss and weighting.

    venv/bin/python Tests/Golden/check_losses.py .build/release/tutti

Needs torch and torchvision. All of Tests/Golden/photos are one step of a ResNet-18 with weights that are drawn here, without
augmentation; the loss is read from metrics.jsonl. Bound: a relative 1e-5. Not part of the tests; run it after a
change of losses.
"""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F
from torchvision.models import resnet18

binary = sys.argv[1]
photos = pathlib.Path(__file__).with_name("photos")
paths = sorted(photos.glob("*/*.jpg"), key=lambda path: str(path.relative_to(photos)))
classes = sorted({path.parent.name for path in paths})
K, N, SIDE = len(classes), len(paths), 64
labels = torch.tensor([classes.index(path.parent.name) for path in paths])

torch.manual_seed(1)
torch.use_deterministic_algorithms(True)
net = resnet18(num_classes=K)
images = torch.stack([
    torch.from_numpy(np.array(Image.open(path).convert("RGB").resize((SIDE, SIDE), Image.BILINEAR)))
    for path in paths]).permute(0, 3, 1, 2)
images = (images / 255 - 0.5) / 0.25
with torch.no_grad():
    logits = net.train()(images).double()

counts = torch.bincount(labels, minlength=K).double()
onehot = F.one_hot(labels, K).double()
votes = onehot + (torch.arange(N)[:, None] % 3 == torch.arange(K)[None]).double()
soft = votes / votes.sum(1, keepdim=True)
photo_weights = 0.25 * (1 + torch.arange(N) % 5).double()
balances = {
    "none": None, "balanced": 1 / counts, "square-root": counts.rsqrt(),
    "effective-number": (1 - 0.999) / (1 - 0.999**counts), "given": torch.tensor([1.0, 3, 0.5]).double()}
balances = {
    name: None if w is None else w / (w * counts).sum() * N for name, w in balances.items()}


def cross_entropy(z, q, w, s, smoothing, divide):
    """PyTorch's own where it has it: with labels; and by our rule for the divisor of soft targets."""
    if q is onehot and (s == 1).all() and divide == "weights":
        return F.cross_entropy(z, labels, weight=w, label_smoothing=smoothing)
    each = F.cross_entropy(z, q, weight=w, label_smoothing=smoothing, reduction="none")
    whole = s if divide == "samples" or w is None else s * (q * w).sum(1)
    return (s * each).sum() / whole.sum()


def focal(z, q, w, s, smoothing, by, gamma, alpha):
    w = torch.ones(K).double() if w is None else w
    if by == "class":
        q = (1 - smoothing) * q + smoothing / K
        p = z.softmax(1)
        each = (alpha * w * q * (1 - p) ** gamma * -p.log()).sum(1)
    else:
        each = 0
        for k in range(K):
            c = F.cross_entropy(
                z, torch.full((N,), k), weight=w, label_smoothing=smoothing, reduction="none")
            each = each + q[:, k] * alpha * (1 - torch.exp(-c)) ** gamma * c
    return (s * each).sum() / s.sum()


def binary_cross_entropy(z, q, w, s, smoothing, even, total):
    """PyTorch's, as timm averages it; even is what smoothing is spread over."""
    each = F.binary_cross_entropy_with_logits(
        z, (1 - smoothing) * q + smoothing / even, pos_weight=w, reduction="none")
    each = each.sum(1) if total else each.mean(1)
    return (s * each).sum() / s.sum()


# Rows with several labels, one and none, and weights of positives by their counts.
sets = onehot.clone()
sets[::2, 0] = 1
sets[::5] = 0
positive = {}
for kind, n in [("one", counts), ("several", sets.sum(0))]:
    balanced = (N - n) / n
    effective = (1 - 0.999**(N - n)) / (1 - 0.999**n)
    positive[kind] = {
        "none": None, "balanced": balanced, "square-root": balanced.sqrt(), "effective-number": effective,
        "given": torch.tensor([1.0, 3, 0.5]).double()}

with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    torch.save(net.state_dict(), folder / "net.pth")
    with open(folder / "votes.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["path", "label", "split", "weight"] + [f"p_{name}" for name in classes])
        for index, path in enumerate(paths):
            row = [str(path.absolute()), path.parent.name, "train", photo_weights[index].item()]
            table.writerow(row + votes[index].tolist())
        # A training validates, on a photo that is none of the step.
        (folder / "other.jpg").write_bytes(paths[0].read_bytes())
        table.writerow([str(folder / "other.jpg"), paths[0].parent.name, "validation", 1] + votes[0].tolist())
    with open(folder / "labels.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["path", "label", "split"])
        for path in paths:
            table.writerow([str(path.absolute()), path.parent.name, "train"])
        table.writerow([str(folder / "other.jpg"), paths[0].parent.name, "validation"])

    with open(folder / "sets.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["path", "label", "split", "weight"])
        for index, path in enumerate(paths):
            label = "|".join(name for name, own in zip(classes, sets[index]) if own)
            table.writerow([str(path.absolute()), label, "train", photo_weights[index].item()])
        table.writerow([str(folder / "other.jpg"), "", "validation", 1])

    worst, count = 0, 0
    for data in ["labels", "votes", "sets"]:
        q, s = {
            "labels": (onehot, torch.ones(N).double()), "votes": (soft, photo_weights),
            "sets": (sets, photo_weights)}[data]
        for name, w in balances.items():
            for smoothing in [0, 0.1]:
                for tau in [0, 1]:
                    z = logits + tau * (counts / N).log()
                    kind = "several" if data == "sets" else "one"
                    cases = [] if tau else [
                        ([f"data.labels={kind}", "loss.name=binary-cross-entropy", f"loss.sum-classes={total}".lower()],
                         binary_cross_entropy(z, q, positive[kind][name], s, smoothing, 2 if kind == "several" else K, total))
                        for total in [False, True]]
                    cases += [] if kind == "several" else [
                        (["loss.name=cross-entropy", "loss.divide-by=weights"],
                         cross_entropy(z, q, w, s, smoothing, "weights")),
                        (["loss.name=cross-entropy", "loss.divide-by=samples"],
                         cross_entropy(z, q, w, s, smoothing, "samples")),
                        (["loss.name=focal"], focal(z, q, w, s, smoothing, "class", 2, 1)),
                        (["loss.name=focal", "loss.gamma=0.5", "loss.alpha=0.25"],
                         focal(z, q, w, s, smoothing, "class", 0.5, 0.25)),
                        (["loss.name=focal", "loss.focal-by=photo", "loss.alpha=0.25"],
                         focal(z, q, w, s, smoothing, "photo", 2, 0.25))]
                    for settings, expected in cases:
                        count += 1
                        run = folder / f"run-{count}"
                        settings = settings + [
                            "model.name=resnet18", f"model.image-size={SIDE}", f"model.weights={folder}/net.pth",
                            f"augment=[resize, {{normalize: {{mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25]}}}}]", "training.max-steps=1",
                            f"training.global-batch={N}", f"training.micro-batch={N}",
                            f"loss.class-weights={name}", f"loss.label-smoothing={smoothing}",
                            f"loss.logit-adjustment={tau}"]
                        if name == "given":
                            given = ", ".join(f"{{{c}: {x}}}" for c, x in zip(classes, [1, 3, 0.5]))
                            settings.append(f"loss.class-weights-given=[{given}]")
                        command = [binary, "train", "--data", f"{folder}/{data}.csv", "--run", str(run)]
                        for setting in settings:
                            command += ["--set", setting]
                        done = subprocess.run(command, capture_output=True, text=True)
                        if done.returncode:
                            sys.exit(f"{done.stderr}\n{' '.join(command)}")
                        lines = [json.loads(line) for line in (run / "metrics.jsonl").open()]
                        loss = next(line["loss"] for line in lines if line["kind"] == "step")
                        off = abs(loss - expected.item()) / expected.item()
                        worst = max(worst, off)
                        if off > 1e-5:
                            print(f"{data} {settings[:3]} {name} {smoothing} {tau}: {loss} and {expected.item()}")
    print(f"{count} first steps, the farthest off by {worst:.1e} of PyTorch's loss")
    sys.exit(worst > 1e-5)
