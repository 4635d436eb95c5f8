"""Every message has a translation in every language, with the same values and marks; nothing else is in a catalogue."""

import pytest
from babel.messages.catalog import Catalog

from serving.language import LANGUAGES
from serving.language.extraction import Message, messages
from serving.language.maintenance import problems, updated
from serving.language.spoken import catalogue_of

_OTHERS = [code for code in LANGUAGES if code != "en"]
_NEVER = {
    "es": ("rescindir el contrato", "elimine al proveedor", "excluya al proveedor"),
    "fr": ("résiliez le contrat", "supprimez le fournisseur", "excluez le fournisseur"),
    "pt": ("rescinda o contrato", "elimine o fornecedor", "exclua o fornecedor"),
}
ONE = Message("{count} row of {name}", "{count} rows of {name}", "a.py")
STRONG = Message("**Look** at `{file}`.", None, "b.py")


@pytest.fixture(scope="module")
def said() -> list[Message]:
    return messages()


@pytest.mark.parametrize("code", _OTHERS)
def test_a_catalogue_is_complete(code: str, said: list[Message]) -> None:
    assert list(problems(catalogue_of(code), said)) == [], "run make catalogues and translate what is left"


@pytest.mark.parametrize("code", _OTHERS)
def test_terms_of_the_field_are_those_of_the_glossary(code: str) -> None:
    catalogue = catalogue_of(code)
    forced_labour = {"es": "trabajo forzoso", "fr": "travail forcé", "pt": "trabalho forçado"}[code]
    debt_bondage = {"es": "Servidumbre por deudas", "fr": "Servitude pour dettes", "pt": "Servidão por dívida"}[code]

    for entry in catalogue:
        if isinstance(entry.id, str) and "forced labour" in entry.id.casefold():
            assert forced_labour in str(entry.string).casefold(), entry.id
    assert catalogue["Debt bondage"].string == debt_bondage


@pytest.mark.parametrize("code", _OTHERS)
def test_no_language_says_to_leave_a_supplier(code: str) -> None:
    strings = [str(entry.string).casefold() for entry in catalogue_of(code)]

    assert [text for text in strings if any(word in text for word in _NEVER[code])] == []


def test_messages_come_from_code_templates_and_tables(said: list[Message]) -> None:
    files = {message.file for message in said}

    assert "serving/explanation/sentences.py" in files
    assert "serving/reports/templates/report.html.j2" in files
    assert "dbt_project/seeds/catalogue/indicator.csv" in files
    assert Message("{count} worker", "{count} workers", "serving/explanation/sentences.py") in said
    assert "an unannounced audit" in {message.one for message in said}


def _catalogue(one: tuple[str, str], strong: str) -> Catalog:
    catalogue = Catalog(locale="es")
    catalogue.add((ONE.one, ONE.many), one)
    catalogue.add(STRONG.one, strong)
    return catalogue


def test_a_good_catalogue_has_no_problem() -> None:
    good = _catalogue(("{count} fila de {name}", "{count} filas de {name}"), "**Mire** `{file}`.")

    assert list(problems(good, [ONE, STRONG])) == []


@pytest.mark.parametrize(
    ("one", "strong", "told"),
    [
        (("", ""), "**Mire** `{file}`.", "has no translation: {count} row"),
        (("{count} fila de {name}", ""), "**Mire** `{file}`.", "has no translation: {count} row"),
        (("{count} fila de {nombre}", "{count} filas de {name}"), "**Mire** `{file}`.", "names other values"),
        (("{count} fila de {name}", "{count} filas de {name}"), "Mire `{file}`.", "other marks"),
        (("{count} fila de {name}", "{count} filas de {name}"), "**Mire** {file}.", "other marks"),
        (("{count} fila de {name}", "{count} filas de {name}"), "**Mire** `{file}`. ", "other spaces"),
    ],
)
def test_what_is_wrong_with_a_catalogue_is_told(one: tuple[str, str], strong: str, told: str) -> None:
    assert told in "\n".join(problems(_catalogue(one, strong), [ONE, STRONG]))


def test_a_doubtful_translation_and_one_that_nobody_says_are_told() -> None:
    catalogue = _catalogue(("{count} fila de {name}", "{count} filas de {name}"), "**Mire** `{file}`.")
    catalogue[STRONG.one].flags.add("fuzzy")
    catalogue.add("Gone", "Ido")

    assert list(problems(catalogue, [ONE, STRONG])) == [
        f"is marked as doubtful: {STRONG.one}",
        "is said by nobody: Gone",
    ]


def test_bringing_a_catalogue_in_step_keeps_what_was_translated_and_drops_what_is_gone() -> None:
    catalogue = _catalogue(("{count} fila de {name}", "{count} filas de {name}"), "**Mire** `{file}`.")

    made = updated(catalogue, [ONE, Message("New", None, "c.py")]).decode()

    assert '"{count} filas de {name}"' in made
    assert 'msgid "New"\nmsgstr ""' in made
    assert "Mire" not in made
