"""What serving reads beside its code goes with it into a package."""

import tomllib

from tierline.run import PROJECT


def test_catalogues_and_templates_are_packaged() -> None:
    told = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    packaged = told["tool"]["setuptools"]["package-data"]["*"]
    read = {path.suffix for path in (PROJECT / "serving").rglob("*.*") if path.is_file()} - {".py", ".pyc", ".md"}

    assert {".po", ".j2"} <= read
    assert {f"*{suffix}" for suffix in read} <= set(packaged)
