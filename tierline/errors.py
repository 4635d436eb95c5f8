"""The one tree of errors: what went wrong, in which source and record, and what to do about it."""

EXIT_FINE = 0
EXIT_FAILED = 1
EXIT_WRONG_USE = 2
EXIT_DEGRADED = 3


class TierlineError(Exception):
    """Anything Tierline itself refuses or cannot do; the command line turns it into a message and an exit code."""

    exit_code = EXIT_FAILED

    def __init__(
        self,
        message: str,
        *,
        source: str | None = None,
        record: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.source = source
        self.record = record
        self.remedy = remedy

    def __str__(self) -> str:
        where = ", ".join(
            f"{label} {value}"
            for label, value in (("source", self.source), ("record", self.record))
            if value is not None
        )
        text = f"[{where}] {self.message}" if where else self.message
        return f"{text}\n  What to do: {self.remedy}" if self.remedy else text


class ConfigError(TierlineError):
    """The configuration, a declaration or the way a command was called is wrong."""

    exit_code = EXIT_WRONG_USE


class FetchError(TierlineError):
    """A source's bytes could not be brought into the landing whole."""


class ContractError(TierlineError):
    """Data do not have the shape that their declaration or contract promises."""


class CheckFailed(TierlineError):
    """A check of data quality or of the sums found something that must stop the work."""


class PublishError(TierlineError):
    """A publication could not be built, checked or promoted; what readers see is unchanged."""


class MailError(TierlineError):
    """A message could not be handed to the mail server; publication and report are as they were."""
