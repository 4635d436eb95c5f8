"""A web page cut down to its tables and headings, so that a parser of it needs neither much time nor much depth."""

import re
from collections.abc import Iterator

from tierline.errors import ContractError

DEEPEST_TABLES = 40
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_KEPT = {"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", *_HEADINGS}
_LINE_BREAKS = {"br", "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "section", "article", "hr", "pre", "blockquote"}
_TEXT_UNTIL_END = {"script", "style", "title", "textarea", "template", "iframe", "xmp", "noembed", "noframes"}
_NEVER_ENDS = "plaintext"
_ENDS_ROW = {"tr", "thead", "tbody", "tfoot", "table"}
_STARTS, _ENDS = {"html", "body"}, {"/html", "/body"}
_MARKUP = re.compile(r"<(?:!--|[!?]|/?[a-zA-Z]|/)")
_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")
# possessive, so that an unclosed quote is found out in one pass
_REST_OF_TAG = re.compile(r"(?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+>")
_ATTRIBUTE = re.compile(r"([^\s\"'>/=]++)(?:\s*+=\s*+(\"[^\"]*+\"|'[^']*+'|[^\s\"'>]++))?")
_MOST_OF_SPAN = {"colspan": 1_000, "rowspan": 65_534}


def bare_tables(page: str, name: str) -> str:
    """Gives the page with nothing left but tables, headings, line breaks and text.

    Of all attributes `colspan` and `rowspan` stay, as numbers within the bounds of the HTML standard, and rows get
    `at`, the place of their tag in the page, in characters. Scripts, styles, templates and comments go with their
    content. Raises ContractError where the page breaks off inside a tag, a comment, a script, a table or before its
    end tag, or nests tables deeper than any page that people read.
    """
    tags: list[str] = []
    pieces = list(_pieces(page, name, tags))
    open_tables = 0
    for tag in tags:
        open_tables = max(0, open_tables + {"table": 1, "/table": -1}.get(tag, 0))
        if open_tables > DEEPEST_TABLES:
            raise ContractError(
                f"{name} nests tables more than {DEEPEST_TABLES} deep", remedy="Do not trust this page; look at it."
            )
    is_document, has_end = not _STARTS.isdisjoint(tags), not _ENDS.isdisjoint(tags)
    if open_tables or (is_document and not has_end):
        raise _broken_off(name)
    return "".join(pieces)


def end_of_row(page: str, start: int, name: str) -> int:
    """Gives where the row ends whose tag begins at `start`: after its end tag, or before what ends it without one."""
    depth, position = 0, _end_of_markup(page, start, name)
    while (markup := _MARKUP.search(page, position)) is not None:
        position = _end_of_markup(page, markup.start(), name)
        tag = _NAME.match(page, markup.start())
        if tag is None:
            continue
        element, is_end = tag.group(1).lower(), page[markup.start() + 1] == "/"
        if depth == 0 and element in _ENDS_ROW:
            if element == "tr" and is_end:
                return position
            if is_end or element != "table":
                return markup.start()
        if element == "table":
            depth += -1 if is_end else 1
        if element in _TEXT_UNTIL_END and not is_end:
            position = _end_of_hidden(page, position, element, name)
    return len(page)


def _pieces(page: str, name: str, tags: list[str]) -> Iterator[str]:
    position = 0
    while (markup := _MARKUP.search(page, position)) is not None:
        yield _text(page[position : markup.start()])
        position = _end_of_markup(page, markup.start(), name)
        tag = _NAME.match(page, markup.start())
        if tag is None:
            continue
        element, is_end = tag.group(1).lower(), page[markup.start() + 1] == "/"
        yield _rewritten(page[tag.end() : position], element, is_end=is_end, at=markup.start())
        if element == "table" or element in _STARTS:
            tags.append(f"/{element}" if is_end else element)
        if element == _NEVER_ENDS and not is_end:
            yield _text(page[position:])
            return
        if element in _TEXT_UNTIL_END and not is_end:
            position = _end_of_hidden(page, position, element, name)
    yield _text(page[position:])


def _text(text: str) -> str:
    # a line end in the source of a page is a blank; line ends of the result are line breaks of the page
    return text.replace("<", "&lt;").replace("\r", " ").replace("\n", " ")


def _end_of_markup(page: str, start: int, name: str) -> int:
    if page.startswith("<!--", start):
        end = page.find("-->", start + 2) + 3
        if end < 3:
            raise _broken_off(name)
        return end
    if _NAME.match(page, start) is None:  # doctype, processing instruction, or an end tag of nothing
        end = page.find(">", start) + 1
    else:
        rest = _REST_OF_TAG.match(page, start)
        end = rest.end() if rest is not None else 0
    if end == 0:
        raise _broken_off(name)
    return end


def _end_of_hidden(page: str, position: int, element: str, name: str) -> int:
    end = re.compile(rf"</{element}(?=[\s/>])", re.IGNORECASE).search(page, position)
    if end is None:
        raise _broken_off(name)
    return end.start()


def _rewritten(attributes: str, element: str, *, is_end: bool, at: int) -> str:
    if element in _KEPT:
        if is_end:
            return f"</{element}>"
        kept = f' at="{at}"' if element == "tr" else _spans(attributes) if element in {"td", "th"} else ""
        return f"<{element}{kept}>"
    return "\n" if element in _LINE_BREAKS else ""


def _spans(attributes: str) -> str:
    kept = {}
    for attribute in _ATTRIBUTE.finditer(attributes):
        key, value = attribute.group(1).lower(), (attribute.group(2) or "").strip("\"' ")
        if key in _MOST_OF_SPAN and key not in kept and re.fullmatch(r"[0-9]+", value[:12]):
            kept[key] = min(int(value[:12]), _MOST_OF_SPAN[key])
    return "".join(f' {key}="{value}"' for key, value in kept.items())


def _broken_off(name: str) -> ContractError:
    return ContractError(
        f"{name} breaks off before the end of the page",
        remedy="Fetch it again; it may have broken off on the way.",
    )
