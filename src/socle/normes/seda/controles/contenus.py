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


@dataclass(slots=True)
class Constats:
    """Défauts relevés en une seule lecture des fichiers."""

    conteneur: list[Anomalie] = field(default_factory=list)
    empreintes: list[Anomalie] = field(default_factory=list)
    tailles: list[Anomalie] = field(default_factory=list)
    formats: list[Anomalie] = field(default_factory=list)


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
            _check_objet(constats, conteneur, objet, nom, copie)
            if identifieur and copie and copie.exists() and copie.stat().st_size:
                format_ = identifieur.identify(copie)
                constats.formats.extend(_formats(objet, format_, attentes))
    return constats


def _check_objet(
    constats: Constats, conteneur: Conteneur, objet: ObjetLu, nom: str, copie: Path | None
) -> None:
    algorithme = ALGORITHMES.get(objet.algorithme)
    try:
        empreinte, taille = _lit(conteneur, nom, algorithme or "sha512", copie)
    except ERREURS_DE_LECTURE:
        constats.conteneur.append(Anomalie(lieu=nom, message=FICHIER_ABIME))
        return
    constats.empreintes.extend(_empreinte(objet, algorithme, empreinte))
    constats.tailles.extend(_taille(objet, taille))


def _lit(conteneur: Conteneur, nom: str, algorithme: str, copie: Path | None) -> tuple[str, int]:
    empreinte, taille = hashlib.new(algorithme, usedforsecurity=False), 0
    destination = copie.open("wb") if copie else None
    try:
        with conteneur.zip.open(conteneur.fichiers[nom]) as source:
            while morceau := source.read(_MORCEAU):
                empreinte.update(morceau)
                taille += len(morceau)
                if destination:
                    destination.write(morceau)
    finally:
        if destination:
            destination.close()
    return empreinte.hexdigest(), taille


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
