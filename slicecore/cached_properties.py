"""Properties that are computed once per object, without a lock that all objects of a class share.

Up to Python 3.11 `functools.cached_property` computes a property of one object at a time. In a server that is one
visitor's page waiting for another's, and two threads that wait for each other where they need two properties in two
orders. Python 3.12 dropped the lock (https://docs.python.org/3/library/functools.html#functools.cached_property).
"""

from __future__ import annotations

import sys

if sys.version_info >= (3, 12):
    from functools import cached_property
else:
    from collections.abc import Callable
    from typing import Any, Generic, TypeVar, overload

    Value = TypeVar("Value")

    class cached_property(Generic[Value]):
        """Property that is computed when it is first asked for, and then is an attribute of the object.

        Two threads that ask for it at the same time may both compute it; the object keeps what comes last.
        """

        def __init__(self, compute: Callable[[Any], Value]) -> None:
            self._compute = compute
            self.__doc__ = compute.__doc__

        def __set_name__(self, owner: type, name: str) -> None:
            self._name = name

        @overload
        def __get__(self, instance: None, owner: type | None = None) -> cached_property[Value]: ...

        @overload
        def __get__(self, instance: object, owner: type | None = None) -> Value: ...

        def __get__(
            self, instance: object | None, owner: type | None = None
        ) -> Value | cached_property[Value]:
            if instance is None:
                return self
            # Once it is there, Python looks no further than the object's own attributes.
            value = instance.__dict__[self._name] = self._compute(instance)
            return value


__all__ = ["cached_property"]
