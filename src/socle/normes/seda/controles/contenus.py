"""Contrôles des fichiers du paquet : empreintes, tailles, formats."""

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from socle.normes.seda.controles.conteneur import (
    ERREURS_DE_LECTURE,
    FICHIER_ABIME,
    Conteneur,
)
from socle.normes.seda.controles.limites import Attentes
from socle.normes.seda.controles.objets import ALGORITHMES
from socle.normes.seda.controles.rapport import Anomalie, Statut
from socle.normes.seda.controles.releve import ObjetLu, Releve
from socle.normes.seda.formats import Identifieur
from socle.normes.seda.modele import Format

_MORCEAU = 1 << 20
# Fichier d’essai EICAR, par l’empreinte de ses 68 octets : l’écrire ici alerterait les antivirus.
_EICAR_OCTETS = 68
_EICAR = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"


@dataclass(slots=True)
class Constats:
    """Défauts relevés en une seule lecture des fichiers."""

    conteneur: list[Anomalie] = field(default_factory=list)
    empreintes: list[Anomalie] = field(default_factory=list)
    tailles: list[Anomalie] = field(default_factory=list)
    formats: list[Anomalie] = field(default_factory=list)
    virus: list[Anomalie] = field(default_factory=list)


def check_contenus(
    conteneur: Conteneur,
    releve: Releve,
    attentes: Attentes,
    identifieur: Identifieur | None,
) -> Constats:
    """CHECK_DIGEST, CHECK_OBJECT_SIZE, OG_OBJECTS_FORMAT_CHECK : lit chaque fichier une fois.

    Returns:
        Les défauts par contrôle ; les fichiers absents sont l’affaire de `objets.check_nombre`.
    """
    constats = Constats()
    presents = {nom.lower(): nom for nom in conteneur.contenus}
    with tempfile.TemporaryDirectory(prefix="controle-") as travail:
        for objet in releve.objets:
            nom = presents.get((objet.uri or "").lower())
            if nom is None or objet.physique:
                continue
            extension = Path(nom).suffix if identifieur else ""
            copie = Path(travail) / f"objet{extension}" if identifieur else None
            if not _check_objet(constats, conteneur, objet, nom, copie):
                continue
            if identifieur and copie and copie.exists() and copie.stat().st_size:
                format_ = identifieur.identify(copie)
                constats.formats.extend(_formats(objet, format_, attentes))
            puid = format_.puid if identifieur and copie and format_ else objet.puid
            constats.formats.extend(_admis(objet, puid, releve, attentes))
    return constats


def is_format_controle(releve: Releve, attentes: Attentes) -> bool:
    """Dit si les référentiels donnés permettent de juger les formats, même seulement déclarés."""
    contrat = attentes.find_contrat(releve.contrat)
    return attentes.formats is not None or (contrat is not None and contrat.formats is not None)


def _check_objet(
    constats: Constats, conteneur: Conteneur, objet: ObjetLu, nom: str, copie: Path | None
) -> bool:
    """Lit l’objet et le compare au bordereau ; dit s’il se lit."""
    algorithme = ALGORITHMES.get(objet.algorithme)
    try:
        empreinte, taille, debut = _lit(conteneur, nom, algorithme or "sha512", copie)
    except ERREURS_DE_LECTURE:
        constats.conteneur.append(Anomalie(lieu=nom, message=FICHIER_ABIME))
        return False
    if len(debut) == _EICAR_OCTETS and hashlib.sha256(debut).hexdigest() == _EICAR:
        constats.virus.append(
            Anomalie(
                lieu=nom,
                message="Ce fichier est le fichier d’essai des antivirus (EICAR). Retirez-le.",
            )
        )
    constats.empreintes.extend(_empreinte(objet, algorithme, empreinte))
    constats.tailles.extend(_taille(objet, taille))
    return True


