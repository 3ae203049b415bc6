#!/usr/bin/env python3
"""Record every step of a looped language model as a trace folder that Orrery opens: Huginn-0125, retrofitted Llama and OLMo-2, Ouro, HRM-Text.

Copy this one file to the machine with the GPU. It needs torch, numpy, transformers and, for transformers before 4.52, accelerate.
Tested on Python 3.11 with torch 2.9.1 on a CPU and on Python 3.12 with torch 2.11.0 on an NVIDIA H100, and with transformers
    4.51.0, 4.57.6, 5.24.0    Huginn
    4.51.0, 4.57.6            retrofits
    4.57.6                    Ouro
    5.24.0                    HRM-Text (part of transformers; the others bring code of their own, which this runs)

    pip install torch==2.9.1 transformers==4.57.6 accelerate
    python3 capture_trace.py --prompt "The capital of Westphalia is" --steps 64 --inits 4 --out runs/westphalia

and then, wherever the folder is copied to:  orrery analyze runs/westphalia

What is recorded: `state` [steps + 1, inits, tokens, width], step 0 being the initial state. It is the core's output before ln_f in Huginn, the core's
output in a retrofit, what model.norm gives in Ouro (step 0 the embeddings), the high state after each high cycle in HRM-Text (step 0 the
scaled embeddings), with `low`, the low state, beside it. Then `input`, what is injected at every step (Huginn, retrofits); and, at every
step, what the model would say (most likely tokens, entropy, divergence from the step before and from the last one) and Ouro's exit gate.
States go to disk as they are made, bit for bit in the model's own precision: memory stays flat, and a run that is stopped is a
readable partial run. No pickle is written or read. With --keep gram only what labels are made of stays.

Memory: Huginn's weights take 7.1 GB in bf16 and 14.3 GB in f32, a 1.4 B model 2.9 and 5.7 GB. Beside them stands a float32 number for every
token of the vocabulary, each prompt token and each init, and about 4 more for the inits read out at once (--batch): 2.7 GB for Huginn with
512 tokens and 4 inits. --batch 1 (1.1 GB) and --top 0 (0.5 GB) need less. Ouro's code also keeps its state after every step. At its end
a run says how much of a GPU's memory it took.
Disk: (steps + 1) x inits x tokens x width x 2 bytes in bf16, 4 in f32: Huginn, 64 steps, 4 inits, 512 tokens 1.4 GB in bf16.

Python reads the files with safetensors.torch.load_file, or with safetensors.numpy.load_file (for bfloat16, import ml_dtypes first).
"""

import argparse
import contextlib
import importlib.util
import inspect
import itertools
import json
import math
import operator
import os
import shutil
import signal
import socket
import sys
import threading
import time
from datetime import datetime, timezone

try:
    import numpy as np
except ImportError:
    sys.exit("capture_trace: numpy is missing; pip install numpy")

VERSION = "2"
SCHEMA = "orrery-trace/2"
DEFAULT_MODEL = "tomg-group-umd/huginn-0125"
SAVE_INTERVAL_S = 0.2  # a killed run then loses at most this much of what it had written
BEAT_S = 5
COPY_BYTES = 16 * 2**20
SIZES = {"F64": 8, "F32": 4, "BF16": 2, "F16": 2, "I32": 4}


class CaptureError(Exception):
    """What went wrong, in one line for a person."""


class DemandError(CaptureError):
    """What was asked for cannot be meant."""


# --- The trace folder: numpy only -----------------------------------------------------------------------------------


class Tensor:
    """A tensor of a step file: constant (steps is None), or one slab of `shape` for each of `steps` rows, the first of them `first_step`'s."""

    def __init__(self, name, dtype, shape, steps=None, first_step=0):
        self.name, self.dtype, self.shape, self.steps, self.first_step = name, dtype, tuple(shape), steps, first_step

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

    def place_of(self, name, step):
        """A tensor, and where its slab of a step begins in the file."""
        offset = len(self.header)
        for tensor in self.tensors:
            if tensor.name == name:
                if tensor.steps is None:
                    return tensor, offset
                row = step - tensor.first_step
                if not 0 <= row < tensor.steps:
                    raise CaptureError(f"invalid step of {name}: {step}; expected {tensor.first_step} to {tensor.first_step + tensor.steps - 1}")
                return tensor, offset + row * tensor.slab_bytes
            offset += tensor.bytes
        raise CaptureError(f"unknown tensor: {name}; one of {', '.join(t.name for t in self.tensors)}")

    def write(self, name, words, step=0):
        """`words` are the slab's bits: float32, int32, or 16-bit words of bfloat16 or float16."""
        tensor, offset = self.place_of(name, step)
        data = np.ascontiguousarray(words).tobytes()
        if len(data) != tensor.slab_bytes:
            raise CaptureError(f"invalid slab of {name}: {len(data)} bytes; expected {tensor.slab_bytes}")
        self.file.seek(offset)
        self.file.write(data)

    def read(self, name, step):
        tensor, offset = self.place_of(name, step)
        self.file.flush()
        self.file.seek(offset)
        kind = {"F32": "<f4", "I32": "<i4"}.get(tensor.dtype, "<i2")
        return np.frombuffer(self.file.read(tensor.slab_bytes), kind).reshape(tensor.shape)

    def close(self):
        self.file.close()

    def seal(self, last):
        """Cuts a file that stopped early to what it has of steps up to `last`, so that any safetensors reader opens it."""

        def rows(tensor):
            return None if tensor.steps is None else max(0, min(tensor.steps, last + 1 - tensor.first_step))

        kept = [Tensor(tensor.name, tensor.dtype, tensor.shape, rows(tensor), tensor.first_step) for tensor in self.tensors]
        temporary = self.path + ".sealing"
        with open(self.path, "rb") as source, open(temporary, "wb") as target:
            target.write(header_of(kept))
            for tensor in kept:
                source.seek(self.place_of(tensor.name, tensor.first_step)[1])
                left = tensor.bytes
                while left > 0:
                    data = source.read(min(left, COPY_BYTES))
                    if not data:
                        raise CaptureError(f"cannot seal {self.path}: it ends before step {last} of {tensor.name}")
                    target.write(data)
                    left -= len(data)
        os.replace(temporary, self.path)


class TraceWriter:
    """Writes one run. Until `complete`, the folder says that it is partial."""

    def __init__(self, folder, announcement, states, readout=()):
        self.folder = folder
        self.trace = {"schema": SCHEMA, "status": "partial", "stopped": None, "steps_written": -1, **announcement, "step_ms": []}
        refuse_occupied(folder)
        self.refuse_full_disk(sum(t.bytes for t in [*states, *readout]))
        os.makedirs(folder, exist_ok=True)
        self.mark = os.path.join(folder, "writer.json")  # tells others that this run is alive
        with open(self.mark, "w") as file:
            json.dump({"pid": os.getpid(), "host": socket.gethostname()}, file)
        self.save()
        self.ended = threading.Event()
        threading.Thread(target=self.beat, daemon=True).start()
        self.states = StepFile(os.path.join(folder, "states.safetensors"), states)
        self.readout = StepFile(os.path.join(folder, "readout.safetensors"), readout) if readout else None

    def beat(self):
        """Touches the mark while the run goes on: one that nobody touches for a minute is a dead writer's."""
        while not self.ended.wait(BEAT_S):
            with contextlib.suppress(OSError):
                os.utime(self.mark)

    def unmark(self):
        self.ended.set()
        with contextlib.suppress(FileNotFoundError):
            os.remove(self.mark)

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

    def write_texts(self, texts):
        """How the readout's tokens read, by id."""
        path = os.path.join(self.folder, "readout_texts.json")
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump({str(token): text for token, text in texts.items()}, file, ensure_ascii=False)
        os.replace(path + ".new", path)

    def finish_step(self, step, milliseconds):
        """Says that everything of `step` is on disk; 0 is the initial state."""
        for file in self.files():
            file.file.flush()
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
        self.unmark()

    def stop(self, reason):
        """Ends a run that stopped early, with the steps that are there."""
        for file in self.files():
            file.close()
        self.trace["stopped"] = " ".join(str(reason).split()) or "unknown error"
        self.save()
        if self.trace["steps_written"] >= 0:
            for file in self.files():
                file.seal(self.trace["steps_written"])
        self.unmark()


def refuse_occupied(folder):
    if os.path.exists(folder) and (not os.path.isdir(folder) or os.listdir(folder)):
        raise CaptureError(f"invalid run folder: {folder} is there already; expected a new or an empty one")


def read_states(path):
    """`state` [inits, tokens, width] of a safetensors file, as float32."""
    return read_parts(path, ("state",))["state"]


