"""Golden values of Grad-CAM (Selvaraju et al., 2017), for narrow nets of resnet18.py and nets.py.

Tensors in heatmaps.safetensors, each name preceded by its net's, the nets being

resnet18      of 2 images of 160x160 (philox.images, batch 0), at the output of layer4
mobilenetv3   of the 4 images of nets.safetensors, at the output of the last convolution
vit           of the same, at the first normalisation of the last block; without the class token

and the tensors being

classes [N] (I64)   the most probable, whose logits are differentiated
map [N, h, w]       relu(sum over channels of mean gradient x activation)
heat [N, 20, 20]    map / its largest value, by F.interpolate(mode="bilinear")

Prints how far PyTorch is off its own float64.
"""

import pathlib

import torch
from safetensors.torch import load_file
from torch.nn import functional as F

import philox
from golden import deterministic, nchw, save
from nets import NETS, SEED
from resnet18 import CLASSES, WIDTH, ResNet18
from resnet18 import SEED as RESNET_SEED

HERE = pathlib.Path(__file__).parent


def loaded(model, file, prefix):
    """The net with the state of a golden file."""
    state = {
        name.removeprefix(prefix + "state."): value
        for name, value in load_file(HERE / f"{file}.safetensors").items() if name.startswith(prefix + "state.")}
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected and all(name.endswith("num_batches_tracked") for name in missing)
    return model.eval()


def grad_cam(model, layer, input):
    """Classes, maps and heat of the images."""
    kept = []
    handle = layer.register_forward_hook(lambda module, inputs, output: kept.append(output))
    logits = model(input)
    handle.remove()
    classes = logits.argmax(dim=1)
    chosen = logits.gather(1, classes[:, None]).sum()
    activation, gradient = kept[0], torch.autograd.grad(chosen, kept[0])[0]
    if activation.dim() == 3:
        side = int((activation.shape[1] - 1) ** 0.5)
        activation, gradient = (
            x[:, 1:].unflatten(1, (side, side)).permute(0, 3, 1, 2) for x in (activation, gradient))
    weights = gradient.mean(dim=(2, 3), keepdim=True)
    maps = F.relu((weights * activation).sum(dim=1))
    heat = maps / maps.amax(dim=(1, 2), keepdim=True)
    heat = F.interpolate(heat[:, None], size=(20, 20), mode="bilinear")[:, 0]
    return {"classes": classes, "map": maps, "heat": heat}


def main():
    deterministic(SEED)
    small = nchw(load_file(HERE / "nets.safetensors")["input"])
    large = nchw(torch.from_numpy(philox.images(RESNET_SEED, 0, 2, 160)))
    cases = [
        ("resnet18", ResNet18(WIDTH, CLASSES), "resnet18", "", lambda m: m.layer4, large),
        ("mobilenetv3", NETS["mobilenetv3"](), "nets", "mobilenetv3.", lambda m: m.blocks[-1], small),
        ("vit", NETS["vit"](), "nets", "vit.", lambda m: m.blocks[-1].norm1, small),
    ]
    tensors = {}
    for net, model, file, prefix, layer, input in cases:
        model = loaded(model, file, prefix)
        golden = grad_cam(model, layer(model), input)
        exact = grad_cam(model.double(), layer(model), input.double())
        assert torch.equal(golden["classes"], exact["classes"])
        for name in ("map", "heat"):
            off = (golden[name] - exact[name]).abs().max() / exact[name].abs().max()
            print(f"{net}: {name} {tuple(golden[name].shape)} off float64 by {off:.1e}")
        print(f"{net}: classes {golden['classes'].tolist()}, largest {golden['map'].amax((1, 2)).tolist()}")
        tensors |= {f"{net}.{name}": value for name, value in golden.items()}
    save(__file__, tensors)


if __name__ == "__main__":
    main()
