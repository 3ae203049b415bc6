"""PCA to 50 columns and umap-learn of a raw float32 file: FILE ROWS COLS. Prints one JSON object; the second run has no compilation in it."""
import sys

sys.path.pop(0)  # this file's folder: its own name would hide the library

import json
import time
import warnings

import numpy as np
import umap
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

warnings.filterwarnings("ignore")
path, rows, cols = sys.argv[1], *map(int, sys.argv[2:4])
X = np.fromfile(path, dtype=np.float32).reshape(rows, cols)


def draw(seed):
    start, cpu = time.perf_counter(), time.process_time()
    reduced = PCA(50, random_state=0).fit_transform(X) if cols > 50 else X
    middle = time.perf_counter()
    points = umap.UMAP(random_state=seed).fit_transform(reduced)
    return reduced, points, {"reduction": middle - start, "seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}


*_, first = draw(0)
_, _, parallel = draw(None)
reduced, points, seeded = draw(0)
sample = np.random.default_rng(0).choice(rows, min(rows, 3000), replace=False)
seeded["trustworthiness"] = trustworthiness(reduced[sample], points[sample], n_neighbors=15)
print(json.dumps({"first": first, "seeded": seeded, "parallel": parallel, "sample": len(sample)}))