def read_parts(path, names):
    """Those of the named tensors that a safetensors file holds, as float32 by name."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= 100_000_000:
            raise CaptureError(f"not a safetensors file: {path}")
        header = json.loads(file.read(length))
        parts = {name: part_of(file, 8 + length, name, header[name]) for name in names if name in header}
    if not parts:
        there = ", ".join(name for name in header if name != "__metadata__") or "none"
        raise CaptureError(f"missing tensor in {path}: {' or '.join(names)}; the file holds {there}")
    return parts


def part_of(file, start, name, info):
    begin, end = info["data_offsets"]
    file.seek(start + begin)
    data = file.read(end - begin)
    if info["dtype"] == "BF16":
        values = (np.frombuffer(data, "<u2").astype(np.uint32) << 16).view(np.float32)
    elif info["dtype"] in ("F32", "F16", "F64"):
        values = np.frombuffer(data, {"F32": "<f4", "F16": "<f2", "F64": "<f8"}[info["dtype"]]).astype(np.float32)
    else:
        raise CaptureError(f"invalid {name} in {file.name}: {info['dtype']}; expected floating-point numbers")
    return values.reshape(info["shape"])


# --- Gram traces: what labels are made of, without the states; numpy only ---------------------------------------------

MOST_STATES = 256  # of a path that are judged: its last ones, and those about the step at which it comes to rest
FRACTION_BITS = {"float32": 23, "float16": 10, "bfloat16": 7}
GRAM_FILES = ("gram.json", "gram.safetensors")


def keep_gram(folder, out, site="state"):
    """Writes for a complete run of `folder` what labels are made of into the new folder `out`: for each path the products of its states relative to the
    last one (float64), its rounding floor, and which coordinates are mostly noise, as `orrery capture --keep gram` does. orrery analyze and
    orrery census --from read it."""
    with open(os.path.join(folder, "trace.json"), encoding="utf-8") as file:
        trace = json.load(file)
    if trace.get("status") != "complete":
        raise CaptureError(f"invalid run: {folder} is {trace.get('status')}; expected a complete one")
    states = tensor_of(os.path.join(folder, "states.safetensors"), site)
    steps, inits, tokens, width = states.shape
    precision = precision_of(states, trace["storage_dtype"])
    reading, curves = last_readout(folder, trace), exit_curves(folder, trace)
    paths, beside = [None] * (inits * tokens), [None] * (inits * tokens)
    sums, counts = np.zeros((steps, inits, width)), np.zeros((steps, inits))
    for token in range(tokens):
        own = as_floats(states[:, :, token])  # [steps, inits, width]
        add_centred(own, sums, counts)
        for init in range(inits):
            at, path = init * tokens + token, own[:, init]
            paths[at] = path_products(path, precision)
            beside[at] = {
                "inits_cosine": inits_cosine(own[-1], init), "published": "unknown" if "bad_from" in paths[at] else published_class(path),
                **reading(init, token), "exits": exit_steps(path, {name: curve[:, init, token] for name, curve in curves.items()}), "last_step_norm": last_step_norm(path),
            }  # fmt: skip
    os.makedirs(out, exist_ok=True)
    write_products(os.path.join(out, "gram.safetensors"), paths)
    gram = {
        "schema": "orrery-gram/1", "site": site, "first_step": 0, "width": width, "precision": precision, "from_initial": not trace.get("imported"),
        "collapse": collapse_of(sums, counts, tokens), "beside": beside, "trace": trace,
    }  # fmt: skip
    path = os.path.join(out, "gram.json")
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(gram, file, ensure_ascii=False, allow_nan=False)
    os.replace(path + ".new", path)  # last: without it the folder is no Gram trace


def tensor_of(path, name):
    """A tensor of a safetensors file, mapped and not read; 16-bit floats as their words, with the name of their format."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    if name not in header:
        raise CaptureError(f"missing tensor in {path}: {name}")
    info = header[name]
    kind = {"F32": "<f4", "F16": "<f2", "BF16": "<u2", "I32": "<i4"}[info["dtype"]]
    return np.memmap(path, kind, "r", 8 + length + info["data_offsets"][0], tuple(info["shape"]))


def as_floats(array):
    return (array.astype(np.uint32) << 16).view(np.float32) if array.dtype == np.uint16 else array.astype(np.float32)


def precision_of(states, stored):
    """The narrowest format that holds every number exactly, or the one that was stored."""
    if stored in ("bf16", "f16"):
        return {"bf16": "bfloat16", "f16": "float16"}[stored]
    found = set()
    for token in range(states.shape[2]):
        own = np.ascontiguousarray(states[:, :, token])
        if own.any():
            with np.errstate(all="ignore"):
                half = np.array_equal(own.astype(np.float16).astype(np.float32), own)
            found.add("bfloat16" if not (own.view(np.uint32) & 0xFFFF).any() else "float16" if half else "float32")
        if len(found) > 1 or "float32" in found:
            return "float32"
    return found.pop() if found else "float32"


def path_products(path, precision):
    """What a path [steps, width] of float32 is judged by."""
    rows, found = len(path), {"rows": len(path)}
    bad = np.flatnonzero(~np.isfinite(path).all(1))
    if len(bad):
        return {**found, "bad_from": int(bad[0])}
    begin, end, still = judged_rows(path)
    if still is not None:
        found["still_from"] = still
        if still == 0:
            return found
    if still is not None and end == still + 1 and came_to_stand(path[begin:end], precision):
        end = len(path)
    path = path[begin:end]
    weighed, values, changes = weights_of(path, precision)
    judged = path if values is None else (path * values).astype(np.float32)
    last = path[-1]
    units = np.where(changes, units_of(last, precision), 0.0)
    squares = (units * (1 if values is None else values)) ** 2
    floor = max(float(np.sqrt(np.sum(squares) / 12)), 1e-40)
    dimensions = float(np.sum(squares) ** 2 / np.sum(squares**2)) if np.sum(squares**2) > 0 else 1.0
    scale = float(np.linalg.norm(judged[-1].astype(np.float64))) or 1.0
    skipped = max(0, len(judged) - MOST_STATES)
    late, first, approach = gram_of(judged[skipped:]), 0, None
    if skipped:
        first, to = approach_rows(judged, floor)
        if (first, to) != (skipped, len(judged)):
            approach = gram_of(judged[first:to])
    floored = {"floor": floor, "scale": scale, "floor_dimensions": dimensions}
    return {**found, **floored, "weighed": weighed, "late": late, "skipped": begin + skipped, "approach": approach, "first": begin + first}


def judged_rows(path):
    """What of a path is no repetition, bit for bit, of its beginning or its end, which are no evidence; and from which row on it stands still."""
    rows, last = len(path), path[-1]
    is_filling = lambda row: len(row) > 1 and (row == row[0]).all()
    same = (path[1:] == path[:-1]).all(1)
    first = rows - 1
    while first > 0 and same[first - 1]:
        first -= 1
    moved, moving = (last != path[first - 1]).sum() if first > 0 else 0, (path != last).any(0).sum()
    stops = rows - first == 2 and first > 0 and moved >= 8 and 2 * moved > moving and not same[: first - 1].any()
    still = first if rows - first >= 3 or stops else None
    end = rows if still is None else first if first > 0 and is_filling(last) else first + 1
    begin = 0
    while begin + 1 < end and same[begin]:
        begin += 1
    if begin + 1 == end:
        return 0, end, still
    return begin + 1 if begin > 0 and is_filling(path[0]) else begin if begin >= 2 else 0, end, still


def came_to_stand(path, precision):
    """Whether the last step was no more than rounding, twice the floor of one state, after so few states that nothing can be seen in them alone."""
    step = np.linalg.norm(path[-1].astype(np.float64) - path[-2:][0])
    return 1 < len(path) <= 8 and step <= 2 * math.sqrt(np.sum(units_of(path[-1], precision) ** 2) / 12)


def units_of(numbers, precision):
    """The last place of every number, 0 of one that is 0 or too small."""
    exponent = (np.ascontiguousarray(numbers).view(np.uint32) >> 23) & 0xFF
    return np.where(exponent > 0, np.exp2(exponent.astype(np.float64) - 127 - FRACTION_BITS[precision]), 0.0)


