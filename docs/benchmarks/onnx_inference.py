"""Times onnxruntime's forward pass on a CPU as `tutti bench inference` is timed: random images, one
pass after the other. Prints one JSON object.

The net is torchvision's or timm's, exported by PyTorch in evaluation mode, so that BatchNorm is folded
into the convolutions; all of onnxruntime's graph optimisations are on. `compare-inference` calls this.
"""

import argparse
import json
import os
import pathlib
import statistics
import time

CLASSES = 1000


def export(name, batch, size, path):
    """Writes the net of Tutti's name as an ONNX file. The batch is fixed, so that the padding of
    timm's nets is known beforehand and becomes a part of the convolutions."""
    import torch

    if name.startswith("efficientnet-lite"):
        import timm

        model = timm.create_model("tf_" + name.replace("-", "_"), num_classes=CLASSES)
    else:
        import torchvision

        model = getattr(torchvision.models, name.replace("-", "_"))(num_classes=CLASSES)
    torch.onnx.export(
        model.eval(), (torch.zeros(batch, 3, size, size),), str(path), input_names=["images"],
        output_names=["logits"], dynamo=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="Tutti's name of the net")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--seconds", type=float, default=2, help="to measure for")
    parser.add_argument("--onnx", required=True, help="the net's file, written if it isn't there")
    options = parser.parse_args()
    path = pathlib.Path(options.onnx)
    if not path.exists():
        export(options.model, options.batch, options.size, path)

    import numpy
    import onnxruntime

    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = len(os.sched_getaffinity(0))
    settings.inter_op_num_threads = 1
    settings.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(
        str(path), settings, providers=["CPUExecutionProvider"])
    shape = (options.batch, 3, options.size, options.size)
    images = numpy.random.default_rng(42).standard_normal(shape, dtype=numpy.float32)

    def forward():
        start = time.perf_counter()
        session.run(None, {"images": images})
        return time.perf_counter() - start

    for _ in range(3):
        forward()
    times = []
    while sum(times) < options.seconds or len(times) < 3:
        times.append(forward())
    median = statistics.median(times)
    print(json.dumps({
        "images_per_second": options.batch / median, "pass_milliseconds": median * 1e3,
        "passes": len(times)}))


if __name__ == "__main__":
    main()
