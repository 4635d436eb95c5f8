"""Mail: what changed, with the report attached, to those whom the configuration names."""

from serving.mail.sending import SendOutcome, SendRequest, send_report

__all__ = ["SendOutcome", "SendRequest", "send_report"]
