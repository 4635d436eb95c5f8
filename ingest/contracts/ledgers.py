"""Contracts of the ledgers of ingest: what was loaded, what was not, and what was checked."""

from ingest.contracts.model import Contract, define

SOURCE_LOAD = Contract(
    table="source_load",
    schema_name="ingest",
    has_lineage=False,
    grain="one snapshot of one source",
    fields=(
        define("source_name", "Name of the configured source.", required=True),
        define("declared_id", "Declaration that it follows.", required=True),
        define("snapshot_sha256", "SHA-256 of the file's bytes; empty where no file was landed.", required=True),
        define("file_name", "Name of the file."),
        define("bytes", "Size of the file.", "integer"),
        define("read_count", "Records read: loaded + quarantined.", "integer", required=True),
        define("loaded_count", "Records loaded.", "integer", required=True),
        define("quarantined_count", "Records in quarantine.", "integer", required=True),
        define("repeated_count", "Of those in quarantine: identical repeats and superseded versions.", "integer"),
        define("status", "How loading ended.", required=True, allowed=("loaded", "failed")),
        define("error", "Why it failed, or what else must be known."),
        define("known_on", "Day on which the source could be known.", "date"),
        define("sensitivity", "Who may see it.", allowed=("public", "internal", "restricted")),
        define("licence", "Terms of use."),
        define("licence_url", "Where the terms are."),
        define("licence_consent_required", "Whether the terms must be accepted in the configuration.", "flag"),
        define("licence_share_alike", "Whether what is made of it must be given on under the same terms.", "flag"),
        define("licence_attribution", "Words with which the terms ask to name the source."),
        define("publisher", "Who publishes it."),
        define("title", "Title of the source."),
        define("citation", "How to cite it."),
        define("shape_checked", "Whether the shape was ever checked on a real file.", "flag"),
        define("fingerprint", "Hash of all that decides the content loaded; the same: nothing to do."),
    ),
)

QUARANTINED_RECORD = Contract(
    table="quarantined_record",
    schema_name="ingest",
    has_lineage=False,
    grain="one record that was read and not loaded",
    fields=(
        define("source_name", "Name of the configured source.", required=True),
        define("snapshot_sha256", "SHA-256 of the file's bytes.", required=True),
        define("record_no", "Number of the record in its file, from 1.", "integer", required=True),
        define("reason_code", "Kind of fault.", required=True),
        define("reason", "What was wrong and where; never a value of the record.", required=True),
        define("remedy", "What to do.", required=True),
        define("original_text", "The record; empty in the open store for restricted sources."),
    ),
)

DATA_QUALITY = Contract(
    table="data_quality",
    schema_name="ingest",
    has_lineage=False,
    grain="one expectation about one source in one run",
    fields=(
        define("run_id", "Run.", required=True),
        define("source_name", "Name of the configured source.", required=True),
        define("expectation", "What is expected.", required=True),
        define("column_name", "Column that it is about."),
        define("severity", "Whether the work stops.", required=True, allowed=("stop", "warn")),
        define("success", "Whether it is met.", "flag", required=True),
        define("observed_count", "Rows looked at.", "integer"),
        define("unexpected_count", "Rows that do not meet it.", "integer"),
        define("detail", "What was seen."),
    ),
)

ANNOUNCED_VOLUME = Contract(
    table="announced_volume",
    schema_name="ingest",
    has_lineage=False,
    grain="one window of time of one source whose publisher announces a total; without bounds, the whole source",
    fields=(
        define("source_name", "Name of the configured source.", required=True),
        define("window_from", "First moment of the window, as asked for."),
        define("window_to", "Last moment of the window, as asked for."),
        define("file_count", "Files that hold it.", "integer", required=True),
        define("read_count", "Records read from them.", "integer", required=True),
        define("announced_count", "Records that the publisher says there are.", "integer", required=True),
        define(
            "found_count",
            "Different records read: a record that came twice in the window counts once.",
            "integer",
            required=True,
        ),
    ),
)

LEDGERS = (SOURCE_LOAD, QUARANTINED_RECORD, DATA_QUALITY, ANNOUNCED_VOLUME)
