"""The command that trains the linkage model; for who changes Tierline."""

from pathlib import Path
from typing import Annotated

import typer

from tierline.cli_options import ConfigOption, HomeOption, open_command
from tierline.files import write_bytes_atomically

linkage_app = typer.Typer(help="The model that says which records may speak of one supplier.", no_args_is_help=True)


@linkage_app.command("train")
def linkage_train(
    version: Annotated[str, typer.Option("--version", help="Name of the new model, such as the day of training.")],
    out: Annotated[Path, typer.Option("--out", help="File to write the model to.", dir_okay=False)],
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Fits the linkage model to the suppliers of a warehouse that `tierline prepare` filled; uses no label.

    The seed is the configuration's: the same suppliers and seed give the same file.
    """
    from matching.training import train_model
    from models.linkage import model_text
    from tierline.warehouse import connect

    this = open_command(config, home)
    with connect(this.home.warehouse, memory_limit=this.settings.memory_limit, threads=this.settings.threads) as opened:
        model = train_model(opened, version=version, seed=this.settings.seed)
    write_bytes_atomically(out, model_text(model).encode())
    print(f"Wrote {out}, version {version}; a run uses the stored one, models/linkage.json")
