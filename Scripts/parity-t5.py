"""T5-small of netc against Hugging Face's T5ForConditionalGeneration: logits, loss and one step's gradients, from the same random weights.

    python parity-t5.py NETC MODELS [--batch 1] [--source 16] [--target 16] [--small] [--threads 2]

`netc init` writes the weights, which are loaded by name there. PyTorch computes twice: in float64, the truth, and in float32, which tells
how far rounding alone strays from it. Distances are Euclidean, of what they are distances from; of the logits also the greatest, of the
greatest logit. Dropout is off. Exit status 1 where netc strays by more than 1e-4 and by more than twice as far as PyTorch in float32. With
long batches some units stand so near the kink of ReLU that float32 puts them on its other side, which moves gradients by far more than
rounding does, those of one tensor here and of another there: then single tensors are shown and not judged. Needs torch, transformers and
safetensors.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from transformers import T5Config, T5ForConditionalGeneration

BAR = 1e-4
# The step that shows the gradients: a power of two, so that only the sum with the weight is rounded, and so large that this is little.
RATE = 2.0 ** 20


def original(name):
    """The name of a parameter in Hugging Face's module."""
    table = "block.0.layer.0.SelfAttention.relative_attention_bias"
    for ours, theirs in [
        ("tok.", "shared."), ("enc_pos", "encoder." + table), ("dec_pos", "decoder." + table),
        ("enc_norm", "encoder.final_layer_norm"), ("dec_norm", "decoder.final_layer_norm"),
    ]:
        if name.startswith(ours):
            return theirs + name[len(ours):]
    side, block, layer, rest = re.fullmatch(r"(encoder|decoder)\.(\d+)\.(\d)\.(.*)", name).groups()
    kinds = ["SelfAttention", "DenseReluDense"] if side == "encoder" else ["SelfAttention", "EncDecAttention", "DenseReluDense"]
    part = "layer_norm" + rest[4:] if rest.startswith("norm") else kinds[int(layer)] + "." + rest.removeprefix("attn.")
    return f"{side}.block.{block}.layer.{layer}.{part}"


def ours(args, sizes, batch, folder):
    """Weights, logits, loss and gradients of netc."""
    save_file(batch, folder / "batch.safetensors")
    names = dict(vocab=sizes.vocab_size, d=sizes.d_model, heads=sizes.num_heads, head_dim=sizes.d_kv, ff=sizes.d_ff, layers=sizes.num_layers,
                 src_len=args.source, tgt_len=args.target, drop=0)
    settings = [f"T5Small.{name}={value}" for name, value in names.items()]
    settings += [f"optimizer=sgd(lr={RATE:.0f})", "schedule=constant", "accumulate=1", "validation=none", "weights=none", "checkpoint=none",
                 "epochs=1", f"batch={args.batch}", f'data=tensors("{folder}/batch.safetensors", shuffle=false)']

    def netc(*words):
        command = [args.netc, *words, *(piece for setting in settings for piece in ("--set", setting))]
        subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)

    net, start = pathlib.Path(args.models) / "t5_small.net", folder / "start.safetensors"
    netc("init", net, "--out", start)
    netc("eval", net, "--weights", start, "--on", "training", "--outputs", folder / "outputs.safetensors", "--threads", args.threads)
    netc("run", net, "--weights", start, "--out", folder / "run", "--progress", "none", "--threads", args.threads)
    weights, moved = load_file(start), load_file(folder / "run" / "weights.safetensors")
    gradients = {name: (weights[name].double() - moved[name].double()) / RATE for name in weights}
    # What is left of the rounding of the weight that the step gave.
    rounding = {name: 2.0 ** -24 * moved[name].double().norm() / RATE for name in weights}
    loss = json.loads((folder / "run" / "steps.jsonl").read_text().splitlines()[0])["loss"]
    return weights, load_file(folder / "outputs.safetensors")["logits"].double(), loss, gradients, rounding


