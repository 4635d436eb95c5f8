"""`python -m serving.language` writes the catalogues anew from the messages of the project and says what is left."""

import sys

from serving.language.maintenance import update_all


def main() -> int:
    """Gives 0 where every catalogue is complete, else 1."""
    left = update_all()
    for code, told in left.items():
        sys.stdout.write(f"{code}: {len(told)} left\n" + "".join(f"  {line}\n" for line in told))
    return int(any(left.values()))


if __name__ == "__main__":
    sys.exit(main())
