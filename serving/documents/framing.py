"""What every document says of itself: the run it was filled from, whom it is for and what it is not."""

from collections.abc import Sequence

from serving.documents.model import Document, Section
from serving.documents.register import Register
from tierline.publications import retraction_in_words, standing


def framed(
    register: Register,
    *,
    kind: str,
    file_name: str,
    title: str,
    audience: str,
    is_not: Sequence[str],
    law: Sequence[str],
    sections: Sequence[Section],
    chosen: str = "",
) -> Document:
    """Gives the document with what is common to all; `chosen` says which suppliers it is about."""
    return Document(
        kind=kind,
        file_name=file_name,
        title=title,
        audience=audience,
        is_not=(*is_not, *_never(register)),
        law=tuple(law),
        about=tuple(_about(register, chosen)),
        sections=tuple(sections),
    )


def _never(register: Register) -> tuple[str, ...]:
    say = register.text
    return (
        say("It does not say that any law is met, and it is no legal advice."),
        say("It does not say that forced labour was found, or that there is none. What is not recorded is not clean."),
        say(
            "It is no reason by itself to end a contract or to exclude a bidder; whoever is named has the right to be"
            " heard."
        ),
    )


def _about(register: Register, chosen: str) -> list[tuple[str, str]]:
    say, manifest = register.text, register.manifest
    lines = [
        (say("Speaks for"), register.speech.day(register.as_of)),
        (say("Run"), str(manifest["run_id"])),
        (say("Version of weights and rules"), str(manifest["method_version"])),
    ]
    if chosen:
        lines.insert(0, (say("About"), chosen))
    if manifest["fictional"]:
        lines.append((say("Data"), say("fictional: all names and facts are made up")))
    retracted = standing(register.folder.parent).retracted.get(register.folder.name)
    if retracted:
        lines.append((say("Retracted"), retraction_in_words(retracted)))
    if manifest["sources_degraded"]:
        failed = ", ".join(sorted(manifest["sources_degraded"]))
        lines.append((say("Sources that failed in this run"), failed))
    return lines
