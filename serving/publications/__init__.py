"""Publications after they were made: the current one, retracting, holding and pruning; none is ever changed."""

from serving.publications.current import current_publication

__all__ = ["current_publication"]
