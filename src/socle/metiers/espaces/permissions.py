"""Qui peut quoi dans les espaces. Chaque règle est vérifiée sur le serveur, à chaque requête."""

from django.http import HttpRequest

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.permissions import list_roles_programme
from socle.fondations.documents.models import Document
from socle.metiers.espaces.enums import AccesGroupe, EtatLivrable
from socle.metiers.espaces.errors import GroupeArchive, PasAnimateur, PasMembre
from socle.metiers.espaces.models import (
    GroupeDeTravail,
    Livrable,
    MembreDeGroupe,
    VersionDeDocument,
)

# L’équipe du programme tient la boîte à outils et relit les retours.
REDACTEURS = (RoleProgramme.EQUIPE,)
# Ouvrent un groupe : l’équipe et les partenaires du programme.
FONDATEURS = (RoleProgramme.EQUIPE, RoleProgramme.PARTENAIRE)


def can_create_groupe(compte: Compte) -> bool:
    """L’équipe du programme et les partenaires."""
    return bool(list_roles_programme(compte) & set(FONDATEURS))


def find_membre(groupe: GroupeDeTravail, compte: Compte) -> MembreDeGroupe | None:
    """Rend l’appartenance en cours de cet agent actif, s’il en a une."""
    if not (compte.is_authenticated and compte.is_agent and compte.is_active):
        return None
    siens = MembreDeGroupe.objects.filter(groupe=groupe, compte=compte, sorti_le__isnull=True)
    return siens.select_related("compte", "groupe").first()


def check_lecture(groupe: GroupeDeTravail, compte: Compte) -> MembreDeGroupe | None:
    """Un membre lit ; un groupe ouvert se lit par tout agent connecté. Rend l’appartenance.

    Raises:
        PasMembre.
    """
    membre = find_membre(groupe, compte)
    if membre is None and not (groupe.is_public and compte.is_agent and compte.is_active):
        raise PasMembre
    return membre


def check_ecriture(groupe: GroupeDeTravail, compte: Compte) -> MembreDeGroupe:
    """Un membre écrit, tant que le groupe n’est pas archivé.

    Raises:
        PasMembre, GroupeArchive.
    """
    membre = find_membre(groupe, compte)
    if membre is None:
        raise PasMembre
    if groupe.is_archive:
        raise GroupeArchive
    return membre


def check_animation(groupe: GroupeDeTravail, compte: Compte) -> MembreDeGroupe:
    """Un animateur du groupe, archivé ou non.

    Raises:
        PasMembre, PasAnimateur.
    """
    membre = find_membre(groupe, compte)
    if membre is None:
        raise PasMembre
    if not membre.is_animateur:
        raise PasAnimateur
    return membre


def can_read_livrable(request: HttpRequest, document: Document) -> bool:
    """Tous lisent les fichiers d’un livrable publié ; l’équipe lit aussi les autres."""
    slug = document.objet.partition(":")[2]
    etats = Livrable.objects.filter(slug=slug).values_list("etat", flat=True)
    if EtatLivrable.PUBLIE in etats:
        return True
    compte = request.user
    return isinstance(compte, Compte) and RoleProgramme.EQUIPE in list_roles_programme(compte)


def can_read_fichier(request: HttpRequest, document: Document) -> bool:
    """Ceux qui lisent le groupe lisent ses fichiers rattachés à une version."""
    compte = request.user
    version = (
        VersionDeDocument.objects.filter(fichier=document.pk)
        .select_related("sujet__groupe")
        .first()
    )
    if version is None or not isinstance(compte, Compte) or not compte.is_agent:
        return False
    groupe = version.sujet.groupe
    ouvert = groupe.acces == AccesGroupe.PUBLIC and compte.is_active
    return ouvert or find_membre(groupe, compte) is not None
