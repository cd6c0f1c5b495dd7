"""Ce que coûte le chemin chaud, compté : instructions SQL et processeur, jamais le temps au mur.

Le contrôle de transaction et `SET LOCAL` sont à part. Ce que la file demande au travailleur pour
une tâche est compté sur un vrai travailleur, sa file en mémoire.
"""

import asyncio
import cProfile
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate import App
from procrastinate.testing import InMemoryConnector

from socle.fondations.commun.management.commands.travailler import FILS
from socle.metiers.demarches import services as demarches
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.services.depot import index_dossier
from socle.metiers.dossiers.tasks import emettre_accuse
from socle.serveur.banc.client import Page
from socle.serveur.banc.formulaire import FICHE, FORMULAIRE, build_reponses
from socle.serveur.banc.points import ACCUSE, build_pdf
from tests.factories import RegleFactory, ServiceFactory
from tests.mesure import check_cpu
from tests.metiers.conftest import MAINTENANT

RACINE = "/c/clamart"
COMMENCER = f"{RACINE}/demarches/{FICHE['chemin']}/commencer/"
DEPOT_MAX = 30
PAGE_MAX = 8
LISTE_MAX = 6
CPU_MAX = 0.12  # secondes, PostgreSQL à part : le double de la cible, qui le compte
APPELS_MAX = 120_000  # appels de fonction, contrôles d’essai compris : les mêmes partout
# Ce que chaque point du banc demande, et un dixième.
APPELS = {
    "page_formulaire": 13_800, "accueil": 10_600, "liste_agents": 40_600, "recherche": 26_200,
}  # fmt: skip


@pytest.fixture
def voirie(collectivite, administrateur):
    """La démarche du banc : cinq textes exigés et un fichier, sans compte."""
    demarche = demarches.create_demarche(
        collectivite=collectivite,
        agent=administrateur,
        maintenant=MAINTENANT,
        definition=FORMULAIRE,
        service=ServiceFactory(collectivite=collectivite, nom="Voirie"),
        regle=RegleFactory(collectivite=collectivite),
        **FICHE,
    )
    demarches.publish_version(demarche=demarche, agent=administrateur, maintenant=MAINTENANT)
    demarche.refresh_from_db()
    return demarche


def read_caches(page: str, indice: str = "csrfmiddlewaretoken") -> dict[str, str]:
    return Page(200, "", page.encode(), "text/html").read_caches(indice)


def start(client) -> str:
    client.get(COMMENCER)
    return client.post(COMMENCER)["Location"]


def file_demande(rang: int) -> bytes:
    """Un invité, de la première page à son accusé ; rend le PDF."""
    client = Client()
    etape = start(client)
    caches = read_caches(client.get(etape).text, "data-saisie")
    plan = SimpleUploadedFile("plan.pdf", build_pdf(), "application/pdf")
    envoi = caches | build_reponses(rang) | {"plan": plan, "_action": "continuer"}
    resume = client.post(etape, envoi)["Location"]
    client.get(resume)
    suivi = client.post(resume.replace("/resume/", "/deposer/"))["Location"]
    client.get(suivi)  # l’accusé n’est pas encore là
    numero = int(re.search(r"/dossiers/(\d+)/", suivi)[1])
    collectivite_id = Dossier.objects.values_list("collectivite_id", flat=True).get(numero=numero)
    emettre_accuse(collectivite_id=collectivite_id, numero=numero)
    accuse = ACCUSE.search(client.get(suivi).text)[1]
    return b"".join(client.get(accuse).streaming_content)


async def wait_noms(memoire: InMemoryConnector, *derniers: str) -> None:
    while tuple(nom for nom, _ in memoire.queries[-len(derniers) :]) != derniers:
        await asyncio.sleep(0.005)


async def read_file() -> list[str]:
    memoire = InMemoryConnector()
    file = App(connector=memoire)
    file.task(name="essai")(lambda: None)
    async with file.open_async():
        travail = asyncio.create_task(
            file.run_worker_async(
                concurrency=FILS, delete_jobs="successful", install_signal_handlers=False
            )
        )
        await wait_noms(memoire, "fetch_job")
        oisif = len(memoire.queries)
        await file.configure_task("essai").defer_async()
        await wait_noms(memoire, "finish_job", "fetch_job")
        travail.cancel()
    return [nom for nom, _ in memoire.queries[oisif + 1 :]]  # l’inscription est au dépôt