def weights_of(path, precision):
    """Coordinates whose noise would outweigh the others', what all are multiplied by (None for 1), and which change at all."""
    rows, cols = path.shape
    units = units_of(path[-1], precision)
    path = path.astype(np.float64)
    energy = np.sum(np.diff(path, axis=0) ** 2, axis=0)
    changes = energy > 0
    if rows < 8 or cols < 16 or not (energy > (energy.sum() - energy) / 8).any():
        return [], None, changes
    noise = np.maximum(noise_of(path) ** 2, np.where(changes, units**2 / 12, 0.0))
    moved, some = energy / (rows - 1) / 2, np.sort(noise[noise > 0])
    order = np.argsort(-noise, kind="stable")
    massive, rest, weighed = 64 * some[len(some) >> 1] if len(some) else 0.0, noise.sum(), []
    for k in order:
        rest -= noise[k]
        if not (noise[k] > massive and noise[k] > rest / 8) or len(weighed) >= cols / 4:
            rest += noise[k]
            break
        if (math.sqrt(noise[k]) + units[k] / 2) ** 2 > moved[k] / 5:
            weighed.append(int(k))
    if not weighed or not rest > 0:
        return [], None, changes
    values = np.ones(cols)
    loud = np.maximum(moved[weighed], beside_its_way(path[:, weighed]))
    values[weighed] = np.sqrt(rest / 8 / np.maximum(noise[weighed], loud))
    return sorted(weighed), values, changes


def beside_its_way(path):
    """Of every coordinate the variance of what the line through it leaves, or of all that it does where neither a line nor a decay is nine tenths of that."""
    rows = len(path)
    times = [rows / 2**i for i in range(rows.bit_length()) if rows >= 2**i]
    ways = np.array([np.arange(rows)] + [np.exp(-np.arange(rows) / time) for time in times])
    ways -= ways.mean(axis=1, keepdims=True)
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    whole = path - path.mean(axis=0)
    total, along = np.sum(whole**2, axis=0), ways @ whole
    about = np.sum((whole - np.outer(ways[0], along[0])) ** 2, axis=0)
    return np.where((along**2).max(axis=0) < 0.9 * total, total / (rows - 1), about / (rows - 2))


def noise_of(path):
    """Of every coordinate, by what nine in ten of its differences are less than in the quieter half of the path, at the best of several lags, or of second differences."""
    rows = len(path)
    differences = [(path[lag:] - path[:-lag]) / math.sqrt(2) for lag in range(1, 9) if rows >= 2 * lag + 2]
    differences.append((path[:-2] - 2 * path[1:-1] + path[2:]) / math.sqrt(6))
    half = rows - rows // 2
    halves = [np.sort(np.abs(part), axis=0) for some in differences for part in (some[:half], some[-half:])]
    return np.min([sizes[math.floor(0.9 * half)] for sizes in halves], axis=0) / 1.6449


def gram_of(path):
    """Products of the states relative to the last, its lower triangle row by row; then those along the last, and the last one's square."""
    last = path[-1].astype(np.float64)
    differences = path.astype(np.float64) - last
    return len(path), np.concatenate([(differences @ differences.T)[np.tril_indices(len(path))], differences @ last, [last @ last]])


def approach_rows(path, floor):
    """The rows in which a long path comes to its end."""
    rows, path = len(path), path.astype(np.float64)
    tail = rows // 4
    distances = np.linalg.norm(path - path[rows - tail :].mean(0), axis=1)
    within = 3 * max(floor, math.sqrt(np.sum(distances[rows - tail :] ** 2) / tail))
    settled = rows
    while settled > 0 and distances[settled - 1] <= within:
        settled -= 1
    begin = rows - MOST_STATES if settled > rows - tail else min(rows - MOST_STATES, max(0, settled - int(0.75 * MOST_STATES)))
    return begin, begin + MOST_STATES


def write_products(path, paths):
    """gram.safetensors, as api/census/gram/gramFile.ts of Orrery describes it."""
    counts, numbers, weighed, products = [], [], [], []
    for p in paths:
        late, approach = p.get("late"), p.get("approach")
        places = [p["skipped"], approach[0] if approach else 0, p["first"], len(p["weighed"])] if late else [0, 0, 0, 0]
        counts += [p["rows"], p.get("still_from", -1), p.get("bad_from", -1), late[0] if late else 0, *places]
        numbers += [p["floor"], p["scale"], p["floor_dimensions"]] if late else [0.0, 0.0, 0.0]
        weighed += p["weighed"] if late else []
        products += [part[1] for part in (late, approach) if part]
    parts = [
        ("numbers", "F64", [len(paths), 3], np.array(numbers, "<f8")), ("products", "F64", None, np.concatenate(products).astype("<f8") if products else np.zeros(0, "<f8")),
        ("counts", "I32", [len(paths), 8], np.array(counts, "<i4")), ("weighed", "I32", None, np.array(weighed, "<i4")),
    ]  # fmt: skip
    with open(path, "xb") as file:
        file.write(header_of([Tensor(name, dtype, shape or [len(data)]) for name, dtype, shape, data in parts]))
        for *_, data in parts:
            file.write(data.tobytes())


def or_null(value):
    return float(value) if math.isfinite(value) else None


def cosines(states, last):
    states, last = states.astype(np.float64), last.astype(np.float64)
    with np.errstate(all="ignore"):
        return states @ last / (np.linalg.norm(states, axis=-1) * np.linalg.norm(last))


def inits_cosine(ends, init):
    """Mean cosine of an end to those of the other inits."""
    return None if len(ends) < 2 else or_null(np.delete(cosines(ends, ends[init]), init).mean())


def published_class(path):
    """The class that Blayney et al.'s classifier gives (arXiv 2604.11791, app. C.1), τ = 0.05 and ρ = 0.9."""
    found = cosines(path, path[-1])
    close = 1 - found < 0.05
    if close.sum() >= 0.9 * len(close):
        return "fixed point"
    if np.sum(close & ~np.concatenate([[False], close[:-1]])) >= 2:
        return "orbit"
    return "unknown" if (found[1:] < found[:-1] - 0.05).any() else "slider"


def last_step_norm(path):
    if len(path) < 2:
        return None
    now, before = path[-1].astype(np.float64), path[-2].astype(np.float64)
    length = np.linalg.norm(now - before)
    with np.errstate(all="ignore"):
        return 0.0 if length == 0 else or_null(np.float32(length / np.linalg.norm(now)))


def add_centred(states, sums, counts):
    """Adds a token's states, centred over their coordinates and scaled to length 1, to the sums of all tokens."""
    with np.errstate(all="ignore"):
        centred = states - states.astype(np.float64).mean(-1, keepdims=True)
        length = np.linalg.norm(centred, axis=-1, keepdims=True)
        sound = np.isfinite(length[..., 0])
        sums += np.where(np.isfinite(length) & (length > 0), centred / length, 0.0)
    counts += sound


def collapse_of(sums, counts, tokens):
    """Whether the tokens become one another, as the authors' training monitor has it."""
    most = 1 - 1 / tokens
    with np.errstate(all="ignore"):
        alike = np.where(counts == 0, 0, np.sum(sums**2, -1) / counts**2 - 1 / counts).astype(np.float32)
    worst = alike.max(1)
    since = len(worst)
    while tokens > 1 and since > 0 and worst[since - 1] >= 0.95 * most:
        since -= 1
    collapsed = tokens > 1 and since < len(worst)
    return {"collapsed": collapsed, **({"since": since} if collapsed else {}), "correlation": or_null(worst[-1]), "most": most}


def last_readout(folder, trace):
    """What the model says after the last step, by init and token."""
    if not trace.get("readout"):
        return lambda init, token: {"entropy": None, "top_id": None, "top_text": None}
    path, texts = os.path.join(folder, "readout.safetensors"), {}
    with contextlib.suppress(OSError), open(os.path.join(folder, "readout_texts.json"), encoding="utf-8") as file:
        texts = json.load(file)
    entropy, ids = tensor_of(path, "entropy")[-1], tensor_of(path, "top_ids")[-1]

    def read(init, token):
        top = int(ids[init, token, 0])
        return {"entropy": or_null(entropy[init, token]), "top_id": top, "top_text": texts.get(str(top))}

    return read


# Of each exit rule that a trace tells of: what is compared, below which number (or from which) it leaves, and for how many steps in a row that must be so.
EXIT_RULES = {
    "latent-diff": ("below", 0.03, 1),
    "cosine": ("below", 1e-3, 1),
    "kl": ("below", 1e-3, 1),
    "entropy-diff": ("below", 1e-3, 1),
    "argmax-stability": ("reached", 5, 1),
    "latent-acceleration": ("below", 0.03, 1),
    "acceleration": ("below", 1e-3, 2),
    "gate": ("reached", 1, 1),
}


def exit_curves(folder, trace):
    """What exit rules read beside the states, [steps + 1, inits, tokens]; nothing where the trace keeps no readout, and no rule is told then."""
    if not trace.get("readout"):
        return {}
    path = os.path.join(folder, "readout.safetensors")
    gate = ["gate"] if "gate" in trace.get("scalars", []) else []
    return {"top": tensor_of(path, "top_ids")[..., 0], **{name: tensor_of(path, name) for name in ("entropy", "kl_prev", *gate)}}


