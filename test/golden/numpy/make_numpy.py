"""Writes numpy.json beside this script: random numbers of numpy.random.default_rng, which gymnasium seeds its environments with.

python3 make_numpy.py   (NumPy; PCG64, SeedSequence and Generator.integers have been the same since 1.17)
"""

import json
from pathlib import Path

import numpy as np

SEEDS = [0, 1, 2, 42, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**32 + 1, 123456789012345, 2**53 - 2, 2**53 - 1]
# [low, high): no choice, small ones as levels draw them, ones that Lemire's method often redraws, and the ends of 32 bits.
RANGES = [
    (0, 1), (5, 6), (-3, -2), (0, 2), (0, 3), (0, 4), (0, 6), (0, 7), (0, 8), (1, 7), (-10, 10), (0, 1000), (0, 65536), (0, 65537),
    (0, 2**21), (0, 2**21 + 1), (0, 2**31 - 1), (0, 2**31), (0, 2**31 + 1), (0, 3 * 2**30), (0, 2**32 - 1), (0, 2**32),
    (-(2**31), 2**31), (2**52, 2**52 + 3 * 2**30), (-(2**53) + 1, -(2**53) + 7),
]


def drawn(seed):
    """The ranges in turn, eight times over, with a real number after every seventh whole one."""
    generator = np.random.default_rng(seed)
    numbers = []
    for i in range(8 * len(RANGES)):
        numbers.append(int(generator.integers(*RANGES[i % len(RANGES)])))
        if i % 7 == 6:
            numbers.append(float(generator.random()))
    return numbers


def late(seed):
    """Ten numbers below 2^32 after 10,000."""
    generator = np.random.default_rng(seed)
    return generator.integers(0, 2**32, 10_010)[10_000:].tolist()


golden = {
    "ranges": RANGES,
    "seeds": [
        {
            "seed": seed,
            "words": np.random.SeedSequence(seed).generate_state(8).tolist(),
            "drawn": drawn(seed),
            "late": late(seed),
        }
        for seed in SEEDS
    ],
}
lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in golden["seeds"])
ranges = json.dumps(golden["ranges"], separators=(",", ":"))
(Path(__file__).parent / "numpy.json").write_text(f'{{"ranges":{ranges},\n"seeds":[\n{lines}\n]}}\n')
