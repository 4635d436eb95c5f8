"""The countries of the demo world: real names and codes (ISO 3166), everything else about them invented."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """One country.

    Names and codes are those of ISO 3166; `other_name` is another spelling seen in files; `cow` is the number of the
    Correlates of War project that files of Trafficking in Persons tiers carry (blank where that file has none). The
    economy, the speech that names follow and the weight are choices of the demo.
    """

    code: str
    code3: str
    name: str
    other_name: str
    cow: str
    world_region: str
    economy: str
    speech: str
    currency: str
    weight: float


_ASIA = "Asia & Pacific"
_AFRICA = "Sub-Saharan Africa"
_NEAR_EAST = "Middle East & North Africa"
_EURASIA = "Europe & Eurasia"
_LATIN = "Latin America & Caribbean"
_NORTH = "North America"

COUNTRIES: tuple[Country, ...] = (
    Country("CN", "CHN", "China", "CN", "710", _ASIA, "workshop", "chinese", "CNY", 9),
    Country("VN", "VNM", "Viet Nam", "Vietnam", "816", _ASIA, "workshop", "vietnamese", "USD", 6),
    Country("BD", "BGD", "Bangladesh", "BD", "771", _ASIA, "workshop", "bengali", "USD", 6),
    Country("IN", "IND", "India", "IN", "750", _ASIA, "workshop", "hindi", "INR", 7),
    Country("PK", "PAK", "Pakistan", "PK", "770", _ASIA, "workshop", "urdu", "USD", 3),
    Country("TH", "THA", "Thailand", "TH", "800", _ASIA, "plantation", "thai", "THB", 3),
    Country("MY", "MYS", "Malaysia", "MY", "820", _ASIA, "destination", "malay", "USD", 4),
    Country("ID", "IDN", "Indonesia", "ID", "850", _ASIA, "plantation", "indonesian", "USD", 3),
    Country("KH", "KHM", "Cambodia", "KH", "811", _ASIA, "workshop", "khmer", "USD", 2),
    Country("PH", "PHL", "Philippines", "PH", "840", _ASIA, "plantation", "filipino", "USD", 2),
    Country("LK", "LKA", "Sri Lanka", "LK", "780", _ASIA, "workshop", "sinhala", "USD", 1.5),
    Country("NP", "NPL", "Nepal", "NP", "790", _ASIA, "workshop", "hindi", "USD", 1),
    Country("TR", "TUR", "Türkiye", "Turkey", "640", _EURASIA, "workshop", "turkish", "EUR", 4),
    Country("EG", "EGY", "Egypt", "EG", "651", _NEAR_EAST, "workshop", "arabic", "USD", 1.5),
    Country("MA", "MAR", "Morocco", "MA", "600", _NEAR_EAST, "plantation", "arabic", "EUR", 1.5),
    Country("AE", "ARE", "United Arab Emirates", "AE", "696", _NEAR_EAST, "destination", "arabic", "USD", 1.5),
    Country("QA", "QAT", "Qatar", "QA", "694", _NEAR_EAST, "destination", "arabic", "USD", 0.7),
    Country("SA", "SAU", "Saudi Arabia", "SA", "670", _NEAR_EAST, "destination", "arabic", "USD", 1),
    Country("ET", "ETH", "Ethiopia", "ET", "530", _AFRICA, "workshop", "amharic", "USD", 1),
    Country("KE", "KEN", "Kenya", "KE", "501", _AFRICA, "plantation", "swahili", "USD", 1.2),
    Country("GH", "GHA", "Ghana", "GH", "452", _AFRICA, "plantation", "akan", "USD", 1.2),
    Country("CI", "CIV", "Côte d'Ivoire", "CI", "437", _AFRICA, "plantation", "french", "EUR", 1.5),
    Country("MG", "MDG", "Madagascar", "MG", "580", _AFRICA, "plantation", "french", "EUR", 0.8),
    Country("ZA", "ZAF", "South Africa", "ZA", "560", _AFRICA, "services", "english", "USD", 1.2),
    Country("BR", "BRA", "Brazil", "BR", "140", _LATIN, "plantation", "portuguese", "USD", 3.5),
    Country("MX", "MEX", "Mexico", "MX", "70", _LATIN, "plantation", "spanish", "MXN", 3),
    Country("PE", "PER", "Peru", "PE", "135", _LATIN, "plantation", "spanish", "USD", 1.2),
    Country("EC", "ECU", "Ecuador", "EC", "130", _LATIN, "plantation", "spanish", "USD", 1),
    Country("GT", "GTM", "Guatemala", "GT", "90", _LATIN, "plantation", "spanish", "USD", 0.8),
    Country("HN", "HND", "Honduras", "HN", "91", _LATIN, "workshop", "spanish", "USD", 0.8),
    Country("DO", "DOM", "Dominican Republic", "DO", "42", _LATIN, "plantation", "spanish", "USD", 0.8),
    Country("US", "USA", "United States", "US", "", _NORTH, "services", "english", "USD", 4),
    Country("GB", "GBR", "United Kingdom", "GB", "200", _EURASIA, "services", "english", "GBP", 6),
    Country("DE", "DEU", "Germany", "DE", "255", _EURASIA, "services", "german", "EUR", 4),
    Country("IT", "ITA", "Italy", "IT", "325", _EURASIA, "destination", "italian", "EUR", 3),
    Country("ES", "ESP", "Spain", "ES", "230", _EURASIA, "destination", "spanish", "EUR", 2.5),
    Country("PT", "PRT", "Portugal", "PT", "235", _EURASIA, "destination", "portuguese", "EUR", 1.5),
    Country("PL", "POL", "Poland", "PL", "290", _EURASIA, "destination", "polish", "EUR", 2),
    Country("RO", "ROU", "Romania", "RO", "360", _EURASIA, "workshop", "romanian", "EUR", 1.5),
    Country("UA", "UKR", "Ukraine", "UA", "369", _EURASIA, "workshop", "ukrainian", "EUR", 1),
    Country("UZ", "UZB", "Uzbekistan", "UZ", "704", _EURASIA, "plantation", "uzbek", "USD", 1),
    Country("KZ", "KAZ", "Kazakhstan", "KZ", "705", _EURASIA, "plantation", "uzbek", "USD", 0.7),
    Country("JP", "JPN", "Japan", "JP", "740", _ASIA, "destination", "japanese", "JPY", 1.5),
    Country("KR", "KOR", "Republic of Korea", "South Korea", "732", _ASIA, "destination", "korean", "USD", 1.2),
)
