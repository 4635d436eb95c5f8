"""The keys that every frame of this room is grouped by."""

SITE = ["supplier_id", "site_id"]
SITE_INDICATOR = [*SITE, "indicator_id"]
DAYS_PER_MONTH = 365.25 / 12
