"""The same capture in PyTorch eager mode: a Huginn-layout checkpoint, all states kept.

Usage: capture.py FOLDER THREADS. Then one JSON object a line on stdin, {"ids", "inits", "steps", "initial", "final"}: `initial` is a
file of raw float32 [inits, tokens, width], `final` where to write the last state. Answers {"seconds"} a line; its first line is {"torch"}.
The operations follow the authors' modelling file; scaled_dot_product_attention and rms_norm are used where this PyTorch has them.
"""
import json, math, struct, sys, time
import torch
import torch.nn.functional as F

folder, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
with open(folder + "/config.json") as file:
    config = json.load(file)
D, H = config["n_embd"], config["n_heads"]
hd, hidden, eps = D // H, config["intermediate_size"], config["norm_eps"]


def load(path):
    with open(path, "rb") as file:
        data = bytearray(file.read())
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, info in header.items():
        if name == "__metadata__":
            continue
        begin, end = info["data_offsets"]
        assert info["dtype"] == "F32", info["dtype"]
        tensors[name] = torch.frombuffer(data, dtype=torch.float32, count=(end - begin) // 4, offset=8 + length + begin).reshape(info["shape"]).clone()
    return tensors


W = load(folder + "/model.safetensors")


def rope_table(count):
    inv = 1.0 / (config["rope_base"] ** (torch.arange(0, hd, 2, dtype=torch.float32) / hd))
    angles = torch.outer(torch.arange(count, dtype=torch.float32), inv)[None, :, None, :]
    return torch.cos(angles), torch.sin(angles)


def rotate(q, k, cos, sin):
    x = torch.cat([q, k], 2).unflatten(-1, (hd // 2, 2)) if hasattr(torch.Tensor, "unflatten") else torch.cat([q, k], 2).view(*q.shape[:2], 2 * H, hd // 2, 2)
    out = torch.stack([x[..., 0] * cos - x[..., 1] * sin, x[..., 1] * cos + x[..., 0] * sin], -1).flatten(3)
    return out.split(H, 2)


if hasattr(F, "rms_norm"):
    def norm(x, name):
        return F.rms_norm(x, (D,), W[name], eps)
else:
    def norm(x, name):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * W[name]

if hasattr(F, "scaled_dot_product_attention"):
    def attend(q, k, v):
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
else:
    def attend(q, k, v):
        S = q.shape[2]
        scores = q @ k.transpose(-2, -1) / math.sqrt(hd)
        return torch.softmax(scores.masked_fill(torch.ones(S, S, dtype=torch.bool).triu(1), float("-inf")), -1) @ v


def block(x, name, cos, sin):
    B, S, _ = x.shape
    q, k, v = F.linear(norm(x, name + ".norm_1.weight"), W[name + ".attn.Wqkv.weight"]).split(D, 2)
    bias = W[name + ".attn.qk_bias"]
    q, k = rotate(q.view(B, S, H, hd) + bias[0], k.view(B, S, H, hd) + bias[1], cos, sin)
    a = attend(q.transpose(1, 2), k.transpose(1, 2), v.view(B, S, H, hd).transpose(1, 2))
    x = norm(x + F.linear(a.transpose(1, 2).reshape(B, S, D), W[name + ".attn.proj.weight"]), name + ".norm_2.weight")
    gate, up = F.linear(norm(x, name + ".norm_3.weight"), W[name + ".mlp.fc.weight"]).chunk(2, -1)
    return norm(x + F.linear(F.silu(gate) * up, W[name + ".mlp.proj.weight"]), name + ".norm_4.weight")


def run(ids, inits, steps, initial):
    cos, sin = rope_table(len(ids))
    e = W["transformer.wte.weight"][torch.tensor([ids])] * math.sqrt(D)
    for i in range(config["n_layers_in_prelude"]):
        e = block(e, "transformer.prelude.%d" % i, cos, sin)
    e = e.expand(inits, -1, -1)
    state, states = initial, [initial]
    started = time.perf_counter()
    for _ in range(steps):
        x = F.linear(torch.cat([state, e], -1), W["transformer.adapter.weight"])
        for i in range(config["n_layers_in_recurrent_block"]):
            x = block(x, "transformer.core_block.%d" % i, cos, sin)
        state = x
        states.append(state)
    return time.perf_counter() - started, states


def serve():
    print(json.dumps({"torch": torch.__version__}), flush=True)
    inference = getattr(torch, "inference_mode", torch.no_grad)
    for line in sys.stdin:
        job = json.loads(line)
        with open(job["initial"], "rb") as file:
            initial = torch.frombuffer(bytearray(file.read()), dtype=torch.float32).reshape(job["inits"], len(job["ids"]), D)
        with inference():
            seconds, states = run(job["ids"], job["inits"], job["steps"], initial)
        with open(job["final"], "wb") as file:
            file.write(states[-1].contiguous().numpy().tobytes())
        print(json.dumps({"seconds": seconds}), flush=True)


if __name__ == "__main__":
    serve()
