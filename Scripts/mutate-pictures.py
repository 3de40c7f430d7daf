#!/usr/bin/env python3
"""Changes bytes of real JPEG and PNG pictures and lets netc read each by itself, then bombs: files that declare or hold far more than their
size tells. Every one must be read or refused with a message, within 250 ms of the processor and 256 MB more than a run on two pictures of 8 x 8.

Usage: Scripts/mutate-pictures.py FOLDER [count] [netc]
Needs Pillow, which makes the PNG files and the bombs.
"""
import io, os, random, struct, subprocess, sys, tempfile, zlib
from PIL import Image

NET = """net Look {
  input image: f32[3, 32, 32]
  output logit: f32 = image -> mean(axis=0) -> mean(axis=0) -> mean(axis=0) -> reshape([1]) -> linear(1) -> reshape([])
}
train Look {
  target second: bool
  data      = image_folder("pictures", classes=["a", "b"]) -> resize(32, 32)
  loss      = binary_cross_entropy(logit, second)
  optimizer = sgd(lr=0.1)
  batch     = 2
  steps     = 1
}
"""


def files(folder):
    for root, _, names in os.walk(folder):
        for name in sorted(names):
            if name.lower().endswith((".jpg", ".jpeg", ".png")):
                yield os.path.join(root, name)


def mutated(data, chance):
    """A few changes of the kinds that damage does: bytes, cuts, repetitions, lengths."""
    data = bytearray(data)
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        if len(data) < 8:
            break
        # Headers decide most, so half of the changes are there.
        place = chance.randrange(min(len(data), 700)) if chance.random() < 0.5 else chance.randrange(len(data))
        kind = chance.randrange(6)
        if kind == 0:
            data[place] ^= 1 << chance.randrange(8)
        elif kind == 1:
            data[place] = chance.choice([0, 1, 0x7F, 0x80, 0xFE, 0xFF])
        elif kind == 2:
            del data[place : place + chance.choice([1, 2, 64, 4096])]
        elif kind == 3:
            data[place:place] = bytes(chance.randrange(256) for _ in range(chance.choice([1, 2, 64])))
        elif kind == 4:
            data[place : place + 2] = struct.pack(">H", chance.choice([0, 1, 0x7FFF, 0x8000, 0xFFFF]))
        else:
            source = chance.randrange(len(data))
            data[place:place] = data[source : source + chance.choice([16, 512])]
    return bytes(data)


def with_checksums(data):
    """A PNG file whose chunks have the right checksums again, so that what was changed in them is seen."""
    data, place = bytearray(data), 8
    while place + 12 <= len(data):
        length = struct.unpack(">I", data[place : place + 4])[0]
        end = place + 8 + length
        if end + 4 > len(data):
            break
        data[end : end + 4] = struct.pack(">I", zlib.crc32(bytes(data[place + 4 : end])))
        place = end + 4
    return bytes(data)


def png(width, height, depth, colour, rows):
    """A PNG file with the given compressed rows."""
    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def zeros(count):
    """So many zero bytes, compressed, without having them all."""
    compressor = zlib.compressobj(9)
    result = bytearray()
    block = bytes(1 << 20)
    while count > 0:
        result += compressor.compress(block[: min(count, len(block))])
        count -= len(block)
    return bytes(result + compressor.flush())


