"""Tué net, à cinquante instants au hasard d’un dépôt : rien, ou tout ; et le brouillon est là."""

import contextlib
import hashlib
import http.client
import os
import random
import signal
import threading
import time
from pathlib import Path

import psycopg
import pytest

from socle.fondations.documents.models import build_chemin
from socle.serveur.banc import points
from socle.serveur.banc.client import Navigateur
from socle.serveur.banc.processus import list_arbre
from socle.serveur.banc.serveur import ServeurMesure, start_serveur
from socle.serveur.dossier import DossierDonnees
from socle.serveur.errors import ErreurServeur
from socle.serveur.ports import ask_sante

pytestmark = [pytest.mark.lent, pytest.mark.timeout(900)]
COUPURES, DEMARRAGES = 50, 10
GRAINE = 20261121
ETAT = """
select d.etat, d.reponses ->> 'courriel',
  (select count(*) from dossiers_evenement e where e.dossier_id = d.numero and e.fait = 'depose'),
  (select count(*) from journal_entree j
     where j.objet = 'dossier:' || d.numero and j.action = 'dossier.depose'),
  (select count(*) from procrastinate_jobs t
     where t.task_name = 'dossiers.emettre_accuse' and t.args ->> 'numero' = d.numero::text)
  + (d.accuse_id is not null)::int
from dossiers_dossier d where d.numero = %s
"""
CITES = """
select c #>> '{}' from dossiers_dossier d, jsonb_path_query(d.reponses, '$.**.document') c
where d.numero = %s
"""
PIECES = """
select id::text, collectivite_id, sha256, taille from documents_document
where objet = 'dossier:' || %s
"""
# Un envoi inscrit que nulle réponse ne cite : ce que laisse une mort entre les deux écritures.
INSCRIT_SEUL = """
create temp table seul as select * from documents_document limit 1;
update seul set id = gen_random_uuid(), objet = 'dossier:1';
insert into documents_document select * from seul;
update documents_document set depose_le = depose_le - interval '5 days';
"""
UTILES = """
select c #>> '{}' from dossiers_dossier d, jsonb_path_query(d.reponses, '$.**.document') c
union select accuse_id::text from dossiers_dossier where accuse_id is not null
"""
NETTOYER = """
from socle.fondations.commun.taches import periodiques
for quand in {dimanches}: periodiques["documents.nettoyer"](timestamp=quand)
"""
SEMAINE = 7 * 86_400
DIMANCHE = 3 * 86_400  # le 1er janvier 1970 était un jeudi


# Ce qui meurt à chaque démarrage, dans cet ordre : les ouvriers, une partie, puis le superviseur.
OUVRIERS, SUPERVISEUR = "socle-web", "superviseur"
PARTIES = ("postgres", "socle-taches", "socle-web en entier", "socle-atelier")


