"""Ce qui manque à une campagne pour être publiée, en phrases."""

from datetime import datetime

from socle.fondations.formulaires.validation import check_formulaire, list_bloquantes
from socle.metiers.consultations.enums import Perimetre, Unite
from socle.metiers.consultations.models import Campagne


def list_defauts(campagne: Campagne, *, maintenant: datetime) -> list[str]:
    """Rend une phrase par défaut : la fiche, les dates, les données personnelles, les questions."""
    return [
        *_list_defauts_fiche(campagne),
        *_list_defauts_dates(campagne, maintenant),
        *_list_defauts_perimetre(campagne),
        *_list_defauts_formulaire(campagne),
    ]


def _list_defauts_fiche(campagne: Campagne) -> list[str]:
    manques = {
        "chapo": "Fiche : résumez la campagne en une phrase.",
        "contact": "Fiche : donnez une adresse où écrire.",
        "finalite": "Données personnelles : dites à quoi servent les réponses.",
        "lecteurs": "Données personnelles : dites qui lit les réponses.",
    }
    defauts = [phrase for champ, phrase in manques.items() if not getattr(campagne, champ)]
    if campagne.is_evaluee and campagne.budget is None:
        defauts.append("Fiche : donnez l’enveloppe, 0 s’il n’y en a pas.")
    return defauts


def _list_defauts_dates(campagne: Campagne, maintenant: datetime) -> list[str]:
    if campagne.ouvre_le is None or campagne.ferme_le is None:
        return ["Dates : donnez l’ouverture et la clôture."]
    if campagne.ferme_le <= campagne.ouvre_le:
        return ["Dates : la clôture vient après l’ouverture."]
    return ["Dates : la clôture est déjà passée."] if campagne.ferme_le <= maintenant else []


def _list_defauts_perimetre(campagne: Campagne) -> list[str]:
    defauts = []
    if campagne.unite == Unite.AUTORITE and campagne.perimetre != Perimetre.AUTORITES:
        defauts.append("Périmètre : une réponse par collectivité demande de viser celles-ci.")
    if campagne.anonyme and (campagne.perimetre != Perimetre.TOUS or campagne.is_evaluee):
        defauts.append("Périmètre : une réponse sans compte demande une campagne ouverte à tous.")
    basse, haute = campagne.population_min, campagne.population_max
    if basse is not None and haute is not None and basse > haute:
        defauts.append("Périmètre : la population la plus basse dépasse la plus haute.")
    return defauts


def _list_defauts_formulaire(campagne: Campagne) -> list[str]:
    champs = [c for page in campagne.definition.get("pages", []) for c in page.get("champs", [])]
    if not champs:
        return ["Questions : posez-en au moins une."]
    return [f"Questions : {a}" for a in list_bloquantes(check_formulaire(campagne.definition))]
