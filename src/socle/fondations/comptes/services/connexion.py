"""Connexions attestées par un fournisseur : retrouver, créer, rafraîchir, relier, délier."""

import hmac
import json
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.oidc.fournisseur import Identite
from socle.fondations.comptes.enums import EtatDemande, GenreCompte
from socle.fondations.comptes.errors import (
    CompteDesactive,
    DernierMoyen,
    IdentiteDejaReliee,
    RattachementDemande,
    RattachementImpossibleIci,
)
from socle.fondations.comptes.models import (
    Compte,
    DemandeRattachement,
    FournisseurIdentite,
    HistoriquePivot,
    IdentiteFederee,
    Invitation,
)
from socle.fondations.comptes.ports import Traits
from socle.fondations.comptes.queries import find_identite, has_autre_moyen
from socle.fondations.comptes.services.agents import accept_invitation
from socle.fondations.comptes.services.organisation import check_acces, check_organisation
from socle.fondations.comptes.signals import identite_dissociee, identite_reliee
from socle.fondations.journal.services import record

SIX_TRAITS = (
    "given_name", "family_name", "birthdate", "gender", "birthplace", "birthcountry",
)  # fmt: skip
COMPTER = """
INSERT INTO comptes_compteurconnexion AS c
  (collectivite_id, mois, profil, connexions, nouveaux, cree_le, modifie_le)
VALUES (%s, %s, %s, 1, %s, %s, %s)
ON CONFLICT (collectivite_id, mois, profil) DO UPDATE SET
  connexions = c.connexions + 1, nouveaux = c.nouveaux + EXCLUDED.nouveaux,
  modifie_le = EXCLUDED.modifie_le
"""


def open_identite(
    *,
    ligne: FournisseurIdentite,
    identite: Identite,
    traits: Traits,
    collectivite: Collectivite | None,
    maintenant: datetime,
    invitation: Invitation | None = None,
) -> Compte:
    """Rend le compte de cette identité ; le crée à la première visite d’un usager.

    L’appelant est dans la transaction de la collectivité d’où vient la personne, et attrape les
    refus **dans** cette transaction : une demande de rattachement doit lui survivre.

    Raises:
        ConnexionRefusee: compte désactivé, agent sans accès, autre organisation, rattachement…
    """
    agent = ligne.genre == GenreCompte.AGENT
    if agent:
        check_organisation(ligne, traits, collectivite)
    elif _needs_rattachement(ligne, identite, traits):
        if collectivite is None:
            raise RattachementImpossibleIci
        _request_rattachement(ligne, identite, traits, collectivite, maintenant)
        raise RattachementDemande
    with transaction.atomic():
        connue = find_identite(ligne, identite.sub)
        premiere = connue is None
        if connue is None:
            connue = _create_identite(ligne, identite, traits, maintenant, invitation)
        compte = connue.compte
        if not compte.is_active:
            raise CompteDesactive
        if invitation is not None and invitation.acceptee_le is None:
            accept_invitation(invitation=invitation, compte=compte, maintenant=maintenant)
        if agent:
            check_acces(ligne, compte, traits, collectivite)
        refresh_identite(connue, identite, traits, maintenant)
        _count(collectivite, ligne, maintenant, premiere=premiere)
    return compte


@transaction.atomic
def associate_identite(
    *,
    compte: Compte,
    ligne: FournisseurIdentite,
    identite: Identite,
    traits: Traits,
    collectivite: Collectivite | None,
    maintenant: datetime,
) -> IdentiteFederee:
    """Relie une identité au compte ouvert, que la personne contrôle déjà.

    Raises:
        IdentiteDejaReliee: elle ouvre un autre compte.
        ConnexionRefusee: l’organisation ou le second facteur d’un agent ne conviennent pas.
    """
    if compte.is_agent:
        check_organisation(ligne, traits, collectivite)
    connue = find_identite(ligne, identite.sub)
    if connue is not None and connue.compte_id != compte.pk:
        raise IdentiteDejaReliee
    if connue is None:
        connue = _link(compte, ligne, identite, maintenant)
        _count(collectivite, ligne, maintenant, premiere=True)
        _record("compte.identite_reliee", compte, ligne.profil, collectivite, maintenant)
    refresh_identite(connue, identite, traits, maintenant)
    return connue


@transaction.atomic
def dissociate_identite(
    *,
    compte: Compte,
    identite: IdentiteFederee,
    collectivite: Collectivite | None,
    maintenant: datetime,
) -> None:
    """Délie une identité, s’il reste un moyen de se connecter.

    Raises:
        DernierMoyen: sans elle, la personne perdrait son compte.
    """
    Compte.objects.select_for_update(of=["self"]).get(pk=compte.pk)
    if not has_autre_moyen(compte, sauf=identite):
        raise DernierMoyen
    profil = identite.profil
    identite.delete()
    identite_dissociee.send(Compte, compte=compte, profil=profil)
    _record("compte.identite_deliee", compte, profil, collectivite, maintenant)


