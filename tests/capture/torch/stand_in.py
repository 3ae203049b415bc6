"""A stand-in for Huginn's remote code: the same four methods and the same arithmetic, on weights in Huginn's own layout.

Read from a folder with config.json and model.safetensors. Like the versions of the real one, `embed_inputs` gives 2 values
or 3, and the block index is counted up in place.
"""

import json
import math
import os
from types import SimpleNamespace

import numpy as np
import torch


def load_tensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    kinds = {"F32": np.float32, "I64": np.int64}
    return {
        name: torch.from_numpy(np.frombuffer(data[slice(*info["data_offsets"])], kinds[info["dtype"]]).reshape(info["shape"]).copy())
        for name, info in header.items()
        if name != "__metadata__" and info["dtype"] in kinds
    }


class StandIn(torch.nn.Module):
    def __init__(self, folder, values=2):
        super().__init__()
        with open(os.path.join(folder, "config.json")) as file:
            self.config = SimpleNamespace(**json.load(file))
        self.values = values
        self.width, self.heads = self.config.n_embd, self.config.n_heads
        self.weights = torch.nn.ParameterDict()
        for name, tensor in load_tensors(os.path.join(folder, "model.safetensors")).items():
            if name != "freqs_cis":
                self.weights[name.replace(".", "/")] = torch.nn.Parameter(tensor, requires_grad=False)
        self.transformer = SimpleNamespace(ln_f=SimpleNamespace(weight=self.weights["transformer/ln_f/weight"]))
        self.steps_seen = []

    def weight(self, name):
        return self.weights[f"transformer.{name}".replace(".", "/")]

    def norm(self, x, weight):
        y = x.float()
        return (y * torch.rsqrt((y * y).mean(-1, keepdim=True) + self.config.norm_eps)).to(x.dtype) * weight

    def rotated(self, x):
        size = x.shape[-1]
        frequency = self.config.rope_base ** (-torch.arange(0, size, 2).float() / size)
        angle = torch.arange(x.shape[2]).float()[:, None] * frequency
        even, odd = x[..., 0::2].float(), x[..., 1::2].float()
        return torch.stack([even * angle.cos() - odd * angle.sin(), odd * angle.cos() + even * angle.sin()], -1).flatten(-2).to(x.dtype)

    def attention(self, x, block):
        inits, tokens, _ = x.shape
        q, k, v = (x @ self.weight(f"{block}.attn.Wqkv.weight").T).view(inits, tokens, 3, self.heads, -1).unbind(2)
        bias = self.weight(f"{block}.attn.qk_bias")
        q, k, v = ((q + bias[0]).transpose(1, 2), (k + bias[1]).transpose(1, 2), v.transpose(1, 2))
        scores = self.rotated(q) @ self.rotated(k).transpose(-1, -2) / math.sqrt(q.shape[-1])
        scores = scores.float().masked_fill(torch.ones(tokens, tokens).triu(1).bool(), -math.inf)
        mixed = (scores.softmax(-1).to(x.dtype) @ v).transpose(1, 2).reshape(inits, tokens, -1)
        return mixed @ self.weight(f"{block}.attn.proj.weight").T

    def mlp(self, x, block):
        gate, up = (x @ self.weight(f"{block}.mlp.fc.weight").T).chunk(2, -1)
        return (torch.nn.functional.silu(gate) * up) @ self.weight(f"{block}.mlp.proj.weight").T

    def block(self, x, block):
        x = self.norm(x + self.attention(self.norm(x, self.weight(f"{block}.norm_1.weight")), block), self.weight(f"{block}.norm_2.weight"))
        return self.norm(x + self.mlp(self.norm(x, self.weight(f"{block}.norm_3.weight")), block), self.weight(f"{block}.norm_4.weight"))

    # --- the four methods ---

    def embed_inputs(self, ids):
        x = self.weight("wte.weight")[ids] * math.sqrt(self.width)
        block_idx = torch.tensor(-1)
        for i in range(self.config.n_layers_in_prelude):
            block_idx += 1
            x = self.block(x, f"prelude.{i}")
        return (x, block_idx) if self.values == 2 else (x, None, block_idx)

    def initialize_state(self, embedded, scale=1.0):
        x = torch.randn_like(embedded)
        std = math.sqrt(2 / (5 * self.width)) * scale
        torch.nn.init.trunc_normal_(x, mean=0.0, std=std, a=-3 * std, b=3 * std)
        return x * math.sqrt(self.width)

    def iterate_one_step(self, embedded, state, block_idx=torch.tensor(0), current_step=0):
        assert isinstance(current_step, int) and int(block_idx) == self.config.n_layers_in_prelude - 1  # nobody counted it up for us
        self.steps_seen.append(current_step)
        x = torch.cat([state, embedded], -1) @ self.weight("adapter.weight").T
        for i in range(self.config.n_layers_in_recurrent_block):
            block_idx += 1
            x = self.block(x, f"core_block.{i}")
        return x, block_idx, current_step + 1

    def predict_from_latents(self, state):
        x = self.norm(state, self.weight("ln_f.weight"))
        for i in range(self.config.n_layers_in_coda):
            x = self.block(x, f"coda.{i}")
        return SimpleNamespace(logits=(self.norm(x, self.weight("ln_f.weight")) @ self.weight("wte.weight").T).float())
