"""Contrôler un fichier reçu, sans en rien garder.

Le fichier vit dans un dossier à lui, lisible du seul serveur, effacé dès la réponse, erreur
comprise. Ce qu’un serveur tué net aurait laissé part au contrôle suivant.
"""

import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Protocol

from socle.fondations.commun.textes import format_taille
from socle.metiers.verification.enums import Geste
from socle.metiers.verification.errors import (
    FichierTropLourd,
    FichierVide,
    SansCorrection,
    SchemaFaux,
    SchemaTropLourd,
)
from socle.metiers.verification.ports import LIMITES, Limites
from socle.metiers.verification.services.apercu import read_apercu
from socle.metiers.verification.services.ouvrier import get_atelier, run_verbe
from socle.metiers.verification.services.rapport import Rapport, build_rapport
from socle.metiers.verification.services.reconnaissance import Nature, find_nature

OUBLIE = 600  # secondes après lesquelles un dossier laissé est effacé
NOM_MAX = 120
SCHEMA = "schema"  # dossier du schéma reçu avec le fichier
SCHEMA_FAUX = "schema-error"  # code de la norme


class FichierRecu(Protocol):
    """Ce qu’il faut d’un fichier envoyé : `django.core.files.uploadedfile.UploadedFile`."""

    def chunks(self) -> Iterable[bytes]: ...


@dataclass(frozen=True, slots=True)
class Controle:
    """Le rapport d’un fichier ; `corrige` : le fichier corrigé, s’il est demandé et possible."""

    nature: Nature
    rapport: Rapport
    corrige: bytes | None = None
    nom_corrige: str = ""


def check_fichier(
    *,
    fichier: FichierRecu,
    nom: str,
    nature: str = "",
    geste: Geste = Geste.VERIFIER,
    schema: FichierRecu | None = None,
    limites: Limites = LIMITES,
) -> Controle:
    """Contrôle un fichier, ou le corrige puis le contrôle.

    Args:
        nom: celui que la personne lui a donné.
        nature: « scdl:scdl/budget », « bal »… ; vide : Socle reconnaît.
        schema: celui que le tableau doit suivre, s’il n’est pas des nôtres (Table Schema, JSON).

    Raises:
        FichierVide: rien à lire.
        FichierTropLourd: au-delà de `limites.octets` ; un schéma, de `limites.schema`.
        SchemaFaux, SchemaDeTrop, DeuxSchemas: le schéma ne se lit pas, ou ne sert à rien.
        NatureInconnue: rien ne dit ce que c’est.
        NatureFausse: la nature demandée n’existe pas.
        SansCorrection: cette norme n’a pas de correction.
        OutilOccupe: toutes les places sont prises.
    """
    with open_dossier() as dossier:
        chemin = dossier / "recu" / clean_nom(nom)
        chemin.parent.mkdir()
        if not _write(fichier, chemin, FichierTropLourd, limites.octets):
            raise FichierVide
        nom_schema = clean_nom(getattr(schema, "name", None) or "schema.json") if schema else ""
        with chemin.open("rb") as flux:
            trouvee = find_nature(nature, read_apercu(flux, chemin.name), nom_schema)
        if schema:
            (dossier / SCHEMA).mkdir()
            _write(schema, dossier / SCHEMA / nom_schema, SchemaTropLourd, limites.schema)
        if geste == Geste.VERIFIER:
            return Controle(trouvee, _run(trouvee, chemin, trouvee.verificateur.verbe, limites))
        return _correct(trouvee, chemin, limites)


def _run(nature: Nature, chemin: Path, verbe: str, limites: Limites, *options: str) -> Rapport:
    verificateur = nature.verificateur
    arguments = [verificateur.norme, verbe, str(chemin), *options]
    dossier = chemin.parents[1]
    choix = str(dossier / SCHEMA / nature.schema) if nature.schema else nature.choix
    arguments += verificateur.build_options(choix)
    lu = run_verbe(arguments, dossier=dossier, limites=limites)
    if lu.get("refus", {}).get("code") == SCHEMA_FAUX:
        raise SchemaFaux(lu["refus"]["message"])
    return build_rapport(lu, titre=nature.titre, norme=verificateur.norme, fichier=chemin.name)


def _correct(nature: Nature, chemin: Path, limites: Limites) -> Controle:
    verificateur = nature.verificateur
    if not verificateur.verbe_corriger:
        raise SansCorrection(suite=verificateur.sans_correction)
    sortie = chemin.parents[1] / f"{chemin.stem}_corrige{verificateur.extension}"
    rapport = _run(nature, chemin, verificateur.verbe_corriger, limites, "--sortie", str(sortie))
    corrige = sortie.read_bytes() if rapport.valide is not None and sortie.is_file() else None
    return Controle(nature, rapport, corrige, sortie.name)


def _write(fichier: FichierRecu, chemin: Path, refus: type[FichierTropLourd], maximum: int) -> int:
    """Rend la taille écrite."""
    taille = 0
    with chemin.open("wb") as flux:
        for morceau in fichier.chunks():
            taille += len(morceau)
            if taille > maximum:
                raise refus(format_taille(maximum))
            flux.write(morceau)
    return taille


def clean_nom(nom: str) -> str:
    """Le dernier morceau du nom, sans signe de commande ; son extension est gardée."""
    propre = re.sub(r"[^\w.,()’' -]", "_", PurePath(nom.replace("\\", "/")).name).strip(" .")
    tige, point, extension = (propre or "fichier").rpartition(".")
    if not point or not tige:
        return (propre or "fichier")[:NOM_MAX]
    return f"{tige[:NOM_MAX]}.{extension[:12]}"


@contextmanager
def open_dossier() -> Iterator[Path]:
    """Un dossier le temps d’un contrôle."""
    atelier = get_atelier()
    _purge(atelier)
    with tempfile.TemporaryDirectory(dir=atelier, ignore_cleanup_errors=True) as dossier:
        yield Path(dossier)


def _purge(atelier: Path) -> None:
    limite = time.time() - OUBLIE
    for reste in atelier.iterdir():
        try:
            if reste.is_dir() and reste.stat().st_mtime < limite:
                shutil.rmtree(reste, ignore_errors=True)
        except FileNotFoundError:  # un autre processus vient de l’effacer
            continue
