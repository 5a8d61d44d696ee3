import copy

import checkpoints
import numpy as np
import torch
from transformers import ASTForAudioClassification, AutoModel

from slicecore.embedding.huggingface import open_huggingface
from slicecore.embedding.lean_layers import activate_in_place, only_first


def test_the_last_layer_of_ast_gives_the_tokens_of_which_the_vector_is_made(tmp_path, cache):
    folder = checkpoints.ast(tmp_path / "model")
    embedder = open_huggingface(folder, cache)
    embedder.start()
    prepared = [embedder.prepare(samples) for samples in checkpoints.some_clips()[:3]]
    made = np.stack([outcome.vector for outcome in embedder.compute(prepared)])
    plain = AutoModel.from_pretrained(folder).eval()
    with torch.inference_mode():
        expected = [
            plain(torch.from_numpy(np.stack(clip.windows))).pooler_output.numpy() for clip in prepared
        ]
    for vector, windows, clip in zip(made, expected, prepared, strict=True):
        np.testing.assert_allclose(vector, clip.shares @ windows, rtol=1e-4, atol=1e-5)


def test_a_layer_computes_the_first_tokens_alone(tmp_path):
    model = ASTForAudioClassification.from_pretrained(checkpoints.ast(tmp_path / "model")).eval()
    layers = (
        model.base_model.layers if hasattr(model.base_model, "layers") else model.base_model.encoder.layer
    )
    rows: list[int] = []
    lean = copy.deepcopy(layers[-1])
    for part in lean.modules():
        if type(part) is torch.nn.Linear:
            part.register_forward_hook(lambda part, given, made: rows.append(given[0].shape[1]))
    only_first(lean, 2, but=("k_proj", "v_proj", "key", "value"))
    hidden = torch.randn(2, 9, model.config.hidden_size)
    with torch.inference_mode():
        exact, made = (layer(hidden) for layer in (layers[-1], lean))
    exact, made = (given if isinstance(given, torch.Tensor) else given[0] for given in (exact, made))
    assert torch.allclose(made[:, :2], exact[:, :2], atol=1e-5)
    assert sorted(rows) == [2, 2, 2, 2, 9, 9]


def test_activations_in_place_give_the_same_numbers(tmp_path):
    plain = AutoModel.from_pretrained(checkpoints.waveform(tmp_path / "model")).eval()
    lean = copy.deepcopy(plain)
    activate_in_place(lean)
    sound = torch.from_numpy(checkpoints.some_clips()[0])[None]
    with torch.inference_mode():
        assert torch.equal(lean(sound).last_hidden_state, plain(sound).last_hidden_state)
    assert sum(type(part).__name__ == "GELUActivation" for part in plain.modules()) > 1
    assert not any(type(part).__name__ == "GELUActivation" for part in lean.modules())
