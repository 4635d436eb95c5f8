"""Parts merged in a process of their own: what comes back, and what is told where that process ends."""

import json
import multiprocessing
import os
import signal
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from ingest.ocds import merged_records as module
from ingest.ocds.merging_process import MergingProcess, merge_here, merging_process
from ingest.ocds.parts import FAULT_SCHEMA, PART_COLUMNS, STATE_SCHEMA, How
from tests.unit.ingest.conftest import Installation
from tierline.errors import ContractError

Json = dict[str, Any]
HOW = How(is_of_releases=True, file_names={"sha": "releases.jsonl"})


def part_of(*releases: Json | str) -> pa.Table:
    texts = [each if isinstance(each, str) else json.dumps(each) for each in releases]
    numbers = range(1, len(texts) + 1)
    columns: list[list[Any]] = [["p"] * len(texts), [True] * len(texts), ["sha"] * len(texts), list(numbers), texts]
    return pa.table(dict(zip(PART_COLUMNS, columns, strict=True)))


def release(number: int, **content: Any) -> Json:
    return {"ocid": "p", "id": str(number), "date": f"2025-01-{number:02}", **content}


PARTS = [
    part_of(*(release(number, tender={"title": f"Ä {number}"}) for number in range(1, 29))),
    part_of(release(1, a=1), release(1, a=1), "{", release(1, a=2)),
    part_of(),
]


def test_a_process_of_its_own_gives_what_this_one_gives_part_after_part() -> None:
    with merging_process() as process:
        for part in PARTS:
            there, here = process.merge(part, HOW), merge_here(part, HOW)
            assert (there.states.to_pylist(), there.faults.to_pylist()) == (
                here.states.to_pylist(),
                here.faults.to_pylist(),
            )
            assert there.sharing_an_id == here.sharing_an_id
            assert there.states.schema.equals(STATE_SCHEMA)
            assert there.faults.schema.equals(FAULT_SCHEMA)


def test_what_has_no_state_is_told_with_its_place() -> None:
    merged = merge_here(PARTS[1], HOW)
    assert merged.states.column("_record_no").to_pylist() == [1, 4]
    assert [(row["record_no"], row["reason_code"]) for row in merged.faults.to_pylist()] == [
        (2, "identical repeat"),
        (3, "broken JSON"),
    ]
    assert merged.sharing_an_id == 1


def test_a_process_that_was_killed_is_told_with_its_signal() -> None:
    with merging_process() as process:
        os.kill(process._process.pid, signal.SIGKILL)
        process._process.wait()
        with pytest.raises(ContractError, match=r"ended early \(signal SIGKILL\); nothing"):
            process.merge(PARTS[0], HOW)


def test_what_makes_it_stop_is_told_by_its_kind_and_never_quotes_a_record(capfd: pytest.CaptureFixture[str]) -> None:
    secret = part_of(release(1)).set_column(3, "record_no", pa.array(["secret of a worker"]))
    with merging_process() as process, pytest.raises(ContractError, match="code 1"):
        process.merge(secret, HOW)
    assert capfd.readouterr().err == "ArrowInvalid\n"


def test_a_daemon_may_start_it() -> None:
    parent, child = multiprocessing.Pipe()
    daemon = multiprocessing.get_context("spawn").Process(target=_merge_and_tell, args=(child,), daemon=True)
    daemon.start()
    child.close()
    assert parent.recv() == 28
    daemon.join()


def _merge_and_tell(child: Any) -> None:
    with merging_process() as process:
        child.send(process.merge(PARTS[0], HOW).states.num_rows)


def test_where_the_process_ends_the_store_stays_as_it_was(
    bulk: Callable[..., Installation], monkeypatch: pytest.MonkeyPatch
) -> None:
    installation = bulk([release(number) for number in (1, 2)])
    before = installation.contents()
    monkeypatch.setattr(module, "_CHUNK_BYTES", 20)
    monkeypatch.setattr(MergingProcess, "merge", _killed_at_the_second_part(MergingProcess.merge))
    others = [{**release(number), "ocid": f"other {number // 2}"} for number in range(2, 8)]
    installation.write("9.jsonl", "".join(json.dumps(each) + "\n" for each in others))
    assert installation.load("r2")["sources"]["ocds_bulk_jsonl"]["status"] == "failed"
    assert installation.query("SELECT error FROM ingest.source_load WHERE status = 'failed'") != []
    after = installation.contents()
    ledgers = {name for name in before if "source_load" in name}
    assert {name: rows for name, rows in after.items() if name not in ledgers} == {
        name: rows for name, rows in before.items() if name not in ledgers
    }


def _killed_at_the_second_part(merge: Callable[..., Any]) -> Callable[..., Any]:
    seen: list[pa.Table] = []

    def killed(process: MergingProcess, part: pa.Table, how: How) -> Any:
        seen.append(part)
        if len(seen) > 1:
            process._process.kill()
        return merge(process, part, how)

    return killed
