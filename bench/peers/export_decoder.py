"""Writes a decoder of Llama architecture as the folder that `alva embed` reads, its ONNX graph of the form that usual exports have:
scores and the memory of earlier tokens as outputs (logits, present.N.key, present.N.value), hidden states inside. Without PyTorch.

    python export_decoder.py stories260K.bin tok512.bin OUTPUT_FOLDER     # llama2.c, format of version 0
    python export_decoder.py MODEL_FOLDER OUTPUT_FOLDER                   # config.json, model.safetensors, tokenizer files

OUTPUT_FOLDER gets onnx/model.onnx with its weights beside it (model.onnx_data), config.json, tokenizer.json and tokenizer_config.json.
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, save

sys.path.insert(0, str(Path(__file__).resolve().parent))
from export_encoder import OPSET, Graph  # noqa: E402

def rotary(g, config, positions):
    """cos and sin, [batch, 1, tokens, head width], of positions [batch, tokens]."""
    half = config["head_dim"] // 2
    frequencies = config["rope_theta"] ** (-np.arange(half) / half)
    angles = g.op("Mul", g.op("Cast", g.op("Unsqueeze", positions, g.integers(1, 3)), to=TensorProto.FLOAT),
                  g.constant("frequencies", np.concatenate([frequencies, frequencies]).astype(np.float32)))
    return g.op("Cos", angles), g.op("Sin", angles)


def causal_bias(g, mask):
    """[batch, 1, tokens, all tokens]: 0 where a token may look, -1e9 at later tokens and at padding. All tokens are those of the memory and the new."""
    zero, one = g.constant("zero", np.int64(0)), g.constant("one", np.int64(1))
    n_all = g.op("Gather", g.op("Shape", mask), one, axis=0)
    n_new = g.op("Gather", g.op("Shape", "input_ids"), one, axis=0)
    keys = g.op("Range", zero, n_all, one)
    queries = g.op("Unsqueeze", g.op("Range", g.op("Sub", n_all, n_new), n_all, one), g.integers(1))
    later = g.op("Cast", g.op("Greater", keys, queries), to=TensorProto.FLOAT)
    padding = g.op("Sub", g.number(1), g.op("Cast", g.op("Unsqueeze", mask, g.integers(1, 2)), to=TensorProto.FLOAT))
    return g.op("Mul", g.op("Max", later, padding), g.number(-1e9))


def llama_graph(config, weights, sliced=True):
    """The graph of a LlamaForCausalLM, the name of its scores and those of its memory. `sliced`: only the last position gets scores."""
    g = Graph()
    heads, kv_heads, side = config["num_attention_heads"], config["num_key_value_heads"], config["head_dim"]

    def linear(x, name):  # PyTorch stores out x in
        return g.op("MatMul", x, g.constant(f"{name}.weight", weights[f"{name}.weight"].T))

    def norm(x, name):
        mean = g.op("ReduceMean", g.op("Pow", x, g.number(2)), axes=[-1], keepdims=1)
        scaled = g.op("Div", x, g.op("Sqrt", g.op("Add", mean, g.number(config["rms_norm_eps"]))))
        return g.op("Mul", g.constant(f"{name}.weight", weights[f"{name}.weight"]), scaled)

    def split(x, n):  # [batch, tokens, n * side] -> [batch, n, tokens, side]
        return g.op("Transpose", g.op("Reshape", x, g.integers(0, 0, n, side)), perm=[0, 2, 1, 3])

    def rotated(x):
        first, second = (g.op("Slice", x, g.integers(a), g.integers(b), g.integers(3)) for a, b in ((0, side // 2), (side // 2, side)))
        return g.op("Add", g.op("Mul", x, cos), g.op("Mul", g.op("Concat", g.op("Neg", second), first, axis=3), sin))

    def shared(x):  # each head of keys or values serves several of queries
        wide = g.op("Expand", g.op("Unsqueeze", x, g.integers(2)), g.integers(1, 1, heads // kv_heads, 1, 1))
        return g.op("Reshape", wide, g.integers(0, heads, -1, side))

    x = g.op("Gather", g.constant("model.embed_tokens.weight", weights["model.embed_tokens.weight"]), "input_ids")
    cos, sin = rotary(g, config, "position_ids")
    bias = causal_bias(g, "attention_mask")
    memory = []
    for layer in range(config["num_hidden_layers"]):
        at = f"model.layers.{layer}"
        h = norm(x, f"{at}.input_layernorm")
        q = rotated(split(linear(h, f"{at}.self_attn.q_proj"), heads))
        new = rotated(split(linear(h, f"{at}.self_attn.k_proj"), kv_heads)), split(linear(h, f"{at}.self_attn.v_proj"), kv_heads)
        for kind, tensor in zip(("key", "value"), new):
            memory.append(g.op("Concat", f"past_key_values.{layer}.{kind}", tensor, axis=2))
        k, v = (shared(name) for name in memory[-2:])
        scores = g.op("Mul", g.op("MatMul", q, g.op("Transpose", k, perm=[0, 1, 3, 2])), g.number(side**-0.5))
        attended = g.op("MatMul", g.op("Softmax", g.op("Add", scores, bias), axis=-1), v)
        joined = g.op("Reshape", g.op("Transpose", attended, perm=[0, 2, 1, 3]), g.integers(0, 0, heads * side))
        x = g.op("Add", x, linear(joined, f"{at}.self_attn.o_proj"))
        h = norm(x, f"{at}.post_attention_layernorm")
        gate = linear(h, f"{at}.mlp.gate_proj")
        inner = g.op("Mul", g.op("Mul", gate, g.op("Sigmoid", gate)), linear(h, f"{at}.mlp.up_proj"))
        x = g.op("Add", x, linear(inner, f"{at}.mlp.down_proj"))
    last = norm(x, "model.norm")
    if sliced:
        last = g.op("Slice", last, g.integers(-1), g.integers(2**62), g.integers(1))
    return g, linear(last, "lm_head"), memory


def causal_model(g, scores, memory, config):
    """A checked ONNX model with the inputs and outputs of the usual exports."""
    side = ["batch", config["num_key_value_heads"], "past", config["head_dim"]]
    names = [f"{layer}.{kind}" for layer in range(config["num_hidden_layers"]) for kind in ("key", "value")]
    info = helper.make_tensor_value_info
    inputs = [info(name, TensorProto.INT64, ["batch", length])
              for name, length in (("input_ids", "tokens"), ("attention_mask", "all"), ("position_ids", "tokens"))]
    inputs += [info(f"past_key_values.{name}", TensorProto.FLOAT, side) for name in names]
    outputs = [info("logits", TensorProto.FLOAT, ["batch", "scored", config["vocab_size"]])]
    outputs += [info(f"present.{name}", TensorProto.FLOAT, [*side[:2], "all", side[3]]) for name in names]
    g.nodes.append(helper.make_node("Identity", [scores], ["logits"], name="logits"))
    for name, tensor in zip(names, memory):
        g.nodes.append(helper.make_node("Identity", [tensor], [f"present.{name}"], name=f"present.{name}"))
    graph = helper.make_graph(g.nodes, "llama", inputs, outputs, g.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    checker.check_model(model)
    return model


def from_llama2c(path):
    """config.json and the weights by the names of LlamaForCausalLM, of a file of llama2.c's version 0."""
    data = Path(path).read_bytes()
    dim, hidden, layers, heads, kv_heads, vocab, tokens = struct.unpack("7i", data[:28])
    values, at = np.frombuffer(data, np.float32, offset=28), 0

    def take(*shape):
        nonlocal at
        at += int(np.prod(shape))
        return values[at - int(np.prod(shape)) : at].reshape(shape)

    def halves(w, n):  # llama2.c turns neighbours, the others halves: rows of a head are put in another order
        return w.reshape(n, -1, 2, w.shape[-1]).transpose(0, 2, 1, 3).reshape(w.shape)

    side, shared = dim // heads, vocab > 0
    weights = {"model.embed_tokens.weight": take(abs(vocab), dim)}
    parts = [("input_layernorm", (dim,)), ("self_attn.q_proj", (dim, dim)), ("self_attn.k_proj", (kv_heads * side, dim)),
             ("self_attn.v_proj", (kv_heads * side, dim)), ("self_attn.o_proj", (dim, dim)), ("post_attention_layernorm", (dim,)),
             ("mlp.gate_proj", (hidden, dim)), ("mlp.down_proj", (dim, hidden)), ("mlp.up_proj", (hidden, dim))]
    for name, shape in parts:
        n = {"self_attn.q_proj": heads, "self_attn.k_proj": kv_heads}.get(name)
        for layer, w in enumerate(take(layers, *shape)):
            weights[f"model.layers.{layer}.{name}.weight"] = halves(w, n) if n else w
    weights["model.norm.weight"] = take(dim)
    take(tokens, side)  # a table of sines, computed anew
    weights["lm_head.weight"] = weights["model.embed_tokens.weight"] if shared else take(abs(vocab), dim)
    if at != len(values):
        raise SystemExit(f"{path} holds {len(values)} numbers, its header tells of {at}; is it of version 0?")
    config = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": dim, "intermediate_size": hidden,
              "num_hidden_layers": layers, "num_attention_heads": heads, "num_key_value_heads": kv_heads, "head_dim": side,
              "vocab_size": abs(vocab), "max_position_embeddings": tokens, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
              "hidden_act": "silu", "tie_word_embeddings": shared, "bos_token_id": 1, "eos_token_id": 2}
    return config, weights


