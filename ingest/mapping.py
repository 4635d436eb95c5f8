"""Compiles the mapping of a declaration to SQL: raw text in, typed canonical rows and the faults of each out.

One statement a mapping, in layers: records → items → texts → translated → parsed → typed. Texts of the declaration
are bound as parameters; only identifiers, quoted, and the declaration's own `sql` stand in the statement.
"""

from dataclasses import dataclass
from typing import Any

from ingest.mapping_conditions import conditions_sql
from ingest.mapping_faults import all_problems_sql, first_problem_sql
from ingest.mapping_origins import Origins
from ingest.mapping_records import Records
from ingest.mapping_spec import Mapping
from ingest.mapping_statement import Branch, Context, Statement, branches_of
from ingest.mapping_texts import texts_sql
from ingest.mapping_values import country_join_sql, parsed_sql, translated_sql, typed_sql
from ingest.quarantine import Fault
from tierline.warehouse import quote_identifier

_KEYS = "_snapshot_sha256, _record_no, item_no"


@dataclass(frozen=True)
class CompiledMapping:
    """A query that gives `_snapshot_sha256, _record_no, item_no, known_on, problem` and the fields of the table.

    `problem` is the number of the first fault of the row, 0 for none; `problems`, if asked for, are those of all.
    """

    sql: str
    parameters: dict[str, Any]
    faults: tuple[Fault, ...]


def compile_mapping(mapping: Mapping, context: Context, *, tells_all: bool = False) -> CompiledMapping:
    """Gives the query of one mapping; raises ValueError for a path that is none.

    With `tells_all` it has the column `problems`, which costs as much as all the rest: for faulty records alone.
    """
    statement = Statement()
    branches = [_select(branch, tells_all=tells_all) for branch in branches_of(mapping, context, statement)]
    return CompiledMapping(" UNION ALL BY NAME ".join(branches), statement.parameters, tuple(statement.faults))


def _select(branch: Branch, *, tells_all: bool) -> str:
    known_on = _known_on(branch)
    texts = _texts(branch)
    values = ", ".join(f"v_{name} AS {quote_identifier(name)}" for name in branch.mapping.contract.field_names)
    problems = f", {all_problems_sql(branch)} AS problems" if tells_all else ""
    rows = (
        f"SELECT {_KEYS}, {known_on} AS known_on, {values}, {first_problem_sql(branch)} AS problem{problems} FROM ("
        f"SELECT *, {typed_sql(branch)} FROM ("
        f"SELECT *, {parsed_sql(branch)} FROM ("
        f"SELECT *, {translated_sql(branch)} FROM ("
        f"{texts})){country_join_sql(branch)}))"
    )
    return _a_row_for_each_answer(branch, rows) if branch.mapping.questions else rows


def _known_on(branch: Branch) -> str:
    if "known_on" in branch.mapping.fields:
        return "v_known_on"
    return f"CAST({branch.statement.bind(branch.context.known_on)} AS DATE)"


def _texts(branch: Branch) -> str:
    """Gives the innermost layers; records come last, as they hold what texts and conditions asked for."""
    records = Records(branch)
    origins = Origins(branch, records)
    texts, conditions = texts_sql(branch, origins), conditions_sql(branch, origins)
    relation = records.relation()
    return f"SELECT {_KEYS}, {texts} FROM (SELECT *{origins.columns()} FROM {relation}{conditions})"


def _a_row_for_each_answer(branch: Branch, rows: str) -> str:
    """Gives a row for each question that was answered, and one for a record with a fault even without any."""
    bind, questions = branch.statement.bind, branch.mapping.questions
    indicators = bind([question.indicator for question in questions.values()])
    numbers = f"unnest(range(1, {len(questions) + 1}))"
    is_named = "question" in branch.mapping.fields
    name = "question" if is_named else f"list_extract({bind(list(questions))}, number)"
    return (
        f"SELECT * EXCLUDE (number) REPLACE (number AS item_no, {name} AS question, "
        f"list_extract({indicators}, number) AS indicator_id, list_extract(answer, number) AS answer, "
        "list_extract(answer_word, number) AS answer_word) "
        f"FROM (SELECT *, {numbers} AS number FROM ({rows})) "
        "WHERE list_extract(answer, number) IS NOT NULL OR (problem > 0 AND number = 1)"
    )
