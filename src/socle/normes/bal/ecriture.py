"""Écrire un fichier 1.5 : colonnes du schéma dans l’ordre, UTF-8, point-virgule."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from socle.normes.bal.communes import Communes
from socle.normes.bal.errors import BalInvalide
from socle.normes.bal.projections import project
from socle.normes.bal.validation import validate_bal
from socle.normes.bal.vocabulaire import COLONNES_1_5, LANGUES


@dataclass(frozen=True, slots=True)
class Adresse:
    """Une adresse numérotée, ou un toponyme sans adresse (`numero` 99999).

    Attributes:
        id_ban_commune, id_ban_toponyme, id_ban_adresse: UUID 4 ; le dernier vide pour un toponyme.
        long, lat: degrés WGS84. `x` et `y`, en mètres, sont calculés.
        parcelles: 14 signes chacune. toponymes_regionaux: code de langue (« bre ») → nom.
    """

    id_ban_commune: str
    id_ban_toponyme: str
    commune_insee: str
    commune_nom: str
    toponyme: str
    numero: int
    source: str
    date_der_maj: date
    certifiee: bool = False
    id_ban_adresse: str = ""
    suffixe: str = ""
    position: str = ""
    long: float | None = None
    lat: float | None = None
    lieudit: str = ""
    deleguee_insee: str = ""
    deleguee_nom: str = ""
    parcelles: tuple[str, ...] = ()
    toponymes_regionaux: Mapping[str, str] = field(default_factory=dict)


def write_bal(adresses: Iterable[Adresse], *, communes: Communes, aujourd_hui: date) -> bytes:
    """Rend le fichier 1.5 d’une commune.

    Raises:
        BalInvalide: une adresse ne serait pas acceptée ; porte les erreurs, ligne par ligne.
    """
    liste = list(adresses)
    langues = [
        langue
        for langue in LANGUES
        if any(langue in adresse.toponymes_regionaux for adresse in liste)
    ]
    colonnes = insert_langues(COLONNES_1_5, [f"toponyme_{langue}" for langue in langues])
    octets = write_lignes(colonnes, (_build_ligne(adresse) for adresse in liste))
    rapport = validate_bal(octets, communes=communes, aujourd_hui=aujourd_hui, profil="1.5")
    if not rapport.valide:
        raise BalInvalide(rapport.erreurs)
    return octets


def insert_langues(colonnes: Iterable[str], regionales: Iterable[str]) -> list[str]:
    """Place chaque colonne régionale juste après son champ français."""
    rendues = list(colonnes)
    for regionale in regionales:
        champ = regionale.rpartition("_")[0]
        rang = max(
            i for i, nom in enumerate(rendues) if nom == champ or nom.startswith(f"{champ}_")
        )
        rendues.insert(rang + 1, regionale)
    return rendues


def write_lignes(colonnes: list[str], lignes: Iterable[Mapping[str, str]]) -> bytes:
    """Rend le CSV : UTF-8 sans marque, « ; », fins de ligne Unix."""
    flux = io.StringIO()
    plume = csv.DictWriter(
        flux, colonnes, restval="", extrasaction="ignore", delimiter=";", lineterminator="\n"
    )
    plume.writeheader()
    plume.writerows(lignes)
    return flux.getvalue().encode()


def expand_parcelle(parcelle: str) -> str:
    """Rend les 15 signes du schéma : le chiffre de la direction des finances en troisième place.

    Le schéma 1.5.0 n’accepte que cette écriture, le validateur officiel accepte les deux.
    """
    if len(parcelle) != 14:
        return parcelle
    direction = parcelle[2] if parcelle.startswith("97") else "0"
    return parcelle[:2] + direction + parcelle[2:]


def _build_ligne(adresse: Adresse) -> dict[str, str]:
    a = adresse
    ligne = {
        "id_ban_commune": a.id_ban_commune, "id_ban_toponyme": a.id_ban_toponyme,
        "id_ban_adresse": a.id_ban_adresse, "commune_insee": a.commune_insee,
        "commune_nom": a.commune_nom, "commune_deleguee_insee": a.deleguee_insee,
        "commune_deleguee_nom": a.deleguee_nom, "toponyme": a.toponyme,
        "lieudit_complement_nom": a.lieudit, "numero": str(a.numero), "suffixe": a.suffixe,
        "position": a.position, "source": a.source,
        "cad_parcelles": "|".join(map(expand_parcelle, a.parcelles)),
        "date_der_maj": a.date_der_maj.isoformat(),
        "certification_commune": "1" if a.certifiee else "0",
    }  # fmt: skip
    ligne |= {f"toponyme_{langue}": nom for langue, nom in a.toponymes_regionaux.items()}
    if a.long is not None and a.lat is not None:
        ligne |= {"long": f"{a.long:.7f}", "lat": f"{a.lat:.7f}"}
        if lieu := project(a.long, a.lat):
            ligne |= {"x": f"{lieu[0]:.2f}", "y": f"{lieu[1]:.2f}"}
    return ligne
