"""La démonstration entière, en vrais processus : jouée une fois, rejouée, restaurée, cassée."""

import contextlib
import csv
import io
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

from socle.serveur.banc.processus import list_arbre
from socle.serveur.base import open_base
from socle.serveur.demo.contexte import SORTIES
from socle.serveur.demo.etapes import ADRESSES, ETAPES, list_identites
from socle.serveur.demo.navigateur import Navigateur
from socle.serveur.demo.usager import consent
from socle.serveur.dossier import DossierDonnees
from socle.serveur.ports import find_port_libre
from socle.serveur.postgres.roles import connect
from socle.serveur.preuve import main as preuve
from socle.serveur.sauvegarde.base_sql import count_lignes
from tests.serveur.outils import RACINE, is_running, run_socle, wait_until

pytestmark = [pytest.mark.lent, pytest.mark.timeout(500)]
# Ce que rejouer n’ajoute jamais : demandes, pièces, versements, courriels, avis, démarches.
UNE_FOIS = (
    "dossiers_dossier", "documents_document", "archivage_versement", "notifications_envoi",
    "demarches_demarche", "demarches_version", "comptes_compte", "comptes_adhesion",
)  # fmt: skip
CHANGEMENTS = (
    "update collectivites_collectivite set telephone = '01 99 99 99 99' where slug = 'clamart'",
    "update demarches_demarche set titre = 'Autrement' where chemin = 'cantine-scolaire'",
)
LIRE_CHANGEMENTS = (
    "select telephone from collectivites_collectivite where slug = 'clamart'",
    "select titre from demarches_demarche where chemin = 'cantine-scolaire'",
)
ATTENDUS = ["01 99 99 99 99", "Autrement"]
# Une requête servie, dans le journal : sa méthode et sa route.
REQUETE = re.compile(r'"evenement": "requete"[^{}]*?"methode": "(\w+)", "route": "([^"]*)"')
# Tout ce que rejouer envoie : se connecter (chez nous, chez le simulateur), ouvrir la décision.
ENVOIS_DU_REJEU = {
    "comptes:depart",
    "socle.fondations.commun.relais.relay",
    "dossiers:lire_decision",
}


def play(donnees: Path, *options: str, **env: str) -> subprocess.CompletedProcess[str]:
    port = str(find_port_libre())
    return run_socle("demo", "--donnees", str(donnees), "--port", port, "--json", *options, env=env)


