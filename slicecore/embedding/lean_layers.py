"""Layers that make the same numbers with less work: activations in place, a last layer of which few tokens count."""

from __future__ import annotations

from typing import Any


def activate_in_place(model: Any) -> None:
    """Let a model's GELU write over its input, which no layer of these models reads again.

    Memory that is taken anew for every activation is cleared page by page, which takes longer than the activation.
    """
    import torch

    class InPlace(torch.nn.Module):
        def forward(self, values: Any) -> Any:
            return torch.ops.aten.gelu_(values)

    for name, child in list(model.named_children()):
        if type(child).__name__ == "GELUActivation" and child.act is torch.nn.functional.gelu:
            setattr(model, name, InPlace())
        else:
            activate_in_place(child)


def only_first(layer: Any, tokens: int, but: tuple[str, ...]) -> None:
    """Let the linear layers within a layer compute the first tokens alone, and nothing for the others.

    Parameters
    ----------
    layer
        Last layer of a transformer, of whose output only so many tokens are read.
    tokens
        Number of them.
    but
        Names of the modules that all tokens need: keys and values of the attention.
    """
    import torch

    class First(torch.nn.Module):
        def __init__(self, inner: Any) -> None:
            super().__init__()
            self.inner = inner

        def forward(self, values: Any) -> Any:
            first = self.inner(values[:, :tokens])
            made = first.new_zeros(*values.shape[:-1], first.shape[-1])
            made[:, :tokens] = first
            return made

    for name, child in list(layer.named_children()):
        if type(child) is torch.nn.Linear:
            if name not in but:
                setattr(layer, name, First(child))
        else:
            only_first(child, tokens, but)
