#!/usr/bin/env python3
"""Patterns for the first layer of models/cats_cnn.net: pieces of photographs, whitened (Coates, Lee and Ng 2011).

    Scripts/cut-patches.py photos/train patches.safetensors [patterns [size]]

Cuts squares out of all photographs below a folder, finds how their pixels go together, and takes that away: what is left of a piece is what is
its own. Some of them, with their negatives, become the weights `conv1.weight` and `conv1.bias`, for pictures that are normalised by 0.5 and 0.25.
Needs numpy and Pillow.
"""
import json
import pathlib
import struct
import sys

import numpy
from PIL import Image


def main():
    folder, out = sys.argv[1:3]
    patterns, size = ([int(argument) for argument in sys.argv[3:]] + [512, 6][len(sys.argv) - 3:])[:2]
    random = numpy.random.default_rng(0)
    pieces = []
    for path in sorted(pathlib.Path(folder).rglob("*.*")):
        picture = (numpy.asarray(Image.open(path).convert("RGB"), dtype=numpy.float64) / 255 - 0.5) / 0.25
        for _ in range(40):
            y, x = (random.integers(0, extent - size + 1) for extent in picture.shape[:2])
            pieces.append(picture[y:y + size, x:x + size].transpose(2, 0, 1).ravel())
    pieces = numpy.stack(pieces)
    pieces -= pieces.mean(axis=1, keepdims=True)
    center = pieces.mean(axis=0)
    variances, axes = numpy.linalg.eigh(numpy.cov(pieces.T, bias=True))
    # A tenth keeps the finest grain, which is mostly noise, from being made as large as the rest.
    whitening = (axes / numpy.sqrt(numpy.maximum(variances, 0) + 0.1)) @ axes.T
    chosen = (pieces - center)[random.permutation(len(pieces))[:patterns]] @ whitening
    weights = chosen / numpy.linalg.norm(chosen, axis=1, keepdims=True) @ whitening
    weights -= weights.mean(axis=1, keepdims=True)
    weights /= (pieces @ weights.T).std()
    bias = -weights @ center
    save(out, {
        "conv1.weight": numpy.concatenate([weights, -weights]).reshape(-1, 3, size, size),
        "conv1.bias": numpy.concatenate([bias, -bias]),
    })


def save(path, tensors):
    header, offset = {}, 0
    for name, tensor in tensors.items():
        header[name] = {"dtype": "F32", "shape": tensor.shape, "data_offsets": [offset, offset + 4 * tensor.size]}
        offset += 4 * tensor.size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    data = b"".join(tensor.astype("<f4").tobytes() for tensor in tensors.values())
    pathlib.Path(path).write_bytes(struct.pack("<Q", len(text)) + text + data)


main()
