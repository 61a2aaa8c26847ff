"""Golden values of short trainings of the narrow ResNet-18 of resnet18.py, from `state.*` there.

Step s (from 0) trains on batch s mod 4: 8 images of 48x48 that `philox.images` describes, with
seed 2 and the batch's number as epoch; image n of batch b has label (n + b) mod 5. Loss is the mean
cross-entropy with label smoothing 0.1; the gradient is clipped at norm 1; AdamW has betas 0.9 and
0.999, eps 1e-8, weight decay 1e-4 on filters and matrices and none on vectors.

Tensors in training.safetensors, each with a value for each step:

constant.{contiguous,channels_last}.losses [20], .norms [20]
    learning rate 1e-4; PyTorch in its two memory layouts (contiguous with oneDNN, channels_last
    without), whose difference is fp32's own noise
onecycle.{contiguous,channels_last}.losses [3], .norms [3]
    the first 3 of 30 steps of OneCycle: peak 1e-3, pct_start 0.1, div_factor 25,
    final_div_factor 1e4, cos
recipe.{contiguous,channels_last}.losses [20], .norms [20], recipe.shares [20]
    all 20 steps of OneCycle with a peak of 1e-4, pct_start 0.3 and beta_1 from 0.95 to 0.85 and back. Each image is
    mixed with the one before it, the first with the last; the step's share is its own. The loss is the focal one,
    the mean of sum_k 0.25 w_k (1 - p_k)^2 q_k (-log p_k), with w = 0.5, 2, 1.25, 0.25, 3 and q the mixed labels, smoothed
image [48, 48, 3]
    image 0 of batch 0, to compare the generators with
"""

import torch
from torch.nn import functional as F

import philox
from golden import deterministic, save
from resnet18 import CLASSES, SEED, SIDE, SMOOTHING, images, initial_model

LAYOUTS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
BATCHES = [
    (images(batch, 8), (torch.arange(8) + batch) % CLASSES) for batch in range(4)]


WEIGHTS = torch.tensor([0.5, 2.0, 1.25, 0.25, 3.0])
SHARES = torch.linspace(0.05, 0.95, 20)[
    torch.randperm(20, generator=torch.Generator().manual_seed(3))]


def focal(logits, labels, share):
    """The focal loss of photos that are `share` of their label and else of the one before."""
    onehot = F.one_hot(labels, CLASSES).float()
    mixed = share * onehot + (1 - share) * onehot.roll(1, 0)
    target = (1 - SMOOTHING) * mixed + SMOOTHING / CLASSES
    log_p = F.log_softmax(logits, 1)
    return (0.25 * WEIGHTS * (1 - log_p.exp()) ** 2 * target * -log_p).sum(1).mean()


def train(memory_format, steps, peak, total=None, mixes=False):
    """Losses and gradient norms of `steps` steps; OneCycle over `total` steps when given."""
    deterministic(SEED)
    model = initial_model().to(memory_format=memory_format)
    parameters = list(model.parameters())
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in parameters if p.dim() > 1], "weight_decay": 1e-4},
            {"params": [p for p in parameters if p.dim() == 1], "weight_decay": 0.0},
        ],
        lr=peak, betas=(0.9, 0.999), eps=1e-8, foreach=False)
    schedule = None
    if total is not None:
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, peak, total_steps=total, pct_start=0.3 if mixes else 0.1,
            anneal_strategy="cos", cycle_momentum=mixes, div_factor=25, final_div_factor=1e4)
    losses, norms = [], []
    for step in range(steps):
        input, labels = BATCHES[step % len(BATCHES)]
        optimizer.zero_grad()
        if mixes:
            input = SHARES[step] * input + (1 - SHARES[step]) * input.roll(1, 0)
        logits = model(input.contiguous(memory_format=memory_format))
        if mixes:
            loss = focal(logits, labels, SHARES[step])
        else:
            loss = F.cross_entropy(logits, labels, label_smoothing=SMOOTHING)
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(parameters, 1.0, foreach=False).item())
        optimizer.step()
        if schedule is not None and step + 1 < total:
            schedule.step()
        losses.append(loss.item())
    return torch.tensor(losses), torch.tensor(norms)


tensors = {
    "image": torch.from_numpy(philox.images(SEED, 0, 1, SIDE)[0]), "recipe.shares": SHARES}
for name, steps, peak, total in [
        ("constant", 20, 1e-4, None), ("onecycle", 3, 1e-3, 30), ("recipe", 20, 1e-4, 20)]:
    losses = {}
    for layout, memory_format in LAYOUTS.items():
        # oneDNN's backward pass in PyTorch 2.15 corrupts the heap on channels_last convolutions of
        # so few channels; PyTorch's own kernels take its place there.
        with torch.backends.mkldnn.flags(enabled=layout == "contiguous"):
            losses[layout], norms = train(
                memory_format, steps, peak, total, mixes=name == "recipe")
        tensors |= {f"{name}.{layout}.losses": losses[layout], f"{name}.{layout}.norms": norms}
    difference = (losses["contiguous"] - losses["channels_last"]).abs()
    print(f"{name}: losses {losses['contiguous'].tolist()}")
    print(f"{name}: norms {norms.tolist()}")
    print(f"{name}: layouts differ by at most {difference.max().item():.1e}")
save(__file__, tensors)
