"""Greedy generation in PyTorch eager mode with a key-value cache for every step and block, on a Huginn-layout checkpoint.

Usage: generate.py FOLDER THREADS. Then one JSON object a line on stdin, {"prompt", "steps", "new"}: starts are zero states. Answers
{"seconds", "ids"} a line, the time of the tokens after the first; its first line is {"torch"}. The blocks are those of capture.py; keys and
values lie in buffers made beforehand, so that a step copies no cache.
"""
import json, math, sys, time
import torch
import torch.nn.functional as F
from capture import D, H, W, config, hd, norm, rope_table, rotate

MOST = 1024
cos_table, sin_table = rope_table(MOST)


class Cache:
    def __init__(self):
        self.slots = {}

    def append(self, slot, at, k, v):
        if slot not in self.slots:
            self.slots[slot] = (torch.zeros(1, H, MOST, hd), torch.zeros(1, H, MOST, hd))
        keys, values = self.slots[slot]
        end = at + k.shape[2]
        keys[:, :, at:end] = k
        values[:, :, at:end] = v
        return keys[:, :, :end], values[:, :, :end]


def block(x, name, cache, slot, at):
    B, S, _ = x.shape
    cos, sin = cos_table[:, at : at + S], sin_table[:, at : at + S]
    q, k, v = F.linear(norm(x, name + ".norm_1.weight"), W[name + ".attn.Wqkv.weight"]).split(D, 2)
    bias = W[name + ".attn.qk_bias"]
    q, k = rotate(q.view(B, S, H, hd) + bias[0], k.view(B, S, H, hd) + bias[1], cos, sin)
    keys, values = cache.append(slot, at, k.transpose(1, 2), v.view(B, S, H, hd).transpose(1, 2))
    a = F.scaled_dot_product_attention(q.transpose(1, 2), keys, values, is_causal=S > 1)
    x = norm(x + F.linear(a.transpose(1, 2).reshape(B, S, D), W[name + ".attn.proj.weight"]), name + ".norm_2.weight")
    gate, up = F.linear(norm(x, name + ".norm_3.weight"), W[name + ".mlp.fc.weight"]).chunk(2, -1)
    return norm(x + F.linear(F.silu(gate) * up, W[name + ".mlp.proj.weight"]), name + ".norm_4.weight")


def forward(ids, at, steps, cache):
    e = W["transformer.wte.weight"][torch.tensor([ids])] * math.sqrt(D)
    for i in range(config["n_layers_in_prelude"]):
        e = block(e, "transformer.prelude.%d" % i, cache, ("prelude", i), at)
    state = torch.zeros_like(e)
    for step in range(steps):
        state = F.linear(torch.cat([state, e], -1), W["transformer.adapter.weight"])
        for i in range(config["n_layers_in_recurrent_block"]):
            state = block(state, "transformer.core_block.%d" % i, cache, (step, i), at)
    x = norm(state, "transformer.ln_f.weight")
    for i in range(config["n_layers_in_coda"]):
        x = block(x, "transformer.coda.%d" % i, cache, ("coda", i), at)
    x = norm(x[:, -1], "transformer.ln_f.weight")
    return int(F.linear(x, W.get("lm_head.weight", W["transformer.wte.weight"])).argmax())


def generate(prompt, steps, new):
    cache = Cache()
    ids = [forward(prompt, 0, steps, cache)]
    started = time.perf_counter()
    while len(ids) < new:
        ids.append(forward([ids[-1]], len(prompt) + len(ids) - 1, steps, cache))
    return time.perf_counter() - started, ids


print(json.dumps({"torch": torch.__version__}), flush=True)
for line in sys.stdin:
    job = json.loads(line)
    with torch.inference_mode():
        seconds, ids = generate(job["prompt"], job["steps"], job["new"])
    print(json.dumps({"seconds": seconds, "ids": ids}), flush=True)
