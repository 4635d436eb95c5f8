"""The report as a PDF, from the same content as the HTML."""

from serving.pdf.report.document import report_pdf

__all__ = ["report_pdf"]
