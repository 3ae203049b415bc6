"""The same training in PyTorch: a model in Huginn's layout, written from the published architecture, for two uses.

gradients DIR   the gradients of one batch, as JSON: what the trainer's own are compared with
rate DIR N      seconds of each of N updates of that batch with torch's own AdamW, as JSON
"""

import json
import math
import sys
import time

import torch
import torch.nn.functional as F
from safetensors.torch import load_file


def norm(x, weight, eps):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * weight


def turned(x, base):
    half = x.shape[-1] // 2
    frequency = base ** -(torch.arange(half, dtype=torch.float32) * 2 / x.shape[-1])
    angle = torch.outer(torch.arange(x.shape[2], dtype=torch.float32), frequency)
    cos, sin = angle.cos(), angle.sin()
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack([a * cos - b * sin, b * cos + a * sin], -1).flatten(-2)


def block(x, name, w, c):
    rows, tokens, width = x.shape
    heads, eps = c["n_heads"], c["norm_eps"]
    n = lambda i, v: norm(v, w[f"{name}.norm_{i}.weight"], eps)
    q, k, v = (n(1, x) @ w[f"{name}.attn.Wqkv.weight"].T).chunk(3, -1)
    bias = w[f"{name}.attn.qk_bias"].reshape(2, width)
    split = lambda t: t.reshape(rows, tokens, heads, width // heads).transpose(1, 2)
    q, k, v = turned(split(q + bias[0]), c["rope_base"]), turned(split(k + bias[1]), c["rope_base"]), split(v)
    attended = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(rows, tokens, width)
    x = n(2, x + attended @ w[f"{name}.attn.proj.weight"].T)
    gate, up = (n(3, x) @ w[f"{name}.mlp.fc.weight"].T).chunk(2, -1)
    return n(4, x + (F.silu(gate) * up) @ w[f"{name}.mlp.proj.weight"].T)


def stack(x, name, count, w, c):
    for i in range(count):
        x = block(x, f"transformer.{name}.{i}", w, c)
    return x


def loss_of(w, c, ids, start, answers):
    prelude = lambda: stack(w["transformer.wte.weight"][ids] * math.sqrt(c["n_embd"]), "prelude", c["n_layers_in_prelude"], w, c)
    step = lambda s, e: stack(
        torch.cat([s, e], -1) @ w["transformer.adapter.weight"].T, "core_block", c["n_layers_in_recurrent_block"], w, c
    )
    final = lambda x: norm(x, w["transformer.ln_f.weight"], c["norm_eps"])
    state = start
    with torch.no_grad():
        e = prelude()
        for _ in range(c["before"]):
            state = step(state, e)
    e = prelude()
    losses = []
    for i in range(c["before"] + 1, c["before"] + c["through"] + 1):
        state = step(state, e)
        if i in answers:
            logits = final(stack(final(state), "coda", c["n_layers_in_coda"], w, c)) @ w["transformer.wte.weight"].T
            losses.append(F.cross_entropy(logits.flatten(0, 1), answers[i].flatten().long(), ignore_index=-1))
    return torch.stack(losses).mean()


def main():
    verb, folder = sys.argv[1:3]
    c = json.load(open(f"{folder}/config.json"))
    w = {name: value.requires_grad_() for name, value in load_file(f"{folder}/model.safetensors").items()}
    batch = load_file(f"{folder}/batch.safetensors")
    answers = {int(name.split(".")[1]): value for name, value in batch.items() if name.startswith("answers.")}
    torch.set_num_threads(int(sys.argv[4]) if len(sys.argv) > 4 else torch.get_num_threads())
    once = lambda: loss_of(w, c, batch["ids"].long(), batch["start"], answers)
    if verb == "gradients":
        loss = once()
        loss.backward()
        print(json.dumps({"loss": loss.item(), "gradients": {name: value.grad.flatten().tolist() for name, value in w.items()}}))
        return
    optimiser = torch.optim.AdamW(w.values(), lr=1e-3)
    seconds = []
    for _ in range(int(sys.argv[3])):
        begun = time.perf_counter()
        optimiser.zero_grad()
        once().backward()
        torch.nn.utils.clip_grad_norm_(w.values(), 1.0)
        optimiser.step()
        seconds.append(time.perf_counter() - begun)
    print(json.dumps({"seconds": seconds, "torch": torch.__version__}))


main()
