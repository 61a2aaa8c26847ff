"""What the scripts share: a deterministic PyTorch, layouts, and the file beside the script."""

import pathlib

import torch
from safetensors.torch import save_file


def deterministic(seed):
    """One thread, deterministic algorithms, a fixed seed; returns a generator of its own."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(seed)
    return torch.Generator().manual_seed(seed)


def nhwc(tensor):
    """A PyTorch image batch [N, C, H, W] as [N, H, W, C]."""
    return tensor.permute(0, 2, 3, 1)


def nchw(tensor):
    """The way back."""
    return tensor.permute(0, 3, 1, 2).contiguous()


def save(script, tensors):
    """Writes the tensors beside the script, under its name."""
    path = pathlib.Path(script).with_suffix(".safetensors")
    # A copy of each: views with strides, or two names for one memory, can't be stored.
    tensors = {name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()}
    save_file(tensors, path)
    print(f"{path.name}: {len(tensors)} tensors, {path.stat().st_size / 1000:.0f} kB")
