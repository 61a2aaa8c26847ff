#!/usr/bin/env python3
"""docs/benchmarks/serve.py: what `tutti serve` bears on one core.

    docs/benchmarks/serve.py weights/efficientnet-lite0-57934424.pth photos/test
    docs/benchmarks/serve.py MODEL PHOTOS --part mixed --requests 100000

The server is pinned to one core and computes on one thread, the clients to another.

throughput: photos a second for 16 clients that ask again as soon as they have an answer, for PHOTOS as they are and for
the same saved with a shorter side of 256 pixels (needs Pillow), beside `tutti bench inference` on that core, in turn.
latency: the time of a photo that is alone, and the 99th percentile where photos come half as often as the server could answer
them: evenly, and at random (Poisson).
mixed: so many requests, good and hostile, from 16 clients: which codes they get, and the server's memory on the way.
"""

import argparse
import collections
import http.client
import io
import json
import os
import pathlib
import random
import re
import socket
import statistics
import subprocess
import threading
import time
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
JPEG = {"Content-Type": "image/jpeg"}


class Server:
    """A server, pinned to a core, for as long as the block lasts."""

    def __init__(self, options, *arguments):
        self.command = ["taskset", "-c", options.core, str(options.tutti), "serve", options.model, "--port", "0",
                        "--set", "training.threads=1", *arguments]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.port = int(re.search(r":(\d+)/", line).group(1))
        return self

    def __exit__(self, *_):
        self.process.terminate()
        code = self.process.wait(60)
        assert code == 0, f"the server ended with {code}"

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def resident(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024


def ask(connection, photo):
    start = time.monotonic()
    connection.request("POST", "/predict", photo, JPEG)
    reply = connection.getresponse()
    body = reply.read()
    assert reply.status == 200, body
    return time.monotonic() - start


def together(count, work):
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def throughput(server, photos, clients, seconds):
    counts = [0] * clients
    end = time.monotonic() + seconds

    def work(number):
        connection = server.connect()
        turn = number
        while time.monotonic() < end:
            ask(connection, photos[turn % len(photos)])
            turn += clients
            counts[number] += 1

    start = time.monotonic()
    together(clients, work)
    return sum(counts) / (time.monotonic() - start)


def bench(options):
    line = subprocess.run(
        ["taskset", "-c", options.core, options.tutti, "bench", "inference", "--model", options.net, "--threads", "1",
         "--seconds", "5", "--json"], check=True, capture_output=True, text=True).stdout
    return json.loads(line)["images_per_second"]


def small(photos):
    """Photos as thumbnails are sent: the shorter side has 256 pixels."""
    from PIL import Image
    result = []
    for photo in photos:
        image = Image.open(io.BytesIO(photo)).convert("RGB")
        scale = 256 / min(image.size)
        image = image.resize((round(image.width * scale), round(image.height * scale)))
        file = io.BytesIO()
        image.save(file, "JPEG", quality=90)
        result.append(file.getvalue())
    return result


def measure_throughput(options, photos):
    kinds = {"as they are": photos, "256 pixels": small(photos)}
    rows = collections.defaultdict(list)
    with Server(options) as server:
        throughput(server, photos, 16, 2)
        for _ in range(options.rounds):
            rows["bench"].append(bench(options))
            for name, some in kinds.items():
                rows[name].append(throughput(server, some, 16, 8))
    base = statistics.median(rows["bench"])
    print(f"bench inference   {base:.1f} images/s")
    for name in kinds:
        speed = statistics.median(rows[name])
        print(f"{name:16}  {speed:.1f} photos/s, {speed / base:.3f} of it")


def measure_latency(options, photos):
    with Server(options) as server:
        connection = server.connect()
        alone = [ask(connection, photos[n % len(photos)]) for n in range(100)][20:]
        one = statistics.median(alone)
        speed = throughput(server, photos, 16, 8)
        print(f"alone {one * 1e3:.1f} ms (median of 80), together {speed:.1f} photos/s")
        draw = random.Random(1)
        for name, gap in (("evenly", lambda mean: mean), ("at random", lambda mean: draw.expovariate(1 / mean))):
            times = sorted(arriving(server, photos, lambda: gap(2 / speed)))
            p99 = times[int(0.99 * len(times))]
            print(f"half of that, {name}: median {statistics.median(times) * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms, "
                  f"{p99 / one:.1f} times the time of one")


def arriving(server, photos, gap, count=1000, clients=32):
    """How long each of so many photos took that came with these gaps, whether or not others were done."""
    at, times, lock = [time.monotonic() + 0.2], [], threading.Lock()

    def work(_):
        connection = server.connect()
        while True:
            with lock:
                number = len(at)
                if number > count:
                    return
                at.append(at[-1] + gap())
                begin = at[-1]
            time.sleep(max(0, begin - time.monotonic()))
            ask(connection, photos[number % len(photos)])
            times.append(time.monotonic() - begin)

    together(clients, work)
    return times


def raw(server, data, ending=True):
    """Bytes as they are; the status that comes back, or None."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        try:
            connection.sendall(data)
            if not ending:
                return None
            return int(connection.recv(4096).split(b" ")[1])
        except (OSError, IndexError, ValueError):
            return None


def measure_mixed(options, photos):
    photo = photos[0]

    def chunk(name, data):
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    bomb = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", (60000).to_bytes(4, "big") * 2 + b"\x08\2\0\0\0")
            + chunk(b"IDAT", zlib.compress(bytes(1000))))

    def post(body, path="/predict", **fields):
        head = {"Host": "x", "Content-Type": "image/jpeg", "Content-Length": str(len(body)), "Connection": "close"}
        head.update({name.replace("_", "-"): value for name, value in fields.items()})
        return (f"POST {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in head.items()) + "\r\n").encode() + body

    form = "multipart/form-data; boundary=b"
    part = b'--b\r\nContent-Disposition: form-data; name="p"; filename="p.jpg"\r\n\r\n'
    get = "{} {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    # Weight, expected code (None: nobody waits for one), bytes.
    kinds = {
        "good": (6, 200, lambda: post(random.choice(photos))),
        "good form": (1, 200, lambda: post(part + photo + b"\r\n--b--", Content_Type=form)),
        "heat map": (0.3, 200, lambda: post(photo, "/predict?heat_map=1")),
        "truncated": (12, 400, lambda: post(photo[:random.randrange(200, len(photo) - 2)])),
        "bad form": (10, 400, lambda: post(part + photo, Content_Type=form)),
        "bad query": (10, 400, lambda: post(b"x", "/predict?tta=x")),
        "no HTTP": (8, 400, lambda: b"\x16\x03\x01" + random.randbytes(200) + b"\r\n\r\n"),
        "no photo": (12, 415, lambda: post(b"GIF89a" + random.randbytes(100))),
        "wrong type": (8, 415, lambda: post(b"{}", Content_Type="application/json")),
        "bomb": (8, 413, lambda: post(bomb)),
        "huge": (0.2, 413, lambda: post(random.randbytes(1 << 20) * 3)),
        "huge in chunks": (0.1, 413, lambda: post(b"", Content_Length="", Transfer_Encoding="chunked").replace(
            b"Content-Length: \r\n", b"") + b"300000\r\n" + bytes(0x300000)),
        "long head": (2, 431, lambda: b"GET / HTTP/1.1\r\nX: " + b"y" * 70000),
        "page": (5, 200, lambda: get.format("GET", "/").encode()),
        "HEAD": (5, 200, lambda: get.format("HEAD", "/metrics").encode()),
        "unknown": (5, 404, lambda: get.format("GET", "/../x").encode()),
        "method": (3, 405, lambda: get.format("DELETE", "/predict").encode()),
        "cancelled": (4, None, lambda: post(photo)[:-1000] if random.random() < 0.5 else post(photo)),
        "slow": (0.02, 408, lambda: post(photo)[:300]),
    }
    names, weights = list(kinds), [weight for weight, _, _ in kinds.values()]
    codes, left, lock = collections.defaultdict(collections.Counter), [options.requests], threading.Lock()
    with Server(options, "--largest-upload", "2", "--request-timeout", "3") as server:
        def work(number):
            while True:
                with lock:
                    if left[0] <= 0:
                        return
                    left[0] -= 1
                    if left[0] % (options.requests // 10) == 0:
                        print(f"{options.requests - left[0]:7} requests, {server.resident():.1f} MB", flush=True)
                name = random.choices(names, weights)[0]
                _, expected, make = kinds[name]
                code = raw(server, make(), expected is not None)
                with lock:
                    codes[name][code] += 1

        begun = time.monotonic()
        together(16, work)
        print(f"{time.monotonic() - begun:.0f} s; {server.resident():.1f} MB")
        for name, (_, expected, _) in kinds.items():
            print(f"{name:15} wanted {expected}: {dict(codes[name])}")
        print("and then", f"{ask(server.connect(), photo) * 1e3:.1f} ms for a photo")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("--part", choices=["throughput", "latency", "mixed"])
    parser.add_argument("--net", default="efficientnet-lite0", help="the model's, for bench inference (%(default)s)")
    parser.add_argument("--tutti", default=os.environ.get("TUTTI", ROOT / ".build/release/tutti"))
    parser.add_argument("--core", default="0", help="the server's (%(default)s); the clients have the others")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=100_000)
    options = parser.parse_args()
    os.sched_setaffinity(0, os.sched_getaffinity(0) - {int(options.core)} or {int(options.core)})
    files = sorted(file for file in options.photos.rglob("*") if file.suffix.lower() in (".jpg", ".jpeg"))
    photos = [file.read_bytes() for file in files[:200]]
    parts = {"throughput": measure_throughput, "latency": measure_latency, "mixed": measure_mixed}
    for name, measure in parts.items():
        if options.part in (None, name):
            measure(options, photos)


if __name__ == "__main__":
    main()
