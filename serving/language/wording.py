"""English texts before they are translated."""


def mark(message: str) -> str:
    """Gives the message as it is; the extraction of messages finds it by this name."""
    return message


def with_article(name: str) -> str:
    """Gives an English name with its indefinite article, for the middle of a sentence."""
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name[:1].lower()}{name[1:]}"
