"""Start of the program `slicecore`: Ctrl-C ends it quietly from its first moment on, imports included."""

import sys

_INTERRUPTED = 130
"""Exit code of a program that Ctrl-C ended, as shells have it."""


def main() -> None:
    """Import the commands and run the command line."""
    try:
        from slicecore.cli.commands import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
