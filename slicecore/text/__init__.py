"""Transcripts as pure functions: `normalisation`, `alignment` of a table, `form_errors`, and the `words` of a slice."""
