"""Judgements carried over: from the clips that somebody judged to the slices of the present scan that are the same."""
