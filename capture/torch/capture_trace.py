#!/usr/bin/env python3
"""Record every recurrent step of Huginn-0125 (or a model with the same four methods) as a trace folder that Orrery opens.

Copy this one file to the machine with the GPU. It needs torch, transformers and numpy:

    python3 capture_trace.py --prompt "The capital of Westphalia is" --steps 64 --inits 4 --out runs/westphalia

and then, wherever the folder is copied to:  orrery analyze runs/westphalia

What is recorded: `state` [steps + 1, inits, tokens, width], the core's output before ln_f, step 0 being the initial state; `input`, the
prelude's output, which is injected at every step; `ln_f`; and, at every step, what the coda would say (most likely tokens, entropy,
divergence from the step before and from the last one). States go to disk as they are made, bit for bit in the model's own precision:
memory stays flat, and a run that is stopped is a readable partial run. No pickle is written or read.

Python reads the files with safetensors.torch.load_file, or with safetensors.numpy.load_file (for bfloat16, import ml_dtypes first).
"""

import argparse
import json
import math
import os
import shutil
import socket
import sys
import time
from datetime import datetime, timezone

try:
    import numpy as np
except ImportError:
    sys.exit("capture_trace: numpy is missing; pip install numpy")

VERSION = "1"
SCHEMA = "orrery-trace/1"
DEFAULT_MODEL = "tomg-group-umd/huginn-0125"
SAVE_INTERVAL_S = 0.2  # a killed run then loses at most this much of what it had written
COPY_BYTES = 16 * 2**20
SIZES = {"F32": 4, "BF16": 2, "F16": 2, "I32": 4}


class CaptureError(Exception):
    """What went wrong, in one line for a person."""


# --- The trace folder: numpy only -----------------------------------------------------------------------------------


class Tensor:
    """A tensor of a step file: constant (steps is None), or one slab of `shape` for each of `steps` rows."""

    def __init__(self, name, dtype, shape, steps=None):
        self.name, self.dtype, self.shape, self.steps = name, dtype, tuple(shape), steps

    @property
    def full_shape(self):
        return self.shape if self.steps is None else (self.steps, *self.shape)

    @property
    def slab_bytes(self):
        return math.prod(self.shape) * SIZES[self.dtype]

    @property
    def bytes(self):
        return math.prod(self.full_shape) * SIZES[self.dtype]


