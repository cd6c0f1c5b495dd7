"""Dépose et instruit les demandes d’exemple, une seule fois par collectivité.

Chaque demande passe par les mêmes services qu’une vraie : même contrôle, même journal, mêmes PDF.
"""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.queries import get_reglage
from socle.fondations.collectivites.services import set_reglage
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.models import Compte
from socle.fondations.documents.services import receive_document
from socle.fondations.formulaires.moteur.saisie import make_ulid, update_pieces
from socle.metiers.demarches.models import Demarche
from socle.metiers.demarches.queries import get_version_publiee
from socle.metiers.dossiers.enums import Canal, Transition
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.queries.dossier import get_formulaire
from socle.metiers.dossiers.services.correction import request_correction
from socle.metiers.dossiers.services.depot import file_dossier, save_reponses, start_dossier
from socle.metiers.dossiers.services.echanges import send_message
from socle.metiers.dossiers.services.instruction import apply_transition
from socle.serveur.demo.exemples import EXEMPLES, Exemple
from socle.serveur.demo.usager import PDF

REGLAGE = "exemples_de_demonstration"
TRANSITIONS = {
    "instruire": Transition.PASSER_EN_INSTRUCTION,
    "accepter": Transition.ACCEPTER,
    "refuser": Transition.REFUSER,
    "classer": Transition.CLASSER_SANS_SUITE,
}


class Command(BaseCommand):
    help = "Sème les demandes d’exemple de la démonstration (bac à sable seulement)."

    def handle(self, *args: Any, **options: Any) -> None:
        maintenant = timezone.now()
        for slug, exemples in EXEMPLES.items():
            collectivite = Collectivite.objects.get(slug=slug)
            with locataire(collectivite.pk), transaction.atomic():
                faites = 0
                if get_reglage(collectivite, REGLAGE) is None:
                    faites = play_exemples(collectivite, exemples, maintenant)
                    set_reglage(collectivite=collectivite, cle=REGLAGE, valeur=faites)
            self.stdout.write(
                f"{collectivite.nom} : {f'{faites} demandes' if faites else 'déjà là'}"
            )


def play_exemples(
    collectivite: Collectivite, exemples: tuple[Exemple, ...], maintenant: datetime
) -> int:
    """Joue chaque exemple, du plus ancien au plus récent ; rend leur nombre."""
    agent = Compte.objects.filter(
        adhesions__collectivite=collectivite, adhesions__role=Role.INSTRUCTEUR
    ).order_by("pk")[0]
    for exemple in sorted(exemples, key=lambda e: -e.jours):
        play_exemple(collectivite, exemple, agent, maintenant)
    return len(exemples)


def play_exemple(
    collectivite: Collectivite, exemple: Exemple, agent: Compte, maintenant: datetime
) -> None:
    """Dépose une demande à sa date, puis fait les gestes de l’agent, un jour après l’autre."""
    instant = maintenant - timedelta(days=exemple.jours)
    en_ligne = exemple.canal == Canal.EN_LIGNE
    demarche = Demarche.objects.get(collectivite=collectivite, chemin=exemple.demarche)
    dossier, jeton = start_dossier(
        demarche=demarche,
        version=get_version_publiee(demarche),
        compte=None if en_ligne else agent,
        canal=Canal(exemple.canal),
        demandeur=exemple.demandeur,
        maintenant=instant,
    )
    acces = Acces(compte=None, jeton=jeton) if en_ligne else Acces(compte=agent)
    fill(collectivite, dossier, exemple, acces, instant)
    dossier = file_dossier(numero=dossier.numero, acces=acces, maintenant=instant)
    for geste in exemple.gestes:
        instant += timedelta(days=1)
        act(geste, dossier, exemple, agent, instant)


def fill(
    collectivite: Collectivite, dossier: Dossier, exemple: Exemple, acces: Acces, instant: datetime
) -> None:
    """Lit la saisie page par page, comme si la personne l’avait envoyée."""
    formulaire = get_formulaire(dossier.version_id)
    post = build_post(exemple, instant)
    reponses: dict[str, Any] = {}
    for page in formulaire.list_pages(reponses, maintenant=instant):
        saisie = formulaire.read_page(page.id, post, MultiValueDict(), reponses, maintenant=instant)
        reponses = saisie.valeurs
    if "assurance" in formulaire.structure.champs:
        document = receive_document(
            collectivite=collectivite,
            fichier=BytesIO(PDF),
            nom="assurance.pdf",
            objet=dossier.objet,
            depose_par=acces.acteur(),
            maintenant=instant,
        )
        piece = {
            "document": str(document.pk),
            "nom": document.nom,
            "taille": document.taille,
            "type_mime": document.type_mime,
        }
        update_pieces(reponses, "assurance", ajouter=[piece])
    save_reponses(dossier=dossier, reponses=reponses, revision=dossier.revision)


def build_post(exemple: Exemple, instant: datetime) -> QueryDict:
    """Rend la saisie telle qu’un navigateur l’enverrait ; « +9 » est un jour à venir."""
    post = QueryDict(mutable=True)
    for nom, valeur in exemple.saisie.items():
        dans = timedelta(days=exemple.jours + int(valeur)) if valeur.startswith("+") else None
        post[nom] = valeur if dans is None else (instant + dans).date().isoformat()
    for enfant in exemple.enfants:
        ligne = make_ulid()
        post.appendlist("enfants-lignes", ligne)
        for nom, valeur in enfant.items():
            post.setlist(f"enfants-{ligne}-{nom}", valeur if isinstance(valeur, list) else [valeur])
    return post


def act(geste: str, dossier: Dossier, exemple: Exemple, agent: Compte, instant: datetime) -> None:
    if geste == "corriger":
        request_correction(dossier=dossier, agent=agent, texte=exemple.texte, maintenant=instant)
    elif geste == "écrire":
        send_message(dossier=dossier, auteur=agent, corps=exemple.texte, maintenant=instant)
    else:
        apply_transition(
            dossier=dossier,
            transition=TRANSITIONS[geste],
            agent=agent,
            motif=exemple.texte if geste in ("refuser", "classer") else "",
            maintenant=instant,
        )
