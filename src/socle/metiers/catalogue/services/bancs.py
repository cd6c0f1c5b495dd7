"""Bancs du catalogue : publiccode, SEDA, FranceConnect, API. Les autres viennent des liaisons."""

import json
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from socle.metiers.catalogue.ports import Banc, Constat, Rapport
from socle.metiers.catalogue.services.banc_api import BANC_API
from socle.normes.publiccode.errors import PubliccodeIllisible
from socle.normes.publiccode.lecture import read_publiccode
from socle.normes.publiccode.validation import Gravite, check_publiccode

MO = 1_000_000
CONSTATS_MAX = 60
# Bornes plus serrées que celles d’un versement : le paquet vient d’un inconnu.
BORNES_SEDA = {
    "octets_archive": 20 * MO, "octets_deployes": 100 * MO, "octets_manifeste": 10 * MO,
    "octets_suspects": 50 * MO, "entrees": 2_000,
}  # fmt: skip


def refuse(phrase: str) -> Rapport:
    """Rapport d’un fichier que l’on ne peut pas lire."""
    return Rapport((Constat("Le fichier se lit.", False, phrase),))


def run_publiccode(octets: bytes) -> Rapport:
    """Contrôle un publiccode.yml."""
    try:
        donnees = read_publiccode(octets)
    except PubliccodeIllisible as cause:
        return refuse(str(cause))
    constats = [Constat("Le fichier se lit.", True)]
    for anomalie in check_publiccode(donnees)[:CONSTATS_MAX]:
        respectee = None if anomalie.gravite == Gravite.CONSEIL else False
        constats.append(Constat(anomalie.lieu or "La fiche entière", respectee, anomalie.message))
    if len(constats) == 1:
        constats.append(Constat("Toutes les clés obligatoires sont là, et justes.", True))
    return Rapport(tuple(constats))


def run_seda(octets: bytes) -> Rapport:
    """Contrôle un paquet SEDA, comme à la remise aux archives ; notre grammaire tient le schéma."""
    from socle.normes.seda.controles import Limites, Statut, check_sip  # noqa: PLC0415  charge lxml
    from socle.normes.seda.emplacement import Schematheque  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as dossier:
        paquet = Path(dossier) / "paquet.zip"
        paquet.write_bytes(octets)
        rapport = check_sip(paquet, schemas=Schematheque(), limites=Limites(**BORNES_SEDA))
    sens = {Statut.OK: True, Statut.WARNING: None, Statut.KO: False}
    return Rapport(
        tuple(
            Constat(controle.nom, sens[controle.statut], controle.message)
            for controle in rapport.controles[:CONSTATS_MAX]
        )
    )


# FranceConnect ------------------------------------------------------------------------------------
PARAMETRES = {"client_id", "redirect_uri", "response_type", "scope", "state", "nonce",
              "acr_values", "prompt", "claims", "idp_hint", "ui_locales"}  # fmt: skip
NONCE_MIN, STATE_MIN = 22, 22
REFUS, ATTENTE, ENTREE = "refuse", "attend", "connecte"
# Fautes que joue le simulateur de FranceConnect, et ce qu’un produit sûr doit faire.
FAUTES = {
    "iss_etranger": (REFUS, "Un retour d’un autre émetteur est refusé."),
    "iss_absent": (REFUS, "Un retour sans émetteur est refusé."),
    "state_altere": (REFUS, "Un état (state) modifié est refusé."),
    "id_absent": (REFUS, "L’absence du jeton d’identité est refusée."),
    "id_nonce": (REFUS, "Un mauvais nonce est refusé."),
    "id_signature": (REFUS, "Une signature fausse est refusée."),
    "id_alg_none": (REFUS, "Un jeton sans signature est refusé."),
    "id_expire": (REFUS, "Un jeton expiré est refusé."),
    "id_acr_bas": (REFUS, "Un niveau de garantie trop bas est refusé."),
    "id_iss": (REFUS, "Un émetteur étranger est refusé."),
    "id_aud": (REFUS, "Un jeton destiné à un autre service est refusé."),
    "userinfo_non_signe": (REFUS, "Des informations non signées sont refusées."),
    "userinfo_signature": (REFUS, "Des informations mal signées sont refusées."),
    "userinfo_sub": (REFUS, "Les informations d’une autre personne sont refusées."),
    "token_500": (ATTENTE, "Une panne à l’échange du code est dite, et se reprend."),
    "userinfo_500": (ATTENTE, "Une panne des informations est dite, et se reprend."),
    "rotation": (ENTREE, "Un changement de clé de signature n’arrête personne."),
}


