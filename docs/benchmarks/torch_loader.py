"""How fast torchvision with Pillow loads photos on one thread: the rival of `tutti bench loader`.

    venv/bin/python docs/benchmarks/torch_loader.py PHOTOS plain|all|policy [--photos 500]

Prints images a second, the median of three passes after one that warms the files up. `compare-loader` has the
same lists in a recipe's words.
"""

import argparse
import pathlib
import statistics
import time

import torch
from PIL import Image
from torchvision.transforms import v2 as T

NORMALIZE = [T.ToImage(), T.ToDtype(torch.float32, scale=True),
             T.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))]
LISTS = {
    "plain": [T.Resize((224, 224)), T.RandomHorizontalFlip(), *NORMALIZE],
    "all": [
        T.Resize((224, 224)), T.RandomHorizontalFlip(), T.RandomRotation(15),
        T.ColorJitter(0.3, 0.3, 0.3, 0.1), T.RandomAffine(0, translate=(0.1, 0.1), scale=(0.9, 1.1)),
        T.RandomPerspective(0.2, 0.3), T.RandomGrayscale(0.1), T.GaussianBlur(3), *NORMALIZE,
        T.RandomErasing(0.25, (0.02, 0.2))],
    "policy": [T.RandomResizedCrop(224), T.RandomHorizontalFlip(), T.RandAugment(), *NORMALIZE,
               T.RandomErasing(0.25)],
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("list", choices=LISTS)
    parser.add_argument("--photos", dest="count", type=int, default=500)
    options = parser.parse_args()
    torch.set_num_threads(1)
    paths = sorted(options.photos.rglob("*.jpg"))[:options.count]
    transform = T.Compose(LISTS[options.list])
    rates = []
    for _ in range(4):
        start = time.perf_counter()
        for path in paths:
            transform(Image.open(path).convert("RGB"))
        rates.append(len(paths) / (time.perf_counter() - start))
    print(f"{statistics.median(rates[1:]):.1f}")


if __name__ == "__main__":
    main()
