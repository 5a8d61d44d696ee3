"""HTTP routes beside Streamlit's own: component files, columns of all clips, sound and pictures of one.

The server answers before numpy is there. What needs it waits until the warm start has imported it: a page that waited
for the server to come back asks at once, and two threads that import the same modules come into each other's way.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from slicecore.errors import MetricError, StorageError
from slicecore_app.access.configuration import current
from slicecore_app.access.gate import Gate
from slicecore_app.access.hosts import Hosts
from slicecore_app.access.proxies import Proxies
from slicecore_app.server import warm
from slicecore_app.server.figures import figures
from slicecore_app.server.first_files import ComponentFiles, NamedFiles, StreamlitFiles, base_path
from slicecore_app.server.health import health
from slicecore_app.server.protection import Protection
from slicecore_app.server.traffic import Traffic
from slicecore_app.web.components import assets

MOST_BYTES = 1 << 20
"""Length of the longest reference that is taken."""
FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}


async def _component_file(request: Request) -> Response:
    asset = assets().get(request.path_params["path"])
    if asset is None:
        return Response(status_code=404)
    content, kind = asset
    return Response(content, media_type=kind, headers=FOREVER)


async def _published(request: Request) -> Response:
    from slicecore_app.server import registry

    content = registry.published(request.path_params["token"])
    if content is None:
        return Response(status_code=404)
    return Response(content, media_type="application/octet-stream", headers=FOREVER)


async def _part_of_map(request: Request) -> Response:
    from slicecore_app.server import drawn_maps

    token = request.path_params["token"]
    content = await run_in_threadpool(drawn_maps.part_of_map, token, request.query_params)
    if content is None:
        return Response(status_code=404)
    headers = FOREVER | {"Content-Encoding": "deflate"}
    return Response(content, media_type="application/octet-stream", headers=headers)


async def _clip_of_map(request: Request) -> Response:
    from slicecore_app.server import drawn_maps

    clip = await run_in_threadpool(drawn_maps.clip_at, request.path_params["token"], request.query_params)
    return Response(status_code=404) if clip is None else JSONResponse(clip, headers=FOREVER)


async def _clip(request: Request) -> Response:
    """A clip; of a POST as it would be with the text in its body as the reference, or the problem with that."""
    from slicecore_app.server import registry

    reference = None
    if request.method == "POST":
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        reference = body.decode("utf-8", "replace")
    token, row = request.path_params["token"], request.path_params["row"]
    try:
        clip = await run_in_threadpool(registry.clip, token, row, reference)
    except MetricError as error:
        return JSONResponse({"problem": str(error)})
    return (
        Response(status_code=404)
        if clip is None
        else JSONResponse(clip, headers={"Cache-Control": "no-store"})
    )


async def _body(request: Request) -> bytes | None:
    """Body of a request, None where it is too long: a request need not say beforehand how long it is."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return None
    return body


async def _newest(request: Request) -> Response:
    """Numbers of the newest judgements on a table: pages read them again when they show older ones."""
    from slicecore_app.server import registry

    try:
        newest = await run_in_threadpool(registry.newest, request.path_params["token"])
    except StorageError:
        return Response(status_code=503)
    if newest is None:
        return Response(status_code=404)
    return JSONResponse(newest, headers={"Cache-Control": "no-store"})


async def _audio(request: Request) -> Response:
    from slicecore_app.server import media

    return await media.audio(request)


async def _picture(request: Request) -> Response:
    from slicecore_app.server import media

    return await media.picture(request)


async def _sound(request: Request) -> Response:
    from slicecore_app.server import media

    return await media.sound(request)


async def _marks(request: Request) -> Response:
    from slicecore_app.server import media

    return await media.marks(request)


Endpoint = Callable[[Request], Awaitable[Response]]


def _once_imported(endpoint: Endpoint) -> Endpoint:
    """The endpoint, which waits for the modules of the warm start."""

    async def answer(request: Request) -> Response:
        if not warm.is_imported():
            await run_in_threadpool(warm.wait)
        return await endpoint(request)

    return answer


def routes() -> list[Route]:
    """All own routes, below `server.baseUrlPath` like Streamlit's."""
    # Not a `Mount`: it would take all other requests below that path away from Streamlit.
    return [Route(f"{base_path()}{route.path}", route.endpoint, methods=route.methods) for route in _routes()]


def _routes() -> list[Route]:
    return [
        Route("/healthz", health),
        Route("/metrics", figures),
        Route("/api/components/{version}/{path:path}", _component_file),
        Route("/api/published/{token}", _once_imported(_published)),
        Route("/api/map/{token}/part", _once_imported(_part_of_map)),
        Route("/api/map/{token}/clip", _once_imported(_clip_of_map)),
        Route("/api/clip/{token}/{row:int}", _once_imported(_clip), methods=["GET", "POST"]),
        Route("/api/newest/{token}", _once_imported(_newest)),
        Route("/api/clips/{dataset}/{row:int}/audio", _once_imported(_audio)),
        Route("/api/clips/{dataset}/{row:int}/picture.png", _once_imported(_picture)),
        Route("/api/clips/{dataset}/{row:int}/sound.json", _once_imported(_sound)),
        Route("/api/marks/{name}/{row:int}", _once_imported(_marks)),
    ]


class Uncompressed:
    """Answer as if the browser took no compressed answers.

    Streamlit packs again at every request, for AgGrid .2 s that the whole start waits for. Over the
    loopback interface there is nothing to save, and a browser keeps both.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http":
            headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
            scope = {**scope, "headers": headers}
        await self._app(scope, receive, send)


def middleware() -> list[Middleware]:
    """The layers that every request passes before it is answered, the outermost first."""
    access = current(st.get_option("server.address") or "")
    return [
        Middleware(Proxies, addresses=access.proxies),
        Middleware(Protection),
        Middleware(Traffic),
        Middleware(Hosts, names=access.all_names, any_address=access.mode != "open"),
        Middleware(Gate, access=access, base=base_path()),
        Middleware(StreamlitFiles),
        Middleware(NamedFiles),
        Middleware(ComponentFiles),
        Middleware(Uncompressed),
    ]
