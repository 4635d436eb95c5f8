"""An evidence index for a review under the Uyghur Forced Labor Prevention Act: what is on record, and what is missing.

The headings are those of the Operational Guidance for Importers (U.S. Customs and Border Protection, 13 June 2022) as
its summaries name them; the kinds of documents are those that CBP's questions and answers of 23 February 2023 name.
"""

from typing import Final

from serving.documents.about_supplier import about_supplier, told_rows
from serving.documents.framing import framed
from serving.documents.model import Document, Field, Group, Section
from serving.documents.register import Register, Row, by_evidence, by_rows
from serving.documents.uflpa_tiers import CompanyOfChain, chain_of, company_group
from serving.language import mark

KIND: Final = "uflpa-evidence-index"
LIST_SOURCE: Final = "us_uflpa_entities"
_ACT: Final = "Uyghur Forced Labor Prevention Act (Public Law 117-78), in effect for imports since 21 June 2022"
_GUIDANCE: Final = (
    "UFLPA Operational Guidance for Importers (U.S. Customs and Border Protection, 13 June 2022); "
    "questions and answers on applicability reviews (CBP, 23 February 2023)"
)
_LISTED: Final = """
    SELECT source_name, declared_id, status, known_on, snapshot_sha256 FROM source_snapshot
    WHERE declared_id = $source ORDER BY source_name, snapshot_sha256, file_name
"""
_MATCHES: Final = """
    SELECT match_id, supplier_id, match_status, source_id, snapshot_sha256, record_no FROM fct_list_match
    WHERE source_id IN (SELECT source_name FROM source_snapshot WHERE declared_id = $source)
        AND list_contains($suppliers, supplier_id) AND match_status IN ('confirmed', 'possible') ORDER BY match_id
"""
_REMEDIES: Final = """
    SELECT row_id, mitigation_kind, verified_on, source_id, snapshot_sha256, record_no
    FROM fct_mitigation WHERE list_contains($suppliers, supplier_id) AND status = 'counts' ORDER BY row_id
"""
_AUDITS: Final = """
    SELECT row_id, audit_ref, scheme, found_on, source_id, snapshot_sha256, record_no FROM fct_audit_finding
    WHERE list_contains($suppliers, supplier_id)
        AND source_type IN (SELECT source_type FROM contestable_source WHERE is_contestable)
    ORDER BY found_on DESC NULLS LAST, row_id
"""
_ADVERSE: Final = (
    "list_contains($suppliers, supplier_id) AND kind = 'adverse' AND set_aside IS NULL AND indicator_id IN"
    " (SELECT indicator_id FROM indicator WHERE kind IN ('labour', 'official', 'observed', 'media'))"
)
_MOST: Final = 40
_NOT_HELD: Final = (
    ("diligence", mark("2. Due diligence system"), (mark("The importer's due diligence system"),)),
    (
        "outside",
        mark("5. Evidence that nothing was mined, produced or made in Xinjiang"),
        (mark("Origin of raw materials and of each component"), mark("Where each stage of production took place")),
    ),
    (
        "china",
        mark("6. Goods from China: evidence that no forced labour was used"),
        (mark("Evidence for each company of the chain in China"),),
    ),
)


def uflpa_document(register: Register, supplier_id: str) -> Document:
    """Gives the index for one supplier and all that is known upstream of it; raises ConfigError for an unknown one."""
    say, facts = register.text, about_supplier(register, supplier_id)
    chain, goes_on = chain_of(register, facts)
    companies = [company.supplier_id for company in chain if company.supplier_id]
    sections = [_tracing(register, chain, goes_on), *_missing(register), _management(register, companies)]
    sections += [_listed(register, companies), _unfavourable(register, companies)]
    return framed(
        register,
        kind=KIND,
        file_name=f"{KIND}-{supplier_id}",
        title=say("Index of evidence for a UFLPA review: {name}", name=facts.name),
        audience=say(
            "For the importer and its counsel; it may be given to the authority. Rows from workers and ties to cases of"
            " others are left out, and there may be such rows."
        ),
        is_not=(
            say("It is an index of what is on record, and no evidence itself: the documents named must be added."),
            say("It does not say that goods are outside the Act, and it rebuts no presumption."),
        ),
        law=(_ACT, _GUIDANCE),
        sections=sorted(sections, key=lambda section: section.title),
        chosen=f"{facts.name} ({supplier_id})",
    )


