"""Options that several commands share, written down once."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, get_type_hints

Command = Callable[..., None]


def shared(options: Callable[..., Any]) -> Callable[[Command], Command]:
    """Decorator of commands that have the options of a function as well; their first argument is what it returns.

    Arguments that a command must be given stand before the shared options, its other options behind them. Typer reads
    the options of a command off its signature. Of two decorators the lower one makes the first argument.
    """

    def decorate(command: Command) -> Command:
        common, own = inspect.signature(options).parameters, inspect.signature(command).parameters
        hints = get_type_hints(command, include_extras=True) | get_type_hints(options, include_extras=True)
        named = list(own)[1:]
        first = [name for name in named if own[name].default is inspect.Parameter.empty]
        names = [*first, *common, *(name for name in named if name not in first)]
        parameters = [
            (common.get(name) or own[name]).replace(
                annotation=hints[name], kind=inspect.Parameter.POSITIONAL_OR_KEYWORD
            )
            for name in names
        ]

        @wraps(command)
        def called(*above: Any, **given: Any) -> None:
            command(options(**{name: given.pop(name) for name in common}), *above, **given)

        called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        called.__annotations__ = {name: hints[name] for name in names}
        del called.__wrapped__
        return called

    return decorate
