"""Golden values of timm's ModelEmaV3 and PyTorch's AveragedModel, of distillation in PyTorch, and of timm's rates
of stochastic depth.

Tensors in averages.safetensors:

weights [50,7]
    what is averaged, after each of 50 steps
ema.plain, ema.warmup [50,7]
    timm's average after each step, with a decay of 0.9
swa [50,7]
    PyTorch's average after each step
logits, teacher_logits [6,5], labels (I64), class_weights [5]
distilled.CASE.loss, distilled.CASE.gradient with CASE = plain | weighted
    ten lines of PyTorch: a share of 0.3 and a temperature of 3; cross-entropy smoothed by 0.1. weighted has weights of
    classes, which count in the teacher's part as well, and divides by their sum. The loss is the mean, the gradient
    its own.
teachers.probabilities [6,5]
    the mean of two teachers' probabilities at a temperature of 3; the second's logits are the student's
rates.NET
    drop_prob of the blocks of timm's NET with drop_path_rate 0.3, the blocks that add nothing to their input left out
"""

import timm
import torch
from timm.utils import ModelEmaV3
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel

from golden import deterministic, save

generator = deterministic(19)
weights = torch.cumsum(torch.randn((50, 7), generator=generator), 0)
tensors = {"weights": weights}


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(4))
        self.register_buffer("statistic", torch.zeros(3))

    def set(self, row):
        with torch.no_grad():
            self.weight.copy_(row[:4])
            self.statistic.copy_(row[4:])

    def all(self):
        return torch.cat([self.weight.detach(), self.statistic])


for name, warmup in [("plain", False), ("warmup", True)]:
    net = Net()
    average = ModelEmaV3(net, decay=0.9, use_warmup=warmup, foreach=False)
    rows = []
    for step, row in enumerate(weights):
        net.set(row)
        average.update(net, step=step + 1)
        rows.append(average.module.all().clone())
    tensors[f"ema.{name}"] = torch.stack(rows)
net = Net()
average = AveragedModel(net, use_buffers=True)
rows = []
for row in weights:
    net.set(row)
    average.update_parameters(net)
    rows.append(average.module.all().clone())
tensors["swa"] = torch.stack(rows)

share, temperature = 0.3, 3.0
logits = 2 * torch.randn((6, 5), generator=generator)
teacher = 3 * torch.randn((6, 5), generator=generator)
labels = torch.tensor([0, 4, 2, 2, 1, 3])
class_weights = torch.tensor([0.5, 2, 1, 3, 0.1])
tensors |= {
    "logits": logits, "teacher_logits": teacher, "labels": labels, "class_weights": class_weights}
soft = F.softmax(teacher / temperature, 1)
for name, w in [("plain", None), ("weighted", class_weights)]:
    x = logits.clone().requires_grad_()
    each = torch.ones(6) if w is None else w[labels]
    hard = F.cross_entropy(x, labels, weight=w, label_smoothing=0.1, reduction="none").sum()
    far = F.kl_div(F.log_softmax(x / temperature, 1), soft, reduction="none").sum(1)
    loss = ((1 - share) * hard + share * temperature**2 * (each * far).sum()) / each.sum()
    loss.backward()
    tensors[f"distilled.{name}.loss"] = loss
    tensors[f"distilled.{name}.gradient"] = x.grad
tensors["teachers.probabilities"] = (soft + F.softmax(logits / temperature, 1)) / 2

for name in ["resnet18", "tf_efficientnet_lite0", "mobilenetv3_small_100", "convnext_tiny", "vit_tiny_patch16_224"]:
    net = timm.create_model(name, drop_path_rate=0.3)
    drops = [m.drop_prob for n, m in net.named_modules() if type(m).__name__ == "DropPath" and "path2" not in n]
    tensors[f"rates.{name}"] = torch.tensor(drops, dtype=torch.float64)
save(__file__, tensors)
