"""What auditors saw and wrote down: some see little, most are announced, some reports are bought."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from demo_world import names
from demo_world.causes import CONDITIONS, Truth
from demo_world.companies import CONTROLLING, DECENT, Companies, Sites
from demo_world.draws import Bools, Draws, Floats, Ints, days_after
from demo_world.world import Texts, World

KINDS = ("announced", "semi-announced", "unannounced", "self-assessment", "worker-driven")
_SELF, _WORKERS = KINDS.index("self-assessment"), KINDS.index("worker-driven")
_KIND_WEIGHTS = [0.56, 0.16, 0.12, 0.12, 0.04]
# How much of what an able visitor could notice each kind of visit brings to light.
_KIND_SIGHT = np.array([0.4, 0.55, 0.95, 0.08, 1.3])
_AUDIT_COUNTS = [0.5, 0.22, 0.15, 0.09, 0.04]
_HISTORY_DAYS = 1460
_GRADES = ("critical", "major", "minor", "observation")

# How plainly each condition shows to a visitor who asks (0–1).
_PLAINNESS = {
    "abuse_of_vulnerability": 0.3,
    "deception": 0.35,
    "movement_restricted": 0.45,
    "isolation": 0.5,
    "violence": 0.2,
    "threats": 0.25,
    "documents_held": 0.5,
    "wages_withheld": 0.7,
    "debt_bondage": 0.4,
    "bad_living_conditions": 0.75,
    "excessive_overtime": 0.8,
    "overtime_compelled": 0.35,
    "state_imposed": 0.0,
}
# Weights of critical, major, minor, observation.
_GRADE_WEIGHTS = {
    "violence": [0.8, 0.2, 0.0, 0.0],
    "documents_held": [0.5, 0.4, 0.1, 0.0],
    "debt_bondage": [0.4, 0.45, 0.15, 0.0],
    "movement_restricted": [0.55, 0.4, 0.05, 0.0],
    "threats": [0.45, 0.45, 0.1, 0.0],
    "excessive_overtime": [0.05, 0.5, 0.4, 0.05],
    "wages_withheld": [0.15, 0.6, 0.25, 0.0],
}
_USUAL_GRADE_WEIGHTS = [0.2, 0.5, 0.25, 0.05]

# Issue codes of the two invented schemes; where a condition has two codes, auditors use one or the other.
_CODES: dict[str, dict[str, tuple[str, ...]]] = {
    "ETHICAL-A": {
        "abuse_of_vulnerability": ("A6.2",),
        "deception": ("A1.5",),
        "movement_restricted": ("A1.3", "A4.1"),
        "isolation": ("A6.1",),
        "violence": ("A5.2",),
        "threats": ("A5.1",),
        "documents_held": ("A1.1",),
        "wages_withheld": ("A3.1", "A1.4"),
        "debt_bondage": ("A1.2",),
        "bad_living_conditions": ("A4.2",),
        "excessive_overtime": ("A2.1",),
        "overtime_compelled": ("A2.2",),
    },
    "SOCIAL-B": {
        "abuse_of_vulnerability": ("MG-01",),
        "deception": ("FL-04",),
        "movement_restricted": ("FL-03",),
        "isolation": ("IS-01",),
        "violence": ("DI-02",),
        "threats": ("FL-05",),
        "documents_held": ("FL-01",),
        "wages_withheld": ("WG-01", "WG-02"),
        "debt_bondage": ("FL-02",),
        "bad_living_conditions": ("HS-01",),
        "excessive_overtime": ("WH-01",),
        "overtime_compelled": ("WH-01",),
    },
}
_TRIVIAL_CODE = {"ETHICAL-A": "A9.9", "SOCIAL-B": "HS-09"}
# Code: (title, category).
ISSUES: dict[str, tuple[str, str]] = {
    "A1.1": ("Identity documents of workers are held", "Free choice of work"),
    "A1.2": ("Workers paid fees to be recruited", "Free choice of work"),
    "A1.3": ("Workers may not leave the premises after their shift", "Free choice of work"),
    "A1.4": ("Deposits or penal deductions are taken from wages", "Wages"),
    "A1.5": ("The contract differs from what was promised at recruitment", "Free choice of work"),
    "A2.1": ("Working weeks above 60 hours", "Working hours"),
    "A2.2": ("Refusing overtime is penalised", "Working hours"),
    "A3.1": ("Wages paid more than 30 days late", "Wages"),
    "A4.1": ("The dormitory is locked at night", "Housing"),
    "A4.2": ("The dormitory is unsafe", "Housing"),
    "A5.1": ("Workers are threatened", "Harsh treatment"),
    "A5.2": ("Violence against a worker", "Harsh treatment"),
    "A6.1": ("Workers have no contact with the outside", "Free choice of work"),
    "A6.2": ("A tied work permit is used as a threat", "Free choice of work"),
    "A9.9": ("A fire extinguisher is past its inspection date", "Health and safety"),
    "FL-01": ("Documents retained", "Forced labour"),
    "FL-02": ("Debt or recruitment fees", "Forced labour"),
    "FL-03": ("Freedom of movement limited", "Forced labour"),
    "FL-04": ("Deceived about terms of work", "Forced labour"),
    "FL-05": ("Coercion or threats", "Forced labour"),
    "WH-01": ("Overtime beyond the limit", "Working hours"),
    "WG-01": ("Late payment of wages", "Remuneration"),
    "WG-02": ("Unlawful deductions from wages", "Remuneration"),
    "HS-01": ("Housing below the standard", "Health and safety"),
    "HS-09": ("First aid box incomplete", "Health and safety"),
    "DI-02": ("Abuse of a worker", "Discipline"),
    "MG-01": ("Migrant status used against workers", "Migrant workers"),
    "IS-01": ("Workers kept in isolation", "Forced labour"),
}


@dataclass(frozen=True)
class Findings:
    """Findings of one chunk, element by element; an audit that found nothing is one element without a code.

    `site` is a position in the chunk's sites; dates are days, NaT where there is none.
    """

    finding_id: list[str]
    audit_id: list[str]
    site: Ints
    site_named: Bools
    older_record: Bools
    supplier_name: list[str]
    scheme: list[str]
    kind: list[str]
    auditor: list[str]
    found_on: npt.NDArray[np.datetime64]
    code: list[str]
    grade: list[str]
    status: list[str]
    closed_on: npt.NDArray[np.datetime64]
    closure_verified_by: list[str]

    def __len__(self) -> int:
        return len(self.finding_id)


@dataclass(frozen=True)
class _Audits:
    site: Ints
    kind: Ints
    auditor: Ints
    found_on: npt.NDArray[np.datetime64]

    def __len__(self) -> int:
        return len(self.site)


def observe(world: World, chunk: int, companies: Companies, sites: Sites, truth: Truth) -> Findings:
    """Gives what the audits of the chunk's sites reported."""
    draws = Draws(world.seed, chunk, "audits")
    audits = _audits(draws, world, companies, sites)
    seen = _seen(draws, world, companies, sites, truth, audits)
    trivial = draws.chance(np.where(audits.kind == _WORKERS, 0.1, 0.4), len(audits))
    audit, condition = np.nonzero(np.column_stack([seen, trivial, ~(seen.any(axis=1) | trivial)]))
    return _written(
        draws, world, companies, sites, truth, audits, audit.astype(np.int64), condition.astype(np.int64), chunk
    )


