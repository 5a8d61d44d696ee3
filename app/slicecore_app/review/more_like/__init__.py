"""More clips like those of a slice, from recordings that nobody has transcribed."""
