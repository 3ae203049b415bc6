"""Reference numbers of scikit-learn over small matrices made by a formula: PCA by full SVD in float64, and trustworthiness.

python3 tests/support/sklearnReference.py > fixtures/reference/sklearn.json
"""
import json

import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

COMPONENTS = 5
NEIGHBOURS = 7


def matrix(rows, cols):
    """sin(0.7 i + 1.3 j + (i j mod 7)) / (1 + j mod 10), rounded to float32; tests/support/waveMatrix.ts makes the same."""
    i, j = np.meshgrid(np.arange(rows), np.arange(cols), indexing="ij")
    return (np.sin(0.7 * i + 1.3 * j + (i * j) % 7) / (1 + j % 10)).astype(np.float32)


def pca(rows, cols):
    fit = PCA(COMPONENTS, svd_solver="full").fit(matrix(rows, cols).astype(np.float64))
    return {
        "rows": rows,
        "cols": cols,
        "variances": fit.explained_variance_.tolist(),
        "explained": fit.explained_variance_ratio_.tolist(),
        "axes": np.round(fit.components_, 9).tolist(),
    }


def trust(rows, cols, shown):
    """Of a picture that shows two of the columns."""
    X = matrix(rows, cols).astype(np.float64)
    return {"rows": rows, "cols": cols, "shown": shown, "neighbours": NEIGHBOURS, "value": trustworthiness(X, X[:, shown], n_neighbors=NEIGHBOURS)}


print(
    json.dumps(
        {
            "sklearn": sklearn.__version__,
            "pca": [pca(60, 12), pca(12, 60)],
            "trustworthiness": [trust(60, 12, [0, 1]), trust(60, 12, [8, 9])],
        }
    )
)