def read_json(essai: subprocess.CompletedProcess[str]) -> dict:
    return json.loads(essai.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def jouee() -> Iterator[tuple[Path, dict, str]]:
    """La première démonstration, sans terminal : elle finit d’elle-même. Dossier, JSON, récit."""
    racine = Path(tempfile.mkdtemp(prefix="socle-demo-"))
    racine.chmod(0o711)
    essai = play(racine / "donnees", SOCLE_NIVEAU_JOURNAL="INFO")
    assert essai.returncode == 0, essai.stderr[-2000:]
    assert "Le site est ouvert" not in essai.stderr
    assert "Communes de France chargées." in essai.stderr  # au premier départ, par le serveur
    yield racine / "donnees", read_json(essai), essai.stderr
    shutil.rmtree(racine, ignore_errors=True)


def list_lieux(sorties: dict, donnees: Path, port: int | str) -> dict[str, str]:
    """Où une personne trouve chaque sortie : l’adresse du dossier, le chemin de chaque fichier."""
    dossier = f"http://localhost:{port}/c/clamart/dossiers/{sorties['dossier_numero']}/"
    fichiers = {
        nom: str(donnees / "demonstration" / Path(chemin).name)
        for nom, chemin in sorties.items()
        if nom != "dossier_numero"
    }
    return {"dossier_numero": dossier} | fichiers


@pytest.fixture
def copie(jouee: tuple[Path, dict], dossier: Path) -> Path:
    """La même installation, à changer sans crainte."""
    subprocess.run(["cp", "-a", str(jouee[0]), str(dossier / "donnees")], check=True)
    return dossier / "donnees"


def test_last_line_tells_each_step_and_the_seven_outputs_open(jouee, capsys):
    donnees, objet, dit = jouee
    sorties = objet["sorties"]
    [port] = re.findall(r"http://localhost:(\d+)$", dit, re.MULTILINE)
    lieux = list_lieux(sorties, donnees, port)

    assert {nom: lieu for nom, lieu in lieux.items() if lieu not in dit.split()} == {}
    assert {nom: str(sorties[nom]) for nom in lieux} == lieux | {
        "dossier_numero": str(sorties["dossier_numero"])
    }

    assert sorted(objet) == ["etapes", "sorties", "version"]
    assert [e["nom"] for e in objet["etapes"]] == ["service démarré", *(e.nom for e in ETAPES)]
    assert [e for e in objet["etapes"] if not e["ok"] or e["secondes"] <= 0] == []
    assert list(sorties) == list(SORTIES)
    numero = sorties["dossier_numero"]
    assert isinstance(numero, int)
    for nom in ("accuse_pdf", "decision_pdf"):
        with pikepdf.open(sorties[nom]) as pdf:
            assert len(pdf.pages) >= 1, nom
    for nom in ("sip_zip", "preuve_zip"):
        with zipfile.ZipFile(sorties[nom]) as paquet:
            assert paquet.testzip() is None, nom
    assert preuve(["verifier", sorties["preuve_zip"]]) == 0
    texte = Path(sorties["export_csv"]).read_text("utf-8-sig")
    lignes = list(csv.reader(io.StringIO(texte), delimiter=";"))
    assert sum(str(numero) in ligne for ligne in lignes) == 1
    with contextlib.closing(load_workbook(sorties["export_xlsx"], read_only=True)) as classeur:
        assert len(list(classeur.worksheets[0].iter_rows())) == len(lignes)


class Terminal:
    """Une démonstration lancée dans un vrai terminal, lu au fil de l’eau."""

    def __init__(self, *options: str) -> None:
        self.lu = b""
        self.pid, self.bout = pty.fork()
        if self.pid == 0:
            os.chdir(RACINE)
            os.execv(
                sys.executable, [sys.executable, "-P", "-m", "socle.serveur", "demo", *options]
            )

    def read_until(self, phrase: str) -> str:
        """Lit jusqu’à cette phrase, ou jusqu’à la fin ; rend tout depuis le début."""
        with contextlib.suppress(OSError):  # le dernier qui l’avait ouvert a fermé le terminal
            while phrase.encode() not in self.lu:
                self.lu += os.read(self.bout, 65536)
        return self.lu.decode().replace("\r\n", "\n")

    def wait(self) -> tuple[int, str]:
        """Lit jusqu’à la fin ; rend le code de sortie et tout le texte."""
        texte = self.read_until("\0")
        os.close(self.bout)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]), texte


def change_comme_une_personne(donnees: Path) -> None:
    with open_base(DossierDonnees(donnees)) as base, connect(base.acces.proprietaire_url) as lien:
        for changement in CHANGEMENTS:
            assert lien.execute(changement).rowcount == 1, changement


def read_etat(donnees: Path) -> tuple[dict[str, int], list[object]]:
    """Combien il y a de chaque chose, et ce qu’une personne avait changé."""
    with open_base(DossierDonnees(donnees)) as base, connect(base.acces.proprietaire_url) as lien:
        nombres = count_lignes(lien)
        changes = [lien.execute(lecture).fetchone()[0] for lecture in LIRE_CHANGEMENTS]
    return {table: nombres[table] for table in UNE_FOIS}, changes


def check_accueil(adresse: str) -> None:
    """L’accueil est « Le programme » : quatre axes, et les trois premières actions de chacun."""
    page = BeautifulSoup(urllib.request.urlopen(adresse).read(), "html.parser")
    liens = {lien["href"]: lien.text.strip() for lien in page.select("article.axe a[href]")}
    rangs = range(1, 5)
    axes = {f"/programme/axe/2018-2020-{axe}/" for axe in rangs}
    actions = {f"/programme/action/2018-2020-{axe}-{n}/" for axe in rangs for n in (1, 2, 3)}

    assert page.title.text.startswith("Le programme")
    assert "4 axes, 20 actions" in page.select_one("#t-axes").text
    assert sorted((axes | actions) - set(liens)) == []
    assert liens["/programme/action/2018-2020-1-1/"] == "FranceConnect sur les portails"


def check_dossier(adresse: str) -> None:
    """L’usagère ouvre son dossier à l’adresse que la démonstration a dite."""
    origine, _, chemin = adresse.partition("/c/")
    visiteuse = Navigateur(origine)
    with contextlib.closing(visiteuse):
        visiteuse.open(f"/c/clamart/connexion/?suite=/c/{chemin}")
        visiteuse.submit(action="connexion/franceconnect")
        consent(visiteuse)
        assert visiteuse.adresse == adresse
        assert "Accusé de réception (PDF)" in visiteuse.texte


