"""What the lookup needs to know; the command line makes it of the configuration and of its options."""

from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""Names under which a machine reaches itself."""


@dataclass(frozen=True)
class LookupSettings:
    """How the lookup answers, whom, and how often."""

    published: Path
    """Folder of publications; the lookup reads it and nothing else."""
    token: str | None = field(default=None, repr=False)
    """Secret without which nothing but the health of the service is told; none: everybody who reaches it may ask."""
    hosts: tuple[str, ...] = LOOPBACK
    """Names under which it may be asked, without port; others are refused, so that no foreign page can ask it."""
    requests_a_minute: int = 600
    """Most requests of one address in a minute."""
    audit_log: Path | None = None
    """File that says who asked for what; none: what is asked for is written nowhere."""
    language: str = "en"
    """Language of pages where none is asked for."""
    most_body_bytes: int = 20 * 2**20
    """Most bytes of a request, as of a list that is uploaded."""
    most_body_seconds: float = 60.0
    """Time in which a request must have come whole."""
