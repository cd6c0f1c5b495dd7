"""Qui agit : l’équipe tient les instances, chaque siège vote par une seule personne à la fois."""

from datetime import date

from django.db.models import Q
from django.http import HttpRequest

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.permissions import list_roles_programme
from socle.fondations.documents.models import Document
from socle.metiers.gouvernance.enums import DECIDEURS, ATitre, EtatReunion, Pouvoir
from socle.metiers.gouvernance.errors import PouvoirRefuse
from socle.metiers.gouvernance.models import (
    Convocation,
    Delegation,
    Instance,
    PointOrdreDuJour,
    Reunion,
    Siege,
)


def check_pouvoir(instance: Instance, pouvoir: Pouvoir) -> None:
    """Refuse ce que la nature de l’instance ne permet pas.

    Raises:
        PouvoirRefuse: avec ce que cette instance peut faire.
    """
    if instance.has_pouvoir(pouvoir):
        return
    nature = instance.nature_affichee
    raise PouvoirRefuse(
        f"{instance.sigle} est une {nature.label.lower()} : elle ne peut pas {pouvoir.label}.",
        nature.role,
    )


def find_titre(siege: Siege, compte: Compte, delegation: Delegation | None) -> ATitre | None:
    """À quel titre cette personne peut voter pour ce siège ; None si elle ne le peut pas.

    Tant qu’une délégation court, seul le titulaire du siège bénéficiaire vote : ni le titulaire, ni
    le suppléant. Il n’y a donc jamais deux personnes au même rang.
    """
    if delegation is not None:
        tenu = delegation.beneficiaire.titulaire_id == compte.pk
        return ATitre.DELEGATION if tenu else None
    if siege.titulaire_id == compte.pk:
        return ATitre.TITULAIRE
    return ATitre.SUPPLEANT if siege.suppleant_id == compte.pk else None


def can_vote_here(siege: Siege, jour: date) -> bool:
    """Un siège en cours, pourvu, dans l’un des deux collèges qui décident."""
    return siege.is_actif(jour) and bool(siege.titulaire_id) and siege.college in DECIDEURS


def can_participate(compte: object, reunion: Reunion) -> bool:
    """Titulaire ou suppléant d’un siège convoqué, ou inscrit à une réunion ouverte."""
    if not (isinstance(compte, Compte) and compte.is_agent and compte.is_active):
        return False
    sien = Q(siege__titulaire=compte) | Q(siege__suppleant=compte)
    convoque = Convocation.objects.filter(sien, reunion=reunion).exists()
    return convoque or reunion.inscriptions.filter(compte=compte).exists()


def can_read_piece(request: HttpRequest, document: Document) -> bool:
    """Un fichier d’ordre du jour : public dès la convocation, ou pour l’équipe et les convoqués."""
    pk = document.objet.partition(":")[2]
    citants = PointOrdreDuJour.objects.filter(
        reunion=int(pk), documents__contains=[{"fichier": str(document.pk)}]
    )
    point = citants.select_related("reunion").order_by("pk").first()
    if point is None:
        return False
    compte, reunion = request.user, point.reunion
    if isinstance(compte, Compte) and RoleProgramme.EQUIPE in list_roles_programme(compte):
        return True
    if reunion.etat == EtatReunion.PREVUE:
        return False
    piece = next(p for p in point.documents if p.get("fichier") == str(document.pk))
    return bool(piece["public"]) or can_participate(compte, reunion)
