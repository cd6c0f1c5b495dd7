"""Demander à être accompagné : la collectivité demande, l’équipe et l’éditeur répondent."""

from datetime import datetime

from django.db import transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.comptes.models import Compte
from socle.fondations.referentiels.queries import find_autorite
from socle.metiers.catalogue.enums import Cote, EtatDemande
from socle.metiers.catalogue.errors import EtapeImpossible
from socle.metiers.catalogue.models import DemandeDeploiement, MessageDeploiement, Solution
from socle.metiers.catalogue.services.courrier import tell_demande
from socle.metiers.catalogue.services.suivi import record_action

CLOS = {EtatDemande.DEPLOYEE, EtatDemande.ABANDONNEE}
# Ce que chaque côté peut faire de la demande ; l’équipe peut tout.
PERMIS = {
    Cote.COLLECTIVITE: {EtatDemande.EN_COURS, EtatDemande.DEPLOYEE, EtatDemande.ABANDONNEE},
    Cote.EDITEUR: {EtatDemande.EN_COURS, EtatDemande.EN_ATTENTE},
    Cote.EQUIPE: set(EtatDemande) - {EtatDemande.NOUVELLE},
}


@transaction.atomic
def request_deploiement(
    *,
    solution: Solution,
    collectivite: Collectivite,
    agent: Compte,
    besoin: str,
    echeance: str,
    contact: str,
    courriel: str,
    maintenant: datetime,
) -> DemandeDeploiement:
    """Demande de l’aide au nom d’une collectivité.

    Raises:
        EtapeImpossible: une demande est déjà ouverte pour cette solution, ou elle est retirée.
    """
    if not solution.is_publiee:
        raise EtapeImpossible("Cette solution n’est plus au catalogue.", "Choisissez-en une autre.")
    Solution.objects.select_for_update(of=("self",)).get(pk=solution.pk)
    ouvertes = DemandeDeploiement.objects.filter(solution=solution, siren=collectivite.siren)
    if ouvertes.exclude(etat__in=CLOS).exists():
        raise EtapeImpossible(
            "Votre collectivité a déjà une demande ouverte pour cette solution.",
            "Écrivez dans cette demande.",
        )
    autorite = find_autorite(collectivite.siren) if collectivite.siren else None
    demande = DemandeDeploiement.objects.create(
        solution=solution,
        siren=collectivite.siren,
        autorite=autorite.cle if autorite else "",
        nom_collectivite=collectivite.nom,
        besoin=besoin,
        echeance=echeance,
        contact=contact,
        courriel=courriel,
        demandeur=agent,
        demandee_le=maintenant,
    )
    record_action(
        "deploiement.demande",
        objet=f"deploiement:{demande.pk}",
        acteur=agent.acteur,
        maintenant=maintenant,
        donnees={"solution": solution.slug, "siren": collectivite.siren},
    )
    tell_demande(
        demande=demande, quoi="nouvelle demande", cote=Cote.COLLECTIVITE, auteur=agent,
        maintenant=maintenant,
    )  # fmt: skip
    return demande


@transaction.atomic
def answer_demande(
    *,
    demande: DemandeDeploiement,
    cote: Cote,
    auteur: Compte,
    texte: str,
    etat: str,
    maintenant: datetime,
) -> MessageDeploiement:
    """Écrit dans une demande, et change son état s’il est donné.

    Args:
        etat: nouvel état, ou vide pour n’écrire qu’un message.

    Raises:
        EtapeImpossible: rien n’est dit, ce côté ne peut pas donner cet état, ou la demande est
            close et le geste ne la rouvre pas.
    """
    verrou = DemandeDeploiement.objects.select_for_update(of=("self",)).select_related("solution")
    ouverte = verrou.get(pk=demande.pk)
    if not texte.strip() and not etat:
        raise EtapeImpossible("Il n’y a rien à envoyer.", "Écrivez un message.")
    if etat and EtatDemande(etat) not in PERMIS[cote]:
        raise EtapeImpossible
    if ouverte.is_close and not etat:
        raise EtapeImpossible("Cette demande est close.", "Rouvrez-la, ou faites-en une autre.")
    if etat:
        ouverte.etat = etat
        ouverte.close_le = maintenant if etat in CLOS else None
    if cote == Cote.EQUIPE and ouverte.suivie_par_id is None:
        ouverte.suivie_par = auteur
    ouverte.save()
    message = MessageDeploiement.objects.create(
        demande=ouverte,
        cote=cote,
        auteur=auteur,
        auteur_nom=auteur.nom_affiche,
        texte=texte.strip(),
        etat=etat,
        ecrit_le=maintenant,
    )
    record_action(
        "deploiement.repondu",
        objet=f"deploiement:{ouverte.pk}",
        acteur=auteur.acteur,
        maintenant=maintenant,
        donnees={"cote": str(cote), "etat": etat},
    )
    tell_demande(
        demande=ouverte, quoi=_describe(cote, etat), cote=cote, auteur=auteur,
        maintenant=maintenant,
    )  # fmt: skip
    return message


def _describe(cote: Cote, etat: str) -> str:
    """« réponse de l’éditeur », et le nouvel état s’il change."""
    qui = {
        Cote.COLLECTIVITE: "message de la collectivité",
        Cote.EDITEUR: "réponse de l’éditeur",
        Cote.EQUIPE: "réponse de l’équipe",
    }[cote]
    return f"{qui}, état : {EtatDemande(etat).label.lower()}" if etat else qui
