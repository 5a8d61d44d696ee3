"""Sound: the `clip` of a row, `decoding` of recordings, `remote` ones, and their `spectrogram`.

`ffmpeg` converts what libsndfile can't read; `temporary_files` holds conversions and copies of remote files.
"""
