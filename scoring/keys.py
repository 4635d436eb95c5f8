"""The keys that every frame of this room is grouped by, and the names of the five states."""

SITE = ["supplier_id", "site_id"]
SITE_INDICATOR = [*SITE, "indicator_id"]
DAYS_PER_MONTH = 365.25 / 12

PRESENT, CONTRADICTED, ABSENT = "present", "contradicted", "absent"
NOT_APPLICABLE, NOT_ASSESSABLE = "not applicable", "not assessable"
OBSERVED = (PRESENT, CONTRADICTED, ABSENT)
