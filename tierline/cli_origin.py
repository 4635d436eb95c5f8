"""The command that gives back the record a row came from."""

import sys
from typing import Annotated

import typer

from tierline.cli_options import ConfigOption, HomeOption, open_command

origin_app = typer.Typer()


@origin_app.command()
def origin(
    record: Annotated[list[str], typer.Argument(help="Row id, or source, first digits of the hash, record number.")],
    as_bytes: Annotated[bool, typer.Option("--bytes", help="The bytes of the record and nothing else.")] = False,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Also of a restricted source, for who owns its store.")
    ] = False,
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Gives back the record that a row came from, as it landed, and where it came from."""
    from ingest.origin import find_origin, parse_address
    from ingest.origin.account import account_lines, bytes_of

    found = find_origin(open_command(config, home), parse_address(record), restricted=restricted)
    if as_bytes:
        sys.stdout.buffer.write(bytes_of(found))
        sys.stdout.buffer.flush()
    else:
        print("\n".join(account_lines(found)))
