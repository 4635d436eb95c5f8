"""Keeps the catalogues in step with the messages of the project, and says what is wrong with them."""

import re
from collections.abc import Iterator
from io import BytesIO
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.plurals import get_plural
from babel.messages.pofile import write_po

from serving.language.extraction import Message, messages
from serving.language.spoken import CATALOGUES, FILE_NAME, catalogue_of

_HEADER = """# Messages of Tierline. docs/languages.md says how they are made and checked.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: {code}\\n"
"Plural-Forms: {plural_forms}\\n"

"""
_MARKUP = re.compile(r"\*\*|`[^`]*`|https?://\S+")


def updated(old: Catalog, said: list[Message]) -> bytes:
    """Gives a catalogue with exactly these messages, as its file; what was translated stays.

    A message that is new has no translation yet; one that nobody says any more is gone.
    """
    code, new = str(old.locale), Catalog(locale=old.locale, fuzzy=False)
    for message in said:
        before = old.get(message.key) or old.get(message.one)
        kept = before.string if before and _has_form(before, message) else ""
        new.add(message.key, kept, locations=[(message.file, 0)], flags=before.flags if before else ())
    body = BytesIO()
    write_po(body, new, width=100, omit_header=True, include_lineno=False)
    head = _HEADER.format(code=code, plural_forms=get_plural(code).plural_forms)
    return head.encode() + body.getvalue()


def update_all() -> dict[str, list[str]]:
    """Writes the catalogue of each language anew; gives what is left to do in each."""
    said = messages()
    left = {}
    for folder in sorted(path.parent for path in CATALOGUES.glob(f"*/{FILE_NAME}")):
        (folder / FILE_NAME).write_bytes(updated(catalogue_of(folder.name), said))
        left[folder.name] = list(problems(catalogue_of(folder.name), said))
    return left


def problems(catalogue: Catalog, said: list[Message]) -> Iterator[str]:
    """Tells what is wrong with a catalogue beside the messages of the project; nothing where it is complete."""
    wanted = {message.one for message in said}
    for message in {message.one: message for message in said}.values():
        entry = catalogue.get(message.one)
        if entry is None or not _is_translated(entry):
            yield f"has no translation: {message.one}"
        elif entry.fuzzy:
            yield f"is marked as doubtful: {message.one}"
        else:
            yield from _differences(entry, message, catalogue.num_plurals)
    for entry in catalogue:
        if entry.id and _first(entry.id) not in wanted:
            yield f"is said by nobody: {_first(entry.id)}"


def _differences(entry: Entry, message: Message, forms: int) -> Iterator[str]:
    strings = _strings(entry)
    if message.many is not None and len(strings) != forms:
        yield f"has {len(strings)} forms and not {forms}: {message.one}"
    originals = [message.one] if message.many is None else [message.many, message.one]
    for string in strings:
        if _names(string) not in [_names(original) for original in originals]:
            yield f"names other values: {message.one}"
        if sorted(_MARKUP.findall(string)) != sorted(_MARKUP.findall(originals[0])):
            yield f"has other marks of strong text, code or addresses: {message.one}"
        if _ends(string) != _ends(originals[0]):
            yield f"begins or ends with other spaces: {message.one}"


def _names(text: str) -> set[str]:
    return {name for _literal, name, _format, _conversion in Formatter().parse(text) if name is not None}


def _ends(text: str) -> tuple[bool, bool]:
    return text != text.lstrip(), text != text.rstrip()


def _is_translated(entry: Entry) -> bool:
    strings = _strings(entry)
    return bool(strings) and all(strings)


def _strings(entry: Entry) -> list[str]:
    return [entry.string] if isinstance(entry.string, str) else list(entry.string or ())


def _has_form(entry: Entry, message: Message) -> bool:
    return isinstance(entry.string, str) == (message.many is None)


def _first(identity: str | list[str] | tuple[str, ...]) -> str:
    return identity if isinstance(identity, str) else identity[0]
