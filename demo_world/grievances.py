"""Cases of grievance channels and helplines: most are about meals and leave, some about what surveys do not hear."""

import numpy as np
import polars as pl

from demo_world.causes import CONDITIONS, Truth
from demo_world.companies import Companies, Sites, site_id
from demo_world.draws import Draws, days_after
from demo_world.world import World

_HAS_CHANNEL = 0.14
_LEAST_WORKERS = 30
_FEWEST, _MOST = 14, 50
_LONGEST_DAYS = 500
_GRAVE_SHARE = 0.5
_ANY = 0.01
_CATEGORIES = {
    "documents_held": "documents_held",
    "debt_bondage": "recruitment_fees",
    "movement_restricted": "freedom_of_movement",
    "wages_withheld": "wages_withheld",
    "threats": "threats",
    "violence": "violence",
    "deception": "contract_deception",
    "overtime_compelled": "forced_overtime",
    "isolation": "isolation",
}
_EVERYDAY = ("canteen", "leave", "other")
_GRAVE = {"violence": "critical", "debt_bondage": "serious", "documents_held": "serious", "threats": "serious"}
_CHANNELS = ("helpline", "sms", "app", "box", "committee")
_LANGUAGES = ("en", "es", "fr", "pt")
_STATES = ("open", "investigated", "remedied", "closed", "not_upheld")


def cases(world: World, chunk: int, companies: Companies, sites: Sites, truth: Truth) -> pl.DataFrame:
    """Gives a row a case of the chunk's sites that have a channel; who complained is a made-up number."""
    draws = Draws(world.seed, chunk, "grievances")
    known = companies.sites_known[sites.company] & (sites.workers >= _LEAST_WORKERS)
    channelled = np.flatnonzero(known & draws.chance(_HAS_CHANNEL, len(sites)))
    site = np.repeat(channelled, draws.whole(_FEWEST, _MOST, len(channelled)))
    count = len(site)
    day = days_after(np.full(count, world.today), -draws.whole(0, _LONGEST_DAYS, count))
    told = np.asarray([CONDITIONS.index(name) for name in _CATEGORIES], dtype=np.int64)
    touched = truth.percent[:, told]
    condition = told[draws.pick_from_rows(np.asarray(touched + _ANY, dtype=np.float64), site)]
    then = ~(truth.remedied_on[site] <= day)
    grave = then & (truth.percent[site, condition] > 0) & draws.chance(_GRAVE_SHARE, count)
    everyday = draws.whole(0, len(_EVERYDAY) - 1, count)
    names = [CONDITIONS[row] for row in condition.tolist()]
    vendors = companies.vendor_ids()
    company, place = sites.company[site].tolist(), sites.place[site].tolist()
    return pl.DataFrame(
        {
            "case_id": [f"G{chunk:04d}-{number + 1:05d}" for number in range(count)],
            "reported_on": [str(one) for one in day],
            "vendor_id": [vendors[row] for row in company],
            "site_id": [site_id(vendors[row], one) for row, one in zip(company, place, strict=True)],
            "category": [
                _CATEGORIES[name] if is_grave else _EVERYDAY[other]
                for name, is_grave, other in zip(names, grave.tolist(), everyday.tolist(), strict=True)
            ],
            "severity": [
                _GRAVE.get(name, "moderate") if is_grave else "minor"
                for name, is_grave in zip(names, grave.tolist(), strict=True)
            ],
            "status": [_STATES[one] for one in draws.pick([0.3, 0.3, 0.15, 0.2, 0.05], count).tolist()],
            "channel": [_CHANNELS[one] for one in draws.whole(0, len(_CHANNELS) - 1, count).tolist()],
            "language": [_LANGUAGES[one] for one in draws.whole(0, len(_LANGUAGES) - 1, count).tolist()],
            "complainant_id": [f"W{one:07d}" for one in draws.whole(1, 9_999_999, count).tolist()],
        },
        schema_overrides=dict.fromkeys(("case_id", "reported_on", "vendor_id", "site_id", "category"), pl.String),
    )
