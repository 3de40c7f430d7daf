#!/usr/bin/env python3
"""What netc makes of real photographs, held against Pillow and torchvision: the mean absolute difference of 8-bit values of every
transform.

    Scripts/pictures-by-torchvision.py FOLDER NETC [--count 12]

FOLDER has photographs somewhere below it. The pictures are those of `netc data show`, which are what a net sees. Of a transform
that is random, torchvision's is tried with parameters all over the range that the words allow, finer around the best: what is
nearest must be near, and lie within the range. So it is also seen that parameters differ from picture to picture. Needs Pillow,
torch and torchvision. Ends with status 1 where a mean is above 1.
"""
import argparse
import base64
import io
import itertools
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import numpy
from PIL import Image
from torchvision.transforms import functional as F

NEAREST, BILINEAR = F.InterpolationMode.NEAREST, F.InterpolationMode.BILINEAR
NET = """net Look {
  input image: f32[3, HEIGHT, WIDTH]
  output logits: f32[2] = image -> max_pool(1, stride=8) -> flatten -> linear(2)
}
train Look {
  target label: index(2)
  data      = image_folder("files") -> TRANSFORM
  loss      = cross_entropy(logits, label)
  optimizer = sgd(lr=0)
  batch     = 1
  epochs    = 1
}
"""


def distance(left, right):
    return float(numpy.abs(numpy.asarray(left, numpy.int16) - numpy.asarray(right, numpy.int16)).mean())


def shown(netc, folder, transform, size, count):
    """What netc makes of each file, by its name."""
    text = NET.replace("HEIGHT", str(size[0])).replace("WIDTH", str(size[1])).replace("TRANSFORM", transform)
    (folder / "look.net").write_text(text)
    page = folder / "page.html"
    subprocess.run([netc, "data", "show", folder / "look.net", "--count", str(count), "--out", page], check=True, capture_output=True)
    found = re.findall(r'<img alt="([^"]+)" src="data:image/png;base64,([^"]+)"', page.read_text())
    return {name: Image.open(io.BytesIO(base64.b64decode(code))).convert("RGB") for name, code in found}


def nearest(found, make, ranges, rounds=3, steps=25):
    """The parameters in `ranges`, pairs of ends, with which `make` comes nearest to `found`: a grid, then finer ones around the best."""
    wide = list(ranges)
    for _ in range(rounds):
        grids = [numpy.linspace(low, high, steps) if high > low else [low] for low, high in wide]
        best = min(((distance(found, make(*point)), point) for point in itertools.product(*grids)), key=lambda pair: pair[0])
        wide = []
        for (low, high), value in zip(ranges, best[1]):
            reach = 1.5 * (high - low) / (steps - 1)
            wide.append((max(low, value - reach), min(high, value + reach)))
        ranges = wide
    return best