def exit_steps(path, curves):
    """By rule, the step at which it would have let a path leave, or None where never; as Orrery's analysis/exit has them."""
    if not curves or len(path) < 2:
        return {}
    values = exit_values(path.astype(np.float64), {name: curve.astype(np.float64) for name, curve in curves.items()})
    return {name: first_pass(values[name], *EXIT_RULES[name]) for name in EXIT_RULES if name in values}


def exit_values(path, curves):
    """Each rule's value at every step, NaN where it has none yet."""
    step = np.linalg.norm(np.diff(path, axis=0), axis=1)
    bend = np.linalg.norm(path[2:] - 2 * path[1:-1] + path[:-2], axis=1)
    length, start = np.linalg.norm(path, axis=1), np.full(1, np.nan)
    with np.errstate(all="ignore"):
        values = {
            "latent-diff": [*start, *step / length[1:]],
            "cosine": [*start, *1 - np.sum(path[1:] * path[:-1], axis=1) / (length[1:] * length[:-1])],
            "kl": [*start, *start, *curves["kl_prev"][2:]],
            "entropy-diff": [*start, *start, *np.abs(np.diff(curves["entropy"][1:]))],
            "argmax-stability": stable_steps(curves["top"]),
            "latent-acceleration": [*start, *start, *bend / (length[2:] + 1e-6)],
            "acceleration": [*start, *start, *bend],
        }
        if "gate" in curves:
            values["gate"] = [*start, *1 - np.cumprod(1 - curves["gate"][1:])]
    return values


def stable_steps(top):
    """After each step, for how many steps in a row the likeliest token has been the one before."""
    stable = [math.nan, 0]
    for now, before in zip(top[2:], top[1:]):
        stable.append(stable[-1] + 1 if now == before else 0)
    return stable


def first_pass(values, when, threshold, consecutive):
    passed = 0
    for step, value in enumerate(values):
        passed = passed + 1 if (value < threshold if when == "below" else value >= threshold) else 0
        if passed >= consecutive:
            return step
    return None


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


def device_of(model):
    return next(model.parameters()).device


def in_batches(function, tensor, batch):
    import torch

    return torch.cat([function(tensor[i : i + batch]) for i in range(0, len(tensor), batch)])


class Loop:
    """One sequence of token ids in one looped model, by the model's own code: a class for each family.

    A moment is what there is after a step, by name: the parts of what the loop carries, [inits, tokens, width], `state` first, and the
    scalars, [inits, tokens]. `input` [1, tokens, width] is what every step is given again, None where nothing is.
    """

    family = lens = None
    further_lenses = {}  # other ways in which the model reads a state, by name, with their formulas
    state_is = formula = None  # what `state` is, and what the lens computes of a state, for people
    parts, scalars = ("state",), ()
    drawn = "state"  # the part whose start can be drawn anew; None where another start is another input
    own = False  # whether the first start is the model's own, not a drawn one
    two_way = False  # whether the first tokens of a prompt can see one another
    norm_eps = None  # of what makes state_normed of state, where the model has that
    needs = ()  # attributes that tell the family
    positions = "max_position_embeddings"  # the config's key of how many there are
    input = None

    def __init__(self, model, ids, prefix=None, batch=4):
        self.model, self.ids, self.batch = model, ids, batch
        if prefix and not self.two_way:
            raise CaptureError(f"invalid prefix: {prefix}; {self.family} sees what lies before a token only")
        if prefix is not None and prefix > len(ids):
            raise CaptureError(f"invalid prefix: {prefix}; expected 0 to {len(ids)}, the tokens of the prompt")
        own = len(ids) if self.two_way and model.config.prefix_lm else 0
        self.prefix = own if prefix is None else prefix

    @property
    def id_tensor(self):
        import torch

        return torch.tensor([self.ids], dtype=torch.long, device=device_of(self.model))

    @property
    def trained_steps(self):
        """Steps that the model was trained for, or None where its config does not say."""
        raise NotImplementedError

    def constants(self):
        """Tensors without steps as (name, (dtype, shape), bits): what norms a state, and what is injected."""
        constants = []
        if self.norm_eps is not None:
            norm = self.model.transformer.ln_f.weight.float()
            constants.append(("ln_f", ("F32", norm.shape), words_of(norm)))
        if self.input is not None:
            constants.append(("input", (dtype_name(self.input.dtype)[0], self.input.shape[1:]), words_of(self.input[0])))
        return constants

    def own_start(self, inits):
        """The moment at step 0 that the model has without any drawing."""
        raise NotImplementedError

    def draw(self, pattern, scale):
        """A start of `drawn`, of the shape of `pattern`."""
        return self.model.initialize_state(pattern) if scale == 1 else self.model.initialize_state(pattern, scale=scale)

    def run(self, moment, steps, tap):
        """Calls tap(step, moment) with the moments of steps 1 to `steps`."""
        raise NotImplementedError

    def logits(self, state):
        """What the model would say at a state, [inits, tokens, vocabulary]."""
        raise NotImplementedError


class HuginnLoop(Loop):
    """Huginn, by its own four methods."""

    family, lens, positions = "huginn", "coda", "block_size"
    further_lenses = {"logit": "softmax(head(ln_f(hₜ)))"}
    state_is, formula = "the core’s output before ln_f; step 0 is the initial state", "softmax(head(ln_f(coda(ln_f(hₜ)))))"
    needs = ("embed_inputs", "initialize_state", "iterate_one_step", "predict_from_latents", "transformer.ln_f.weight")

    def __init__(self, *arguments, **options):
        import torch

        super().__init__(*arguments, **options)
        values = self.model.embed_inputs(self.id_tensor)  # versions of the model return 2 values or 3
        values = values if isinstance(values, tuple) else (values,)
        counts = [v for v in values[1:] if isinstance(v, int) or (torch.is_tensor(v) and v.numel() == 1 and not v.is_floating_point())]
        self.input, self.block_idx = values[0], counts[-1] if counts else 0

    @property
    def trained_steps(self):
        return getattr(self.model.config, "mean_recurrence", None)

    @property
    def norm_eps(self):
        return getattr(self.model.config, "norm_eps", 1e-6)

    def own_start(self, inits):
        import torch

        return {"state": torch.zeros_like(self.input).repeat(inits, 1, 1)}

    def run(self, moment, steps, tap):
        state = moment["state"]
        for step in range(1, steps + 1):
            state = in_batches(lambda part: self.step(part, step - 1), state, self.batch)
            tap(step, {"state": state})

    def step(self, state, number):
        import torch

        counter = self.block_idx.clone() if torch.is_tensor(self.block_idx) else self.block_idx  # some versions count it up in place
        out = self.model.iterate_one_step(self.input.expand(len(state), -1, -1), state, block_idx=counter, current_step=number)
        return out[0] if isinstance(out, tuple) else out

    def logits(self, state):
        return self.model.predict_from_latents(state).logits


class RetrofitLoop(HuginnLoop):
    """A Llama or OLMo-2 that was made to loop. Its file is Huginn's, with the methods for single steps left over and broken, so one forward
    is watched: what its core is called with is what every step needs."""

    family, positions = "retrofit", "max_position_embeddings"
    state_is = "the residual stream after the core, which nothing norms; step 0 is the initial state"
    formula = "softmax(head(ln_f(coda(hₜ))))"
    needs = ("core_block_forward", "initialize_state", "transformer.core_block", "transformer.coda", "transformer.ln_f", "lm_head")

    def __init__(self, *arguments, **options):
        Loop.__init__(self, *arguments, **options)
        self.core = self.model.core_block_forward
        self.call = None

        def watched(*values, **named):
            call = inspect.signature(self.core).bind(*values, **named).arguments
            self.call = self.call or {**call, "block_idx": call["block_idx"].clone()}
            return self.core(*values, **named)

        self.model.core_block_forward = watched  # hides the class's own
        try:
            self.model(self.id_tensor, num_steps=1, init_scale=0.0, use_cache=False)
        finally:
            del self.model.core_block_forward
        self.input = self.call["input_embeds"]

    def step(self, state, number):
        call = {**self.call, "x": state, "input_embeds": self.input.expand(len(state), -1, -1), "current_step": number}
        return self.core(**{**call, "block_idx": self.call["block_idx"].clone()})[0]

    def logits(self, state):
        import torch

        transformer, index = self.model.transformer, torch.tensor(0)
        for block in transformer.coda:
            index -= 1  # the coda counts downwards
            state = block(state, self.call["freqs_cis"], index, self.call["mask"], None)
        return self.model.lm_head(transformer.ln_f(state))


