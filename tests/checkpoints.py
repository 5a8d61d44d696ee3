"""Tiny checkpoints of every family with random weights, saved as transformers saves real ones."""

import numpy as np
import torch
import transformers as tf

RATE = 16000
CLASSES = ("calm", "angry", "tired")
SMALL = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
CONVOLUTIONS = {
    "conv_dim": (8, 8),
    "conv_kernel": (40, 16),
    "conv_stride": (20, 16),
    "num_feat_extract_layers": 2,
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 2,
    "classifier_proj_size": 8,
}
HEAD = {
    "num_labels": 3,
    "id2label": dict(enumerate(CLASSES)),
    "label2id": {n: i for i, n in enumerate(CLASSES)},
}


def save(folder, model, extractor):
    # Weights that start at zero would hide mistakes.
    for weights in model.parameters():
        with torch.no_grad():
            weights.add_(torch.randn_like(weights) * 0.05)
    model.save_pretrained(folder)
    extractor.save_pretrained(folder)
    return str(folder)


def ast(folder, kind=tf.ASTForAudioClassification, **options):
    torch.manual_seed(0)
    shape = {"max_length": 64, "num_mel_bins": 16}
    config = tf.ASTConfig(
        **SMALL, **shape, patch_size=8, frequency_stride=8, time_stride=8, **{**HEAD, **options}
    )
    return save(folder, kind(config), tf.ASTFeatureExtractor(**shape))


def waveform(folder, kind="Wav2Vec2", norm="group", head="ForSequenceClassification", rate=RATE, **options):
    torch.manual_seed(0)
    options = {"feat_extract_norm": norm, "do_stable_layer_norm": norm == "layer"} | options
    if kind == "Data2VecAudio":
        options = {"conv_pos_kernel_size": 5, "num_conv_pos_embeddings": 2}
    if head == "ForXVector":
        options |= {
            "tdnn_dim": (8, 8, 8),
            "tdnn_kernel": (5, 3, 1),
            "tdnn_dilation": (1, 2, 1),
            "xvector_output_dim": 10,
        }
    config = getattr(tf, f"{kind}Config")(**{**SMALL, **CONVOLUTIONS, **HEAD, **options})
    return save(folder, getattr(tf, f"{kind}{head}")(config), tf.Wav2Vec2FeatureExtractor(sampling_rate=rate))


def whisper(folder, kind=tf.WhisperForConditionalGeneration, **options):
    torch.manual_seed(0)
    config = tf.WhisperConfig(
        d_model=16,
        encoder_layers=2,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        num_mel_bins=16,
        max_source_positions=50,
        max_target_positions=20,
        vocab_size=50,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=1,
        classifier_proj_size=8,
        **HEAD,
        **options,
    )
    return save(folder, kind(config), tf.WhisperFeatureExtractor(feature_size=16, chunk_length=1))


def clap(folder, fusion=False):
    torch.manual_seed(0)
    audio = {
        "spec_size": 64,
        "num_mel_bins": 16,
        "window_size": 4,
        "patch_size": 4,
        "patch_stride": [4, 4],
        "patch_embeds_hidden_size": 8,
        "depths": [1, 1],
        "num_attention_heads": [2, 2],
        "hidden_size": 16,
        "projection_dim": 12,
        "enable_fusion": fusion,
    }
    text = {
        "vocab_size": 50,
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 16,
        "max_position_embeddings": 20,
    }
    config = tf.ClapConfig(audio_config=audio, text_config=text, projection_dim=12)
    extractor = tf.ClapFeatureExtractor(
        feature_size=16,
        sampling_rate=RATE,
        hop_length=160,
        max_length_s=1,
        fft_window_size=400,
        frequency_min=0,
        frequency_max=8000,
        truncation="fusion" if fusion else "rand_trunc",
    )
    return save(folder, tf.ClapModel(config), extractor)


EVERY = {
    "ast": ast,
    "wav2vec2 with group norm": waveform,
    "wav2vec2 with layer norm": lambda folder: waveform(folder, norm="layer"),
    "wav2vec2 conformer": lambda folder: waveform(folder, "Wav2Vec2Conformer", "layer"),
    "x-vector": lambda folder: waveform(folder, "WavLM", "layer", "ForXVector"),
    "hubert": lambda folder: waveform(folder, "Hubert", "layer"),
    "wavlm": lambda folder: waveform(folder, "WavLM", "layer"),
    "wavlm with group norm": lambda folder: waveform(folder, "WavLM"),
    "unispeech-sat": lambda folder: waveform(folder, "UniSpeechSat", "layer"),
    "data2vec": lambda folder: waveform(folder, "Data2VecAudio"),
    "sew": lambda folder: waveform(folder, "SEW"),
    "whisper": whisper,
    "clap": clap,
    "clap with fusion": lambda folder: clap(folder, fusion=True),
}
"""Name -> function that saves a checkpoint in a folder and returns the folder as text."""


def some_clips():
    """Clips of several lengths: two are alike, one is too short for a frame, one longer than a window, one silent."""
    random = np.random.default_rng(0)
    lengths = (8000, 8000, 5000, 90, 6400, 5300, 3 * RATE)
    clips = [random.normal(0, 0.1, length).astype(np.float32) for length in lengths]
    return [*clips, np.zeros(3000, np.float32), clips[0][:1]]
