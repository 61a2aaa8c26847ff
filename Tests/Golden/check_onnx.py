"""Checks, in ONNX Runtime and PyTorch, what Tutti exports.

    venv/bin/pip install onnx onnxruntime timm torchvision
    venv/bin/python Tests/Golden/check_onnx.py
    venv/bin/python Tests/Golden/check_onnx.py .build/release/tutti [NAME ...]

Without the program, it looks at onnx_files/NET.onnx, which the tests compare what Tutti writes with:
onnx.checker passes, and ONNX Runtime's logits are PyTorch's, those of nets.safetensors.

With it, it has the program train each net (or those that are named) for some steps on the photos
beside this script and export it in all forms, and compares with what `tutti predict` says of the
photos: ONNX Runtime's logits, batch normalisations folded and not, of a batch and of one photo;
probabilities of one model and of three, and of several labels; and the logits of torchvision's or timm's net with the weights
of the torch and safetensors files, loaded strictly. The photos are prepared as the files' metadata say.

Logits are compared without their mean, since probabilities tell no more: max|Δ| ≤ 1e-4·max|logit|.
Exits with 1 if anything differs more.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import onnx
import onnxruntime
import timm
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file

import check_nets

HERE = pathlib.Path(__file__).parent
BOUND = 1e-4
SIDE = 64
check_nets.CLASSES = 3
# With the heads that torchvision and timm don't have.
OTHERS = [("cifar-resnet8", "plain"), ("cifar-resnet8", "regularised"), ("vit-ti16", "attention"),
          ("mobilenetv3-small", "attention")]


def session(path):
    """The file in ONNX Runtime, after onnx.checker has passed it."""
    onnx.checker.check_model(str(path), full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options)


def distance(found, expected):
    """max|Δ| over max|expected|, of logits without their mean."""
    found, expected = (x - x.mean(axis=1, keepdims=True) for x in (found, expected))
    return float(numpy.abs(found - expected).max() / numpy.abs(expected).max())


class Verdicts:
    def __init__(self):
        self.good = True

    def __call__(self, what, value):
        good = value <= BOUND
        print(f"{what}: {value:.1e}{'' if good else ' TOO FAR APART'}", flush=True)
        self.good &= good


def check_golden(tell):
    """The committed files of narrow nets."""
    nets = load_file(HERE / "nets.safetensors")
    images = nets["input"].permute(0, 3, 1, 2).numpy()
    for path in sorted((HERE / "onnx_files").glob("*.onnx")):
        if path.stem.startswith("ensemble-"):
            check_golden_ensemble(tell, path, nets, images)
            continue
        logits, = session(path).run(["logits"], {"input": images})
        tell(path.name, distance(logits, nets[path.stem + ".eval_logits"].numpy()))


def check_golden_ensemble(tell, path, nets, images):
    """Two nets with weights 0.3 and 0.7 and a temperature of 1.6, each with an input of its own."""
    first, second = (torch.log_softmax(nets[f"{net}.eval_logits"].double(), 1).numpy() for net in ("resnet50", "mobilenetv3"))
    mean = 0.3 * first + 0.7 * second
    if path.stem == "ensemble-probabilities":
        mean = numpy.log(0.3 * numpy.exp(first) + 0.7 * numpy.exp(second))
    expected = torch.softmax(torch.from_numpy(mean / 1.6), 1).numpy()
    found, = session(path).run(["probabilities"], {"input1": images, "input2": images})
    tell(path.name, float((numpy.abs(found - expected) / expected).max()))


def run(*arguments):
    return subprocess.run(
        [str(argument) for argument in arguments], check=True, capture_output=True, text=True).stdout


def batch(metadata, paths):
    """The photos as the metadata say that the model wants them."""
    transform = timm.data.create_transform(
        input_size=tuple(json.loads(metadata["input_size"])), mean=json.loads(metadata["mean"]),
        std=json.loads(metadata["std"]), interpolation=metadata["interpolation"],
        crop_pct=float(metadata["crop_pct"]), crop_mode=metadata["crop_mode"])
    return torch.stack([transform(Image.open(path).convert("RGB")) for path in paths])


def log_probabilities(tutti, metadata, paths, *models):
    """What `tutti predict` says, the classes in the metadata's order."""
    options = [part for model in models for part in ("--model", model)]
    rows = json.loads(run(tutti, "predict", *options, "--json", *paths))
    assert [row["path"] for row in rows] == paths
    classes = json.loads(metadata["classes"])
    return numpy.log([[row["probabilities"][name] for name in classes] for row in rows])


