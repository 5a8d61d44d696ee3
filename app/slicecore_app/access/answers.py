"""Answers of the gate: the page that asks for the token, the way on to what was asked for, refusals in words."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, RedirectResponse, Response

_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">{head}
<title>slicecore</title><style>
:root {{ color-scheme: light dark }}
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem }}
h1 {{ font-size: 1.2rem }}
form {{ display: flex; gap: .5rem; align-items: end }}
label {{ flex: 1 }}
input, button {{ font: inherit; padding: .4rem .6rem; box-sizing: border-box }}
input {{ width: 100% }}
</style></head><body><main><h1>{title}</h1>
{body}
</main></body></html>
"""


def own_address(connection: HTTPConnection, without: str = "") -> str:
    """Path and query of a request, less one parameter; never the address of another server."""
    query = [(name, value) for name, value in connection.query_params.multi_items() if name != without]
    return _of_this_server(connection.scope["path"], query)


def address_here(text: str) -> str:
    """An address that somebody has sent, made one of this server.

    >>> address_here("https://elsewhere.org//calls/?a=b")
    '/calls/?a=b'
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        return "/"
    return _of_this_server(unquote(parts.path), parse_qsl(parts.query, keep_blank_values=True))


def _of_this_server(path: str, parameters: list[tuple[str, str]]) -> str:
    path = "/" + quote(path.lstrip("/\\"))  # a browser takes "//host" and "/\\host" for other servers
    return f"{path}?{urlencode(parameters)}" if parameters else path


def is_from_other_site(connection: HTTPConnection) -> bool:
    """True for a request to which a page of another site has led."""
    return connection.headers.get("sec-fetch-site") == "cross-site"


def is_followed_link(connection: HTTPConnection) -> bool:
    """True where a link on a page of another site was followed: the browser sends no cookie of ours along."""
    wanted = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    return is_from_other_site(connection) and wanted.items() <= dict(connection.headers).items()


def is_page_asked_for(connection: HTTPConnection) -> bool:
    """True where a browser shows the answer as a page, and not a part of one."""
    dest = connection.headers.get("sec-fetch-dest", "document")
    is_read = connection.scope["method"] in ("GET", "HEAD")
    return is_read and dest in ("document", "iframe") and "text/html" in connection.headers.get("accept", "")


def cookie_name(connection: HTTPConnection) -> str:
    """Name of the cookie of a ticket: browsers send those of one port to all others of a machine."""
    server = connection.scope.get("server") or ("", 0)
    return f"slicecore-{server[1] or 0}"


def onward(connection: HTTPConnection, address: str) -> Response:
    """The way on to an address of ours.

    A redirection of a request from another site counts as coming from there, and no cookie of ours goes with it: then
    a page asks for the address.
    """
    if not is_from_other_site(connection):
        return RedirectResponse(address, 303, _PRIVATE)
    head = f'<meta http-equiv="refresh" content="0; url={escape(address)}">'
    body = f'<p><a href="{escape(address)}">Go on</a></p>'
    return HTMLResponse(_PAGE.format(head=head, title="One moment", body=body), headers=_PRIVATE)


def refusal(connection: HTTPConnection, status: int, title: str, text: str, form: str = "") -> Response:
    """A refusal: a page where a browser shows it, else its text."""
    if "text/html" not in connection.headers.get("accept", ""):
        return Response(f"{title}. {text}\n", status, _PRIVATE, "text/plain")
    body = f"<p>{escape(text)}</p>\n{form}"
    return HTMLResponse(_PAGE.format(head="", title=escape(title), body=body), status, _PRIVATE)


def token_form(address: str, to: str) -> str:
    """The form that asks for the token and goes on to an address."""
    return (
        f'<form method="post" action="{escape(address)}"><label>Token<input type="password" name="token" '
        'autocomplete="current-password" required autofocus></label>'
        f'<input type="hidden" name="to" value="{escape(to)}"><button>Open</button></form>'
    )


def add_cookie(
    response: Response, connection: HTTPConnection, name: str, value: str, path: str, seconds: float
) -> None:
    """Let the browser keep a cookie that no script reads and no page of another site uses; 0 s take it away.

    A page of another site that shows ours in a frame, as some notebooks do, has a cookie of its own.
    """
    is_framed = is_from_other_site(connection) and connection.headers.get("sec-fetch-dest") == "iframe"
    parts = [f"{name}={value}", "HttpOnly", f"Path={path}", f"Max-Age={int(seconds)}"]
    parts.append("SameSite=None; Partitioned" if is_framed else "SameSite=Strict")
    if is_framed or connection.scope["scheme"] in ("https", "wss"):
        parts.append("Secure")
    MutableHeaders(raw=response.raw_headers).append("Set-Cookie", "; ".join(parts))
