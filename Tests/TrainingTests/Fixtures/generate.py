"""Writes the fixtures of ParityTests: small nets trained for ten steps by PyTorch in float64.

    python generate.py        (needs torch and safetensors; only to make the files anew)

For each net: NAME.data.safetensors (ten batches), NAME.start.safetensors (the weights before the first step) and
NAME.expected.safetensors (`losses`, one per step, and the weights after the last one). NAME.net says the same net in netc's
language.
"""
import pathlib

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).parent
STEPS, BATCH = 10, 8


class Sequence(nn.Sequential):
    pass


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(6, 6)
        self.out = nn.Linear(6, 2)

    def forward(self, x):
        return self.out(x + torch.sigmoid(self.inner(x)))


def named(**parts):
    module = Sequence()
    for name, part in parts.items():
        module.add_module(name, part)
    return module


def classes(count):
    return torch.randint(0, count, (STEPS * BATCH,))


NETS = {
    "mlp": dict(
        module=lambda: named(fc1=nn.Linear(6, 16), a=nn.Tanh(), fc2=nn.Linear(16, 3)),
        x=lambda: torch.randn(STEPS * BATCH, 6), y=lambda: classes(3), loss=F.cross_entropy,
        optimizer=lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-3)),
    "convolutional": dict(
        module=lambda: named(
            conv1=nn.Conv2d(2, 8, 3, padding=1), r1=nn.ReLU(), p1=nn.MaxPool2d(2),
            conv2=nn.Conv2d(8, 12, 3, stride=2, padding=1, bias=False), bn=nn.BatchNorm2d(12), r2=nn.ReLU(),
            pool=nn.AdaptiveAvgPool2d(1), flat=nn.Flatten(), fc=nn.Linear(12, 4)),
        x=lambda: torch.randn(STEPS * BATCH, 2, 10, 10), y=lambda: classes(4),
        loss=lambda p, y: F.cross_entropy(p, y, label_smoothing=0.1),
        optimizer=lambda p: torch.optim.Adam(p, lr=1e-2)),
    "grouped": dict(
        module=lambda: named(
            conv1=nn.Conv2d(4, 6, 3, padding=2, dilation=2, groups=2, padding_mode="reflect"), r1=nn.LeakyReLU(0.1),
            conv2=nn.Conv2d(6, 6, 3, groups=6), p=nn.AvgPool2d(2, stride=1, padding=1, count_include_pad=False),
            flat=nn.Flatten(), fc=nn.Linear(6 * 6 * 6, 1), squeeze=nn.Flatten(0)),
        x=lambda: torch.randn(STEPS * BATCH, 4, 7, 7), y=lambda: classes(2).bool(),
        loss=lambda p, y: F.binary_cross_entropy_with_logits(p, y.to(p.dtype)),
        optimizer=lambda p: torch.optim.SGD(p, lr=0.05)),
    "residual": dict(
        module=Residual, x=lambda: torch.randn(STEPS * BATCH, 6), y=lambda: torch.randn(STEPS * BATCH, 2),
        loss=F.mse_loss, optimizer=lambda p: torch.optim.AdamW(p, lr=1e-2, weight_decay=0.05)),
}


def main():
    for seed, (name, net) in enumerate(NETS.items()):
        torch.manual_seed(seed)
        x, y, module = net["x"](), net["y"](), net["module"]()
        save_file({"x": x, "y": y}, HERE / f"{name}.data.safetensors")
        state = {k: v.clone() for k, v in module.state_dict().items() if v.is_floating_point()}
        save_file(state, HERE / f"{name}.start.safetensors")
        module.double().train()
        x = x.double()
        y = y.double() if y.is_floating_point() else y
        optimizer, losses = net["optimizer"](module.parameters()), []
        for start in range(0, len(x), BATCH):
            optimizer.zero_grad()
            loss = net["loss"](module(x[start:start + BATCH]), y[start:start + BATCH])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        end = {k: v.float() for k, v in module.state_dict().items() if v.is_floating_point()}
        save_file({"losses": torch.tensor(losses, dtype=torch.float64), **end}, HERE / f"{name}.expected.safetensors")
        print(name, losses[0], losses[-1])


if __name__ == "__main__":
    main()