def train(tutti, name, folder, seed, head="plain"):
    path = folder / f"{name}-{head}-{seed}"
    settings = [
        f"model.name={name}", f"model.head={head}", f"model.image-size={SIDE}", f"training.seed={seed}",
        "training.epochs=8", "training.global-batch=12", "training.micro-batch=12",
        "optimizer.learning-rate=0.0005"]
    run(tutti, "train", "--data", HERE / "photos", "--run", path,
        *[part for setting in settings for part in ("--set", setting)])
    return path


def check_net(tell, tutti, name, folder, head="plain"):
    """All forms of one net."""
    paths = sorted(str(path) for path in (HERE / "photos").glob("*/*.jpg"))
    model = train(tutti, name, folder, 1, head)
    file = folder / name
    net_name = name if head == "plain" else f"{name} with {head} head"

    def export(form, *options, models=(model,)):
        run(tutti, "export", "--model", *models, "--to", form, "--output", file, "--force", *options)

    export("onnx")
    net = session(file)
    metadata = net.get_modelmeta().custom_metadata_map
    assert metadata["architecture"] == name, metadata
    images = batch(metadata, paths)
    expected = log_probabilities(tutti, metadata, paths, model)
    logits, = net.run(["logits"], {"input": images.numpy()})
    tell(f"{net_name}, folded", distance(logits, expected))
    single, = net.run(["logits"], {"input": images[:1].numpy()})
    tell(f"{net_name}, one photo", distance(single, expected[:1]))
    export("onnx", "--keep-batch-norm")
    plain, = session(file).run(["logits"], {"input": images.numpy()})
    tell(f"{net_name}, not folded", distance(plain, expected))
    export("onnx", "--softmax")
    probabilities, = session(file).run(["probabilities"], {"input": images.numpy()})
    tell(f"{net_name}, probabilities", distance(numpy.log(probabilities), expected))

    export("safetensors")
    state = load_file(file)
    with safe_open(file, "pt") as opened:
        told = opened.metadata()
    assert told.pop("format") == "pt" and told == metadata, told
    export("torch")
    loaded = torch.load(file, weights_only=True)
    assert loaded.keys() == state.keys()
    assert all(torch.equal(loaded[key], value) for key, value in state.items())
    if head == "plain" and name in check_nets.NETS:
        reference = check_nets.NETS[name](SIDE)
        reference.load_state_dict(loaded, strict=True)
        with torch.no_grad():
            theirs = reference.eval()(images).numpy()
        tell(f"{net_name}, the weights in PyTorch", distance(theirs, expected))


def check_ensemble(tell, tutti, folder):
    """Two runs of one net and one of another as one file."""
    paths = sorted(str(path) for path in (HERE / "photos").glob("*/*.jpg"))
    models = [train(tutti, "cifar-resnet8", folder, seed) for seed in (2, 3)]
    models.append(train(tutti, "vit-ti16", folder, 4))
    file = folder / "ensemble.onnx"
    run(tutti, "export", "--model", *models, "--to", "onnx", "--output", file)
    net = session(file)
    metadata = net.get_modelmeta().custom_metadata_map
    expected = log_probabilities(tutti, metadata, paths, *models)
    found, = net.run(["probabilities"], {"input": batch(metadata, paths).numpy()})
    tell("an ensemble", distance(numpy.log(found), expected))
    check_fitted(tell, tutti, folder, models)


