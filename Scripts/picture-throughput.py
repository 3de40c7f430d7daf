#!/usr/bin/env python3
"""How many 224x224 crops of JPEG files of 500x400 pixels a core makes: netc's image_folder and torchvision's loader with Pillow.

    Scripts/picture-throughput.py FOLDER NETC [--count 2000] [--rounds 3] [--resized]

FOLDER has photographs somewhere below it. Random parts of them become the files, of 200 different contents. Both sides decode
each file anew in each epoch, cut a random part (`--resized`: of random size and shape), mirror it with probability one half, and
make normalised numbers of it, with one thread. What counts is the processor's time of an epoch: that of a run of three epochs
without that of a run of one, so that starting costs neither side anything. The rounds alternate, and the best of each side
counts. netc's time includes a net that looks at one pixel of a thousand. Needs Pillow, torch and torchvision. Ends with status 1
below 1.5 times.
"""
import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile

NET = """net Look {
  input image: f32[3, 224, 224]
  output logits: f32[2] = image -> max_pool(1, stride=32) -> flatten -> linear(2)
}
train Look {
  target label: index(2)
  data      = image_folder("files") -> CROP -> flip(0.5) -> scale(1 / 255)
    -> normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
  loss      = cross_entropy(logits, label)
  optimizer = sgd(lr=1e-6)
  batch     = 50
  epochs    = 1
}
"""


def make(photographs, folder, count):
    from PIL import Image

    chance = random.Random(1)
    paths = sorted(p for p in pathlib.Path(photographs).rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    if not paths:
        sys.exit(f"{photographs}: no photographs")
    pictures = [Image.open(path).convert("RGB") for path in chance.sample(paths, min(50, len(paths)))]
    for label in "ab":
        (folder / "files" / label).mkdir(parents=True)
    for number in range(count):
        place = folder / "files" / "ab"[number % 2] / f"{number:05}.jpg"
        if number >= 200:
            os.link(folder / "files" / "ab"[number % 2] / f"{number % 200:05}.jpg", place)
            continue
        picture = pictures[number % len(pictures)]
        scale = max(500 / picture.width, 400 / picture.height) * chance.uniform(1, 1.3)
        picture = picture.resize((max(500, round(picture.width * scale)), max(400, round(picture.height * scale))), Image.BICUBIC)
        x, y = chance.randint(0, picture.width - 500), chance.randint(0, picture.height - 400)
        picture.crop((x, y, x + 500, y + 400)).save(place, quality=90)


def processor_time(command):
    """Seconds of all threads of a process."""
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "OMP_NUM_THREADS": "1"})
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def peer(folder, epochs, resized):
    import torch
    from torchvision import datasets, transforms

    torch.set_num_threads(1)
    crop = transforms.RandomResizedCrop(224) if resized else transforms.RandomCrop(224)
    normalize = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    steps = transforms.Compose([crop, transforms.RandomHorizontalFlip(), transforms.ToTensor(), normalize])
    loader = torch.utils.data.DataLoader(datasets.ImageFolder(folder, steps), batch_size=50, shuffle=True)
    for _ in range(epochs):
        for _ in loader:
            pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photographs")
    parser.add_argument("netc")
    parser.add_argument("--count", type=int, default=2000, help="files; above 1,790 netc keeps none of them decoded")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--resized", action="store_true")
    parser.add_argument("--peer", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.peer:
        return peer(args.photographs, args.peer, args.resized)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make(args.photographs, folder, args.count)
        crop = "random_resized_crop(224, 224)" if args.resized else "random_crop(224, 224)"
        (folder / "look.net").write_text(NET.replace("CROP", crop))

        def ours(epochs):
            out = tempfile.mkdtemp(dir=name)
            options = ["--threads", "1", "--epochs", str(epochs), "--progress", "none", "--out", out]
            return processor_time([args.netc, "run", str(folder / "look.net"), *options])

        def theirs(epochs):
            command = [sys.executable, __file__, str(folder / "files"), args.netc, "--peer", str(epochs)]
            return processor_time(command + (["--resized"] if args.resized else []))

        best = {ours: 0.0, theirs: 0.0}
        for _ in range(args.rounds):
            for side in best:
                seconds = side(3) - side(1)
                best[side] = max(best[side], 2 * args.count / seconds)
    ratio = best[ours] / best[theirs]
    print(f"{args.count} files, {crop}: netc {best[ours]:.0f} a second of a core, torchvision {best[theirs]:.0f}: "
          f"{ratio:.2f} times")
    sys.exit(ratio < 1.5)


main()
