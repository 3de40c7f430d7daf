"""What phonemes.net and char_lm.net learn in netc and in PyTorch, from the same weights and on the same rows.

    python compare-training.py NETC MODELS DATA phonemes [--epochs 10] [--threads 2] [--seed 1]
    python compare-training.py NETC MODELS DATA char_lm [--minutes 10] [--rate-rounds N | --rates A,B] [--threads 2] [--seed 1]

DATA is a folder with phonemes.tsv and shakespeare.txt. `netc init` writes the weights that both start from, loaded by name in PyTorch; the
rows that are held out and the numbers of letters, sounds and characters are those that netc keeps with a run. Batch, optimizer, schedule,
dropout and the limit of the gradients are the file's; only the order of the rows and the places of dropout are each side's own. Before
anything is trained, both must find the same validation loss.

`phonemes` trains both for as many epochs, side by side, each with half of the threads: time does not count. The bar: the shares of
held-out words that are exactly right lie within one point of each other. Chance alone moves each by half a point: other seeds give other
weights, rows and dropout to both.

`char_lm` gives both as many minutes on as many threads, one after the other, and asks for the validation loss per character then; the bar
is that netc's is lower. The learning rate stays constant after its warm-up, since nobody knows how many steps there will be. The minutes are
those of the clock, with the measures after each epoch, and ask for a machine that does nothing else. On another one use `--rate-rounds 8`: so
many times the steps of both are timed in turn, 30 each, the best round of each side counts, and both are trained for as many steps as fit
into the minutes at that rate, side by side, however long it takes; `--rates A,B` takes the milliseconds of a step of netc and of PyTorch as
known from such a timing.

Exit status 1 where the bar is missed. `--out FOLDER` keeps the runs, with what PyTorch's half has measured so far in `torch.csv`. Needs torch
and safetensors.
"""
import argparse
import csv
import json
import math
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

DATA = {"phonemes": "phonemes.tsv", "char_lm": "shakespeare.txt"}
BATCH = {"phonemes": 64, "char_lm": 32}
WARM_UP = {"phonemes": 500, "char_lm": 200}
PLACES = {"phonemes": 24, "char_lm": 128}


@dataclass
class Measure:
    """What the validation rows said after a number of steps, of which the training took so many seconds."""
    step: int
    seconds: float
    loss: float
    exact: float = 0.0


# netc


def netc(args, *words):
    run = subprocess.run([str(word) for word in (args.netc, *words)], text=True, capture_output=True)
    if run.returncode != 0:
        sys.exit(run.stderr)
    return run.stdout


def prepare(args, folder):
    """The file beside its data, the weights to start from, and a run of one step, which keeps the split and the vocabulary."""
    shutil.copy(pathlib.Path(args.models) / f"{args.net}.net", folder)
    (folder / DATA[args.net]).symlink_to((pathlib.Path(args.data) / DATA[args.net]).resolve())
    net, start = folder / f"{args.net}.net", folder / "start.safetensors"
    netc(args, "init", net, "--seed", args.seed, "--out", start)
    netc(args, "run", *training(args, folder, "rows", 1, 1))
    told = json.loads(netc(args, "eval", net, "--set", f"seed={args.seed}", "--weights", start, "--format", "json"))
    return Measure(0, 0, told["loss"], told["metrics"].get("exact_match", 0))


def training(args, folder, out, steps, threads):
    """The arguments of `netc run`."""
    words = [folder / f"{args.net}.net", "--weights", folder / "start.safetensors", "--out", folder / out, "--progress", "none",
             "--threads", threads, "--seed", args.seed, "--set", "checkpoint=none"]
    words += ["--epochs", args.epochs] if steps is None else ["--steps", steps]
    return words + (["--set", "schedule=warmup(200 steps)"] if args.net == "char_lm" else [])


def started(args, folder, steps, threads):
    command = [args.netc, "run", *training(args, folder, "netc", steps, threads)]
    return subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def own(args, folder):
    """The measures of a run of netc, the last one at its very end."""
    with open(folder / "netc" / "metrics.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    measures, seconds = [], 0.0
    for row in rows:
        seconds += float(row["seconds"])
        if row["val.loss"] == "":  # stopped within an epoch
            row["val.loss"] = json.loads(netc(args, "eval", folder / "netc", "--format", "json"))["loss"]
        measures.append(Measure(int(row["step"]), seconds, float(row["val.loss"]), float(row.get("val.exact_match") or 0)))
    return measures


# PyTorch, in a process of its own


def peer(args, folder, threads, *words):
    command = [sys.executable, __file__, args.netc, args.models, args.data, args.net, "--peer", folder, "--threads", threads,
               "--epochs", args.epochs, "--seed", args.seed, *words]
    return subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True,
                            env=os.environ | {"OMP_NUM_THREADS": str(threads)})