def header_of(tensors):
    """A safetensors header for tensors one after the other, padded so that data begin at a multiple of 64."""
    entries, begin = {"__metadata__": {"schema": SCHEMA}}, 0
    for tensor in tensors:
        entries[tensor.name] = {"dtype": tensor.dtype, "shape": list(tensor.full_shape), "data_offsets": [begin, begin + tensor.bytes]}
        begin += tensor.bytes
    text = json.dumps(entries, separators=(",", ":")).encode()
    length = -(-(8 + len(text)) // 64) * 64 - 8
    return length.to_bytes(8, "little") + text.ljust(length)


class StepFile:
    """A safetensors file written step by step: the header with the full shapes goes first, then every slab to its own place."""

    def __init__(self, path, tensors):
        self.path, self.tensors = path, list(tensors)
        self.header = header_of(self.tensors)
        self.file = open(path, "x+b")
        self.file.write(self.header)

    def offset_of(self, name, row):
        offset = len(self.header)
        for tensor in self.tensors:
            if tensor.name == name:
                if tensor.steps is not None and not 0 <= row < tensor.steps:
                    raise CaptureError(f"invalid step of {name}: {row}; expected 0 to {tensor.steps - 1}")
                return tensor, offset + (row * tensor.slab_bytes if tensor.steps is not None else 0)
            offset += tensor.bytes
        raise CaptureError(f"unknown tensor: {name}; one of {', '.join(t.name for t in self.tensors)}")

    def write(self, name, words, row=0):
        """`words` are the slab's bits: float32, int32, or 16-bit words of bfloat16 or float16."""
        tensor, offset = self.offset_of(name, row)
        data = np.ascontiguousarray(words).tobytes()
        if len(data) != tensor.slab_bytes:
            raise CaptureError(f"invalid slab of {name}: {len(data)} bytes; expected {tensor.slab_bytes}")
        self.file.seek(offset)
        self.file.write(data)

    def read(self, name, row):
        tensor, offset = self.offset_of(name, row)
        self.file.flush()
        self.file.seek(offset)
        kind = {"F32": "<f4", "I32": "<i4"}.get(tensor.dtype, "<i2")
        return np.frombuffer(self.file.read(tensor.slab_bytes), kind).reshape(tensor.shape)

    def close(self):
        self.file.close()

    def seal(self, rows):
        """Cuts a file that stopped early to its first `rows` steps, so that any safetensors reader opens it."""
        kept = [Tensor(t.name, t.dtype, t.shape, None if t.steps is None else min(t.steps, rows)) for t in self.tensors]
        temporary = self.path + ".sealing"
        with open(self.path, "rb") as source, open(temporary, "wb") as target:
            target.write(header_of(kept))
            for tensor in kept:
                source.seek(self.offset_of(tensor.name, 0)[1])
                left = tensor.bytes
                while left > 0:
                    data = source.read(min(left, COPY_BYTES))
                    if not data:
                        raise CaptureError(f"cannot seal {self.path}: it ends before step {rows - 1} of {tensor.name}")
                    target.write(data)
                    left -= len(data)
        os.replace(temporary, self.path)


class TraceWriter:
    """Writes one run. Until `complete`, the folder says that it is partial."""

    def __init__(self, folder, announcement, states, readout=()):
        self.folder = folder
        self.trace = {"schema": SCHEMA, "status": "partial", "stopped": None, "steps_written": -1, **announcement, "step_ms": []}
        if os.path.exists(folder) and (not os.path.isdir(folder) or os.listdir(folder)):
            raise CaptureError(f"invalid run folder: {folder} is there already; expected a new or an empty one")
        self.refuse_full_disk(sum(t.bytes for t in [*states, *readout]))
        os.makedirs(folder, exist_ok=True)
        self.mark = os.path.join(folder, "writer.json")  # tells others that this run is alive
        with open(self.mark, "w") as file:
            json.dump({"pid": os.getpid(), "host": socket.gethostname()}, file)
        self.save()
        self.states = StepFile(os.path.join(folder, "states.safetensors"), states)
        self.readout = StepFile(os.path.join(folder, "readout.safetensors"), readout) if readout else None

    def refuse_full_disk(self, needed):
        parent = os.path.abspath(self.folder)
        while not os.path.isdir(parent):
            parent = os.path.dirname(parent)
        free = shutil.disk_usage(parent).free
        if needed > free:
            raise CaptureError(f"too little disk: the trace takes {needed} bytes; {free} are free at {self.folder}")

    def save(self):
        path = os.path.join(self.folder, "trace.json")
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump(self.trace, file, indent=1, ensure_ascii=False, allow_nan=False)
            file.write("\n")
        os.replace(path + ".new", path)
        self.saved = time.monotonic()

    def finish_step(self, step, milliseconds):
        """Says that everything of `step` is on disk; 0 is the initial state."""
        for file in self.files():
            file.file.flush()
        if os.path.exists(self.mark):
            os.utime(self.mark)  # the heartbeat: a mark that nobody touches for a minute is a dead writer's
        self.trace["steps_written"] = step
        if step > 0:
            self.trace["step_ms"].append(round(milliseconds, 3))
        if time.monotonic() - self.saved > SAVE_INTERVAL_S:
            self.save()

    def files(self):
        return [self.states] + ([self.readout] if self.readout else [])

    def complete(self):
        for file in self.files():
            file.close()
        self.trace["status"] = "complete"
        self.save()
        os.remove(self.mark)

    def stop(self, reason):
        """Ends a run that stopped early, with the steps that are there."""
        for file in self.files():
            file.close()
        self.trace["stopped"] = " ".join(str(reason).split()) or "unknown error"
        self.save()
        if self.trace["steps_written"] >= 0:
            for file in self.files():
                file.seal(self.trace["steps_written"] + 1)
        os.remove(self.mark)


def read_states(path):
    """`state` [inits, tokens, width] of a safetensors file, as float32."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > 100_000_000:
            raise CaptureError(f"not a safetensors file: {path}")
        header = json.loads(file.read(length))
        if "state" not in header:
            raise CaptureError(f"missing tensor in {path}: state; the file holds {', '.join(k for k in header if k != '__metadata__') or 'none'}")
        info = header["state"]
        begin, end = info["data_offsets"]
        file.seek(8 + length + begin)
        data = file.read(end - begin)
    if info["dtype"] == "BF16":
        values = (np.frombuffer(data, "<u2").astype(np.uint32) << 16).view(np.float32)
    elif info["dtype"] in ("F32", "F16", "F64"):
        values = np.frombuffer(data, {"F32": "<f4", "F16": "<f2", "F64": "<f8"}[info["dtype"]]).astype(np.float32)
    else:
        raise CaptureError(f"invalid state in {path}: {info['dtype']}; expected floating-point numbers")
    return values.reshape(info["shape"])


# --- The model: torch -----------------------------------------------------------------------------------------------


def words_of(tensor):
    """A tensor's bits as numpy can hold them: numpy has no bfloat16, so 16-bit floats go as 16-bit words."""
    import torch

    tensor = tensor.detach().contiguous().cpu()
    return tensor.view(torch.int16).numpy() if tensor.dtype in (torch.bfloat16, torch.float16) else tensor.numpy()


def dtype_name(dtype):
    """safetensors' and the trace's name of a floating-point dtype."""
    import torch

    names = {torch.float32: ("F32", "f32"), torch.bfloat16: ("BF16", "bf16"), torch.float16: ("F16", "f16")}
    if dtype not in names:
        raise CaptureError(f"invalid dtype of the model's states: {dtype}; expected float32, bfloat16 or float16")
    return names[dtype]


def embed(model, ids):
    """The prelude's output, and the index at which blocks are counted on. Versions of the model return 2 values or 3."""
    import torch

    values = model.embed_inputs(torch.tensor([ids], dtype=torch.long, device=device_of(model)))
    values = values if isinstance(values, tuple) else (values,)
    counts = [v for v in values[1:] if isinstance(v, int) or (torch.is_tensor(v) and v.numel() == 1 and not v.is_floating_point())]
    return values[0], counts[-1] if counts else 0


def device_of(model):
    return next(model.parameters()).device


def initial_states(model, embedded, inits, seed, scale, kind, given):
    """[inits, tokens, width]. Normal ones are the model's own, init i with seed + i, drawn on the CPU in float32: a seed is then the same start on every GPU and in every precision."""
    import torch

    if given is not None:
        expected = tuple(embedded.shape[1:])
        if given.ndim != 3 or given.shape[1:] != expected:
            raise CaptureError(f"unexpected shape of state: {list(given.shape)}; expected [inits, {expected[0]}, {expected[1]}]")
        return torch.from_numpy(np.array(given, np.float32)).to(embedded.device, embedded.dtype)
    if kind == "zero" or scale == 0:
        return torch.zeros_like(embedded).repeat(inits, 1, 1)
    pattern = embedded.detach().cpu().float()
    drawn = []
    for i in range(inits):
        torch.manual_seed(seed + i)
        drawn.append(model.initialize_state(pattern) if scale == 1 else model.initialize_state(pattern, scale=scale))
    return torch.cat(drawn).to(embedded.device, embedded.dtype)


def one_step(model, embedded, state, block_idx, step):
    """One recurrence. Some versions count the block index up in place, so each call gets a copy; `step` is a Python int, from 0."""
    import torch

    counter = block_idx.clone() if torch.is_tensor(block_idx) else block_idx
    out = model.iterate_one_step(embedded.expand(state.shape[0], -1, -1), state, block_idx=counter, current_step=step)
    return out[0] if isinstance(out, tuple) else out


class Readout:
    """What the model would say at each step. Remembers the distributions of one step, [inits, tokens, vocabulary], on the model's device."""

    def __init__(self, model, ids, inits, top, batch):
        self.model, self.ids, self.inits, self.top, self.batch = model, ids, inits, top, batch
        self.before = None

    def logprobs(self, state):
        import torch

        parts = []
        for i in range(0, self.inits, self.batch):
            logits = self.model.predict_from_latents(state[i : i + self.batch]).logits
            parts.append(torch.log_softmax(logits.float(), dim=-1))
        return torch.cat(parts)

    def read(self, state):
        """Tensors of the readout by name; NaN where there is no step before, no token after, or no last step yet."""
        import torch

        now = self.logprobs(state)
        values, places = torch.topk(now, self.top, dim=-1)
        entropy = -(now.exp() * now).nan_to_num(0.0).sum(-1)
        nothing = torch.full_like(entropy, math.nan)
        target = nothing.clone()
        if len(self.ids) > 1:
            following = torch.tensor(self.ids[1:], device=now.device).expand(self.inits, -1).unsqueeze(-1)
            target[:, :-1] = now[:, :-1].gather(-1, following).squeeze(-1)
        divergence = nothing if self.before is None else divergence_of(self.before, now)
        self.before = now
        curves = {"top_logprobs": values, "entropy": entropy, "kl_prev": divergence, "kl_final": nothing, "target_logprob": target}
        return {"top_ids": places.int().cpu().numpy(), **{name: curve.float().cpu().numpy() for name, curve in curves.items()}}

    def from_last(self, state):
        """KL(p at this state ‖ p at the last one read), [inits, tokens]."""
        return divergence_of(self.logprobs(state), self.before).float().cpu().numpy()


def divergence_of(p, q):
    """KL(p ‖ q) in nats, of log-probabilities."""
    return (p.exp() * (p - q)).nan_to_num(0.0).sum(-1).clamp_min(0)


def capture(model, ids, texts, folder, steps=64, inits=4, seed=0, scale=1.0, kind="normal", given=None, top=5, batch=4, about=None, progress=lambda step, steps: None):
    """Runs the model over one sequence of token ids and writes the trace. `about` fills in what only the caller knows of the model.

    The model has embed_inputs, initialize_state, iterate_one_step and predict_from_latents, and transformer.ln_f.weight.
    An exception, or a stop by the keyboard, leaves a partial trace that says why, and goes on to the caller.
    """
    import torch

    with torch.no_grad():
        embedded, block_idx = embed(model, ids)
        state = initial_states(model, embedded, inits, seed, scale, kind, given)
        inits, tokens, width = state.shape
        stored, short = dtype_name(state.dtype)
        norm = model.transformer.ln_f.weight
        readout = Readout(model, ids, inits, top, batch) if top > 0 else None
        announcement = {
            "title": None,
            "model": {"name": "model", "hash": None, "revision": None, "config": {}},
            "prompt": None,
            "tokens": [{"id": int(i), "text": text} for i, text in zip(ids, texts)],
            "steps": steps,
            "inits": [init_of(i, seed, scale, kind, given) for i in range(inits)],
            "width": width,
            "sites": ["state"],
            "compute_dtype": short,
            "storage_dtype": short,
            "engine": {"name": "pytorch", "version": torch.__version__, "device": str(state.device), "threads": torch.get_num_threads()},
            "readout": {"lens": "coda", "top": top} if readout else None,
            "edits": [],
            "exit_rule": None,
            "software": {"name": "orrery capture_trace.py", "version": VERSION},
            "created": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            **(about or {}),
        }
        states = [Tensor("ln_f", "F32", [width]), Tensor("input", stored, [tokens, width]), Tensor("state", stored, [inits, tokens, width], steps + 1)]
        curves = [Tensor(name, "F32", [inits, tokens], steps + 1) for name in ("entropy", "kl_prev", "kl_final", "target_logprob")]
        tops = [Tensor("top_ids", "I32", [inits, tokens, top], steps + 1), Tensor("top_logprobs", "F32", [inits, tokens, top], steps + 1)]
        writer = TraceWriter(folder, announcement, states, [*tops, *curves] if readout else [])
        try:
            writer.states.write("ln_f", norm.detach().float().cpu().numpy())
            writer.states.write("input", words_of(embedded[0]))
            for step in range(steps + 1):
                begun = time.monotonic()
                if step > 0:
                    parts = [one_step(model, embedded, state[i : i + batch], block_idx, step - 1) for i in range(0, inits, batch)]
                    state = torch.cat(parts)
                writer.states.write("state", words_of(state), step)
                for name, values in (readout.read(state) if readout else {}).items():
                    writer.readout.write(name, values, step)
                writer.finish_step(step, (time.monotonic() - begun) * 1000)
                progress(step, steps)
            if readout:
                write_from_last(writer, readout, state)
            writer.complete()
        except BaseException as error:
            writer.stop("stopped by the keyboard" if isinstance(error, KeyboardInterrupt) else error)
            raise
    return writer.trace


def init_of(i, seed, scale, kind, given):
    if given is not None:
        return {"kind": "file", "seed": None, "scale": None}
    return {"kind": kind, "seed": seed + i if kind == "normal" else None, "scale": scale if kind == "normal" else None}


def write_from_last(writer, readout, state):
    """The divergence from the last step needs the last step, so states are read back and decoded once more."""
    import torch

    for step in range(writer.trace["steps_written"] + 1):
        words = torch.from_numpy(writer.states.read("state", step).copy())
        writer.readout.write("kl_final", readout.from_last(words.view(state.dtype).to(state.device)), step)


# --- The command line -----------------------------------------------------------------------------------------------


def parse_arguments(argv):
    parser = argparse.ArgumentParser(prog="capture_trace.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--prompt", help="the text to run")
    what.add_argument("--prompts", metavar="FILE.jsonl", help='one {"prompt": …} a line; OUT becomes a folder of runs')
    what.add_argument("--tokens", metavar="1,2,3", help="token ids, as they are")
    parser.add_argument("--out", required=True, metavar="DIR", help="the run folder to make; new or empty")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="name on the hub, or a folder (default: %(default)s)")
    parser.add_argument("--revision", help="commit, branch or tag of the model; the commit is recorded in any case")
    parser.add_argument("--chat", action="store_true", help="put the prompt into the model's chat template, with the generation prompt")
    parser.add_argument("--system", help="system message before it; needs --chat")
    parser.add_argument("--no-special-tokens", action="store_true", help="do not let the tokenizer add special tokens")
    parser.add_argument("--steps", type=whole(1, 100_000), default=64, help="recurrent steps (default: %(default)s)")
    parser.add_argument("--inits", type=whole(1, 10_000), default=4, help="random initial states (default: %(default)s)")
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), default=0, help="of the first initial state; the next has the next (default: %(default)s)")
    parser.add_argument("--init-scale", type=float, default=1.0, help="factor of the initial state; 0 is all zeros (default: %(default)s)")
    parser.add_argument("--init-states", metavar="FILE.safetensors", help="initial states from a tensor `state` [inits, tokens, width]")
    parser.add_argument("--top", type=whole(0, 1000), default=5, help="most likely tokens kept at each step; 0 keeps no readout (default: %(default)s)")
    parser.add_argument("--dtype", choices=["f32", "bf16", "f16"], default="bf16", help="precision of the model, and so of the states (default: %(default)s). bf16 has a rounding floor near 0.03: for contraction rates use f32")
    parser.add_argument("--batch", type=whole(1, 10_000), default=4, help="initial states run at once (default: %(default)s)")
    parser.add_argument("--device", help="as torch names it (default: cuda where there is one)")
    parser.add_argument("--title", help="a name for the run")
    arguments = parser.parse_args(argv)
    if arguments.system is not None and not arguments.chat:
        parser.error("--system needs --chat")
    if arguments.chat and arguments.tokens:
        parser.error("--chat needs --prompt or --prompts")
    if not arguments.init_scale >= 0:
        parser.error(f"invalid --init-scale: {arguments.init_scale}; expected 0 or more")
    return arguments


