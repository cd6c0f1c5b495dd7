"""`gerer fournisseur` : ajouter, tester, lister, désactiver un fournisseur d’identité."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.errors import ErreurConnecteur
from socle.fondations.commun.locataire import locataire
from socle.fondations.commun.management.gestes import require_geste
from socle.fondations.commun.oidc.errors import RefusOidc
from socle.fondations.comptes.enums import AuthentificationClient, FormeInformations, GenreCompte
from socle.fondations.comptes.models import FournisseurIdentite
from socle.fondations.comptes.ports import profils
from socle.fondations.comptes.queries import find_fournisseur
from socle.fondations.comptes.services.essai import check_fournisseur
from socle.fondations.comptes.services.fournisseurs import (
    build_fournisseur,
    build_retour,
    create_fournisseur,
    disable_fournisseur,
)

TEXTES = (
    "nom", "emetteur", "autorisation", "jeton", "userinfo", "jwks", "fin_session", "hote_retour",
    "secteur", "algorithme", "scopes", "scopes_donnees", "acr_demandes", "acr_acceptes",
    "chiffrement",
)  # fmt: skip
EXIGEES = ("emetteur", "autorisation", "jeton", "jwks")  # sans elles, aucune connexion
AU_BAC_A_SABLE = "\nLes fournisseurs simulés ne répondent que pendant ./socle demo."


class Command(BaseCommand):
    """Le secret vient d’un fichier ou d’une variable : jamais de la ligne de commande."""

    help = "Règle les fournisseurs d’identité (FranceConnect, ProConnect, OpenID Connect)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        self.gestes = gestes = parser.add_subparsers(dest="geste", metavar="GESTE")
        ajouter = gestes.add_parser("ajouter", help="enregistre un fournisseur")
        ajouter.add_argument("--profil", required=True, help=", ".join(profils))
        ajouter.add_argument(
            "--base-url", default="", help="adresse de base, ou émetteur ; sinon chaque adresse"
        )
        ajouter.add_argument("--client-id", required=True)
        secret = ajouter.add_mutually_exclusive_group()
        secret.add_argument("--secret-fichier", type=Path)
        secret.add_argument("--secret-env", help="nom de la variable d’environnement")
        _add_reglages(ajouter)
        for nom, aide in (
            ("tester", "vérifie adresses, clés et demande d’autorisation"),
            ("desactiver", "retire ce moyen de connexion"),
        ):
            _add_cible(gestes.add_parser(nom, help=aide))
        lister = gestes.add_parser("lister", help="montre les fournisseurs, sans secret")
        lister.add_argument("--collectivite", default="")
        _add_cible(ajouter)

    def handle(self, **options: Any) -> None:
        geste = require_geste(options["geste"], self.gestes)
        collectivite = _find_collectivite(options["collectivite"])
        try:
            getattr(self, geste)(collectivite, options)
        except RefusOidc as refus:  # son texte commence par un code, fait pour le journal
            raise CommandError(f"Refusé : {refus.detail}.") from refus
        except ErreurConnecteur as refus:
            raise CommandError(f"Refusé : {refus}") from refus

    def ajouter(self, collectivite: Collectivite | None, options: dict[str, Any]) -> None:
        if options["profil"] not in profils:
            raise CommandError(f"Profil inconnu. Profils : {', '.join(profils)}.")
        manquent = [f"--{nom}" for nom in EXIGEES if not (options["base_url"] or options[nom])]
        if manquent:
            raise CommandError(f"Donnez --base-url, ou chaque adresse : {', '.join(manquent)}.")
        profil = profils[options["profil"]]
        reglages = {nom: options[nom] for nom in (*TEXTES, "pkce", "iss_exige", "mfa_exigee")}
        for nom in ("genre", "authentification", "informations"):
            reglages[nom] = options[nom]
        try:
            ligne = create_fournisseur(
                profil=profil,
                code=options["code"] or profil.code.replace("_", "-"),
                base_url=options["base_url"],
                client_id=options["client_id"],
                collectivite=collectivite,
                secret=_read_secret(options),
                **reglages,
            )
        except IntegrityError as cause:
            raise CommandError("Ce code existe déjà ici, ou le secret manque.") from cause
        except ValueError as cause:
            raise CommandError(str(cause)) from cause
        self.stdout.write(f"Fournisseur « {ligne.code} » enregistré. À inscrire chez lui :")
        self._show_adresses(ligne, collectivite)

    def tester(self, collectivite: Collectivite | None, options: dict[str, Any]) -> None:
        ligne = _find(collectivite, options["code"])
        fautes = 0
        for essai in check_fournisseur(build_fournisseur(ligne, collectivite)):
            self.stdout.write(f"{'bon' if essai.bon else 'FAUX':5} {essai.nom} : {essai.detail}")
            fautes += not essai.bon
        if fautes:
            suite = AU_BAC_A_SABLE if settings.BAC_A_SABLE else ""
            raise CommandError(f"{_count_essais(fautes)} en échec.{suite}")

    def lister(self, collectivite: Collectivite | None, options: dict[str, Any]) -> None:
        with locataire(collectivite.pk if collectivite else None):
            lignes = list(
                FournisseurIdentite.objects.defer("secret", "cle_client", "cles_chiffrement")
                .select_related("collectivite")
                .order_by("collectivite_id", "ordre", "code")
            )
        for ligne in lignes:
            portee = ligne.collectivite.slug if ligne.collectivite else "installation"
            etat = "actif" if ligne.actif else "désactivé"
            self.stdout.write(
                f"{ligne.code:20} {ligne.profil:20} {portee:20} {etat:10} {ligne.emetteur}"
            )
        if not lignes:
            self.stdout.write("Aucun fournisseur.")

    def desactiver(self, collectivite: Collectivite | None, options: dict[str, Any]) -> None:
        ligne = _find(collectivite, options["code"])
        if ligne.collectivite_id != (collectivite.pk if collectivite else None):
            raise CommandError("Ce fournisseur est celui de l’installation : ôtez --collectivite.")
        disable_fournisseur(ligne)
        self.stdout.write(f"Fournisseur « {ligne.code} » désactivé.")

    def _show_adresses(self, ligne: FournisseurIdentite, collectivite: Collectivite | None) -> None:
        retour = build_fournisseur(ligne, collectivite).redirection
        sortie = build_retour(ligne, collectivite, "comptes:deconnexion_retour")
        self.stdout.write(f"  adresse de retour : {retour}")
        self.stdout.write(f"  adresse de retour après déconnexion : {sortie}")
        if ligne.chiffrement or ligne.cle_client:
            cles = build_retour(ligne, collectivite, "comptes:jwks", ligne.code)
            self.stdout.write(f"  adresse de nos clés (JWKS) : {cles}")


def _count_essais(nombre: int) -> str:
    return "Un essai est" if nombre == 1 else f"{nombre} essais sont"


def _add_cible(parser: ArgumentParser) -> None:
    parser.add_argument("--code", default="", help="dans l’adresse /connexion/<code>/")
    parser.add_argument("--collectivite", default="", help="adresse courte ; sinon l’installation")


def _add_reglages(parser: ArgumentParser) -> None:
    """Tout ce que le profil règle d’avance peut être changé ici."""
    for nom in TEXTES:
        parser.add_argument(f"--{nom.replace('_', '-')}", dest=nom)
    parser.add_argument("--genre", choices=GenreCompte.values)
    parser.add_argument("--authentification", choices=AuthentificationClient.values)
    parser.add_argument("--informations", choices=FormeInformations.values)
    for nom, option in (("pkce", "pkce"), ("iss_exige", "iss"), ("mfa_exigee", "mfa")):
        parser.add_argument(f"--{option}", dest=nom, action="store_true", default=None)
        parser.add_argument(f"--sans-{option}", dest=nom, action="store_false")


def _read_secret(options: dict[str, Any]) -> str:
    if options["secret_fichier"]:
        return _read_fichier(options["secret_fichier"])
    if options["secret_env"]:
        secret = os.environ.get(options["secret_env"], "")
        if not secret:
            raise CommandError(f"La variable {options['secret_env']} est vide.")
        return secret
    return ""


def _read_fichier(fichier: Path) -> str:
    try:
        return fichier.read_text().strip()
    except (OSError, UnicodeDecodeError) as cause:
        raise CommandError(
            f"Le fichier du secret est illisible : {fichier}.\nVérifiez son chemin et ses droits."
        ) from cause


def _find_collectivite(slug: str) -> Collectivite | None:
    if not slug:
        return None
    collectivite = Collectivite.objects.filter(slug=slug).first()
    if collectivite is None:
        raise CommandError(f"Aucune collectivité à l’adresse courte « {slug} ».")
    return collectivite


def _find(collectivite: Collectivite | None, code: str) -> FournisseurIdentite:
    with locataire(collectivite.pk if collectivite else None):
        ligne = find_fournisseur(collectivite, code)
    if ligne is None:
        raise CommandError(f"Aucun fournisseur actif « {code} ».")
    return ligne