def refresh_identite(
    connue: IdentiteFederee, identite: Identite, traits: Traits, maintenant: datetime
) -> None:
    """Met à jour niveau, date et identité pivot ; l’ancienne identité est gardée si elle change."""
    pivot = json.dumps(traits.pivot, sort_keys=True, ensure_ascii=False) if traits.pivot else None
    if pivot is not None and pivot != connue.pivot:
        if connue.pivot:
            HistoriquePivot.objects.create(identite=connue, pivot=connue.pivot, jusqu_au=maintenant)
        connue.pivot, connue.empreinte_pivot = pivot, compute_empreinte(traits.pivot)
    connue.acr, connue.amr = identite.acr[:80], list(identite.amr)[:20]
    connue.verifie_le = connue.derniere_connexion = maintenant
    connue.save()
    _refresh_compte(connue.compte, traits)


def compute_empreinte(pivot: dict[str, str]) -> str:
    """Empreinte à clé des six traits : retrouve une identité sans la garder en clair."""
    traits = json.dumps([pivot.get(nom, "") for nom in SIX_TRAITS], ensure_ascii=False)
    cle = f"comptes.pivot:{settings.SECRET_KEY}".encode()
    return hmac.digest(cle, traits.encode(), "sha256").hex()


def _refresh_compte(compte: Compte, traits: Traits) -> None:
    """L’état civil attesté l’emporte ; sans lui, on ne remplit que ce qui est vide."""
    avant = (compte.prenom, compte.nom, compte.courriel_contact)
    if traits.pivot or not compte.nom:
        compte.prenom = traits.prenom[:150] or compte.prenom
        compte.nom = traits.nom[:150] or compte.nom
    compte.courriel_contact = traits.courriel.lower() or compte.courriel_contact
    if avant != (compte.prenom, compte.nom, compte.courriel_contact):
        compte.save(update_fields=["prenom", "nom", "courriel_contact", "modifie_le"])


def _create_identite(
    ligne: FournisseurIdentite,
    identite: Identite,
    traits: Traits,
    maintenant: datetime,
    invitation: Invitation | None,
) -> IdentiteFederee:
    """Crée compte et identité. Deux premières visites au même instant ne font qu’un compte."""
    try:
        with transaction.atomic():
            compte = Compte.objects.create_compte(
                genre=GenreCompte(ligne.genre),
                prenom=traits.prenom[:150],
                nom=traits.nom[:150],
                courriel_contact=traits.courriel.lower(),
            )
            return _link(compte, ligne, identite, maintenant)
    except IntegrityError:
        connue = find_identite(ligne, identite.sub)
        if connue is None:
            raise
        return connue


def _link(
    compte: Compte, ligne: FournisseurIdentite, identite: Identite, maintenant: datetime
) -> IdentiteFederee:
    lien = IdentiteFederee.objects.create(
        compte=compte,
        profil=ligne.profil,
        nom_fournisseur=ligne.nom,
        emetteur=ligne.emetteur,
        secteur=ligne.secteur,
        sub=identite.sub,
        verifie_le=maintenant,
    )
    identite_reliee.send(Compte, compte=compte, profil=ligne.profil)
    return lien


def _needs_rattachement(ligne: FournisseurIdentite, identite: Identite, traits: Traits) -> bool:
    """Vrai si un `sub` inconnu porte les six traits d’une identité connue, non encore écartée."""
    if not traits.pivot or find_identite(ligne, identite.sub) is not None:
        return False
    return (
        _find_semblables(ligne, traits)
        .exclude(
            demandes_rattachement__sub=identite.sub,
            demandes_rattachement__etat=EtatDemande.REFUSEE,
        )
        .exists()
    )


def _find_semblables(ligne: FournisseurIdentite, traits: Traits) -> QuerySet[IdentiteFederee]:
    return IdentiteFederee.objects.filter(
        emetteur=ligne.emetteur,
        secteur=ligne.secteur,
        empreinte_pivot=compute_empreinte(traits.pivot),
    )


def _request_rattachement(
    ligne: FournisseurIdentite,
    identite: Identite,
    traits: Traits,
    collectivite: Collectivite,
    maintenant: datetime,
) -> None:
    semblable = _find_semblables(ligne, traits).order_by("-derniere_connexion", "pk").first()
    demande, neuve = DemandeRattachement.objects.get_or_create(
        collectivite=collectivite,
        identite=semblable,
        sub=identite.sub,
        defaults={"demandee_le": maintenant},
    )
    if neuve:
        record(
            action="compte.rattachement_demande",
            objet=f"compte:{demande.identite.compte_id}",
            acteur="systeme",
            collectivite_id=collectivite.pk,
            maintenant=maintenant,
        )


def _count(
    collectivite: Collectivite | None,
    ligne: FournisseurIdentite,
    maintenant: datetime,
    *,
    premiere: bool,
) -> None:
    if collectivite is None:
        return
    mois = localdate(maintenant).replace(day=1)
    with connection.cursor() as curseur:
        curseur.execute(
            COMPTER,
            [collectivite.pk, mois, ligne.profil, int(premiere), maintenant, maintenant],
        )


def _record(
    action: str,
    compte: Compte,
    profil: str,
    collectivite: Collectivite | None,
    maintenant: datetime,
) -> None:
    record(
        action=action,
        objet=f"compte:{compte.pk}",
        acteur=compte.acteur,
        collectivite_id=collectivite.pk if collectivite else None,
        maintenant=maintenant,
        donnees={"profil": profil},
    )
