"""Labels of a raw float32 file of paths by the public classifier of huginn-latent-dynamics: SOURCE FILE STEPS WIDTH. Prints one JSON list."""
import json
import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(sys.argv[1], "src"))

from huginn_research.metrics import analyze_trajectory

steps, width = map(int, sys.argv[3:5])
paths = np.fromfile(sys.argv[2], dtype=np.float32).reshape(-1, steps, width)
print(json.dumps([analyze_trajectory(path.astype(np.float64))[1].verdict for path in paths]))
