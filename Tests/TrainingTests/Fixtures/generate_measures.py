"""Writes the fixtures of `measures.net` for ParityTests: losses by PyTorch in float64, metrics by their definitions.

    python generate_measures.py        (needs torch and safetensors; only to make the files anew)
"""
import pathlib

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).parent
STEPS, BATCH = 10, 8


class Measures(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.out, self.re, self.li = nn.Linear(5, 4), nn.Linear(5, 1), nn.Linear(5, 3), nn.Linear(5, 24)

    def forward(self, x):
        return self.fc(x), self.out(x).squeeze(1), self.re(x), self.li(x).reshape(-1, 4, 6)


def metrics(module, data):
    with torch.no_grad():
        c, z, r, _ = module(data["x"].double())
    label, yes, t = data["label"], data["yes"], data["t"].double()
    table = torch.zeros(4, 4)
    for truth, guess in zip(label.tolist(), c.argmax(1).tolist()):
        table[truth, guess] += 1
    hits, predicted, actual = table.diag(), table.sum(0), table.sum(1)
    precision = torch.where(predicted > 0, hits / predicted, torch.zeros(4))
    f1 = torch.where(predicted + actual > 0, 2 * hits / (predicted + actual), torch.zeros(4))
    pairs = [(float(a > b) + 0.5 * float(a == b)) for a in z[yes] for b in z[~yes]]
    r2 = 1 - ((t - r) ** 2).sum(0) / ((t - t.mean(0)) ** 2).sum(0)
    return {"f1": f1.mean(), "precision": (precision * actual).sum() / actual.sum(), "recall": hits.sum() / actual.sum(),
            "auc": sum(pairs) / len(pairs), "r2": r2.mean(), "accuracy": ((z > 0) == yes).double().mean(),
            "mae": (t - r).abs().mean(), "confusion": table}


def main():
    torch.manual_seed(13)
    count = STEPS * BATCH
    data = {"x": torch.randn(count, 5), "label": torch.randint(0, 4, (count,)), "places": torch.randint(0, 4, (count, 6)),
            "yes": torch.randint(0, 2, (count,)).bool(), "t": torch.randn(count, 3)}
    data["x"][:, 0] += 2 * data["yes"]
    save_file(data, HERE / "measures.data.safetensors")
    module = Measures()
    save_file({k: v.clone() for k, v in module.state_dict().items()}, HERE / "measures.start.safetensors")
    module.double()
    measured = {f"metric.{k}": torch.as_tensor(v, dtype=torch.float64) for k, v in metrics(module, data).items()}
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
    losses = []
    for step in range(STEPS):
        rows = slice(step * BATCH, (step + 1) * BATCH)
        c, z, r, m = module(data["x"][rows].double())
        weight = torch.tensor([1, 0.5, 2, 0.1], dtype=torch.float64)
        t = data["t"][rows].double()
        loss = (F.cross_entropy(c, data["label"][rows], weight=weight, label_smoothing=0.2)
                + F.cross_entropy(m, data["places"][rows], ignore_index=2) / 2
                + 2 * F.huber_loss(r, t, delta=0.7)
                + F.binary_cross_entropy_with_logits(z, data["yes"][rows].double()) - 0.1 * F.l1_loss(r, t))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    end = {k: v.float() for k, v in module.state_dict().items()}
    save_file({"losses": torch.tensor(losses, dtype=torch.float64), **measured, **end}, HERE / "measures.expected.safetensors")
    print(losses, measured)


if __name__ == "__main__":
    main()
