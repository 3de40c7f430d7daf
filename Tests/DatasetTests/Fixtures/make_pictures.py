"""Writes `pictures/` and, as Pillow and torchvision read and change them, `pictures.safetensors`. Run offline, by hand."""
import pathlib
import struct
import zlib

import numpy as np
import torch
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo
from safetensors.torch import save_file
from torchvision.transforms import functional as F

here = pathlib.Path(__file__).parent
folder = here / "pictures"
folder.mkdir(exist_ok=True)
expected = {}


def keep(name, picture):
    array = np.asarray(picture)
    expected[name] = torch.from_numpy((array if array.ndim == 3 else array[:, :, None]).copy())


def scene(width, height, phase=0.0):
    """Something smooth with edges, as photographs are."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    planes = [127 + 120 * np.sin(x / 3 + y / (5 + k) + phase + 2 * k) for k in range(3)]
    array = np.stack(planes, axis=2)
    array[height // 3 : height // 2, width // 4 : width // 2] = [250, 10, 128]
    return Image.fromarray(array.clip(0, 255).astype(np.uint8), "RGB")


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


picture = scene(17, 13)
picture.save(folder / "colour.jpg", quality=85)
picture.save(folder / "fine.jpg", quality=95, subsampling=0)
picture.save(folder / "progressive.jpg", quality=85, progressive=True)
picture.convert("L").save(folder / "grey.jpg", quality=85)
picture.convert("CMYK").save(folder / "ink.jpg", quality=90)
picture.save(folder / "colour.png")
picture.convert("L").save(folder / "grey.png")
picture.convert("1").save(folder / "bits.png")
palette = picture.quantize(13)
palette.save(folder / "palette.png")
palette.save(folder / "palette-transparent.png", transparency=3)
alpha = Image.fromarray((np.arange(17 * 13).reshape(13, 17) % 256).astype(np.uint8), "L")
rgba = picture.copy()
rgba.putalpha(alpha)
rgba.save(folder / "alpha.png")
la = picture.convert("L")
la.putalpha(alpha)
la.save(folder / "grey-alpha.png")
info = PngInfo()
info.add(b"gAMA", struct.pack(">I", 100_000))
picture.save(folder / "gamma.png", pnginfo=info)
for path in sorted(folder.iterdir()):
    if path.name.startswith(("oriented", "deep", "scene")):
        continue
    image = Image.open(path)
    keep(path.name, image.convert("RGB"))
    keep(path.name + ".grey", image.convert("RGB").convert("L"))

for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = folder / f"oriented-{orientation}.jpg"
    scene(11, 7).save(path, quality=90, exif=exif)
    keep(path.name, ImageOps.exif_transpose(Image.open(path)).convert("RGB"))

# 16 bits a value, which Pillow cannot write; their high bytes are the 8-bit picture.
deep = np.random.default_rng(1).integers(0, 65536, (5, 6, 3)).astype(">u2")
for name, kind, values in [("deep.png", 2, deep), ("deep-grey.png", 0, deep[:, :, :1])]:
    rows = b"".join(b"\0" + row.tobytes() for row in values)
    header = struct.pack(">IIBBBBB", 6, 5, 16, kind, 0, 0, 0)
    (folder / name).write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    keep(name, (values >> 8).astype(np.uint8).repeat(3 if kind == 0 else 1, axis=2))

whole = scene(31, 23, 1.0)
whole.save(folder / "scene.png")
for height, width in [(10, 15), (50, 40), (23, 3), (3, 31), (1, 1), (22, 32)]:
    keep(f"resize {height} {width}", F.resize(whole, [height, width], antialias=True))
for short in [12, 23, 45]:
    keep(f"short {short}", F.resize(whole, short, antialias=True))
for height, width in [(10, 15), (11, 16), (22, 30), (30, 35), (31, 10)]:
    keep(f"center {height} {width}", F.center_crop(whole, [height, width]))
for degrees in [17.0, -101.5, 3.25, 180.5]:
    keep(f"rotate {degrees}", F.rotate(whole, degrees))
for factor in [0.0, 0.4, 1.0, 1.6]:
    keep(f"brightness {factor}", F.adjust_brightness(whole, factor))
    keep(f"contrast {factor}", F.adjust_contrast(whole, factor))
    keep(f"saturation {factor}", F.adjust_saturation(whole, factor))
keep("flip", F.hflip(whole))
save_file(expected, here / "pictures.safetensors")