def check_fitted(tell, tutti, folder, models):
    """A fitted ensemble of nets of two sizes and normalisations: probabilities beside those of `tutti evaluate`."""
    paths = sorted(str(path) for path in (HERE / "photos").glob("*/*.jpg"))
    small = folder / "small"
    run(tutti, "train", "--data", HERE / "photos", "--run", small, "--set", "model.name=cifar-resnet8", "--set",
        "model.image-size=40", "--set", "training.epochs=8", "--set", "training.global-batch=12", "--set",
        "training.micro-batch=12", "--set", "optimizer.learning-rate=0.0005", "--set",
        "augment=[{resize: {interpolation: bicubic, crop: 0.9}}, {normalize: {mean: [0.4, 0.3, 0.2], std: [0.3, 0.25, 0.2]}}]")
    for weights, average in [("mean", "probabilities"), ("mean", "logits"), ("logistic", "logits")]:
        ensemble, file = folder / f"fitted-{weights}-{average}", folder / "fitted.onnx"
        run(tutti, "ensemble", "fit", small, *models, "--output", ensemble, "--weights", weights, "--average", average)
        run(tutti, "export", "--model", ensemble, "--to", "onnx", "--output", file, "--force")
        net = session(file)
        about = net.get_modelmeta().custom_metadata_map
        # Weights of nothing may have left members of one kind alone.
        inputs = json.loads(about["inputs"]) if "inputs" in about else [{"name": "input", **about}]
        images = {image["name"]: batch(image, paths).numpy() for image in inputs}
        asked = [value.name for value in net.get_inputs()]
        found, = net.run(["probabilities"], {name: images[name] for name in asked})
        rows = json.loads(run(tutti, "predict", "--model", ensemble, "--json", *paths))
        expected = numpy.array([[row["probabilities"][name] for name in json.loads(about["classes"])] for row in rows])
        tell(f"{weights} weights of {average}, {len(asked)} inputs", float((numpy.abs(found - expected) / expected).max()))


def check_labels(tell, tutti, folder):
    """A net of several labels a photo: sigmoids where there is a softmax otherwise."""
    paths = sorted(str(path) for path in (HERE / "photos").glob("*/*.jpg"))
    names = [pathlib.Path(path).parent.name for path in paths]
    lines = ["path,label"] + [
        f"{path},{name}|even" if number % 2 == 0 else f"{path},{name}" if number % 5 else f"{path},"
        for number, (path, name) in enumerate(zip(paths, names))]
    (folder / "labels.csv").write_text("\n".join(lines) + "\n")
    settings = [
        "model.name=cifar-resnet8", "model.image-size=32", "data.labels=several", "loss.name=binary-cross-entropy",
        "training.epochs=8", "training.global-batch=12", "training.micro-batch=12", "evaluation.thresholds=[{even: 0.25}]"]
    models = [folder / f"labels-{seed}" for seed in (1, 2)]
    for seed, model in enumerate(models):
        run(tutti, "train", "--data", folder / "labels.csv", "--run", model, "--set", f"training.seed={seed}",
            *[part for setting in settings for part in ("--set", setting)])
    file = folder / "labels.onnx"
    for told, options, asked in [
            ("logits", [], models[:1]), ("probabilities", ["--probabilities"], models[:1]), ("probabilities", [], models)]:
        run(tutti, "export", "--model", *asked, "--to", "onnx", "--output", file, "--force", *options)
        net = session(file)
        metadata = net.get_modelmeta().custom_metadata_map
        assert metadata["labels"] == "several" and json.loads(metadata["thresholds"]) == [0.5, 0.5, 0.25, 0.5], metadata
        found, = net.run([told], {"input": batch(metadata, paths).numpy()})
        expected = numpy.exp(log_probabilities(tutti, metadata, paths, *asked))
        # Not without their mean: each label is by itself.
        found = 1 / (1 + numpy.exp(-found.astype(numpy.float64))) if told == "logits" else found
        tell(f"several labels, {told} of {len(asked)}", float(numpy.abs(found - expected).max()))


def main():
    tell = Verdicts()
    if len(sys.argv) < 2:
        check_golden(tell)
    else:
        tutti, *names = sys.argv[1:]
        with tempfile.TemporaryDirectory() as folder:
            for name in names or check_nets.NETS:
                check_net(tell, tutti, name, pathlib.Path(folder))
            for name, head in [] if names else OTHERS:
                check_net(tell, tutti, name, pathlib.Path(folder), head)
            check_ensemble(tell, tutti, pathlib.Path(folder))
            check_labels(tell, tutti, pathlib.Path(folder))
    sys.exit(0 if tell.good else 1)


if __name__ == "__main__":
    main()
