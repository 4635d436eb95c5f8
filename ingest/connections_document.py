"""The kinds of connection as a document: `docs/connections.md`, written by `make docs`."""

import sys
from collections.abc import Iterable
from html import escape
from inspect import getdoc
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from ingest.connection_base import HttpConnection
from ingest.connection_spec import connection_models
from ingest.connectors.registry import CONNECTORS

DOCUMENT = Path("docs") / "connections.md"
_HEADER = "| key | default | meaning |\n|---|---|---|\n"
_OPENING = """# Connections

Generated from `ingest/connection_spec.py` and the connectors by `make docs`; do not edit.

A connection says where the bytes of a source come from. A source declares one in its `source.yml`; the configuration
may change single keys of it, or give `path` to read files that are already here, whatever is declared:

```yaml
sources:
  - id: opensanctions_simple            # as declared
  - id: uk_find_a_tender
    connection: {start: "2026-01-01", requests_per_minute: 5}
  - id: kobo_survey
    connection: {kind: kobo_api, url: https://kf.kobotoolbox.org, asset: aXbYcZ}
    credential: kobo                    # TIERLINE_CREDENTIAL_KOBO
  - id: us_cbp_wro
    path: lists/cbp/*.csv
```

A key that a kind does not have is an error that names the nearest one it has. Another `kind` takes nothing over from
the declared connection.

## What is fetched, and when everything is

A fetch asks for what is new: a file only if its server says that it changed (ETag, Last-Modified), a bulk file only if
its index names another version, an interface from the end of the last complete window on, with an overlap.
`tierline fetch --full` forgets what earlier fetches left and asks for everything. The same happens by itself where the
address or another key that decides about the records was changed, and where a landed file is gone.

## Where state lives

In the landing of the source, `landing/<source>/` of the home (`restricted/landing/<source>/` for a restricted one):

| file | what it is |
|---|---|
| `<sha256>/<name>` | the bytes as they came; never changed, never deleted by a fetch |
| `<sha256>/<name>.origin.json` | its note: address, headers, announced total, licence, the batches that brought it |
| `current.json` | which files are the present state, in order |
| `state.json` | what the connector wants to know next time: version, cursor or end of the window |

The last two are derived: delete them, or break them, and the notes give them back. Files become present in batches (all
files of a publication, or all pages of a window), each in one step. A fetch that is killed or fails leaves the batches
that were whole, and nothing of the one that was not; the next fetch removes what it left and goes on. A window that is
fetched again takes the place of the same window, so nothing is doubled. Only one fetch of a source runs at a time.

## What happens when a server misbehaves

| the server | Tierline |
|---|---|
| answers 408, 425, 429, 500, 502, 503 or 504, hangs up, is not there | asks again after 1, 2, 4 … 60 seconds |
| says `Retry-After` in seconds or as a date | waits as long, at most ten minutes |
| breaks a body off | asks for the rest if it is certainly of the same version, else for all of it |
| ignores that only the rest was asked for, or has another version by now | takes the whole file anew |
| announces a length that is too long or too short | asks again, then gives up |
| drips, or goes on failing | gives up after `total_timeout_seconds` for one file or page |
| sends HTML or an image where data are wanted, also with status 200 | gives up at once |
| sends a packed body that grows without end, or more than `max_bytes` | stops while it streams |
| sends something other than its published size or checksum | refuses it |
| redirects in a loop, or from https to http | gives up |
| redirects to another host | follows, without the secret |

`retries` counts failures in a row; one after which more of a body came starts the count anew. Half of each wait is by
chance, so that many clients do not come back together. A date in `Retry-After` counts from the server's own clock. What
makes a version certain is a strong ETag, or a Last-Modified that is older than the answer (RFC 9110).

Giving up means: an error with source, address and what to do; the landing is as it was, the run goes on without the
source and is degraded, unless the source is `required`. A body without any length, checksum or end mark that breaks off
cannot be told from a whole one by its bytes; `volume.minimum` and announced totals are there for that.

Certificates are always verified; there is no key to switch that off. A network with a certificate of its own names its
file in `REQUESTS_CA_BUNDLE`. Proxies of the environment (`HTTPS_PROXY`, `NO_PROXY`) are used.

## When pages are a whole

`ocds_api`, `kobo_api`, `opensupplyhub_api` and `rest_json` ask for page after page. Each page that has records lands as
a file of its own with the bytes that came; where in it the records are is said once, by `format.records`. (Only where a
page repeats the secret in its links, the secret is taken out first.) A walk over the pages counts if

- no page and no record comes twice, and no page leads back to one that was read;
- no page is empty before the end;
- as many records come as are announced, where a number is;
- every page is text in the declared encoding.

Any other walk is thrown away and begun again, four times at most; then the fetch gives up. Where pages are counted
(`page`, `offset`, KoboToolbox) a record that goes moves all others up, and nothing tells: there two walks in a row must
find the same. `reads_twice: true` asks for that also where links hold an offset. A record that two equal walks found
twice is twice in the source: it lands, and loading decides. A link to another host is not followed: the fetch gives up.

## Credentials

The configuration names a secret (`credential: kobo`), and never holds it. Its value is read when it is needed: from
the environment variable `TIERLINE_CREDENTIAL_KOBO`, else, inside a task of Airflow, from the password of the connection
`kobo` (which Airflow takes from its secrets backend, or from `AIRFLOW_CONN_KOBO`). It goes into the header or query
parameter that the connection names, over https only, and to no other host than that of `url`. It is in no log, no
error, no note and no state. An address with a name and a password in it is refused.

## Keys that every connection over HTTP has

"""


def connections_document() -> str:
    """Gives the document in Markdown."""
    common = {name: field for name, field in HttpConnection.model_fields.items() if name != "kind"}
    sections = [_section(kind, model) for kind, model in connection_models().items()]
    return _OPENING + _table(common.items()) + "".join(sections)


def _section(kind: str, model: type[BaseModel]) -> str:
    own = [
        (name, field)
        for name, field in model.model_fields.items()
        if name != "kind" and not _is_inherited_as_it_is(model, name)
    ]
    told = "\n\n".join(text for text in (getdoc(model), _said_by_connector(kind)) if text)
    keys = _table(own) if own else "No keys of its own.\n"
    return f"\n## `{kind}`\n\n{told}\n\n{keys}"


def _is_inherited_as_it_is(model: type[BaseModel], name: str) -> bool:
    inherited = HttpConnection.model_fields.get(name) if issubclass(model, HttpConnection) else None
    return inherited is not None and model.model_fields[name].default == inherited.default


def _said_by_connector(kind: str) -> str:
    return (sys.modules[CONNECTORS[kind].__module__].__doc__ or "").strip()


def _table(fields: Iterable[tuple[str, FieldInfo]]) -> str:
    return _HEADER + "".join(
        f"| `{name}` | {_default(field.default)} | {_meaning(field)} |\n" for name, field in fields
    )


def _meaning(field: FieldInfo) -> str:
    return escape(field.description or "", quote=False).replace("|", "\\|")


def _default(value: Any) -> str:
    if value is PydanticUndefined:
        return "(required)"
    if value is None or value in ("", (), {}):
        return "none"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"
