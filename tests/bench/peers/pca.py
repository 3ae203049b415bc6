"""scikit-learn's randomised PCA of a raw float32 file: FILE ROWS COLS COMPONENTS. Prints one JSON object."""
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
print(
    json.dumps(
        {
            "load": loaded - start,
            "seconds": time.perf_counter() - loaded,
            "cpu": time.process_time() - cpu,
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "variances": pca.explained_variance_.tolist(),
        }
    )
)