def _audits(draws: Draws, world: World, companies: Companies, sites: Sites) -> _Audits:
    """Large suppliers are visited more; owners with something to hide less."""
    count = draws.pick(_AUDIT_COUNTS, len(sites))
    shuns = draws.chance(np.where(companies.culture[sites.company] == CONTROLLING, 0.35, 0.0), len(sites))
    small = draws.chance(np.where(sites.workers < 30, 0.45, 0.0), len(sites))
    site = np.repeat(np.arange(len(sites)), np.where(shuns | small, 0, count))
    total = len(site)
    return _Audits(
        site=site,
        kind=draws.pick(_KIND_WEIGHTS, total),
        auditor=draws.whole(0, len(world.auditors.name) - 1, total),
        found_on=days_after(np.full(total, world.today), -draws.whole(7, _HISTORY_DAYS, total)),
    )


def _seen(draws: Draws, world: World, companies: Companies, sites: Sites, truth: Truth, audits: _Audits) -> Bools:
    site, total = audits.site, len(audits)
    then = ~(truth.remedied_on[site] <= audits.found_on)
    there = truth.present[site] & then[:, None]
    acuity = np.where(audits.kind >= _SELF, 1.0, world.auditors.acuity[audits.auditor])
    sight: Floats = np.minimum(0.95, (acuity * _KIND_SIGHT[audits.kind])[:, None] * np.array(list(_PLAINNESS.values())))
    shape = (total, len(CONDITIONS))
    noticed = there & draws.chance(sight, shape)
    mistaken = draws.chance(np.where(np.array(list(_PLAINNESS.values())) > 0, 0.003, 0.0), shape)
    visited = (audits.kind < _SELF)[:, None]
    bought = (
        world.auditors.purchasable[audits.auditor]
        & (companies.culture[sites.company[site]] != DECENT)
        & (audits.kind < KINDS.index("unannounced"))
        & draws.chance(0.6, total)
    )
    return np.asarray((noticed | (mistaken & visited)) & ~bought[:, None])


