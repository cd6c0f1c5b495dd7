"""`./socle normes NORME VERBE FICHIER` : avancement, rapport, code de sortie."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from socle.serveur.arguments import Analyseur, UsageIncorrect
from socle.serveur.console import say, show, show_json
from socle.serveur.normes.ports import INUTILISABLE, INVALIDE, VALIDE, Inutilisable, Resultat, Verbe
from socle.serveur.normes.registre import NORMES, load_verbes

MONTREES = 50  # fautes montrées à l’écran


def main(argv: list[str]) -> int:
    """Rend 0 si le fichier est valide, 1 s’il ne l’est pas, 2 s’il est inutilisable."""
    norme = argv[0] if argv else ""
    if norme in {"", "-h", "--help"}:
        _show_aide()
        return 0 if norme else INUTILISABLE
    if norme not in NORMES:
        raise UsageIncorrect(f"La norme « {norme} » n’existe pas.", f"Au choix : {_join(NORMES)}.")
    verbes = load_verbes(norme)
    nom = argv[1] if len(argv) > 1 else ""
    if nom in {"", "-h", "--help"}:
        _show_verbes(norme, verbes)
        return 0 if nom else INUTILISABLE
    if nom not in verbes:
        raise UsageIncorrect(f"« {norme} » ne sait pas « {nom} ».", f"Au choix : {_join(verbes)}.")
    verbe = verbes[nom]
    return _run(norme, verbe, build_analyseur(norme, nom, verbe).parse_args(argv[2:]))


def _run(norme: str, verbe: Verbe, options: Any) -> int:
    try:
        resultat = verbe.run(options, _say_avance)
    except Inutilisable as refus:
        return _refuse(norme, options, refus)
    except OSError as cause:
        return _refuse(norme, options, Inutilisable(_describe(cause)))
    finally:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
    if options.html:
        _write_html(norme, options, resultat)
    if options.html != "-" and not options.json:
        _show_resultat(resultat)
    if options.json:
        show_json(resultat.objet)
    return VALIDE if resultat.valide else INVALIDE


def build_analyseur(norme: str, nom: str, verbe: Verbe) -> Analyseur:
    """Arguments d’un verbe : le fichier, le rapport voulu, ses options à lui."""
    analyseur = Analyseur(f"normes {norme} {nom}", verbe.resume)
    analyseur.add_argument("fichier", type=Path, metavar="FICHIER", help=verbe.fichier)
    analyseur.add_argument(
        "--html", nargs="?", const="-", metavar="SORTIE", help="rapport en HTML, dans ce fichier"
    )
    analyseur.add_json("rapport en JSON, un objet sur la dernière ligne")
    verbe.prepare(analyseur)
    return analyseur


def _write_html(norme: str, options: Any, resultat: Resultat) -> None:
    from socle.serveur.normes.page import build_page

    page = build_page(f"{norme} : {options.fichier.name}", resultat)
    if options.html == "-":
        show(page)
    else:
        Path(options.html).write_text(page, encoding="utf-8", errors="replace")
        say(f"Rapport écrit dans {options.html}.")


def _show_resultat(resultat: Resultat) -> None:
    for lieu, code, message in resultat.fautes[:MONTREES]:
        show(f"  ✗ {lieu} : {message} [{code}]")
    if len(resultat.fautes) > MONTREES:
        reste = len(resultat.fautes) - MONTREES
        show(f"  … et {reste} autres. Toutes sont dans --json et --html.")
    for lieu, code, message in resultat.notes[:MONTREES]:
        show(f"  ! {lieu} : {message} [{code}]" if lieu else f"  ! {message} [{code}]")
    if resultat.fautes or resultat.notes:
        show()
    for phrase in resultat.phrases:
        show(phrase)


def _refuse(norme: str, options: Any, refus: Inutilisable) -> int:
    if options.json:
        faute = {
            "ligne": None, "champ": None, "code": refus.code, "nom": "Fichier inutilisable",
            "message": refus.message, "cellule": None,
        }  # fmt: skip
        objet: Mapping[str, Any] = {
            "norme": norme, "fichier": options.fichier.name, "valide": None,
            "erreurs": [faute], "avertissements": [],
        }  # fmt: skip
        show_json(objet)
    else:
        say(f"Fichier inutilisable. {refus.message}")
    return INUTILISABLE


def _describe(cause: OSError) -> str:
    raisons = {
        FileNotFoundError: "il n’existe pas",
        IsADirectoryError: "c’est un dossier",
        PermissionError: "vous n’en avez pas le droit",
    }
    return f"« {cause.filename} » ne se lit pas : {raisons.get(type(cause), 'le disque a refusé')}."


def _say_avance(message: str) -> None:
    """Une ligne qui se récrit, si quelqu’un regarde."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K  {message}")
        sys.stderr.flush()


def _show_aide() -> None:
    show("usage : ./socle normes NORME VERBE FICHIER [options]\n")
    show("Contrôle et corrige les fichiers des normes officielles.\n")
    for nom, resume in NORMES.items():
        show(f"  {nom:<12}{resume}")
    show("\nLes verbes d’une norme : ./socle normes NORME --help")


def _show_verbes(norme: str, verbes: Mapping[str, Verbe]) -> None:
    show(f"usage : ./socle normes {norme} VERBE FICHIER [options]\n")
    for nom, verbe in verbes.items():
        show(f"  {nom:<12}{verbe.resume}")
    show(f"\nL’aide d’un verbe : ./socle normes {norme} VERBE --help")


def _join(noms: Mapping[str, Any]) -> str:
    return ", ".join(noms)
