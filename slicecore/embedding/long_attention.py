"""Attention among many tokens with products of 16 bits, on processors that multiply such numbers themselves.

PyTorch's own attention takes as long there with 16 bits as with 32. Here the products are those of linear layers, which
take half as long, and the softmax is computed in 32 bits.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor, bfloat16, empty, inference_mode, mm, softmax
from torch.nn.functional import scaled_dot_product_attention
from torch.overrides import TorchFunctionMode

_LEAST_TOKENS = 512
"""With fewer, PyTorch's own attention is as fast."""

_USUAL = {"attn_mask": None, "dropout_p": 0.0, "is_causal": False, "enable_gqa": False}
"""Options of PyTorch's attention, with which it is that of `attention`."""


class LongAttention(TorchFunctionMode):
    """Context in which attention without a mask is computed by `attention`."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is scaled_dot_product_attention and len(args) >= 3:
            return _attend(*args, **(kwargs or {}))
        return func(*args, **(kwargs or {}))


def _attend(query: Tensor, key: Tensor, value: Tensor, *rest: Any, **options: Any) -> Any:
    scale = options.get("scale")
    asked = [name for name, usual in _USUAL.items() if _differs(options.get(name, usual), usual)]
    unknown = options.keys() - _USUAL.keys() - {"scale"}
    is_plain = query.dim() == 4 and query.shape == key.shape == value.shape
    if rest or asked or unknown or not is_plain or query.shape[2] < _LEAST_TOKENS:
        return scaled_dot_product_attention(query, key, value, *rest, **options)
    return attention(query, key, value, query.shape[-1] ** -0.5 if scale is None else scale)


def _differs(given: Any, usual: Any) -> bool:
    return isinstance(given, Tensor) or given != usual


@inference_mode()
def attention(query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
    """Weighted means of values, each (clips, heads, tokens, numbers), in the precision of the query."""
    clips, heads, tokens, numbers = query.shape
    queries = (query * scale).to(bfloat16)
    keys, values = key.to(bfloat16).contiguous(), value.to(bfloat16).contiguous()
    # Heads of a token lie side by side, as the layer behind needs them. The same memory serves all heads.
    made = empty(clips, tokens, heads, numbers, dtype=query.dtype)
    products, weights = empty(tokens, tokens, dtype=bfloat16), empty(tokens, tokens)
    for clip in range(clips):
        for head in range(heads):
            mm(queries[clip, head], keys[clip, head].t(), out=products)
            softmax(weights.copy_(products), -1, out=weights)
            made[clip, :, head] = mm(products.copy_(weights), values[clip, head])
    return made.transpose(1, 2)
