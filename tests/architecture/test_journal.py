"""Chaque action écrite au journal a un nom en français : le DPO ne lit pas nos codes."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from socle.fondations.administration.enums import ACTIONS, OBJETS
from socle.metiers.archivage.enums import SensDeReponse
from socle.metiers.dossiers.enums import Fait, Transition
from socle.metiers.pilotage.enums import GenreChangement

SOURCES = Path(__file__).resolve().parents[2] / "src" / "socle"
# Les fonctions qui écrivent au journal, et ce qu’elles mettent devant l’action qu’on leur donne.
PREFIXES = {
    "record": "",
    "record_action": "",
    "record_instruction": "",
    "_record_cle": "",
    "prove": "",
    "_prove_agent": "",
    "record_preuve": "dossier.",
}
# Mêmes noms dans plusieurs modules : le préfixe dépend du module.
PREFIXES_LOCAUX = {
    ("bordereaux.py", "_record"): "bordereau.",
    ("reouverture.py", "_record"): "versement.",
    ("reponse.py", "_record"): "versement.",
    ("phrases.py", "_prove"): "phrase.",
    ("courrier.py", "_prove"): "dossier.",
    ("notes.py", "_prove"): "dossier.",
    ("versement.py", "_record"): None,  # n’écrit pas au journal
}
# Ce qu’une constante ou une énumération donne à l’exécution.
COURRIERS = (Fait.COURRIER_ENVOYE, Fait.COURRIER_REMIS, Fait.COURRIER_NON_RECLAME,
             Fait.COURRIER_REVENU)  # fmt: skip
CALCULEES = {
    *(f"dossier.{fait.value}" for fait in (*COURRIERS, Fait.CONFIE, Fait.LAISSE)),
    *(f"dossier.{transition.value}" for transition in Transition),
    *(f"versement.{sens}" for sens in SensDeReponse.values),
    "compte.rattachement_acceptee",
    "compte.rattachement_refusee",
    "journal.bifurcation",
    *(f"programme.{genre.value}" for genre in GenreChangement),
    *(
        f"{sorte}.{geste}"
        for sorte in ("article", "evenement")
        for geste in ("cree", "change", "publie", "retire")
    ),
    *(
        f"lettre.{geste}"
        for geste in (
            "creee",
            "changee",
            "mise_en_file",
            "mise_en_ligne",
            "envoyee",
            "incertaines_renvoyees",
        )
    ),
}


def list_actions(fichier: Path, arbre: ast.AST) -> Iterator[str]:
    """Actions écrites en toutes lettres dans un module."""
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Call):
            yield from read_appel(fichier, noeud)
        elif isinstance(noeud, ast.Assign) and ast.unparse(noeud.targets[0]) == "action":
            du_dossier = fichier.parts[-3:-1] == ("dossiers", "services")
            for texte in read_textes(noeud.value):
                if "." in texte or du_dossier:  # nom court, donné ensuite à `record_preuve`
                    yield texte if "." in texte else f"dossier.{texte}"


def read_appel(fichier: Path, appel: ast.Call) -> Iterator[str]:
    nom = ast.unparse(appel.func).rpartition(".")[2]
    prefixe = PREFIXES_LOCAUX.get((fichier.name, nom), PREFIXES.get(nom, ""))
    if prefixe is None or nom not in {*PREFIXES, "_record", "_prove"}:
        return
    nommes = {mot.arg: mot.value for mot in appel.keywords}
    candidats = [nommes["action"]] if "action" in nommes else appel.args[:3]
    for candidat in candidats:
        textes = [texte for texte in read_textes(candidat) if prefixe or "." in texte]
        if textes:  # le premier texte est l’action ; un acteur peut suivre
            yield from (prefixe + texte for texte in textes)
            return


def read_textes(noeud: ast.AST) -> Iterator[str]:
    """Textes d’une expression : « x », ou « x » si… sinon « y »."""
    if isinstance(noeud, ast.IfExp):
        yield from read_textes(noeud.body)
        yield from read_textes(noeud.orelse)
    elif isinstance(noeud, ast.Constant) and isinstance(noeud.value, str):
        yield noeud.value


def list_modules() -> list[Path]:
    return [
        fichier
        for etage in ("fondations", "metiers", "liaisons", "connecteurs")
        for fichier in (SOURCES / etage).rglob("*.py")
        if "migrations" not in fichier.parts
    ]


@pytest.fixture(scope="module")
def actions() -> set[str]:
    lues = {
        action
        for fichier in list_modules()
        for action in list_actions(fichier, ast.parse(fichier.read_text("utf-8")))
    }
    return lues | CALCULEES


def test_scan_really_reads_the_source(actions):
    assert {"dossier.depose", "phrase.creee", "agent.invite", "bordereau.vise"} <= actions
    assert len(actions) > 80


def test_every_action_has_a_french_label(actions):
    assert sorted(actions - set(ACTIONS)) == []


def test_every_label_is_an_action_that_exists(actions):
    assert sorted(set(ACTIONS) - actions) == []


def test_labels_are_told_apart():
    assert len(set(ACTIONS.values())) == len(ACTIONS)


def test_every_object_has_a_french_name(actions):
    genres = {action.partition(".")[0] for action in actions}
    assert sorted(genres & {"phrase", "bordereau", "journal"} - set(OBJETS)) == []
