"""Writes the text encoder of a BLIP retrieval model (Salesforce/blip-itm-base-coco) as a folder that transformers.js loads as a BERT.

    python export_blip.py MODEL_FOLDER OUTPUT_FOLDER

MODEL_FOLDER holds config.json, pytorch_model.bin (or model.safetensors), tokenizer.json and tokenizer_config.json. OUTPUT_FOLDER gets
onnx/model.onnx (float32) with two outputs: `last_hidden_state`, and `text_embeds`, the projection of the [CLS] state that BLIP was
trained to bring near to that of matching images (before it is scaled to unit length).
"""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
from export_encoder import bert_graph, model_of
from onnx import TensorProto, checker, helper, save

# The fields of BlipTextConfig where a config.json leaves them out
DEFAULTS = {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 8,
            "hidden_act": "gelu", "layer_norm_eps": 1e-12, "max_position_embeddings": 512}


def text_config(config):
    """The config of the same encoder as a BERT, with the width of the projection."""
    text = DEFAULTS | {k: v for k, v in config.get("text_config", {}).items() if k in DEFAULTS or k == "vocab_size"}
    return text | {"model_type": "bert", "architectures": ["BertModel"], "type_vocab_size": 1,
                   "projection_dim": config.get("image_text_hidden_size", 256)}


def text_weights(state):
    """The text encoder's weights under BERT's names. BLIP has no token types: adding zeros is exact."""
    prefix = "text_encoder."
    weights = {name.removeprefix(prefix): w for name, w in state.items() if name.startswith(prefix)}
    width = weights["embeddings.word_embeddings.weight"].shape[1]
    return weights | {"embeddings.token_type_embeddings.weight": np.zeros((1, width), np.float32)}


def blip_text_model(config, state):
    graph, last = bert_graph(config, text_weights(state))
    first = graph.op("Gather", last, graph.constant("first", np.int64(0)), axis=1)
    projected = graph.op("MatMul", first, graph.constant("text_proj.weight", state["text_proj.weight"].T))
    embedded = graph.op("Add", projected, graph.constant("text_proj.bias", state["text_proj.bias"]))
    graph.nodes.append(helper.make_node("Identity", [embedded], ["text_embeds"], name="text_embeds"))
    model = model_of(graph, last, "last_hidden_state", config["hidden_size"])
    shape = ["batch", config["projection_dim"]]
    model.graph.output.append(helper.make_tensor_value_info("text_embeds", TensorProto.FLOAT, shape))
    checker.check_model(model)
    return model


def read_state(folder):
    if (folder / "model.safetensors").exists():
        from safetensors.numpy import load_file

        return load_file(folder / "model.safetensors")
    import torch

    state = torch.load(folder / "pytorch_model.bin", map_location="cpu", weights_only=True)
    return {name: w.float().numpy() for name, w in state.items() if w.is_floating_point()}


def main(source, target):
    config = text_config(json.loads((source / "config.json").read_text()))
    (target / "onnx").mkdir(parents=True, exist_ok=True)
    save(blip_text_model(config, read_state(source)), target / "onnx" / "model.onnx")
    (target / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(source / name, target / name)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
