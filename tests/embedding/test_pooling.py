"""Pooling of a model's output by each family, against the same written down by hand."""

from pathlib import Path

import checkpoints
import numpy as np
import pytest
import torch
import transformers as tf
from checkpoints import CLASSES, RATE

from slicecore.embedding.huggingface import open_huggingface

SAMPLES = np.random.default_rng(3).normal(0, 0.1, 7000).astype(np.float32)


def outcome(folder, samples=SAMPLES):
    embedder = open_huggingface(folder, Path(folder).parent / "cache")
    embedder.start()
    return embedder.compute([embedder.prepare(samples)])[0]


def reload(folder, kind):
    return kind.from_pretrained(folder).eval(), tf.AutoFeatureExtractor.from_pretrained(folder)


def inputs(extractor, samples=SAMPLES):
    return extractor(samples, sampling_rate=RATE, return_tensors="pt")


def assert_labels(computed, probabilities):
    by_name = dict(zip(CLASSES, probabilities.tolist(), strict=True))
    assert [label.name for label in computed.labels] == sorted(by_name, key=by_name.get, reverse=True)
    assert [label.probability for label in computed.labels] == pytest.approx(
        sorted(by_name.values(), reverse=True), abs=1e-5
    )


@torch.inference_mode()
def test_ast(tmp_path):
    computed = outcome(checkpoints.ast(tmp_path))
    model, extractor = reload(tmp_path, tf.ASTForAudioClassification)
    hidden = model.audio_spectrogram_transformer(**inputs(extractor)).last_hidden_state[0]
    assert np.allclose(computed.vector, ((hidden[0] + hidden[1]) / 2).numpy(), atol=1e-5)
    assert_labels(computed, model(**inputs(extractor)).logits[0].softmax(0))


@torch.inference_mode()
def test_audioset_labels_are_independent_of_each_other(tmp_path):
    names = {number: f"sound {number}" for number in range(527)}
    folder = checkpoints.ast(
        tmp_path, num_labels=527, id2label=names, label2id={name: n for n, name in names.items()}
    )
    computed = outcome(folder)
    model, extractor = reload(tmp_path, tf.ASTForAudioClassification)
    best = model(**inputs(extractor)).logits[0].sigmoid().topk(5)
    assert [label.name for label in computed.labels] == [names[number] for number in best.indices.tolist()]
    assert [label.probability for label in computed.labels] == pytest.approx(best.values.tolist(), abs=1e-5)


@torch.inference_mode()
@pytest.mark.parametrize("norm", ["group", "layer"])
def test_wav2vec2_is_the_mean_over_time(tmp_path, norm):
    computed = outcome(checkpoints.waveform(tmp_path, norm=norm))
    model, _ = reload(tmp_path, tf.Wav2Vec2ForSequenceClassification)
    values = torch.from_numpy((SAMPLES - SAMPLES.mean()) / np.sqrt(SAMPLES.var() + 1e-7))[None]
    assert np.allclose(
        computed.vector, model.wav2vec2(values).last_hidden_state[0].mean(dim=0).numpy(), atol=1e-5
    )
    assert_labels(computed, model(values).logits[0].softmax(0))


@torch.inference_mode()
def test_a_classifier_on_all_layers_gives_their_weighted_sum(tmp_path):
    computed = outcome(checkpoints.waveform(tmp_path, "Hubert", use_weighted_layer_sum=True))
    model, extractor = reload(tmp_path, tf.HubertForSequenceClassification)
    layers = torch.stack(model.hubert(**inputs(extractor), output_hidden_states=True).hidden_states)
    weights = model.layer_weights.softmax(0)
    expected = (layers[:, 0] * weights[:, None, None]).sum(dim=0).mean(dim=0)
    assert np.allclose(computed.vector, expected.numpy(), atol=1e-5)
    assert_labels(computed, model(**inputs(extractor)).logits[0].softmax(0))


@torch.inference_mode()
def test_speaker_verification_gives_its_xvector(tmp_path):
    computed = outcome(checkpoints.waveform(tmp_path, "WavLM", "layer", "ForXVector"))
    model, extractor = reload(tmp_path, tf.WavLMForXVector)
    assert np.allclose(computed.vector, model(**inputs(extractor)).embeddings[0].numpy(), atol=1e-5)
    assert computed.labels == ()


@torch.inference_mode()
@pytest.mark.parametrize("weighted", [None, False, True])
def test_whisper_pools_over_the_clip_and_not_over_what_it_is_filled_up_with(tmp_path, weighted):
    if weighted is None:
        computed = outcome(checkpoints.whisper(tmp_path))
        model, extractor = reload(tmp_path, tf.WhisperModel)
        hidden = model.encoder(inputs(extractor)["input_features"]).last_hidden_state[0]
        assert computed.labels == ()
    else:
        folder = checkpoints.whisper(
            tmp_path, tf.WhisperForAudioClassification, use_weighted_layer_sum=weighted
        )
        computed = outcome(folder)
        model, extractor = reload(tmp_path, tf.WhisperForAudioClassification)
        features = inputs(extractor)["input_features"]
        output = model.encoder(features, output_hidden_states=True)
        hidden = output.last_hidden_state[0]
        if weighted:
            layers = torch.stack(output.hidden_states)[:, 0]
            hidden = (layers * model.layer_weights.softmax(0)[:, None, None]).sum(dim=0)
        assert_labels(computed, model(features).logits[0].softmax(0))
    # 7000 samples are 43.75 frames of 10 ms, of which the encoder makes 22 of 20 ms.
    assert np.allclose(computed.vector, hidden[:22].mean(dim=0).numpy(), atol=1e-5)
    assert not np.allclose(computed.vector, hidden.mean(dim=0).numpy(), atol=1e-3)


@torch.inference_mode()
@pytest.mark.parametrize("fusion", [False, True])
def test_clap_gives_the_projection_at_unit_length_without_chance(tmp_path, fusion):
    folder = checkpoints.clap(tmp_path, fusion)
    model, extractor = reload(tmp_path, tf.ClapModel)
    features = inputs(extractor)
    features["is_longer"] = torch.zeros((1, 1), dtype=torch.bool)
    projected = model.audio_projection(model.audio_model(**features).pooler_output)[0]
    assert np.allclose(outcome(folder).vector, (projected / projected.norm()).numpy(), atol=1e-5)
    long = np.random.default_rng(4).normal(0, 0.1, 2 * RATE).astype(np.float32)
    first = outcome(folder, long).vector
    np.random.seed(7)
    assert np.array_equal(first, outcome(folder, long).vector)


def test_silence_is_no_accident(tmp_path):
    silent = outcome(checkpoints.waveform(tmp_path), np.zeros(5000, np.float32)).vector
    assert np.isfinite(silent).all()
