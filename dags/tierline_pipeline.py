"""When and in what order Tierline's steps run; what they do is in the rooms that they import.

Fetches run side by side and write only to the landing. Everything after them writes to the one warehouse, so it is a
chain in a pool with one slot. A fetch that fails leaves its source degraded, unless the configuration requires it.
Sending comes last: where it fails, publication and report are there all the same, and only what was not sent is tried
again.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from airflow.sdk import Param, TriggerRule, dag, get_current_context, task

if TYPE_CHECKING:
    from tierline.run import Run

WRITER_POOL = "tierline_writer"
ONE_RETRY = {"retries": 1, "retry_delay": timedelta(seconds=30)}
MAIL_RETRIES = {"retries": 4, "retry_delay": timedelta(minutes=5), "retry_exponential_backoff": True}


def _run() -> "Run":
    from tierline.run import open_run, run_id_of_scheduler

    context = get_current_context()
    dag_run, params = context["dag_run"], context["params"]
    return open_run(
        Path(params["config"]) if params["config"] else None,
        run_id=run_id_of_scheduler(dag_run.run_id),
        today=dag_run.run_after.date(),
        as_of=date.fromisoformat(params["as_of"]) if params["as_of"] else None,
    )


@task
def source_names() -> list[str]:
    return [source.name for source in _run().settings.sources]


@task(**ONE_RETRY)
def fetch(source_name: str) -> None:
    from ingest.steps import fetch_source

    fetch_source(_run(), source_name)


@task(pool=WRITER_POOL, trigger_rule=TriggerRule.ALL_DONE)
def load() -> None:
    from ingest.steps import load

    load(_run())


@task(pool=WRITER_POOL)
def check() -> None:
    from ingest.steps import check

    check(_run())


@task(pool=WRITER_POOL)
def survey() -> None:
    from ingest.steps import survey

    survey(_run())


@task(pool=WRITER_POOL)
def prepare() -> None:
    from matching.steps import prepare

    prepare(_run())


@task(pool=WRITER_POOL)
def match() -> None:
    from matching.steps import match

    match(_run())


@task(pool=WRITER_POOL)
def transform() -> None:
    from tierline.transform import transform

    transform(_run())


@task(pool=WRITER_POOL)
def score() -> None:
    from scoring.steps import score

    score(_run())


@task(pool=WRITER_POOL)
def publish() -> None:
    from serving.steps import publish

    publish(_run())


@task
def report() -> str:
    from serving.steps import report

    return str(report(_run())["report"])


@task(**MAIL_RETRIES)
def send() -> str:
    from time import sleep

    from airflow.sdk.exceptions import AirflowSkipException

    from serving.mail import SendRequest, send_report

    run = _run()
    if run.settings.mail is None:
        raise AirflowSkipException("no mail is configured")
    moment = get_current_context()["dag_run"].run_after
    outcome = send_report(run, SendRequest(), moment=moment, pause=sleep)
    return f"sent to {outcome.sent}; {outcome.already} had it already"


@dag(
    dag_id="tierline_pipeline",
    schedule="0 5 * * 1",
    catchup=False,
    max_active_runs=1,
    params={
        "config": Param(None, type=["null", "string"], description="Configuration file; TIERLINE_CONFIG if empty"),
        "as_of": Param(None, type=["null", "string"], format="date", description="Day the run speaks for"),
    },
    doc_md=__doc__,
    tags=["tierline"],
)
def tierline_pipeline() -> None:
    fetched = fetch.expand(source_name=source_names())
    linked = fetched >> load() >> check() >> survey() >> prepare() >> match()
    linked >> transform() >> score() >> publish() >> report() >> send()


tierline_pipeline()
