"""Why one supplier stands where it stands, in sentences, from a publication alone."""

from serving.explanation.choice import Chosen, chosen_publication
from serving.explanation.reading import Explanation, explained
from serving.explanation.telling import as_json, explanation_lines
from serving.explanation.who import found_supplier

__all__ = ["Chosen", "Explanation", "as_json", "chosen_publication", "explained", "explanation_lines", "found_supplier"]
