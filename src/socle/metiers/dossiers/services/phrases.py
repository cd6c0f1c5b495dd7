"""Phrases prêtes : écrites une fois, insérées dans un message, une correction ou un motif.

Les balises sont celles des messages envoyés aux usagers : « {demandeur} », « {numero} »… Elles
sont remplacées à l’insertion ; l’agent relit et change ce qu’il veut avant d’envoyer.
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.adresses import build_adresse
from socle.fondations.commun.errors import AccesRefuse, ErreurMetier
from socle.fondations.commun.textes import format_jour
from socle.fondations.comptes.models import Compte
from socle.fondations.journal import services as journal
from socle.fondations.notifications.ports import Balise, ModeleParDefaut
from socle.fondations.notifications.services import check_balises, render_modele
from socle.metiers.demarches.models import Demarche
from socle.metiers.dossiers.errors import PhraseChangeeAilleurs
from socle.metiers.dossiers.models import Dossier, PhrasePrete
from socle.metiers.dossiers.permissions import can_change_phrase
from socle.metiers.dossiers.services.demandeur import SANS_DEMANDEUR
from socle.metiers.dossiers.services.modeles import BALISES

NOMBRE_MAX = 200
MODELE = ModeleParDefaut(
    titre="Phrase prête",
    quand="",
    sujet="",
    corps="",
    balises={
        **BALISES,
        "service": Balise("Service qui répond", "Écoles"),
        "depot": Balise("Jour du dépôt", "19 novembre 2026"),
        "agent": Balise("Votre prénom et votre nom", "Ada Fournel"),
    },
)


@transaction.atomic
def create_phrase(
    *,
    collectivite: Collectivite,
    agent: Compte,
    titre: str,
    corps: str,
    demarche: Demarche | None,
    maintenant: datetime,
) -> PhrasePrete:
    """Ajoute une phrase.

    Raises:
        AccesRefuse: l’agent n’instruit ni n’administre pour ce service.
        BalisesInconnues: balise hors liste.
        ErreurMetier: nom déjà pris, ou 200 phrases déjà.
    """
    phrase = PhrasePrete(
        collectivite=collectivite, titre=titre.strip(), corps=corps.strip(), demarche=demarche
    )
    _check(phrase, agent)
    if PhrasePrete.objects.filter(collectivite=collectivite).count() >= NOMBRE_MAX:
        raise ErreurMetier(
            f"Il y a déjà {NOMBRE_MAX} phrases.", "Supprimez-en une qui ne sert plus."
        )
    _save(phrase)
    _prove(phrase, "creee", agent, maintenant)
    return phrase


@transaction.atomic
def change_phrase(
    *,
    phrase: PhrasePrete,
    agent: Compte,
    titre: str,
    corps: str,
    demarche: Demarche | None,
    revision: int,
    maintenant: datetime,
) -> PhrasePrete:
    """Change une phrase, si personne d’autre ne l’a changée depuis la révision montrée.

    Raises:
        PhraseChangeeAilleurs: un autre agent a enregistré depuis.
        AccesRefuse, BalisesInconnues, ErreurMetier: comme `create_phrase`.
    """
    if not can_change_phrase(agent, phrase):
        raise AccesRefuse
    phrase = PhrasePrete.objects.select_for_update(of=["self"]).get(pk=phrase.pk)
    if phrase.revision != revision:
        raise PhraseChangeeAilleurs
    phrase.titre, phrase.corps, phrase.demarche = titre.strip(), corps.strip(), demarche
    _check(phrase, agent)
    phrase.revision += 1
    _save(phrase)
    _prove(phrase, "changee", agent, maintenant)
    return phrase


@transaction.atomic
def delete_phrase(
    *, phrase: PhrasePrete, agent: Compte, maintenant: datetime, revision: int | None = None
) -> None:
    """Supprime une phrase ; ce qui a été écrit avec elle ne change pas.

    Args:
        revision: celle que la page montrait ; None, rien n’est comparé.

    Raises:
        AccesRefuse: l’agent n’instruit ni n’administre pour ce service.
        PhraseChangeeAilleurs: elle a été réécrite depuis.
    """
    if not can_change_phrase(agent, phrase):
        raise AccesRefuse
    phrase = PhrasePrete.objects.select_for_update(of=["self"]).get(pk=phrase.pk)
    if revision not in (None, phrase.revision):
        raise PhraseChangeeAilleurs
    _prove(phrase, "supprimee", agent, maintenant)
    phrase.delete()


def render_phrase(*, phrase: PhrasePrete, dossier: Dossier, agent: Compte) -> str:
    """Rend le texte d’une phrase pour un dossier. Une valeur n’est jamais relue comme balise."""
    service = dossier.demarche.service
    valeurs = {
        "demarche": dossier.demarche.titre,
        "numero": str(dossier.numero),
        "reference": dossier.reference,
        "demandeur": dossier.demandeur or SANS_DEMANDEUR,
        "service": service.nom if service else dossier.collectivite.nom,
        "depot": format_jour(dossier.depose_instant),
        "agent": agent.nom_affiche,
        "collectivite": dossier.collectivite.nom,
        "lien": build_adresse("dossiers:suivi", dossier.collectivite, dossier.numero),
    }
    return render_modele(phrase.corps, valeurs)


def _check(phrase: PhrasePrete, agent: Compte) -> None:
    if not can_change_phrase(agent, phrase):
        raise AccesRefuse
    check_balises(MODELE, phrase.corps)


def _save(phrase: PhrasePrete) -> None:
    try:
        with transaction.atomic():
            phrase.save()
    except IntegrityError as refus:
        raise ErreurMetier(
            "Une phrase porte déjà ce nom pour ces démarches.", "Choisissez un autre nom."
        ) from refus


def _prove(phrase: PhrasePrete, action: str, agent: Compte, maintenant: datetime) -> None:
    journal.record(
        action=f"phrase.{action}",
        objet=f"phrase:{phrase.pk}",
        acteur=agent.acteur,
        collectivite_id=phrase.collectivite_id,
        maintenant=maintenant,
        donnees={"revision": phrase.revision},
    )
