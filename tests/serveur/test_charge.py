"""Un vrai `./socle servir` sous charge : base arrêtée puis relancée, fichier de 200 Mo."""

import contextlib
import hashlib
import http.client
import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from socle.serveur.banc import points
from socle.serveur.banc.client import Navigateur
from socle.serveur.banc.formulaire import build_reponses
from socle.serveur.banc.processus import list_arbre
from socle.serveur.banc.serveur import ServeurMesure, start_serveur
from socle.serveur.dossier import DossierDonnees
from socle.serveur.errors import ErreurServeur
from socle.serveur.ports import ask_sante
from tests.serveur.outils import wait_until

pytestmark = [pytest.mark.lent, pytest.mark.timeout(600)]
MO = 1024 * 1024
POIDS = 200_000_000
MEMOIRE_DE_PLUS = 64.0  # Mio, pour tout le service : le fichier en pèse 200
FILS, DUREE, ARRETS = 4, 25.0, 3
PROPRES = {200, 302, 303, 404, 503}
INCOHERENTS = """
select count(*) from dossiers_dossier d where d.etat <> 'brouillon' and (
  (select count(*) from dossiers_evenement e
     where e.dossier_id = d.numero and e.fait = 'depose') <> 1
  or (select count(*) from journal_entree j
     where j.objet = 'dossier:' || d.numero and j.action = 'dossier.depose') <> 1
  or d.accuse_id is null and not exists (select 1 from procrastinate_jobs t
     where t.task_name = 'dossiers.emettre_accuse' and t.args ->> 'numero' = d.numero::text))
"""


@pytest.fixture
def serveur(dossier) -> Iterator[ServeurMesure]:
    donnees = DossierDonnees.choose(str(dossier / "donnees"))
    with start_serveur(donnees) as serveur:
        points.prepare(serveur, 0)
        yield serveur


def find_pids(serveur: ServeurMesure, nom: str) -> list[int]:
    trouves = []
    for pid in list_arbre(serveur.pid):
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/comm").read_text().strip() == nom:
                trouves.append(pid)
    return trouves


# La base s’arrête et revient ---------------------------------------------------------------------
@dataclass
class Charge:
    """Ce qu’ont reçu des personnes qui déposent et lisent sans cesse."""

    port: int
    statuts: Counter[int] = field(default_factory=Counter)
    pages: list[str] = field(default_factory=list)
    deposes: list[str] = field(default_factory=list)
    fini: threading.Event = field(default_factory=threading.Event)

    def run(self, rang: int) -> None:
        tour = 0
        while not self.fini.is_set():
            tour += 1
            with contextlib.closing(Guetteur(self)) as navigateur:
                with contextlib.suppress(OSError, http.client.HTTPException, ErreurServeur):
                    points.file_demande(navigateur, rang * 1000 + tour)
                    self.deposes.append(navigateur.marque)
                with contextlib.suppress(OSError, http.client.HTTPException, ErreurServeur):
                    navigateur.get(f"{points.RACINE}/")


class Guetteur(Navigateur):
    """Note chaque statut reçu, et garde les pages de panne."""

    def __init__(self, charge: Charge) -> None:
        super().__init__(charge.port)
        self.charge = charge

    def _send(self, *arguments):
        reponse, contenu = super()._send(*arguments)
        self.charge.statuts[reponse.status] += 1
        if reponse.status >= 500:
            self.charge.pages.append(contenu.decode(errors="replace"))
        return reponse, contenu


def test_base_stopped_and_restarted_under_load(serveur):
    """Trois arrêts nets de PostgreSQL : 503 propres, rien à moitié déposé, puis tout reprend."""
    charge = Charge(serveur.port)
    fils = [threading.Thread(target=charge.run, args=(rang,)) for rang in range(FILS)]
    for fil in fils:
        fil.start()
    for _ in range(ARRETS):
        time.sleep(DUREE / (ARRETS + 1))
        os.kill(find_pids(serveur, "postgres")[0], signal.SIGKILL)
        assert wait_until(lambda: ask_sante(serveur.port).get("statut") == 503, 10)
        assert wait_until(lambda: ask_sante(serveur.port).get("statut") == 200, 60)
    avant = len(charge.deposes)
    assert wait_until(lambda: len(charge.deposes) > avant + FILS, 60), "rien ne reprend"
    charge.fini.set()
    for fil in fils:
        fil.join(90)

    assert not [fil for fil in fils if fil.is_alive()]
    assert set(charge.statuts) <= PROPRES, charge.statuts
    assert charge.statuts[503] > 0, charge.statuts
    assert all("Ce n’est pas de votre fait" in page for page in charge.pages)
    with psycopg.connect(serveur.base.acces.proprietaire_url) as connexion:
        assert connexion.execute(INCOHERENTS).fetchone() == (0,)
        gardes = connexion.execute(
            "select count(*) from dossiers_dossier where etat <> 'brouillon'"
        ).fetchone()
    assert gardes[0] >= len(charge.deposes) > FILS  # tout dépôt confirmé est là


