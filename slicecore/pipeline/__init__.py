"""The whole way from a table to its explained slices: as one call, `find_slices`, and in its parts."""

import lazy_loader

# Modules that explain slices are loaded when a page or table first asks for one; see `__init__.pyi` for the names.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
