"""Sièges, délégations en cours, comptes que l’on peut asseoir."""

from datetime import date

from django.db.models import Q

from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.models import Compte
from socle.metiers.gouvernance.models import Delegation, Instance, Siege


def list_sieges(instance: Instance, jour: date) -> list[Siege]:
    """Sièges du jour, par collège puis organisation ; personnes chargées."""
    return list(
        Siege.objects.at(jour)
        .filter(instance=instance)
        .select_related("titulaire", "suppleant")
        .order_by("college", "organisation", "pk")
    )


def list_sieges_du_compte(compte: Compte, jour: date) -> list[Siege]:
    """Sièges que la personne tient, comme titulaire ou suppléante ; instance chargée."""
    return list(
        Siege.objects.at(jour)
        .filter(Q(titulaire=compte) | Q(suppleant=compte))
        .select_related("instance", "titulaire", "suppleant")
        .order_by("instance__ordre", "instance__sigle", "pk")
    )


def map_delegations(sieges: list[Siege], jour: date) -> dict[int, Delegation]:
    """Siège → la délégation qu’il a donnée et qui vaut ce jour-là."""
    lignes = (
        Delegation.objects.at(jour)
        .filter(siege__in=sieges, beneficiaire__titulaire__isnull=False)
        .select_related("beneficiaire__titulaire", "siege")
        .order_by("pk")
    )
    return {ligne.siege_id: ligne for ligne in lignes if ligne.beneficiaire.is_actif(jour)}


def list_mandats(compte: Compte, jour: date) -> list[Siege]:
    """Sièges dont la personne porte la voix par délégation, ce jour-là."""
    lignes = (
        Delegation.objects.at(jour)
        .filter(beneficiaire__titulaire=compte)
        .select_related("siege__instance", "siege__titulaire", "beneficiaire")
        .order_by("pk")
    )
    return [ligne.siege for ligne in lignes if ligne.siege.is_actif(jour)]


def list_delegations_du_compte(compte: Compte, jour: date) -> list[Delegation]:
    """Délégations données ou reçues qui valent encore, ou vaudront."""
    return list(
        Delegation.objects.filter(
            Q(siege__titulaire=compte) | Q(beneficiaire__titulaire=compte),
            reprise_le=None,
            au__gte=jour,
        )
        .select_related("siege__instance", "siege__titulaire", "beneficiaire__titulaire", "reunion")
        .order_by("du", "pk")
    )


def list_beneficiaires(siege: Siege, jour: date) -> list[Siege]:
    """Sièges à qui celui-ci peut confier sa voix : même instance, même collège, pourvus."""
    return list(
        Siege.objects.at(jour)
        .pourvus()
        .filter(instance=siege.instance, college=siege.college)
        .exclude(pk=siege.pk)
        .select_related("titulaire")
        .order_by("organisation", "pk")
    )


def find_agent(courriel: str) -> Compte | None:
    """Agent actif qui se connecte avec cette adresse."""
    return Compte.objects.filter(
        genre=GenreCompte.AGENT, is_active=True, courriel__iexact=courriel.strip()
    ).first()
