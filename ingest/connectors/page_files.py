"""What connectors to paged interfaces share: asking for a page, following its link, and the files that remain."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import urljoin, urlsplit, urlunsplit

from ingest.connection_base import HttpConnection
from ingest.connectors.addresses import filled, origin_of, without_parameters
from ingest.connectors.fetching import FetchedFile, FetchRequest
from ingest.connectors.http_client import JsonPage
from ingest.connectors.paging import PageCall, UnsoundWalk, Walk
from tierline.errors import FetchError
from tierline.files import sha256_of_bytes


def asker(request: FetchRequest) -> Callable[[PageCall], JsonPage]:
    """Gives the function that asks for a page; it raises UnsoundWalk for text that is not in the declared encoding."""
    encoding = request.spec.format.encoding

    def ask(call: PageCall) -> JsonPage:
        page = request.client.get_json(call.url, call.parameters)
        try:
            text = page.raw_path.read_bytes().decode(encoding)
        except UnicodeDecodeError:
            page.raw_path.unlink()
            raise UnsoundWalk(f"a page is no text in {encoding}") from None
        return _without_secret(page, text, request)

    return ask


def _without_secret(page: JsonPage, text: str, request: FetchRequest) -> JsonPage:
    """Takes the secret out of a page whose links repeat the whole address that was asked for."""
    shown = request.client.redacted(text)
    if shown == text:
        return page
    content = shown.encode(request.spec.format.encoding)
    page.raw_path.write_bytes(content)
    return replace(page, sha256=sha256_of_bytes(content))


def first_address(connection: HttpConnection, as_of: date) -> str:
    """Gives the address of the connection with the day of the run filled in."""
    return filled(connection.url, as_of)


def linked_call(link: str | None, page: JsonPage, connection: HttpConnection) -> PageCall | None:
    """Gives the call that a link on a page leads to; None where there is none.

    A link that says http where the connection says https is asked over https. Raises FetchError for a link to another
    host: what is there was not declared.
    """
    if link is None:
        return None
    parts = urlsplit(urljoin(page.url, link))
    declared = urlsplit(connection.url)
    if (parts.scheme, declared.scheme) == ("http", "https") and parts.netloc == declared.netloc:
        parts = parts._replace(scheme="https")
    url = urlunsplit(parts)
    if _origin(url) != _origin(connection.url):
        raise FetchError(
            "a page leads to another host than the declared one",
            remedy="Nothing is fetched from there. If the publisher has moved, correct the url of the connection.",
        )
    secret = connection.credential_parameter
    return PageCall(without_parameters(url, {secret}) if secret else url)


def cursor_call(cursor: str | None, call: PageCall, parameter: str) -> PageCall | None:
    """Gives the call for the page behind a cursor; None where there is no cursor."""
    return None if cursor is None else PageCall(call.url, {**call.parameters, parameter: cursor})


def page_files(walks: list[Walk], prefix: str, position: Mapping[str, str | int]) -> tuple[FetchedFile, ...]:
    """Gives the files of all pages that have records, numbered over all walks; the first page where none has any.

    The position says of which window they are. Files that do not come with them are removed.
    """
    listed = [(page, walk.total) for walk in walks for page in walk.pages if page.has_list]
    pages = [(page, total) for page, total in listed if page.count] or listed[:1]
    kept = {page.answer.raw_path for page, _ in pages}
    for walk in walks:
        walk.forget(but=kept)
    return tuple(
        FetchedFile(
            path=page.answer.raw_path,
            name=f"{prefix}page-{number:06d}.json",
            url=page.answer.url,
            headers=page.answer.headers,
            announced_total=total,
            position={**position, "page": number},
            sha256=page.answer.sha256,
        )
        for number, (page, total) in enumerate(pages, start=1)
    )


def no_records(page: JsonPage, path: str | None) -> FetchError:
    """Gives the error for an answer without the declared list of records."""
    return FetchError(
        f"{page.url} has no list of records at {path or 'its root'}",
        remedy="Compare an answer of the interface with format.records of the declaration.",
    )


def _origin(url: str) -> tuple[str, str, int | None]:
    try:
        return origin_of(url)
    except ValueError:
        return "", "", None
