"""Transcripts: normalisation, word alignment, errors of form only, and the words of a slice."""