def count_file() -> int:
    """Compte ce que la file demande pour une tâche : d’un travailleur oisif à son repos."""
    with ThreadPoolExecutor(max_workers=1) as fil:
        return len(fil.submit(lambda: asyncio.run(asyncio.wait_for(read_file(), 30))).result())


LECTURE_DE_L_ESSAI = 1  # `collectivite_id`, lu ici et non par le produit


def test_whole_submission_stays_under_its_sql_budget(voirie, count_sql, mailoutbox):
    file_demande(0)  # premier passage : formulaire compilé, textes des messages gardés
    with count_sql() as compte:
        assert file_demande(1).startswith(b"%PDF-")

    total = len(compte.instructions) - LECTURE_DE_L_ESSAI + count_file()
    assert total <= DEPOT_MAX, "\n".join(sql[:150] for sql in compte.instructions)
    assert len(mailoutbox) == 2  # le courriel est parti, et il est compté


def test_whole_submission_stays_under_its_cpu_bound(voirie):
    for rang in range(2):
        file_demande(rang)
    check_cpu(lambda: file_demande(10), CPU_MAX)


def count_appels(geste: Callable[..., object], *arguments: object) -> int:
    """Compte les appels de fonction d’un geste."""
    profil = cProfile.Profile()
    profil.runcall(geste, *arguments)
    return sum(ligne.callcount for ligne in profil.getstats())


def test_whole_submission_stays_under_its_call_bound(voirie):
    """Le travail de Python, compté : un dépôt en demandait 173 000 quand chaque lecture était
    recomposée."""
    for rang in range(2):
        file_demande(rang)
    assert count_appels(file_demande, 10) < APPELS_MAX


def test_points_of_the_bench_stay_under_their_call_bounds(voirie, agent, client):
    """Cent lignes ne demandent qu’un peu plus qu’une : rien ne se recompose à chacune."""
    add_dossiers(voirie, 100)
    etape = start(client)
    agents = type(client)()
    agents.force_login(agent)
    gestes = {
        "page_formulaire": (client, etape),
        "accueil": (client, f"{RACINE}/"),
        "liste_agents": (agents, f"{RACINE}/agent/dossiers/?taille=100"),
        "recherche": (agents, f"{RACINE}/agent/dossiers/?q=benne&taille=100"),
    }
    couts = {}
    for point, (visiteur, adresse) in gestes.items():
        assert visiteur.get(adresse).status_code == 200  # gabarits et formulaire compilés
        couts[point] = count_appels(visiteur.get, adresse)

    assert {point: cout for point, cout in couts.items() if cout > APPELS[point]} == {}


def test_form_page_stays_under_its_sql_budget(voirie, client, count_sql):
    etape = start(client)
    client.get(etape)
    with count_sql() as compte:
        assert client.get(etape).status_code == 200
    assert len(compte.instructions) <= PAGE_MAX, "\n".join(compte.instructions)


def test_form_page_asks_nothing_about_the_guest(voirie, client, count_sql):
    """Sans session, ni session ni compte ne sont lus : une seule lecture, le dossier."""
    etape = start(client)
    with count_sql() as compte:
        client.get(etape)
    assert [sql for sql in compte.instructions if "session" in sql or "compte" in sql[:40]] == []


def add_dossiers(demarche, nombre: int) -> None:
    from socle.metiers.demarches.queries import get_version_publiee
    from socle.metiers.dossiers.queries.dossier import get_formulaire

    version = get_version_publiee(demarche)
    for rang in range(nombre):
        dossier = Dossier.objects.create(
            collectivite=demarche.collectivite,
            demarche=demarche,
            version=version,
            etat="en_construction",
            depose_le=MAINTENANT,
            reponses=build_reponses(rang),
            sel=b"s" * 32,
            reference=f"essai-{rang}-{time.monotonic_ns()}",
        )
        index_dossier(dossier, get_formulaire(version.pk), dossier.reponses, MAINTENANT)
        dossier.save()


@pytest.mark.parametrize("adresse", ["?taille=100", "?q=benne", "?q=garrigue&file=tous"])
@pytest.mark.parametrize("nombre", [1, 3])
def test_agent_list_and_search_stay_under_their_sql_budget(
    voirie, agent, client, count_sql, adresse, nombre
):
    add_dossiers(voirie, nombre)
    client.force_login(agent)
    client.get(f"{RACINE}/agent/dossiers/{adresse}")
    with count_sql() as compte:
        assert client.get(f"{RACINE}/agent/dossiers/{adresse}").status_code == 200
    assert len(compte.instructions) <= LISTE_MAX, "\n".join(compte.instructions)
