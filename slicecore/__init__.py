"""Find the problem slices of an audio model: clusters of clips on which it is clearly worse than on the whole."""

import lazy_loader

# The names and their modules stand in `__init__.pyi`. They are imported when they are first used: numpy, pandas and
# the rest would make `import slicecore` slow.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

__version__ = "0.1.0"
