"""Nos noms pour les termes des vocabulaires européens, et leurs adresses."""

AUTORITE = "http://publications.europa.eu/resource/authority"
_MEDIA = "https://www.iana.org/assignments/media-types"


def _build(famille: str, **codes: str) -> dict[str, str]:
    return {nom.replace("_", "-"): f"{AUTORITE}/{famille}/{code}" for nom, code in codes.items()}


FREQUENCES = _build(
    "frequency",
    continue_="UPDATE_CONT",
    horaire="HOURLY",
    plusieurs_fois_par_jour="CONT",
    quotidienne="DAILY",
    bihebdomadaire="WEEKLY_2",
    hebdomadaire="WEEKLY",
    bimensuelle="MONTHLY_2",
    mensuelle="MONTHLY",
    bimestrielle="BIMONTHLY",
    trimestrielle="QUARTERLY",
    quadrimestrielle="ANNUAL_3",
    semestrielle="ANNUAL_2",
    annuelle="ANNUAL",
    biennale="BIENNIAL",
    triennale="TRIENNIAL",
    quinquennale="QUINQUENNIAL",
    ponctuelle="AS_NEEDED",
    irreguliere="IRREG",
    jamais="NEVER",
    inconnue="UNKNOWN",
)
FREQUENCES["continue"] = FREQUENCES.pop("continue-")
ACCES = _build("access-right", public="PUBLIC", restreint="RESTRICTED", non_public="NON_PUBLIC")
LANGUES = _build(
    "language",
    fr="FRA", en="ENG", de="DEU", es="SPA", it="ITA", pt="POR", nl="NLD",
    br="BRE", eu="EUS", co="COS", oc="OCI", ca="CAT",
)  # fmt: skip
_THEMES = {
    "agriculture": ("AGRI", "Agriculture, pêche, sylviculture et alimentation"),
    "economie": ("ECON", "Économie et finances"),
    "education": ("EDUC", "Éducation, culture et sport"),
    "energie": ("ENER", "Énergie"),
    "environnement": ("ENVI", "Environnement"),
    "gouvernement": ("GOVE", "Gouvernement et secteur public"),
    "sante": ("HEAL", "Santé"),
    "international": ("INTR", "Questions internationales"),
    "justice": ("JUST", "Justice, système juridique et sécurité publique"),
    "territoire": ("REGI", "Régions et villes"),
    "population": ("SOCI", "Population et société"),
    "sciences": ("TECH", "Sciences et technologies"),
    "transports": ("TRAN", "Transports"),
}
THEMES = {nom: f"{AUTORITE}/data-theme/{code}" for nom, (code, _) in _THEMES.items()}
TAXONOMIE = f"{AUTORITE}/data-theme"
NOMS_DE_THEMES = {THEMES[nom]: libelle for nom, (_, libelle) in _THEMES.items()}
LICENCES = {
    "lov1": "https://www.etalab.gouv.fr/wp-content/uploads/2014/05/Licence_Ouverte.pdf",
    "lov2": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
    "odbl": "http://opendatacommons.org/licenses/odbl/summary/",
    "cc-by-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "cc0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
# format : code du vocabulaire européen, type MIME
_FORMATS = {
    "csv": ("CSV", "text/csv"),
    "json": ("JSON", "application/json"),
    "geojson": ("GEOJSON", "application/geo+json"),
    "xml": ("XML", "application/xml"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ods": ("ODS", "application/vnd.oasis.opendocument.spreadsheet"),
    "parquet": ("PARQUET", "application/vnd.apache.parquet"),
    "pdf": ("PDF", "application/pdf"),
    "zip": ("ZIP", "application/zip"),
    "txt": ("TXT", "text/plain"),
    "html": ("HTML", "text/html"),
    "ics": ("ICS", "text/calendar"),
    "kml": ("KML", "application/vnd.google-earth.kml+xml"),
    "gpkg": ("GPKG", "application/geopackage+sqlite3"),
    "shp": ("SHP", ""),
    "turtle": ("RDF_TURTLE", "text/turtle"),
    "jsonld": ("JSON_LD", "application/ld+json"),
    "rdfxml": ("RDF_XML", "application/rdf+xml"),
}
FORMATS = {nom: f"{AUTORITE}/file-type/{code}" for nom, (code, _) in _FORMATS.items()}
TYPES_MIME = {nom: mime for nom, (_, mime) in _FORMATS.items() if mime}
SPDX = "http://spdx.org/rdf/terms"
ALGORITHMES_W3C = {
    "md5": "http://www.w3.org/2001/04/xmldsig-more#md5",
    "sha1": "http://www.w3.org/2000/09/xmldsig#sha1",
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha512": "http://www.w3.org/2001/04/xmlenc#sha512",
}
ALGORITHMES = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}  # chiffres hexadécimaux


def resolve(vocabulaire: dict[str, str], terme: str) -> str:
    """Rend l’adresse d’un terme ; une adresse est rendue telle quelle."""
    return vocabulaire.get(terme, terme)


def resolve_mime(type_mime: str) -> str:
    """« text/csv » → son adresse chez l’IANA."""
    return f"{_MEDIA}/{type_mime}"
