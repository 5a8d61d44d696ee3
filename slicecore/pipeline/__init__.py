"""The whole way from a table to its explained slices: as one call, `find_slices`, and in its parts."""

import lazy_loader

# What explains slices is not loaded before the first page or table asks for it; see `__init__.pyi` for the names.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
