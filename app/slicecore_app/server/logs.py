"""Logs of the server: those of Streamlit and uvicorn, which have handlers of their own, in the form of ours."""

from __future__ import annotations

import functools
import logging

from streamlit import logger as streamlit_logger

from slicecore import logs

_OF_REQUESTS = "uvicorn.access"
"""Logger that stays silent: addresses hold words of filters, and requests are counted."""


def set_up() -> None:
    """Write one log as the environment says, without what tables and people say. Raises SlicecoreError.

    It reaches into Streamlit, whose loggers make handlers when first asked for (tests/app/test_server_logs.py).
    """
    formatter = logs.set_up()
    if formatter is None:
        return
    make_handler = streamlit_logger.setup_formatter

    @functools.wraps(make_handler)
    def setup_formatter(logger: logging.Logger) -> None:
        make_handler(logger)
        _take_over(logger)

    streamlit_logger.setup_formatter = setup_formatter
    for logger in list(logging.root.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            _take_over(logger)


def _take_over(logger: logging.Logger) -> None:
    """Let the handler of all loggers write what this one is told."""
    logger.handlers.clear()
    logger.propagate = logger.name != _OF_REQUESTS
