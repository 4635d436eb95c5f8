"""PDFs by Typst: one way to make any, and the report."""

from serving.pdf.rendering import render_pdf

__all__ = ["render_pdf"]
