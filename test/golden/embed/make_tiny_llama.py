"""Makes tiny-llama/ (a random decoder of Llama architecture as a usual export gives it: scores and memory, no hidden states; as many words
as its states are wide, so that scores have the same shape as states) and llama.json: ids, and the states of every layer by PyTorch transformers.

    pip install torch transformers onnx safetensors && python test/golden/embed/make_tiny_llama.py
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import LlamaConfig, LlamaForCausalLM

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "bench" / "peers"))
from export_decoder import TOKENIZER_CONFIG, write  # noqa: E402

SPECIAL = ["<unk>", "<s>", "</s>"]
WORDS = "go to the red green blue ball box key pick up move towards".split()
WIDTH = len(SPECIAL + WORDS)  # 16
CONFIG = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": WIDTH, "intermediate_size": 24, "num_hidden_layers": 3,
          "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 4, "vocab_size": WIDTH, "max_position_embeddings": 32,
          "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "hidden_act": "silu", "tie_word_embeddings": False, "bos_token_id": 1, "eos_token_id": 2}
SENTENCES = ["go to the red ball", "move towards the blue key", "pick up the green box", "go to the key", "move"]


def tokenizer():
    single = [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]
    special = [{"id": i, "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
               for i, token in enumerate(SPECIAL)]
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": special, "normalizer": None,
            "pre_tokenizer": {"type": "WhitespaceSplit"},
            "post_processor": {"type": "TemplateProcessing", "single": single, "pair": single + [{"Sequence": {"id": "B", "type_id": 1}}],
                               "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
            "decoder": None,
            "model": {"type": "WordLevel", "vocab": {word: i for i, word in enumerate(SPECIAL + WORDS)}, "unk_token": "<unk>"}}


def main():
    torch.manual_seed(7)
    model = LlamaForCausalLM(LlamaConfig(**{k: v for k, v in CONFIG.items() if k != "architectures"})).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            weight.copy_(torch.randn(weight.shape) * 0.3 + (1.0 if "norm" in name else 0.0))
    weights = {name: values.numpy() for name, values in model.state_dict().items()}
    write(HERE / "tiny-llama", CONFIG, weights, tokenizer(), TOKENIZER_CONFIG)

    reference = Tokenizer.from_file(str(HERE / "tiny-llama" / "tokenizer.json"))
    ids = [reference.encode(sentence).ids for sentence in SENTENCES]
    model.double()
    with torch.no_grad():
        runs = [model(torch.tensor([i]), output_hidden_states=True) for i in ids]
    states = [[layer[0].numpy() for layer in run.hidden_states] for run in runs]
    # of the last layer: mean with and without <s>; of every layer: mean; and the scores' mean, which no embedding may be
    expected = {"sentences": SENTENCES, "ids": ids,
                "layers": [[of[layer].mean(0).tolist() for of in states] for layer in range(CONFIG["num_hidden_layers"] + 1)],
                "withoutBos": [of[-1][1:].mean(0).tolist() for of in states],
                "scores": [run.logits[0].mean(0).tolist() for run in runs]}
    (HERE / "llama.json").write_text(json.dumps(expected) + "\n")
    assert np.isfinite(expected["layers"]).all()


if __name__ == "__main__":
    main()
