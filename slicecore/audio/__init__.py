"""Sound: where a clip is, how it is decoded, remote recordings, spectrograms."""
