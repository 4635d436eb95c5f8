"""Writes documents: one folder, a file a document and format."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from serving.documents.kinds import Choice, documents
from serving.documents.register import open_register
from serving.documents.rendering import as_html, as_json, as_pdf
from serving.language import Language
from tierline.errors import ConfigError
from tierline.files import write_bytes_atomically

FORMATS: Final = ("html", "json", "pdf")
_MODE: Final = 0o640


def write_documents(
    publication: Path, kind: str, choice: Choice, target: Path, *, language: Language, formats: Sequence[str] = FORMATS
) -> list[Path]:
    """Writes the documents of a kind into a folder and gives the files; the same publication gives the same bytes.

    Raises ConfigError for a kind, choice or format that there is not, PublishError where the publication is not whole.
    """
    strangers = sorted(set(formats) - set(FORMATS))
    if strangers or not formats:
        raise ConfigError(
            f"no document is written as {', '.join(strangers) or 'nothing'}",
            remedy=f"Choose among: {', '.join(FORMATS)}.",
        )
    written = []
    with open_register(publication, language) as register:
        for document in documents(register, kind, choice):
            for ending in sorted(set(formats)):
                path = target / f"{document.file_name}.{ending}"
                content = {
                    "html": lambda document=document: as_html(document, language),
                    "json": lambda document=document: as_json(document, language),
                    "pdf": lambda document=document: as_pdf(document, language, register.as_of),
                }[ending]()
                write_bytes_atomically(path, content, mode=_MODE)
                written.append(path)
    return written
