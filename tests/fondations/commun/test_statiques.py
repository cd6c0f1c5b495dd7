"""Fichiers statiques du dépôt : à jour, légers, sans origine tierce, licences jointes."""

import gzip
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from socle.fondations.commun.management.commands.assembler_statiques import (
    LIVRES,
    PAQUETS,
    POLICE,
    STATIQUES,
    compute_empreinte_sources,
)

RACINE = Path(__file__).resolve().parents[3]
ETAGES = ("fondations", "metiers", "connecteurs", "interfaces")  # les simulateurs ont leur allure
CSS = (STATIQUES / "socle.css").read_text()
PAGE_MAX, POLICE_MAX, REQUETES_MAX = 60_000, 40_000, 8


def list_gabarits() -> list[Path]:
    return [g for e in ETAGES for g in RACINE.glob(f"src/socle/{e}/**/templates/**/*.html")]


def compress(octets: bytes) -> int:
    return len(gzip.compress(octets, 9))


def test_feuille_was_compiled_from_the_sources_of_today():
    """Sinon : ./socle gerer assembler_statiques."""
    assert f"Sources : {compute_empreinte_sources()} */" in CSS


def test_feuille_asks_for_nothing_outside_the_installation():
    """Seules adresses permises : la police, et les images dessinées dans la feuille (aucune)."""
    assert re.findall(r"url\(([^)]*)\)", CSS) == [f'"polices/{POLICE}"']
    assert "@import" not in CSS
    assert "http" not in CSS.split("*/", 1)[1].replace("href^=http", "")


def test_htmx_is_the_pinned_version_and_holds_no_map():
    htmx = (STATIQUES / "htmx.min.js").read_text()

    assert f'version:"{PAQUETS["htmx.org"]}"' in htmx
    assert "sourceMappingURL" not in htmx


@pytest.mark.parametrize("paquet", LIVRES)
def test_licence_of_each_paquet_is_given(paquet):
    licences = (STATIQUES / "LICENCES.txt").read_text()

    assert f"{paquet} {PAQUETS[paquet]}" in licences
    assert "SIL OPEN FONT LICENSE" in licences


def test_first_visit_fits_the_budget(client):
    page = client.get("/composants/").content
    html = BeautifulSoup(page, "html.parser")
    fichiers = [html.find("link", href=re.compile("socle.css"))["href"]]
    fichiers += [script["src"] for script in html.select("script[src]")]
    fichiers = [fichier.split("?")[0] for fichier in fichiers]
    poids = compress(page) + compress(
        client.get(html.select_one('link[href^="/theme/"]')["href"]).content
    )
    poids += sum(compress((STATIQUES / f.removeprefix("/static/")).read_bytes()) for f in fichiers)
    demandes = {
        html.select_one("link[rel=preload]")["href"],
        html.select_one("link[rel=icon]")["href"],
    }
    demandes |= {"page", "theme", "logo", *fichiers}

    assert poids <= PAGE_MAX
    assert (STATIQUES / "polices" / POLICE).stat().st_size <= POLICE_MAX
    assert len(demandes) <= REQUETES_MAX


def test_script_stays_small_and_safe():
    script = (STATIQUES / "js" / "socle.js").read_text()

    assert len(script.splitlines()) <= 350
    assert not re.search(
        r"\b(eval|innerHTML|outerHTML|document\.write|insertAdjacentHTML)\b", script
    )


def test_every_classe_used_in_a_gabarit_exists_in_the_feuille():
    """Une classe inventée ne fait rien, et personne ne s’en aperçoit."""
    connues = set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", CSS))
    inconnues = set()
    for gabarit in list_gabarits():
        for attribut in re.findall(r'class="((?:{[%{].*?[%}]}|[^"])*)"', gabarit.read_text()):
            # Ni ce que Django remplira, ni ce que « %(nom)s » remplira.
            for classe in re.sub(r"[\w-]*{[%{].*?[%}]}[\w-]*|%\(\w+\)s", " ", attribut).split():
                if classe not in connues:
                    inconnues.add(f"{gabarit.name} : {classe}")

    assert not inconnues


def test_gabarits_hold_no_inline_script_nor_style():
    fautes = [
        gabarit.name
        for gabarit in list_gabarits()
        if "courriel" not in str(gabarit)
        and gabarit.name != "imprime.html"  # un fichier à garder, qui porte son style avec lui
        and re.search(
            r"\son\w+=|\sstyle=|<style|<script(?![^>]*(\ssrc=|application/json))|hx-on|hx-vals|hx-boost",
            gabarit.read_text(),
        )
    ]

    assert fautes == []
