"""Reference numbers of PyDMD: eigenvalues of dynamic mode decomposition over the steps of small paths made by a formula.

python3 tests/support/pydmdReference.py > fixtures/reference/pydmd.json
"""
import json
import warnings
from importlib.metadata import version

import numpy as np
from pydmd import DMD

warnings.simplefilter("ignore")  # of ill-conditioned data: some of these are meant to be


def wave(rows, cols):
    """sin(0.7 i + 1.3 j + (i j mod 7)) / (1 + j mod 10), rounded to float32; tests/support/waveMatrix.ts makes the same."""
    i, j = np.meshgrid(np.arange(rows), np.arange(cols), indexing="ij")
    return (np.sin(0.7 * i + 1.3 * j + (i * j) % 7) / (1 + j % 10)).astype(np.float32)


def eigenvalues(rows, cols, rank):
    """[re, im], largest modulus first, of the map that takes each step of the path to the next."""
    steps = np.diff(wave(rows, cols).astype(np.float64), axis=0)
    found = sorted(DMD(svd_rank=rank).fit(steps.T).eigs, key=lambda x: (-round(abs(x), 9), -x.imag))
    return {"rows": rows, "cols": cols, "rank": rank, "eigenvalues": [[x.real, x.imag] for x in found]}


print(json.dumps({"pydmd": version("pydmd"), "dmd": [eigenvalues(24, 40, 5), eigenvalues(24, 40, 12), eigenvalues(60, 12, 7), eigenvalues(40, 200, 12)]}))
