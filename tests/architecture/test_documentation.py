"""La documentation dit vrai : pages à jour, liens qui mènent quelque part, mots permis."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from socle.fondations.commun.management.commands import documenter

RACINE = Path(__file__).resolve().parents[2]
LIEN = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.DOTALL | re.MULTILINE)
TITRE = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
POIDS_IMAGE = 150_000  # octets
INTERDITS = {
    "dépôt de paquets": r"pypi\.org|registry\.npmjs|//[\w.-]*(pypi|registry)[\w.-]*/",
    "chemin d’une machine": r"(?<![\w.<])/(?:work|home|root|Users)/[\w./-]+",
}
# Un chemin de serveur peut être un exemple : on le dit ici.
PERMIS = {"/root/franceconnect.secret", "/root/proconnect.secret"}


def list_pages() -> list[Path]:
    sortie = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=RACINE, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return [RACINE / ligne for ligne in sortie.splitlines() if (RACINE / ligne).is_file()]


def make_ancre(titre: str) -> str:
    """Rend l’ancre que les forges donnent à un titre."""
    sans_signe = re.sub(r"[^\w\- ]", "", titre.strip().lower())
    return sans_signe.replace(" ", "-")


def find_lien_mort(page: Path, lien: str) -> str:
    """Rend ce qui ne va pas dans un lien, ou une chaîne vide."""
    if re.match(r"[a-z]+:", lien):
        return ""
    chemin, _, ancre = lien.partition("#")
    cible = (page.parent / chemin).resolve() if chemin else page
    if not cible.is_relative_to(RACINE) or not cible.exists():
        return f"{page.relative_to(RACINE)} : {lien}"
    if ancre and cible.suffix == ".md":
        ancres = {make_ancre(titre) for titre in TITRE.findall(cible.read_text())}
        if ancre not in ancres:
            return f"{page.relative_to(RACINE)} : {lien}"
    return ""


def test_generated_pages_are_up_to_date():
    call_command("documenter", verifier=True)


def test_stale_page_is_named(settings, tmp_path):
    settings.RACINE = tmp_path
    (tmp_path / "docs" / "reference").mkdir(parents=True)
    call_command("documenter", verbosity=0)
    (tmp_path / "docs" / "reference" / "droits.md").write_text("périmé")

    with pytest.raises(CommandError, match=r"droits\.md"):
        call_command("documenter", verifier=True)


def test_rights_follow_what_the_views_say():
    droits = documenter.build_pages()["droits.md"]
    lignes = {ligne.split("`")[1]: ligne for ligne in droits.splitlines() if ligne[:3] == "| `"}

    assert lignes["/agent/archives/"].count("●") == 1
    assert lignes["/espace/messages/"].count("●") == 1
    assert lignes["/demarches/<chemin>/"].count("●") == 8


@pytest.mark.parametrize(("fichier", "limite"), [("README.md", 150), ("CONTRIBUER.md", 100)])
def test_first_pages_stay_short(fichier, limite):
    assert len((RACINE / fichier).read_text().splitlines()) <= limite


def test_english_summary_and_works_in_progress_stay_short():
    _, anglais = (RACINE / "README.md").read_text().split("## In English\n")
    assert len(anglais.strip().splitlines()) == 10
    chantiers = (RACINE / "docs" / "chantiers.md").read_text().split("|---", 1)[1]
    assert 0 < len(chantiers.strip().splitlines()) - 1 <= 10


def test_decisions_stay_short_and_say_why():
    decisions = sorted((RACINE / "docs" / "decisions").glob("*.md"))
    assert [d.name for d in decisions if len(d.read_text().splitlines()) > 40] == []
    for titre in ("## Contexte", "## Choix", "## Conséquences"):
        assert [d.name for d in decisions if titre not in d.read_text()] == []


def test_every_internal_link_leads_somewhere():
    morts = [
        mort
        for page in list_pages()
        for lien in LIEN.findall(CODE.sub("", page.read_text()))
        if (mort := find_lien_mort(page, lien))
    ]
    assert morts == []


def test_every_page_of_docs_is_in_the_index():
    index = (RACINE / "docs" / "README.md").read_text()
    oubliees = [
        str(page.relative_to(RACINE / "docs"))
        for page in list_pages()
        if page.is_relative_to(RACINE / "docs")
        and page.name != "README.md"
        and f"({page.relative_to(RACINE / 'docs')})" not in index
    ]
    assert oubliees == []


@pytest.mark.parametrize("nom", INTERDITS)
def test_pages_name_neither_registry_nor_machine(nom):
    trouves = [
        f"{page.relative_to(RACINE)} : {trouve}"
        for page in list_pages()
        for trouve in (m.group() for m in re.finditer(INTERDITS[nom], page.read_text()))
        if trouve not in PERMIS
    ]
    assert trouves == []


def test_source_files_named_in_the_docs_exist():
    """Un chemin de code cité entre accents graves existe encore."""
    prefixes = (
        "fondations",
        "metiers",
        "liaisons",
        "normes",
        "connecteurs",
        "simulateurs",
        "serveur",
    )
    motif = re.compile(rf"`((?:{'|'.join(prefixes)}|tests|config)/[\w./-]+\.py)`")
    perdus = [
        f"{page.relative_to(RACINE)} : {chemin}"
        for page in list_pages()
        for chemin in motif.findall(page.read_text())
        if not (RACINE / chemin).exists() and not (RACINE / "src/socle" / chemin).exists()
    ]
    assert perdus == []


def test_images_are_light():
    lourdes = [i.name for i in (RACINE / "docs/images").glob("*") if i.stat().st_size > POIDS_IMAGE]
    assert lourdes == []


def test_publiccode_is_complete_and_agrees_with_the_version():
    fiche = yaml.safe_load((RACINE / "publiccode.yml").read_text())
    version = re.search(
        r'^version = "(.+)"$', (RACINE / "pyproject.toml").read_text(), re.MULTILINE
    )

    assert fiche["publiccodeYmlVersion"] == "0.4"
    assert version is not None
    assert fiche["softwareVersion"] == version[1]
    obligatoires = {
        "name", "url", "platforms", "categories", "developmentStatus", "softwareType",
        "description", "legal", "maintenance", "localisation",
    }  # fmt: skip
    assert obligatoires - set(fiche) == set()
    for langue in ("fr", "en"):
        textes = fiche["description"][langue]
        assert len(textes["shortDescription"]) <= 150
        assert 150 <= len(textes["longDescription"]) <= 10_000
        assert textes["features"]
    assert all((RACINE / image).exists() for image in fiche["description"]["fr"]["screenshots"])


def test_licence_security_and_history_are_there_and_agree():
    """La licence MIT, la même partout ; où signaler une faille ; la version en cours."""
    projet = tomllib.loads((RACINE / "pyproject.toml").read_text())["project"]
    licence = (RACINE / "LICENSE").read_text()
    fiche = yaml.safe_load((RACINE / "publiccode.yml").read_text())

    assert licence.startswith("MIT License\n")
    for clause in ("free of charge", "without restriction", 'PROVIDED "AS IS"'):
        assert clause in licence.replace("\n", " "), clause
    assert fiche["legal"]["license"] == projet["license"] == "MIT"
    assert fiche["legal"]["mainCopyrightOwner"] in licence
    assert "](LICENSE)" in (RACINE / "README.md").read_text()
    assert "## Signaler une faille" in (RACINE / "SECURITE.md").read_text()
    assert f"## {projet['version']}" in (RACINE / "CHANGELOG.md").read_text()


def test_every_environment_variable_is_documented():
    """Réglages de `config` et de la ligne de commande ; les autres variables sont du système."""
    lus = re.compile(r"(?:env\.\w+\(|read_secret\()\s*\"([A-Z0-9_]+)\"")
    bruts = re.compile(r"environ(?:\.get\(|\[)\s*\"((?:SOCLE_|DATABASE_URL)[A-Z0-9_]*)\"")
    noms = {
        f"SOCLE_{nom}"
        for fichier in (RACINE / "config").glob("*.py")
        for nom in lus.findall(fichier.read_text())
    }
    for dossier in ("config", "src", "tests"):
        for fichier in (RACINE / dossier).rglob("*.py"):
            noms |= set(bruts.findall(fichier.read_text()))
    noms |= set(bruts.findall((RACINE / "socle").read_text()))
    reglages = (RACINE / "docs" / "reference" / "reglages.md").read_text()

    assert len(noms) > 30
    assert sorted(nom for nom in noms if f"`{nom}`" not in reglages) == []
