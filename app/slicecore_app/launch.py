"""`slicecore run`: the command that opens the app and passes tables and view on to the server."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from slicecore import limits
from slicecore.cli.arguments import (
    Audio,
    End,
    Folder,
    Format,
    Group,
    Id,
    Normalisation,
    Predictions,
    Reference,
    Start,
    normalisation_of,
    prediction_files,
    table_path,
)
from slicecore.errors import SlicecoreError
from slicecore.slices.options import Options
from slicecore.text.normalisation import DEFAULT_NORMALISATION
from slicecore_app.access.checks import check_port
from slicecore_app.access.configuration import use
from slicecore_app.access.options import (
    AccessKind,
    BasePath,
    Browser,
    Config,
    Host,
    Kind,
    Names,
    ProxyAddresses,
    TablesFrom,
    Wanted,
    chosen_access,
    chosen_base,
)
from slicecore_app.heaps import share_heap

TABLES_VARIABLE = "SLICECORE_TABLES"
"""Environment variable with the tables that the app opens: a JSON list of paths, or of objects with a path and column
names."""

VIEW_VARIABLE = "SLICECORE_VIEW"
"""Environment variable with the view that the app shows first, as a JSON object."""

FRAMED_BY_VARIABLE = "SLICECORE_FRAMED_BY"
"""Environment variable with the origins whose pages may show the app in a frame, with spaces between them."""
_ORIGIN = re.compile(r"[a-z][a-z0-9+-]*:(//[\w.*\[\]:-]+)?")

_Tables = Annotated[
    list[Path] | None, typer.Argument(help="Tables to open; the sample data by default.", parser=table_path)
]
_Port = Annotated[int, typer.Option(help="Port of the page on this machine.", min=1, max=65535)]
_Predictions = Annotated[
    list[str] | None,
    typer.Option(
        help="Column of a model's predictions; give it again for another model. Guessed by default."
    ),
]
_CompareWith = Annotated[
    str | None,
    typer.Option(help="Prediction column of another model that the first one is compared with at first."),
]
_Embedding = Annotated[str | None, typer.Option(help="Embedding shown first; models as in slicecore scan.")]
_Metric = Annotated[str | None, typer.Option(help="Metric shown first; names as in slicecore scan.")]
_Threshold = Annotated[
    float | None, typer.Option(help="Initial threshold of a detector's scores; as in slicecore scan.")
]
_MeanOf = Annotated[
    str | None, typer.Option(help="Column with a number per clip, whose mean is the metric shown first.")
]
_HigherIsBetter = Annotated[
    bool, typer.Option("--higher-is-better", help="A high mean of that column is good.")
]
_MinSupport = Annotated[
    int | None, typer.Option(help="Initial position of the slider for the fewest clips.", min=1)
]
_MinDrop = Annotated[
    float | None,
    typer.Option(help="Initial position of the slider for the smallest drop; 0.1 is 10 points.", min=0),
]
_Relative = Annotated[
    bool, typer.Option("--relative", help="The smallest drop is a share of the overall value at first.")
]
_Against = Annotated[
    str, typer.Option(help="Initial comparison of a slice: with the whole, or with the rest of the clips.")
]
_Rule = Annotated[str, typer.Option(help="Initial rule by which slices are chosen: best or plain.")]
_Shuffles = Annotated[int, typer.Option(help="Number of permutations of the test at first; 0 leaves it out.")]
_Tier = Annotated[str | None, typer.Option(help="confirmed shows only confirmed slices at first.")]
_MaxSlices = Annotated[int | None, typer.Option(help="Most slices that are shown at first.")]
_Order = Annotated[str, typer.Option(help="Number that ranks slices at first: impact, evidence or drop.")]
_Database = Annotated[
    str | None,
    typer.Option(
        help="Database of the reviews, sqlite:///… or postgresql://…; SLICECORE_DATABASE, where a password is better "
        "kept, else a file in the home folder, by default."
    ),
]
_FramedBy = Annotated[
    str | None,
    typer.Option(
        help="Origins of pages that may show the app in a frame, separated by spaces, such as http://localhost:8888; "
        "none by default."
    ),
]


def run(
    tables: _Tables = None,
    port: _Port = 8501,
    audio: Audio = None,
    reference: Reference = None,
    prediction: _Predictions = None,
    id_column: Id = None,
    start: Start = None,
    end: End = None,
    table_format: Format = None,
    folder: Folder = None,
    predictions: Predictions = None,
    compare_with: _CompareWith = None,
    embedding: _Embedding = None,
    metric: _Metric = None,
    threshold: _Threshold = None,
    normalisation: Normalisation = DEFAULT_NORMALISATION,
    mean_of: _MeanOf = None,
    higher_is_better: _HigherIsBetter = False,
    group: Group = None,
    min_support: _MinSupport = None,
    min_drop: _MinDrop = None,
    relative: _Relative = Options.relative,
    against: _Against = Options.against,
    rule: _Rule = Options.rule,
    shuffles: _Shuffles = Options.shuffles,
    tier: _Tier = Options.tier,
    max_slices: _MaxSlices = Options.max_slices,
    order: _Order = Options.order,
    framed_by: _FramedBy = None,
    database: _Database = None,
    host: Host = "127.0.0.1",
    base_path: BasePath = "",
    access: AccessKind = Kind.TOKEN,
    name: Names = None,
    proxy: ProxyAddresses = None,
    config: Config = None,
    tables_from: TablesFrom = None,
    browser: Browser = None,
) -> None:
    """Open the app in the browser, on the given tables."""
    from slicecore.extras import require
    from slicecore.pipeline import metric_named
    from slicecore.storage.home import home, is_there
    from slicecore.storage.verdicts import require_database
    from slicecore.storage.verdicts.place import VARIABLE as DATABASE_VARIABLE

    require("app", "The review page")
    limits.check()
    if database is not None:
        os.environ[DATABASE_VARIABLE] = database
    if os.environ.get(DATABASE_VARIABLE):
        require_database()
    home()  # one that can't be made is an error here, not a page that shows nothing
    wanted = Wanted(host, access, base_path, name or (), proxy or (), config, tables_from or ())
    allowed = chosen_access(wanted)
    server = {"address": host, "port": port, "baseUrlPath": chosen_base(wanted, allowed)}
    if allowed.names:
        server["allowedHosts"] = ["*"]  # the gate knows the names
    if browser is not None:
        server["headless"] = not browser
    for table in tables or []:
        if not is_there(table):
            raise SlicecoreError(f"There is no file {table}. Give the path of a table with a row per clip.")
    normalisation = normalisation_of(normalisation)
    if metric is not None and mean_of is not None:
        raise SlicecoreError(
            "The metric is either one by its name or the mean of a column. Leave out --metric or --mean-of."
        )
    if higher_is_better and mean_of is None:
        raise SlicecoreError("--higher-is-better is about the mean of a column: name that with --mean-of.")
    if metric is None and mean_of is None and normalisation != DEFAULT_NORMALISATION:
        metric = "wer"
    if metric is not None:
        metric_named(metric)
    of_scan: dict[str, Any] = {
        "relative": relative,
        "against": against,
        "rule": rule,
        "shuffles": shuffles,
        "tier": tier,
        "max_slices": max_slices,
        "order": order,
    }
    # What makes no sense is an error here, not a part of a view that the page leaves out.
    Options(**of_scan)
    if tables:
        columns = {
            "audio": audio,
            "reference": reference,
            "predictions": prediction,
            "id": id_column,
            "start": start,
            "end": end,
            "format": table_format,
            "folder": folder,
            "mean_of": mean_of,
            "prediction_files": [
                [name, str(Path(file).resolve())] for name, file in prediction_files(predictions).items()
            ],
        }
        os.environ[TABLES_VARIABLE] = json.dumps(_entries(tables, columns))
    view: dict[str, object] = {
        "model": embedding,
        "metric": metric,
        "normalisation": normalisation if metric else None,
        "threshold": threshold,
        "mean_of": mean_of,
        "higher_is_better": higher_is_better or None,
        "group": group,
        "compare_with": compare_with,
        "min_support": min_support,
        "min_drop": min_drop,
    }
    view |= {name: value for name, value in of_scan.items() if value != getattr(Options, name)}
    if framed_by is not None:
        os.environ[FRAMED_BY_VARIABLE] = _origins(framed_by)
    os.environ[VIEW_VARIABLE] = json.dumps({name: value for name, value in view.items() if value is not None})
    use(allowed)
    _start_streamlit(server)


def _origins(text: str) -> str:
    """Origins as the page's policy takes them. Raises SlicecoreError."""
    for origin in text.split():
        if not _ORIGIN.fullmatch(origin):
            raise SlicecoreError(
                f"“{origin}” is no origin of a page. Give scheme, host and port, such as http://localhost:8888."
            )
    return " ".join(text.split())