def _written(
    draws: Draws,
    world: World,
    companies: Companies,
    sites: Sites,
    truth: Truth,
    audits: _Audits,
    audit: Ints,
    condition: Ints,
    chunk: int,
) -> Findings:
    site, total = audits.site[audit], len(audit)
    company = sites.company[site]
    scheme = [world.auditors.scheme[number] for number in audits.auditor[audit].tolist()]
    clean = condition == len(CONDITIONS) + 1
    closed_on, verified = _closures(draws, world, audits.found_on[audit], truth.remedied_on[site], clean)
    number = np.arange(total) - np.searchsorted(audit, audit) + 1
    audit_id = [f"AU-{chunk:04d}-{row + 1:06d}" for row in audit.tolist()]
    return Findings(
        finding_id=[f"{row}-F{place}" for row, place in zip(audit_id, number.tolist(), strict=True)],
        audit_id=audit_id,
        site=site,
        site_named=draws.chance(0.93, total) & companies.sites_known[company],
        older_record=companies.duplicated[company] & draws.chance(0.4, total),
        supplier_name=_names(draws, companies, company),
        scheme=scheme,
        kind=[KINDS[kind] for kind in audits.kind[audit].tolist()],
        auditor=_signatures(world, audits, audit),
        found_on=audits.found_on[audit],
        code=_codes(draws, scheme, condition),
        grade=_grades(draws, condition),
        status=_statuses(draws, closed_on, clean),
        closed_on=closed_on,
        closure_verified_by=verified,
    )


def _names(draws: Draws, companies: Companies, company: Ints) -> list[str]:
    form = draws.pick([0.82, 0.09, 0.09], len(company)).tolist()
    return [
        (companies.name[row], companies.misspelt[row], names.shortened(companies.name[row]))[kind]
        for row, kind in zip(company.tolist(), form, strict=True)
    ]


def _signatures(world: World, audits: _Audits, audit: Ints) -> list[str]:
    own = {_SELF: "supplier", _WORKERS: "Workers' Council Monitor"}
    return [
        own.get(kind, world.auditors.name[auditor])
        for kind, auditor in zip(audits.kind[audit].tolist(), audits.auditor[audit].tolist(), strict=True)
    ]


def _codes(draws: Draws, scheme: list[str], condition: Ints) -> list[str]:
    second = draws.chance(0.4, len(scheme)).tolist()
    found = []
    for row, position in enumerate(condition.tolist()):
        if position > len(CONDITIONS):
            found.append("")
        elif position == len(CONDITIONS):
            found.append(_TRIVIAL_CODE[scheme[row]])
        else:
            codes = _CODES[scheme[row]][CONDITIONS[position]]
            found.append(codes[-1] if second[row] else codes[0])
    return found


def _grades(draws: Draws, condition: Ints) -> list[str]:
    weights = [_GRADE_WEIGHTS.get(name, _USUAL_GRADE_WEIGHTS) for name in CONDITIONS]
    weights += [[0.0, 0.0, 0.5, 0.5], [0.0, 0.0, 0.0, 1.0]]
    grade: Texts = np.array(_GRADES, dtype=object)[draws.pick_from_rows(np.array(weights), condition)]
    return [str(name) for name in np.where(condition == len(CONDITIONS) + 1, "none", grade)]


def _closures(
    draws: Draws,
    world: World,
    found_on: npt.NDArray[np.datetime64],
    remedied_on: npt.NDArray[np.datetime64],
    clean: Bools,
) -> tuple[npt.NDArray[np.datetime64], list[str]]:
    """Findings are closed months later, mostly on paper; workers verify mostly where the condition did end."""
    total = len(found_on)
    closed_on = days_after(found_on, draws.whole(30, 300, total))
    ended = remedied_on <= closed_on
    closed = ~clean & draws.chance(np.where(ended, 0.85, 0.5), total) & (closed_on <= world.today)
    by_workers = draws.chance(np.where(ended, 0.6, 0.02), total)
    by_auditor = draws.chance(0.7, total)
    verified = np.where(by_workers, "workers", np.where(by_auditor, "auditor", "none"))
    day = np.where(closed, closed_on, np.datetime64("NaT", "D"))
    return day, [str(name) for name in np.where(closed, verified, "")]


def _statuses(draws: Draws, closed_on: npt.NDArray[np.datetime64], clean: Bools) -> list[str]:
    lost = draws.chance(0.03, len(closed_on))
    status = np.where(~np.isnat(closed_on), "closed", np.where(lost, "unknown", "open"))
    return [str(name) for name in np.where(clean, "", status)]
