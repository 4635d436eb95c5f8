"""Commands for the network of a publication: paths, surroundings, tiers and circles; they change nothing."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tierline.cli_audit import PublishedOption, published_folder, run_id_of
from tierline.cli_options import ConfigOption, HomeOption

if TYPE_CHECKING:
    from serving.network.published import Network

network_app = typer.Typer(help="Who is tied to whom, by the source rows that tell of it.", no_args_is_help=True)

RunOption = Annotated[str, typer.Option("--run", help="Run id of the publication.")]
JsonOption = Annotated[bool, typer.Option("--json", help="As JSON.")]
EndedOption = Annotated[bool, typer.Option("--ended", help="Ties that have ended as well.")]
KindOption = Annotated[list[str] | None, typer.Option("--kind", help="Only ties of this kind; may be repeated.")]
PARTY = "Id of a supplier or other party, or a whole name."


@network_app.command()
def path(
    start: Annotated[str, typer.Argument(help=PARTY)],
    goal: Annotated[str, typer.Argument(help=PARTY)],
    every: Annotated[bool, typer.Option("--all", help="Every simple path, not the shortest alone.")] = False,
    longest: Annotated[int, typer.Option("--max-length", min=1, max=20, help="Steps of a path at most.")] = 6,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many paths to show.")] = 20,
    through_hubs: Annotated[bool, typer.Option("--through-hubs", help="Also through what very many share.")] = False,
    kind: KindOption = None,
    ended: EndedOption = False,
    as_json: JsonOption = False,
    run: RunOption = "current",
    config: ConfigOption = None,
    home: HomeOption = None,
    published: PublishedOption = None,
) -> None:
    """Shows how two parties are tied: every step with the source rows that tell of it."""
    from serving.network.paths import find_paths
    from serving.network.telling import path_lines

    with _network(_publication(config, home, published, run), kind, ended) as network:
        ends = network.party(start), network.party(goal)
        found = find_paths(network, *ends, longest=longest, every=every, through_hubs=through_hubs, shown=limit)
    if as_json:
        _print_json(asdict(found))
    else:
        _print(path_lines(found, *ends, longest=longest, every=every))


@network_app.command()
def around(
    party: Annotated[str, typer.Argument(help=PARTY)],
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many ties, and how many shares, to show.")] = 50,
    kind: KindOption = None,
    ended: EndedOption = False,
    as_json: JsonOption = False,
    run: RunOption = "current",
    config: ConfigOption = None,
    home: HomeOption = None,
    published: PublishedOption = None,
) -> None:
    """Shows the ties of a party, who shares them, and its owners upwards with where that knowledge ends."""
    from serving.network.surroundings import surroundings
    from serving.network.telling import around_lines

    with _network(_publication(config, home, published, run), kind, ended) as network:
        found = surroundings(network, network.party(party), shown=limit)
    if as_json:
        _print_json(asdict(found))
    else:
        _print(around_lines(found))


@network_app.command()
def tiers(
    party: Annotated[str | None, typer.Argument(help=PARTY + " None: how many suppliers each tier has.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many ties to show.")] = 200,
    as_json: JsonOption = False,
    run: RunOption = "current",
    config: ConfigOption = None,
    home: HomeOption = None,
    published: PublishedOption = None,
) -> None:
    """Shows the tiers of the supply chain, or who stands upstream of one party, by depth."""
    from serving.network.telling import tier_lines, upstream_lines
    from serving.network.tiers import tier_counts, upstream

    with _network(_publication(config, home, published, run)) as network:
        if party is None:
            counts = tier_counts(network)
            _print_json(counts) if as_json else _print(tier_lines(counts))
            return
        customer = network.party(party)
        found, goes_on = upstream(network, customer, shown=limit)
    if as_json:
        _print_json({"party": customer, "upstream": [asdict(one) for one in found], "goes_on": goes_on})
    else:
        _print(upstream_lines(customer, found, goes_on=goes_on))


@network_app.command()
def circles(
    as_json: JsonOption = False,
    run: RunOption = "current",
    config: ConfigOption = None,
    home: HomeOption = None,
    published: PublishedOption = None,
) -> None:
    """Shows companies that own each other round, and suppliers that supply each other round."""
    from serving.network.circles import find_circles
    from serving.network.published import OWNING, SUPPLYING
    from serving.network.telling import circle_lines

    with _network(_publication(config, home, published, run)) as network:
        owners, suppliers = find_circles(network, OWNING), find_circles(network, SUPPLYING)
    if as_json:
        _print_json({"owners": [asdict(one) for one in owners], "suppliers": [asdict(one) for one in suppliers]})
    else:
        _print([*circle_lines(owners, "owners"), *circle_lines(suppliers, "suppliers")])


def _publication(config: Path | None, home: Path | None, published: Path | None, run: str) -> Path:
    folder = published_folder(config, home, published)
    return folder / run_id_of(folder, run)


@contextmanager
def _network(publication: Path, kind: list[str] | None = None, ended: bool = False) -> Iterator["Network"]:
    from serving.network.published import KINDS, open_network

    with open_network(publication, kinds=kind or KINDS, ended=ended) as network:
        yield network


def _print(lines: Iterable[str]) -> None:
    from ingest.terminal_text import inert

    for line in lines:
        print(inert(line))


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, default=str))
