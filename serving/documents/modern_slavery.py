"""A draft for the report on modern slavery, by the areas of the template of the UK, Australia and Canada.

The seven areas are those of the international reporting template (Home Office, updated 30 July 2025), as its summaries
name them; its wording is not repeated here. Details of what Canada asks for: Fighting Against Forced Labour and Child
Labour in Supply Chains Act (S.C. 2023, c. 9), section 11(3).
"""

from typing import Final

from serving.documents import modern_slavery_queries as queries
from serving.documents.counting import counted, number_field, terms, tiers, whole_tables
from serving.documents.framing import framed
from serving.documents.model import Document, Field, Group, Section
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
    areas = [
        (
            "structure",
            say("1. Structure, operations and supply chains"),
            say("The organisation's structure, its operations and its supply chains."),
            _structure(register),
        ),
        (
            "policies",
            say("2. Policies"),
            say("Policies in relation to modern slavery, forced labour and child labour."),
            _to_be_written(register, "policies", [say("Policies and who answers for them")]),
        ),
        (
            "risk",
            say("3. Risk management"),
            say("How risks are assessed and addressed, and where they are."),
            _risk(register),
        ),
        (
            "diligence",
            say("4. Due diligence and remediation"),
            say("Due diligence in the supply chains, and what was done to remedy cases."),
            _diligence(register),
        ),
        (
            "training",
            say("5. Training"),
            say("Training given to employees."),
            _to_be_written(register, "training", [say("Training: who had it, on what and how often")]),
        ),
        (
            "effectiveness",
            say("6. Assessing effectiveness"),
            say("How the organisation assesses whether what it does works."),
            _effectiveness(register),
        ),
        ("other", say("7. Other relevant information"), say("Anything else that matters."), _other(register)),
    ]
    return [Section(name, title, asks, _TEMPLATE, (group,)) for name, title, asks, group in areas]


def _structure(register: Register) -> Group:
    say, speech = register.text, register.speech
    size, workers = register.one(queries.SIZE), register.one(queries.WORKERS)
    organisation = _organisation(register)
    told = say(
        "{suppliers} suppliers at {sites} sites",
        suppliers=speech.number(size["suppliers"]),
        sites=speech.number(size["sites"]),
    )
    staff = say(
        "{workers} workers at the {told} sites of {sites} for which a number is recorded",
        workers=speech.number(workers["workers"]),
        told=speech.number(workers["told"]),
        sites=speech.number(workers["sites"]),
    )
    return register.group(
        say("As recorded"),
        register.gap("structure.organisation", say("The organisation and the entities reported for"), organisation),
        whole_tables(
            register, "structure.size", say("Suppliers"), told if size["suppliers"] else None, "dim_supplier site_score"
        ),
        counted(
            register,
            "structure.countries",
            say("Suppliers by country"),
            queries.BY_COUNTRY,
            "dim_supplier",
            speech.country,
        ),
        counted(
            register,
            "structure.sectors",
            say("Suppliers by sector"),
            queries.BY_SECTOR,
            "dim_supplier",
            terms(register),
        ),
        counted(
            register, "structure.tiers", say("Suppliers by tier"), queries.BY_TIER, "fct_supplier_tier", tiers(register)
        ),
        whole_tables(register, "structure.workers", say("Workers"), staff if workers["told"] else None, "dim_facility"),
    )


def _risk(register: Register) -> Group:
    say, speech = register.text, register.speech
    known = register.one(queries.KNOWN)
    told = say(
        "{unknown} of {suppliers} suppliers: too little is known to say. This is not a sign that all is well there.",
        unknown=speech.number(known["unknown"]),
        suppliers=speech.number(known["suppliers"]),
    )
    method = say(
        "Suppliers are put in order of where to look first, by published weights and rules, version {version}; the"
        " level of country, sector and good, what is observed at each site, and what is unknown stand apart.",
        version=register.manifest["method_version"],
    )
    return register.group(
        say("As recorded"),
        whole_tables(register, "risk.method", say("How risk is assessed"), method, "method_version score_parameter"),
        counted(
            register,
            "risk.inherent",
            say("Suppliers by inherent level of country, sector and good"),
            queries.INHERENT,
            "supplier_score",
            terms(register),
        ),
        counted(
            register,
            "risk.observed",
            say("Suppliers with a sign of forced labour in audits, official acts or visits"),
            queries.OBSERVED,
            "score_evidence",
            terms(register),
        ),
        whole_tables(
            register, "risk.unknown", say("What is not known"), told if known["suppliers"] else None, "supplier_score"
        ),
        register.gap("risk.own", say("Risks in the organisation's own operations"), _organisation(register)),
    )


