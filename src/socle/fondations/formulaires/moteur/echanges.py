"""Échanges avec les sources : ce qui a été reçu, d’où, quand, et ce que la personne a repris.

L’échange est la réponse du bloc de source : {"etat", "le", "libelle", "date_donnee", "valeurs",
"trace"}. Une réponse vient d’une source tant qu’elle est égale à la valeur reçue ; elle se
verrouille alors, et redevient saisissable dès que la personne choisit de remplir elle-même.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from socle.fondations.commun.textes import format_instant
from socle.fondations.formulaires.definition import Source
from socle.fondations.formulaires.enums import EtatSource
from socle.fondations.formulaires.moteur.structure import ChampCompile, Structure
from socle.fondations.formulaires.ports import ReponseSource
from socle.fondations.formulaires.textes import clean_ligne
from socle.fondations.formulaires.valeurs import Json, Reponses


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """Ce que donne l’arrivée d’une réponse de source.

    Attributes:
        reponses: les réponses, complétées.
        refusees: donnée → pourquoi elle n’a pas pu remplir son champ.
        absentes: données attendues que la source n’a pas données.
    """

    reponses: dict[str, Json]
    refusees: Mapping[str, str]
    absentes: tuple[str, ...]


def read_echange(reponses: Reponses, source: str) -> dict[str, Any]:
    """Rend l’échange stocké pour une source, vide s’il n’a pas eu lieu."""
    echange = reponses.get(source)
    return echange if isinstance(echange, dict) else {}


def read_etat_source(reponses: Reponses, source: str) -> EtatSource | None:
    """Rend l’état d’une source ; None tant que la personne n’a rien choisi."""
    etat = read_echange(reponses, source).get("etat")
    return EtatSource(etat) if etat in tuple(EtatSource) else None


def is_verrouille(compile_: ChampCompile, reponses: Reponses) -> bool:
    """Dit si un champ porte une valeur reçue d’une source, donc non modifiable à la main."""
    if not compile_.source:
        return False
    echange = read_echange(reponses, compile_.source)
    recues = echange.get("valeurs")
    return (
        echange.get("etat") == EtatSource.RECUE
        and isinstance(recues, dict)
        and recues.get(compile_.id) is not None
        and recues[compile_.id] == reponses.get(compile_.id)
    )


def find_provenance(compile_: ChampCompile, reponses: Reponses) -> str:
    """Rend « Direction générale des finances publiques, le 20 novembre 2026 à 10 h 33 »."""
    if not is_verrouille(compile_, reponses):
        return ""
    return describe_reception(read_echange(reponses, compile_.source))


def describe_reception(echange: Mapping[str, Any]) -> str:
    """Dit d’où et quand une réponse est venue."""
    libelle = str(echange.get("libelle", ""))
    try:
        instant = datetime.fromisoformat(str(echange.get("le", "")))
    except ValueError:
        return libelle
    return f"{libelle}, le {format_instant(instant)}"


def list_provenances(structure: Structure, reponses: Reponses) -> dict[str, str]:
    """Rend champ → provenance, pour les seuls champs remplis par une source."""
    provenances = {}
    for compile_ in structure.champs.values():
        if compile_.source and (texte := find_provenance(compile_, reponses)):
            provenances[compile_.id] = texte
    return provenances


def apply_source(
    structure: Structure,
    source: str,
    reponse: ReponseSource,
    reponses: Reponses,
    maintenant: datetime,
    jour: date,
) -> Reception:
    """Reporte la réponse d’une source dans les champs prévus par la définition."""
    bloc = structure.champs[source].champ
    correspondances = bloc.correspondances if isinstance(bloc, Source) else ()
    nouvelles, recues = dict(reponses), {}
    refusees, absentes = {}, []
    for correspondance in correspondances:
        cible = structure.champs.get(correspondance.champ)
        donnee = reponse.valeurs.get(correspondance.donnee)
        if cible is None or donnee is None:
            absentes.append(correspondance.donnee)
            continue
        lecture = cible.type.import_donnee(cible.champ, donnee, jour)
        if lecture.valeur is None:
            refusees[correspondance.donnee] = lecture.erreur or "Donnée illisible."
            continue
        recues[cible.id] = nouvelles[cible.id] = lecture.valeur
    nouvelles[source] = {
        "etat": EtatSource.RECUE.value,
        "le": maintenant.isoformat(timespec="seconds"),
        "libelle": clean_ligne(reponse.libelle_source)[:300],
        "date_donnee": reponse.date_donnee.isoformat() if reponse.date_donnee else None,
        "valeurs": recues,
        "trace": asdict(reponse.trace),
    }
    return Reception(reponses=nouvelles, refusees=refusees, absentes=tuple(absentes))


def fail_source(
    source: str, message: str, reponses: Reponses, maintenant: datetime
) -> dict[str, Json]:
    """Note qu’une source n’a pas répondu : la personne remplit elle-même ou réessaie."""
    echange = {
        "etat": EtatSource.ECHEC.value,
        "le": maintenant.isoformat(timespec="seconds"),
        "message": clean_ligne(message)[:500],
    }
    return {**reponses, source: echange}


def fill_by_hand(source: str, reponses: Reponses, maintenant: datetime) -> dict[str, Json]:
    """Note que la personne préfère remplir elle-même. Les valeurs reçues restent, modifiables."""
    echange = {
        "etat": EtatSource.A_LA_MAIN.value,
        "le": maintenant.isoformat(timespec="seconds"),
    }
    return {**reponses, source: echange}
