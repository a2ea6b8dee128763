"""Writes a BERT encoder (config.json, model.safetensors, tokenizer files) as the folder that transformers.js loads, without PyTorch.

    python export_encoder.py MODEL_FOLDER OUTPUT_FOLDER

OUTPUT_FOLDER gets onnx/model.onnx (float32, output `last_hidden_state`) and copies of config.json, tokenizer.json and tokenizer_config.json.
"""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

OPSET = 17  # the first with LayerNormalization


class Graph:
    """Nodes and constants in the order they were made; every method returns the name of what it made."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def op(self, kind, *inputs, **attributes):
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def constant(self, name, values):
        self.constants.append(numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name

    def number(self, value):
        return self.constant(f"number_{len(self.constants)}", np.float32(value))

    def integers(self, *values):
        return self.constant(f"integers_{len(self.constants)}", np.array(values, np.int64))


def bert_graph(config, weights):
    """The graph of a BERT encoder and the name of its last hidden state. `weights` has the names of a BertModel's state."""
    check(config)
    g = Graph()
    width, heads = config["hidden_size"], config["num_attention_heads"]

    def linear(x, name):  # PyTorch stores out x in
        w = g.constant(f"{name}.weight", weights[f"{name}.weight"].T)
        return g.op("Add", g.op("MatMul", x, w), g.constant(f"{name}.bias", weights[f"{name}.bias"]))

    def norm(x, name):
        scale = g.constant(f"{name}.weight", weights[f"{name}.weight"])
        shift = g.constant(f"{name}.bias", weights[f"{name}.bias"])
        return g.op("LayerNormalization", x, scale, shift, axis=-1, epsilon=config["layer_norm_eps"])

    def split(x, name, order):  # [batch, sequence, width] -> heads
        return g.op("Transpose", g.op("Reshape", linear(x, name), head_shape), perm=order)

    def table(name, rows):
        return g.op("Gather", g.constant(f"embeddings.{name}.weight", weights[f"embeddings.{name}.weight"]), rows)

    length = g.op("Gather", g.op("Shape", "input_ids"), g.constant("one", np.int64(1)), axis=0)
    positions = g.op("Range", g.constant("zero", np.int64(0)), length, "one")
    words = g.op("Add", table("word_embeddings", "input_ids"), table("token_type_embeddings", "token_type_ids"))
    x = norm(g.op("Add", words, table("position_embeddings", positions)), "embeddings.LayerNorm")

    # [batch, 1, 1, sequence]: 0 where a token stands, -10000 where padding does
    mask = g.op("Cast", g.op("Unsqueeze", "attention_mask", g.integers(1, 2)), to=TensorProto.FLOAT)
    bias = g.op("Mul", g.op("Sub", g.number(1), mask), g.number(-10000))
    head_shape, flat_shape = g.integers(0, 0, heads, width // heads), g.integers(0, 0, width)
    for layer in range(config["num_hidden_layers"]):
        at = f"encoder.layer.{layer}"
        q = split(x, f"{at}.attention.self.query", [0, 2, 1, 3])
        k = split(x, f"{at}.attention.self.key", [0, 2, 3, 1])
        v = split(x, f"{at}.attention.self.value", [0, 2, 1, 3])
        scores = g.op("Mul", g.op("MatMul", q, k), g.number((width // heads) ** -0.5))
        attended = g.op("MatMul", g.op("Softmax", g.op("Add", scores, bias), axis=-1), v)
        joined = g.op("Reshape", g.op("Transpose", attended, perm=[0, 2, 1, 3]), flat_shape)
        x = norm(g.op("Add", linear(joined, f"{at}.attention.output.dense"), x), f"{at}.attention.output.LayerNorm")
        inner = linear(x, f"{at}.intermediate.dense")
        erf = g.op("Erf", g.op("Mul", inner, g.number(2**-0.5)))
        gelu = g.op("Mul", g.op("Mul", inner, g.number(0.5)), g.op("Add", erf, g.number(1)))
        x = norm(g.op("Add", linear(gelu, f"{at}.output.dense"), x), f"{at}.output.LayerNorm")
    return g, x


def check(config):
    """Refuses what the graph would compute wrongly."""
    wanted = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}
    for field, value in wanted.items():
        if config.get(field, value) != value:
            raise SystemExit(f"this exporter knows {field} {value!r} only, not {config[field]!r}")


def model_of(g, last, output, width):
    """A checked ONNX model whose one output is `last`, renamed `output`: float32 [batch, sequence, width]."""
    g.nodes.append(helper.make_node("Identity", [last], [output], name=output))
    ids = [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "sequence"])
           for n in ("input_ids", "attention_mask", "token_type_ids")]
    out = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch", "sequence", width])
    graph = helper.make_graph(g.nodes, "bert", ids, [out], g.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    checker.check_model(model)
    return model


def current(name):
    """google-bert/bert-base-uncased still has the names that TensorFlow gave its layer norms."""
    return name.removeprefix("bert.").replace("LayerNorm.gamma", "LayerNorm.weight").replace("LayerNorm.beta", "LayerNorm.bias")


def main(source, target):
    from safetensors.numpy import load_file

    config = json.loads((source / "config.json").read_text())
    weights = {current(name): w for name, w in load_file(source / "model.safetensors").items()}
    (target / "onnx").mkdir(parents=True, exist_ok=True)
    graph, last = bert_graph(config, weights)
    save(model_of(graph, last, "last_hidden_state", config["hidden_size"]), target / "onnx" / "model.onnx")
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(source / name, target / name)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
