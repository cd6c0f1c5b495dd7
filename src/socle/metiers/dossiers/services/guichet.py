"""Demande saisie par un agent : le jour où elle est reçue n’est pas celui où elle est saisie."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from socle.fondations.commun.fuseau import PARIS
from socle.fondations.commun.textes import format_jour
from socle.fondations.formulaires.moteur import FormulaireCompile
from socle.fondations.formulaires.types import get_type
from socle.metiers.dossiers.enums import Canal, Voie
from socle.metiers.dossiers.errors import AccordSansAcces, DateImpossible
from socle.metiers.dossiers.models import Dossier
from socle.normes.delais.calculs import to_jour

MIDI = time(12)  # l’heure d’arrivée d’une lettre n’est pas connue : seul le jour compte
RECUL = timedelta(days=366)


def check_reception(recue_le: date, maintenant: datetime, *, depuis: date | None = None) -> None:
    """Vérifie un jour de réception : ni à venir, ni plus vieux qu’un an, ni avant `depuis`.

    Raises:
        DateImpossible: hors de ces bornes.
    """
    aujourdhui = to_jour(maintenant)
    premier = max(aujourdhui - RECUL, depuis or date.min)
    if recue_le > aujourdhui:
        raise DateImpossible("Ce jour n’est pas encore passé.", "Notez le jour où c’est arrivé.")
    if recue_le < premier:
        raise DateImpossible(
            f"Ce jour est trop ancien : pas avant le {format_jour(premier)}.",
            "Vérifiez le jour, le mois et l’année.",
        )


def compute_depose_le(dossier: Dossier, maintenant: datetime) -> datetime:
    """Rend l’instant du dépôt : celui du clic, ou midi du jour où l’agent dit l’avoir reçue.

    Le délai légal, la référence et son année suivent ce jour. L’instant de la saisie reste dans le
    fil et le journal.

    Source: CRPA, art. L. 114-3 et R. 112-5 (date de réception de la demande).
    """
    recue_le = dossier.recue_le if dossier.saisi_par_id is not None else None
    if recue_le is None or recue_le >= to_jour(maintenant):
        return maintenant
    return datetime.combine(recue_le, MIDI, tzinfo=PARIS)


def describe_reception(dossier: Dossier) -> str:
    """Rend le détail du dépôt dans le fil : « Par courrier, reçue le 10 novembre 2026 »."""
    if dossier.canal == Canal.EN_LIGNE:
        return ""
    canal = str(dossier.get_canal_display())
    return f"{canal}, reçue le {format_jour(dossier.recue_le)}" if dossier.recue_le else canal


def prefill_personne(
    formulaire: FormulaireCompile, personne: Mapping[str, str], maintenant: datetime
) -> dict[str, Any]:
    """Rend les réponses que l’agent a déjà données en nommant la personne : rien à retaper.

    Args:
        personne: jeton de saisie automatique HTML (« given-name », « email »…) → ce qui est noté.
    """
    reponses: dict[str, Any] = {}
    restants = {jeton: texte for jeton, texte in personne.items() if texte}
    for _, bloc, champ in formulaire.definition.iter_champs():
        texte = restants.pop(getattr(champ, "autocomplete", ""), "") if bloc is None else ""
        if texte:
            lecture = get_type(champ).import_donnee(champ, texte, to_jour(maintenant))
            if lecture.valeur is not None:
                reponses[champ.id] = lecture.valeur
    return reponses


def can_accepter_portail(dossier: Dossier, courriel: str = "") -> bool:
    """Vrai si la personne pourra toujours ouvrir le portail.

    Il lui faut un compte, ou son jeton d’invité et une adresse : sans adresse, un navigateur perdu
    lui fermerait sa demande pour de bon.

    Args:
        courriel: adresse lue dans les réponses, avant que le dépôt ne la porte au dossier.
    """
    invite = dossier.jeton and (dossier.courriel or courriel)
    return dossier.usager_id is not None or bool(invite)


def choose_voie(dossier: Dossier) -> Voie:
    """Rend par où la décision ira à la personne.

    Source: CRPA, art. R. 112-17 (accord exprès pour être notifié par le portail).
    """
    if not can_accepter_portail(dossier):
        return Voie.POSTE
    return Voie.PORTAIL if dossier.accord_portail else Voie.PORTAIL_ET_POSTE


def check_accord(dossier: Dossier, accord_portail: bool, courriel: str = "") -> None:
    """Refuse un accord que personne ne peut tenir.

    Raises:
        AccordSansAcces: voir `can_accepter_portail`.
    """
    if accord_portail and not can_accepter_portail(dossier, courriel):
        raise AccordSansAcces
