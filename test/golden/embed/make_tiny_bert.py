"""Makes tiny-bert/ (a random BERT encoder that transformers.js loads), tiny-causal/ (the same with `logits` as its only output)
and expected.json: token ids by Hugging Face tokenizers, [CLS] and masked-mean embeddings by a plain float64 NumPy twin.

    pip install -r bench/peers/requirements-export.txt && python test/golden/embed/make_tiny_bert.py
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
from onnx import save
from tokenizers import Tokenizer

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "bench" / "peers"))
from export_encoder import bert_graph, model_of  # noqa: E402

CONFIG = {
    "architectures": ["BertModel"],
    "model_type": "bert",
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "hidden_act": "gelu",
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": 32,
    "type_vocab_size": 2,
}
CAUSAL = {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "n_embd": 16, "hidden_size": 16, "n_head": 2, "n_layer": 2}
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = "go to the red green blue ball box key pick up ##wards move avoid escape from stay away".split()
SENTENCES = ["go to the red ball", "move towards the blue key", "pick up the green box", "avoid the ball", "jump from the box"]


def tokenizer():
    vocabulary = {word: i for i, word in enumerate(SPECIAL + WORDS)}
    special = {name: {"id": name, "ids": [vocabulary[name]], "tokens": [name]} for name in ("[CLS]", "[SEP]")}
    piece = lambda kind, name: {kind: {"id": name, "type_id": 0}}  # noqa: E731
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": vocabulary[t], "content": t, "single_word": False, "lstrip": False, "rstrip": False,
             "normalized": False, "special": True} for t in SPECIAL
        ],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                       "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [piece("SpecialToken", "[CLS]"), piece("Sequence", "A"), piece("SpecialToken", "[SEP]")],
            "pair": [piece("SpecialToken", "[CLS]"), piece("Sequence", "A"), piece("SpecialToken", "[SEP]"),
                     piece("Sequence", "B"), piece("SpecialToken", "[SEP]")],
            "special_tokens": special,
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": vocabulary},
    }


def random_weights(random):
    c, weights = CONFIG, {}
    width, inner = c["hidden_size"], c["intermediate_size"]

    def put(name, *shape, scale=0.3, around=0.0):
        weights[name] = (around + scale * random.standard_normal(shape)).astype(np.float32)

    def linear(name, n_out, n_in):
        put(f"{name}.weight", n_out, n_in)
        put(f"{name}.bias", n_out)

    def norm(name):
        put(f"{name}.weight", width, around=1.0)
        put(f"{name}.bias", width)

    put("embeddings.word_embeddings.weight", len(SPECIAL) + len(WORDS), width, scale=1.0)
    put("embeddings.position_embeddings.weight", c["max_position_embeddings"], width)
    put("embeddings.token_type_embeddings.weight", c["type_vocab_size"], width)
    norm("embeddings.LayerNorm")
    for layer in range(c["num_hidden_layers"]):
        at = f"encoder.layer.{layer}"
        for name in ("query", "key", "value"):
            linear(f"{at}.attention.self.{name}", width, width)
        linear(f"{at}.attention.output.dense", width, width)
        norm(f"{at}.attention.output.LayerNorm")
        linear(f"{at}.intermediate.dense", inner, width)
        linear(f"{at}.output.dense", width, inner)
        norm(f"{at}.output.LayerNorm")
    return weights


def hidden_states(w, ids):
    """One unpadded sentence, [tokens, width], in float64 and straight from the definition."""
    w = {name: values.astype(np.float64) for name, values in w.items()}
    heads, width = CONFIG["num_attention_heads"], CONFIG["hidden_size"]
    erf = np.vectorize(math.erf)

    def linear(x, name):
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + CONFIG["layer_norm_eps"]) * w[f"{name}.weight"] + w[f"{name}.bias"]

    x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.token_type_embeddings.weight"][0]
    x = norm(x + w["embeddings.position_embeddings.weight"][: len(ids)], "embeddings.LayerNorm")
    for layer in range(CONFIG["num_hidden_layers"]):
        at = f"encoder.layer.{layer}"
        parts = [linear(x, f"{at}.attention.self.{name}") for name in ("query", "key", "value")]
        joined = []
        for head in range(heads):
            q, k, v = (part[:, head * width // heads : (head + 1) * width // heads] for part in parts)
            e = np.exp(q @ k.T / math.sqrt(width // heads))
            joined.append(e / e.sum(-1, keepdims=True) @ v)
        x = norm(linear(np.concatenate(joined, -1), f"{at}.attention.output.dense") + x, f"{at}.attention.output.LayerNorm")
        inner = linear(x, f"{at}.intermediate.dense")
        x = norm(linear(inner * 0.5 * (1 + erf(inner / math.sqrt(2))), f"{at}.output.dense") + x, f"{at}.output.LayerNorm")
    return x


def write_folder(folder, config, model):
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    save(model, folder / "onnx" / "model.onnx")
    settings = {"tokenizer_class": "BertTokenizer", "pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]",
                "sep_token": "[SEP]", "mask_token": "[MASK]", "model_max_length": 32}
    for name, content in (("config", config), ("tokenizer", tokenizer()), ("tokenizer_config", settings)):
        (folder / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")


def main():
    vocab_size = len(SPECIAL) + len(WORDS)
    weights = random_weights(np.random.default_rng(7))
    graph, last = bert_graph(CONFIG, weights)
    write_folder(HERE / "tiny-bert", CONFIG | {"vocab_size": vocab_size}, model_of(graph, last, "last_hidden_state", 16))

    graph, last = bert_graph(CONFIG, weights)
    scores = graph.op("MatMul", last, graph.constant("lm_head", weights["embeddings.word_embeddings.weight"].T))
    write_folder(HERE / "tiny-causal", CAUSAL | {"vocab_size": vocab_size}, model_of(graph, scores, "logits", vocab_size))

    reference = Tokenizer.from_file(str(HERE / "tiny-bert" / "tokenizer.json"))
    ids = [reference.encode(sentence).ids for sentence in SENTENCES]
    states = [hidden_states(weights, np.array(i)) for i in ids]
    expected = {"sentences": SENTENCES, "ids": ids, "cls": [s[0].tolist() for s in states], "mean": [s.mean(0).tolist() for s in states]}
    (HERE / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()