def sentencepiece_json(pieces):
    """tokenizer.json of a SentencePiece BPE given as (piece, score), ids in order, as Llama's converters write it."""
    vocabulary = {piece: i for i, (piece, _) in enumerate(pieces)}
    merges = []
    for piece, score in pieces:
        halves = [(piece[:i], piece[i:]) for i in range(1, len(piece))]
        known = [pair for pair in halves if all(part in vocabulary for part in pair)]
        merges += [(score, pair) for pair in sorted(known, key=lambda pair: tuple(vocabulary[part] for part in pair))]
    merges.sort(key=lambda merge: -merge[0])
    special = [{"id": i, "content": pieces[i][0], "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
                "special": True} for i in range(3)]
    single = [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": special,
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
        "pre_tokenizer": None,
        "post_processor": {"type": "TemplateProcessing", "single": single, "pair": single + [{"Sequence": {"id": "B", "type_id": 1}}],
                           "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
        "decoder": {"type": "Sequence", "decoders": [
            {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
            {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
        "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None, "end_of_word_suffix": None,
                  "fuse_unk": True, "byte_fallback": True, "vocab": vocabulary, "merges": [list(pair) for _, pair in merges]},
    }


def llama2c_pieces(path):
    """(piece, score) of llama2.c's own tokenizer file, which writes a space for SentencePiece's mark."""
    data, at, pieces = Path(path).read_bytes(), 4, []
    while at < len(data):
        score, length = struct.unpack_from("fi", data, at)
        pieces.append((data[at + 8 : at + 8 + length].decode().replace(" ", "▁"), score))
        at += 8 + length
    return [("<unk>", 0.0), ("<s>", 0.0), ("</s>", 0.0)] + pieces[3:]


TOKENIZER_CONFIG = {"tokenizer_class": "LlamaTokenizerFast", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>",
                    "add_bos_token": True, "add_eos_token": False, "legacy": True}


def from_folder(folder):
    from safetensors.numpy import load_file

    config = json.loads((folder / "config.json").read_text())
    wanted = {"model_type": "llama", "hidden_act": "silu", "rope_scaling": None, "attention_bias": False, "mlp_bias": False}
    for field, value in wanted.items():
        if config.get(field, value) != value:
            raise SystemExit(f"this exporter knows {field} {value!r} only, not {config[field]!r}")
    config.setdefault("head_dim", config["hidden_size"] // config["num_attention_heads"])
    config.setdefault("rope_theta", 10000.0)
    weights = load_file(folder / "model.safetensors")
    weights.setdefault("lm_head.weight", weights["model.embed_tokens.weight"])
    return config, weights


def write(folder, config, weights, tokenizer, tokenizer_config):
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    g, scores, memory = llama_graph(config, weights)
    data = folder / "onnx" / "model.onnx_data"
    data.unlink(missing_ok=True)
    save(causal_model(g, scores, memory, config), folder / "onnx" / "model.onnx", save_as_external_data=True, location=data.name)
    for name, content in (("config", config), ("tokenizer", tokenizer), ("tokenizer_config", tokenizer_config)):
        (folder / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")


def main(*paths):
    *source, target = map(Path, paths)
    if len(source) == 2:
        write(target, *from_llama2c(source[0]), sentencepiece_json(llama2c_pieces(source[1])), TOKENIZER_CONFIG)
    else:
        read = [json.loads((source[0] / f"{name}.json").read_text()) for name in ("tokenizer", "tokenizer_config")]
        write(target, *from_folder(source[0]), *read)


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