def test_next_runs_in_a_terminal_serve_until_ctrl_c_and_change_nothing(jouee, copie, monkeypatch):
    change_comme_une_personne(copie)
    avant = read_etat(copie)
    port = find_port_libre()
    options = ("--donnees", str(copie), "--port", str(port))
    lieux = list_lieux(jouee[1]["sorties"], copie, port)
    dossier, *fichiers = lieux.values()
    for fichier in fichiers:
        Path(fichier).unlink()

    terminal = Terminal(*options)
    dit = terminal.read_until("Ctrl-C)")
    familles = list_arbre(terminal.pid)
    for _nom, chemin in ADRESSES:
        assert f"http://localhost:{port}{chemin}" in dit
        assert urllib.request.urlopen(f"http://localhost:{port}{chemin}").status == 200
    check_accueil(f"http://localhost:{port}/")
    assert [lieu for lieu in lieux.values() if lieu not in dit.split()] == []
    assert [fichier for fichier in fichiers if not Path(fichier).stat().st_size] == []
    check_dossier(dossier)
    assert [ligne for ligne in list_identites() if ligne not in dit] == []
    os.write(terminal.bout, b"\x03")
    code, dit = terminal.wait()

    assert (code, dit.count("✗"), dit.count("Traceback")) == (0, 0, 0), dit
    assert "Arrêt…" in dit
    assert len(familles) > 5
    assert wait_until(lambda: not any(is_running(pid) for pid in familles))
    monkeypatch.setenv("SOCLE_NIVEAU_JOURNAL", "INFO")
    code, dit = Terminal(*options, "--sans-serveur", "--json").wait()
    assert code == 0, dit
    check_moindre_travail(premiere=jouee[2], suivante=dit)
    assert "Le site est ouvert" not in dit
    objet = json.loads(dit.splitlines()[-1])
    assert objet["sorties"]["dossier_numero"] == jouee[1]["sorties"]["dossier_numero"]
    assert [nom for nom, sortie in objet["sorties"].items() if sortie is None] == []
    assert read_etat(copie) == avant
    assert avant[1] == ATTENDUS


def check_moindre_travail(*, premiere: str, suivante: str) -> None:
    """Rejouer lit, et n’envoie presque rien. Compté, pas chronométré : la durée est au banc."""
    avant, apres = REQUETE.findall(premiere), REQUETE.findall(suivante)

    assert {route for methode, route in apres if methode == "POST"} == ENVOIS_DU_REJEU
    assert "dossiers:deposer" in {route for _, route in avant}
    assert len(apres) * 3 < len(avant) * 2
    assert premiere.count('"evenement": "courriel"') > 10
    assert suivante.count('"evenement": "courriel"') == 0
    for reprise in ("rien n’est refait", "déjà demandée", "déjà corrigé", "déjà décidé"):
        assert (premiere.count(reprise), suivante.count(reprise)) == (0, 1), reprise


def test_failed_step_is_named_and_gives_status_one(copie):
    """Là où va le paquet d’archives, un dossier : il ne peut pas être écrit."""
    versement = copie / "demonstration" / "versement.zip"
    versement.unlink()
    versement.mkdir()

    essai = play(copie)

    objet = read_json(essai)
    assert essai.returncode == 1
    assert (objet["etapes"][-1]["nom"], objet["etapes"][-1]["ok"]) == (
        "versement SEDA contrôlé",
        False,
    )
    assert [etape["ok"] for etape in objet["etapes"][:-1]] == [True] * (len(objet["etapes"]) - 1)
    assert objet["sorties"]["sip_zip"] is None
    assert "Traceback" not in essai.stderr


def test_demonstration_survives_a_restore(jouee, dossier):
    """La chaîne entière, sauvegardée, restaurée ailleurs, rejouée sur un autre port."""
    env = {"SOCLE_PHRASE": "cantine quotient mairie clamart"}
    archive, apres = str(dossier / "demo.zip"), dossier / "apres"

    gardee = run_socle("sauvegarder", archive, "--donnees", str(jouee[0]), "--avec-cles", env=env)
    rendue = run_socle("restaurer", archive, "--donnees", str(apres), env=env)
    essai = play(apres)

    assert (gardee.returncode, rendue.returncode) == (0, 0), gardee.stderr + rendue.stderr
    assert essai.returncode == 0, essai.stderr[-2000:]
    # L’histoire a suivi la sauvegarde : rien n’est déposé deux fois.
    assert read_json(essai)["sorties"]["dossier_numero"] == jouee[1]["sorties"]["dossier_numero"]
