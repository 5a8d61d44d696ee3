"""`slicecore doctor`: what is installed, what works, what is missing and how to get it."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated

import typer

_Trial = Annotated[bool, typer.Option(help="Also find slices in a few clips of noise.")]
_Json = Annotated[bool, typer.Option("--json", help="Write JSON.")]


def doctor(trial: _Trial = True, as_json: _Json = False) -> None:
    """Say what is installed, what works, what is missing and how to get it. Ends with 1 where something is broken."""
    from slicecore.doctor import examine

    checks = []
    for check in examine(trial):
        checks.append(check)
        if not as_json:
            typer.echo(f"{check.state:<8} {check.subject}: {check.finding}")
            if check.advice:
                typer.echo(f"{'':8} → {check.advice}")
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(check) for check in checks], indent=1))
    if any(check.state == "broken" for check in checks):
        raise typer.Exit(1)
