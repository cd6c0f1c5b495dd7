"""Prévenir les membres de ce qui se passe dans leur groupe, et l’invité de son invitation."""

from datetime import datetime

from django.conf import settings

from socle.fondations.collectivites.services import get_programme
from socle.fondations.commun.adresses import build_chemin_installation
from socle.fondations.notifications.ports import Balise, ModeleParDefaut
from socle.fondations.notifications.services import notify
from socle.metiers.espaces.models import (
    EntreeEnGroupe,
    MembreDeGroupe,
    Sujet,
)

CODE_NOUVELLE = "groupe_nouvelle"
CODE_INVITATION = "groupe_invitation"
CODE_DEMANDE = "groupe_demande"
MEMBRES_MAX = 500  # prévenus d’un coup
GROUPE = Balise("Nom du groupe", "Dites-le-nous une fois")
MODELES = {
    CODE_NOUVELLE: ModeleParDefaut(
        titre="Du nouveau dans un groupe (aux agents)",
        quand="Quand un membre d’un de vos groupes écrit ou dépose un document.",
        sujet="{groupe} : {titre}",
        corps="Bonjour,\n\n{quoi} dans le groupe « {groupe} » : « {titre} », par {auteur}.\n\n"
        "À lire ici : {lien}",
        balises={
            "groupe": GROUPE,
            "titre": Balise("Titre", "Compte rendu de l’atelier"),
            "quoi": Balise("Ce que c’est", "Nouvelle"),
            "auteur": Balise("Organisation de qui écrit", "Clamart"),
        },
        obligatoire=False,
        agents=True,
    ),
    CODE_INVITATION: ModeleParDefaut(
        titre="Invitation dans un groupe (aux agents)",
        quand="Quand un animateur vous invite dans un groupe de travail.",
        sujet="Invitation dans le groupe « {groupe} »",
        corps="Bonjour,\n\nVous êtes invité dans le groupe « {groupe} » du programme commun.\n\n"
        "Connectez-vous avec cette adresse, puis acceptez ici : {lien}\n\nSi ce message ne vous"
        " concerne pas, ne faites rien.",
        balises={"groupe": GROUPE},
        obligatoire=False,
        portail=False,
        agents=True,
    ),
    CODE_DEMANDE: ModeleParDefaut(
        titre="Demande d’entrée dans un groupe (aux agents)",
        quand="Quand un agent demande à entrer dans un groupe que vous animez.",
        sujet="{groupe} : une demande d’entrée",
        corps="Bonjour,\n\nUn agent de {organisation} demande à entrer dans « {groupe} »."
        "\n\nRépondez-lui ici : {lien}",
        balises={"groupe": GROUPE, "organisation": Balise("Son organisation", "Clamart")},
        obligatoire=False,
        agents=True,
    ),
}


def tell_membres(
    *,
    sujet: Sujet,
    auteur: MembreDeGroupe,
    quoi: str,
    maintenant: datetime,
    seulement: MembreDeGroupe | None = None,
) -> int:
    """Prévient les autres membres, ou un seul, selon leurs préférences ; rend leur nombre."""
    presents = MembreDeGroupe.objects.filter(
        groupe=sujet.groupe, sorti_le__isnull=True, compte__is_active=True
    ).exclude(pk=auteur.pk)
    if seulement is not None:
        presents = presents.filter(pk=seulement.pk)
    membres = list(presents.select_related("compte").order_by("pk")[:MEMBRES_MAX])
    contexte = {
        "groupe": sujet.groupe.nom,
        "titre": sujet.titre,
        "quoi": quoi,
        "auteur": auteur.organisation,
        "lien": _build_lien("espaces:sujet", sujet.groupe.slug, sujet.pk),
    }
    for membre in membres:
        notify(
            collectivite=get_programme(), code=CODE_NOUVELLE, contexte=contexte,
            maintenant=maintenant, compte=membre.compte, objet=f"groupe:{sujet.groupe.slug}",
        )  # fmt: skip
    return len(membres)


def tell_invite(*, entree: EntreeEnGroupe, maintenant: datetime) -> None:
    """Écrit à l’adresse invitée."""
    notify(
        collectivite=get_programme(),
        code=CODE_INVITATION,
        contexte={
            "groupe": entree.groupe.nom,
            "lien": _build_lien("espaces:groupe", entree.groupe.slug),
        },
        maintenant=maintenant,
        courriel=entree.courriel,
        objet=f"groupe:{entree.groupe.slug}",
    )


def tell_animateurs(*, entree: EntreeEnGroupe, maintenant: datetime) -> None:
    """Prévient les animateurs d’une demande."""
    animateurs = MembreDeGroupe.objects.filter(
        groupe=entree.groupe, role="animateur", sorti_le__isnull=True, compte__is_active=True
    )
    for membre in animateurs.select_related("compte").order_by("pk")[:20]:
        notify(
            collectivite=get_programme(),
            code=CODE_DEMANDE,
            contexte={
                "groupe": entree.groupe.nom,
                "organisation": entree.organisation,
                "lien": _build_lien("espaces:membres", entree.groupe.slug),
            },
            maintenant=maintenant,
            compte=membre.compte,
            objet=f"groupe:{entree.groupe.slug}",
        )


def _build_lien(nom: str, *args: object) -> str:
    return f"{settings.ADRESSE}{build_chemin_installation(nom, *args)}"
