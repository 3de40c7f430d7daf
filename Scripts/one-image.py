#!/usr/bin/env python3
"""One picture at a time, forward only: netc against PyTorch at its best, in turn on the same threads.

    Scripts/one-image.py PYTHON PEERS [NETC] [--models alexnet,resnet18,mnist_cnn] [--rounds 5] [--threads 2]

PYTHON is an interpreter with torch, PEERS the folder with bench_torch.py. Prints the median of the rounds of both and their ratio; the
bar is 1.5. Output goes through files: a pipe would wake another process beside steps that take a twentieth of a millisecond.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile


def lines(command, folder=None):
    with tempfile.TemporaryFile("w+") as output:
        subprocess.run(command, cwd=folder, stdout=output, stderr=subprocess.DEVNULL, check=True)
        output.seek(0)
        return [json.loads(line) for line in output if line.startswith("{")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python")
    parser.add_argument("peers")
    parser.add_argument("netc", nargs="?", default=".build/release/netc")
    parser.add_argument("--models", default="alexnet,resnet18,mnist_cnn")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    models = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "models")
    threads = ["--threads", str(args.threads), "--batch", "1", "--infer"]
    missed = 0
    for name in args.models.split(","):
        ours, theirs = [], []
        for _ in range(args.rounds):
            bench = [os.path.abspath(args.netc), "bench", f"{models}/{name}.net", *threads, "--steps", "100", "--format", "json"]
            ours.append(lines(bench)[0]["ms_median"])
            modes = lines([args.python, "bench_torch.py", "--models", name, *threads, "--steps", "30"], args.peers)
            theirs.append(min(mode["ms_median"] for mode in modes))
        ratios = sorted(peer / own for own, peer in zip(ours, theirs))
        missed += statistics.median(ratios) < 1.5
        print(f"{name:10} netc {statistics.median(ours):7.3f} ms, PyTorch {statistics.median(theirs):7.3f} ms, "
              f"{statistics.median(ratios):.2f} times ({ratios[0]:.2f} to {ratios[-1]:.2f})", flush=True)
    sys.exit(missed > 0)


main()
