"""What the columns of a list of bidders are called, in the languages of Tierline and in German."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from serving.language import mark

ROLES: Final = {
    "name": mark("name"),
    "country": mark("country"),
    "lei": mark("LEI"),
    "tax_number": mark("tax or VAT number"),
    "company_number": mark("company number"),
    "os_id": mark("Open Supply Hub id"),
    "identifier": mark("other identifier"),
    "town": mark("town"),
    "address": mark("address"),
    "sector": mark("sector"),
    "good": mark("good or product"),
    "reference": mark("your own reference"),
}
"""What a column may be, with its name in English; one column each."""

IDENTIFIERS: Final = ("lei", "tax_number", "company_number", "os_id", "identifier")
"""The roles that identify a company, the most telling first."""

SEEN_BY: Final = {
    "heading": mark("by its heading"),
    "content": mark("by its content"),
    "told": mark("as you said"),
}
"""What a column was known by."""

_HEADINGS: Final[Mapping[str, str]] = {
    "name": "name|company|company name|bidder|bidder name|supplier|supplier name|supplier legal name|vendor|"
    "vendor name|tenderer|tenderer name|legal name|organisation|organization|organisation name|"
    "organization name|business name|trade name|entity|firm|contractor|economic operator|manufacturer|factory|"
    "facility name|nombre|empresa|nombre de la empresa|razon social|licitador|licitante|oferente|proveedor|"
    "nombre del proveedor|denominacion|denominacion social|adjudicatario|contratista|fabricante|nom|societe|"
    "entreprise|nom de l entreprise|nom de la societe|raison sociale|soumissionnaire|fournisseur|"
    "nom du fournisseur|denomination|denomination sociale|candidat|titulaire|fabricant|nome|nome da empresa|"
    "razao social|concorrente|fornecedor|nome do fornecedor|denominacao|denominacao social|bieter|firma|"
    "firmenname|unternehmen|lieferant|lieferantenname",
    "country": "country|country code|country of registration|country of origin|country name|iso country|iso2|nation|"
    "jurisdiction|pais|codigo de pais|codigo pais|pais de origen|pays|code pays|pays d origine|pais de origem|"
    "codigo do pais|land|landercode|laendercode|landescode|herkunftsland|staat",
    "lei": "lei|lei code|legal entity identifier|codigo lei|code lei|identificador de entidad juridica",
    "tax_number": "tax number|tax id|tax no|tax identification number|tin|vat|vat number|vat no|vat id|"
    "vat registration number|gst number|gstin|ein|nif|cif|rfc|ruc|nit|cuit|rut|cnpj|nipc|numero fiscal|"
    "numero de identificacion fiscal|identificacion fiscal|iva|numero iva|numero tva|numero de tva|tva|"
    "tva intracommunautaire|siren|identifiant fiscal|numero de contribuinte|contribuinte|"
    "numero de identificacao fiscal|ust id|ustid|ust idnr|umsatzsteuer id|steuernummer|partita iva",
    "company_number": "company number|company no|company registration number|registration number|registration no|"
    "registry number|register number|crn|business number|numero de registro|registro mercantil|"
    "numero de inscripcion|numero d immatriculation|immatriculation|rcs|siret|numero d enregistrement|"
    "numero de registo|matricula|handelsregisternummer|hrb|registernummer",
    "os_id": "os id|osid|open supply hub id|os hub id|oar id",
    "identifier": "identifier|identifiers|duns|duns number|d u n s|org id|organisation id|organization id|national id|"
    "identificador|identificacion|identifiant|identificacao|kennung",
    "town": "town|city|town city|locality|municipality|place|ciudad|localidad|municipio|poblacion|ville|commune|"
    "localite|cidade|localidade|concelho|ort|stadt|gemeinde",
    "address": "address|street|street address|registered address|postal address|direccion|domicilio|calle|adresse|rue|"
    "adresse postale|siege|endereco|morada|rua|anschrift|strasse",
    "sector": "sector|industry|branch|activity|line of business|industria|rama|actividad|giro|secteur|industrie|"
    "branche|"
    "activite|setor|ramo|atividade|wirtschaftszweig",
    "good": "good|goods|product|products|item|commodity|article|bien|bienes|producto|productos|mercancia|articulo|"
    "biens|produit|produits|marchandise|bens|produto|produtos|mercadoria|ware|produkt|erzeugnis",
    "reference": "id|no|nr|number|row|ref|reference|bid number|lot|bidder id|vendor id|vendor no|supplier id|numero|"
    "referencia|lote|lot numero|numero de lot|lfd nr|nummer",
}
_SEPARATORS = re.compile(r"[\W_]+")


def heading_key(text: str) -> str:
    """Gives a heading as it is compared: small letters without accents, words with one blank between."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return _SEPARATORS.sub(" ", plain.casefold()).strip()


def role_of(heading: str) -> str | None:
    """Gives what a column with that heading is; None where the heading says nothing known."""
    return _roles_by_heading().get(heading_key(heading))


def heading_count(cells: Sequence[str]) -> int:
    """Gives how many of the cells are known headings."""
    return sum(role_of(cell) is not None for cell in cells)


@cache
def _roles_by_heading() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for role, headings in _HEADINGS.items():
        for heading in headings.split("|"):
            found.setdefault(heading_key(heading), role)
    return found
