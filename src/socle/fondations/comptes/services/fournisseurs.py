"""Fournisseurs d’identité : d’une ligne de base au service OpenID Connect, et retour."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.adresses import (
    build_chemin,
    build_chemin_installation,
    build_origine,
    prefixe,
)
from socle.fondations.commun.locataire import locataire, operateur
from socle.fondations.commun.oidc.client import create_cle
from socle.fondations.commun.oidc.fournisseur import Fournisseur
from socle.fondations.comptes.models import FournisseurIdentite
from socle.fondations.comptes.ports import Profil

CLES_GARDEES = 3
ADRESSES = ("emetteur", "autorisation", "jeton", "jwks", "userinfo", "fin_session")
RESERVES = frozenset(
    {"mot-de-passe", "second-facteur", "passkey", "confirmer", "entree", "desactive", "retour"}
)


def build_fournisseur(ligne: FournisseurIdentite, collectivite: Collectivite | None) -> Fournisseur:
    """Fait d’une ligne la valeur que le service OpenID Connect emploie.

    Args:
        collectivite: celle où l’on est ; elle ne change l’adresse de retour que pour une ligne de
            collectivité.

    Raises:
        FournisseurMalRegle: la ligne ne permet pas une connexion sûre.
    """
    cles = _load(ligne.cles_chiffrement) if ligne.cles_chiffrement else []
    return Fournisseur(
        cle=ligne.cle,
        emetteur=ligne.emetteur,
        autorisation=ligne.autorisation,
        jeton=ligne.jeton,
        jwks=ligne.jwks,
        userinfo=ligne.userinfo,
        fin_session=ligne.fin_session,
        client_id=ligne.client_id,
        redirection=build_retour(ligne, collectivite, "comptes:retour", ligne.code),
        secret=str(ligne.secret or ""),
        authentification=ligne.authentification,  # type: ignore[arg-type]
        cle_client=_load(ligne.cle_client) if ligne.cle_client else None,
        algorithme=ligne.algorithme,
        scopes=tuple(ligne.scopes.split()),
        acr_demandes=tuple(ligne.acr_demandes.split()),
        acr_acceptes=tuple(ligne.acr_acceptes.split()),
        claims=ligne.claims,
        pkce=ligne.pkce,
        iss_exige=ligne.iss_exige,
        informations=ligne.informations,  # type: ignore[arg-type]
        chiffrement=ligne.chiffrement,
        cles_chiffrement=tuple(cles),
    )


def build_retour(
    ligne: FournisseurIdentite, collectivite: Collectivite | None, nom: str, *args: str
) -> str:
    """Rend l’adresse complète d’un retour, telle qu’elle est inscrite chez le fournisseur.

    Une ligne de l’installation n’a qu’une adresse, celle de l’installation : une seule inscription
    sert toutes les collectivités. Une ligne de collectivité a la sienne.
    """
    propre = collectivite if ligne.collectivite_id else None
    origine = ligne.hote_retour or build_origine(propre)
    if propre is None:
        return origine + build_chemin_installation(nom, *args)
    if propre.hote and origine == settings.ADRESSE:
        with prefixe(f"/c/{propre.slug}/"):
            return origine + build_chemin(nom, _sans_hote(propre), *args)
    return origine + build_chemin(nom, propre, *args)


def create_fournisseur(
    *,
    profil: Profil,
    code: str,
    base_url: str,
    client_id: str,
    collectivite: Collectivite | None = None,
    secret: str = "",
    **reglages: Any,
) -> FournisseurIdentite:
    """Enregistre un fournisseur, complété par les réglages d’avance de son profil.

    Les réglages donnés l’emportent sur ceux du profil. Les clés qui manquent sont créées. Parle au
    réseau si le profil lit la découverte : à appeler hors transaction.

    Args:
        base_url: adresse de base, ou émetteur ; vide, chaque adresse vient de `reglages`.

    Raises:
        FournisseurMalRegle: la combinaison n’est pas sûre ; rien n’est enregistré.
        django.db.IntegrityError: ce code existe déjà ici.
        ValueError: code réservé.
    """
    if code in RESERVES:
        raise ValueError(f"le code « {code} » est réservé")
    valeurs = profil.build_reglages(base_url)
    if not base_url:
        valeurs |= dict.fromkeys(ADRESSES, "")
    valeurs |= {cle: valeur for cle, valeur in reglages.items() if valeur is not None}
    ligne = FournisseurIdentite(
        collectivite=collectivite,
        profil=profil.code,
        code=code,
        client_id=client_id,
        secret=secret or None,
        **{"secteur": f"c{collectivite.pk}" if collectivite else ""} | valeurs,
    )
    _complete_cles(ligne)
    build_fournisseur(ligne, collectivite)  # refuse avant d’écrire
    with ecriture(collectivite):
        ligne.save(force_insert=True)
    return ligne


def disable_fournisseur(ligne: FournisseurIdentite) -> None:
    """Retire un moyen de connexion ; les identités reliées restent."""
    ligne.actif = False
    with ecriture(ligne.collectivite):
        ligne.save(update_fields=["actif", "modifie_le"])


def rotate_cles_chiffrement(ligne: FournisseurIdentite) -> None:
    """Met une clé de chiffrement neuve en tête ; les anciennes lisent encore."""
    cles = _load(ligne.cles_chiffrement) if ligne.cles_chiffrement else []
    cles = [create_cle("enc", ligne.chiffrement), *cles][:CLES_GARDEES]
    ligne.cles_chiffrement = json.dumps(cles)
    with ecriture(ligne.collectivite):
        ligne.save(update_fields=["cles_chiffrement", "modifie_le"])


@contextmanager
def ecriture(collectivite: Collectivite | None) -> Iterator[None]:
    """Ouvre le droit d’écrire : sa collectivité, ou l’installation par le rôle de l’opérateur."""
    if collectivite is None:
        with operateur():
            yield
    else:
        with transaction.atomic(), locataire(collectivite.pk):
            yield


def _complete_cles(ligne: FournisseurIdentite) -> None:
    if ligne.chiffrement and not ligne.cles_chiffrement:
        ligne.cles_chiffrement = json.dumps([create_cle("enc", ligne.chiffrement)])
    if ligne.authentification == "private_key_jwt" and not ligne.cle_client:
        ligne.cle_client = json.dumps(create_cle("sig", "ES256"))


def _sans_hote(collectivite: Collectivite) -> Collectivite:
    return Collectivite(slug=collectivite.slug, hote=None)


def _load(valeur: Any) -> Any:
    """Lit un JSON chiffré au repos (en Python, une chaîne)."""
    return json.loads(str(valeur))
