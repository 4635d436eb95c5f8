"""The command that serves the lookup; it reads publications and changes nothing."""

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tierline.cli_audit import PublishedOption
from tierline.cli_options import ConfigOption, HomeOption, now
from tierline.errors import ConfigError
from tierline.home import Home
from tierline.log import configure_logging
from tierline.settings import default_config, load_settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from serving.lookup.settings import LookupSettings

serve_app = typer.Typer()
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_ANY_ADDRESS = {"0.0.0.0", "::"}  # noqa: S104 - compared with, never bound to unless asked for
_TOKEN_VARIABLE = "TIERLINE_LOOKUP_TOKEN"  # noqa: S105 - the name of a variable
_LEAST_TOKEN_LETTERS = 16
_MOST_AT_ONCE = 200
_IDLE_SECONDS = 10


@serve_app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="Address to listen on; wider than loopback needs a token.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0: any free one.")] = 8321,
    token_env: Annotated[
        str, typer.Option("--token-env", help="Name of the environment variable that holds the token.")
    ] = _TOKEN_VARIABLE,
    audit_log: Annotated[
        Path | None, typer.Option("--audit-log", help="File that says who asked for what; none: nobody writes it down.")
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", help="Name under which it may be asked; may be repeated.")
    ] = None,
    config: ConfigOption = None,
    home: HomeOption = None,
    published: PublishedOption = None,
) -> None:
    """Serves the lookup: search, suppliers, sources; read-only, on this machine alone unless told otherwise."""
    from serving.lookup.app import create_app
    from serving.lookup.current import require_publication

    configure_logging()
    settings = _settings(config, home, published, host, _token(host, token_env), audit_log, allow_host or [])
    require_publication(settings.published)
    listening = _listening(host, port)
    where = f"[{host}]" if ":" in host else host
    print(f"Tierline lookup: http://{where}:{listening.getsockname()[1]}  (stop with Ctrl-C)", flush=True)
    _run(create_app(settings, now), listening)


def _settings(
    config: Path | None,
    home: Path | None,
    published: Path | None,
    host: str,
    token: str | None,
    audit_log: Path | None,
    allowed: list[str],
) -> "LookupSettings":
    from serving.language import language
    from serving.lookup.settings import LOOPBACK, LookupSettings

    configured = load_settings(config or default_config(), home=home)
    lookup = configured.lookup
    language(lookup.language)
    own = () if host in _ANY_ADDRESS else (f"[{host}]" if ":" in host else host,)
    return LookupSettings(
        published=published or Home(configured.home).published,
        token=token,
        hosts=tuple(dict.fromkeys(name.lower() for name in (*LOOPBACK, *own, *lookup.hosts, *allowed))),
        requests_a_minute=lookup.requests_a_minute,
        audit_log=audit_log,
        language=lookup.language,
    )


def _token(host: str, variable: str) -> str | None:
    token = os.environ.get(variable)
    if token is not None and len(token) < _LEAST_TOKEN_LETTERS:
        raise ConfigError(
            f"the token in {variable} is shorter than {_LEAST_TOKEN_LETTERS} letters and can be guessed",
            remedy="Make one: openssl rand -hex 24",
        )
    if token is None and host not in _LOOPBACK:
        raise ConfigError(
            f"everybody who reaches {host} could read what is known of every supplier",
            remedy=f"Put a token into the environment variable {variable} (openssl rand -hex 24), and TLS in front; or"
            " leave out --host, and only this machine can ask.",
        )
    return token


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise ConfigError(
            f"cannot listen on {host}, port {port}: {error.strerror}",
            remedy="Another program has that port, or the address is not of this machine: name another.",
        ) from error


def _run(app: "FastAPI", listening: socket.socket) -> None:
    import uvicorn

    server = uvicorn.Server(
        uvicorn.Config(
            app,
            server_header=False,
            access_log=False,
            proxy_headers=False,
            ws="none",
            log_level="error",
            limit_concurrency=_MOST_AT_ONCE,
            timeout_keep_alive=_IDLE_SECONDS,
        )
    )
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        return
