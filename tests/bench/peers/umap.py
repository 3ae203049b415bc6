"""umap-learn of a raw float32 file: FILE ROWS COLS OUT. Writes the seeded points to OUT as float32 and prints one JSON object; nothing is compiled within the times."""
import sys

sys.path.pop(0)  # this file's folder: its own name would hide the library

import json
import resource
import time
import warnings

import numpy as np
import umap

warnings.filterwarnings("ignore")
path, rows, cols, out = sys.argv[1], *map(int, sys.argv[2:4]), sys.argv[4]
X = np.fromfile(path, dtype=np.float32).reshape(rows, cols)


def draw(X, seed):
    start, cpu = time.perf_counter(), time.process_time()
    points = umap.UMAP(random_state=seed).fit_transform(X)
    return points, {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}


for seed in 0, None:
    draw(X[: min(rows, 5000)], seed)
points, seeded = draw(X, 0)
points.astype(np.float32).tofile(out)
_, parallel = draw(X, None)
megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seeded": seeded, "parallel": parallel, "megabytes": megabytes}))