def bombs():
    for side in (2000, 4000, 8000, 20000):
        yield f"png {side}", png(side, side, 8, 2, zeros(side * (3 * side + 1)))
        yield f"png 16 bits {side}", png(side, side, 16, 6, zeros(side * (8 * side + 1)))
    yield "png 1 bit", png(60000, 60000, 1, 0, zeros(60000 * 7501))
    yield "png declares", png(2**31 - 1, 2**31 - 1, 8, 6, zeros(1000))
    yield "png one row", png(2**26, 1, 8, 2, zeros(3 * 2**26 + 1))
    for side in (2000, 4000, 8000, 16000):
        for progressive in (False, True):
            for mode, name in (("RGB", "jpeg"), ("CMYK", "jpeg inks")):
                file = io.BytesIO()
                Image.new(mode, (side, side)).save(
                    file, "JPEG", quality=50, subsampling=0, progressive=progressive)
                yield f"{name}{' progressive' if progressive else ''} {side}", file.getvalue()
    # Many scans, each of which passes over the whole picture.
    file = io.BytesIO()
    Image.new("L", (2000, 2000)).save(file, "JPEG", quality=50, progressive=True)
    data = file.getvalue()
    scan = data.rindex(b"\xff\xda")
    yield "jpeg 400 scans", data[:-2] + data[scan:-2] * 400 + data[-2:]
    # As large as is decoded at all: noise, which has enough bytes for its pixels.
    for side in (2800, 4090):
        file = io.BytesIO()
        Image.frombytes("L", (side // 4, side // 4), random.Random(1).randbytes((side // 4) ** 2)).resize(
            (side, side)).convert("RGB").save(file, "JPEG", quality=60)
        yield f"jpeg noise {side}", file.getvalue()


def read(netc, folder, data, name):
    """How reading the file ends: status, seconds, bytes, message."""
    path = os.path.join(folder, "pictures", "b", "x.png")
    with open(path, "wb") as file:
        file.write(data)
    process = subprocess.Popen(
        [netc, "run", "look.net", "--dry-run", "--threads", "1"], cwd=folder, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE)
    message = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    # Of the processor: on a machine that is busy with other things, too, it says what the file costs.
    seconds = usage.ru_utime + usage.ru_stime
    code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    return code, seconds, usage.ru_maxrss * 1024, message


def main():
    if sys.argv[1] == "--bombs":
        for name, data in bombs():
            with open(os.path.join(sys.argv[2], name), "wb") as file:
                file.write(data)
        return
    source = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    netc = os.path.realpath(sys.argv[3] if len(sys.argv) > 3 else ".build/release/netc")
    chance = random.Random(20)
    originals = list(files(source))
    failures, refused, slowest, largest = [], 0, (0, ""), (0, "")
    with tempfile.TemporaryDirectory() as folder:
        for name in "ab":
            os.makedirs(os.path.join(folder, "pictures", name))
        with open(os.path.join(folder, "look.net"), "w") as file:
            file.write(NET)
        Image.new("RGB", (8, 8)).save(os.path.join(folder, "pictures", "a", "small.png"))
        small = io.BytesIO()
        Image.new("RGB", (8, 8)).save(small, "PNG")
        code, base, memory, message = sorted(
            (read(netc, folder, small.getvalue(), "small") for _ in range(7)), key=lambda r: r[1])[3]
        assert code == 0, message

        def test(name, data, is_limited):
            nonlocal refused, slowest, largest
            code, seconds, bytes_, message = read(netc, folder, data, name)
            seconds, bytes_ = seconds - base, bytes_ - memory
            slowest, largest = max(slowest, (seconds, name)), max(largest, (bytes_, name))
            if code == 65:
                refused += 1
                if "x.png" not in message:
                    failures.append(f"{name}: no file is named: {message}")
            elif code != 0:
                failures.append(f"{name}: status {code}: {message}")
            if is_limited and (seconds > 0.25 or bytes_ > 256e6):
                failures.append(f"{name}: {seconds * 1000:.0f} ms, {bytes_ / 1e6:.0f} MB")
            return code, seconds, bytes_, message

        for index in range(count):
            path = chance.choice(originals)
            with open(path, "rb") as file:
                data = file.read()
            if index % 2:
                picture = Image.open(io.BytesIO(data))
                picture = picture.convert(chance.choice(["RGB", "L", "P", "RGBA"])).resize((200, 150))
                made = io.BytesIO()
                picture.save(made, "PNG")
                data = made.getvalue()
            data = mutated(data, chance)
            if data.startswith(b"\x89PNG") and index % 4 == 1:
                data = with_checksums(data)
            test(f"mutation {index} of {os.path.basename(path)}", data, True)
        print(f"{count} mutated files: {refused} refused; slowest {slowest[0] * 1000:.0f} ms, largest {largest[0] / 1e6:.0f} MB")
        slowest, largest = (0, ""), (0, "")
        # Made by another process: a child's greatest size is at least what its parent had.
        store = os.path.join(folder, "bombs")
        os.makedirs(store)
        subprocess.run([sys.executable, __file__, "--bombs", store], check=True)
        for name in sorted(os.listdir(store)):
            with open(os.path.join(store, name), "rb") as file:
                data = file.read()
            code, seconds, bytes_, message = test(name, data, True)
            last = message.strip().splitlines()[0] if message.strip() else "read"
            print(f"  {name}: {len(data) / 1e3:.0f} kB, {seconds * 1000:.0f} ms, {bytes_ / 1e6:.0f} MB: {last.split('x.png: ')[-1]}")
    for failure in failures[:40]:
        print("FAILED", failure)
    sys.exit(1 if failures else 0)


main()
