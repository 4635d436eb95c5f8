"""What must hold before readers see a publication: sums, states, keys, lineage, and nothing that is restricted."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from serving.build import origin
from serving.tables import COPIED, PublishedTable
from tierline.errors import PublishError
from tierline.warehouse import quote_identifier

_SHOWN = 3

RESTRICTED_COLUMNS = frozenset(
    {
        "respondent_key", "respondent", "answer", "question", "free_text", "original_text", "submitted_on",
        "submitted_by", "submission_time", "geolocation", "record", "tax_number", "phone", "email",
    }
)  # fmt: skip
"""Column names that stand for answers of workers, personal data or text as it came; none may be published."""


@dataclass(frozen=True)
class Check:
    """A rule and the SQL that lists what breaks it: one column that names the row."""

    rule: str
    sql: str


_RULES = (
    Check(
        "the evidence of a site sums to its raw score within 1e-9",
        """
        SELECT site_id FROM site_score
        LEFT JOIN (SELECT supplier_id, site_id, sum(contribution) AS total FROM score_evidence GROUP BY ALL)
        USING (supplier_id, site_id)
        WHERE (abs(total - raw_score) < 1e-9) IS NOT TRUE
        """,
    ),
    Check(
        "the evidence of the worst site sums to the supplier's raw score within 1e-9",
        """
        SELECT supplier_score.supplier_id FROM supplier_score
        LEFT JOIN (SELECT supplier_id, site_id, sum(contribution) AS total FROM score_evidence GROUP BY ALL) AS sums
        ON sums.supplier_id = supplier_score.supplier_id AND sums.site_id = worst_site_id
        WHERE (abs(total - raw_score) < 1e-9) IS NOT TRUE
        """,
    ),
    Check(
        "a supplier's score is its raw score plus the clip adjustment, between 0 and 100",
        """
        SELECT supplier_id FROM supplier_score
        WHERE (abs(raw_score + clip_adjustment - score) < 1e-9 AND score BETWEEN 0 AND 100) IS NOT TRUE
        """,
    ),
    Check(
        "a site's score is its raw score plus the clip adjustment, between 0 and 100",
        """
        SELECT site_id FROM site_score
        WHERE (abs(raw_score + clip_adjustment - score) < 1e-9 AND score BETWEEN 0 AND 100) IS NOT TRUE
        """,
    ),
    Check(
        "every supplier has a score and every score a supplier",
        """
        SELECT coalesce(dim_supplier.supplier_id, supplier_score.supplier_id)
        FROM dim_supplier FULL JOIN supplier_score USING (supplier_id)
        WHERE dim_supplier.supplier_id IS NULL OR supplier_score.supplier_id IS NULL
        """,
    ),
    Check(
        "every site has a state for every indicator of the catalogue, and no other",
        """
        WITH states AS (
            SELECT supplier_id, site_id, count(*) AS state_count,
                count(*) FILTER (WHERE indicator_id IN (SELECT indicator_id FROM indicator)) AS known_count
            FROM supplier_indicator GROUP BY ALL
        )
        SELECT coalesce(site_score.site_id, states.site_id)
        FROM site_score FULL JOIN states USING (supplier_id, site_id)
        WHERE (state_count = (SELECT count(*) FROM indicator) AND known_count = state_count
            AND site_score.site_id IS NOT NULL) IS NOT TRUE
        """,
    ),
    Check(
        "a state is one of the five, and one without evidence says why",
        """
        SELECT site_id || ' ' || indicator_id FROM supplier_indicator
        WHERE (list_contains(['present', 'contradicted', 'absent', 'not applicable', 'not assessable'], state)
            AND (state NOT IN ('not applicable', 'not assessable') OR reason <> '')) IS NOT TRUE
        """,
    ),
    Check(
        "of every file, read = loaded + quarantined",
        "SELECT source_name FROM source_snapshot WHERE (read_count = loaded_count + quarantined_count) IS NOT TRUE",
    ),
    Check(
        "every quarantined record is listed once",
        """
        SELECT source_name FROM (SELECT source_name, sum(quarantined_count) AS told FROM source_snapshot GROUP BY ALL)
        FULL JOIN (SELECT source_name, count(*) AS listed FROM quarantined_record GROUP BY ALL) USING (source_name)
        WHERE coalesce(told, 0) <> coalesce(listed, 0)
        """,
    ),
    Check(
        "a match that nobody confirmed has no points",
        """
        SELECT evidence_id FROM score_evidence
        JOIN fct_list_match ON score_evidence.source_table = 'fct_list_match'
            AND score_evidence.source_key = fct_list_match.row_id
            AND score_evidence.supplier_id = fct_list_match.supplier_id
        WHERE contribution <> 0
        GROUP BY evidence_id HAVING NOT bool_or(match_status = 'confirmed')
        """,
    ),
    Check(
        "evidence from workers carries the id of its release and nothing that leads to a record",
        """
        SELECT evidence_id FROM score_evidence
        WHERE release_id IS NOT NULL AND (
            coalesce(source_key, release_id) <> release_id
            OR source_record_no IS NOT NULL OR snapshot_sha256 IS NOT NULL
            OR release_id NOT IN (SELECT release_id FROM fct_survey_indicator)
        )
        """,
    ),
    Check(
        "no evidence leads to a record of a restricted source",
        """
        SELECT evidence_id FROM score_evidence WHERE source_record_no IS NOT NULL AND source_id IN
            (SELECT source_name FROM source_snapshot WHERE sensitivity = 'restricted')
        """,
    ),
    Check(
        "natural persons on lists are published by list and entry id only",
        "SELECT row_id FROM dim_list_entry WHERE entry_kind = 'person' AND name NOT LIKE 'natural person, list %'",
    ),
)


def refuse_what_breaks_a_rule(connection: duckdb.DuckDBPyConnection, run_id: str) -> int:
    """Runs every check on the tables as built and gives how many there were.

    Expects the working warehouse attached. Raises PublishError that lists each broken rule, how many rows break it and
    the first keys.
    """
    checks = list(all_checks())
    broken = [line for check in checks if (line := what_breaks(connection, check))]
    broken += _restricted_columns(connection)
    broken += [line for table in COPIED if (line := _other_row_count(connection, table, run_id))]
    if broken:
        raise PublishError(
            "the publication breaks what readers rely on:\n" + "\n".join(f"  - {line}" for line in broken),
            remedy="What readers see is unchanged. Mend the step that wrote these rows and run it again.",
        )
    return len(checks) + 1 + len(COPIED)


def all_checks() -> Iterator[Check]:
    """Yields every rule that the published tables alone can be held against."""
    yield from _RULES
    yield from (_unique_key(table) for table in COPIED)
    yield from (_found_facts(table) for table in COPIED if table.lineage_key)
    yield _known_source_tables()


def _unique_key(table: PublishedTable) -> Check:
    key = ", ".join(quote_identifier(name) for name in table.key)
    shown = f"concat_ws(' ', {key})"
    return Check(
        f"the key ({', '.join(table.key)}) of {table.name} is unique",
        f"SELECT {shown} FROM {quote_identifier(table.name)} GROUP BY {key} HAVING count(*) > 1",
    )


def _found_facts(table: PublishedTable) -> Check:
    return Check(
        f"evidence that names {table.name} is found there",
        f"""
        SELECT evidence_id FROM score_evidence
        ANTI JOIN {quote_identifier(table.name)} AS fact ON fact.{quote_identifier(str(table.lineage_key))} = source_key
        WHERE source_table = '{table.name}' AND (source_key IS NOT NULL OR release_id IS NULL)
        """,
    )


def _known_source_tables() -> Check:
    known = ", ".join(f"'{table.name}'" for table in COPIED if table.lineage_key)
    return Check(
        "evidence names published tables only",
        f"SELECT DISTINCT source_table FROM score_evidence WHERE source_table NOT IN ({known})",
    )


def what_breaks(connection: duckdb.DuckDBPyConnection, check: Check) -> str | None:
    """Gives the rule, how many rows break it and the first keys; None where it holds."""
    rows = connection.execute(
        f"SELECT count(*), list(key)[:{_SHOWN}] FROM (SELECT key FROM ({check.sql}) AS rows(key) ORDER BY key)"
    ).fetchall()
    count, shown = rows[0]
    if not count:
        return None
    return f"{check.rule}: not so for {count}, first {', '.join(str(key) for key in shown)}"


def _restricted_columns(connection: duckdb.DuckDBPyConnection) -> list[str]:
    columns = connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = current_database()"
    ).fetchall()
    return [
        f"column {column} of {table} has a name that only the restricted store may hold"
        for table, column in columns
        if column.lower() in RESTRICTED_COLUMNS
    ]


def _other_row_count(connection: duckdb.DuckDBPyConnection, table: PublishedTable, run_id: str) -> str | None:
    parameters = {"run_id": run_id} if table.of_this_run_only else {}
    built = connection.table(table.name).shape[0]
    wanted = connection.execute(f"SELECT count(*) FROM {origin(table)}", parameters).fetchall()[0][0]
    return None if built == wanted else f"{table.name} has {built} rows, the warehouse {wanted}"
