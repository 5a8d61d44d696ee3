"""Find the problem slices of an audio model: clusters of clips on which it is clearly worse than on the whole."""

__version__ = "0.1.0"