def _lit(
    conteneur: Conteneur, nom: str, algorithme: str, copie: Path | None
) -> tuple[str, int, bytes]:
    """Empreinte, taille et premiers octets d’un fichier, copié au passage si on le demande."""
    empreinte, taille, debut = hashlib.new(algorithme, usedforsecurity=False), 0, b""
    destination = copie.open("wb") if copie else None
    try:
        with conteneur.zip.open(conteneur.fichiers[nom]) as source:
            while morceau := source.read(_MORCEAU):
                debut = debut or morceau[:_EICAR_OCTETS]
                empreinte.update(morceau)
                taille += len(morceau)
                if destination:
                    destination.write(morceau)
    finally:
        if destination:
            destination.close()
    return empreinte.hexdigest(), taille, debut


def _empreinte(objet: ObjetLu, algorithme: str | None, calculee: str) -> Iterator[Anomalie]:
    if not objet.empreinte:
        yield Anomalie(
            detail="EMPTY",
            lieu=objet.lieu,
            message="L’empreinte de cet objet manque. Calculez-la (SHA-512) et inscrivez-la.",
        )
    elif algorithme and objet.empreinte.lower() != calculee:
        yield Anomalie(
            detail="INVALID",
            lieu=objet.lieu,
            message="Le fichier ne correspond pas à l’empreinte déclarée : il a changé après la "
            "rédaction du bordereau. Refaites le paquet depuis les pièces d’origine.",
        )
    elif algorithme and objet.empreinte != calculee:
        yield Anomalie(
            statut=Statut.WARNING,
            lieu=objet.lieu,
            message="L’empreinte est écrite en majuscules. Écrivez-la en minuscules.",
        )


def _taille(objet: ObjetLu, taille: int) -> Iterator[Anomalie]:
    if objet.taille and objet.taille != str(taille):
        yield Anomalie(
            statut=Statut.WARNING,
            lieu=objet.lieu,
            message=f"La taille déclarée ({objet.taille} octets) n’est pas celle du fichier "
            f"({taille} octets). Corrigez-la.",
        )
    elif taille == 0:
        yield Anomalie(
            statut=Statut.WARNING,
            lieu=objet.lieu,
            message="Ce fichier est vide. Vérifiez qu’il doit être versé.",
        )


def _formats(objet: ObjetLu, format_: Format | None, attentes: Attentes) -> Iterator[Anomalie]:
    if format_ is None:
        admis = attentes.formats_inconnus_admis
        yield Anomalie(
            detail="UNKNOWN",
            statut=Statut.WARNING if admis else Statut.KO,
            lieu=objet.lieu,
            message="Le format de ce fichier n’est pas reconnu : il pourrait devenir illisible. "
            "Convertissez-le en PDF/A, ou vérifiez que le contrat d’entrée l’admet.",
        )
    elif objet.puid and objet.puid != format_.puid:
        yield Anomalie(
            statut=Statut.WARNING,
            lieu=objet.lieu,
            message=f"Le format déclaré ({objet.puid}) n’est pas celui reconnu ({format_.puid}). "
            "Corrigez le bordereau.",
        )


def _admis(objet: ObjetLu, puid: str, releve: Releve, attentes: Attentes) -> Iterator[Anomalie]:
    """Le format est connu du référentiel, et le contrat l’accepte."""
    contrat = attentes.find_contrat(releve.contrat)
    if not puid:
        return
    if attentes.formats is not None and puid not in attentes.formats:
        yield Anomalie(
            detail="UNCHARTED",
            lieu=objet.lieu,
            message=f"Le format {puid} est absent du référentiel du service d’archives. "
            "Convertissez le fichier, ou faites inscrire ce format.",
        )
    elif contrat is not None and contrat.formats is not None and puid not in contrat.formats:
        yield Anomalie(
            detail="REJECTED_FORMAT",
            lieu=objet.lieu,
            message=f"Le contrat d’entrée n’admet pas le format {puid}. Convertissez le fichier "
            "en l’un de ceux qu’il admet.",
        )
