"""`./socle restaurer FICHIER` : remet une sauvegarde en place, entière ou pas du tout."""

import contextlib
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

from socle.serveur.arguments import Analyseur
from socle.serveur.base import Base, open_base
from socle.serveur.console import say, show
from socle.serveur.dossier import RACINE, DossierDonnees
from socle.serveur.errors import ErreurServeur, explain_systeme
from socle.serveur.installation import Installation
from socle.serveur.migrations import last_lines, list_inconnues
from socle.serveur.postgres.grappe import sync_dossier
from socle.serveur.postgres.processus import list_orphelins, stop_postmaster
from socle.serveur.postgres.roles import NomsRoles, connect
from socle.serveur.sauvegarde import base_sql, cles
from socle.serveur.sauvegarde.archive import MARQUE, LectureArchive, open_archive

DELAI_RESTE = 15.0  # secondes pour effacer ce qu’une restauration tuée a laissé
DESCRIPTION = """\
Remet une sauvegarde dans un dossier de données vide. Tout est vérifié avant : empreintes,
nombre de lignes de chaque table. En cas d’échec, rien n’est laissé."""


def main(arguments: list[str]) -> int:
    """Restaure une sauvegarde."""
    analyseur = Analyseur("restaurer", DESCRIPTION)
    analyseur.add_argument("fichier", type=Path, metavar="FICHIER", help="archive à remettre")
    analyseur.add_donnees()
    analyseur.add_argument(
        "--phrase-fichier", type=Path, metavar="FICHIER", help="fichier qui contient la phrase"
    )
    analyseur.add_argument(
        "--sans-cles", action="store_true", help="laisse de côté les clés de l’archive"
    )
    choix = analyseur.parse_args(arguments)
    dossier = DossierDonnees.choose(choix.donnees)
    with open_archive(choix.fichier) as archive:
        check_restauration(archive, dossier)
        restituees: dict[str, bytes] = {}
        if cles.NOM in archive.manifeste.fichiers and not choix.sans_cles:
            phrase = cles.ask_phrase(choix.phrase_fichier, confirmer=False)
            restituees = cles.decrypt_cles(archive.read(cles.NOM), phrase)
        restore(archive, dossier, cles_restituees=restituees)
        lignes = sum(archive.manifeste.tables.values())
    show(
        f"Restauré dans {dossier.chemin} : {lignes} lignes,"
        f" {count_documents(archive)} documents, vérifiés."
    )
    if not restituees:
        say(
            "Les clés n’étaient pas dans l’archive : avant de servir, remettez les vôtres dans"
            f" {dossier.cles}. Sans elles, les champs chiffrés resteront illisibles."
        )
    return 0


def check_restauration(archive: LectureArchive, dossier: DossierDonnees) -> None:
    """Vérifie que l’archive est entière et que la place est libre.

    Raises:
        ErreurServeur: dossier occupé, archive abîmée, rôles d’un autre nom.
    """
    if not dossier.is_new():
        raise ErreurServeur(
            f"Le dossier {dossier.chemin} n’est pas vide : rien n’a été restauré.",
            "Donnez un dossier neuf avec --donnees.",
        )
    noms = NomsRoles.from_environnement()
    if archive.manifeste.roles != {"app": noms.app, "operateur": noms.operateur}:
        raise ErreurServeur(
            "La sauvegarde a été faite avec d’autres noms de rôles de base de données.",
            "Donnez dans SOCLE_ROLE_APP et SOCLE_ROLE_OPERATEUR : "
            + ", ".join(archive.manifeste.roles.values()),
        )
    archive.check()


