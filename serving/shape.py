"""The shape of a published table as SQL: types, what must be filled, values, the key, and words on each column."""

from collections.abc import Iterator, Mapping

from serving.descriptions import ColumnText, TableText
from serving.tables import PublishedTable
from tierline.errors import PublishError
from tierline.warehouse import quote_identifier


def column_texts(table: PublishedTable, described: Mapping[str, TableText]) -> dict[str, ColumnText]:
    """Gives what is said of each published column, in order; raises PublishError that names those nobody describes."""
    origin = described.get(table.origin)
    said = dict(origin.columns) if origin else {}
    said |= {name: ColumnText(name, text) for name, text in table.derived_texts.items()}
    missing = [name for name in table.columns if not (name in said and said[name].description)]
    if missing:
        raise PublishError(
            f"nobody describes what is published as {table.name}: {', '.join(missing)}",
            remedy=f"Describe each column of {table.origin} in the YAML files of dbt_project.",
        )
    return {name: said[name] for name in table.columns}


def create_statement(table: PublishedTable, types: Mapping[str, str], texts: Mapping[str, ColumnText]) -> str:
    """Gives the statement that makes the empty table; `types` are the SQL types of its columns."""
    columns = ", ".join(_definition(texts[name], sql_type) for name, sql_type in types.items())
    return f"CREATE TABLE {quote_identifier(table.name)} ({columns})"


def key_statement(table: PublishedTable, texts: Mapping[str, ColumnText]) -> str | None:
    """Gives the statement that declares the key; None where it may hold gaps, or the table is too large to index."""
    if table.grows_with_facts or not all(texts[name].is_required for name in table.key):
        return None
    return f"ALTER TABLE {quote_identifier(table.name)} ADD PRIMARY KEY ({_listed(table.key)})"


def comment_statements(table: PublishedTable, texts: Mapping[str, ColumnText]) -> Iterator[str]:
    """Yields the statements that put the words on the table and on each of its columns."""
    yield f"COMMENT ON TABLE {quote_identifier(table.name)} IS {_literal(table.description)}"
    for name, text in texts.items():
        yield f"COMMENT ON COLUMN {quote_identifier(table.name)}.{quote_identifier(name)} IS {_literal(words_on(text))}"


def words_on(text: ColumnText) -> str:
    """Gives the description of a column with the table that it refers to."""
    return f"{text.description} Refers to {text.refers_to}." if text.refers_to else text.description


def _definition(text: ColumnText, sql_type: str) -> str:
    name = quote_identifier(text.name)
    filled = " NOT NULL" if text.is_required else ""
    # DDL takes no parameters; the values come from the project's own files, never from data.
    allowed = f" CHECK ({name} IN ({', '.join(map(_literal, text.allowed))}))" if text.allowed else ""
    return f"{name} {sql_type}{filled}{allowed}"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(quote_identifier(name) for name in names)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
