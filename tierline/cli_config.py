"""The commands on the configuration file: its schema, and whether one is right."""

import json

import typer

from tierline.cli_options import SOURCES_FOLDER, ConfigOption
from tierline.errors import ConfigError
from tierline.settings import default_config, load_settings, settings_schema

config_app = typer.Typer(help="The configuration file.", no_args_is_help=True)


@config_app.command("schema")
def config_schema() -> None:
    """Prints the JSON schema of the configuration file, for editors."""
    print(json.dumps(settings_schema(), indent=2, sort_keys=True))


@config_app.command("check")
def config_check(config: ConfigOption = None) -> None:
    """Says whether a configuration file is right: keys, ids, files, names of credentials, consents; runs nothing."""
    from ingest.configuration_check import configuration_problems

    path = config or default_config()
    settings = load_settings(path)
    problems = configuration_problems(settings, SOURCES_FOLDER)
    if problems:
        raise ConfigError(
            f"{path} is not right:\n" + "\n".join(f"  - {problem}" for problem in problems),
            remedy="Correct what is named above; nothing was run.",
        )
    print(f"{path} is right: {len(settings.sources)} sources, home {settings.home}")