def _tracing(register: Register, chain: list[CompanyOfChain], goes_on: bool) -> Section:
    say = register.text
    asks = say("Who took part at each stage, and transaction, payment and transport records that show it.")
    if goes_on:
        asks = f"{asks} {say('The chain goes on beyond what is shown.')}"
    groups = [company_group(register, company) for company in chain]
    if len(chain) == 1:
        groups.append(_nobody_upstream(register))
    return Section("tracing", say("1. Supply chain tracing, by tier"), asks, _GUIDANCE, tuple(groups))


def _nobody_upstream(register: Register) -> Group:
    say = register.text
    gap = register.gap("tracing.upstream", say("Who delivers to it"), say("the supplier"))
    return register.group(say("Further upstream"), gap)


def _missing(register: Register) -> list[Section]:
    say, importer = register.text, register.text("the importer")
    return [
        Section(
            name,
            say(title),
            say("Nothing of this is among the sources of a run."),
            _GUIDANCE,
            (
                register.group(
                    say("As recorded"),
                    *(
                        register.gap(f"{name}.{number}", say(label), importer)
                        for number, label in enumerate(labels, start=1)
                    ),
                ),
            ),
        )
        for name, title, labels in _NOT_HELD
    ]


def _management(register: Register, companies: list[str]) -> Section:
    say, importer = register.text, register.text("the importer")
    audits = register.rows(_AUDITS, suppliers=companies)
    remedies = register.rows(_REMEDIES, suppliers=companies)
    visits = len({row["audit_ref"] for row in audits})
    told = register.speech.plural(
        "{count} audit or visit on record", "{count} audits or visits on record", count=visits
    )
    newest = audits[0]["found_on"] if audits else None
    group = register.group(
        say("As recorded"),
        register.field(
            "management.audits",
            say("Audits and visits"),
            f"{told}, {say('the newest of {day}', day=register.speech.day(newest))}" if audits else None,
            by_rows("fct_audit_finding", audits[:_MOST]) + register.by_table("fct_audit_finding"),
            importer,
        ),
        register.field(
            "management.remedies",
            say("Remedy that somebody verified"),
            register.speech.joined(sorted({str(row["mitigation_kind"]) for row in remedies})),
            by_rows("fct_mitigation", remedies),
            importer,
        ),
        register.gap(
            "management.contracts", say("Contract clauses and corrective action against forced labour"), importer
        ),
    )
    return Section(
        "management",
        say("3. Supply chain management measures"),
        say("What is done to prevent and mend."),
        _GUIDANCE,
        (group,),
    )


def _listed(register: Register, companies: list[str]) -> Section:
    say = register.text
    loaded = register.rows(_LISTED, source=LIST_SOURCE)
    matches = register.rows(_MATCHES, source=LIST_SOURCE, suppliers=companies)
    return Section(
        "list",
        say("4. The UFLPA Entity List"),
        say("Whether a company of the chain is on the list."),
        _ACT,
        (register.group(say("As recorded"), _list_field(register, loaded, matches)),),
    )


def _list_field(register: Register, loaded: list[Row], matches: list[Row]) -> Field:
    say, label = register.text, register.text("Entries of the list for companies of the chain")
    readable = [row for row in loaded if row["status"] == "loaded"]
    if not readable:
        return register.gap("list.entries", label, say("the importer: the list was not among the sources of this run"))
    words = {"confirmed": say("confirmed"), "possible": say("possible match, unconfirmed: it bears on nothing")}
    told = "; ".join(f"{row['supplier_id']}: {words[row['match_status']]}" for row in matches)
    return register.field(
        "list.entries",
        label,
        told
        or say("none found under the names and identifiers on record; names of raw-material producers may be missing"),
        by_rows("fct_list_match", matches) or register.by_table("dim_list_entry", "fct_list_match"),
        "",
    )


def _unfavourable(register: Register, companies: list[str]) -> Section:
    say = register.text
    rows = register.evidence(_ADVERSE, shareable=True, suppliers=companies)
    group = register.group(
        say("As recorded"),
        register.field(
            "unfavourable.rows",
            say("What audits, official acts and published reports say"),
            told_rows(register, rows),
            by_evidence(rows),
            say("the importer; nothing on record is not the same as none"),
        ),
    )
    asks = say("An index that leaves this out would mislead.")
    return Section("unfavourable", say("7. Unfavourable evidence on record"), asks, _GUIDANCE, (group,))