def restore(
    archive: LectureArchive, dossier: DossierDonnees, *, cles_restituees: dict[str, bytes]
) -> None:
    """Prépare tout dans un dossier voisin, puis lui donne son nom.

    Raises:
        ErreurServeur: base refusée, ou nombres de lignes différents de ceux du manifeste.
    """
    prefixe = f".{dossier.chemin.name}.restauration-"
    voisin = DossierDonnees(dossier.chemin.with_name(f"{prefixe}{os.getpid()}"))
    remove_restes(dossier.chemin.parent, prefixe)
    try:
        voisin.prepare()
        if MARQUE in archive.manifeste.fichiers:
            archive.extract(MARQUE, voisin.marque)
        with open_base(voisin) as base:
            _restore_base(archive, base)
            _restore_documents(archive, voisin.documents)
            cles.write_cles(cles_restituees, voisin.cles)
            if cles_restituees:
                cles.mark_sauvegardees(voisin)
            _record_restauration(Installation(voisin, base.acces, bac_a_sable=voisin.demonstration))
        if dossier.chemin.exists():
            dossier.chemin.rmdir()
        voisin.chemin.rename(dossier.chemin)
        sync_dossier(dossier.chemin.parent)
    except OSError as cause:
        raise ErreurServeur(
            f"La restauration n’a pas pu être écrite : {explain_systeme(cause)}.",
            "Vérifiez la place libre et les droits, puis recommencez.",
        ) from cause
    finally:
        shutil.rmtree(voisin.chemin, ignore_errors=True)


def remove_restes(parent: Path, prefixe: str) -> None:
    """Efface ce qu’une restauration tuée a laissé, base encore en marche comprise."""
    for reste in parent.glob(f"{prefixe}*"):
        pid = reste.name.removeprefix(prefixe)
        if pid.isdigit() and int(pid) != os.getpid() and Path("/proc", pid).exists():
            continue  # une autre restauration travaille
        _remove_reste(reste)


def _remove_reste(reste: Path) -> None:
    """Arrête la base et efface ; recommence tant qu’une base tout juste née écrit encore."""
    limite = time.monotonic() + DELAI_RESTE
    while reste.exists() and time.monotonic() < limite:
        for donnees in (reste / "postgres").glob("pg[0-9][0-9]"):
            stop_postmaster(donnees, None)
            for pid in list_orphelins(donnees):
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)  # rien de cette base ne sera gardé
        shutil.rmtree(reste, ignore_errors=True)
        if reste.exists():
            time.sleep(0.1)


def count_documents(archive: LectureArchive) -> int:
    """Nombre de documents de l’archive."""
    return sum(nom.startswith("documents/") for nom in archive.manifeste.fichiers)


def _restore_base(archive: LectureArchive, base: Base) -> None:
    url = base.acces.proprietaire_url
    with tempfile.TemporaryDirectory(prefix="socle-") as temporaire:
        copie = Path(temporaire) / "base.dump"
        archive.extract("base.dump", copie)
        base_sql.restore(url, copie)
    with connect(url) as connexion:
        trouves = base_sql.count_lignes(connexion)
    attendus = archive.manifeste.tables
    ecarts = [nom for nom in attendus if trouves.get(nom) != attendus[nom]]
    if ecarts:
        raise ErreurServeur(
            f"Les lignes restaurées ne sont pas celles de la sauvegarde : {', '.join(ecarts)}.",
            "Rien n’a été gardé. Reprenez une autre copie de l’archive.",
        )
    inconnues = list_inconnues(url)
    if inconnues:
        raise ErreurServeur(
            f"La sauvegarde vient d’une version plus récente de Socle ({inconnues[-1]}).",
            "Restaurez-la avec cette version.",
        )


def _restore_documents(archive: LectureArchive, dossier: Path) -> None:
    for nom in archive.manifeste.fichiers:
        if nom.startswith("documents/"):
            archive.extract(nom, dossier / nom.removeprefix("documents/"))


def _record_restauration(installation: Installation) -> None:
    """Note au journal de preuve que l’histoire reprend d’une sauvegarde."""
    commandes = (RACINE / "src" / "socle").glob("**/management/commands/noter_restauration.py")
    if not any(commandes):
        return
    essai = installation.run_django("noter_restauration")
    if essai.returncode:
        say("La restauration n’a pas pu être notée au journal :\n" + last_lines(essai.stderr))
        say("Lancez ./socle gerer noter_restauration avant de servir.")