class OuroLoop(Loop):
    """Ouro: the state is what `model.norm` gives after every loop, and the exit gate is read of it in float32."""

    family, lens, scalars = "ouro", "logit", ("gate",)
    state_is, formula = "the stream after model.norm; step 0 is the embeddings", "softmax(head(hₜ))"
    drawn, own = None, True
    needs = ("model.embed_tokens", "model.layers", "model.norm", "model.early_exit_gate", "model.total_ut_steps", "lm_head")

    @property
    def trained_steps(self):
        return self.model.model.total_ut_steps

    def own_start(self, inits):
        return {"state": self.model.model.embed_tokens(self.id_tensor).repeat(inits, 1, 1)}

    def run(self, moment, steps, tap):
        inner, seen = self.model.model, itertools.count(1)
        hook = inner.norm.register_forward_hook(lambda module, inputs, state: tap(next(seen), {"state": state, "gate": self.gate(state)}))
        with replaced(inner, "total_ut_steps", steps), replaced(self.model.config, "total_ut_steps", steps):
            try:
                inner(inputs_embeds=moment["state"], use_cache=False)
            finally:
                hook.remove()

    def gate(self, state):
        import torch

        gate = self.model.model.early_exit_gate
        return torch.sigmoid(torch.nn.functional.linear(state.float(), gate.weight.float(), gate.bias.float())).squeeze(-1)

    def logits(self, state):
        return self.model.lm_head(state)


class HrmTextLoop(Loop):
    """HRM-Text: a step is one high cycle, `state` the high state and `low` the low state at its end. The first `prefix` tokens see one another."""

    family, lens, parts = "hrm-text", "logit", ("state", "low")
    state_is, formula = "the high state after each high cycle; step 0 is the scaled embeddings", "softmax(head(hₜ))"
    drawn, own, two_way = "low", True, True
    needs = ("model.embed_tokens", "model.L_module", "model.H_module", "model.z_L_init", "model.embedding_scale", "lm_head")

    @property
    def trained_steps(self):
        return self.model.config.H_cycles

    def own_start(self, inits):
        inner = self.model.model
        state = (inner.embed_tokens(self.id_tensor) * inner.embedding_scale).repeat(inits, 1, 1)
        return {"state": state, "low": inner.z_L_init.to(state).expand_as(state)}

    def draw(self, pattern, scale):
        """As the stored vector was once drawn: normal of deviation 1, cut at three, one vector for all positions."""
        return (cut_normal(pattern.shape[-1]) * scale).expand_as(pattern)

    def run(self, moment, steps, tap):
        import torch

        inner, seen, low = self.model.model, itertools.count(1), [None]
        types = torch.zeros_like(self.id_tensor).repeat(len(moment["state"]), 1)
        types[:, : self.prefix] = 1
        hooks = [
            inner.L_module.register_forward_hook(lambda module, inputs, out: low.__setitem__(0, out)),
            inner.H_module.register_forward_hook(lambda module, inputs, out: tap(next(seen), {"state": out, "low": low[0]})),
        ]
        start = torch.nn.Parameter(moment["low"], requires_grad=False)
        with replaced(inner, "z_L_init", start), replaced(inner, "embedding_scale", 1.0), replaced(self.model.config, "H_cycles", steps):
            try:
                inner(inputs_embeds=moment["state"], token_type_ids=types if self.prefix else None, use_cache=False)
            finally:
                for hook in hooks:
                    hook.remove()

    def logits(self, state):
        return self.model.lm_head(state)


LOOPS = (HuginnLoop, RetrofitLoop, OuroLoop, HrmTextLoop)


@contextlib.contextmanager
def replaced(owner, name, value):
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


RETROFIT_BLOCK = {"norm_1.weight", "norm_2.weight", "attn.Wqkv.weight", "attn.q_norm.weight", "attn.k_norm.weight", "attn.proj.weight", "mlp.fc.weight", "mlp.proj.weight"}


def loop_of(model):
    """The class of the family that the model is of, told by what it has and not by its config, which in retrofits is Huginn's."""
    lacking = {loop: [name for name in loop.needs if not has(model, name)] for loop in LOOPS}
    block = {name.split(".", 3)[3] for name, _ in model.named_parameters() if name.startswith("transformer.core_block.0.")}
    if not lacking[RetrofitLoop] and (has(model, "rotary_emb") or block and not {"norm_3.weight", "norm_4.weight"} & block):
        if block - RETROFIT_BLOCK:
            raise CaptureError(f"invalid model: unexpected tensor core_block.0.{min(block - RETROFIT_BLOCK)}; known are retrofits of the Llama and OLMo-2 kinds")
        return RetrofitLoop
    for loop in LOOPS:
        if not lacking[loop] and loop is not RetrofitLoop:
            return loop
    closest = min(LOOPS, key=lambda loop: len(lacking[loop]) / len(loop.needs))
    kind = getattr(model.config, "model_type", None) or type(model).__name__
    raise CaptureError(
        f"invalid model: {kind} is none of {', '.join(loop.family for loop in LOOPS)}; {closest.family} comes closest, and it has no {', '.join(lacking[closest])}"
    )


def has(model, path):
    try:
        operator.attrgetter(path)(model)
    except AttributeError:
        return False
    return True


class Readout:
    """What the model would say at each step. Reads `batch` inits at a time, and remembers the distributions of one step, [inits, tokens, vocabulary],
    on the model's device: nothing else of their size stays."""

    def __init__(self, loop, top):
        self.loop, self.top, self.before = loop, top, {}  # before: log-probabilities by batch
        self.top_ids = set()  # tokens whose texts the trace needs

    def batches(self, state):
        return enumerate(state.split(self.loop.batch))

    def logprobs(self, state):
        import torch

        return torch.log_softmax(self.loop.logits(state).float(), dim=-1)

    def read(self, state):
        """Tensors of the readout by name; NaN where there is no step before, no token after, or no last step yet."""
        parts = []
        for number, part in self.batches(state):
            now = self.logprobs(part)
            parts.append(self.curves(now, self.before.get(number)))
            self.before[number] = now
        curves = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        self.top_ids.update(np.unique(curves["top_ids"]).tolist())
        return curves

    def curves(self, now, before):
        import torch

        values, places = torch.topk(now, self.top, dim=-1)
        entropy = -(now.exp() * now).nan_to_num(0.0).sum(-1)
        nothing = torch.full_like(entropy, math.nan)
        target, ids = nothing.clone(), self.loop.ids
        if len(ids) > 1:
            following = torch.tensor(ids[1:], device=now.device).expand(len(now), -1).unsqueeze(-1)
            target[:, :-1] = now[:, :-1].gather(-1, following).squeeze(-1)
        divergence = nothing if before is None else divergence_of(before, now)
        curves = {"top_logprobs": values, "entropy": entropy, "kl_prev": divergence, "kl_final": nothing, "target_logprob": target}
        return {"top_ids": places.int().cpu().numpy(), **{name: curve.float().cpu().numpy() for name, curve in curves.items()}}

    def from_last(self, state):
        """KL(p at this state ‖ p at the last one read), [inits, tokens]."""
        return np.concatenate([divergence_of(self.logprobs(part), self.before[number]).float().cpu().numpy() for number, part in self.batches(state)])


def divergence_of(p, q):
    """KL(p ‖ q) in nats, of log-probabilities."""
    return (p.exp() * (p - q)).nan_to_num(0.0).sum(-1).clamp_min(0)


NEAR = 1e-3  # of the start's root mean square: far above float32's rounding, far below what another word would change


def start_of(loop, inits, seed, scale, given):
    """The moment at step 0, and what the trace says of each start. Drawn ones have the seed `seed` + i and are drawn on the CPU in float32: a
    seed is then the same start on every GPU and in every precision. A model that does not draw has its own start as the first; further ones
    draw its stored part anew, or, where all of it is made of the input, are that start and a little noise."""
    import torch

    if given is not None:
        given = given if isinstance(given, dict) else {"state": given}
        own = loop.own_start(len(next(iter(given.values()))))
        given = {part: values.detach().cpu().float().numpy() if torch.is_tensor(values) else np.asarray(values) for part, values in given.items()}
        for part, values in given.items():
            if part not in own:
                raise CaptureError(f"unknown part of the state: {part}; one of {', '.join(loop.parts)}")
            if values.shape != tuple(own[part].shape):
                raise CaptureError(f"unexpected shape of {part}: {list(values.shape)}; expected {['inits', *own[part].shape[1:]]}".replace("'", ""))
            if not np.isfinite(values).all():
                raise CaptureError(f"invalid {part}: not all numbers are finite")
        starts = {part: torch.from_numpy(np.array(values, np.float32)).to(own[part]) for part, values in given.items()}
        return {**own, **starts}, [{"kind": "file", "seed": None, "scale": None}] * len(own["state"])
    moment = loop.own_start(inits)
    part = loop.drawn or "state"
    pattern = moment[part][:1].detach().cpu().float()
    drawn, kinds = [], []
    for i in range(inits):
        torch.manual_seed(seed + i)
        if i == 0 and loop.own and scale != 0:
            drawn.append(pattern)
            kinds.append({"kind": "own", "seed": None, "scale": None})
        elif loop.drawn is None:
            drawn.append(pattern + NEAR * scale * pattern.square().mean().sqrt() * cut_normal(pattern.shape))
            kinds.append({"kind": "near", "seed": seed + i, "scale": NEAR * scale})
        elif scale == 0:
            drawn.append(torch.zeros_like(pattern))
            kinds.append({"kind": "zero", "seed": None, "scale": None})
        else:
            drawn.append(loop.draw(pattern, scale))
            kinds.append({"kind": "normal", "seed": seed + i, "scale": scale})
    return {**moment, part: torch.cat(drawn).to(moment[part])}, kinds