def kill(serveur: ServeurMesure, qui: str) -> None:
    """Tue -9, d’un coup. Le chef des ouvriers n’est tué qu’avec « en entier »."""
    if qui == SUPERVISEUR:
        os.kill(serveur.pid, signal.SIGKILL)
        return
    nom, _, entier = qui.partition(" ")
    trouves = [pid for pid in list_arbre(serveur.pid) if read_nom(pid) == nom]
    victimes = trouves[1:] if qui == OUVRIERS else trouves if entier else trouves[:1]
    assert victimes, f"aucun processus {nom}"
    for pid in victimes:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def read_nom(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


def wait_pret(serveur: ServeurMesure) -> None:
    limite = time.monotonic() + 90
    while time.monotonic() < limite:
        if ask_sante(serveur.port).get("statut") == 200:
            return
        time.sleep(0.05)
    raise AssertionError("le site n’est pas revenu en quatre-vingt-dix secondes")


def file_jusqu_a_la_coupure(navigateur: Navigateur, rang: int) -> None:
    """Joue un dépôt ; la coupure le surprend où elle veut."""
    with contextlib.suppress(
        OSError, http.client.HTTPException, ErreurServeur, AssertionError, IndexError
    ):
        points.file_demande(navigateur, rang)


def read(serveur: ServeurMesure, sql: str, *parametres: object) -> list[tuple[object, ...]]:
    """Lit par une connexion neuve : celle du banc est morte avec la base.

    Une base tuée laisse un instant ses processus répondre au site : l’attendre de retour.
    """
    limite = time.monotonic() + 90
    while True:
        try:
            with psycopg.connect(serveur.base.acces.proprietaire_url) as connexion:
                return connexion.execute(sql, parametres or None).fetchall()
        except psycopg.OperationalError:
            if time.monotonic() > limite:
                raise
            time.sleep(0.1)


def test_killed_server_leaves_nothing_or_everything(dossier):
    """Dix démarrages, cinq coupures chacun : au-delà, le superviseur espace les relances."""
    hasard = random.Random(GRAINE)
    etats = {"brouillon": 0, "en_construction": 0, "rien": 0}
    donnees = DossierDonnees.choose(str(dossier / "donnees"))
    surpris: list[Navigateur] = []
    for depart in range(DEMARRAGES):
        with start_serveur(donnees) as serveur:
            if depart == 0:
                points.prepare(serveur, 0)
            for navigateur in surpris:  # par la mort du superviseur, au démarrage d’avant
                etats[check_dossier(serveur, navigateur)] += 1
            partie = PARTIES[depart % len(PARTIES)]
            for rang, qui in enumerate((OUVRIERS, OUVRIERS, OUVRIERS, partie)):
                instant = hasard.uniform(0.0, 0.25)
                navigateur = cut_depot(serveur, depart * 100 + rang, instant, qui)
                etats[check_dossier(serveur, navigateur)] += 1
            instant = hasard.uniform(0.0, 0.25)
            surpris = [cut_depot(serveur, depart * 100 + 9, instant, SUPERVISEUR)]
    with start_serveur(donnees) as serveur:
        etats[check_dossier(serveur, surpris[0])] += 1
        check_nettoyage(serveur)
    assert sum(etats.values()) == COUPURES
    assert etats["brouillon"] > 0, etats
    assert etats["en_construction"] > 0, etats


def cut_depot(serveur: ServeurMesure, rang: int, instant: float, qui: str) -> Navigateur:
    """Lance un dépôt et tue `qui` `instant` secondes plus tard."""
    wait_pret(serveur)
    navigateur = Navigateur(serveur.port)
    fil = threading.Thread(target=file_jusqu_a_la_coupure, args=(navigateur, rang))
    fil.start()
    time.sleep(instant)
    kill(serveur, qui)
    fil.join(90)
    assert not fil.is_alive()
    navigateur.close()
    return navigateur


def check_dossier(serveur: ServeurMesure, navigateur: Navigateur) -> str:
    """Vérifie le dossier surpris : entier, ou brouillon que l’usager retrouve."""
    wait_pret(serveur)
    numero = navigateur.marque.partition("/dossiers/")[2].partition("/")[0]
    if not numero:
        return "rien"
    [(etat, courriel, evenements, preuves, accuses)] = read(serveur, ETAT, int(numero))
    cites = check_pieces(serveur, int(numero))
    if etat == "brouillon":
        assert (evenements, preuves, accuses) == (0, 0, 0)
        with contextlib.closing(Navigateur(serveur.port)) as page:
            page.cookies = dict(navigateur.cookies)
            retour = page.get(f"{points.RACINE}/dossiers/{numero}/etape/1/")
        assert retour.statut == 200
        assert courriel is None or courriel in retour.texte
    else:
        assert (etat, evenements, preuves) == ("en_construction", 1, 1)
        assert accuses >= 1, "un dossier déposé sans accusé en file ni fait"
        assert len(cites) == 1, "un dossier déposé sans sa pièce"
    return str(etat)


def check_pieces(serveur: ServeurMesure, numero: int) -> set[object]:
    """Chaque document inscrit a ses octets ; rend les pièces que citent les réponses."""
    racine = serveur.installation.dossier.documents
    cites = {document for (document,) in read(serveur, CITES, numero)}
    inscrits = {document: reste for document, *reste in read(serveur, PIECES, str(numero))}
    assert cites <= set(inscrits)
    for collectivite, sha256, taille in inscrits.values():
        octets = (racine / build_chemin(int(str(collectivite)), str(sha256))).read_bytes()
        assert (len(octets), hashlib.sha256(octets).hexdigest()) == (taille, sha256)
    return cites


def check_nettoyage(serveur: ServeurMesure) -> None:
    """Ce qu’une mort a laissé s’en va ; ce qui est cité reste, octet pour octet."""
    serveur.wait_file_vide()
    racine = serveur.installation.dossier.documents
    perdu = racine / build_chemin(1, "0" * 64)  # rangé, mort avant d’être inscrit
    perdu.parent.mkdir(parents=True, exist_ok=True)
    perdu.write_bytes(b"%PDF-1.7")
    connexion = serveur.connexion
    for instruction in filter(str.strip, INSCRIT_SEUL.split(";")):
        connexion.execute(instruction)
    for fichier in filter(Path.is_file, racine.rglob("*")):
        os.utime(fichier, (time.time() - 5 * 86_400,) * 2)
    dimanche = int(time.time()) // SEMAINE * SEMAINE + SEMAINE + DIMANCHE
    code = NETTOYER.format(dimanches=[dimanche, dimanche + SEMAINE])
    fini = serveur.installation.run_django("shell", "-v0", "-c", code)
    assert fini.returncode == 0, fini.stderr.decode()

    restes = connexion.execute("select id::text, collectivite_id, sha256 from documents_document")
    inscrits = restes.fetchall()
    utiles = connexion.execute(UTILES).fetchall()
    assert {pk for pk, _, _ in inscrits} == {pk for (pk,) in utiles}
    places = {racine / build_chemin(int(str(c)), str(sha256)) for _, c, sha256 in inscrits}
    assert set(filter(Path.is_file, racine.rglob("*"))) == places
