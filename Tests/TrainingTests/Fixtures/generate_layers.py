"""Writes the fixtures of `layers.net` for ParityTests: the same net trained for ten steps by PyTorch in float64.

    python generate_layers.py        (needs torch and safetensors; only to make the files anew)
"""
import pathlib

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).parent
STEPS, BATCH, RATE = 10, 8, 0.002


class Layers(nn.Module):
    def __init__(self):
        super().__init__()
        self.pos = nn.Parameter(torch.randn(6, 5, 7) / 2)
        self.gain = nn.Parameter(torch.ones(1, 12))
        self.gn = nn.GroupNorm(3, 6)
        self.up = nn.ConvTranspose2d(6, 5, (3, 2), stride=(2, 3), padding=(1, 0), output_padding=(1, 2), dilation=(1, 2))
        self.t2 = nn.ConvTranspose2d(5, 4, 3, stride=2, padding=1, bias=False)
        self.c1 = nn.Conv2d(6, 8, 1)
        self.ct = nn.ConvTranspose2d(8, 6, 3, groups=2)
        self.c2 = nn.Conv2d(7, 3, 3, stride=4)
        self.s1 = nn.ConvTranspose1d(4, 6, 4, stride=2, padding=1, output_padding=1)
        self.g1 = nn.GroupNorm(2, 6, eps=1e-3)
        self.s2 = nn.Conv1d(6, 5, 3, stride=2)
        self.l1 = nn.Linear(5 * 10 * 23, 4)
        self.l2 = nn.Linear(5, 4, bias=False)

    def forward(self, x, s):
        a = self.up(F.gelu(self.gn(x + self.pos)))
        b = F.silu(self.t2(F.elu(a, 0.7)))
        c = F.interpolate(self.ct(self.c1(x)), scale_factor=2, mode="bilinear", align_corners=False)
        c = F.gelu(F.interpolate(c, scale_factor=(1, 2), mode="nearest"), approximate="tanh")
        d = F.pad(c, (0, 0, 1, 2), mode="reflect")
        d = F.pad(d, (2, 1, 0, 0), mode="replicate")
        d = self.c2(F.pad(d, (0, 0, 0, 0, 1, 0)))
        e = F.relu6(self.g1(self.s1(s * self.gain)))
        f = F.interpolate(e, scale_factor=2, mode="linear", align_corners=False)[:, :, 3:-2]
        f = self.s2(f).max(2).values
        g = b.max(2).values.sum(2).clamp(-1, 1)
        h = d.abs()[:, :, -1].sum(1)
        i = b.max(1).values[:, 2:6].sum(2)
        return self.l1(a.flatten(1)) + g + i + self.l2(f) + h[:, 0:4]


def main():
    torch.manual_seed(11)
    count = STEPS * BATCH
    data = {"x": torch.randn(count, 6, 5, 7), "s": torch.randn(count, 4, 12), "r": torch.randn(count, 4)}
    save_file(data, HERE / "layers.data.safetensors")
    module = Layers()
    save_file({k: v.clone() for k, v in module.state_dict().items()}, HERE / "layers.start.safetensors")
    module.double().train()
    optimizer = torch.optim.SGD(module.parameters(), lr=RATE, momentum=0.9)
    losses = []
    for step in range(STEPS):
        x, s, r = (data[name][step * BATCH:(step + 1) * BATCH].double() for name in ("x", "s", "r"))
        loss = F.mse_loss(module(x, s), r)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    end = {k: v.float() for k, v in module.state_dict().items()}
    save_file({"losses": torch.tensor(losses, dtype=torch.float64), **end}, HERE / "layers.expected.safetensors")
    print(losses)


if __name__ == "__main__":
    main()
