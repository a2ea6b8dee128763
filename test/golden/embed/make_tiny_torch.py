"""Makes tiny-clip/ and tiny-blip/ (random text encoders of CLIP and BLIP that transformers.js loads), tiny-masked/ (a random BERT exported
with its masked language model head, `logits` only) and pytorch.json: what Hugging Face transformers on PyTorch makes of the same weights
and sentences, CLIP's text_embeds, BLIP's text_proj of [CLS] and BERT's last hidden state at [CLS].

    pip install torch transformers onnx safetensors && python test/golden/embed/make_tiny_torch.py
"""

import json
import sys
import tempfile
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertTokenizer,
    BlipConfig,
    BlipForImageTextRetrieval,
    CLIPTextConfig,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
)

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[2] / "bench" / "peers"), str(HERE)]
import export_blip  # noqa: E402
from make_tiny_bert import SENTENCES, SPECIAL, WORDS, tokenizer  # noqa: E402

TEXT = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}


BERT_TOKENS = {"tokenizer_class": "BertTokenizer", "pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]",
               "sep_token": "[SEP]", "mask_token": "[MASK]", "model_max_length": 32}


def write_json(folder, **contents):
    for name, content in contents.items():
        (folder / f"{name}.json").write_text(json.dumps(content, indent=1, default=str) + "\n")


class Scored(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).logits


class Projected(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask):
        output = self.model(input_ids=input_ids, attention_mask=attention_mask)
        return output.text_embeds, output.last_hidden_state


def randomized(model):
    for weight in model.parameters():
        torch.nn.init.normal_(weight, std=0.4)
    return model.eval()


def clip_tokenizer():
    """The letters of CLIP's own alphabet and a few of its merges; the real one has 49 408 tokens."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    merges = [("t", "h"), ("th", "e</w>"), ("b", "a"), ("ba", "l"), ("bal", "l</w>"), ("r", "e"), ("re", "d</w>"), ("g", "o</w>"), ("t", "o</w>")]
    tokens = [*letters, *(f"{letter}</w>" for letter in letters), *("".join(m) for m in merges)]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(vocab={t: i for i, t in enumerate(tokens)}, merges=merges, model_max_length=40), len(tokens)


def make_clip(folder):
    tokens, vocab_size = clip_tokenizer()
    config = CLIPTextConfig(**TEXT, projection_dim=8, vocab_size=vocab_size, max_position_embeddings=40, bos_token_id=vocab_size - 2,
                            eos_token_id=vocab_size - 1, pad_token_id=vocab_size - 1, attn_implementation="eager")
    model = randomized(CLIPTextModelWithProjection(config))
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    batch = tokens(SENTENCES, padding=True, return_tensors="pt")
    axes = {0: "batch", 1: "sequence"}
    torch.onnx.export(Projected(model).eval(), (batch.input_ids, batch.attention_mask), folder / "onnx" / "text_model.onnx", dynamo=False,
                      input_names=["input_ids", "attention_mask"], output_names=["text_embeds", "last_hidden_state"], opset_version=17,
                      dynamic_axes={"input_ids": axes, "attention_mask": axes, "text_embeds": {0: "batch"}, "last_hidden_state": axes})
    tokens.save_pretrained(folder)
    # as openai/clip-vit-base-patch32 has it: the text encoder is a part
    whole = {"model_type": "clip", "architectures": ["CLIPModel"], "projection_dim": 8, "text_config": config.to_dict(), "vision_config": {}}
    (folder / "config.json").write_text(json.dumps(whole, indent=1) + "\n")
    alone = [tokens(s, return_tensors="pt") for s in SENTENCES]
    with torch.no_grad():
        return [b.input_ids[0].tolist() for b in alone], [model(**b).text_embeds[0].tolist() for b in alone]


def make_blip(folder):
    vision = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "image_size": 32, "patch_size": 16}
    text = {**TEXT, "vocab_size": len(SPECIAL) + len(WORDS), "max_position_embeddings": 32, "encoder_hidden_size": 16}
    config = BlipConfig(text_config=text, vision_config=vision, image_text_hidden_size=6)
    model = randomized(BlipForImageTextRetrieval(config))
    with tempfile.TemporaryDirectory() as name:
        source = Path(name)
        save_file({k: w.contiguous() for k, w in model.state_dict().items()}, source / "model.safetensors")
        write_json(source, config=config.to_dict(), tokenizer=tokenizer(), tokenizer_config=BERT_TOKENS)
        export_blip.main(source, folder)
        tokens = BertTokenizer(vocab={w: i for i, w in enumerate(SPECIAL + WORDS)})
    alone = [tokens(s, return_tensors="pt") for s in SENTENCES]
    with torch.no_grad():
        states = [model.text_encoder(input_ids=b.input_ids, attention_mask=b.attention_mask).last_hidden_state for b in alone]
        return [b.input_ids[0].tolist() for b in alone], [model.text_proj(s[:, 0])[0].tolist() for s in states]


def make_masked(folder):
    vocab_size = len(SPECIAL) + len(WORDS)
    config = BertConfig(**TEXT, vocab_size=vocab_size, max_position_embeddings=32, attn_implementation="eager")
    model = randomized(BertForMaskedLM(config))
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    tokens = BertTokenizer(vocab={w: i for i, w in enumerate(SPECIAL + WORDS)})
    batch = tokens(SENTENCES, padding=True, return_tensors="pt")
    axes = {0: "batch", 1: "sequence"}
    names = ["input_ids", "attention_mask", "token_type_ids"]
    # an opset before LayerNormalization and Gelu, as most exports on the hub have: norms and activations in pieces
    torch.onnx.export(Scored(model).eval(), tuple(batch[n] for n in names), folder / "onnx" / "model.onnx", dynamo=False, opset_version=14,
                      input_names=names, output_names=["logits"], dynamic_axes=dict.fromkeys([*names, "logits"], axes))
    write_json(folder, config=config.to_dict() | {"architectures": ["BertForMaskedLM"]}, tokenizer=tokenizer(), tokenizer_config=BERT_TOKENS)
    alone = [tokens(s, return_tensors="pt") for s in SENTENCES]
    with torch.no_grad():
        return [b.input_ids[0].tolist() for b in alone], [model.bert(**b).last_hidden_state[0, 0].tolist() for b in alone]


def main():
    torch.manual_seed(11)
    made = {name: make(HERE / f"tiny-{name}") for name, make in (("clip", make_clip), ("blip", make_blip), ("masked", make_masked))}
    expected = {name: {"ids": ids, "vectors": vectors} for name, (ids, vectors) in made.items()}
    (HERE / "pytorch.json").write_text(json.dumps({"sentences": SENTENCES, **expected}) + "\n")


if __name__ == "__main__":
    main()
