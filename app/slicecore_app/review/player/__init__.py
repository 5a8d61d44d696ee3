"""Player, spectrogram and alignment of one clip."""
