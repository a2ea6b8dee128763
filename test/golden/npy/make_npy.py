"""Writes the .npy files beside this script and expected.json, which holds what NumPy reads from them.

python3 make_npy.py   (any NumPy since 1.17; the files do not depend on its version)
"""

import json
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

here = Path(__file__).parent
expected = {}


def write(name, array, version=None):
    with open(here / f"{name}.npy", "wb") as file:
        npy.write_array(file, array, version=version, allow_pickle=False)
    flat = array.astype(object).ravel(order="C").tolist()
    values = [str(v) if isinstance(v, int) or v != v or abs(v) == float("inf") else v for v in flat]
    expected[name] = {"shape": list(array.shape), "values": values}


counting = np.arange(24, dtype="<f8").reshape(2, 3, 4) / 8
write("float64_c", counting)
write("float64_fortran", np.asfortranarray(counting))
write("float64_big_endian_fortran", np.asfortranarray(counting.astype(">f8")))
write("float64_version_2", counting, version=(2, 0))
write("float64_version_3", counting, version=(3, 0))
write("float32_c", np.array([[0.1, -2.5], [3e-40, np.nan], [np.inf, -np.inf]], dtype="<f4"))
write("float32_big_endian", np.array([1.5, -0.1, 1e30], dtype=">f4"))
# Normal, subnormal, largest, smallest, both zeros, both infinities.
halves = [1.0, -0.333, 65504.0, 6.0e-8, 6.1e-5, 0.0, -0.0, np.inf, -np.inf, np.nan]
write("float16", np.array(halves, dtype="<f2"))
write("float16_big_endian", np.array(halves, dtype=">f2"))
write("int64", np.array([-(2**63), -1, 0, 2**53 + 1, 2**63 - 1], dtype="<i8"))
write("int64_big_endian", np.array([-(2**63), -1, 258], dtype=">i8"))
write("int32", np.array([[-(2**31), 2**31 - 1]], dtype="<i4"))
write("int32_big_endian", np.array([-2, 258], dtype=">i4"))
write("uint16", np.array([0, 65535], dtype="<u2"))
write("uint8", np.array([[0, 1], [2, 255]], dtype="u1"))
write("scalar", np.array(2.5))
write("empty", np.zeros((0, 3)))
(here / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")

# Arrays that are refused.
for name, array in {
    "bool": np.array([True, False]),
    "complex": np.array([1 + 2j]),
    "text": np.array(["a", "bc"]),
    "records": np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f8")]),
}.items():
    np.save(here / f"refused_{name}.npy", array)
