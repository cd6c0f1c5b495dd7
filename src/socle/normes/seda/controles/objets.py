"""Contrôles des objets et de leurs groupes (CHECK_DATAOBJECTPACKAGE)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from socle.normes.seda.controles.conteneur import is_chemin_dangereux
from socle.normes.seda.controles.limites import Attentes
from socle.normes.seda.controles.rapport import Anomalie
from socle.normes.seda.controles.releve import ObjetLu, Releve

ALGORITHMES = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}
_USAGE = re.compile(
    r"(PhysicalMaster|BinaryMaster|Dissemination|Thumbnail|TextContent)(_[1-9][0-9]*)?"
)
_SUIVANT = re.compile(r"(?:Binary|Physical)Master_(?:[2-9]|[1-9][0-9]+)")
_ORIGINAUX = {"BinaryMaster", "PhysicalMaster"}


def usage_de(objet: ObjetLu) -> str:
    """Usage déclaré, ou celui que le SEDA suppose quand il manque."""
    return objet.usage or ("PhysicalMaster" if objet.physique else "BinaryMaster")


def check_usages(releve: Releve) -> Iterator[Anomalie]:
    """CHECK_MANIFEST_DATAOBJECT_VERSION : usages, champs obligatoires et algorithmes."""
    for objet in releve.objets:
        yield from _usage(objet)
        if objet.physique:
            if objet.identifiant_physique == "":
                yield _vide(objet, "PhysicalId", "la cote de l’objet physique")
            continue
        if not objet.uri:
            yield _vide(objet, "Uri", "l’adresse du fichier dans le paquet")
        if objet.algorithme and objet.algorithme not in ALGORITHMES:
            yield Anomalie(
                detail="INVALIDE_ALGO",
                lieu=objet.lieu,
                message=f"L’algorithme d’empreinte « {objet.algorithme} » n’est pas admis. "
                "Employez SHA-512.",
            )


def _usage(objet: ObjetLu) -> Iterator[Anomalie]:
    usage = usage_de(objet)
    trouve = _USAGE.fullmatch(usage)
    if not trouve:
        yield Anomalie(
            detail="INVALID_DATAOBJECTVERSION",
            lieu=objet.lieu,
            message=f"L’usage « {usage} » n’existe pas. Écrivez par exemple « BinaryMaster_1 ».",
        )
    elif objet.physique and trouve[1] == "BinaryMaster":
        yield Anomalie(
            detail="PDO_DATAOBJECTIONVERSION_BINARYMASTER",
            lieu=objet.lieu,
            message="Un objet physique ne peut pas être un original numérique. "
            "Employez l’usage « PhysicalMaster ».",
        )
    elif not objet.physique and trouve[1] == "PhysicalMaster":
        yield Anomalie(
            detail="BDO_DATAOBJECTIONVERSION_PHYSICALMASTER",
            lieu=objet.lieu,
            message="Un fichier ne peut pas être un original papier. "
            "Employez l’usage « BinaryMaster ».",
        )


def _vide(objet: ObjetLu, champ: str, quoi: str) -> Anomalie:
    return Anomalie(
        detail="EMPTY_REQUIRED_FIELD",
        lieu=objet.lieu,
        message=f"Le champ {champ} est vide. Indiquez {quoi}.",
    )


def check_nombre(releve: Releve, contenus: Iterable[str]) -> Iterator[Anomalie]:
    """CHECK_MANIFEST_OBJECTNUMBER : les fichiers déclarés sont exactement ceux du paquet."""
    presents = {nom.lower(): nom for nom in contenus}
    declares = Counter(o.uri.lower() for o in releve.objets if o.uri and not o.physique)
    for objet in releve.objets:
        if not objet.uri or objet.physique:
            continue
        if is_chemin_dangereux(objet.uri) or declares[objet.uri.lower()] > 1:
            yield Anomalie(
                detail="INVALID_URI",
                lieu=objet.lieu,
                message=f"L’adresse « {objet.uri} » sort du paquet ou sert à plusieurs objets. "
                "Donnez à chaque objet son propre fichier.",
            )
        elif objet.uri.lower() not in presents:
            yield Anomalie(
                detail="MANIFEST_SUPERIOR_BDO",
                lieu=objet.lieu,
                message=f"Le fichier « {objet.uri} » est déclaré mais absent du paquet. "
                "Ajoutez-le, ou retirez l’objet du bordereau.",
            )
    for minuscules, nom in presents.items():
        if minuscules not in declares:
            yield Anomalie(
                detail="MANIFEST_INFERIOR_BDO",
                lieu=nom,
                message="Ce fichier du paquet n’est déclaré par aucun objet. "
                "Décrivez-le dans le bordereau, ou retirez-le.",
            )


def check_groupes(releve: Releve, attentes: Attentes) -> Iterator[Anomalie]:
    """CHECK_MANIFEST : une version par usage ; un original par groupe, si le contrat l’exige."""
    contrat = attentes.find_contrat(releve.contrat)
    original_exige = contrat is None or contrat.original_exige
    # Le groupe d’une unité déjà archivée y trouvera son original.
    rattaches = {groupe for unite in releve.unites if unite.existante for groupe in unite.groupes}
    usages: dict[str, Counter[str]] = defaultdict(Counter)
    lieux: dict[str, str] = {}
    suivants: set[str] = set()
    for objet in releve.objets:
        if _SUIVANT.fullmatch(objet.usage):
            suivants.add(objet.groupe)
        usages[objet.groupe][usage_de(objet).split("_")[0]] += 1
        lieux[objet.groupe] = objet.lieu
    for groupe, nombres in usages.items():
        lieu = f"groupe {groupe}, {lieux[groupe]}"
        yield from _doubles(nombres, lieu)
        if groupe in rattaches:
            continue
        if groupe in suivants:
            yield Anomalie(
                detail="EXPECTED_MANDATORY_VERSION_1",
                lieu=lieu,
                message="La première version d’un original porte le numéro 1. "
                "Écrivez « BinaryMaster_1 » ou « PhysicalMaster_1 ».",
            )
        if original_exige and not _ORIGINAUX & nombres.keys():
            yield Anomalie(
                detail="MASTER_MANDATORY_REQUIRED",
                lieu=lieu,
                message="Le groupe ne contient pas d’original (BinaryMaster ou PhysicalMaster). "
                "Ajoutez l’original, ou donnez cet usage à l’un des objets.",
            )


def _doubles(nombres: Counter[str], lieu: str) -> Iterator[Anomalie]:
    doubles = [usage for usage, nombre in nombres.items() if nombre > 1]
    if doubles:
        yield Anomalie(
            detail="TOO_MANY_VERSION_BY_USAGE",
            lieu=lieu,
            message=f"Le groupe contient plusieurs objets d’usage « {doubles[0]} ». "
            "N’en versez qu’un à la fois.",
        )
