"""Writes the fixtures of optimizers for ParityTests: one small net trained for ten steps by PyTorch in float64.

    python generate_optimizers.py        (needs torch and safetensors; only to make the files anew)
"""
import pathlib

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).parent
STEPS, BATCH = 10, 8
NET = """# {about}
net Small {{
  input x: f32[3, 6, 6]
  output y = x -> c1: conv(18, 3, pad=1, bias=false) -> bn: batch_norm -> relu -> max_pool(2)
    -> features: {{ conv(16, 3) -> relu }} -> flatten -> fc: linear(5)
}}

train Small {{
  target label: index(5)
  data      = tensors("optimizers.data.safetensors", shuffle=false)
  loss      = cross_entropy(y, label)
  optimizer = {optimizer}
{further}  steps     = 10
}}
"""


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(3, 18, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(18)
        self.features = nn.Sequential(nn.Conv2d(18, 16, 3))
        self.fc = nn.Linear(16, 5)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn(self.c1(x))), 2)
        return self.fc(F.relu(self.features(x)).flatten(1))


def groups(module, decay):
    """`decay_norms=false`: no decay for what has less than two axes."""
    return [{"params": [p for p in module.parameters() if p.ndim > 1], "weight_decay": decay},
            {"params": [p for p in module.parameters() if p.ndim <= 1], "weight_decay": 0}]


CASES = {
    "adagrad": ("Sums of squares, with a falling rate.", "adagrad(lr=0.05, lr_decay=0.1, weight_decay=0.01)", "  batch     = 8\n",
                lambda m: torch.optim.Adagrad(m.parameters(), lr=0.05, lr_decay=0.1, weight_decay=0.01), 1, False, False),
    "rmsprop": ("Means of squares with momentum; norms and biases do not decay.",
                "rmsprop(lr=0.005, alpha=0.9, momentum=0.5, weight_decay=0.1, decay_norms=false)", "  batch     = 8\n",
                lambda m: torch.optim.RMSprop(groups(m, 0.1), lr=0.005, alpha=0.9, momentum=0.5), 1, False, False),
    "clipped": ("Gradients limited number by number and as a whole.", "sgd(lr=0.5, momentum=0.5, clip_value=0.02, clip_norm=0.15)",
                "  batch     = 8\n", lambda m: torch.optim.SGD(m.parameters(), lr=0.5, momentum=0.5), 1, True, False),
    "accumulated": ("Two batches to an update, and a part that stays as it is.", "adamw(lr=0.01, clip_norm=0.5)",
                    "  batch     = 4\n  accumulate = 2\n  freeze    = features\n",
                    lambda m: torch.optim.AdamW(m.parameters(), lr=0.01), 2, "norm", True),
}


def main():
    torch.manual_seed(5)
    count = STEPS * BATCH
    data = {"x": torch.randn(count, 3, 6, 6), "label": torch.randint(0, 5, (count,))}
    save_file(data, HERE / "optimizers.data.safetensors")
    for name, (about, text, further, make, parts, clips, freezes) in CASES.items():
        (HERE / f"{name}.net").write_text(NET.format(about=about, optimizer=text, further=further))
        torch.manual_seed(6)
        module = Small()
        state = {k: v.clone() for k, v in module.state_dict().items() if v.is_floating_point()}
        save_file(state, HERE / f"{name}.start.safetensors")
        module.double().train()
        if freezes:
            module.features.requires_grad_(False)
        optimizer = make(module)
        losses = []
        for step in range(STEPS):
            optimizer.zero_grad()
            total = 0
            for part in range(parts):
                rows = slice(step * BATCH + part * BATCH // parts, step * BATCH + (part + 1) * BATCH // parts)
                loss = F.cross_entropy(module(data["x"][rows].double()), data["label"][rows]) / parts
                loss.backward()
                total += loss.item()
            if clips is True:
                nn.utils.clip_grad_value_(module.parameters(), 0.02)
            if clips:
                nn.utils.clip_grad_norm_(module.parameters(), 0.15 if clips is True else 0.5)
            optimizer.step()
            losses.append(total)
        end = {k: v.float() for k, v in module.state_dict().items() if v.is_floating_point()}
        save_file({"losses": torch.tensor(losses, dtype=torch.float64), **end}, HERE / f"{name}.expected.safetensors")
        print(name, losses[0], losses[-1])


if __name__ == "__main__":
    main()
