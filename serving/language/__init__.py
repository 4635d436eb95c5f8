"""What people read, in their language: messages, numbers, days and names of countries."""

from serving.language.speaking import Language
from serving.language.spoken import LANGUAGES, language, languages
from serving.language.templates import page_templates
from serving.language.wording import mark

__all__ = ["LANGUAGES", "Language", "language", "languages", "mark", "page_templates"]
