"""How many pieces a second T5-small writes: netc and Hugging Face's `generate`, in turn, with random weights.

    python compare-generation.py NETC MODELS [--pieces 64] [--beam 1] [--rounds 3] [--threads 2]

Both read 64 pieces and write `--pieces`, greedily or with a beam, in float32 on as many threads. Each round runs one after the other in
processes of their own, so that a machine whose speed drifts still gives an honest ratio; the best of all rounds counts. Needs torch and
transformers.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import time


def ours(args):
    command = [args.netc, "bench", pathlib.Path(args.models) / "t5_small.net", "--generate", args.pieces, "--beam", args.beam]
    command += ["--steps", args.repeats, "--threads", args.threads, "--format", "json"]
    for setting in ["T5Small.src_len=64", "T5Small.tgt_len=128"]:
        command += ["--set", setting]
    out = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stdout
    return json.loads(out)["pieces_per_second_max"]


def theirs(args):
    command = [sys.executable, __file__, args.netc, args.models, "--peer"]
    for name in ("pieces", "beam", "repeats", "threads"):
        command += ["--" + name, str(getattr(args, name))]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(out.splitlines()[-1])


def peer(args):
    import torch
    from transformers import T5Config, T5ForConditionalGeneration

    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    config = T5Config(
        vocab_size=32128, d_model=512, d_kv=64, d_ff=2048, num_layers=6, num_heads=8, decoder_start_token_id=0)
    net = T5ForConditionalGeneration(config).eval()
    text = torch.randint(2, 32128, (1, 64))
    best = 0.0
    for _ in range(args.repeats + 1):
        start = time.perf_counter()
        with torch.inference_mode():
            result = net.generate(
                input_ids=text, min_new_tokens=args.pieces, max_new_tokens=args.pieces, num_beams=args.beam,
                do_sample=False, use_cache=True)
        best = max(best, args.pieces / (time.perf_counter() - start))
        assert result.shape[1] == args.pieces + 1, result.shape
    print(best)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("netc")
    parser.add_argument("models")
    parser.add_argument("--pieces", type=int, default=64)
    parser.add_argument("--beam", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.peer:
        return peer(args)
    pairs = []
    for _ in range(args.rounds):
        pairs.append((ours(args), theirs(args)))
        print("netc %.1f pieces/s, Hugging Face %.1f, ratio %.2f" % (*pairs[-1], pairs[-1][0] / pairs[-1][1]), flush=True)
    best = [max(column) for column in zip(*pairs)]
    print("best: netc %.1f pieces/s, Hugging Face %.1f, ratio %.2f" % (*best, best[0] / best[1]))


main()
