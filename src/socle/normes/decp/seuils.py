"""Les seuils de la commande publique, en euros hors taxes, chacun daté et sourcé.

Un seuil change tous les deux ans (droit européen) ou par décret : on en ajoute une ligne, on n’en
récrit aucune. Le jour qui compte est celui où la consultation est lancée, sauf texte contraire.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Seuil:
    """Un montant, à partir duquel la règle s’applique.

    Attributes:
        depuis, jusqu_a: premier et dernier jour ; `jusqu_a` vide s’il court toujours.
        article: l’article qui porte la règle ; `source` : le texte qui a fixé le montant.
    """

    code: str
    montant: int
    depuis: date
    jusqu_a: date | None
    article: str
    source: str


NOMS = {
    "dispense-travaux": "Publicité et mise en concurrence, travaux",
    "dispense-fournitures-services": "Publicité et mise en concurrence, fournitures et services",
    "ecrit": "Contrat écrit",
    "profil-acheteur": "Documents de la consultation sur le profil d’acheteur",
    "publicite": "Avis au BOAMP ou dans un journal d’annonces légales",
    "formalise-etat": "Procédure formalisée, fournitures et services, État",
    "formalise-collectivites": "Procédure formalisée, fournitures et services, collectivités",
    "formalise-entites": "Procédure formalisée, fournitures et services, entités adjudicatrices",
    "formalise-travaux": "Procédure formalisée, travaux",
    "concession": "Avis de concession européen",
    "controle-legalite": "Envoi au contrôle de légalité",
    "donnees-essentielles": "Données essentielles, déclaration de chaque marché",
    "avance": "Avance obligatoire (au-dessus, et plus de deux mois d’exécution)",
}

_EUROPE = (
    (2020, 139_000, 214_000, 428_000, 5_350_000, "2019/1827 à 2019/1830"),
    (2022, 140_000, 215_000, 431_000, 5_382_000, "2021/1950 à 2021/1953"),
    (2024, 143_000, 221_000, 443_000, 5_538_000, "2023/2495, 2496, 2497 et 2510"),
    (2026, 140_000, 216_000, 432_000, 5_404_000, "2025/2150, 2151 et 2152"),
)


def _list_europe() -> list[Seuil]:
    """Les seuils européens, fixés pour deux ans (avis, annexe 2 du code)."""
    seuils = []
    for an, etat, collectivites, entites, travaux, reglements in _EUROPE:
        source = f"règlements délégués (UE) {reglements}"
        debut, fin = date(an, 1, 1), date(an + 1, 12, 31)
        montants = (
            ("formalise-etat", etat, "R. 2124-1"),
            ("formalise-collectivites", collectivites, "R. 2124-1"),
            ("formalise-entites", entites, "R. 2124-1"),
            ("formalise-travaux", travaux, "R. 2124-1"),
            ("concession", travaux, "R. 3126-1"),
            ("controle-legalite", collectivites, "CGCT, D. 2131-5-1"),
        )
        seuils += [Seuil(code, m, debut, fin, article, source) for code, m, article in montants]
    return seuils


def _d(texte: str) -> date:
    return date.fromisoformat(texte)


SEUILS: tuple[Seuil, ...] = (
    Seuil("dispense-fournitures-services", 40_000, _d("2020-01-01"), _d("2026-03-31"),
          "R. 2122-8", "décret n° 2019-1344"),
    Seuil("dispense-fournitures-services", 60_000, _d("2026-04-01"), None,
          "R. 2122-8", "décret n° 2025-1386"),
    Seuil("dispense-travaux", 40_000, _d("2020-01-01"), _d("2020-07-23"),
          "R. 2122-8", "décret n° 2019-1344"),
    Seuil("dispense-travaux", 70_000, _d("2020-07-24"), _d("2020-12-08"),
          "R. 2122-8", "décret n° 2020-893"),
    Seuil("dispense-travaux", 100_000, _d("2020-12-09"), _d("2022-12-31"),
          "R. 2122-8", "loi n° 2020-1525, art. 142"),
    Seuil("dispense-travaux", 100_000, _d("2023-01-01"), _d("2024-12-31"),
          "R. 2122-8", "décret n° 2022-1683"),
    Seuil("dispense-travaux", 100_000, _d("2025-01-01"), _d("2025-12-31"),
          "R. 2122-8", "décret n° 2024-1217"),
    Seuil("dispense-travaux", 100_000, _d("2026-01-01"), None,
          "R. 2122-8", "décret n° 2025-1386"),
    Seuil("profil-acheteur", 40_000, _d("2020-01-01"), _d("2026-03-31"),
          "R. 2132-2", "décret n° 2019-1344"),
    Seuil("profil-acheteur", 60_000, _d("2026-04-01"), None, "R. 2132-2", "décret n° 2025-1386"),
    Seuil("ecrit", 25_000, _d("2019-04-01"), None, "R. 2112-1", "décret n° 2018-1075"),
    Seuil("publicite", 90_000, _d("2019-04-01"), None, "R. 2131-12", "décret n° 2018-1075"),
    Seuil("avance", 50_000, _d("2019-04-01"), None, "R. 2191-3", "décret n° 2018-1075"),
    Seuil("donnees-essentielles", 40_000, _d("2020-01-01"), None,
          "R. 2196-1", "décret n° 2019-1344"),
    *_list_europe(),
)  # fmt: skip


def find_seuil(code: str, jour: date) -> Seuil | None:
    """Rend le seuil en vigueur ce jour ; None hors de la table, plutôt qu’un montant périmé.

    Args:
        code: une clé de `NOMS`.

    Raises:
        KeyError: code inconnu.
    """
    if code not in NOMS:
        raise KeyError(code)
    for seuil in SEUILS:
        if seuil.code == code and seuil.depuis <= jour <= (seuil.jusqu_a or date.max):
            return seuil
    return None


def list_seuils(jour: date) -> list[Seuil]:
    """Rend les seuils en vigueur ce jour, dans l’ordre de `NOMS`."""
    return [seuil for code in NOMS if (seuil := find_seuil(code, jour))]
