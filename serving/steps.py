"""The steps of this room: the command line and the DAG call these and nothing else."""

from typing import Any

from tierline.run import Run


def publish(run: Run) -> dict[str, Any]:
    """Publishes the run's tables; gives path, row counts, degraded sources and the manifest's hash.

    Raises PublishError where a check fails; what readers see is then unchanged.
    """
    from serving.publish import publish_run

    outcome = publish_run(run)
    run.write_outcome("publish", outcome)
    return outcome


def report(run: Run) -> dict[str, Any]:
    """Renders the report, CSV and XLSX of the published run; gives their paths.

    Where mail is sent in another language than English, the report in that language is written beside it. Raises
    PublishError where the run is not published.
    """
    from serving.report_variants import Variant, write_variant
    from serving.reporting import report_run

    outcome = report_run(run)
    in_mail = Variant(language_code=run.settings.mail.language if run.settings.mail else "en")
    if not in_mail.is_default:
        write_variant(run, in_mail)
    run.write_outcome("report", outcome)
    return outcome
