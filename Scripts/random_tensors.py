"""Small sets of random examples for the nets in models/, as safetensors files. Needs no package."""
import json
import math
import random
import struct

FLOATS, NUMBERS = "F32", "I32"


def tensor(kind, shape, below=1, seed=1):
    """Numbers in 0 ..< below, the same for the same seed."""
    generator = random.Random(seed)
    count = math.prod(shape)
    if kind == NUMBERS:
        values = struct.pack(f"<{count}i", *(generator.randrange(below) for _ in range(count)))
    elif count > 1_000_000:
        # A few thousand different numbers will do, and take no time.
        part = [generator.random() * below for _ in range(8191)]
        values = (struct.pack("<8191f", *part) * (count // 8191 + 1))[: 4 * count]
    else:
        values = struct.pack(f"<{count}f", *(generator.random() * below for _ in range(count)))
    return kind, shape, values


def write(path, tensors):
    header, offset = {}, 0
    for name, (kind, shape, values) in tensors.items():
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [offset, offset + len(values)]}
        offset += len(values)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, _, values in tensors.values():
            file.write(values)


def pictures(shape, classes=10, name="label"):
    def make(count):
        return {
            "image": tensor(FLOATS, [count, *shape]),
            name: tensor(NUMBERS, [count], classes, seed=2),
        }

    return make


def texts(count):
    return {"text": tensor(NUMBERS, [count, 100], 10000), "label": tensor(NUMBERS, [count], 2, seed=2)}


def spoken_words(count):
    return {"word": tensor(NUMBERS, [count, 24], 48), "phonemes": tensor(NUMBERS, [count, 24], 80, seed=2)}


def translations(source, target):
    def make(count):
        return {"src": tensor(NUMBERS, [count, source], 32128), "tgt": tensor(NUMBERS, [count, target], 32128, seed=2)}

    return make


# What a run of any net needs to do without the data that its file names.
OTHER_DATA = ["validation=none", "checkpoint=none", "early_stop=none", "weights=none", "metrics=[]"]
