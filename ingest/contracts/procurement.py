"""Contracts of what is bought: contracting processes, bids, awards, order lines, exchange rates, costs of labour."""

from ingest.contracts.model import Contract, define
from ingest.contracts.shared import (
    CAPACITY_UNITS,
    COUNTRY_CODE,
    COUNTRY_TEXT,
    CURRENCY,
    FACILITY_REF,
    LABOUR_HOURS,
    SUPPLIER_REF_REQUIRED,
    WORKERS,
)

STATE_NO = define(
    "state_no", "Number of the state among those of its process, from 1; empty: the only one.", "integer", minimum=1
)

AWARD = Contract(
    table="award",
    grain="one supplier of one award in one state of its contracting process",
    fields=(
        define("award_ref", "Reference of the award.", required=True),
        define("process_ref", "Reference of the contracting process (OCDS: ocid)."),
        STATE_NO,
        SUPPLIER_REF_REQUIRED,
        define("supplier_name", "Name of the supplier as the award gives it."),
        define("buyer_ref", "Reference of the buyer."),
        define("buyer_name", "Name of the buyer."),
        define("status", "Status of the award as the source writes it."),
        define("awarded_on", "Day of the award.", "date"),
        define(
            "amount", "Value of the whole award, whatever the number of its suppliers.", "money", unit="currency units"
        ),
        CURRENCY,
        define("classification_scheme", "Scheme of the classification, such as CPV."),
        define("classification_code", "Code of what is bought, as the source writes it."),
        define("description", "What is bought."),
        *(LABOUR_HOURS, WORKERS, CAPACITY_UNITS),
        define("release_id", "Id of the release with which the state was known (OCDS)."),
        define("package_url", "Address of the package that has the release, as the source states it (OCDS)."),
    ),
)

BID = Contract(
    table="bid",
    grain="one bid in one state of its contracting process",
    fields=(
        define("bid_ref", "Reference of the bid.", required=True),
        define("process_ref", "Reference of the contracting process (OCDS: ocid).", required=True),
        STATE_NO,
        define("supplier_ref", "Reference of the bidder; empty where several bid together or nobody is named."),
        define("tenderer_count", "Companies that bid together.", "integer", unit="tenderers", minimum=0),
        define("status", "Status of the bid as the source writes it, such as valid or withdrawn."),
        define("submitted_on", "Day of the bid.", "date"),
        define("amount", "Value of the bid.", "money", unit="currency units"),
        CURRENCY,
    ),
)

PURCHASE_ORDER_LINE = Contract(
    table="purchase_order_line",
    grain="one line of one purchase order",
    fields=(
        define("order_ref", "Reference of the order.", required=True),
        define("line_no", "Line as the source numbers it.", required=True),
        SUPPLIER_REF_REQUIRED,
        FACILITY_REF,
        define("ordered_on", "Day of the order.", "date", required=True),
        define("requested_on", "Day on which the buyer wants the goods.", "date"),
        define("promised_on", "Day that the supplier promised.", "date"),
        define("delivered_on", "Day of delivery.", "date"),
        define("invoiced_on", "Day of the invoice.", "date"),
        define("paid_on", "Day of payment.", "date"),
        define("category_scheme", "Scheme of the category, such as UNSPSC."),
        define("category_code", "Category code as the source writes it."),
        define("description", "What is bought."),
        define("quantity", "Quantity ordered.", "number", unit="units"),
        define("unit_price", "Price of a unit.", "price", unit="currency units"),
        define("amount", "Value of the line.", "money", unit="currency units"),
        CURRENCY,
        define("payment_terms_days", "Time allowed for payment.", "integer", unit="days", minimum=0),
        define("late_change", "Whether the buyer changed the line after confirming it.", "flag"),
        *(LABOUR_HOURS, WORKERS, CAPACITY_UNITS),
    ),
)

CONTRACTING_PROCESS = Contract(
    table="contracting_process",
    grain="one state of one contracting process: what was published of it up to known_on",
    fields=(
        define("process_ref", "Reference of the process (OCDS: ocid).", required=True),
        STATE_NO,
        define("buyer_ref", "Reference of the buyer."),
        define("buyer_name", "Name of the buyer."),
        define("title", "What is bought, in a line."),
        define("status", "Status of the tender as the source writes it."),
        define("procurement_method", "Method as the source writes it, such as open or limited."),
        define("tender_opened_on", "Day from which tenders were taken.", "date"),
        define("tender_closed_on", "Day until which tenders were taken.", "date"),
        define("tenderer_count", "Bidders that took part.", "integer", unit="tenderers", minimum=0),
        define("amount", "Value that the buyer expected.", "money", unit="currency units"),
        CURRENCY,
        define("award_count", "Awards of the state, cancelled ones included.", "integer", unit="awards", minimum=0),
    ),
)

EXCHANGE_RATE = Contract(
    table="exchange_rate",
    grain="one rate of one currency on one day",
    fields=(
        define("base_currency", "ISO 4217 code of the currency of which one unit is counted.", required=True),
        define("currency", "ISO 4217 code of the currency in which it is counted.", required=True),
        define("rate_on", "Day of the rate.", "date", required=True),
        define(
            "rate",
            "Units of `currency` for one unit of `base_currency`.",
            "number",
            unit="currency units",
            required=True,
            minimum=0,
        ),
    ),
)

LABOUR_COST = Contract(
    table="labour_cost",
    grain="one cost of an hour of labour in one country, from one day on",
    fields=(
        COUNTRY_CODE.model_copy(update={"required": True}),
        COUNTRY_TEXT,
        define(
            "hourly_cost",
            "Least that an hour of labour costs by law.",
            "price",
            unit="currency units an hour",
            required=True,
            minimum=0,
        ),
        CURRENCY.model_copy(update={"required": True}),
        define("valid_from", "First day on which it holds.", "date", required=True),
        define("valid_until", "Last day on which it is known to hold; empty: until the next, or for a year.", "date"),
        define("basis", "What the figure is, such as the statutory minimum wage of adults."),
        define("legal_source", "Law, order or statistic that gives it.", required=True),
    ),
)
