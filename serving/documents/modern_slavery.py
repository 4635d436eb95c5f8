"""A draft for the report on modern slavery, by the areas of the template of the UK, Australia and Canada.

The seven areas are those of the international reporting template (Home Office, updated 30 July 2025), as its summaries
name them; its wording is not repeated here. Details of what Canada asks for: Fighting Against Forced Labour and Child
Labour in Supply Chains Act (S.C. 2023, c. 9), section 11(3).
"""

from typing import Final

from serving.documents import modern_slavery_areas as areas
from serving.documents import modern_slavery_queries as queries
from serving.documents.framing import framed
from serving.documents.model import Document, Section
from serving.documents.register import Register

KIND: Final = "modern-slavery-report"
_TEMPLATE: Final = (
    "International reporting template on modern slavery, forced labour and child labour "
    "(governments of the United Kingdom, Australia and Canada; Home Office, updated 30 July 2025)"
)
_CANADA: Final = (
    "Fighting Against Forced Labour and Child Labour in Supply Chains Act (Canada, S.C. 2023, c. 9), section 11(3)"
)


def modern_slavery_document(
    register: Register,
    *,
    suppliers: list[str] | None = None,
    countries: list[str] | None = None,
    sectors: list[str] | None = None,
) -> Document:
    """Gives the draft over the suppliers chosen by id, country and sector; over all where nothing is chosen."""
    register.connection.execute(queries.CHOSEN, {"suppliers": suppliers, "countries": countries, "sectors": sectors})
    say = register.text
    return framed(
        register,
        kind=KIND,
        file_name=KIND,
        title=say("Draft for the report on modern slavery, forced labour and child labour"),
        audience=say(
            "For whoever writes the report. Counts of suppliers only; no supplier is named, and of what workers said"
            " only published rates are told."
        ),
        is_not=(say("It is no report: an organisation's own text, its approval and its signature are missing."),),
        law=(
            _TEMPLATE,
            say("The template is voluntary; what each law asks for stands in the law:"),
            "Modern Slavery Act 2015 (UK); Modern Slavery Act 2018 (Australia, Cth)",
            _CANADA,
        ),
        sections=_sections(register),
        chosen=_choice(register, suppliers, countries, sectors),
    )


def _choice(
    register: Register, suppliers: list[str] | None, countries: list[str] | None, sectors: list[str] | None
) -> str:
    say, speech = register.text, register.speech
    told = [
        say("countries: {names}", names=speech.joined([speech.country(code) for code in countries]))
        if countries
        else "",
        say("sectors: {names}", names=speech.joined(sectors)) if sectors else "",
        speech.plural("{count} named supplier", "{count} named suppliers", count=len(suppliers)) if suppliers else "",
    ]
    return "; ".join(filter(None, told)) or say("all suppliers of the publication")


def _sections(register: Register) -> list[Section]:
    say = register.text
    told = [
        (
            "structure",
            say("1. Structure, operations and supply chains"),
            say("The organisation's structure, its operations and its supply chains."),
            areas.structure(register),
        ),
        (
            "policies",
            say("2. Policies"),
            say("Policies in relation to modern slavery, forced labour and child labour."),
            areas.to_be_written(register, "policies", [say("Policies and who answers for them")]),
        ),
        (
            "risk",
            say("3. Risk management"),
            say("How risks are assessed and addressed, and where they are."),
            areas.risk(register),
        ),
        (
            "diligence",
            say("4. Due diligence and remediation"),
            say("Due diligence in the supply chains, and what was done to remedy cases."),
            areas.diligence(register),
        ),
        (
            "training",
            say("5. Training"),
            say("Training given to employees."),
            areas.to_be_written(register, "training", [say("Training: who had it, on what and how often")]),
        ),
        (
            "effectiveness",
            say("6. Assessing effectiveness"),
            say("How the organisation assesses whether what it does works."),
            areas.effectiveness(register),
        ),
        ("other", say("7. Other relevant information"), say("Anything else that matters."), areas.other(register)),
    ]
    return [Section(name, title, asks, _TEMPLATE, (group,)) for name, title, asks, group in told]
