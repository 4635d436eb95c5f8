"""Sentences that other steps of the pipeline compose in English and publish in columns, with their values by kind.

What a value is follows from its name up to the first underscore: `number`, `day` (ISO 8601), `year`, `code` (of an
indicator), `text` (kept as it is), `path` (over ties); any other is itself a text that must be known. The first pattern
that fits and whose parts are all known counts.
"""

from typing import Final

from serving.language.wording import mark

_BANDS: Final = (
    mark("In force and matched by an identifier or a person: {indicators}"),
    mark("Recorded at the site as such: {indicators}"),
    mark("Work against the will and the menace of a penalty at one site: {indicators}"),
    mark("By an official act, a worker-driven monitor or an audit: {indicators}"),
    mark("Strong and severe, and well supported: {indicators}"),
    mark("Score {number} (at least {number_minimum}, below {number_limit})"),
    mark("Score {number} (at least {number_minimum})"),
    mark("Score {number} (below {number_limit})"),
    mark("Severity {number} (at least {number_minimum})"),
    mark("Coverage {number} (at least {number_minimum})"),
    mark("Coverage {number} (below {number_limit})"),
    mark("Confidence {number} (at least {number_minimum})"),
    mark("{source}: would show {indicators}"),
    mark("{indicators} and {number} more"),
    mark("{indicators} and {indicator}"),
)

_STATES: Final = (
    mark("missing: {what}; the portfolio's median stands in"),
    mark("last looked at in {year}, too long ago to count; missing: {what}"),
    mark("a worker survey asked and could not decide; missing: more answers, or {sources}"),
    mark("missing: {what}"),
    mark("what {sources} reported is too weak or too old to count as present, weight {number}"),
    mark("reported by {sources}; found clean by {others}"),
    mark("reported by {sources}, weight {number}"),
    mark("verified by workers through {sources}"),
    mark("found clean by {sources}"),
    mark("an audit found clean what workers report in the same time: {text_indicators}"),
    mark("audits and workers spoke on the same in {number} indicators and do not conflict"),
    mark("answers of the wave closed on {day} look rehearsed: what it found clean is believed less"),
    mark("answers of the wave closed on {day} do not look rehearsed"),
    mark("{number} order lines of a year with a requested day, and as many earlier ones of the same category"),
    mark("{number} order lines of a year that say whether they were changed late"),
    mark("{number} order lines of a year with the days of invoice and payment"),
    mark("{number} comparable suppliers in its category"),
    mark("{number} comparable awards of others in its category"),
    mark("a sourced labour cost for {text_country} in {year}"),
    mark("an exchange rate between {text_currency} and {text_other}"),
)

_EVIDENCE: Final = (
    mark("Inherent level {number}: country {country}, sector {sector}, good {good}"),
    mark(
        "{number_cases} of {number_all} other suppliers of its country and sector have a confirmed case, which "
        "with the rate of all gives {number_percent} %"
    ),
    mark("Inherent risk of {number_migrant} % migrant workers and {number_agency} % agency workers"),
    mark("Inherent risk of {number_migrant} % migrant workers"),
    mark("Inherent risk of {number_agency} % agency workers"),
    mark("Inherent risk together gives at most {number} points"),
    mark("Facts of procurement give at most {number} points"),
    mark("Facts of network give at most {number} points"),
    mark("Announced audits and self-assessments together take off at most {number} points"),
    mark("All clean rows together take off at most {number} points"),
    mark("Audit found nothing ({text_scheme})"),
    mark("Audit looked and did not find it ({text_scheme})"),
    mark("Clean answer: {text}"),
    mark("Worker survey, wave {text_wave}: {outcome}"),
    mark("Grievances and helpline, wave {text_wave}: {outcome}"),
    mark("Report by {text_publishers}, one origin, who repeat what others told"),
    mark("Report by {text_publishers}, one origin"),
    mark("Report by {text_publishers}, who repeat what others told"),
    mark("Report by {text_publishers}"),
    mark("Reports of {number} independent origins: {text_publishers}"),
    mark("{kind}, verified by {source}"),
    mark("objection upheld on {day}"),
    mark("{text_entry}, in force"),
    mark("{text_entry}, modified"),
    mark("{text_entry}, appealed"),
    mark("{text_entry}, ended"),
    mark("{text_entry}, ended on a day that the list does not give, so it fades from the day of listing"),
)

