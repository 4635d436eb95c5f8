"""The areas of the draft of the report on modern slavery, each filled from what is published."""

from serving.documents import modern_slavery_queries as queries
from serving.documents.counting import counted, number_field, terms, tiers, whole_tables
from serving.documents.model import Field, Group
from serving.documents.register import Register


def structure(register: Register) -> Group:
    """Gives who the suppliers are: numbers by country, sector and tier."""
    say, speech = register.text, register.speech
    size, workers = register.one(queries.SIZE), register.one(queries.WORKERS)
    organisation = organisation_meant(register)
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


def risk(register: Register) -> Group:
    """Gives how risk is assessed, where it is, and what is not known."""
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
        register.gap("risk.own", say("Risks in the organisation's own operations"), organisation_meant(register)),
    )


def diligence(register: Register) -> Group:
    """Gives what was looked at, whom workers told what, and what was mended."""
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
            organisation_meant(register),
        ),
        register.gap(
            "diligence.grievance", say("How workers can raise concerns, and who answers"), organisation_meant(register)
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
        say("Worker surveys in the twelve months before, and published rates, of all suppliers"),
        "; ".join([told, *parts]) if waves else None,
        register.by_table("survey_quality", "survey_rate"),
        organisation_meant(register),
    )


def effectiveness(register: Register) -> Group:
    """Gives what tells whether measures work."""
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
        register.gap("effectiveness.goals", say("Goals, and how they were met"), organisation_meant(register)),
    )


def other(register: Register) -> Group:
    """Gives the buyer's own practices and objections of suppliers."""
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
        register.gap("other.approval", say("Approval and signature"), organisation_meant(register)),
    )


def to_be_written(register: Register, area: str, labels: list[str]) -> Group:
    """Gives an area of which nothing is in any source: gaps alone."""
    fields = (
        register.gap(f"{area}.{number}", label, organisation_meant(register))
        for number, label in enumerate(labels, start=1)
    )
    return register.group(register.text("As recorded"), *fields)


def organisation_meant(register: Register) -> str:
    """Gives the words for who must fill in what only the organisation itself knows."""
    return register.text("the reporting organisation")
