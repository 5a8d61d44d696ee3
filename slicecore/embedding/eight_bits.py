"""Products of numbers of 8 bits in the place of a model's linear layers and convolutions, on processors of x86.

Weights have a scale per output, inputs one per row, that is per token or frame: a few large values, which transformers
have in some tokens, then cost the others nothing, and a clip's vector does not depend on the clips beside it. Sums are
whole numbers, so that they are the same on every processor.
"""

from __future__ import annotations

import copy
import importlib.util
from typing import Any

_NOTHING = 1e-20
"""Largest value of a row that counts as silent."""

_LARGEST_WEIGHT = _WHOLE_RANGE = 127

_HALF_RANGE = 63
"""Largest input where products are added in pairs in 16 bits, as AVX2 does, which would overflow else."""

_ITSELF = ("WavLMAttention",)
"""Classes of modules that take the weights of their layers and multiply themselves: they stay as they are."""

_AT_ONCE = 512
"""Rows that are scaled and multiplied at a time: they stay in the processor's cache."""


def is_faster_here() -> bool:
    """Return whether PyTorch can compute with 8 bits on this machine, and gains by it."""
    if importlib.util.find_spec("torch") is None:
        return False
    import torch

    has_product = all(hasattr(torch.ops.onednn, name) for name in ("qlinear_prepack", "qlinear_pointwise"))
    is_fast = torch.backends.cpu.get_cpu_capability().startswith(("AVX2", "AVX512"))
    return torch.backends.mkldnn.is_available() and has_product and is_fast


def is_fourfold_here() -> bool:
    """Return whether the processor multiplies four times as many numbers of 8 bits as of 32 (AVX-512 VNNI)."""
    if not is_faster_here():
        return False
    import torch

    ask = getattr(torch.cpu, "_is_avx512_vnni_supported", None) or getattr(
        torch.cpu, "_is_vnni_supported", None
    )
    return ask is not None and bool(ask())


def lower(model: Any, fourfold: bool = False) -> None:
    """Replace the linear layers of a model, and its plain convolutions over time, by those of 8 bits.

    Where the processor is fourfold as fast, inputs take all values of 8 bits, half of them elsewhere, and the other
    convolutions compute in 16 bits.
    """
    import torch

    largest = _WHOLE_RANGE if fourfold else _HALF_RANGE
    for name, child in list(model.named_children()):
        if type(child) is torch.nn.Linear:
            setattr(model, name, _linear(child.weight, child.bias, largest))
        elif type(child) is torch.nn.Conv1d and _is_plain(child):
            setattr(model, name, _convolution(child, largest))
        elif fourfold and isinstance(child, torch.nn.Conv1d | torch.nn.Conv2d):
            _compute_in_16_bits(child)
        elif type(child).__name__ not in _ITSELF:
            lower(child, fourfold)


def _is_plain(convolution: Any) -> bool:
    """True for a convolution that is a product of windows: without groups, padding and holes."""
    return (
        convolution.groups == 1
        and convolution.in_channels > 1
        and convolution.padding == (0,)
        and convolution.dilation == (1,)
    )


def _linear(weight: Any, bias: Any, largest_input: int) -> Any:
    """The module of a product with a weight, (outputs, inputs)."""
    import torch

    zero = largest_input + 1

    class Linear(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.outputs = len(weight)
            scale = weight.detach().abs().amax(dim=1).clamp_min(_NOTHING) / _LARGEST_WEIGHT
            whole = (weight.detach() / scale[:, None]).round_().to(torch.int8)
            self.packed = torch.ops.onednn.qlinear_prepack(whole, None)
            self.scale, self.zero = scale, torch.zeros(len(weight), dtype=torch.long)
            self.bias = None if bias is None else bias.detach()

        def forward(self, values: Any) -> Any:
            made = values.new_empty(*values.shape[:-1], self.outputs)
            self.fill(made.flatten(0, -2), values.flatten(0, -2))
            return made

        def fill(self, products: Any, rows: Any) -> None:
            for block, product in zip(rows.split(_AT_ONCE), products.split(_AT_ONCE), strict=True):
                self._multiply(block, product)

        def _multiply(self, rows: Any, product: Any) -> None:
            largest = rows.abs().amax(dim=-1, keepdim=True).clamp_min_(_NOTHING)
            signed = (rows * (largest_input / largest)).round_().to(torch.int8)
            whole = signed.view(torch.uint8).add_(zero)  # what PyTorch multiplies has no sign
            of_scaled = torch.ops.onednn.qlinear_pointwise(
                whole, 1 / largest_input, zero,
                self.packed, self.scale, self.zero, None,
                1.0, 0, torch.float32, "none", [], "",
            )  # fmt: skip
            if self.bias is None:
                torch.mul(of_scaled, largest, out=product)
            else:
                torch.addcmul(self.bias, of_scaled, largest, out=product)

    return Linear()


def _convolution(convolution: Any, largest_input: int) -> Any:
    """The module of a convolution as a product, whose rows are the windows of all channels."""
    import torch

    (width,), (step,) = convolution.kernel_size, convolution.stride
    by_window = convolution.weight.detach().permute(0, 2, 1).flatten(1)

    class Convolution(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.product = _linear(by_window, convolution.bias, largest_input)

        def forward(self, values: Any) -> Any:
            frames = values.transpose(1, 2).contiguous()
            clips, length, channels = frames.shape
            count = (length - width) // step + 1
            made = frames.new_empty(clips, count, self.product.outputs)
            for clip, products in zip(frames, made, strict=True):
                # Overlapping rows, which are copied block by block.
                windows = clip.as_strided(
                    (count, width * channels), (step * channels, 1), clip.storage_offset()
                )
                self.product.fill(products, windows)
            return made.transpose(1, 2)

    return Convolution()


def _compute_in_16_bits(layer: Any) -> None:
    """Let a layer between others of 32 bits compute in 16; whoever asks for its weights still finds those of 32."""
    import torch

    rounded = copy.deepcopy(layer).to(torch.bfloat16)
    layer.forward = lambda values: rounded(values.to(torch.bfloat16)).to(values.dtype)
