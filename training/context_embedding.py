"""A small transformer over the static encoder's tokens: what the static model is compared with."""

import json
from pathlib import Path
from typing import Any, Self

import torch
from safetensors.torch import load_file, save_file
from sentence_transformers.base.modules.input_module import InputModule
from tokenizers import Tokenizer
from torch import Tensor, nn

CONFIG_FILE = "config.json"
FIRST_POSITION_SPREAD = 0.02
TEXTS_AT_ONCE = 96


class ContextEmbedding(InputModule):  # type: ignore[misc]  # the library is not typed
    """Token vectors, a few transformer layers, and their mean: a module of sentence-transformers.

    Layers normalise what they read and add to what was there (Xiong et al., "On Layer Normalization in the Transformer
    Architecture", 2020), and what they add starts at zero: untrained, the module is the static encoder whose vectors
    it was given, so all that training changes is what context is worth.

    It takes what `StaticEmbedding` takes, token ids of all texts one behind the other and where each begins.
    """

    modalities = ("text",)

    def __init__(
        self, tokenizer: Tokenizer, vectors: Tensor, *, layers: int, heads: int, feed_forward: int, longest_tokens: int
    ) -> None:
        super().__init__()
        self.tokenizer = tokenizer
        self.tokenizer.no_padding()
        self.shape = {"layers": layers, "heads": heads, "feed_forward": feed_forward, "longest_tokens": longest_tokens}
        self.embedding = nn.Embedding.from_pretrained(vectors, freeze=False)
        width = vectors.shape[1]
        self.positions = nn.Parameter(FIRST_POSITION_SPREAD * torch.randn(longest_tokens, width))
        layer = nn.TransformerEncoderLayer(
            width, heads, feed_forward, dropout=0.1, activation="gelu", batch_first=True, norm_first=True
        )
        self.context = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        for one in self.context.layers:
            nn.init.zeros_(one.self_attn.out_proj.weight)
            nn.init.zeros_(one.linear2.weight)
            nn.init.zeros_(one.linear2.bias)

    def preprocess(self, inputs: list[str], prompt: str | None = None, **_: object) -> dict[str, Tensor]:
        """Return the tokens of texts and where each begins."""
        texts = [f"{prompt or ''}{text}" for text in inputs]
        encodings = self.tokenizer.encode_batch(texts, add_special_tokens=False)
        lengths = torch.tensor([0] + [len(encoding.ids) for encoding in encodings])
        ids = [token for encoding in encodings for token in encoding.ids]
        return {"input_ids": torch.tensor(ids, dtype=torch.long), "offsets": lengths[:-1].cumsum(0)}

    def forward(self, features: dict[str, Any], **_: object) -> dict[str, Any]:
        """Add `sentence_embedding`, shape (texts, width); that of a text without tokens is zero."""
        ids, offsets = features["input_ids"], features["offsets"]
        lengths = torch.diff(offsets, append=torch.tensor([len(ids)])).clamp(max=self.shape["longest_tokens"])
        order = torch.argsort(lengths, stable=True)
        # Texts of like length together: padding costs as much as words.
        pooled = [self.pooled(*padded(ids, offsets[alike], lengths[alike])) for alike in order.split(TEXTS_AT_ONCE)]
        features["sentence_embedding"] = torch.cat(pooled)[torch.argsort(order)]
        return features

    def pooled(self, ids: Tensor, is_there: Tensor) -> Tensor:
        """Return the mean of the vectors of texts; ids and flags have the shape (texts, tokens)."""
        tokens = self.embedding(ids)
        # A text without tokens looks at its padding, or the softmax would be of nothing.
        is_masked = ~is_there & is_there.any(dim=1, keepdim=True)
        vectors = self.context(tokens + self.positions[: ids.shape[1]], src_key_padding_mask=is_masked)
        counted = is_there.unsqueeze(2).to(vectors.dtype)
        return (vectors * counted).sum(dim=1) / counted.sum(dim=1).clamp(min=1.0)

    @property
    def max_seq_length(self) -> int:
        """Tokens behind this many are not read."""
        return self.shape["longest_tokens"]

    def get_embedding_dimension(self) -> int:
        """Return the length of a vector."""
        return int(self.embedding.embedding_dim)

    def save(self, output_path: str, *_: object, **__: object) -> None:
        """Write the module's files into a folder that is there."""
        folder = Path(output_path)
        save_file(self.state_dict(), folder / "model.safetensors", metadata={"format": "pt"})
        self.tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        (folder / CONFIG_FILE).write_text(json.dumps(self.shape) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **_: object) -> Self:
        """Return the module in a folder."""
        folder = Path(model_name_or_path) / subfolder
        weights = load_file(folder / "model.safetensors")
        shape = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
        module = cls(Tokenizer.from_file(str(folder / "tokenizer.json")), weights["embedding.weight"], **shape)
        module.load_state_dict(weights)
        return module


def padded(ids: Tensor, offsets: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
    """Return the tokens of each text in a row of its own, and which of them are tokens and not padding.

    Args:
        ids: Tokens of all texts, one behind the other, shape (tokens,).
        offsets: Where each text begins, shape (texts,).
        lengths: How many of its tokens are wanted, shape (texts,); at least one text.
    """
    places = torch.arange(max(1, int(lengths.max())))
    is_there = places[None, :] < lengths[:, None]
    rows = torch.zeros(is_there.shape, dtype=torch.long)
    rows[is_there] = ids[(offsets[:, None] + places[None, :])[is_there]]
    return rows, is_there


def narrowed(vectors: Tensor, width: int) -> Tensor:
    """Return vectors along the directions in which they differ most, shape (tokens, width); their order is kept."""
    if width >= vectors.shape[1]:
        return vectors
    _, _, directions = torch.linalg.svd(vectors.T @ vectors)
    return vectors @ directions[:width].T
