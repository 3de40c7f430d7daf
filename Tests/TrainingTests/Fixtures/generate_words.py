"""Writes the fixtures of `words.net` for ParityTests: the same net trained for ten steps by PyTorch in float64.

    python generate_words.py        (needs torch and safetensors; only to make the files anew)
"""
import math
import pathlib

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).parent
STEPS, BATCH, RATE = 10, 8, 0.01


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2))
        self.c2 = nn.Conv2d(6, 8, 3, padding=1, groups=2, bias=False)
        self.bn = nn.BatchNorm2d(8, eps=1e-3, momentum=0.3)
        self.se = nn.Conv2d(8, 8, 1)
        self.t1 = nn.Conv1d(3, 5, 3, stride=2, padding=1)
        self.bn1 = nn.BatchNorm1d(5)
        self.lin = nn.Linear(25, 6)
        self.fcd = nn.Linear(8 * 3 * 5, 6)
        self.fcc = nn.Linear(6 * 2 * 3, 6)
        self.out = nn.Linear(6, 1)

    def forward(self, x, s):
        a = F.leaky_relu(self.c1(x), 0.2)
        b = self.bn(self.c2(F.avg_pool2d(a, 3, 2, 1, ceil_mode=True, count_include_pad=False)))
        c = F.adaptive_max_pool2d(F.avg_pool2d(a, (3, 2), 2, 1, count_include_pad=True), (2, 3))
        gate = torch.sigmoid(self.se(F.adaptive_avg_pool2d(b, 1)))
        d = torch.tanh(b * gate + 0.5 - (1 - b) * 2)
        e = F.max_pool1d(F.relu(self.t1(s)), 2)
        e = F.softmax(self.lin(self.bn1(e).flatten(1)), -1)
        f = self.fcd(d.flatten(1))
        g = self.fcc(c.flatten(1))
        return ((f + g) / 2 + e * 3) * 0.7, self.out(f).squeeze(1), f


def rate(step):
    """Two steps of warm-up, then half a cosine over the other eight, down to a tenth."""
    if step <= 2:
        return RATE * step / 2
    return 0.001 + (RATE - 0.001) * (1 + math.cos(math.pi * (step - 3) / 8)) / 2


def main():
    torch.manual_seed(7)
    count = STEPS * BATCH
    data = {
        "x": torch.randn(count, 4, 9, 11), "s": torch.randn(count, 3, 20), "label": torch.randint(0, 6, (count,)),
        "t": torch.randint(0, 2, (count,)).bool(), "r": torch.randn(count, 6),
    }
    save_file(data, HERE / "words.data.safetensors")
    module = Words()
    state = {k: v.clone() for k, v in module.state_dict().items() if v.is_floating_point()}
    save_file(state, HERE / "words.start.safetensors")
    module.double().train()
    weights = [p for p in module.parameters() if p.ndim > 1]
    others = [p for p in module.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW([{"params": weights, "weight_decay": 0.1}, {"params": others, "weight_decay": 0}], lr=RATE)
    losses = []
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = rate(step + 1)
        x, s, label, t, r = (data[name][step * BATCH:(step + 1) * BATCH] for name in ("x", "s", "label", "t", "r"))
        y, z, f = module(x.double(), s.double())
        loss = (F.cross_entropy(y, label, label_smoothing=0.1) + 0.3 * F.binary_cross_entropy_with_logits(z, t.double())
                + F.mse_loss(y, r.double()) / 2 + 0.1 * F.l1_loss(f, r.double()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    end = {k: v.float() for k, v in module.state_dict().items() if v.is_floating_point()}
    save_file({"losses": torch.tensor(losses, dtype=torch.float64), **end}, HERE / "words.expected.safetensors")
    print(losses[0], losses[-1])


if __name__ == "__main__":
    main()
