"""Écritures de l’opérateur et des administrateurs, avec leur trace au journal."""

from datetime import datetime
from typing import Any

from django.db import transaction

from socle.fondations.administration.errors import FicheModifieeAilleurs
from socle.fondations.collectivites import services as collectivites
from socle.fondations.collectivites.models import Collectivite, Service
from socle.fondations.commun.fuseau import PARIS
from socle.fondations.commun.locataire import locataire
from socle.fondations.commun.verrou import check_empreinte, read_valeurs
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.models import Compte, Invitation
from socle.fondations.comptes.services.agents import invite_agent
from socle.fondations.conservation.services import load_regles_par_defaut
from socle.fondations.journal.services import record

APPARENCE = ("couleur", "logo_empreinte")


@transaction.atomic
def create_collectivite(
    *, fiche: dict[str, Any], administrateur: str, par: Compte, maintenant: datetime
) -> tuple[Collectivite, Invitation | None, str]:
    """Accueille une collectivité, avec ses règles de conservation, et invite qui l’administre.

    Args:
        fiche: champs de `Collectivite`.
        administrateur: courriel à inviter ; vide, personne ne l’est encore.

    Returns:
        La collectivité, l’invitation et son jeton secret (à envoyer, jamais gardé).

    Raises:
        CollectiviteDejaPresente: même SIREN, même adresse courte ou même hôte.
    """
    collectivite = collectivites.create_collectivite(
        **fiche, aujourdhui=maintenant.astimezone(PARIS).date()
    )
    _record("collectivite.creee", collectivite, par, maintenant, installation=True)
    with locataire(collectivite.pk):
        load_regles_par_defaut(collectivite)  # sans règle, aucune démarche ne se publie
    if not administrateur:
        return collectivite, None, ""
    with locataire(collectivite.pk):
        invitation, jeton = invite_administrateur(
            collectivite=collectivite, courriel=administrateur, par=par, maintenant=maintenant
        )
    return collectivite, invitation, jeton


def invite_administrateur(
    *, collectivite: Collectivite, courriel: str, par: Compte, maintenant: datetime
) -> tuple[Invitation, str]:
    """Invite une administratrice dans une collectivité ouverte par `locataire`."""
    return invite_agent(
        collectivite=collectivite,
        courriel=courriel,
        role=Role.ADMINISTRATEUR,
        par=par,
        maintenant=maintenant,
    )


@transaction.atomic
def change_acces(
    *,
    collectivite: Collectivite,
    par: Compte,
    maintenant: datetime,
    empreinte: str | None = None,
    **fiche: Any,
) -> None:
    """Change ce que l’opérateur règle : adresse courte, nom d’hôte, activité.

    Raises:
        FicheModifieeAilleurs, CollectiviteDejaPresente: rien n’est changé.
    """
    if not _lock_fiche(collectivite, fiche, empreinte):
        return
    collectivites.update_collectivite(collectivite=collectivite, **fiche)
    _record("collectivite.acces_change", collectivite, par, maintenant, installation=True)


@transaction.atomic
def change_fiche(
    *,
    collectivite: Collectivite,
    par: Compte,
    maintenant: datetime,
    empreinte: str | None = None,
    **fiche: Any,
) -> None:
    """Change l’identité, les coordonnées ou la couleur.

    Args:
        empreinte: celle de ces champs sur la page (`commun.verrou`) ; None, rien n’est comparé.

    Raises:
        FicheModifieeAilleurs: un de ces champs a changé depuis.
    """
    if not _lock_fiche(collectivite, fiche, empreinte):
        return
    collectivites.update_collectivite(collectivite=collectivite, **fiche)
    _record("collectivite.fiche_changee", collectivite, par, maintenant, champs=sorted(fiche))


@transaction.atomic
def change_apparence(
    *,
    collectivite: Collectivite,
    couleur: str,
    logo: bytes | None,
    oter_logo: bool,
    par: Compte,
    maintenant: datetime,
    empreinte: str | None = None,
) -> None:
    """Change la couleur, et le logo si un fichier est donné ou s’il est ôté.

    Raises:
        FicheModifieeAilleurs: la couleur ou le logo a changé depuis.
        ImageRefusee, LogoTropLourd: rien n’est changé.
    """
    if not logo and not oter_logo and couleur == _relire(collectivite).couleur:
        return
    check_empreinte(
        read_valeurs(_relire(collectivite), *APPARENCE), empreinte, FicheModifieeAilleurs
    )
    if logo or oter_logo:
        change_logo(collectivite=collectivite, contenu=logo, par=par, maintenant=maintenant)
    change_fiche(collectivite=collectivite, couleur=couleur, par=par, maintenant=maintenant)


@transaction.atomic
def change_logo(
    *, collectivite: Collectivite, contenu: bytes | None, par: Compte, maintenant: datetime
) -> None:
    """Pose un logo, ou l’ôte avec None.

    Raises:
        ImageRefusee, LogoTropLourd: rien n’est changé.
    """
    if contenu is None:
        collectivites.remove_logo(collectivite=collectivite)
    else:
        collectivites.set_logo(collectivite=collectivite, contenu=contenu)
    _record("collectivite.logo_change", collectivite, par, maintenant)


@transaction.atomic
def save_service(
    *,
    collectivite: Collectivite,
    service: Service | None,
    par: Compte,
    maintenant: datetime,
    empreinte: str | None = None,
    **fiche: Any,
) -> Service:
    """Crée ou change un service.

    Raises:
        FicheModifieeAilleurs: ce service a changé depuis.
        ServiceDejaPresent: un autre service porte ce nom.
    """
    if service is not None:
        service = Service.objects.select_for_update(of=["self"], no_key=True).get(pk=service.pk)
        actuelles = read_valeurs(service, *fiche)
        if actuelles == fiche:
            return service
        check_empreinte(actuelles, empreinte, FicheModifieeAilleurs)
    garde = collectivites.save_service(collectivite=collectivite, service=service, **fiche)
    action = "service.change" if service else "service.cree"
    _record(action, collectivite, par, maintenant, service=garde.pk)
    return garde


def _lock_fiche(collectivite: Collectivite, fiche: dict[str, Any], empreinte: str | None) -> bool:
    """Verrouille la fiche et compare ; faux si elle dit déjà cela : il n’y a rien à écrire."""
    actuelles = read_valeurs(_relire(collectivite), *fiche)
    if actuelles == fiche:
        return False
    check_empreinte(actuelles, empreinte, FicheModifieeAilleurs)
    return True


def _relire(collectivite: Collectivite) -> Collectivite:
    """Verrouille la fiche sans arrêter qui écrit ailleurs dans la collectivité."""
    return Collectivite.objects.select_for_update(of=["self"], no_key=True).get(pk=collectivite.pk)


def _record(
    action: str,
    collectivite: Collectivite,
    par: Compte,
    maintenant: datetime,
    *,
    installation: bool = False,
    **donnees: Any,
) -> None:
    """Écrit au journal de la collectivité, ou de l’installation quand l’opérateur agit."""
    record(
        action=action,
        objet=f"collectivite:{collectivite.pk}",
        acteur=par.acteur,
        collectivite_id=None if installation else collectivite.pk,
        maintenant=maintenant,
        donnees=donnees,
    )
