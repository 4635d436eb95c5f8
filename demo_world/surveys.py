"""What workers answered: few speak openly on site, some were told what to say, some would rather not say."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from demo_world.causes import CONDITIONS, Truth
from demo_world.companies import CONTROLLING, DECENT, Companies, Sites
from demo_world.draws import Bools, Draws, Floats, Ints, days_after
from demo_world.world import Texts, World

_WAVE_COUNTS = [0.52, 0.28, 0.14, 0.06]
_OLDEST_WAVE = 7
_LEAST_RESPONDENTS = 12
_RESPONDENTS = [12, 17, 24, 35, 60]
_YES, _NO, _RATHER_NOT, _SKIPPED = "yes", "no", "prefer_not_to_say", ""


@dataclass(frozen=True)
class Question:
    """One question: what it asks about, which answer is the bad one, and how often a wrong tick makes it so (0–1)."""

    key: str
    condition: str
    bad_answer: str
    slip: float
    dormitory_only: bool = False


QUESTIONS = (
    Question("q/documents_held", "documents_held", _YES, 0.004),
    Question("q/paid_fee", "debt_bondage", _YES, 0.01),
    Question("q/debt_blocks_leaving", "debt_bondage", _YES, 0.003),
    Question("q/free_to_leave", "movement_restricted", _NO, 0.005),
    Question("q/wages_late", "wages_withheld", _YES, 0.012),
    Question("q/threats", "threats", _YES, 0.006),
    Question("q/violence", "violence", _YES, 0.003),
    Question("q/terms_as_promised", "deception", _NO, 0.012),
    Question("q/overtime_refusal_penalised", "overtime_compelled", _YES, 0.01),
    Question("q/dormitory_locked", "movement_restricted", _YES, 0.003, dormitory_only=True),
    Question("q/phone_allowed", "isolation", _NO, 0.006),
)
_FREE_TEXT = (
    "",
    "Everything is fine.",
    "Please do not tell my supervisor.",
    "The water in the dormitory is bad.",
    "ค่าแรงมาช้า",
    "Devo ancora dei soldi all'agente.",
    "মালিক ভালো।",
    "I want to go home for the festival.",
)
_FREE_TEXT_WEIGHTS = [0.8, 0.06, 0.02, 0.03, 0.02, 0.02, 0.02, 0.03]


@dataclass(frozen=True)
class Answers:
    """Answers of one chunk, one element a respondent and wave; `answer` is respondents × QUESTIONS, "" if skipped."""

    site: Ints
    offsite: Bools
    submitted_on: npt.NDArray[np.datetime64]
    second_of_day: Ints
    minutes: Ints
    answer: Texts
    free_text: list[str]
    edited: Bools
    located: Bools
    identifier: list[str]
    first_identifier: list[str]

    def __len__(self) -> int:
        return len(self.site)


@dataclass(frozen=True)
class _Rounds:
    """One element a site and wave."""

    site: Ints
    first_day: npt.NDArray[np.datetime64]
    last_day: npt.NDArray[np.datetime64]
    offsite: Bools
    coached: Bools
    respondents: Ints


def observe(world: World, chunk: int, companies: Companies, sites: Sites, truth: Truth) -> Answers:
    """Gives the answers collected at the chunk's sites."""
    draws = Draws(world.seed, chunk, "surveys")
    rounds = _rounds(draws, world, companies, sites)
    of_round = np.repeat(np.arange(len(rounds.site)), rounds.respondents)
    site, count = rounds.site[of_round], int(rounds.respondents.sum())
    length = (rounds.last_day - rounds.first_day).astype(np.int64)[of_round]
    submitted_on = days_after(rounds.first_day[of_round], draws.whole(0, length, count))
    coached = rounds.coached[of_round]
    identifier, earlier = draws.hexadecimal(count), draws.hexadecimal(count)
    edited = draws.chance(0.01, count)
    return Answers(
        site=site,
        offsite=rounds.offsite[of_round],
        submitted_on=submitted_on,
        second_of_day=draws.whole(7 * 3600, 21 * 3600, count),
        minutes=np.where(coached, draws.whole(1, 3, count), draws.steps([5, 8, 11, 15, 32], count)),
        answer=_answers(draws, sites, truth, rounds, of_round, submitted_on),
        free_text=[_FREE_TEXT[text] for text in draws.pick(_FREE_TEXT_WEIGHTS, count).tolist()],
        edited=edited,
        located=draws.chance(0.3, count),
        identifier=identifier,
        first_identifier=[
            old if late else new for new, old, late in zip(identifier, earlier, edited.tolist(), strict=True)
        ],
    )