def run_franceconnect(octets: bytes) -> Rapport:
    """Contrôle le relevé d’un raccordement : l’adresse envoyée, et la tenue face aux fautes.

    Le fichier est un JSON : `autorisation` (adresse complète envoyée au simulateur) et
    `defaillances` (code de la faute → « refuse », « attend » ou « connecte »).

    Source: règles de l’adresse d’autorisation de FranceConnect, version 2.
    """
    try:
        releve = json.loads(octets.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        return refuse("Ce n’est pas du JSON en UTF-8.")
    if not isinstance(releve, dict) or not isinstance(releve.get("autorisation"), str):
        return refuse("La clé « autorisation » manque : l’adresse complète envoyée au simulateur.")
    fautes = releve.get("defaillances")
    return Rapport(
        (
            *_check_autorisation(releve["autorisation"][:8000]),
            *_check_fautes(fautes if isinstance(fautes, dict) else {}),
        )
    )


def _check_autorisation(adresse: str) -> list[Constat]:
    try:
        paires = parse_qsl(urlsplit(adresse).query, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return [Constat("L’adresse d’autorisation se lit.", False, "Elle est mal formée.")]
    recus = dict(paires)
    inconnus = sorted(set(recus) - PARAMETRES)
    doubles = len(paires) != len(recus)
    retour = urlsplit(recus.get("redirect_uri", ""))
    return [
        Constat("Aucun paramètre hors de la liste de FranceConnect.", not inconnus,
                f"De trop : {', '.join(inconnus)[:200]}." if inconnus else ""),
        Constat("Aucun paramètre en double.", not doubles),
        Constat("Le client et l’adresse de retour sont donnés.",
                bool(recus.get("client_id") and recus.get("redirect_uri"))),
        Constat("L’adresse de retour est en https.", retour.scheme == "https"),
        Constat("response_type vaut « code ».", recus.get("response_type") == "code"),
        Constat("Le périmètre demande « openid ».", "openid" in recus.get("scope", "").split()),
        Constat(f"Le nonce compte {NONCE_MIN} signes au moins.",
                len(recus.get("nonce", "")) >= NONCE_MIN),
        Constat(f"L’état (state) compte {STATE_MIN} signes au moins.",
                len(recus.get("state", "")) >= STATE_MIN),
        Constat("Le niveau demandé est « eidas1 ».", recus.get("acr_values") == "eidas1"),
        Constat("prompt, s’il est là, vaut « login » ou « consent ».",
                recus.get("prompt", "login") in {"login", "consent"}),
    ]  # fmt: skip


def _check_fautes(fautes: dict[str, Any]) -> list[Constat]:
    constats = []
    for code, (attendu, phrase) in FAUTES.items():
        obtenu = fautes.get(code)
        detail = "" if obtenu == attendu else f"Relevé : {str(obtenu or 'non joué')[:40]}."
        constats.append(Constat(phrase, obtenu == attendu, detail, declaree=True))
    return constats


BANCS = {
    "publiccode": Banc(
        titre="Fiche publiccode.yml",
        version="2026-11",
        mesure="La fiche du logiciel suit la norme publiccode.yml 0.4 ou 0.5 : clés obligatoires,"
        " valeurs permises, licence, dates et adresses.",
        attend="le fichier publiccode.yml du dépôt.",
        formats=".yml,.yaml",
        taille_max=256 * 1024,
        run=lambda piece: run_publiccode(piece.octets),
    ),
    "seda": Banc(
        titre="Versement SEDA",
        version="2026-11",
        mesure="Le paquet qu’écrit le logiciel serait accepté par un système d’archivage :"
        " bordereau, unités, règles, empreintes et tailles, avec les codes d’événements de Vitam."
        " Le schéma officiel n’est pas joué ici.",
        attend="un paquet SEDA 2.1, 2.2 ou 2.3 (ZIP), fait de données d’essai.",
        formats=".zip",
        taille_max=20 * MO,
        run=lambda piece: run_seda(piece.octets),
    ),
    "franceconnect": Banc(
        titre="Raccordement à FranceConnect",
        version="2026-11",
        mesure="L’adresse envoyée suit les règles strictes de FranceConnect, version 2, et le"
        " produit tient face aux fautes que joue le simulateur de cette installation. L’adresse"
        " est mesurée par nous. La tenue est relevée par l’éditeur : le statut public dit donc"
        " « déclaré ».",
        attend="un relevé JSON : « autorisation » et « defaillances ».",
        formats=".json",
        taille_max=64 * 1024,
        run=lambda piece: run_franceconnect(piece.octets),
    ),
    "api": BANC_API,
}