def crops(picture, size, pad=0):
    """All parts of a picture behind a black border, with their places."""
    padded = numpy.asarray(F.pad(picture, pad), numpy.uint8)
    for y in range(padded.shape[0] - size[0] + 1):
        for x in range(padded.shape[1] - size[1] + 1):
            yield (y, x), padded[y : y + size[0], x : x + size[1]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photographs")
    parser.add_argument("netc")
    parser.add_argument("--count", type=int, default=12)
    args = parser.parse_args()
    chance = random.Random(1)
    paths = sorted(p for p in pathlib.Path(args.photographs).rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    chosen = chance.sample(paths, min(args.count, len(paths)))
    worst = 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        pictures = {}
        for number, path in enumerate(chosen):
            label = "ab"[number % 2]
            (folder / "files" / label).mkdir(parents=True, exist_ok=True)
            # All of one size, so small that every place of a crop can be tried, and that the page shows twice the size as it is.
            picture = Image.open(path).convert("RGB")
            scale = min(64 / picture.height, 112 / picture.width)
            if scale < 1:
                picture = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.LANCZOS)
            picture.save(folder / "files" / label / f"{number:03}.png")
            pictures[f"{label}/{number:03}.png"] = picture
        height = min(picture.height for picture in pictures.values())
        width = min(picture.width for picture in pictures.values())
        for key, picture in pictures.items():
            pictures[key] = picture.crop((0, 0, width, height))
            pictures[key].save(folder / "files" / key)
        small = (height * 3 // 4, width * 3 // 4)

        def compare(transform, size, search):
            nonlocal worst
            found = shown(args.netc, folder, transform, size, args.count)
            assert set(found) == set(pictures), "not every picture was shown"
            results = {key: search(pictures[key], picture) for key, picture in found.items()}
            means = [result[0] for result in results.values()]
            worst = max(worst, *means)
            kinds = len({str(result[1]) for result in results.values()})
            tail = f"  {kinds} different parameters of {len(means)}" if kinds > 1 else ""
            print(f"{transform:52} mean {sum(means) / len(means):.4f}, worst picture {max(means):.4f}{tail}", flush=True)

        def fixed(make):
            return lambda picture, found: (distance(found, make(picture)), ())

        def of_all(candidates):
            return lambda picture, found: min(((distance(found, made), point) for point, made in candidates(picture)), key=lambda pair: pair[0])

        for size in [small, (height * 2, width * 2), (7, 5), (height, width * 2)]:
            compare(f"resize({size[0]}, {size[1]})", size, fixed(lambda p: p.resize((size[1], size[0]), Image.BILINEAR)))
        short = min(small)
        long = int(short * max(height, width) / min(height, width))
        size = (short, long) if height <= width else (long, short)
        compare(f"resize({short})", size, fixed(lambda p: F.resize(p, short, BILINEAR, antialias=True)))
        for size in [small, (height + 8, width - 4)]:
            compare(f"center_crop({size[0]}, {size[1]})", size, fixed(lambda p: F.center_crop(p, list(size))))
        compare(f"random_crop({small[0]}, {small[1]})", small, of_all(lambda p: crops(p, small)))
        compare(f"random_crop({height}, {width}, pad=4)", (height, width), of_all(lambda p: crops(p, (height, width), 4)))
        compare("flip(0.5)", (height, width), of_all(lambda p: [(0, p), (1, F.hflip(p))]))
        compare("rotate(30)", (height, width), lambda p, found: nearest(
            found, lambda angle: F.rotate(p, float(angle), NEAREST), [(-30, 30)], rounds=4, steps=81))
        for word, make in [("brightness", F.adjust_brightness), ("contrast", F.adjust_contrast), ("saturation", F.adjust_saturation)]:
            compare(f"jitter({word}=0.4)", (height, width), lambda p, found: nearest(
                found, lambda factor: make(p, float(factor)), [(0.6, 1.4)], rounds=3, steps=41))
        changes = {"b": F.adjust_brightness, "c": F.adjust_contrast, "s": F.adjust_saturation}

        def jittered(p, found):
            def by(order):
                def make(*factors):
                    made = p
                    for letter, factor in zip(order, factors):
                        made = changes[letter](made, float(factor))
                    return made
                return make
            return min((nearest(found, by(order), [(0.7, 1.3)] * 3, rounds=7, steps=7) + (order,) for order in itertools.permutations("bcs")),
                       key=lambda result: result[0])

        compare("jitter(0.3, 0.3, 0.3)", (height, width), jittered)

        def parts(p, found):
            """Boxes of random_resized_crop, all of a coarse grid, then one side after the other."""
            def made(box):
                top, left, h, w = box
                return F.resized_crop(p, top, left, h, w, list(small), BILINEAR, antialias=True)
            def fits(box):
                top, left, h, w = box
                return h >= 2 and w >= 2 and top >= 0 and left >= 0 and top + h <= height and left + w <= width
            area = height * width
            allowed = [(h, w) for h in range(2, height + 1) for w in range(2, width + 1)
                       if 0.28 * area <= h * w <= 1.0 * area and 0.74 <= w / h <= 1.35]
            step = max(1, height // 16)
            starts = [(y, x, h, w) for h, w in allowed if h % step == 0 and w % step == 0
                      for y in range(0, height - h + 1, step) for x in range(0, width - w + 1, step)]
            ranked = sorted((distance(found, made(box)), box) for box in starts)[:8]
            best = ranked[0]
            for value, box in ranked:
                improved = True
                while improved:
                    improved = False
                    for change in itertools.product((-1, 0, 1), repeat=4):
                        other = tuple(a + b for a, b in zip(box, change))
                        if fits(other) and (d := distance(found, made(other))) < value:
                            value, box, improved = d, other, True
                best = min(best, (value, box))
            return best

        compare(f"random_resized_crop({small[0]}, {small[1]}, scale=[0.3, 1])", small, parts)
    print(f"the worst picture of all: {worst:.4f}")
    sys.exit(worst > 1)


main()
