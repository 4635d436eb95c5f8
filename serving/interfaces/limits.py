"""How much one request may ask for; what is more is refused and never cut in silence."""

from typing import Final

MOST_BYTES: Final = 2 * 2**20
"""Bytes of one request."""
MOST_QUERIES: Final = 100
"""Queries of one batch."""
MOST_TEXT: Final = 10_000
"""Letters of one text; a name is searched by its first 500."""
MOST_VALUES: Final = 50
"""Values of one property, and properties of one query."""
MOST_CANDIDATES: Final = 50
"""Candidates for one query."""
MOST_IDS: Final = 1000
"""Entities whose properties are fetched at once."""
MOST_COLUMNS: Final = 60
"""Properties that are fetched at once."""
MOST_SKIPPED: Final = 1000
"""Results that may be skipped."""
