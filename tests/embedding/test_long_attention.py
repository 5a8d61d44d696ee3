import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from slicecore.embedding.long_attention import LongAttention


def tokens(count: int, clips: int = 2, heads: int = 3, numbers: int = 16) -> list[torch.Tensor]:
    """Query, key and value."""
    torch.manual_seed(count)
    return [torch.randn(clips, heads, count, numbers) for _ in range(3)]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("scale", [None, 0.5])
def test_attention_among_many_tokens_is_that_of_pytorch(dtype, scale):
    query, key, value = tokens(700)
    exact = scaled_dot_product_attention(query, key, value, scale=scale)
    with torch.inference_mode(), LongAttention():
        made = scaled_dot_product_attention(query.to(dtype), key.to(dtype), value.to(dtype), scale=scale)
    assert (made.shape, made.dtype) == (exact.shape, dtype)
    assert 0 < (made - exact).norm() / exact.norm() < 0.02


def test_one_large_product_is_no_overflow():
    query, key, value = tokens(600)
    query[0, 0, 0] = key[0, 0, 5] = 100
    with LongAttention():
        made = scaled_dot_product_attention(query, key, value)
    assert torch.isfinite(made).all()
    assert torch.allclose(made[0, 0, 0], value[0, 0, 5], atol=0.01)


@pytest.mark.parametrize(
    "options",
    [
        {"attn_mask": (torch.arange(700) < 400)[None]},
        {"is_causal": True},
        {"scale": 0.5, "attn_mask": torch.zeros(700, 700)},
    ],
)
def test_what_it_does_not_know_is_left_to_pytorch(options):
    query, key, value = tokens(700)
    exact = scaled_dot_product_attention(query, key, value, **options)
    with LongAttention():
        assert torch.equal(scaled_dot_product_attention(query, key, value, **options), exact)


def test_few_tokens_and_other_functions_are_left_to_pytorch():
    query, key, value = tokens(100)
    exact = scaled_dot_product_attention(query, key, value)
    with LongAttention():
        assert torch.equal(scaled_dot_product_attention(query, key, value), exact)
        assert torch.equal(query.softmax(-1), torch.softmax(query, -1))
