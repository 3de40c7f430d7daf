#!/usr/bin/env python3
"""Predicted against measured peak memory of training steps: what `netc plan` prints, and the largest resident size of `netc bench`.

    Scripts/peak-memory.py [NETC] [--models vgg13,resnet18] [--threads 2]

Ends with status 1 where the two are more than 10 % apart.
"""
import argparse
import json
import os
import re
import subprocess
import sys

BATCHES = {
    "digits": 32, "mnist_cnn": 64, "catnet": 1323, "alexnet": 32, "vgg13": 8, "resnet18": 16, "text_lstm": 64,
    "phonemes": 64, "t5_small": 8,
}
SIX = "mnist_cnn,catnet,alexnet,vgg13,resnet18,t5_small"
UNITS = {"kB": 1e3, "MB": 1e6, "GB": 1e9}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("netc", nargs="?", default=".build/release/netc")
    parser.add_argument("--models", default=SIX, help=f"of {', '.join(BATCHES)}")
    parser.add_argument("--threads", default="2")
    arguments = parser.parse_args()
    models = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "models")
    far = False
    for name in arguments.models.split(","):
        options = [f"{models}/{name}.net", "--batch", str(BATCHES[name]), "--threads", arguments.threads]

        def netc(command, *further):
            command = [arguments.netc, command, *options, *further]
            return subprocess.run(command, check=True, capture_output=True, text=True).stdout

        number, unit = re.search(r"^peak: about ([\d.]+) (\w+)", netc("plan"), re.MULTILINE).groups()
        predicted = float(number) * UNITS[unit] / 1e6
        measured = json.loads(netc("bench", "--steps", "1", "--format", "json"))["peak_bytes"] / 1e6
        far |= abs(predicted / measured - 1) > 0.1
        print(f"{name:10} batch {BATCHES[name]:4}  predicted {predicted:7.1f} MB  measured {measured:7.1f} MB  "
              f"{100 * (predicted / measured - 1):+5.1f} %", flush=True)
    sys.exit(1 if far else 0)


main()