def answer(process):
    """The last line that the process printed, which is JSON."""
    out = process.communicate()[0]
    if process.returncode != 0:
        sys.exit(f"PyTorch's half ended with status {process.returncode}")
    return json.loads(out.splitlines()[-1])


def nets():
    """The two nets as modules whose parameters have the names that netc gives them."""
    import torch
    import torch.nn as nn
    import torch.nn.functional as F

    class Attention(nn.Module):
        def __init__(self, d, heads, causal):
            super().__init__()
            self.heads, self.causal = heads, causal
            self.q, self.k, self.v, self.o = (nn.Linear(d, d) for _ in range(4))

        def forward(self, x, memory, mask):
            q, k, v = (linear(y).unflatten(-1, (self.heads, -1)).transpose(1, 2)
                       for linear, y in ((self.q, x), (self.k, memory), (self.v, memory)))
            mask = None if mask is None else mask[:, None, None, :]
            return self.o(F.scaled_dot_product_attention(q, k, v, mask, is_causal=self.causal).transpose(1, 2).flatten(2))

    class Attend(nn.Module):
        """`attend` and `listen`: what is listened to is the memory."""

        def __init__(self, d, heads, drop, causal=False):
            super().__init__()
            self.norm, self.attn, self.dropout = nn.LayerNorm(d), Attention(d, heads, causal), nn.Dropout(drop)

        def forward(self, x, memory=None, mask=None):
            y = self.norm(x)
            return x + self.dropout(self.attn(y, y if memory is None else memory, mask))

    class Think(nn.Module):
        def __init__(self, d, drop, activation):
            super().__init__()
            self.norm, self.wi, self.wo = nn.LayerNorm(d), nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
            self.dropout, self.activation = nn.Dropout(drop), activation

        def forward(self, x):
            return x + self.dropout(self.wo(self.activation(self.wi(self.norm(x)))))

    def sinusoid(places, d):
        place, feature = torch.arange(places)[:, None], torch.arange(d)[None]
        angle = place / 10000 ** (feature // 2 * 2 / d)
        return torch.where(feature % 2 == 0, torch.sin(angle), torch.cos(angle))

    def shift_right(x):
        return F.pad(x[:, :-1], (1, 0))

    class CharLM(nn.Module):
        def __init__(self, vocab=96, length=PLACES["char_lm"], d=128, heads=4, layers=4, drop=0.1):
            super().__init__()
            self.tok, self.dropout = nn.Embedding(vocab, d), nn.Dropout(drop)
            self.blocks = nn.Sequential(
                *(stage for _ in range(layers) for stage in (Attend(d, heads, drop, causal=True), Think(d, drop, F.gelu))))
            self.norm, self.head = nn.LayerNorm(d), nn.Linear(d, vocab)
            self.register_buffer("places", sinusoid(length, d), persistent=False)

        def forward(self, text):
            return self.head(self.norm(self.blocks(self.dropout(self.tok(shift_right(text)) + self.places))))

    class Phonemes(nn.Module):
        def __init__(self, letters=48, sounds=80, places=PLACES["phonemes"], d=128, heads=4, layers=2, drop=0.1):
            super().__init__()
            self.letters, self.sounds, self.dropout = nn.Embedding(letters, d), nn.Embedding(sounds, d), nn.Dropout(drop)
            self.encoder = nn.ModuleList(
                stage for _ in range(layers) for stage in (Attend(d, heads, drop), Think(d, drop, F.relu)))
            self.decoder = nn.ModuleList(
                stage for _ in range(layers)
                for stage in (Attend(d, heads, drop, causal=True), Attend(d, heads, drop), Think(d, drop, F.relu)))
            self.enc_norm, self.dec_norm, self.head = nn.LayerNorm(d), nn.LayerNorm(d), nn.Linear(d, sounds)
            self.register_buffer("places", sinusoid(places, d), persistent=False)

        def forward(self, word, phonemes):
            spelt = word != 0
            memory = self.dropout(self.letters(word) + self.places)
            for attend, think in zip(self.encoder[::2], self.encoder[1::2]):
                memory = think(attend(memory, mask=spelt))
            memory = self.enc_norm(memory)
            y = self.dropout(self.sounds(shift_right(phonemes)) + self.places)
            for attend, listen, think in zip(self.decoder[::3], self.decoder[1::3], self.decoder[2::3]):
                y = think(listen(attend(y), memory, spelt))
            return self.head(self.dec_norm(y))

    return {"char_lm": CharLM, "phonemes": Phonemes}


def examples(args, folder):
    """All rows as the tensors of the net's inputs, the last of which is the target, and which rows are held out."""
    import torch

    held = set(json.loads((folder / "rows" / "split.json").read_text())["validation"])
    numbers = [{piece: number for number, piece in enumerate(words["pieces"]) if piece}
               for words in json.loads((folder / "rows" / "vocabulary.json").read_text())]
    places, text = PLACES[args.net], (folder / DATA[args.net]).read_text(encoding="utf-8")
    pad, unknown, end = 0, 1, 2
    if args.net == "char_lm":
        pieces = torch.tensor([numbers[0].get(piece, unknown) for piece in text])
        columns = [pieces[:len(pieces) // places * places].view(-1, places)]
    else:
        def encoded(pieces, numbers):
            row = [numbers.get(piece, unknown) for piece in pieces][:places - 1] + [end]
            return row + [pad] * (places - len(row))

        rows = [line.split("\t") for line in text.splitlines()[1:]]
        columns = [torch.tensor([encoded(word.strip(), numbers[0]) for word, _ in rows]),
                   torch.tensor([encoded(sounds.lower().split(), numbers[1]) for _, sounds in rows])]
    chosen = torch.tensor([row in held for row in range(len(columns[0]))])
    return [column[~chosen] for column in columns], [column[chosen] for column in columns]


def rate(args, step, total):
    """The learning rate of an update, counted from 1."""
    warm = WARM_UP[args.net]
    if step <= warm:
        return 1e-3 * step / warm
    if args.net == "char_lm":
        return 1e-3
    return 1e-4 + (1e-3 - 1e-4) * (1 + math.cos(math.pi * (step - 1 - warm) / (total - warm))) / 2


def train_in_torch(args):
    import torch
    import torch.nn.functional as F
    from safetensors.torch import load_file

    folder = pathlib.Path(args.peer)
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    net = nets()[args.net]()
    net.load_state_dict(load_file(folder / "start.safetensors"))
    training, validation = examples(args, folder)
    batch, ignored = BATCH[args.net], 0 if args.net == "phonemes" else -100
    epoch = len(training[0]) // batch
    total = math.inf if args.seconds else args.steps or args.epochs * epoch
    optimizer = torch.optim.AdamW(net.parameters(), weight_decay=0.01)

    def scores_and_loss(inputs):
        scores = net(*inputs)
        return scores, F.cross_entropy(scores.flatten(0, 1), inputs[-1].flatten(), ignore_index=ignored)

    def measure(step, seconds):
        net.eval()
        loss = counted = exact = 0
        with torch.no_grad():
            for inputs in zip(*(column.split(batch) for column in validation)):
                scores, mean = scores_and_loss(inputs)
                counts = inputs[-1] != ignored
                loss += mean.item() * counts.sum().item()
                counted += counts.sum().item()
                exact += ((scores.argmax(-1) == inputs[-1]) | ~counts).all(1).sum().item()
        net.train()
        with open(folder / "torch.csv", "a" if step else "w") as file:
            print(step, seconds, loss / counted, exact / len(validation[0]), sep=",", file=file)
        return vars(Measure(step, seconds, loss / counted, exact / len(validation[0])))

    measures = [measure(0, 0.0)]
    order, step, ends, begun = [], 0, [], time.perf_counter()
    while step < total and (not args.seconds or time.perf_counter() - begun < args.seconds):
        if not order:
            order = list(torch.randperm(len(training[0])).split(batch)[:epoch])
        chosen = order.pop()
        step += 1
        optimizer.param_groups[0]["lr"] = rate(args, step, total)
        loss = scores_and_loss([column[chosen] for column in training])[1]
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        ends.append(time.perf_counter() - begun)
        if not order:
            measures.append(measure(step, ends[-1]))
    if step > measures[-1]["step"] and not args.timed:
        measures.append(measure(step, ends[-1]))
    if args.timed:
        print(json.dumps(median([end - start for start, end in zip(ends[9:], ends[10:])])))
    else:
        print(json.dumps(measures))


# Both


def median(numbers):
    return sorted(numbers)[len(numbers) // 2]


def seconds_per_step(args, folder):
    """Of both sides, timed in turn; the best of the rounds."""
    if args.rates:
        return args.rates
    rounds = []
    for _ in range(args.rate_rounds):
        told = json.loads(netc(args, "bench", folder / "char_lm.net", "--steps", 30, "--threads", args.threads, "--format", "json"))
        theirs = answer(peer(args, folder, args.threads, "--steps", 40, "--timed"))
        rounds.append((told["ms_median"] / 1000, theirs))
        print(f"a step: netc {1000 * rounds[-1][0]:.0f} ms, PyTorch {1000 * theirs:.0f} ms", flush=True)
    return [min(column) for column in zip(*rounds)]


def side_by_side(args, folder, steps=(None, None)):
    """The measures of both after so many steps, or after the epochs."""
    half = max(1, args.threads // 2)
    process = started(args, folder, steps[0], half)
    try:
        theirs = answer(peer(args, folder, half, *(["--steps", steps[1]] if steps[1] else [])))
        errors = process.communicate()[1]
    finally:
        process.kill()  # where PyTorch's half failed
    if process.returncode != 0:
        sys.exit(errors)
    return [own(args, folder), [Measure(**measure) for measure in theirs]]


def in_turn(args, folder):
    """The measures of both after the same time on the same threads."""
    process = started(args, folder, 10 ** 8, args.threads)
    try:
        sys.exit("netc's half ended by itself: " + process.communicate(timeout=60 * args.minutes)[1])
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)  # stops behind the step and writes the weights
        process.communicate()
    theirs = answer(peer(args, folder, args.threads, "--seconds", 60 * args.minutes))
    return [own(args, folder), [Measure(**measure) for measure in theirs]]


def compare_epochs(args, folder, start):
    sides = side_by_side(args, folder)
    print(f"{'epoch':>7} {'netc':>8} {'PyTorch':>9}   held-out words exactly right")
    for epoch, (ours, theirs) in enumerate(zip([start, *sides[0]], sides[1])):
        print(f"{epoch:7} {ours.exact:8.2%} {theirs.exact:9.2%}")
    distance = sides[0][-1].exact - sides[1][-1].exact
    good = abs(distance) <= 0.01
    print(f"after {args.epochs} epochs {100 * distance:+.2f} points, {'within one point' if good else 'MORE than one point apart'}")
    return good


def compare_minutes(args, folder, start):
    if args.rate_rounds or args.rates:
        rates = seconds_per_step(args, folder)
        steps = [max(1, int(60 * args.minutes / seconds)) for seconds in rates]
        print(f"steps of {1000 * rates[0]:.0f} ms and {1000 * rates[1]:.0f} ms: in {args.minutes:g} minutes "
              f"{steps[0]:,} and {steps[1]:,} steps", flush=True)
        sides = side_by_side(args, folder, steps)
        for side, seconds in zip(sides, rates):
            for measure in side:
                measure.seconds = seconds * measure.step
    else:
        sides = in_turn(args, folder)
    sides[0].insert(0, start)
    print(f"{'minutes':>8} {'netc, steps':>12} {'loss':>8} {'PyTorch, steps':>16} {'loss':>8}   per held-out character")
    for part in range(1, 6):
        # At the end the last measure counts, though its step may have ended a moment later.
        until = math.inf if part == 5 else 60 * args.minutes * part / 5
        ours, theirs = ([measure for measure in side if measure.seconds <= until][-1] for side in sides)
        print(f"{args.minutes * part / 5:8.1f} {ours.step:12,} {ours.loss:8.4f} {theirs.step:16,} {theirs.loss:8.4f}")
    good = sides[0][-1].loss < sides[1][-1].loss
    print(f"netc's loss is {'lower' if good else 'NOT lower'}: {sides[0][-1].loss:.4f} and {sides[1][-1].loss:.4f}")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("netc")
    parser.add_argument("models")
    parser.add_argument("data")
    parser.add_argument("net", choices=sorted(DATA))
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate-rounds", type=int, default=0)
    parser.add_argument("--rates", type=lambda text: [float(number) / 1000 for number in text.split(",")])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", help="a new folder for the runs")
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    parser.add_argument("--steps", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--timed", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.peer:
        return train_in_torch(args)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(args.out or temporary)
        folder.mkdir(parents=True, exist_ok=args.out is None)
        start = prepare(args, folder)
        theirs = answer(peer(args, folder, args.threads, "--seconds", 1e-9))[0]
        print(f"validation loss of the untrained net: netc {start.loss:.6f}, PyTorch {theirs['loss']:.6f}", flush=True)
        if abs(start.loss - theirs["loss"]) > 1e-4:
            sys.exit("the two do not compute the same net on the same rows")
        good = (compare_epochs if args.net == "phonemes" else compare_minutes)(args, folder, start)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