def whole(lowest, highest):
    def parse(text):
        if not text.isdigit() or not lowest <= int(text) <= highest:
            raise argparse.ArgumentTypeError(f"invalid number: {text}; expected {lowest} to {highest}")
        return int(text)

    return parse


def prompts_of(arguments):
    """The prompts, or None where token ids were given."""
    if arguments.tokens is not None:
        return None
    if arguments.prompt is not None:
        return [arguments.prompt]
    prompts = []
    try:
        with open(arguments.prompts, encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    try:
                        prompts.append(str(json.loads(line)["prompt"]))
                    except (ValueError, KeyError, TypeError) as error:
                        raise CaptureError(f'invalid line {number} of {arguments.prompts}: expected {{"prompt": …}}') from error
    except OSError as error:
        raise CaptureError(f"cannot read {arguments.prompts}: {error.strerror}") from error
    if not prompts:
        raise CaptureError(f"no prompts in {arguments.prompts}")
    return prompts


def load(arguments):
    """The tokenizer and the model, and what the trace says of them."""
    try:
        import torch
        import transformers
    except ImportError as error:
        raise CaptureError(f"{error.name} is missing; pip install torch transformers") from error
    device = arguments.device or ("cuda" if torch.cuda.is_available() else "cpu")
    dtype = {"f32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16}[arguments.dtype]
    torch.backends.cuda.matmul.allow_tf32 = False  # f32 is to mean float32
    torch.backends.cudnn.allow_tf32 = False
    kind = {"trust_remote_code": True, "revision": arguments.revision}
    tokenizer = transformers.AutoTokenizer.from_pretrained(arguments.model, **kind)
    model = transformers.AutoModelForCausalLM.from_pretrained(arguments.model, torch_dtype=dtype, **kind).to(device).eval()
    missing = [name for name in ("embed_inputs", "initialize_state", "iterate_one_step", "predict_from_latents") if not hasattr(model, name)]
    if missing:
        raise CaptureError(f"invalid model: {arguments.model} has no {', '.join(missing)}; expected Huginn's own methods")
    config = json.loads(json.dumps(model.config.to_dict(), default=str), parse_constant=lambda _: None)  # JSON has no NaN
    place = f"{device} ({torch.cuda.get_device_name(device)})" if device.startswith("cuda") else device
    versions = f"transformers {transformers.__version__}, attention {getattr(model.config, '_attn_implementation', None) or 'of the model'}"
    name = os.path.basename(os.path.abspath(arguments.model)) if os.path.isdir(arguments.model) else arguments.model
    return tokenizer, model, {
        "model": {"name": name, "hash": None, "revision": getattr(model.config, "_commit_hash", None) or arguments.revision, "config": config},
        "engine": {"name": "pytorch", "version": f"{torch.__version__} ({versions})", "device": place, "threads": torch.get_num_threads()},
    }


def ids_of(tokenizer, prompt, arguments):
    if not arguments.chat:
        return tokenizer.encode(prompt, add_special_tokens=not arguments.no_special_tokens)
    messages = [{"role": "system", "content": arguments.system}] if arguments.system is not None else []
    text = tokenizer.apply_chat_template([*messages, {"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True)
    return tokenizer.encode(text, add_special_tokens=False)


def show_progress(step, steps):
    sys.stderr.write(f"\rstep {step} of {steps}" + ("\n" if step == steps else ""))
    sys.stderr.flush()


def run(arguments):
    prompts = prompts_of(arguments)
    given = read_states(arguments.init_states) if arguments.init_states else None
    fixed = None
    if prompts is None:
        try:
            fixed = [int(part) for part in arguments.tokens.split(",")]
        except ValueError as error:
            raise CaptureError(f"invalid --tokens: {arguments.tokens}; expected whole numbers joined by commas") from error
    tokenizer, model, about = load(arguments)
    for number, prompt in enumerate(prompts or [None], 1):
        ids = fixed or list(ids_of(tokenizer, prompt, arguments))
        if not ids:
            raise CaptureError(f"invalid prompt {number}: it has no tokens")
        folder = arguments.out if arguments.prompts is None else os.path.join(arguments.out, f"{number:04d}")
        capture(
            model, ids, [tokenizer.decode([i]) for i in ids], folder,
            steps=arguments.steps, inits=arguments.inits, seed=arguments.seed, scale=arguments.init_scale,
            kind="zero" if arguments.init_scale == 0 else "normal", given=given, top=arguments.top, batch=arguments.batch,
            about={**about, "prompt": prompt, "title": arguments.title}, progress=show_progress,
        )
        print(folder)


def main(argv=None):
    arguments = parse_arguments(argv)
    try:
        run(arguments)
    except KeyboardInterrupt:
        sys.exit("capture_trace: stopped by the keyboard")
    except Exception as error:  # one line for a person, whatever went wrong underneath
        sys.exit(f"capture_trace: {' '.join(str(error).split()) or type(error).__name__}")


if __name__ == "__main__":
    main()
