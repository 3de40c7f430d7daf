"""Writes the files beside it, with the packages that define their formats: numpy, torch, safetensors. Run offline, by hand."""
import csv
import gzip
import pathlib
import struct

import numpy as np
import torch
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent

# Every type, and beside it the same numbers as float32 by torch's conversion.
numbers = torch.tensor([[0.0, -0.0, 1.0], [-2.5, 1 / 3, 65504.0], [6.1035e-05, 5.9605e-08, -3.0e-6], [1e30, float("inf"), 1e-30]])
whole = torch.tensor([[0, 1, -1], [127, -128, 100]])
tensors = {
    "F64": numbers.double() / 3, "F32": numbers, "F16": numbers.half(), "BF16": numbers.bfloat16(),
    "I64": whole * 1_000_000_007, "I32": (whole * 10_000_019).int(), "I16": (whole * 200).short(), "I8": whole.char(),
    "U8": torch.tensor([0, 1, 128, 255], dtype=torch.uint8), "BOOL": torch.tensor([True, False, True]),
}
tensors |= {name + ".float": tensor.float().clone() for name, tensor in tensors.items()}
tensors |= {"scalar": torch.tensor(7.0), "empty": torch.zeros(0, 3), "näme \"quoted\" \\ \n\t\u0001": torch.ones(1)}
save_file({k: v.contiguous() for k, v in tensors.items()}, here / "types.safetensors", metadata={"format": "pt", "ключ": "value \U0001F600"})

# Ten examples of 2 x 3 pixels, label = index % 4.
pixels = (np.arange(10 * 2 * 3) * 4).astype(np.uint8)
images = struct.pack(">BBBBIII", 0, 0, 8, 3, 10, 2, 3) + pixels.tobytes()
labels = struct.pack(">BBBBI", 0, 0, 8, 1, 10) + bytes(i % 4 for i in range(10))
(here / "plain-images-idx3-ubyte").write_bytes(images)
(here / "plain-labels-idx1-ubyte").write_bytes(labels)
(here / "dots-images.idx3-ubyte").write_bytes(images)
(here / "dots-labels.idx1-ubyte").write_bytes(labels)
# Two members make one content (RFC 1952, 2.2).
(here / "zipped-images-idx3-ubyte.gz").write_bytes(gzip.compress(images[:20], mtime=0) + gzip.compress(images[20:], mtime=0))
(here / "zipped-labels-idx1-ubyte.gz").write_bytes(gzip.compress(labels, mtime=0))

with open(here / "quoted.csv", "w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["name, of flower", "petal \"length\"", "petal width", "kind"])
    writer.writerow(["a", 1.5, -2, "rose, red"])
    writer.writerow(["b\nc", "2.5e-1", 3, "aster"])
    writer.writerow(["d", 7, 0.125, "he said \"iris\""])
    writer.writerow(["", 0, 1, "aster"])
