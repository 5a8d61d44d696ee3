"""Foot of the page: keys, and whether everything is saved."""

from __future__ import annotations

from collections.abc import Sequence

from slicecore_app.web.components import component


def footer(
    keys: Sequence[tuple[Sequence[str], str]],
    *,
    account: str,
    is_login: bool,
    logs_out: bool,
    key: str,
    seq: int,
) -> None:
    """Draw the foot. Its right end says whether the last verdict is saved.

    `is_login`: the account is that of a login, and nobody judges under another name; `logs_out`: one can log out here.
    """
    data = {"keys": keys, "account": account, "is_login": is_login, "logs_out": logs_out, "seq": seq}
    component("review/footer/footer")(key=key, data=data)
