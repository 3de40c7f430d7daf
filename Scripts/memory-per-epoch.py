#!/usr/bin/env python3
"""Whether a run grows: its resident memory at the end of each epoch, and the slope over the epochs.

    Scripts/memory-per-epoch.py NETC FILE.net [further arguments of `netc run`]

Reads /proc of the running process whenever it tells of an epoch. The first fifth of the epochs, in which caches fill, does not count.
Ends with status 1 if the slope is 0.1 MB an epoch or more.
"""
import os
import subprocess
import sys
import tempfile


def resident(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


def main():
    netc, *arguments = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        command = [netc, "run", *arguments, "--progress", "plain", "--out", folder + "/run"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        sizes = []
        for line in process.stderr:
            if line.startswith("epoch"):
                try:
                    sizes.append(resident(process.pid))
                except (FileNotFoundError, ProcessLookupError, IndexError):
                    break
        if process.wait() != 0:
            sys.exit(f"netc ended with status {process.returncode}")
    counted = list(enumerate(sizes, 1))[len(sizes) // 5 :]
    if len(counted) < 3:
        sys.exit(f"{len(sizes)} epochs are too few")
    x = sum(epoch for epoch, _ in counted) / len(counted)
    y = sum(size for _, size in counted) / len(counted)
    slope = sum((e - x) * (s - y) for e, s in counted) / sum((e - x) ** 2 for e, _ in counted)
    print(f"{len(sizes)} epochs: {counted[0][1]:.2f} MB after epoch {counted[0][0]}, {sizes[-1]:.2f} MB at the end, "
          f"at most {max(sizes):.2f} MB; slope {slope:+.4f} MB an epoch")
    sys.exit(slope >= 0.1)


main()
