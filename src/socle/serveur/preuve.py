"""`./socle preuve verifier` : vérifie un dossier de preuve, sans base et sans réseau."""

import json
from collections.abc import Sequence
from pathlib import Path

from cryptography.x509 import Certificate

from socle.normes.preuve.archive import TAILLE_MAX
from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.horodatage import load_autorites
from socle.normes.preuve.notes import ClePublique, parse_cles
from socle.normes.preuve.rapport import Etat, Rapport
from socle.normes.preuve.verification import verify_dossier_de_preuve
from socle.serveur.arguments import Analyseur, UsageIncorrect
from socle.serveur.console import say, show

ENTIER, FAUTE, INUTILISABLE = 0, 1, 2
CLES_TAILLE_MAX = 1024 * 1024
_SIGNES = (b"PK\3\4", b"PK\5\6")
_FIN_ZIP = 22
_MARQUES = {Etat.CONFORME: "✓", Etat.RESERVE: "!", Etat.FAUTE: "✗", Etat.NON_FAITE: "·"}


def main(argv: list[str]) -> int:
    """Vérifie un dossier : 0 s’il est entier, 1 avec la première faute, 2 s’il est inutilisable."""
    options = _build_analyseur().parse_args(argv)
    try:
        check_fichier(options.fichier)
        cles = _read_cles(options.cle) if options.cle else None
        autorites = _read_autorites(options.autorite) if options.autorite else []
        rapport = verify_dossier_de_preuve(options.fichier, cles, autorites=autorites)
    except (OSError, PreuveInvalide, UsageIncorrect) as cause:
        return _refuse(options, _describe(cause))
    if options.json:
        show(json.dumps({"fichier": str(options.fichier)} | rapport.to_json(), ensure_ascii=False))
    else:
        _show_rapport(options.fichier, rapport)
    return ENTIER if rapport.integre else FAUTE


def _build_analyseur() -> Analyseur:
    analyseur = Analyseur("preuve", "Vérifie un dossier de preuve, hors ligne.")
    analyseur.add_argument("action", choices=["verifier"], help="ce qu’il faut faire")
    analyseur.add_argument("fichier", type=Path, metavar="FICHIER", help="dossier de preuve (ZIP)")
    analyseur.add_argument(
        "--cle", type=Path, metavar="FICHIER", help="clés publiées par la collectivité"
    )
    analyseur.add_argument(
        "--autorite", type=Path, metavar="FICHIER", help="autorités d’horodatage (PEM)"
    )
    analyseur.add_json("rapport en JSON")
    return analyseur


def check_fichier(fichier: Path) -> None:
    """Distingue un fichier qui n’a rien d’un dossier de preuve d’un dossier de preuve abîmé."""
    with fichier.open("rb") as flux:
        debut = flux.read(4)
        taille = flux.seek(0, 2)
        flux.seek(max(0, taille - _FIN_ZIP))
        fin = flux.read(4)
    if taille > TAILLE_MAX:
        raise UsageIncorrect("Le fichier dépasse 2 Gio : ce n’est pas un dossier de preuve.")
    if debut not in _SIGNES and fin not in _SIGNES:
        raise UsageIncorrect("Ce fichier n’est pas un dossier de preuve (ce n’est pas un ZIP).")


def _read_cles(fichier: Path) -> list[ClePublique]:
    try:
        return parse_cles(_read_borne(fichier))
    except PreuveInvalide as cause:
        raise UsageIncorrect(f"Fichier de clés « {fichier.name} » : {cause}") from cause


def _read_autorites(fichier: Path) -> Sequence[Certificate]:
    return load_autorites(_read_borne(fichier))


def _read_borne(fichier: Path) -> bytes:
    with fichier.open("rb") as flux:
        return flux.read(CLES_TAILLE_MAX)


def _describe(cause: Exception) -> str:
    if not isinstance(cause, OSError):
        return str(cause)
    raisons = {
        FileNotFoundError: "il n’existe pas",
        IsADirectoryError: "c’est un dossier",
        PermissionError: "vous n’en avez pas le droit",
    }
    raison = raisons.get(type(cause), "le disque a refusé")
    return f"Le fichier « {cause.filename} » ne se lit pas : {raison}."


def _refuse(options: object, message: str) -> int:
    if getattr(options, "json", False):
        show(json.dumps({"integre": None, "cle_verifiee": False, "erreur": message}))
    else:
        say(f"Vérification impossible. {message}")
    return INUTILISABLE


def _show_rapport(fichier: Path, rapport: Rapport) -> None:
    for etape in rapport.etapes:
        show(f"  {_MARQUES[etape.etat]} {etape.nom} : {etape.message}")
    show()
    if rapport.faute:
        show(f"FAUTE – {rapport.faute.nom} : {rapport.faute.message}")
        show(f"Le dossier « {fichier.name} » ne prouve rien en l’état.")
        return
    show(f"Dossier entier : {', '.join(rapport.objets)}.")
    show(f"Clé {'vérifiée' if rapport.cle_verifiee else 'non vérifiée'} : {rapport.cle}")
    show(f"Empreinte de la clé : {rapport.empreinte}")
    if not rapport.cle_verifiee:
        show("Comparez cette empreinte avec celle que publie la collectivité, ou relancez avec")
        show("--cle et le fichier de clés qu’elle publie.")
