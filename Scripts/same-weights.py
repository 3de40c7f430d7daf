#!/usr/bin/env python3
"""Whether a run ends with the same bits for any number of threads: the SHA-256 of the trained weights of five nets.

    Scripts/same-weights.py [NETC] [--models digits,resnet18] [--threads 1,2,3,4,8] [--steps 3]

Trains each net for some steps on random examples with each number of threads. Ends with status 1 if any weights differ.
"""
import argparse
import hashlib
import os
import subprocess
import sys
import tempfile

from random_tensors import OTHER_DATA, pictures, spoken_words, texts, translations, write

# The examples of a batch, how to make them, and what to change in the file.
NETS = {
    "digits": (32, pictures([1, 8, 8]), []),
    "mnist_cnn": (32, pictures([1, 28, 28]), []),
    "resnet18": (4, pictures([3, 64, 64]), [("f32[3, 224, 224]", "f32[3, 64, 64]")]),
    "text_lstm": (32, texts, []),
    "phonemes": (32, spoken_words, []),
    "alexnet": (2, pictures([3, 224, 224]), []),
    "t5_small": (2, translations(128, 64), [("accumulate = 4", "accumulate = 2")]),
}
FIVE = "digits,mnist_cnn,resnet18,text_lstm,phonemes"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("netc", nargs="?", default=".build/release/netc")
    parser.add_argument("--models", default=FIVE, help=f"of {', '.join(NETS)}")
    parser.add_argument("--threads", default="1,2,3,4,8")
    parser.add_argument("--steps", type=int, default=3)
    arguments = parser.parse_args()
    netc = os.path.abspath(arguments.netc)
    models = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "models")
    differing = 0
    for name in arguments.models.split(","):
        batch, make, changes = NETS[name]
        with tempfile.TemporaryDirectory() as folder:
            with open(f"{models}/{name}.net") as file:
                text = file.read()
            for old, new in changes:
                assert old in text, f"{name}.net has no {old}"
                text = text.replace(old, new)
            with open(f"{folder}/{name}.net", "w") as file:
                file.write(text)
            accumulate = 2 if "accumulate" in text else 1
            write(f"{folder}/data.safetensors", make(2 * accumulate * batch))
            digests = {}
            for threads in arguments.threads.split(","):
                command = [netc, "run", f"{name}.net", "--out", threads, "--threads", threads, "--progress", "none"]
                command += ["--steps", str(arguments.steps), "--batch", str(batch)]
                for setting in ['data=tensors("data.safetensors")', *OTHER_DATA]:
                    command += ["--set", setting]
                subprocess.run(command, cwd=folder, check=True)
                with open(f"{folder}/{threads}/weights.safetensors", "rb") as file:
                    digests.setdefault(hashlib.sha256(file.read()).hexdigest(), []).append(threads)
            for digest, threads in digests.items():
                print(f"{name:10}  {digest}  threads {', '.join(threads)}", flush=True)
            differing += len(digests) > 1
    sys.exit(1 if differing else 0)


main()