def _diligence(register: Register) -> Group:
    say = register.text
    names = {row["source_type"]: row["name"] for row in register.rows(queries.TYPE_NAMES)}
    return register.group(
        say("As recorded"),
        counted(
            register,
            "diligence.audits",
            say("Audits and visits in the twelve months before"),
            queries.LOOKED,
            "fct_audit_finding",
            lambda kind: register.speech.term(names.get(kind, kind)),
            as_of=register.as_of,
        ),
        _rates(register),
        counted(
            register,
            "diligence.actions",
            say("Actions asked for, by state"),
            queries.ACTIONS,
            "supplier_action",
            terms(register),
        ),
        counted(
            register,
            "diligence.remedy",
            say("Remedy that workers verified"),
            queries.REMEDY,
            "fct_mitigation",
            terms(register),
        ),
        register.gap(
            "diligence.income",
            say("Measures against the loss of income of the most vulnerable families (Canada, section 11(3)(e))"),
            _organisation(register),
        ),
        register.gap(
            "diligence.grievance", say("How workers can raise concerns, and who answers"), _organisation(register)
        ),
    )


def _rates(register: Register) -> Field:
    say, speech = register.text, register.speech
    waves = register.one(queries.WAVES, as_of=register.as_of)["n"]
    parts = [
        say(
            "{indicator}: {rate} % of workers asked (wave closed on {day})",
            indicator=speech.term(row["what"]),
            rate=speech.number(row["rate_percent"]),
            day=speech.day(row["wave_closed_on"]),
        )
        for row in register.rows(queries.RATES)
    ]
    told = speech.plural("{count} closed survey wave", "{count} closed survey waves", count=waves)
    return register.field(
        "diligence.workers",
        say("Worker surveys in the twelve months before, and published rates"),
        "; ".join([told, *parts]) if waves else None,
        register.by_table("survey_quality", "survey_rate"),
        _organisation(register),
    )


def _effectiveness(register: Register) -> Group:
    say, speech = register.text, register.speech
    closures = register.one(queries.CLOSURES)
    closed = say(
        "{workers} of {closed} closed findings: workers verified that the matter was mended",
        workers=speech.number(closures["workers"]),
        closed=speech.number(closures["closed"]),
    )
    return register.group(
        say("As recorded"),
        whole_tables(
            register,
            "effectiveness.closures",
            say("Findings closed"),
            closed if closures["closed"] else None,
            "fct_audit_finding",
        ),
        number_field(
            register,
            "effectiveness.contradictions",
            say("Audits found clean where workers of the site report a sign"),
            queries.CONTRADICTIONS,
            "supplier_contradiction",
        ),
        number_field(register, "effectiveness.overdue", say("Actions overdue"), queries.OVERDUE, "supplier_action"),
        register.gap("effectiveness.goals", say("Goals, and how they were met"), _organisation(register)),
    )


def _other(register: Register) -> Group:
    say = register.text
    return register.group(
        say("As recorded"),
        counted(
            register,
            "other.buyer",
            say("Suppliers to which the buyer's own lead times or payments add pressure"),
            queries.BUYER,
            "score_evidence",
            terms(register),
        ),
        counted(
            register,
            "other.contests",
            say("Objections of suppliers, by state"),
            queries.CONTESTS,
            "contest",
            terms(register),
        ),
        register.gap("other.approval", say("Approval and signature"), _organisation(register)),
    )


def _to_be_written(register: Register, area: str, labels: list[str]) -> Group:
    fields = (
        register.gap(f"{area}.{number}", label, _organisation(register)) for number, label in enumerate(labels, start=1)
    )
    return register.group(register.text("As recorded"), *fields)


def _organisation(register: Register) -> str:
    return register.text("the reporting organisation")
