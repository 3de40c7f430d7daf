#!/usr/bin/env python3
"""How long it takes from the command to the first finished training step, beyond the time of a step itself.

    Scripts/start-up.py [NETC] [--rounds 3]

Trains ResNet-18 on batches of 16, once on a safetensors file and once on a folder of pictures, and reads when each step was told of.
Ends with status 1 where the median is above 0.3 s. The machine should do nothing else meanwhile.
"""
import argparse
import os
import random
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zlib

from random_tensors import OTHER_DATA, pictures, write

BATCH = 16


def png(path, width, height, generator):
    """A picture of coloured squares."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    squares = [bytes(generator.randrange(256) for _ in range(3)) * 16 for _ in range(64)]
    rows = []
    for row in range(height):
        if row % 16 == 0:
            line = b"".join(generator.choice(squares) for _ in range(width // 16))
        rows.append(b"\0" + line)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header))
        file.write(chunk(b"IDAT", zlib.compress(b"".join(rows), 1)) + chunk(b"IEND", b""))


def measure(netc, model, folder, number, data):
    """Seconds to the first step, and of a step after it."""
    command = [netc, "run", model, "--out", f"{folder}/run{number}", "--progress", "json", "--steps", "5"]
    command += ["--batch", str(BATCH), "--set", f"data={data.replace('FOLDER', folder)}"]
    for setting in OTHER_DATA:
        command += ["--set", setting]
    begun = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    told, others = [], []
    for line in process.stderr:
        if line.startswith("{"):
            told.append(time.monotonic() - begun)
        else:
            others.append(line)
    if process.wait() != 0 or len(told) < 3:
        sys.exit(f"netc ended with status {process.returncode} after {len(told)} steps: {''.join(others)}")
    return told[0], statistics.median(b - a for a, b in zip(told, told[1:]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("netc", nargs="?", default=".build/release/netc")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    netc = os.path.abspath(arguments.netc)
    model = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "models", "resnet18.net")
    late = False
    with tempfile.TemporaryDirectory() as folder:
        # One batch is an epoch, and of each epoch a line is told.
        write(f"{folder}/data.safetensors", pictures([3, 224, 224])(BATCH))
        generator = random.Random(1)
        for number in range(BATCH):
            os.makedirs(f"{folder}/photos/{number % 10}", exist_ok=True)
            png(f"{folder}/photos/{number % 10}/{number}.png", 320, 256, generator)
        sources = {
            "tensors": 'tensors("FOLDER/data.safetensors")',
            "pictures": 'image_folder("FOLDER/photos") -> random_resized_crop(224) -> flip(0.5) -> normalize(imagenet)',
        }
        number = 0
        for name, data in sources.items():
            beyond, steps = [], []
            for _ in range(arguments.rounds):
                number += 1
                first, step = measure(netc, model, folder, number, data)
                beyond.append(first - step)
                steps.append(step)
            median = statistics.median(beyond)
            late |= median > 0.3
            print(f"{name:8}  a step {statistics.median(steps):.3f} s, before the first one has ended {median:.3f} s more "
                  f"({min(beyond):.3f} to {max(beyond):.3f})", flush=True)
    sys.exit(1 if late else 0)


main()
