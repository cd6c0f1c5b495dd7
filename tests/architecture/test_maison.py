"""Les règles de la maison qu’un outil du commerce ne sait pas vérifier."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

from socle.fondations.collectivites.models import ObjetDeCollectivite

RACINE = Path(__file__).resolve().parents[2]
SOURCES = RACINE / "src" / "socle"
LIMITES = {"*.py": 400, "*.html": 120}
LIMITE_TEST = 600


def list_fichiers() -> list[Path]:
    sortie = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=RACINE, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return [RACINE / ligne for ligne in sortie.splitlines() if (RACINE / ligne).is_file()]


def count_lignes(fichier: Path) -> int:
    return len(fichier.read_text().splitlines())


def list_tables_de_collectivite() -> list[str]:
    return sorted(
        modele._meta.db_table
        for modele in apps.get_models()
        if any(champ.column == "collectivite_id" for champ in modele._meta.concrete_fields)
        and modele._meta.app_config.name.startswith("socle.")
    )


def test_files_stay_short():
    longs = [
        f"{fichier.relative_to(RACINE)} : {count_lignes(fichier)}"
        for fichier in list_fichiers()
        for motif, limite in LIMITES.items()
        if fichier.match(motif)
        and fichier.is_relative_to(SOURCES)
        and "migrations" not in fichier.parts
        and count_lignes(fichier) > limite
    ]
    assert longs == []


def test_test_files_stay_short():
    longs = [
        str(fichier.relative_to(RACINE))
        for fichier in list_fichiers()
        if fichier.match("tests/**/*.py") and count_lignes(fichier) > LIMITE_TEST
    ]
    assert longs == []


def test_every_app_says_what_it_is_for():
    muettes = [
        application.name
        for application in apps.get_app_configs()
        if application.name.startswith("socle.") and not application.module.__doc__
    ]
    assert muettes == []


def test_every_model_is_in_the_glossary():
    glossaire = (RACINE / "docs" / "glossaire.md").read_text()
    absents = [
        modele.__name__
        for modele in apps.get_models()
        if modele._meta.app_config.name.startswith("socle.")
        and f"**{modele.__name__}**" not in glossaire
    ]
    assert absents == []


def test_every_setting_is_documented():
    reglages = (RACINE / "docs" / "reference" / "reglages.md").read_text()
    source = (RACINE / "config" / "settings.py").read_text()
    noms = set(re.findall(r"env\.\w+\(\s*\"([A-Z0-9_]+)\"", source))
    noms |= set(re.findall(r"read_secret\(\s*\"([A-Z0-9_]+)\"", source))
    assert sorted(nom for nom in noms if f"`SOCLE_{nom}`" not in reglages) == []


@pytest.mark.django_db
def test_every_tenant_table_is_locked():
    """Deuxième serrure : sécurité par ligne active et forcée, une politique par rôle."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relrowsecurity AND relforcerowsecurity ORDER BY relname"
        )
        fermees = {ligne[0] for ligne in curseur.fetchall()}
        curseur.execute("SELECT tablename, qual FROM pg_policies WHERE roles = '{socle_app}'")
        politiques = dict(curseur.fetchall())
    tables = list_tables_de_collectivite()
    assert len(tables) > 15
    assert [table for table in tables if table not in fermees] == []
    assert [table for table in tables if " OR " in politiques[table]] == []


def test_tenant_models_share_one_base():
    """Une table de collectivité vient de la même base, sauf les projections déclarées ici."""
    a_part = {
        "DossierDeLaPersonne", "Compteur", "Mesure", "Entree", "Tete", "Arbre", "Noeud",
        "FournisseurIdentite", "Logo", "Message", "Mot",
    }  # fmt: skip
    hors_base = {
        modele.__name__
        for modele in apps.get_models()
        if modele._meta.db_table in list_tables_de_collectivite()
        and not issubclass(modele, ObjetDeCollectivite)
    }
    assert hors_base - a_part == set()


def test_unique_constraints_of_tenant_tables_start_with_the_tenant():
    fautives = [
        f"{modele.__name__}.{contrainte.name}"
        for modele in apps.get_models()
        if issubclass(modele, ObjetDeCollectivite)
        for contrainte in modele._meta.constraints
        if isinstance(contrainte, models.UniqueConstraint)
        and "collectivite" not in (contrainte.fields or ("collectivite",))
    ]
    assert fautives == []


def test_committed_files_name_no_registry():
    motif = re.compile(r"https?://[^\s\"')]*(pypi|registry|simple/|npmjs)", re.IGNORECASE)
    trouves = [
        str(fichier.relative_to(RACINE))
        for fichier in list_fichiers()
        if fichier.suffix in {".lock", ".toml", ".txt", ".json"}
        and motif.search(fichier.read_text())
    ]
    assert trouves == []


HORLOGE = {"now", "today", "utcnow", "time", "time_ns", "localtime", "gmtime"}


def list_lectures_d_horloge(source: str) -> list[int]:
    """Lignes qui lisent l’heure : `datetime.now`, `date.today`, `time.time`, ou leur import."""
    lignes = []
    for noeud in ast.walk(ast.parse(source)):
        if isinstance(noeud, ast.ImportFrom) and noeud.module == "time":
            lignes += [noeud.lineno for alias in noeud.names if alias.name in HORLOGE]
        if isinstance(noeud, ast.Attribute) and noeud.attr in HORLOGE:
            objet = ast.unparse(noeud.value).rpartition(".")[2]
            lignes += [noeud.lineno] if objet in {"time", "date", "datetime"} else []
    return sorted(lignes)


def test_every_norme_says_its_purpose_its_entries_and_its_texts():
    muettes = []
    for fichier in sorted(SOURCES.glob("normes/*/__init__.py")):
        texte = ast.get_docstring(ast.parse(fichier.read_text())) or ""
        dits = {mot.rstrip("s") for mot in re.findall(r"^(\w+)[\w ,]*\s:\s", texte, re.MULTILINE)}
        if "Entrée" not in dits or not dits & {"Texte", "Norme"}:
            muettes.append(fichier.parent.name)
    assert muettes == []


def test_normes_read_no_clock():
    fautifs = (
        "import datetime as d\nd.datetime.now()\nfrom datetime import date\njour = date.today\n"
    )
    assert list_lectures_d_horloge(fautifs + "import time\ntime.time()\n") == [2, 4, 6]
    lues = {
        str(fichier.relative_to(SOURCES)): lignes
        for fichier in (SOURCES / "normes").rglob("*.py")
        if (lignes := list_lectures_d_horloge(fichier.read_text(encoding="utf-8")))
    }
    assert lues == {}