def cut_normal(shape):
    import torch

    return torch.nn.init.trunc_normal_(torch.empty(shape), std=1.0, a=-3.0, b=3.0)


def capture(
    model, ids, folder=None, *, tokenizer=None, texts=None, prompt=None, title=None, steps=64, inits=4, seed=0, scale=1.0, given=None,
    top=5, batch=4, prefix=None, about=None, progress=lambda step, steps: None,
):  # fmt: skip
    """Runs a loaded model over one sequence of token ids, writes the trace and returns its folder. In a notebook:

        model, tokenizer = load("tomg-group-umd/huginn-0125")
        folder = capture(model, tokenizer.encode("The capital of Westphalia is"), tokenizer=tokenizer, steps=64, inits=4)

    `texts` are the tokens' (the tokenizer's where that is given), `given` start states [inits, tokens, width], `prefix` the tokens of an
    HRM-Text prompt that see one another (all where its config has prefix_lm); `about` replaces what the trace says by itself. An exception,
    or a stop by the keyboard, leaves a partial trace that says why, and goes on to the caller.
    """
    import torch

    ids = sequence_of(ids)
    steps, inits, seed, top, batch = wholes(steps=steps, inits=inits, seed=seed, top=top, batch=batch)
    [prefix] = [None] if prefix is None else wholes(prefix=prefix)
    scale = float(scale)
    if not 0 <= scale < math.inf:
        raise CaptureError(f"invalid scale: {scale!r}; expected 0 or more")
    if texts is not None and len(texts) != len(ids):
        raise CaptureError(f"invalid texts: {len(texts)}; expected {len(ids)}, one for each token")
    refuse_beyond(model, ids, top)
    folder = folder or os.path.join("runs", time.strftime("%Y-%m-%d-%H%M%S"))
    text_of = text_by(tokenizer)
    with torch.no_grad():
        loop = loop_of(model)(model, ids, prefix=prefix, batch=batch)
        moment, kinds = start_of(loop, inits, seed, scale, given)
        inits, tokens, width = moment["state"].shape
        stored, short = dtype_name(moment["state"].dtype)
        readout = Readout(loop, top) if top > 0 else None
        announcement = {
            "title": title,
            "family": loop.family,
            "model": model_of(model),
            "prompt": prompt,
            "prefix": loop.prefix,
            "tokens": [{"id": i, "text": text} for i, text in zip(ids, texts or map(text_of, ids))],
            "steps": steps,
            "inits": kinds,
            "trained_steps": loop.trained_steps,
            "injects_input": loop.input is not None,
            "width": width,
            "state_is": loop.state_is,
            "state_parts": [{"name": part, "width": moment[part].shape[-1]} for part in loop.parts],
            "sites": [{"name": part, "phase": "step", "first_step": 0, "width": moment[part].shape[-1], "per_init": True} for part in loop.parts],
            "lenses": [{"name": name, "formula": formula} for name, formula in {loop.lens: loop.formula, **loop.further_lenses}.items()],
            "scalars": list(loop.scalars) if readout else [],
            "norm": None if loop.norm_eps is None else {"kind": "rms", "weight": "ln_f", "eps": loop.norm_eps},
            "compute_dtype": short,
            "storage_dtype": short,
            "engine": engine_of(model),
            "readout": {"lens": loop.lens, "top": top, "formula": loop.formula} if readout else None,
            "edits": [],
            "exit_rule": None,
            "software": {"name": "orrery capture_trace.py", "version": VERSION},
            "created": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            **(about or {}),
        }
        constants = loop.constants()
        states = [*(Tensor(name, *spec) for name, spec, _ in constants), *(Tensor(part, stored, [inits, tokens, width], steps + 1) for part in loop.parts)]
        curves = [Tensor(name, "F32", [inits, tokens], steps + 1) for name in (*CURVES, *loop.scalars)]
        tops = [Tensor("top_ids", "I32", [inits, tokens, top], steps + 1), Tensor("top_logprobs", "F32", [inits, tokens, top], steps + 1)]
        writer = TraceWriter(folder, announcement, states, [*tops, *curves] if readout else [])
        begun = time.monotonic()

        def write(step, moment):
            nonlocal begun
            for part in loop.parts:
                writer.states.write(part, words_of(moment[part]), step)
            if readout:
                scalars = {name: moment[name].float().cpu().numpy() if name in moment else np.full((inits, tokens), math.nan, np.float32) for name in loop.scalars}
                for name, values in {**readout.read(moment["state"]), **scalars}.items():
                    writer.readout.write(name, values, step)
            writer.finish_step(step, (time.monotonic() - begun) * 1000)
            progress(step, steps)
            begun = time.monotonic()

        try:
            for name, _, words in constants:
                writer.states.write(name, words)
            write(0, moment)
            loop.run(moment, steps, write)
            if readout:
                write_from_last(writer, readout, moment["state"])
                if tokenizer is not None:
                    writer.write_texts({token: text_of(token) for token in sorted(readout.top_ids)})
            writer.complete()
        except BaseException as error:
            writer.stop("stopped by the keyboard" if isinstance(error, KeyboardInterrupt) else error)
            raise
    return folder


def sequence_of(ids):
    """Token ids as a tokenizer gives them: a list, an array, or a batch of one row."""
    ids = ids.tolist() if hasattr(ids, "tolist") else list(ids)
    if len(ids) == 1 and isinstance(ids[0], (list, tuple)):
        ids = list(ids[0])
    if not ids:
        raise CaptureError("invalid ids: there are none; expected one token or more")
    for i in ids:
        if not is_whole(i):
            raise CaptureError(f"invalid ids: {str(i)[:60]!r} is among them; expected whole numbers, those of one sequence")
    return [int(i) for i in ids]


def is_whole(value):
    return hasattr(value, "__index__") and not isinstance(value, bool)


BOUNDS = {"steps": (1, 100_000), "inits": (1, 10_000), "seed": (0, 2**31 - 1), "prefix": (0, 10_000_000), "top": (0, 1000), "batch": (1, 10_000)}


def wholes(**options):
    """The options as plain integers; NumPy's are no JSON."""
    for name, value in options.items():
        lowest, highest = BOUNDS[name]
        if not (is_whole(value) and lowest <= value <= highest):
            raise CaptureError(f"invalid {name}: {value!r}; expected a whole number from {lowest} to {highest}")
    return [int(value) for value in options.values()]


def refuse_beyond(model, ids, top):
    """Refuses what the model's code would fail on somewhere deep inside."""
    vocabulary = getattr(model.config, "vocab_size", math.inf)
    for i in ids:
        if not 0 <= i < vocabulary:
            raise CaptureError(f"invalid token id: {i}; expected 0 to {vocabulary - 1}")
    if top > vocabulary:
        raise CaptureError(f"invalid top: {top}; the vocabulary has {vocabulary} tokens")
    positions = getattr(model.config, loop_of(model).positions, math.inf)
    if len(ids) > positions:
        raise CaptureError(f"invalid prompt: {len(ids)} tokens; the model has {positions} positions")


CURVES = ("entropy", "kl_prev", "kl_final", "target_logprob")


def write_from_last(writer, readout, like):
    """The divergence from the last step needs the last step, so states are read back and decoded once more."""
    import torch

    for step in range(writer.trace["steps_written"] + 1):
        words = torch.from_numpy(writer.states.read("state", step).copy())
        writer.readout.write("kl_final", readout.from_last(words.view(like.dtype).to(like.device)), step)


def model_of(model):
    """What the trace says of a model."""
    config = model.config.to_dict() if hasattr(model.config, "to_dict") else vars(model.config)
    name = getattr(model.config, "_name_or_path", None) or type(model).__name__
    return {
        "name": os.path.basename(os.path.abspath(name)) if os.path.isdir(name) else name,
        "hash": None,
        "revision": getattr(model.config, "_commit_hash", None),
        "config": json.loads(json.dumps(config, default=str), parse_constant=lambda _: None),  # JSON has no NaN
    }


