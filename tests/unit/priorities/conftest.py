from tests.unit.scoring.conftest import catalogue, portfolio, seeds

__all__ = ["catalogue", "portfolio", "seeds"]
