"""Reference numbers for PCA: scikit-learn's full SVD in float64 over two small matrices made by a formula.

python3 tests/support/sklearnPca.py > fixtures/reference/sklearn-pca.json
"""
import json

import numpy as np
import sklearn
from sklearn.decomposition import PCA

COMPONENTS = 5


def matrix(rows, cols):
    """sin(0.7 i + 1.3 j + (i j mod 7)) / (1 + j mod 10), rounded to float32; tests/support/waveMatrix.ts makes the same."""
    i, j = np.meshgrid(np.arange(rows), np.arange(cols), indexing="ij")
    return (np.sin(0.7 * i + 1.3 * j + (i * j) % 7) / (1 + j % 10)).astype(np.float32)


def reference(rows, cols):
    X = matrix(rows, cols).astype(np.float64)
    pca = PCA(COMPONENTS, svd_solver="full").fit(X)
    return {
        "rows": rows,
        "cols": cols,
        "variances": pca.explained_variance_.tolist(),
        "explained": pca.explained_variance_ratio_.tolist(),
        "axes": np.round(pca.components_, 9).tolist(),
    }


print(json.dumps({"sklearn": sklearn.__version__, "cases": [reference(60, 12), reference(12, 60)]}))