def engine_of(model):
    import torch

    device = str(device_of(model))
    transformers = sys.modules.get("transformers")
    attention = getattr(model.config, "_attn_implementation", None) or "of the model"
    return {
        "name": "pytorch",
        "version": f"{torch.__version__} (transformers {transformers.__version__}, attention {attention})" if transformers else torch.__version__,
        "device": f"{device} ({torch.cuda.get_device_name(device)})" if device.startswith("cuda") else device,
        "threads": torch.get_num_threads(),
    }


def text_by(tokenizer):
    """The text of a token id; without a tokenizer there is none to tell."""
    return (lambda i: tokenizer.decode([i])) if tokenizer else (lambda i: f"#{i}")


# --- Loading: transformers ------------------------------------------------------------------------------------------

# Versions of transformers with which the code that comes with each kind of model was run, by `model_type`; the last is advised.
TESTED = {"huginn_raven": ("4.51.0", "5.24.0", "4.57.6"), "ouro": ("4.57.6",), "hrm_text": ("5.24.0",)}
# What the head shares its weights with, where it does: code of transformers 4 does not say it, and transformers 5 asks for it.
EMBEDDINGS = {"huginn_raven": "transformer.wte.weight", "ouro": "model.embed_tokens.weight"}


def load(name=DEFAULT_MODEL, *, revision=None, dtype="bf16", device=None):
    """A model, ready for `capture`, and its tokenizer (None where it has none). Runs the code that comes with the model."""
    try:
        import torch
        import transformers
    except ImportError as error:
        raise CaptureError(f"{error.name} is missing; {advice(None)}") from error
    version = tuple(int(part) for part in transformers.__version__.split(".")[:2])
    if version < (4, 52) and importlib.util.find_spec("accelerate") is None:
        raise CaptureError(f"accelerate is missing, which transformers {transformers.__version__} needs to load a model; pip install accelerate")
    torch.backends.cuda.matmul.allow_tf32 = False  # f32 is to mean float32
    torch.backends.cudnn.allow_tf32 = False
    try:
        described, _ = transformers.PretrainedConfig.get_config_dict(name, revision=revision)
    except OSError as error:
        raise CaptureError(f"no model {name}, neither a folder here nor to be had from the hub: {one_line(error, 160)}") from error
    kind = described.get("model_type")
    own_code = described.get("auto_map", {}).get("AutoModelForCausalLM")
    if kind not in TESTED and not own_code:
        raise CaptureError(f"unknown architecture: {kind} of {name}; expected one of {', '.join(TESTED)}, or a model with code of its own that has Huginn's four methods")
    allowed = torch.backends.cuda.math_sdp_enabled()
    try:
        model = loaded(transformers, name, kind, own_code, revision, dtype_named(dtype), version)
    except Exception as error:
        if isinstance(error, (OSError, CaptureError)) or transformers.__version__ == TESTED.get(kind, TESTED["huginn_raven"])[-1]:
            raise
        raise CaptureError(f"{kind} does not load with transformers {transformers.__version__} ({one_line(error, 120)}); install what was tested: {advice(kind)}") from error
    finally:
        torch.backends.cuda.enable_math_sdp(allowed)  # the code of the OLMo-2 retrofits forbids it to all of the process, and grouped attention in f32 has no other
    model = model.to(device or ("cuda" if torch.cuda.is_available() else "cpu")).eval()
    renew_rotations(model)
    return model, tokenizer_of(transformers, name, revision)


def advice(kind):
    """The line that installs what this script was tested with."""
    version = TESTED.get(kind, TESTED["huginn_raven"])[-1]
    return f'pip install "torch>=2.6" transformers=={version} accelerate'


def dtype_named(dtype):
    import torch

    return {"f32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16}[dtype]


def loaded(transformers, name, kind, own_code, revision, dtype, version):
    options = {"trust_remote_code": True, "revision": revision, "output_loading_info": True, "dtype" if version >= (4, 56) else "torch_dtype": dtype}
    if not own_code:
        return with_all_weights(*transformers.AutoModelForCausalLM.from_pretrained(name, **options))
    config = transformers.AutoConfig.from_pretrained(name, trust_remote_code=True, revision=revision)
    model_class = transformers.dynamic_module_utils.get_class_from_dynamic_module(own_code, name, revision=revision)
    if version >= (5, 0):
        fit_to_transformers_5(transformers, model_class, EMBEDDINGS.get(kind))
    return with_all_weights(*model_class.from_pretrained(name, config=config, **options))


def with_all_weights(model, loading):
    """transformers draws weights that a checkpoint lacks, and only warns. Rotary tables are computed anew in any case, and a tied head needs none."""
    lacking = [key for key in loading["missing_keys"] if not key.endswith(("freqs_cis", "inv_freq")) and not (key == "lm_head.weight" and is_tied(model))]
    if lacking:
        raise CaptureError(f"missing tensor: {min(lacking)}; the checkpoint lacks {len(lacking)} of what its code reads")
    return model


def is_tied(model):
    try:
        return model.get_output_embeddings().weight is model.get_input_embeddings().weight
    except (NotImplementedError, AttributeError):
        return False


def fit_to_transformers_5(transformers, model_class, embeddings):
    """Code written for transformers 4 lists the weights that may be tied, without saying to what, and calls a field of its outputs
    `past_key_values`, which transformers 5 renames in every call, also where the class has no other."""
    tied = getattr(model_class, "_tied_weights_keys", None)
    if isinstance(tied, list):
        model_class._tied_weights_keys = {key: embeddings for key in tied} if embeddings else None
    for part in vars(sys.modules[model_class.__module__]).values():
        if isinstance(part, type) and part.__module__ == model_class.__module__ and issubclass(part, transformers.utils.ModelOutput):
            given = getattr(part.__init__, "__wrapped__", part.__init__)
            if "past_key_values" in inspect.signature(given).parameters:
                type.__setattr__(part, "__init__", given)


def renew_rotations(model):
    """Rotary tables are computed anew in float32: the file may hold them rounded, and loading may leave them unset."""
    import torch

    with torch.no_grad():
        for module in model.modules():
            if "RotaryEmbedding" in type(module).__name__ and hasattr(module, "inv_freq"):
                module.inv_freq = type(module)(config=module.config).inv_freq.to(device_of(model), torch.float32)
        if hasattr(model, "_precompute_freqs_cis"):
            model.freqs_cis = model._precompute_freqs_cis().to(device_of(model))


def tokenizer_of(transformers, name, revision):
    try:
        return transformers.AutoTokenizer.from_pretrained(name, revision=revision, trust_remote_code=True)
    except Exception:  # whatever it says: what is known of a folder with tokenizer.json alone is enough
        try:
            return transformers.PreTrainedTokenizerFast.from_pretrained(name, revision=revision)
        except Exception:
            return None


# --- The command line -----------------------------------------------------------------------------------------------


def parse_arguments(argv):
    parser = argparse.ArgumentParser(prog="capture_trace.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--prompt", help="the text to run")
    what.add_argument("--prompts", metavar="FILE.jsonl", help='one {"prompt": …} a line; OUT becomes a folder of runs')
    what.add_argument("--tokens", metavar="1,2,3", help="token ids, as they are; needs no tokenizer")
    parser.add_argument("--resume", action="store_true", help="with --prompts: keep the runs of OUT that are complete, and make the others")
    parser.add_argument("--keep", choices=["states", "gram"], default="states", help="gram: what labels are made of instead of the states, 68 kB a path of 128 steps; the states of one prompt at a time lie beside OUT meanwhile (default: %(default)s)")
    parser.add_argument("--out", required=True, metavar="DIR", help="the run folder to make; new or empty")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="name on the hub, or a folder; the code that comes with it is run (default: %(default)s)")
    parser.add_argument("--revision", help="commit, branch or tag of the model; the commit is recorded in any case")
    parser.add_argument("--chat", action="store_true", help="put the prompt into the model's chat template, with the generation prompt")
    parser.add_argument("--system", help="system message before it; needs --chat")
    parser.add_argument("--no-special-tokens", action="store_true", help="do not let the tokenizer add special tokens")
    parser.add_argument("--steps", type=whole(*BOUNDS["steps"]), default=64, help="steps of the loop; beyond the trained number they are extrapolation (default: %(default)s)")
    parser.add_argument("--inits", type=whole(*BOUNDS["inits"]), default=4, help="initial states: drawn ones; of Ouro the embeddings and others near them (in bf16 rounding hides the difference: use f32), of HRM-Text the stored low state and drawn ones (default: %(default)s)")
    parser.add_argument("--seed", type=whole(*BOUNDS["seed"]), default=0, help="of the first initial state; the next has the next (default: %(default)s)")
    parser.add_argument("--init-scale", type=float, default=1.0, help="factor of the initial state; 0 is all zeros (default: %(default)s)")
    parser.add_argument("--init-states", metavar="FILE.safetensors", help="initial states from tensors `state` and, for HRM-Text, `low`, [inits, tokens, width]; a part that is not there starts as the model does")
    parser.add_argument("--prefix", type=whole(*BOUNDS["prefix"]), help="HRM-Text: how many tokens see one another, as in training (default: all; 0 is causal)")
    parser.add_argument("--top", type=whole(*BOUNDS["top"]), default=5, help="most likely tokens kept at each step; 0 keeps no readout (default: %(default)s)")
    parser.add_argument("--dtype", choices=["f32", "bf16", "f16"], default="bf16", help="precision of the model, and so of the states (default: %(default)s). bf16 has a rounding floor near 0.03: for contraction rates use f32")
    parser.add_argument("--batch", type=whole(*BOUNDS["batch"]), default=4, help="initial states run at once; Ouro and HRM-Text read out so many at once (default: %(default)s)")
    parser.add_argument("--device", help="as torch names it (default: cuda where there is one)")
    parser.add_argument("--title", help="a name for the run")
    arguments = parser.parse_args(argv)
    if arguments.system is not None and not arguments.chat:
        parser.error("--system needs --chat")
    if arguments.resume and not arguments.prompts:
        parser.error("--resume needs --prompts")
    if arguments.chat and arguments.tokens:
        parser.error("--chat needs --prompt or --prompts")
    if not (arguments.init_scale >= 0 and math.isfinite(arguments.init_scale)):
        parser.error(f"invalid --init-scale: {arguments.init_scale}; expected 0 or more")
    return arguments


