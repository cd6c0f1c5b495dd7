"""Courriels du catalogue : inviter un représentant, suivre une demande d’accompagnement."""

from datetime import datetime

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.services import get_programme
from socle.fondations.commun.adresses import (
    build_adresse,
    build_chemin_installation,
    build_origine,
)
from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import Compte, MembreProgramme
from socle.fondations.notifications.ports import Balise, ModeleParDefaut
from socle.fondations.notifications.services import notify
from socle.metiers.catalogue.enums import Cote
from socle.metiers.catalogue.models import DemandeDeploiement, Representant

CODE_INVITATION = "catalogue_invitation"
CODE_DEMANDE = "catalogue_demande"
PREVENUS_MAX = 50  # par côté
MODELES = {
    CODE_INVITATION: ModeleParDefaut(
        titre="Invitation d’un éditeur (à une personne)",
        quand="Quand l’équipe invite une personne à représenter un éditeur du catalogue.",
        sujet="Représenter {editeur} dans le catalogue",
        corps="Bonjour,\n\nL’équipe du programme vous invite à représenter {editeur} dans le"
        " catalogue de solutions.\n\nOuvrez ce lien dans les sept jours, choisissez un mot de"
        " passe, puis un second facteur : {lien}\n\nSi ce message ne vous concerne pas, ne"
        " faites rien.",
        balises={"editeur": Balise("Nom de l’éditeur", "Éditions d’exemple")},
        portail=False,
        agents=True,
    ),
    CODE_DEMANDE: ModeleParDefaut(
        titre="Du nouveau dans une demande d’accompagnement (aux agents)",
        quand="Quand une demande d’accompagnement arrive, reçoit une réponse ou change d’état.",
        sujet="{solution}, {demandeur} : {quoi}",
        corps="Bonjour,\n\nDemande d’accompagnement de {demandeur} pour {solution} : {quoi}."
        "\n\nLire et répondre : {lien}",
        balises={
            "solution": Balise("Nom de la solution", "Socle"),
            "demandeur": Balise("Collectivité qui demande", "Clamart"),
            "quoi": Balise("Ce qui arrive", "nouvelle demande"),
        },
        obligatoire=False,
        agents=True,
    ),
}


def send_invitation(*, courriel: str, editeur: str, jeton: str, maintenant: datetime) -> None:
    """Écrit le lien personnel à l’adresse invitée."""
    notify(
        collectivite=get_programme(), code=CODE_INVITATION, courriel=courriel,
        contexte={"editeur": editeur, "lien": _build_lien("catalogue:invitation", jeton)},
        maintenant=maintenant,
    )  # fmt: skip


def tell_demande(
    *, demande: DemandeDeploiement, quoi: str, cote: Cote, auteur: Compte, maintenant: datetime
) -> None:
    """Prévient les deux autres côtés, dans la transaction du geste. L’auteur ne s’écrit pas."""
    lien = {
        Cote.EQUIPE: _build_lien("catalogue:demande", demande.pk),
        Cote.EDITEUR: _build_lien("catalogue:editeur_demande", demande.pk),
    }
    for vers in (Cote.EQUIPE, Cote.EDITEUR):
        if vers == cote:
            continue
        for compte in _list_comptes(demande, vers):
            if compte.pk != auteur.pk:
                _send(demande, quoi, lien[vers], maintenant, compte=compte)
    if cote != Cote.COLLECTIVITE:
        _send(demande, quoi, _build_lien_demandeur(demande), maintenant, courriel=demande.courriel)


def _list_comptes(demande: DemandeDeploiement, cote: Cote) -> list[Compte]:
    """Qui suit la demande de ce côté ; toute l’équipe tant que personne ne l’a prise."""
    comptes = Compte.objects.filter(is_active=True).order_by("pk")
    if cote == Cote.EDITEUR:
        siens = Representant.objects.filter(editeur=demande.solution.editeur_id)
        return list(comptes.filter(pk__in=siens.values_list("compte_id"))[:PREVENUS_MAX])
    if demande.suivie_par_id:
        return list(comptes.filter(pk=demande.suivie_par_id))
    equipe = MembreProgramme.objects.filter(role=RoleProgramme.EQUIPE)
    return list(comptes.filter(pk__in=equipe.values_list("compte_id"))[:PREVENUS_MAX])


def _send(
    demande: DemandeDeploiement,
    quoi: str,
    lien: str,
    maintenant: datetime,
    *,
    compte: Compte | None = None,
    courriel: str = "",
) -> None:
    notify(
        collectivite=get_programme(),
        code=CODE_DEMANDE,
        contexte={
            "solution": demande.solution.nom,
            "demandeur": demande.nom_collectivite,
            "quoi": quoi,
            "lien": lien,
        },
        maintenant=maintenant,
        compte=compte,
        courriel=courriel,
        objet=f"deploiement:{demande.pk}",
    )


def _build_lien(nom: str, *args: object) -> str:
    return build_origine(None) + build_chemin_installation(nom, *args)


def _build_lien_demandeur(demande: DemandeDeploiement) -> str:
    """La demande dans l’espace de la collectivité ; la fiche, si elle n’est plus ici."""
    trouvee = Collectivite.objects.filter(siren=demande.siren).order_by("pk").first()
    if trouvee is None:
        return _build_lien("catalogue:solution", demande.solution.slug)
    return build_adresse("catalogue_collectivite:demande", trouvee, demande.pk)
