"""Lectures des comptes. Rien ici ne retrouve une identité attestée par son courriel."""

from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.locataire import operateur
from socle.fondations.commun.presentation import Ecriture
from socle.fondations.comptes.enums import EtatDemande, GenreCompte
from socle.fondations.comptes.models import (
    Adhesion,
    Compte,
    DemandeRattachement,
    FournisseurIdentite,
    IdentiteFederee,
    Invitation,
)
from socle.fondations.journal.models import INSTALLATION
from socle.fondations.journal.queries import list_entrees

CANDIDATS_MAX = 3  # inscriptions non confirmées essayées à une connexion


def find_compte(genre: str, courriel: str) -> Compte | None:
    """Trouve le compte dont c’est le courriel vérifié, sous ce genre."""
    return (
        Compte.objects.alias(minuscule=Lower("courriel"))
        .filter(genre=genre, minuscule=courriel.strip().lower())
        .exclude(courriel="")
        .first()
    )


def list_candidats(genre: str, courriel: str) -> list[Compte]:
    """Rend les comptes qu’un mot de passe peut ouvrir : le vérifié, sinon les non confirmés."""
    verifie = find_compte(genre, courriel)
    if verifie is not None:
        return [verifie]
    en_attente = Compte.objects.filter(
        genre=genre, courriel="", last_login=None,
        emailaddress__email=courriel.strip().lower(), emailaddress__verified=False,
    )  # fmt: skip
    return list(en_attente.order_by("-pk")[:CANDIDATS_MAX])


def list_fournisseurs(collectivite: Collectivite | None, genre: str) -> list[FournisseurIdentite]:
    """Rend les fournisseurs offerts ici ; celui de la collectivité cache l’homonyme commun."""
    lignes = (
        FournisseurIdentite.objects.filter(
            Q(collectivite=collectivite) | Q(collectivite=None), genre=genre, actif=True
        )
        .defer("secret", "cle_client", "cles_chiffrement")
        .order_by("ordre", "code", "collectivite_id")
    )
    par_code: dict[str, FournisseurIdentite] = {}
    for ligne in lignes:  # collectivite_id NULL vient après : l’homonyme commun est ignoré
        par_code.setdefault(ligne.code, ligne)
    return list(par_code.values())


def find_fournisseur(collectivite: Collectivite | None, code: str) -> FournisseurIdentite | None:
    """Trouve un fournisseur actif par son code, celui de la collectivité d’abord."""
    return (
        FournisseurIdentite.objects.filter(
            Q(collectivite=collectivite) | Q(collectivite=None), code=code, actif=True
        )
        .order_by("collectivite_id")
        .first()
    )


def find_code_fournisseur(collectivite: Collectivite | None, identite: IdentiteFederee) -> str:
    """Rend le code du fournisseur actif qui atteste cette identité ; vide s’il n’y en a plus."""
    lignes = FournisseurIdentite.objects.filter(
        Q(collectivite=collectivite) | Q(collectivite=None),
        emetteur=identite.emetteur, profil=identite.profil, actif=True,
    )  # fmt: skip
    return lignes.order_by("collectivite_id").values_list("code", flat=True).first() or ""


def find_identite(ligne: FournisseurIdentite, sub: str) -> IdentiteFederee | None:
    """Retrouve une identité par émetteur, secteur et `sub` : jamais autrement."""
    return (
        IdentiteFederee.objects.select_related("compte")
        .filter(emetteur=ligne.emetteur, secteur=ligne.secteur, sub=sub)
        .first()
    )


def list_identites(compte: Compte) -> QuerySet[IdentiteFederee]:
    return IdentiteFederee.objects.filter(compte=compte).order_by("cree_le", "pk")


def list_collectivites_de(compte: Compte) -> list[Collectivite]:
    """Rend les collectivités d’un agent. Seule lecture d’adhésions à travers les collectivités.

    Sous le rôle de l’opérateur, mais bornée aux lignes de ce compte.
    """
    if not compte.is_agent:
        return []
    with operateur():
        ids = list(
            Adhesion.objects.filter(compte=compte, collectivite__active=True)
            .values_list("collectivite_id", flat=True)
            .order_by("collectivite_id")
            .distinct()
        )
    return list(Collectivite.objects.filter(pk__in=ids).order_by("nom", "pk"))


def list_adhesions(collectivite: Collectivite) -> QuerySet[Adhesion]:
    """Rend les adhésions de la collectivité, agent par agent."""
    return (
        Adhesion.objects.filter(collectivite=collectivite)
        .select_related("compte", "service")
        .order_by("compte__nom", "compte__prenom", "compte_id", "role", "pk")
    )


def find_agent(collectivite: Collectivite, courriel: str) -> Compte | None:
    """Trouve l’agent de la collectivité dont c’est le courriel."""
    compte = find_compte(GenreCompte.AGENT, courriel)
    if compte is None or not list_adhesions(collectivite).filter(compte=compte).exists():
        return None
    return compte


def list_invitations(collectivite: Collectivite) -> QuerySet[Invitation]:
    """Rend les invitations sans réponse, la plus récente d’abord."""
    return (
        Invitation.objects.filter(collectivite=collectivite, acceptee_le=None, annulee_le=None)
        .select_related("service")
        .order_by("-envoyee_le", "pk")
    )


def list_rattachements(collectivite: Collectivite) -> QuerySet[DemandeRattachement]:
    """Rend les demandes de rattachement qui attendent un agent."""
    return (
        DemandeRattachement.objects.filter(collectivite=collectivite, etat=EtatDemande.EN_ATTENTE)
        .select_related("identite__compte")
        .order_by("demandee_le", "pk")
    )


def has_autre_moyen(compte: Compte, *, sauf: IdentiteFederee) -> bool:
    """Vrai si, sans cette identité, la personne peut encore se connecter."""
    if compte.courriel and compte.has_usable_password():
        return True
    return list_identites(compte).exclude(pk=sauf.pk).exists()


def find_ecriture(
    *,
    objet: str,
    actions: Iterable[str],
    lecteur: Compte,
    installation: bool = False,
    **donnees: Any,
) -> Ecriture | None:
    """Rend la dernière écriture d’un objet au journal de la collectivité ouverte, ou None.

    Args:
        actions: celles du journal qui changent cette chose.
        lecteur: l’agent à qui on le dit ; lui-même devient « vous, dans une autre page ».
        installation: lire le journal de l’installation, que seul l’opérateur ouvre.
        donnees: valeurs que l’entrée doit porter (`service=3`), si l’objet en tient plusieurs.
    """
    journal = INSTALLATION if installation else None
    entrees = list_entrees(objet=objet, collectivite_id=journal)
    entrees = entrees.filter(action__in=list(actions))
    if donnees:
        entrees = entrees.filter(donnees__contains=donnees)
    with operateur() if installation else nullcontext():
        entree = entrees.reverse().first()
    if entree is None:
        return None
    if entree.acteur == lecteur.acteur:
        return Ecriture(par="vous, dans une autre page", le=entree.survenu_le)
    genre, _, numero = entree.acteur.partition(":")
    auteur = Compte.objects.filter(pk=int(numero)).first() if genre == "agent" else None
    return Ecriture(par=auteur.nom_affiche if auteur else "", le=entree.survenu_le)
