"""Times PyTorch's training step on a CPU as Tutti's is timed: random images, label smoothing 0.1,
gradients clipped to norm 1, AdamW. Prints one JSON object.

Each rank is pinned to CPUs of its own and has one thread for each. `compare` calls this.
"""

import argparse
import json
import os
import statistics
import sys
import time

import torch
import torch.distributed
import torch.multiprocessing

CLASSES = 8


def make_model(name, size):
    """The net under Tutti's name, without dropout and drop path, which Tutti's have not either."""
    if name.startswith(("vit", "efficientnet-lite")):
        import timm

        names = {"vit-s16": "vit_small_patch16_224", "efficientnet-lite0": "tf_efficientnet_lite0"}
        options = {"img_size": size} if name.startswith("vit") else {}
        return timm.create_model(names[name], num_classes=CLASSES, **options)
    import torchvision

    options = {}
    if name.startswith("efficientnet"):
        options = {"dropout": 0.0, "stochastic_depth_prob": 0.0}
    make = getattr(torchvision.models, name.replace("-", "_"))
    return make(num_classes=CLASSES, **options)


def peak_bytes():
    """Memory at the process's worst moment; getrusage would count what it was before exec too."""
    with open("/proc/self/status") as status:
        lines = dict(line.split(":", 1) for line in status)
    return int(lines["VmHWM"].split()[0]) * 1024


def work(rank, options, queue=None):
    ranks = len(options.cpus)
    os.sched_setaffinity(0, options.cpus[rank])
    torch.set_num_threads(len(options.cpus[rank]))
    torch.set_flush_denormal(True)
    torch.manual_seed(rank)
    layout = torch.channels_last if options.layout == "channels_last" else torch.contiguous_format
    model = make_model(options.model, options.size)
    libraries = peak_bytes()
    model = model.to(memory_format=layout).train()
    if ranks > 1:
        torch.distributed.init_process_group("gloo", rank=rank, world_size=ranks)
        model = torch.nn.parallel.DistributedDataParallel(model, gradient_as_bucket_view=True)
    if options.compile:
        model = torch.compile(model)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, fused=True)
    images = torch.randn(options.batch, 3, options.size, options.size)
    images = images.to(memory_format=layout)
    labels = torch.randint(0, CLASSES, (options.batch,))

    def step():
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.bf16):
            logits = model(images)
        loss = torch.nn.functional.cross_entropy(logits.float(), labels, label_smoothing=0.1)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()

    seconds = []
    for number in range(options.warm_up + options.steps):
        if ranks > 1:
            torch.distributed.barrier()
        start = time.perf_counter()
        step()
        if number >= options.warm_up:
            seconds.append(time.perf_counter() - start)
    result = (seconds, peak_bytes(), libraries)
    if ranks > 1:
        torch.distributed.destroy_process_group()
    if queue is None:
        return result
    queue.put(result)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="Tutti's name of the net")
    parser.add_argument("--batch", type=int, default=16, help="images of each rank")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--cpus", required=True, help="CPUs of each rank: 0,1 or 0,1/2,3")
    parser.add_argument("--layout", choices=["contiguous", "channels_last"], default="contiguous")
    parser.add_argument("--steps", type=int, default=2)
    parser.add_argument("--warm-up", type=int, default=1)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--bf16", action="store_true")
    options = parser.parse_args()
    options.cpus = [{int(cpu) for cpu in rank.split(",")} for rank in options.cpus.split("/")]
    ranks = len(options.cpus)

    if ranks == 1:
        results = [work(0, options)]
    else:
        os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
        os.environ.setdefault("MASTER_PORT", str(20000 + os.getpid() % 20000))
        queue = torch.multiprocessing.get_context("spawn").SimpleQueue()
        torch.multiprocessing.spawn(work, args=(options, queue), nprocs=ranks)
        results = [queue.get() for _ in range(ranks)]
    slowest = [max(times) for times in zip(*(result[0] for result in results))]
    median = statistics.median(slowest)
    json.dump(
        {
            "images_per_second": ranks * options.batch / median,
            "step_milliseconds": median * 1e3,
            "peak_memory_bytes": max(result[1] for result in results),
            "memory_before_training_bytes": max(result[2] for result in results),
        },
        sys.stdout,
    )
    print()


if __name__ == "__main__":
    main()
