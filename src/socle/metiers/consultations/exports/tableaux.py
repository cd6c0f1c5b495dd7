"""Réponses et chiffres pour un tableur ; `commun.tableur` y désamorce les formules."""

from collections.abc import Iterable, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.utils import timezone

from socle.fondations.commun.tableur import neutralize
from socle.fondations.formulaires.definition import PieceJustificative
from socle.fondations.formulaires.moteur import FormulaireCompile
from socle.metiers.consultations.models import Campagne, Reponse
from socle.metiers.consultations.queries.formulaires import get_formulaire
from socle.metiers.consultations.queries.reponses import list_deposees

ENTETES = ("numero", "depose_le", "repondant", "courriel", "collectivite", "departement", "region")
CACHE = "moins de 5"
# Un tableur ne garde pas plus dans une case.
CASE_MAX = 32_000


def iter_reponses(campagne: Campagne) -> Iterator[Sequence[Any]]:
    """Une ligne par réponse déposée, une colonne par question."""
    formulaire = get_formulaire(campagne)
    champs = [
        c for page in formulaire.structure.pages for c in page.champs
        if c.saisi or c.enfants
    ]  # fmt: skip
    yield (*ENTETES, *(c.champ.libelle or c.id for c in champs))
    for reponse in list_deposees(campagne).iterator(chunk_size=500):
        textes = _list_textes(formulaire, reponse)
        yield (*_build_entete(reponse), *(textes.get(c.id, "") for c in champs))


def _build_entete(reponse: Reponse) -> Sequence[str]:
    quand = timezone.localtime(reponse.depose_le).strftime("%Y-%m-%d %H:%M")
    return (
        reponse.numero, quand, reponse.nom, reponse.courriel, reponse.nom_autorite,
        reponse.departement, reponse.region,
    )  # fmt: skip


def _list_textes(formulaire: FormulaireCompile, reponse: Reponse) -> dict[str, str]:
    """Champ → texte ; les lignes d’un bloc sont mises bout à bout."""
    textes: dict[str, list[str]] = {}
    for page in formulaire.lines_resume(reponse.reponses, maintenant=reponse.depose_le):  # type: ignore[arg-type]
        for ligne in page.lignes:
            texte = ligne.texte
            if ligne.genre == "piece":
                texte = ", ".join(str(piece.get("nom", "")) for piece in ligne.pieces)
            if texte:
                textes.setdefault(ligne.chemin.partition("-")[0], []).append(texte)
    return {champ: " ; ".join(morceaux)[:CASE_MAX] for champ, morceaux in textes.items()}


def iter_chiffres(chiffres: dict[str, Any]) -> Iterator[Sequence[Any]]:
    """Les chiffres publiés, une ligne par nombre."""
    yield ("partie", "question", "reponse", "nombre", "part")
    yield ("participation", "Réponses déposées", "", chiffres["total"], "")
    for tableau in chiffres["participation"]:
        for ligne in tableau["lignes"]:
            yield ("participation", tableau["titre"], ligne["libelle"], _write(ligne["nombre"]),
                   ligne["part"])  # fmt: skip
    for question in chiffres["questions"]:
        yield ("question", question["libelle"], "Réponses", question["repondu"], "")
        for ligne in question["lignes"]:
            yield ("question", question["libelle"], ligne["libelle"], _write(ligne["nombre"]),
                   ligne["part"])  # fmt: skip
        for code, nom in (("mediane", "Médiane"), ("minimum", "Minimum"), ("maximum", "Maximum")):
            if question.get(code):
                yield ("question", question["libelle"], nom, question[code], "")


def write_xlsx(lignes: Iterable[Sequence[Any]]) -> IO[bytes]:
    """Rend un classeur XLSX écrit à mémoire constante. Un texte n’y est jamais une formule."""
    from xlsxwriter import Workbook  # noqa: PLC0415  lourd, et rarement utile

    fichier: IO[bytes] = SpooledTemporaryFile(max_size=5_000_000)  # noqa: SIM115
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    classeur = Workbook(fichier, options)
    feuille = classeur.add_worksheet("Réponses")
    feuille.freeze_panes(1, 1)
    gras = classeur.add_format({"bold": True, "bottom": 1})
    for rang, ligne in enumerate(lignes):
        for colonne, valeur in enumerate(ligne):
            feuille.write(rang, colonne, neutralize(valeur), gras if rang == 0 else None)
    classeur.close()
    fichier.seek(0)
    return fichier


def _write(nombre: int | None) -> Any:
    return CACHE if nombre is None else nombre


def has_pieces(formulaire: FormulaireCompile) -> bool:
    """Vrai si le formulaire demande des fichiers."""
    return any(
        isinstance(champ, PieceJustificative) for _, _, champ in formulaire.definition.iter_champs()
    )