# Deux cents mégaoctets ---------------------------------------------------------------------------
class Corps:
    """Formulaire de 200 Mo, produit au fil de l’envoi ; garde l’empreinte du fichier."""

    def __init__(self, limite: str, champs: dict[str, str], nom: str) -> None:
        self.somme = hashlib.sha256()
        self.tete = (
            b"".join(
                f'--{limite}\r\nContent-Disposition: form-data; name="{c}"\r\n\r\n{v}\r\n'.encode()
                for c, v in champs.items()
            )
            + (
                f'--{limite}\r\nContent-Disposition: form-data; name="{nom}"; '
                'filename="plan.pdf"\r\n'
                "Content-Type: application/pdf\r\n\r\n"
            ).encode()
        )
        self.queue = f"\r\n--{limite}--\r\n".encode()
        self.longueur = len(self.tete) + POIDS + len(self.queue)

    def __iter__(self) -> Iterator[bytes]:
        yield self.tete
        reste, premier = POIDS, b"%PDF-1.7\n"
        while reste:
            morceau = (premier + os.urandom(MO))[: min(MO, reste)]
            premier = b""
            self.somme.update(morceau)
            reste -= len(morceau)
            yield morceau
        yield self.queue


def test_200_megabytes_pass_in_constant_memory(serveur):
    """Du navigateur au disque, par granian, Django et la vue d’une étape."""
    navigateur = Navigateur(serveur.port)
    etape = points.open_brouillon(navigateur)
    champs = {**etape.read_caches("data-saisie"), **build_reponses(1), "_action": "continuer"}
    corps = Corps("limite-de-l-essai", champs, "plan")
    web = find_pids(serveur, "socle-web")
    repos = measure(web)
    pics = [repos]
    fini = threading.Event()

    def watch() -> None:
        while not fini.wait(0.05):
            pics.append(measure(web))

    fil = threading.Thread(target=watch)
    fil.start()
    connexion = http.client.HTTPConnection("127.0.0.1", serveur.port, timeout=300)
    connexion.request(
        "POST", etape.adresse, body=iter(corps),
        headers={
            "Host": f"localhost:{serveur.port}", "Origin": f"http://localhost:{serveur.port}",
            "Content-Type": "multipart/form-data; boundary=limite-de-l-essai",
            "Content-Length": str(corps.longueur), "X-Forwarded-For": navigateur.adresse,
            "Cookie": "; ".join(f"{nom}={valeur}" for nom, valeur in navigateur.cookies.items()),
        },
    )  # fmt: skip
    reponse = connexion.getresponse()
    texte = reponse.read().decode(errors="replace")
    for ouverte in (connexion, navigateur):
        ouverte.close()
    fini.set()
    fil.join()

    erreurs = re.findall(r'class="invalid-feedback[^>]*>(.*?)</', texte, re.DOTALL)
    assert (reponse.status, erreurs) == (302, [])
    assert reponse.getheader("Location").endswith("/resume/")
    assert len(pics) > 5
    assert max(pics) - repos < MEMOIRE_DE_PLUS, f"{repos:.0f} puis {max(pics):.0f} Mio"
    with psycopg.connect(serveur.base.acces.proprietaire_url) as lecture:
        rangee = lecture.execute("select taille, sha256 from documents_document").fetchall()
    assert rangee == [(POIDS, corps.somme.hexdigest())]


def measure(pids: list[int]) -> float:
    """Mémoire propre et partagée (PSS) de ces processus, en Mio."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            texte = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += int(re.search(r"^Pss:\s+(\d+)", texte, re.MULTILINE)[1])
    return total / 1024