def whole(lowest, highest):
    def parse(text):
        if not (text.isascii() and text.isdigit() and lowest <= int(text) <= highest):
            raise argparse.ArgumentTypeError(f"invalid number: {text}; expected {lowest} to {highest}")
        return int(text)

    return parse


def prompts_of(path):
    """The prompts of a file of {"prompt": …} lines, with or without a byte order mark, its lines ended in any way."""
    prompts = []
    try:
        with open(path, encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    prompts.append(prompt_of(line, f"line {number} of {path}"))
    except (OSError, UnicodeDecodeError) as error:
        raise DemandError(f"cannot read {path}: {error.strerror if isinstance(error, OSError) else 'it is not UTF-8'}") from error
    if not prompts:
        raise DemandError(f"no prompts in {path}")
    return prompts


def prompt_of(line, place):
    try:
        prompt = json.loads(line)["prompt"]
    except (ValueError, KeyError, TypeError) as error:
        raise DemandError(f'invalid {place}: expected {{"prompt": …}}') from error
    if not (isinstance(prompt, str) and prompt):
        raise DemandError(f"invalid {place}: prompt {json.dumps(prompt, ensure_ascii=False)[:60]}; expected text")
    return prompt


def ids_of_list(text):
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise DemandError(f"invalid --tokens: {text}; expected whole numbers joined by commas")
    return [int(part) for part in parts]


def ids_of(tokenizer, prompt, arguments):
    if not arguments.chat:
        return tokenizer.encode(prompt, add_special_tokens=not arguments.no_special_tokens)
    messages = [{"role": "system", "content": arguments.system}] if arguments.system is not None else []
    text = tokenizer.apply_chat_template([*messages, {"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True)
    return tokenizer.encode(text, add_special_tokens=False)


def progress_of(label):
    """Says how far a run is: over and over in one line of a terminal, once at the end elsewhere."""
    begun, shown = time.monotonic(), 0.0

    def show(step, steps):
        nonlocal shown
        now, last = time.monotonic(), step == steps
        if not last and not (sys.stderr.isatty() and now - shown > SAVE_INTERVAL_S):
            return
        shown = now
        left = "" if last or step == 0 else f", {(now - begun) / step * (steps - step):.0f} s left"
        sys.stderr.write(f"\r\033[K{label}step {step} of {steps}{left}" if sys.stderr.isatty() else f"{label}step {step} of {steps}")
        sys.stderr.write("\n" if last else "")
        sys.stderr.flush()

    return show


def run(arguments):
    prompts = prompts_of(arguments.prompts) if arguments.prompts else [arguments.prompt]
    fixed = ids_of_list(arguments.tokens) if arguments.tokens is not None else None
    folders = [arguments.out] if not arguments.prompts else [os.path.join(arguments.out, f"{i:04d}") for i in range(1, len(prompts) + 1)]
    wanted = [(number, *run) for number, run in enumerate(zip(prompts, folders), 1) if not (arguments.resume and is_complete(run[1]))]
    for _, _, folder in wanted:
        if not (arguments.resume and os.path.isdir(folder) and set(os.listdir(folder)) <= {*GRAM_FILES, "gram.json.new"}):
            refuse_occupied(folder)  # before a model is loaded
    if not wanted:
        return
    model, tokenizer = load(arguments.model, revision=arguments.revision, dtype=arguments.dtype, device=arguments.device)
    if tokenizer is None and fixed is None:
        raise CaptureError(f"no tokenizer in {arguments.model}; give token ids with --tokens")
    given = read_parts(arguments.init_states, loop_of(model).parts) if arguments.init_states else None
    for number, prompt, folder in wanted:
        ids = fixed or list(ids_of(tokenizer, prompt, arguments))
        if not ids:
            raise CaptureError(f"invalid prompt {number}: it has no tokens")
        states = folder if arguments.keep == "states" else hidden_beside(folder)
        if states != folder:
            shutil.rmtree(states, ignore_errors=True)  # what a kill left
        capture(
            model, ids, states, tokenizer=tokenizer, prompt=prompt, title=arguments.title, steps=arguments.steps, inits=arguments.inits,
            seed=arguments.seed, scale=arguments.init_scale, given=given, top=arguments.top, batch=arguments.batch, prefix=arguments.prefix,
            progress=progress_of(f"prompt {number} of {len(prompts)}: " if arguments.prompts else ""),
        )  # fmt: skip
        if states != folder:
            for name in GRAM_FILES:
                with contextlib.suppress(FileNotFoundError):
                    os.remove(os.path.join(folder, name))  # of one that a kill cut short
            keep_gram(states, folder)
            shutil.rmtree(states)
        print(folder, flush=True)
    tell_memory(device_of(model))


def tell_memory(device):
    """Says how much of a GPU's memory the runs took at most: whether more inits, longer prompts or f32 would fit."""
    import torch

    if device.type == "cuda":
        most, there = torch.cuda.max_memory_allocated(device), torch.cuda.get_device_properties(device).total_memory
        sys.stderr.write(f"GPU memory: {most / 1e9:.2f} GB at most, of {there / 1e9:.1f}\n")


def hidden_beside(folder):
    """Where the states of a run lie until what is kept of them is made: what reads folders of runs passes over it."""
    parent, name = os.path.split(os.path.abspath(folder))
    return os.path.join(parent, f".{name}.states")


def is_complete(folder):
    if os.path.exists(os.path.join(folder, "gram.json")):
        return True
    try:
        with open(os.path.join(folder, "trace.json"), encoding="utf-8") as file:
            return json.load(file).get("status") == "complete"
    except (OSError, ValueError):
        return False


def stop_by_signal(number, frame):
    raise SystemExit(f"stopped by {signal.Signals(number).name}")


def one_line(error, most=400):
    """What went wrong in one line: transformers' messages go on for paragraphs."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= most else text[: most - 1] + "…"


def main(argv=None):
    arguments = parse_arguments(argv)
    signal.signal(signal.SIGTERM, stop_by_signal)  # as a cluster's scheduler ends a job: the run is then a partial one that says so
    try:
        run(arguments)
    except KeyboardInterrupt:
        sys.exit("capture_trace: stopped by the keyboard")
    except SystemExit as stop:
        sys.exit(f"capture_trace: {stop}")
    except DemandError as error:
        sys.stderr.write(f"capture_trace: {told_of(error)}\n")
        sys.exit(2)  # as for an option that is wrong
    except Exception as error:  # one line for a person, whatever went wrong underneath
        sys.exit(f"capture_trace: {told_of(error)}")


def told_of(error):
    """An error in one line; where memory ran out, what needs less. CUDA goes on about processes after what matters: how much was asked for, and how much is free."""
    if not any(sign in str(error).lower() for sign in ("out of memory", "cublas_status_alloc_failed")):
        return one_line(error)
    return f"{one_line(''.join(str(error).partition(' is free')[:2]), 200)}; less is needed with --inits 1, --batch 1, --top 0, --dtype bf16"


if __name__ == "__main__":
    main()
