"""Nothing but fetching, loading, checking and the survey step opens a file of the restricted store."""

import subprocess
import sys
from pathlib import Path

from tierline.run import PROJECT

# An audit hook sees what Python opens; what DuckDB opens passes the one function that opens the store.
_WATCH = """
import sys
from datetime import date
from pathlib import Path

opened = []
def hook(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and arguments and "restricted" in str(arguments[0]).split("/"):
        opened.append(event)
sys.addaudithook(hook)

import duckdb
connect = duckdb.connect
def watched(path=":memory:", *rest, **options):
    if "restricted" in str(path).split("/"):
        opened.append("duckdb")
    return connect(path, *rest, **options)
duckdb.connect = watched

import tierline.warehouse as warehouse
attach = warehouse.attach_encrypted
def watched_attach(connection, path, *rest, **options):
    opened.append("attach")
    return attach(connection, path, *rest, **options)
warehouse.attach_encrypted = watched_attach

from ingest.steps import check, fetch_source, load, survey
from tierline.run import PROJECT, Run
from tierline.settings import Settings, SourceConfig

root = Path(sys.argv[1])
sources = (
    SourceConfig(id="survey_csv", name="survey", path=str(root / "answers.csv")),
    SourceConfig(id="erp_vendor_master", name="vendors", path=str(root / "vendors.csv")),
)
run = Run("r1", date(2026, 8, 1), Settings(home=root / "home", sources=sources, threads=1), PROJECT)

def told(name, step):
    opened.clear()
    step()
    print(name, bool(opened))

told("fetch survey", lambda: fetch_source(run, "survey"))
told("fetch vendors", lambda: fetch_source(run, "vendors"))
told("load vendors", lambda: __import__("ingest.load").load.load_sources(run, only=["vendors"]))
told("load", lambda: load(run))
told("survey", lambda: survey(run))
"""


def test_only_steps_that_must_open_the_store(tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text(
        "response_id,submitted_on,site_id,documents_held\n"
        + "".join(f"R{number},2026-05-04,S1,no\n" for number in range(12))
    )
    fixture = next((PROJECT / "ingest" / "sources" / "erp_vendor_master" / "fixtures").glob("*.csv"))
    (tmp_path / "vendors.csv").write_bytes(fixture.read_bytes())

    ran = subprocess.run(
        [sys.executable, "-c", _WATCH, str(tmp_path)], cwd=PROJECT, capture_output=True, text=True, check=False
    )

    told = dict(line.rsplit(" ", 1) for line in ran.stdout.splitlines() if line.endswith((" True", " False")))
    assert told == {
        "fetch survey": "True", "fetch vendors": "False", "load vendors": "False", "load": "True", "survey": "True",
    }, ran.stderr[-500:]  # fmt: skip