def _rounds(draws: Draws, world: World, companies: Companies, sites: Sites) -> _Rounds:
    large = (sites.workers >= _LEAST_RESPONDENTS) & companies.sites_known[sites.company]
    weak = world.weak_state[companies.country[sites.company]] > 0.6
    asked = np.flatnonzero(large & draws.chance(np.where(weak, 0.32, 0.26), len(sites)))
    waves = draws.pick(_WAVE_COUNTS, len(asked)) + 1
    newest = draws.whole(0, _OLDEST_WAVE - 4, len(asked))
    site = np.repeat(asked, waves)
    back = np.repeat(newest, waves) + np.arange(len(site)) - np.repeat(np.cumsum(waves) - waves, waves)
    offsite = np.repeat(draws.chance(0.6, len(asked)), waves)
    first_day, last_day = _quarters(world, back)
    owner, count = companies.culture[sites.company[site]], len(site)
    tempted = np.where(owner == CONTROLLING, 0.8, np.where(owner == DECENT, 0.05, 0.35))
    return _Rounds(
        site=site,
        first_day=first_day,
        last_day=last_day,
        offsite=offsite,
        coached=draws.chance(np.where(offsite, 0.1, 1.0) * tempted, count),
        respondents=np.minimum(draws.steps(_RESPONDENTS, count), sites.workers[site]),
    )


def _quarters(world: World, back: Ints) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.datetime64]]:
    """Gives the first and last day of the calendar quarters that lie so many quarters back, none later than today."""
    months_per_quarter = 3
    month = world.today.astype("datetime64[M]").astype(np.int64)
    first_month = (month // months_per_quarter - back) * months_per_quarter
    first = first_month.astype("datetime64[M]").astype("datetime64[D]")
    last = (first_month + months_per_quarter).astype("datetime64[M]").astype("datetime64[D]") - np.timedelta64(1, "D")
    return first, np.minimum(last, world.today)


def _answers(
    draws: Draws,
    sites: Sites,
    truth: Truth,
    rounds: _Rounds,
    of_round: Ints,
    submitted_on: npt.NDArray[np.datetime64],
) -> Texts:
    site, count = rounds.site[of_round], len(of_round)
    then = ~(truth.remedied_on[site] <= submitted_on)
    lot = draws.uniform((count, len(CONDITIONS)))
    touched = (lot * 100 < truth.percent[site]) & then[:, None]
    candour: Floats = np.where(rounds.coached[of_round], 0.05, np.where(rounds.offsite[of_round], 0.88, 0.5))
    columns = [
        _column(draws, question, touched[:, CONDITIONS.index(question.condition)], candour, sites.dormitory[site])
        for question in QUESTIONS
    ]
    answer: Texts = np.column_stack(columns).astype(object)
    return _rehearsed(draws, rounds, of_round, answer)


def _column(draws: Draws, question: Question, touched: Bools, candour: Floats, dormitory: Bools) -> Texts:
    count = len(touched)
    open_answer = draws.chance(candour, count)
    slip = draws.chance(question.slip, count)
    silent = draws.chance(np.where(touched, 0.5, 0.015), count)
    skipped = draws.chance(0.01, count) | (question.dormitory_only & ~dormitory)
    bad = np.where(touched, open_answer, slip)
    good_answer = _NO if question.bad_answer == _YES else _YES
    said = np.where(bad, question.bad_answer, np.where(silent, _RATHER_NOT, good_answer))
    return np.asarray(np.where(skipped, _SKIPPED, said))


def _rehearsed(draws: Draws, rounds: _Rounds, of_round: Ints, answer: Texts) -> Texts:
    """At coached sites most respondents give the very same answers as the first one asked."""
    first = (np.cumsum(rounds.respondents) - rounds.respondents)[of_round]
    copies = rounds.coached[of_round] & draws.chance(0.75, len(of_round))
    return np.asarray(np.where(copies[:, None], answer[first], answer))
