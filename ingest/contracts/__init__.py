"""The contracts of the canonical tables and of the ledgers of ingest: fields, types, units and code lists."""

from ingest.contracts.conditions import (
    AUDIT_FINDING,
    AUDIT_ISSUE_MAPPING,
    GRIEVANCE_CASE,
    SURVEY_ANSWER,
    SURVEY_CLASS,
    SURVEY_QUALITY,
)
from ingest.contracts.context import COUNTRY_CONTEXT, GOOD_COUNTRY, LABELLED_PAIR, LEGAL_FORM
from ingest.contracts.ledgers import ANNOUNCED_VOLUME, DATA_QUALITY, LEDGERS, QUARANTINED_RECORD, SOURCE_LOAD
from ingest.contracts.ledgers_of_people import ACTION_ENTRY, CONTEST_ENTRY
from ingest.contracts.lists import COMPANY_STATEMENT, LIST_ENTRY, MATCH_VERDICT
from ingest.contracts.model import LINEAGE, SOURCE_TYPES, SQL_TYPES, Contract, ContractField, Kind
from ingest.contracts.procurement import (
    AWARD,
    BID,
    CONTRACTING_PROCESS,
    EXCHANGE_RATE,
    LABOUR_COST,
    PURCHASE_ORDER_LINE,
)
from ingest.contracts.rates import SURVEY_RATE
from ingest.contracts.reports import MITIGATION, REPORT
from ingest.contracts.suppliers import FACILITY, LEGAL_ENTITY, OWNERSHIP_EDGE, SUPPLIER, SUPPLY_LINK

CANONICAL = (
    *(SUPPLIER, FACILITY, OWNERSHIP_EDGE, SUPPLY_LINK, LEGAL_ENTITY),
    *(CONTRACTING_PROCESS, BID, AWARD, PURCHASE_ORDER_LINE, EXCHANGE_RATE, LABOUR_COST),
    *(AUDIT_FINDING, AUDIT_ISSUE_MAPPING, SURVEY_CLASS, SURVEY_QUALITY, SURVEY_RATE),
    *(REPORT, MITIGATION),
    *(LIST_ENTRY, MATCH_VERDICT, COMPANY_STATEMENT),
    *(CONTEST_ENTRY, ACTION_ENTRY),
    *(COUNTRY_CONTEXT, GOOD_COUNTRY, LEGAL_FORM, LABELLED_PAIR),
)
WORKER_TABLES = (SURVEY_ANSWER, GRIEVANCE_CASE)
CONTRACTS = {contract.table: contract for contract in (*CANONICAL, *WORKER_TABLES)}

__all__ = [
    "ACTION_ENTRY",
    "ANNOUNCED_VOLUME",
    "AUDIT_FINDING",
    "AUDIT_ISSUE_MAPPING",
    "AWARD",
    "BID",
    "CANONICAL",
    "COMPANY_STATEMENT",
    "CONTEST_ENTRY",
    "CONTRACTING_PROCESS",
    "CONTRACTS",
    "COUNTRY_CONTEXT",
    "DATA_QUALITY",
    "EXCHANGE_RATE",
    "FACILITY",
    "GOOD_COUNTRY",
    "GRIEVANCE_CASE",
    "LABELLED_PAIR",
    "LABOUR_COST",
    "LEDGERS",
    "LEGAL_ENTITY",
    "LEGAL_FORM",
    "LINEAGE",
    "LIST_ENTRY",
    "MATCH_VERDICT",
    "MITIGATION",
    "OWNERSHIP_EDGE",
    "PURCHASE_ORDER_LINE",
    "QUARANTINED_RECORD",
    "REPORT",
    "SOURCE_LOAD",
    "SOURCE_TYPES",
    "SQL_TYPES",
    "SUPPLIER",
    "SUPPLY_LINK",
    "SURVEY_ANSWER",
    "SURVEY_CLASS",
    "SURVEY_QUALITY",
    "SURVEY_RATE",
    "WORKER_TABLES",
    "Contract",
    "ContractField",
    "Kind",
]