def _entries(tables: list[Path], columns: dict[str, Any]) -> list[Any]:
    """The tables as TABLES_VARIABLE has them."""
    named = {role: column for role, column in columns.items() if column}
    paths = [str(table.resolve()) for table in tables]
    return [{"path": path, **named} for path in paths] if named else paths


def _start_streamlit(server: dict[str, Any]) -> None:
    import tomllib

    from click import Abort
    from streamlit.web.cli import main as streamlit

    check_port(server["address"], server["port"])
    share_heap()  # Streamlit has threads before it comes to main.py
    with _installed(".streamlit/config.toml").open("rb") as file:
        settings = tomllib.load(file)
    settings["server"] |= server | {"maxUploadSize": _megabytes(limits.UPLOAD)}
    settings["logger"] = {"hideWelcomeMessage": True}  # it has no token
    # The page uses none; Streamlit would look for them in the home of the account, which a service may not enter.
    settings["secrets"] = {"files": [str(Path(__file__).with_name("no-secrets.toml"))]}
    # uvicorn would take the address of the connection away, by which the gate knows a proxy.
    os.environ["FORWARDED_ALLOW_IPS"] = ""
    # As an error, Ctrl-C would be a page of traceback: with uvloop it reaches click as an interrupt.
    with contextlib.suppress(Abort):
        streamlit(["run", str(_installed("main.py")), *_flags(settings)], standalone_mode=False)


def _megabytes(limit: limits.Limit) -> int:
    """A limit as Streamlit has it, in whole MiB."""
    return max(1, round((limit.value() or 0) / (1 << 20)))


def _flags(settings: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Settings of Streamlit as options of its command line, which go before any file."""
    for name, value in settings.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            yield from _flags(value, f"{key}.")
        else:
            for entry in value if isinstance(value, list) else [value]:
                yield f"--{key}"
                yield str(entry).lower() if isinstance(entry, bool) else str(entry)


def _installed(name: str) -> Path:
    """A file that a wheel carries inside the package, and a checkout beside or above it.

    Streamlit itself looks for settings in the working folder and beside the script. In a checkout they are in neither,
    and without them the page would be open to the network.
    """
    for folder in Path(__file__).parents[:3]:
        if (folder / name).exists():
            return folder / name
    raise SlicecoreError(f"{name} is missing from this installation. Install slicecore again.")
