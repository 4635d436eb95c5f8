"""The hidden process: what goes wrong at a site, and why; nothing that is published or scored decides it.

Effects follow from causes in the order in which they happen: how workers are recruited, what the employer then does to
keep them, and how life at the site is. Each cause that is present may bring the effect about on its own (noisy-OR). All
powers are invented.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from demo_world.companies import BRUTAL, CARELESS, CONTROLLING, HARD, Companies, Sites
from demo_world.draws import Bools, Draws, Ints, caused, days_after
from demo_world.world import World

CONDITIONS = (
    "abuse_of_vulnerability",
    "deception",
    "movement_restricted",
    "isolation",
    "violence",
    "threats",
    "documents_held",
    "wages_withheld",
    "debt_bondage",
    "bad_living_conditions",
    "excessive_overtime",
    "overtime_compelled",
    "state_imposed",
)
# What takes consent away, and what punishes who refuses (ICLS guidelines concerning forced labour, 2018).
_UNFREE = ("deception", "debt_bondage", "overtime_compelled", "state_imposed", "bad_living_conditions")
_PUNISHED = (
    "abuse_of_vulnerability", "movement_restricted", "isolation", "violence", "threats", "documents_held",
    "wages_withheld", "state_imposed",
)  # fmt: skip
_TOUCHED_PERCENT = 10
_HISTORY_DAYS = 900

# Percent of a site's workers whom the condition touches: quantiles, the few before the many.
_SHARES = {
    "violence": [2, 4, 8, 20],
    "threats": [8, 18, 35, 70],
    "isolation": [10, 25, 50, 90],
    "bad_living_conditions": [15, 35, 60, 95],
    "excessive_overtime": [15, 35, 60, 95],
    "state_imposed": [10, 25, 45, 80],
}
_USUAL_SHARES = [6, 15, 30, 45, 85]


@dataclass(frozen=True)
class Truth:
    """What is true at each site: conditions (sites × CONDITIONS), percent of workers touched, and what it adds up to.

    `remedied_on` is the day on which the conditions ended, NaT where they have not; `was_forced_labour` holds before
    that day, `forced_labour` today. `severity` runs from 0 (nothing) to 5.
    """

    present: Bools
    percent: Ints
    remedied_on: npt.NDArray[np.datetime64]
    was_forced_labour: Bools
    forced_labour: Bools
    severity: Ints


def decide(world: World, chunk: int, companies: Companies, sites: Sites) -> Truth:
    """Gives the truth of every site of the chunk."""
    draws = Draws(world.seed, chunk, "causes")
    found = _recruitment(draws, world, companies, sites)
    found |= _control(draws, world, companies, sites, found)
    found |= _life(draws, companies, sites, found)
    present = np.column_stack([found[name] for name in CONDITIONS])
    percent = np.where(present, _percents(draws, len(sites)), 0)
    unfree, punished = _reach(percent, _UNFREE), _reach(percent, _PUNISHED)
    was = np.minimum(unfree, punished) >= _TOUCHED_PERCENT
    remedied = draws.chance(0.1, len(sites)) & present.any(axis=1)
    day = days_after(np.full(len(sites), world.today), -draws.whole(30, _HISTORY_DAYS, len(sites)))
    return Truth(
        present=present,
        percent=percent,
        remedied_on=np.where(remedied, day, np.datetime64("NaT", "D")),
        was_forced_labour=was,
        forced_labour=was & ~remedied,
        severity=_severity(found, percent, was),
    )


def _recruitment(draws: Draws, world: World, companies: Companies, sites: Sites) -> dict[str, Bools]:
    owner, count = companies.culture[sites.company], len(sites)
    agent = companies.agent[sites.company]
    has_agent = agent >= 0
    bad_agent = has_agent & world.agents.abusive[agent]
    weak = world.weak_state[companies.country[sites.company]] > 0.6
    migrants = sites.migrant_percent >= 10
    debt = draws.chance(
        caused(
            [
                (bad_agent & migrants, 0.6),
                (has_agent & weak & migrants, 0.06),
                ((owner == CONTROLLING) & migrants, 0.16),
            ],
            0.004,
        ),
        count,
    )
    deceived = draws.chance(
        caused([(bad_agent, 0.35), (debt, 0.2), ((owner == CONTROLLING) & weak, 0.08)], 0.004), count
    )
    scheme = world.scheme_towns[sites.town] & world.scheme_sectors[companies.sector[sites.company]]
    return {
        "debt_bondage": debt,
        "deception": deceived,
        "state_imposed": draws.chance(caused([(scheme, 0.35)], 0), count),
    }


def _control(
    draws: Draws, world: World, companies: Companies, sites: Sites, found: dict[str, Bools]
) -> dict[str, Bools]:
    count, company = len(sites), sites.company
    owner, squeeze = companies.culture[company], companies.squeeze[company]
    controlling, careless = owner == CONTROLLING, owner == CARELESS
    migrants, debt = sites.migrant_percent >= 15, found["debt_bondage"]
    weak = world.weak_state[companies.country[company]] > 0.6
    documents = draws.chance(
        caused(
            [
                (controlling & migrants, 0.4),
                (debt & migrants, 0.5),
                (careless & sites.dormitory & migrants, 0.06),
                (found["state_imposed"], 0.4),
            ],
            0.003,
        ),
        count,
    )
    wages = draws.chance(
        caused(
            [
                (squeeze == BRUTAL, 0.12),
                (squeeze == HARD, 0.04),
                (controlling, 0.2),
                (debt, 0.25),
                (careless & weak, 0.05),
            ],
            0.006,
        ),
        count,
    )
    threats = draws.chance(
        caused(
            [
                (controlling & (debt | documents), 0.55),
                (debt | documents, 0.2),
                (controlling, 0.1),
                (careless & (squeeze == BRUTAL), 0.08),
                (found["state_imposed"], 0.4),
            ],
            0.002,
        ),
        count,
    )
    movement = draws.chance(
        caused([(sites.dormitory & controlling, 0.35), (sites.dormitory & documents, 0.25)], 0.001), count
    )
    vulnerable = draws.chance(caused([(migrants & threats, 0.35), (migrants & documents, 0.1)], 0.001), count)
    violence = draws.chance(caused([(threats & movement, 0.2), (threats & weak, 0.06)], 0.0007), count)
    return {
        "documents_held": documents,
        "wages_withheld": wages,
        "threats": threats,
        "movement_restricted": movement,
        "abuse_of_vulnerability": vulnerable,
        "violence": violence,
    }


def _life(draws: Draws, companies: Companies, sites: Sites, found: dict[str, Bools]) -> dict[str, Bools]:
    count, company = len(sites), sites.company
    owner, squeeze = companies.culture[company], companies.squeeze[company]
    controlling, careless = owner == CONTROLLING, owner == CARELESS
    overtime = draws.chance(caused([(squeeze == BRUTAL, 0.5), (squeeze == HARD, 0.25), (careless, 0.1)], 0.04), count)
    compelled = overtime & draws.chance(caused([(found["threats"], 0.4), (controlling, 0.2)], 0.005), count)
    isolated = draws.chance(
        caused(
            [
                (sites.remote & controlling, 0.35),
                (sites.remote & sites.dormitory & (sites.migrant_percent >= 20), 0.06),
            ],
            0.001,
        ),
        count,
    )
    housing = sites.dormitory & draws.chance(
        caused([(careless, 0.2), (controlling, 0.35), (squeeze == BRUTAL, 0.12)], 0.02), count
    )
    return {
        "excessive_overtime": overtime,
        "overtime_compelled": compelled,
        "isolation": isolated,
        "bad_living_conditions": housing,
    }


def _percents(draws: Draws, count: int) -> Ints:
    return np.column_stack([draws.steps(_SHARES.get(name, _USUAL_SHARES), count) for name in CONDITIONS])


def _reach(percent: Ints, conditions: tuple[str, ...]) -> Ints:
    columns = [CONDITIONS.index(name) for name in conditions]
    return np.asarray(percent[:, columns].max(axis=1), dtype=np.int64)


def _severity(found: dict[str, Bools], percent: Ints, was: Bools) -> Ints:
    """Gives 0 without a condition, 1–2 for abuses short of forced labour, 3–5 for forced labour, by harm and reach."""
    harm = percent.max(axis=1)
    grave = found["violence"] | found["debt_bondage"] | found["state_imposed"]
    forced = 3 + grave.astype(np.int64) + (harm >= 40).astype(np.int64)
    lesser = np.where(harm == 0, 0, np.where(harm >= 30, 2, 1))
    return np.asarray(np.where(was, forced, lesser), dtype=np.int64)
