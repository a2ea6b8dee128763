"""Writes one small space in the formats that people have theirs in, rows in another order than the sentences are asked for.

Needs numpy, pandas and pyarrow. The values are exact in float16 and bfloat16.
"""
import json
import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

here = Path(__file__).parent
wanted = ["go to the red ball", "avoid the key, the blue one", 'say "hé" twice', "pick up the box", "日本 𝄞"]
order = [3, 0, 4, 2, 1]
values = np.array([[1, -2.5, 0.5, 4], [0, 3, -1, 2], [8, 0.25, 1, 1], [-1, -1, 0.75, 6], [2, 0, 0, -16]])
stored = values[order]
sentences = [wanted[i] for i in order]

np.save(here / "in_order_fortran.npy", np.asfortranarray(values.astype(">f8")))
np.savez(here / "stored.npz", embeddings=stored, sentences=np.array(sentences))
np.savez_compressed(
    here / "compressed_half_fortran_big_endian.npz",
    anything=np.asfortranarray(stored.astype(">f2")),
    sentence=np.array(sentences).astype(">U40"),
)
np.savez(here / "bytes.npz", vectors=stored.astype("<f4"), labels=np.array([s.encode() for s in sentences]))
np.savez(here / "without_sentences.npz", values.astype("<f4"))
np.savez(here / "refused_objects.npz", embeddings=stored, sentences=np.array(sentences, dtype=object))

frame = pd.DataFrame(stored, columns=[f"d{i}" for i in range(4)])
frame.insert(0, "sentence", sentences)
frame.insert(1, "topic", list("abcde"))
frame.to_csv(here / "with_index.csv")
frame.to_csv(here / "tabs.tsv", sep="\t", index=False)
frame.to_parquet(here / "wide.parquet")
lists = pd.DataFrame({"text": sentences, "embedding": stored.tolist(), "model": "some-model"})
lists.to_csv(here / "lists.csv", index=False)
lists.to_json(here / "lists.jsonl", orient="records", lines=True, force_ascii=False)


def parquet(name, value_type, **options):
    table = pa.table({"sentence": sentences, "embedding": pa.array(list(stored.astype(np.float16)), value_type)})
    pq.write_table(table, here / name, **options)


parquet("list_float64_snappy.parquet", pa.list_(pa.float64()), compression="snappy")
parquet("fixed_list_float32_zstd.parquet", pa.list_(pa.float32(), 4), compression="zstd")
parquet("list_float16_gzip.parquet", pa.list_(pa.float16()), compression="gzip", row_group_size=2)
parquet("list_float32_brotli.parquet", pa.large_list(pa.float32()), compression="brotli", use_dictionary=False)

bits = (stored.astype("<f4").view("<u4") >> 16).astype("<u2").tobytes()
header = {
    "__metadata__": {"sentences": json.dumps(sentences), "model": "org/some-model"},
    "hidden": {"dtype": "BF16", "shape": [5, 4], "data_offsets": [0, len(bits)]},
}
text = json.dumps(header).encode()
(here / "bfloat16.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + bits)

(here / "expected.json").write_text(json.dumps({"sentences": wanted, "values": values.tolist()}, ensure_ascii=False) + "\n")
