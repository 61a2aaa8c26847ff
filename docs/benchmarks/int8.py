"""What eight bits cost: quantizes an exported net with ONNX Runtime, and compares both on photos in folders of classes.

    tutti export --model runs/mine --to onnx --output mine.onnx
    python docs/benchmarks/int8.py mine.onnx PHOTOS/train PHOTOS/test

Static quantization, with scales from 200 photos of the first folder. `pip install onnx onnxruntime pillow sympy`.
"""

import json
import math
import pathlib
import statistics
import sys
import tempfile
import time

import numpy
import onnxruntime
from onnxruntime import quantization
from onnxruntime.quantization.shape_inference import quant_pre_process
from PIL import Image, ImageOps


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options)


def image(path, about):
    """As docs/export.md has it, for a net that looks at the square in the middle."""
    assert about["crop_mode"] == "center"
    _, height, width = json.loads(about["input_size"])
    photo = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    side, shorter = math.floor(width / float(about["crop_pct"])), min(photo.size)
    photo = photo.resize(
        [side * extent // shorter for extent in photo.size], Image.Resampling[about["interpolation"].upper()])
    left, top = [round((extent - width) / 2) for extent in photo.size]
    pixels = numpy.asarray(photo.crop((left, top, left + width, top + height)), numpy.float32) / 255
    return ((pixels - json.loads(about["mean"])) / json.loads(about["std"])).astype(numpy.float32).transpose(2, 0, 1)[None]


class Photos(quantization.CalibrationDataReader):
    def __init__(self, paths, about):
        self.images = ({"input": image(path, about)} for path in paths)

    def get_next(self):
        return next(self.images, None)


def score(path, folder, about, classes):
    net, right, seconds = session(path), [], []
    for number, name in enumerate(classes):
        for photo in sorted((folder / name).iterdir()):
            values = image(photo, about)
            start = time.perf_counter()
            (logits,) = net.run(None, {"input": values})
            seconds.append(time.perf_counter() - start)
            right.append(logits[0].argmax() == number)
    size = pathlib.Path(path).stat().st_size / 1e6
    print(f"{path}: accuracy {numpy.mean(right):.4f} of {len(right)} photos, "
          f"{1000 * statistics.median(seconds):.2f} ms a photo on one thread, {size:.1f} MB")


model, train, test = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
about = session(model).get_modelmeta().custom_metadata_map
classes = json.loads(about["classes"])
known = sorted(path for name in classes for path in (train / name).iterdir())
step = max(1, len(known) // 200)
with tempfile.TemporaryDirectory() as folder:
    prepared = f"{folder}/prepared.onnx"
    quant_pre_process(model, prepared)
    small = model.removesuffix(".onnx") + "-int8.onnx"
    quantization.quantize_static(
        prepared, small, Photos(known[::step], about), quant_format=quantization.QuantFormat.QDQ, per_channel=True,
        activation_type=quantization.QuantType.QUInt8, weight_type=quantization.QuantType.QInt8)
score(model, test, about, classes)
score(small, test, about, classes)
