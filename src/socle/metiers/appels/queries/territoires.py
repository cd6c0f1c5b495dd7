"""« dep-92 » et « reg-11 » : les nommer, dire ce qu’ils couvrent."""

import re
from collections.abc import Iterable, Mapping

from socle.fondations.referentiels.models import Departement

TERRITOIRE = re.compile(r"dep-(\d{2,3}|2[AB])|reg-\d{2}", re.ASCII)
Noms = Mapping[str, tuple[str, str]]


def load_territoires() -> dict[str, tuple[str, str]]:
    """Rend code → (nom, région du département) : « dep-92 » → (« Hauts-de-Seine », « reg-11 »).

    Une instruction SQL, une centaine de lignes.
    """
    lus: dict[str, tuple[str, str]] = {}
    for departement in Departement.objects.order_by("code"):
        region = f"reg-{departement.region}"
        lus[f"dep-{departement.code}"] = (departement.nom, region)
        lus[region] = (departement.region_nom, "")
    return lus


def list_choix(noms: Noms) -> list[tuple[str, list[tuple[str, str]]]]:
    """Rend les régions puis les départements, pour un choix groupé."""
    regions = sorted((nom, code) for code, (nom, _) in noms.items() if code.startswith("reg-"))
    departements = [
        (code, f"{code[4:]} {nom}") for code, (nom, _) in noms.items() if code.startswith("dep-")
    ]
    return [
        ("Régions", [(code, nom) for nom, code in regions]),
        ("Départements", departements),
    ]


def list_portee(codes: Iterable[str]) -> list[str]:
    """Rend ce que couvre un choix : un département, sa région ; une région, ses départements."""
    return list_portee_de(codes, load_territoires())


def list_portee_de(codes: Iterable[str], noms: Noms) -> list[str]:
    """La même chose, avec des noms déjà lus."""
    portee = set()
    for code in codes:
        portee.add(code)
        if code.startswith("dep-"):
            portee.add(noms.get(code, ("", ""))[1])
        else:
            portee |= {autre for autre, (_, region) in noms.items() if region == code}
    return sorted(portee - {""})


def name_territoire(code: str, noms: Noms) -> str:
    """Rend « Hauts-de-Seine », ou « département 92 » si le code n’est pas connu."""
    genre, _, numero = code.partition("-")
    inconnu = f"{'département' if genre == 'dep' else 'région'} {numero}"
    return noms.get(code, (inconnu, ""))[0]
