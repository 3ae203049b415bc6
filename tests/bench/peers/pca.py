"""scikit-learn's randomised PCA of a raw float32 file, and an exact reference: FILE ROWS COLS COMPONENTS [OTHERS...]. Prints one JSON object.

Each of OTHERS is a file of float64 rows, a variance and its axis, to be held against the reference as scikit-learn's are. The reference is subspace
iteration in double precision down to a residual of 1e-10 of the largest variance.
"""
import json
import resource
import sys
import time

import numpy as np
from sklearn.decomposition import PCA

path, rows, cols, components = sys.argv[1], *map(int, sys.argv[2:5])
start = time.perf_counter()
X = np.fromfile(path, dtype=np.float32).reshape(rows, cols)
loaded = time.perf_counter()
cpu = time.process_time()
pca = PCA(components, svd_solver="randomized", random_state=0)
pca.fit_transform(X)
figures = {
    "load": loaded - start,
    "seconds": time.perf_counter() - loaded,
    "cpu": time.process_time() - cpu,
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "variances": pca.explained_variance_.tolist(),
}

BLOCK = 4000
mean = sum(X[i : i + BLOCK].sum(0, dtype=np.float64) for i in range(0, rows, BLOCK)) / rows


def covariance_times(Q):
    product = np.zeros_like(Q)
    for i in range(0, rows, BLOCK):
        B = X[i : i + BLOCK] - mean
        product += B.T @ (B @ Q)
    return product


def exact():
    Q = np.concatenate([pca.components_.T.astype(np.float64), np.random.default_rng(1).standard_normal((cols, min(cols, components + 34) - components))], 1)
    for _ in range(30):
        Q, _ = np.linalg.qr(Q)
        image = covariance_times(Q)
        values, weights = np.linalg.eigh(Q.T @ image)
        values, weights = values[::-1][:components], weights[:, ::-1][:, :components]
        axes = Q @ weights
        if np.linalg.norm(image @ weights - axes * values, axis=0).max() < 1e-10 * values[0]:
            break
        Q = image
    return values / (rows - 1), axes


def errors(variances, axes, reference):
    exact_variances, exact_axes = reference
    axes = axes / np.linalg.norm(axes, axis=0)
    signs = np.sign((axes * exact_axes).sum(0))
    chords = np.linalg.norm(axes * signs - exact_axes, axis=0)
    return {"axis": (2 * np.arcsin(chords / 2)).max(), "variance": np.abs(variances / exact_variances - 1).max()}


reference = exact()
figures["error"] = errors(pca.explained_variance_.astype(np.float64), pca.components_.T.astype(np.float64), reference)
figures["others"] = []
for other in sys.argv[5:]:
    table = np.fromfile(other, dtype=np.float64).reshape(components, cols + 1)
    figures["others"].append(errors(table[:, 0], table[:, 1:].T, reference))
print(json.dumps(figures))
