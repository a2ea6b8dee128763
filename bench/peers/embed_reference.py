"""The same sentences by PyTorch transformers, as a peer of bench/trials/embed.ts: one JSON line in, one out.

A model is `alva embed`'s own folder (its weights taken out of the ONNX graph again, by name), llama2.c's file, or a GGUF file (dequantized).
Sentences run one by one, unpadded, in float32; states, `pooling` and `skip` (leading tokens left out of the mean) as asked.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from transformers import AutoTokenizer, BertConfig, BertModel, LlamaConfig, LlamaModel, PreTrainedTokenizerFast, logging

sys.path.insert(0, str(Path(__file__).resolve().parent))
from export_decoder import from_llama2c  # noqa: E402

logging.set_verbosity_error()
logging.disable_progress_bar()
DENSE = ("query", "key", "value", "dense")


def dequantized(nodes, stored):
    """Weights that are kept as whole numbers and a scale: Cast, then Mul."""
    cast = {node.output[0]: stored[node.input[0]] for node in nodes if node.op_type == "Cast" and node.input[0] in stored}
    return {node.output[0]: cast[node.input[0]].astype(np.float32) * stored[node.input[1]]
            for node in nodes if node.op_type == "Mul" and node.input[0] in cast and node.input[1] in stored}


def biased(nodes, stored):
    """The weights of products that a bias is added to, with the bias's name, which exporters keep."""
    weights = {node.output[0]: stored[node.input[1]] for node in nodes if node.op_type == "MatMul" and node.input[1] in stored}
    for node in nodes:
        for product, bias in (node.input, reversed(node.input)) if node.op_type == "Add" else ():
            if product in weights and bias.endswith(".bias"):
                yield bias, weights[product]


def bert_of(folder):
    """A BertModel with the weights of an ONNX export: those of products have lost their names in some, their nodes have not."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(next((folder / "onnx").glob("*.onnx"))).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    stored |= dequantized(graph.node, stored)
    products = {node.name.strip("/").removesuffix("/MatMul").replace("/", "."): stored[node.input[1]]
                for node in graph.node if node.op_type == "MatMul" and node.input[1] in stored}
    products |= {bias.removeprefix("inner.").removesuffix(".bias"): weight for bias, weight in biased(graph.node, stored)}
    stored = {name.removeprefix("inner."): values for name, values in stored.items()}
    model = BertModel(BertConfig(**json.loads((folder / "config.json").read_text())), add_pooling_layer=False)
    state = {}
    for name in model.state_dict():
        path, kind = name.rsplit(".", 1)
        if kind == "weight" and path.endswith(DENSE):
            state[name] = (products[path] if path in products else stored[name]).T  # PyTorch stores out x in
        elif name in stored:
            state[name] = stored[name]
    missing = model.load_state_dict({name: torch.tensor(values.copy()) for name, values in state.items()}, strict=False)
    unknown = [name for name in missing.missing_keys if "position_ids" not in name and "token_type_ids" not in name]
    if unknown:
        raise SystemExit(f"the ONNX file does not hold {unknown}")
    return model


def llama2c_of(path):
    config, weights = from_llama2c(path)
    model = LlamaModel(LlamaConfig(**{name: value for name, value in config.items() if name != "architectures"}))
    state = {name.removeprefix("model."): torch.tensor(values.copy()) for name, values in weights.items() if name != "lm_head.weight"}
    model.load_state_dict(state)
    return model


class Peer:
    def versions(self):
        import sentence_transformers
        import transformers

        return {"torch": torch.__version__, "transformers": transformers.__version__,
                "sentence-transformers": sentence_transformers.__version__, "threads": torch.get_num_threads()}

    def threads(self, n):
        torch.set_num_threads(n)
        return {}

    def load(self, kind, folder, weights=None):
        """kind: onnx-bert, llama2c or gguf. `weights`: the file, where it is not in the folder by a name of its own."""
        path = Path(folder)
        if kind == "gguf":
            from transformers import AutoModel

            file = next(path.glob("*.gguf")).name
            self.tokenizer = AutoTokenizer.from_pretrained(path, gguf_file=file)
            self.model = AutoModel.from_pretrained(path, gguf_file=file, dtype=torch.float32)
        else:
            self.tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(path / "tokenizer.json"))
            self.model = bert_of(path) if kind == "onnx-bert" else llama2c_of(weights)
        self.model.eval()
        return {"parameters": sum(p.numel() for p in self.model.parameters())}

    def embed(self, sentences, pooling, out, skip=0, layers=False):
        """Writes [sentences, width] to `out`, or [layers, sentences, width]."""
        rows = []
        with torch.no_grad():
            for sentence in sentences:
                ids = torch.tensor([self.tokenizer.encode(sentence)])
                run = self.model(input_ids=ids, attention_mask=torch.ones_like(ids), output_hidden_states=True)
                states = torch.stack(run.hidden_states)[:, 0].double() if layers else run.last_hidden_state.double()
                rows.append((states[:, 0] if pooling == "cls" else states[:, skip:].mean(1)).numpy())
        space = np.stack(rows, 1)
        np.save(out, space if layers else space[0])
        return {"tokens": ids.tolist()[0]}

    def prepare(self, folder, pooling):
        """A folder that sentence-transformers loads, of the model that is loaded."""
        self.model.save_pretrained(folder)
        special = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep", "mask")}
        PreTrainedTokenizerFast(tokenizer_object=self.tokenizer.backend_tokenizer, model_max_length=512, **special).save_pretrained(folder)
        self.folder, self.pooling = folder, pooling
        return {}

    def open(self):
        from sentence_transformers import SentenceTransformer, models

        encoder = models.Transformer(self.folder)
        self.st = SentenceTransformer(modules=[encoder, models.Pooling(encoder.get_word_embedding_dimension(), self.pooling)], device="cpu")

    def encoded(self, sentences, size):
        return self.st.encode(sentences, batch_size=size, show_progress_bar=False, convert_to_numpy=True)

    def vectors(self, sentences, size, out):
        self.open()
        np.save(out, self.encoded(sentences, size).astype(np.float64))
        return {}

    def timed(self, sentences, size, opened=False):
        """Seconds, by CPU and by the clock, of one pass; with `opened` the model is loaded anew first."""
        cpu, wall = time.process_time(), time.perf_counter()
        if opened:
            self.open()
        self.encoded(sentences, size)
        return {"amount": len(sentences), "seconds": time.process_time() - cpu, "wall": time.perf_counter() - wall}


def main():
    peer = Peer()
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(getattr(peer, request.pop("task"))(**request)), flush=True)


if __name__ == "__main__":
    main()