def theirs(sizes, weights, batch, kind):
    net = T5ForConditionalGeneration(sizes)
    missing, unexpected = net.load_state_dict({original(name): value for name, value in weights.items()}, strict=False)
    tied = {"encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"}
    assert not unexpected and set(missing) <= tied, (missing, unexpected)
    net.tie_weights()
    net.to(kind).train()
    source, target = batch["src"], batch["tgt"]
    sides = []
    for name, module in net.named_modules():
        if name.endswith("DenseReluDense.wi"):
            module.register_forward_hook(lambda module, inputs, result: sides.append(result > 0))
    logits = net(input_ids=source, attention_mask=(source != 0).long(), labels=target).logits
    loss = F.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=0, label_smoothing=0.1)
    loss.backward()
    return logits.detach().double(), loss.item(), {name: value.grad.double() for name, value in net.named_parameters()}, sides


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("netc")
    parser.add_argument("models")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--source", type=int, default=16)
    parser.add_argument("--target", type=int, default=16)
    parser.add_argument("--small", action="store_true", help="a net of 2 layers and 200 pieces instead of T5-small's sizes")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    width = dict(vocab_size=200, d_model=48, num_heads=3, d_kv=16, d_ff=80, num_layers=2) if args.small else dict(
        vocab_size=32128, d_model=512, num_heads=8, d_kv=64, d_ff=2048, num_layers=6)
    sizes = T5Config(**width, dropout_rate=0.0, pad_token_id=0, decoder_start_token_id=0)
    batch = {"src": torch.randint(1, sizes.vocab_size, (args.batch, args.source)),
             "tgt": torch.randint(1, sizes.vocab_size, (args.batch, args.target))}
    for row in range(args.batch):  # texts of several lengths
        batch["src"][row, args.source - row % 7:] = 0
        batch["tgt"][row, args.target - row % 5:] = 0
    with tempfile.TemporaryDirectory() as folder:
        weights, logits, loss, gradients, rounding = ours(args, sizes, batch, pathlib.Path(folder))
    truth, single = (theirs(sizes, weights, batch, kind) for kind in (torch.float64, torch.float32))

    good = judged = True

    def row(what, own, peer, note=""):
        nonlocal good
        fits = own <= max(BAR, 2 * peer)
        good &= fits or not judged
        verdict = ("ok" if fits else "MISMATCH") if judged else ""
        print(f"{what:44} {own:9.1e} {peer:16.1e} {verdict:>9}{note}", flush=True)

    def distance(a, b):
        return ((a - b).norm() / b.norm()).item()

    print(f"{'distance from float64':44} {'netc':>9} {'torch float32':>16}")
    row("logits", distance(logits, truth[0]), distance(single[0], truth[0]))
    row("logits, greatest", *(((x - truth[0]).abs().max() / truth[0].abs().max()).item() for x in (logits, single[0])))
    row("loss", *(abs(x - truth[1]) / truth[1] for x in (loss, single[1])))
    named = {original(name): value for name, value in gradients.items()}
    floor = {original(name): (rounding[name] / truth[2][original(name)].norm()).item() for name in rounding}
    whole = {side: torch.cat([source[name].flatten() for name in sorted(named)]) for side, source in
             (("ours", named), ("truth", truth[2]), ("single", single[2]))}
    row(f"gradients of all {len(named)} tensors as one", distance(whole["ours"], whole["truth"]), distance(whole["single"], whole["truth"]))
    turned = sum((a != b).sum().item() for a, b in zip(truth[3], single[3]))
    print(f"units of ReLU that float32 puts on the other side in PyTorch: {turned} of {sum(side.numel() for side in truth[3])}")
    strays = sorted(((distance(named[name], truth[2][name]), distance(single[2][name], truth[2][name]), name) for name in named), reverse=True)
    judged = turned == 0
    for own, peer, name in strays[:5]:
        row("  " + name.replace("relative_attention_bias", "bias")[:42], own, peer, f"  (rounding of the step {floor[name]:.0e})")
    print(f"{sum(own <= BAR for own, _, _ in strays)} of {len(strays)} gradients within {BAR:.0e}, PyTorch's in float32: "
          f"{sum(peer <= BAR for _, peer, _ in strays)}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
