"""Local files: one file, a folder or a glob pattern."""

from pathlib import Path

from tierline.errors import FetchError


def matching_files(pattern: str, base: Path) -> list[Path]:
    """Gives the files that the configured path means, sorted by name; hidden files are left out.

    A relative path counts from `base`. Raises FetchError where there is none.
    """
    whole = (base / pattern).absolute()
    if whole.is_dir():
        found = [path for path in whole.iterdir() if path.is_file()]
    elif whole.is_file():
        found = [whole]
    else:
        found = [path for path in Path(whole.anchor).glob(str(whole.relative_to(whole.anchor))) if path.is_file()]
    visible = sorted(path for path in found if not path.name.startswith("."))
    if not visible:
        raise FetchError(f"no file matches '{pattern}'", remedy="Put the file there, or correct the source's path.")
    return visible
