"""What the demo companies make or do: spend codes, goods and how each trade tends to work."""

from dataclasses import dataclass

import numpy as np

from demo_world.draws import Floats


@dataclass(frozen=True)
class Sector:
    """One trade.

    Codes follow the shape of UNSPSC (8 digits) and CPV (8 digits and a check digit) and lie in the right division; the
    shares (0–1) are invented for the demo. `good` is how a goods list names the product, None for services.
    """

    key: str
    label: str
    unspsc: str
    cpv: str
    item: str
    good: str | None
    goods_sector: str | None
    industry: str
    migrant_pull: float
    remote_share: float
    price_pressure: float
    hours_known: float
    unit_cents: tuple[int, int]
    weight: dict[str, float]


def _sector(
    key: str,
    label: str,
    codes: tuple[str, str],
    item: str,
    good: tuple[str, str] | None,
    industry: str,
    traits: tuple[float, float, float, float],
    unit_cents: tuple[int, int],
    weight: tuple[float, float, float, float],
) -> Sector:
    return Sector(
        key,
        label,
        codes[0],
        codes[1],
        item,
        good[0] if good else None,
        good[1] if good else None,
        industry,
        *traits,
        unit_cents,
        dict(zip(ECONOMIES, weight, strict=True)),
    )


# Kinds of economy; a country has one, and it decides which trades are common there.
ECONOMIES = ("workshop", "plantation", "destination", "services")

_MADE = "Manufacturing"
_GROWN = "Agriculture"
_DUG = "Mining/Quarrying"

# key, label, (UNSPSC, CPV), item, (good, sector of the goods list), industry of the orders list,
# (migrant pull, remote share, price pressure, share of orders with known hours), unit price in cents,
# weights by economy
SECTORS: tuple[Sector, ...] = (
    _sector("garments", "Garments", ("53103000", "18200000-1"), "Work jackets", ("Garments", _MADE), "Apparel",
            (0.35, 0.03, 0.55, 0.7), (350, 2600), (9, 2, 2, 0.5)),
    _sector("textiles", "Textiles", ("11160000", "19200000-8"), "Woven cotton cloth", ("Textiles", _MADE), "Textiles",
            (0.3, 0.05, 0.45, 0.5), (120, 900), (6, 2, 1, 0.5)),
    _sector("footwear", "Footwear", ("53111600", "18830000-6"), "Safety shoes", ("Footwear", _MADE), "Footwear",
            (0.25, 0.03, 0.5, 0.6), (700, 4200), (5, 1, 1, 0.3)),
    _sector("electronics", "Electronics", ("43211500", "30213000-5"), "Tablet computers", ("Electronics", _MADE),
            "Electronics", (0.5, 0.02, 0.45, 0.4), (4000, 52000), (7, 0.5, 4, 1)),
    _sector("gloves", "Rubber gloves", ("42132200", "18424300-0"), "Examination gloves", ("Rubber Gloves", _MADE),
            "Medical supplies", (0.75, 0.03, 0.6, 0.5), (4, 30), (2, 1.5, 2, 0)),
    _sector("seafood", "Fish and seafood", ("50121500", "15200000-0"), "Frozen shrimp", ("Fish", _GROWN), "Seafood",
            (0.6, 0.25, 0.45, 0.2), (300, 1900), (2, 5, 2, 0.4)),
    _sector("sugar", "Sugarcane", ("50161500", "15830000-5"), "Raw cane sugar", ("Sugarcane", _GROWN), "Agriculture",
            (0.5, 0.45, 0.4, 0.1), (30, 110), (0.3, 4, 0.2, 0)),
    _sector("cocoa", "Cocoa", ("50161800", "15841000-5"), "Cocoa beans", ("Cocoa", _GROWN), "Agriculture",
            (0.35, 0.5, 0.45, 0.05), (180, 620), (0, 4, 0, 0)),
    _sector("palm_oil", "Palm oil", ("50151500", "15411000-2"), "Crude palm oil", ("Palm Fruit", _GROWN), "Agriculture",
            (0.65, 0.5, 0.35, 0.1), (60, 160), (0.2, 3, 0.3, 0)),
    _sector("produce", "Fruit and vegetables", ("50300000", "15300000-1"), "Fresh tomatoes", ("Tomatoes", _GROWN),
            "Agriculture", (0.6, 0.3, 0.55, 0.15), (60, 480), (0.5, 5, 4, 0.3)),
    _sector("bricks", "Bricks", ("30131600", "44111100-2"), "Fired clay bricks", ("Bricks", _MADE),
            "Building materials", (0.45, 0.3, 0.35, 0.15), (8, 55), (2, 2, 0.3, 0.3)),
    _sector("stone", "Stone and quarrying", ("30111700", "44110000-4"), "Granite kerbs", ("Granite", _DUG),
            "Building materials", (0.4, 0.4, 0.35, 0.15), (900, 6400), (1, 2, 0.6, 0.3)),
    _sector("solar", "Solar modules", ("26131500", "09331200-0"), "Solar panels", ("Polysilicon Products", _MADE),
            "Energy equipment", (0.3, 0.08, 0.4, 0.3), (6000, 21000), (3, 0.2, 0.6, 0.4)),
    _sector("furniture", "Furniture and timber", ("56101500", "39100000-3"), "Office desks", ("Timber", _GROWN),
            "Furniture", (0.25, 0.15, 0.35, 0.4), (5000, 38000), (3, 1.5, 1.5, 1)),
    _sector("construction", "Construction works", ("72100000", "45000000-7"), "Building maintenance", None,
            "Construction", (0.6, 0.12, 0.5, 0.8), (2200, 6400), (1, 1.5, 5, 5)),
    _sector("cleaning", "Cleaning services", ("76111500", "90910000-9"), "Office cleaning", None, "Services",
            (0.65, 0.0, 0.65, 0.95), (1100, 2600), (0.4, 0.5, 5, 8)),
    _sector("laundry", "Laundry services", ("91111500", "98310000-9"), "Hospital linen service", None, "Services",
            (0.5, 0.0, 0.6, 0.9), (120, 480), (0.2, 0.3, 2, 4)),
    _sector("catering", "Catering services", ("90101600", "55500000-5"), "Canteen meals", None, "Services",
            (0.35, 0.02, 0.5, 0.7), (450, 1500), (0.3, 0.5, 3, 5)),
    _sector("security", "Security services", ("92121500", "79710000-4"), "Guarding of buildings", None, "Services",
            (0.45, 0.02, 0.5, 0.95), (1300, 3100), (0.3, 0.5, 3, 5)),
    _sector("logistics", "Road haulage", ("78101800", "60100000-9"), "Pallet transport", None, "Transport",
            (0.35, 0.05, 0.55, 0.5), (2500, 19000), (0.8, 0.8, 3, 5)),
    _sector("software", "IT services", ("81110000", "72000000-5"), "Software maintenance", None, "Services",
            (0.05, 0.0, 0.1, 0.6), (4500, 14000), (0.3, 0.1, 2, 8)),
)  # fmt: skip


def weights(economies: list[str]) -> Floats:
    """Gives how common each trade is in each of the economies (economies × sectors)."""
    return np.array([[sector.weight[economy] for sector in SECTORS] for economy in economies], dtype=np.float64)


def trait(name: str) -> Floats:
    """Gives one share of every sector, in the order of SECTORS."""
    return np.array([getattr(sector, name) for sector in SECTORS], dtype=np.float64)