_BUYING: Final = (
    mark("None of {number} prices from {day_first} to {day_last} below the labour floor"),
    mark(
        "{number_low} of {number} prices from {day_first} to {day_last} below the labour floor (hours x legal "
        "labour cost x {number_factor}); the lowest is {number_percent} % of it"
    ),
    mark(
        "{number_outliers} of {number} awards: the second lowest bid was {number_gap} % above the one that won; "
        "the upper fence of {number_peers} awards of others in {text_sector} is {number_fence} %"
    ),
    mark("The gap to the second lowest bid is within the upper fence of others in each of {number} awards"),
    mark("Orders by the buyer from {day_first} to {day_last}: {what}"),
    mark("requested lead time {number_percent} % of the usual one over {number} lines"),
    mark("{number_changed} of {number} lines changed late"),
    mark("The responsibility of the buyer, not of the supplier"),
    mark(
        "Payment by the buyer: median {number_days} days after the invoice over {number} order lines from "
        "{day_first} to {day_last}, {number_unpaid} of them not paid yet"
    ),
    mark(
        "Payment by the buyer: median {number_days} days after the invoice over {number} order lines from "
        "{day_first} to {day_last}"
    ),
    mark(
        "{number} order lines from {day_first} to {day_last} need {number_percent} % of the declared capacity, "
        "and the {number_declared} subcontractors told of are declared"
    ),
    mark("{number} order lines from {day_first} to {day_last} need {number_percent} % of the declared capacity"),
    mark("{number} order lines from {day_first} to {day_last} need all and more of the declared capacity"),
    mark(
        "Subcontractors that others tell of and that it did not declare: {number}, at depth {number_depth} "
        "counted from the buyer"
    ),
    mark(
        "{number_units} units per declared worker-hour over {number} order lines from {day_first} to {day_last}, "
        "within the upper fence of {number_peers} peers, {number_fence}"
    ),
    mark(
        "{number_units} units per declared worker-hour over {number} order lines from {day_first} to {day_last}, "
        "above the upper fence of {number_peers} peers, {number_fence}"
    ),
)

_NETWORK: Final = (
    mark("Confirmed cases of other companies are too far along its ties to count"),
    mark("No confirmed case of another company is within reach of its ties"),
    mark("Tied to a confirmed case of another company (mass {number}); the strongest path: {path}"),
    mark("No other company of labour agent {text_agent} has a confirmed case"),
    mark("Shares labour agent {text_agent} with another company that has a confirmed case"),
    mark("Shares labour agent {text_agent} with {number} other companies that have a confirmed case"),
)

_REVIEW: Final = (
    mark(
        "{audit} of {day_audit} ({interviews}) did not find {indicator} ({code}), which workers of the site "
        "report: {source} of {day_workers} ({answers})"
    ),
    mark("{number} workers interviewed"),
    mark("at least {number} workers asked"),
    mark("What is present is of severity {number} of 5"),
    mark("{source} on {indicator} ({code}) is expected to move the band by {number} places"),
    mark("the buyer takes {number} % of its sales"),
    mark("name “{text_name}”"),
    mark("identifier agrees: {text_identifier}"),
    mark("a person in a role: {verdict}"),
    mark("Decided {number} times, and not alike; the last one entered holds: {decision}"),
    mark("The same row was contested before, in {text_contest}"),
    mark("Of objections to one row the last decision entered holds: {decision}"),
)

COMPOSED: Final = (*_BANDS, *_STATES, *_EVIDENCE, *_BUYING, *_NETWORK, *_REVIEW)
"""All patterns, in the order in which they are tried."""
