"""Golden values of single operations: outputs, and gradients for a random output gradient.

Tensors in operations.safetensors, each name preceded by its operation's:

conv7x7s2, conv3x3s1, conv3x3s2, conv1x1s1, conv1x1s2, conv3x3s1wide
    .input .weight .output .output_gradient .input_gradient .weight_gradient
    Kernel and stride are in the name; padding is 3, 1, 1, 0, 0, 1; no bias.
batchnorm, batchnorm_relu, batchnorm_residual_relu: training mode, eps 1e-5, momentum 0.1
    .input .weight .bias .output .output_gradient .input_gradient .weight_gradient .bias_gradient
    .mean .variance                       of the batch, the variance biased (divided by N·H·W)
    .running_mean_before .running_var_before .running_mean .running_var
    batchnorm_residual_relu is relu(batchnorm(input) + residual) and has
    .residual .residual_gradient as well.
maxpool: 3x3, stride 2, padding 1
    .input .output .output_gradient .input_gradient
avgpool: global, [N, H, W, C] to [N, C]
    .input .output .output_gradient .input_gradient
linear
    .input .weight .bias .output .output_gradient .input_gradient .weight_gradient .bias_gradient
cross_entropy
    .logits .labels (I64) .sample_weights
cross_entropy.CASE with CASE = (plain | smooth).(unweighted | weighted)
    .sum .mean .sum_logits_gradient .mean_logits_gradient
    smooth is label smoothing 0.1. weighted multiplies each sample's loss by its weight, one of
    which is zero; the mean is then the sum over the sum of the weights.
"""

import torch
from torch.nn import functional as F

from golden import deterministic, nhwc, save

generator = deterministic(1)
tensors = {}


def random(*shape):
    return torch.randn(shape, generator=generator)


def layout(tensor):
    """Activations as NHWC; vectors and matrices as they are."""
    return nhwc(tensor) if tensor.dim() == 4 else tensor


def record(name, function, **inputs):
    """Stores the inputs, the output, and the gradient of each input. `weight` and `bias` keep
    PyTorch's layout."""
    inputs = {key: value.clone().requires_grad_() for key, value in inputs.items()}
    output = function(**inputs)
    output_gradient = random(*output.shape)
    output.backward(output_gradient)
    for key, value in inputs.items():
        store = (lambda tensor: tensor) if key in ("weight", "bias") else layout
        tensors[f"{name}.{key}"] = store(value)
        tensors[f"{name}.{key}_gradient"] = store(value.grad)
    tensors[f"{name}.output"] = layout(output)
    tensors[f"{name}.output_gradient"] = layout(output_gradient)


# N, C, H, W of the input and the number of filters.
for kernel, stride, suffix, (n, c, h, w), filters in [
    (7, 2, "", (2, 3, 13, 11), 8),
    (3, 1, "", (3, 5, 9, 7), 6),
    (3, 2, "", (3, 5, 9, 7), 6),
    (1, 1, "", (2, 5, 9, 7), 6),
    (1, 2, "", (3, 5, 9, 7), 6),
    (3, 1, "wide", (2, 16, 6, 10), 24),
]:
    record(
        f"conv{kernel}x{kernel}s{stride}{suffix}",
        lambda input, weight: F.conv2d(input, weight, stride=stride, padding=kernel // 2),
        input=random(n, c, h, w),
        weight=random(filters, c, kernel, kernel) / (c * kernel * kernel) ** 0.5)


def norm(name, finish, **more):
    """Batch norm of 19 channels with a mean and scale of their own, followed by `finish`."""
    channels = 19
    spread = 0.5 + torch.rand((1, channels, 1, 1), generator=generator)
    input = random(3, channels, 5, 7) * spread + random(1, channels, 1, 1)
    running_mean, running_var = random(channels), 0.5 + random(channels).abs()
    tensors[f"{name}.running_mean_before"] = running_mean.clone()
    tensors[f"{name}.running_var_before"] = running_var.clone()
    record(
        name,
        lambda input, weight, bias, **more: finish(
            F.batch_norm(
                input, running_mean, running_var, weight, bias, training=True, momentum=0.1),
            **more),
        input=input, weight=1 + 0.3 * random(channels), bias=0.3 * random(channels), **more)
    tensors[f"{name}.running_mean"] = running_mean
    tensors[f"{name}.running_var"] = running_var
    tensors[f"{name}.mean"] = input.mean(dim=(0, 2, 3))
    tensors[f"{name}.variance"] = input.var(dim=(0, 2, 3), unbiased=False)


norm("batchnorm", lambda output: output)
norm("batchnorm_relu", lambda output: F.relu(output))
norm("batchnorm_residual_relu", lambda output, residual: F.relu(output + residual),
     residual=random(3, 19, 5, 7))

record("maxpool", lambda input: F.max_pool2d(input, 3, stride=2, padding=1),
       input=random(2, 11, 9, 8))
record("avgpool", lambda input: input.mean(dim=(2, 3)), input=random(3, 11, 5, 4))
record("linear", F.linear, input=random(5, 13), weight=random(7, 13), bias=random(7))

logits = 2 * random(6, 5)
labels = torch.tensor([0, 4, 2, 2, 1, 3])
weights = torch.tensor([1, 0.25, 0, 2, 1.5, 0.7])
tensors |= {
    "cross_entropy.logits": logits, "cross_entropy.labels": labels,
    "cross_entropy.sample_weights": weights}
for smoothing_name, smoothing in [("plain", 0.0), ("smooth", 0.1)]:
    for weights_name, w in [("unweighted", torch.ones(6)), ("weighted", weights)]:
        for reduction, divisor in [("sum", torch.tensor(1.0)), ("mean", w.sum())]:
            x = logits.clone().requires_grad_()
            each = F.cross_entropy(x, labels, label_smoothing=smoothing, reduction="none")
            loss = (w * each).sum() / divisor
            loss.backward()
            if weights_name == "unweighted":
                assert torch.allclose(
                    loss,
                    F.cross_entropy(x, labels, label_smoothing=smoothing, reduction=reduction))
            case = f"cross_entropy.{smoothing_name}.{weights_name}"
            tensors[f"{case}.{reduction}"] = loss
            tensors[f"{case}.{reduction}_logits_gradient"] = x.grad

save(__file__, tensors)
