"""`./socle sauvegarder FICHIER` : la base et les documents dans une archive."""

import io
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from socle.serveur.arguments import Analyseur
from socle.serveur.base import Base, open_base
from socle.serveur.console import format_taille, say, show
from socle.serveur.dossier import DossierDonnees
from socle.serveur.errors import ErreurServeur
from socle.serveur.postgres.roles import NomsRoles
from socle.serveur.sauvegarde import base_sql, cles
from socle.serveur.sauvegarde.archive import MARQUE, EcritureArchive, Manifeste, write_archive
from socle.serveur.version import read_version

DESCRIPTION = """\
Met la base et les documents dans un fichier, pendant que le site fonctionne.
Les clés n’y sont pas, sauf avec --avec-cles : elles sont alors chiffrées par une phrase secrète."""


def main(arguments: list[str]) -> int:
    """Sauvegarde une installation."""
    analyseur = Analyseur("sauvegarder", DESCRIPTION)
    analyseur.add_argument("fichier", type=Path, metavar="FICHIER", help="archive à créer")
    analyseur.add_donnees()
    analyseur.add_argument(
        "--avec-cles", action="store_true", help="ajoute les clés, chiffrées par une phrase secrète"
    )
    analyseur.add_argument(
        "--phrase-fichier", type=Path, metavar="FICHIER", help="fichier qui contient la phrase"
    )
    choix = analyseur.parse_args(arguments)
    dossier = DossierDonnees.choose(choix.donnees)
    if dossier.is_new():
        raise ErreurServeur(
            f"Il n’y a rien à sauvegarder dans {dossier.chemin}.",
            "Donnez le dossier des données avec --donnees.",
        )
    phrase = cles.ask_phrase(choix.phrase_fichier, confirmer=True) if choix.avec_cles else ""
    fichier = choix.fichier.expanduser().absolute()
    save(dossier, fichier, phrase=phrase, maintenant=datetime.now(UTC))  # noqa: TID251
    show(f"Sauvegarde écrite : {fichier} ({format_taille(fichier.stat().st_size)}).")
    if not phrase:
        say("Les clés n’y sont pas : sauvegardez-les à part, ou relancez avec --avec-cles.")
    if os.environ.get("SOCLE_S3_ADRESSE"):
        say("Les documents gardés en S3 n’y sont pas : sauvegardez ce stockage de son côté.")
    return 0


def save(dossier: DossierDonnees, fichier: Path, *, phrase: str, maintenant: datetime) -> Manifeste:
    """Écrit l’archive.

    La base d’abord, les documents ensuite : un document est écrit avant la ligne qui en parle,
    donc tous ceux de l’instantané y seront.

    Args:
        phrase: phrase secrète qui chiffre les clés ; vide pour les laisser de côté.
        maintenant: instant porté au manifeste.

    Raises:
        ErreurServeur: base injoignable, fichier déjà là, disque plein.
    """
    with open_base(dossier) as base, write_archive(fichier) as archive:
        manifeste = _save_base(base, archive, maintenant)
        for document in _list_documents(dossier.documents):
            nom = f"documents/{document.relative_to(dossier.documents).as_posix()}"
            archive.add_fichier(nom, document)
        if phrase:
            archive.add_flux(cles.NOM, io.BytesIO(cles.encrypt_cles(dossier.cles, phrase)))
        if dossier.demonstration:
            archive.add_fichier(MARQUE, dossier.marque)
        archive.close(manifeste)
    if phrase:
        cles.mark_sauvegardees(dossier)
    return manifeste


def _save_base(base: Base, archive: EcritureArchive, maintenant: datetime) -> Manifeste:
    url = base.acces.proprietaire_url
    noms = NomsRoles.from_environnement()
    with tempfile.TemporaryDirectory(prefix="socle-") as temporaire:
        copie = Path(temporaire) / "base.dump"
        with base_sql.open_instantane(url) as (connexion, instantane):
            tables = base_sql.count_lignes(connexion)
            base_sql.dump(url, copie, instantane=instantane)
            version = str(connexion.info.parameter_status("server_version"))
        archive.add_fichier("base.dump", copie)
    return Manifeste(
        socle=read_version(),
        cree_le=maintenant.isoformat(timespec="seconds"),
        postgresql=version,
        roles={"app": noms.app, "operateur": noms.operateur},
        tables=tables,
    )


def _list_documents(dossier: Path) -> list[Path]:
    """Documents finis : un dépôt en cours est dans un fichier caché ou temporaire."""
    return [
        fichier
        for fichier in sorted(dossier.rglob("*"))
        if fichier.is_file()
        and not fichier.is_symlink()
        and not any(
            partie.startswith(".") or partie == "en-cours"
            for partie in fichier.relative_to(dossier).parts
        )
    ]
