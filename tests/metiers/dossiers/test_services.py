"""Rôles par service : un agent ne trouve et ne change que ce dont ses services ont la charge."""

from datetime import date
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.comptes.enums import Role
from socle.fondations.documents.services import store_bytes
from socle.fondations.notifications.models import Envoi
from socle.metiers.demarches import services as demarches
from socle.metiers.demarches.models import Demarche
from socle.metiers.demarches.queries import get_version_publiee
from socle.metiers.dossiers.enums import Canal
from socle.metiers.dossiers.models import Dossier, PhrasePrete
from socle.metiers.dossiers.permissions import Acces, read_lisibles
from socle.metiers.dossiers.queries.agents import list_instructeurs
from socle.metiers.dossiers.queries.liste import Filtre, list_dossiers, read_accord, read_tete
from socle.metiers.dossiers.queries.recherche import read_demande
from socle.metiers.dossiers.services import depot
from socle.metiers.dossiers.services.affectation import assign_dossier
from tests.factories import AdhesionFactory, CompteFactory, ServiceFactory
from tests.metiers.conftest import MAINTENANT, REPONSES

RACINE = "/c/clamart/"
LISTE = f"{RACINE}agent/dossiers/"
PAR_SERVICE = [Role.INSTRUCTEUR, Role.VALIDEUR, Role.ADMINISTRATEUR]
LISTE_MAX = 6  # instructions SQL
LOIN = date(9000, 1, 1)
MOTS = {"ecoles": ("Orbellec", "Orbelec"), "sports": ("Belkacem", "Belkasem")}
TOUS = {"ecoles", "sports"}
LISENT = {"ecoles": {"ecoles"}, "sports": {"sports"}, "deux": TOUS, "tous": TOUS, "lit": TOUS}
INSTRUISENT = LISENT | {"lit": {"sports"}}


def create_agent(collectivite, *adhesions):
    """Crée un agent ; une adhésion est un rôle et un service (None : tous)."""
    compte = CompteFactory(agent=True)
    for role, service in adhesions:
        AdhesionFactory(collectivite=collectivite, compte=compte, role=role, service=service)
    return compte


def file_dossier(demarche, nom):
    dossier, jeton = depot.start_dossier(
        demarche=demarche,
        version=get_version_publiee(demarche),
        maintenant=MAINTENANT,
        reponses=REPONSES | {"nom": nom},
    )
    acces = Acces(compte=None, jeton=jeton)
    return depot.file_dossier(numero=dossier.numero, acces=acces, maintenant=MAINTENANT)


def store_piece(objet, collectivite):
    return store_bytes(
        collectivite=collectivite, contenu=b"%PDF-1.4 avis", nom="avis.pdf", objet=objet,
        type_mime="application/pdf", maintenant=MAINTENANT,
    )  # fmt: skip


@pytest.fixture
def mairie(collectivite, demarche, administrateur):
    """Deux services, une démarche et un dossier chacun ; un agent par façon d’avoir un rôle."""
    ecoles, sports = demarche.service, ServiceFactory(collectivite=collectivite, nom="Sports")
    piscine = demarches.duplicate_demarche(
        demarche=demarche, agent=administrateur, maintenant=MAINTENANT
    )
    Demarche.objects.filter(pk=piscine.pk).update(service=sports, titre="Piscine", chemin="piscine")
    piscine.refresh_from_db()
    demarches.publish_version(demarche=piscine, agent=administrateur, maintenant=MAINTENANT)
    piscine.refresh_from_db()
    cas = {
        "ecoles": file_dossier(demarche, "Orbellec"),
        "sports": file_dossier(piscine, "Belkacem"),
    }
    pieces = {cle: store_piece(dossier.objet, collectivite) for cle, dossier in cas.items()}
    for cle, sienne in (("ecoles", demarche), ("sports", piscine), ("commune", None)):
        PhrasePrete.objects.create(
            collectivite=collectivite, titre=f"Phrase {cle}", corps="Merci.", demarche=sienne
        )
    instruit = Role.INSTRUCTEUR
    agents = {
        "ecoles": create_agent(collectivite, *((role, ecoles) for role in PAR_SERVICE)),
        "sports": create_agent(collectivite, (instruit, sports)),
        "deux": create_agent(collectivite, (instruit, ecoles), (instruit, sports)),
        "tous": create_agent(collectivite, (instruit, None)),
        "lit": create_agent(collectivite, (instruit, sports), (Role.DPO, None)),
    }
    return SimpleNamespace(
        demarches={"ecoles": demarche, "sports": piscine},
        titres={"ecoles": demarche.titre, "sports": piscine.titre},
        cas=cas, pieces=pieces, agents=agents, sports=sports,
    )  # fmt: skip


def relire(dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def test_agent_finds_only_what_his_services_are_in_charge_of(collectivite, mairie):
    """Liste, nombres, recherche et mots proposés, pour chaque façon d’avoir un rôle."""
    for qui, siens in LISENT.items():
        portee = read_lisibles(mairie.agents[qui], collectivite)
        tete = read_tete(collectivite, portee, agent_id=0, bientot=LOIN)
        lus = set(list_dossiers(collectivite, portee, Filtre()).values_list("numero", flat=True))
        assert lus == {mairie.cas[cle].numero for cle in siens}, qui
        assert tete.nombres["a_traiter"] == tete.nombres["bientot"] == len(siens), qui
        for cle, mots in MOTS.items():
            dossier = mairie.cas[cle]
            trouve = {
                texte: search(collectivite, portee, texte)
                for texte in (*mots, str(dossier.numero), dossier.reference)
            }
            attendu = {dossier.numero} if cle in siens else set()
            assert trouve == dict.fromkeys(trouve, attendu), (qui, cle)


def search(collectivite, portee, texte) -> set[int]:
    """Rend les dossiers trouvés ; un mot ou un numéro d’ailleurs ne doit pas non plus se trahir."""
    demande = read_demande(texte)
    accord = read_accord(collectivite, portee, demande)
    filtre = Filtre(demande=demande, accord=accord)
    trouves = list_dossiers(collectivite, portee, filtre).values_list("numero", flat=True)
    assert bool(accord.numero or accord.corrections) <= bool(trouves), texte
    return set(trouves)


def test_pages_show_only_what_his_services_are_in_charge_of(client, mairie, count_sql):
    """Liste, fiche, pièces, exports, colonnes, guichet, démarches, phrases."""
    client.get(LISTE)
    for qui in ("ecoles", "lit"):
        client.force_login(mairie.agents[qui])
        with count_sql() as sql:
            pages = {"dossiers": client.get(f"{LISTE}?file=tous").text}
        assert len(sql.instructions) <= LISTE_MAX, (qui, sql.instructions)
        for partie in ("demarches", "guichet", "phrases"):
            pages[partie] = client.get(f"{RACINE}agent/{partie}/").text
        assert "Phrase commune" in pages["phrases"]
        for cle in MOTS:
            titre, lit, instruit = mairie.titres[cle], cle in LISENT[qui], cle in INSTRUISENT[qui]
            vus = {partie: titre in texte for partie, texte in pages.items()}
            attendus = {"dossiers": lit, "demarches": lit, "guichet": instruit, "phrases": instruit}
            assert vus == attendus, (qui, cle)
            assert open_adresses(client, mairie, cle) == {200 if lit else 404}, (qui, cle)


def open_adresses(client, mairie, cle) -> set[int]:
    """Rend ce que répondent les adresses de lecture du dossier et de sa démarche."""
    dossier, demarche = mairie.cas[cle], mairie.demarches[cle]
    statuts = set()
    for adresse in (
        f"{LISTE}{dossier.numero}/",
        f"{RACINE}documents/{mairie.pieces[cle].pk}/",
        f"{RACINE}agent/demarches/{demarche.pk}/dossiers.csv",
        f"{LISTE}colonnes/?demarche={demarche.pk}",
    ):
        reponse = client.get(adresse)
        if reponse.streaming:
            b"".join(reponse.streaming_content)
        statuts.add(reponse.status_code)
    return statuts


def test_gestures_follow_the_service_of_the_procedure_of_today(client, mairie):
    """Lire n’est pas répondre ; en lot, chaque dossier est jugé ; un service change, tout suit."""
    agents, (ecole, sport) = mairie.agents, (mairie.cas["ecoles"], mairie.cas["sports"])
    client.force_login(agents["lit"])  # instruit les sports, lit tout
    assert client.post(f"{LISTE}{ecole.numero}/ecrire/", {"corps": "Bonjour"}).status_code == 403
    assert client.post(f"{LISTE}{sport.numero}/ecrire/", {"corps": "Bonjour"}).status_code == 302
    repond = {
        d: "Répondre à l’usager" in client.get(f"{LISTE}{d.numero}/").text for d in (ecole, sport)
    }
    assert repond == {ecole: False, sport: True}
    assert ecole.messages.count() == 0

    client.force_login(agents["sports"])
    choix = {"geste": "instruire", "d": [ecole.numero, sport.numero]}
    confirmation = client.post(f"{LISTE}lot/", choix).text
    assert ("Belkacem" in confirmation, "Orbellec" in confirmation) == (True, False)
    vus = [f"{d.numero}.{d.revision}.0" for d in (ecole, sport)]
    client.post(f"{LISTE}lot/", {"geste": "instruire", "choix": vus, "confirmer": "1"})
    assert [relire(d).etat for d in (ecole, sport)] == ["en_construction", "en_instruction"]
    assert client.get(f"{RACINE}agent/guichet/cantine-scolaire/").status_code == 404
    assert client.get(f"{RACINE}agent/guichet/piscine/").status_code == 200
    saisie, _ = depot.start_dossier(
        demarche=mairie.demarches["sports"], version=sport.version, compte=agents["sports"],
        canal=Canal.GUICHET, maintenant=MAINTENANT,
    )  # fmt: skip
    etape = f"{RACINE}dossiers/{saisie.numero}/etape/1/"
    assert client.get(etape).status_code == 200
    guichet = f"{RACINE}agent/guichet/"
    assert f"/dossiers/{saisie.numero}/" in client.get(guichet).text

    ici = sport.collectivite
    peuvent = set(list_instructeurs(ici, [mairie.sports.pk]))
    assert peuvent == {agents[qui] for qui in ("sports", "deux", "tous", "lit")}
    with pytest.raises(ErreurMetier, match="ne peut pas instruire ici"):
        assign_dossier(
            dossier=sport, agent=agents["sports"], suivi_par=agents["ecoles"], attendu_id=None,
            maintenant=MAINTENANT,
        )  # fmt: skip
    assert not Envoi.objects.filter(code="dossier_confie").exists()

    Demarche.objects.filter(pk=mairie.demarches["ecoles"].pk).update(service=mairie.sports)
    assert client.get(f"{LISTE}{ecole.numero}/").status_code == 200
    client.force_login(agents["ecoles"])
    assert client.get(f"{LISTE}{ecole.numero}/").status_code == 404
    Demarche.objects.update(service=mairie.cas["ecoles"].demarche.service)
    client.force_login(agents["sports"])
    assert client.get(etape).status_code == 404
    assert f"/dossiers/{saisie.numero}/" not in client.get(guichet).text


def test_administrator_of_a_service_builds_its_procedures_only(client, mairie):
    """Ni réglages, ni agents, ni la démarche d’un autre service ; et nul ne la lui cède."""
    client.force_login(mairie.agents["ecoles"])
    demarches_ = f"{RACINE}agent/demarches/"
    sienne, autre = mairie.demarches["ecoles"], mairie.demarches["sports"]
    assert client.get(f"{demarches_}{sienne.pk}/formulaire/").status_code == 200
    assert client.get(f"{demarches_}{autre.pk}/formulaire/").status_code == 404
    refus = client.get(f"{RACINE}agent/reglages/agents/")
    assert (refus.status_code, "ne vaut que pour un service" in refus.text) == (403, True)
    for demarche, statut in ((sienne, 200), (autre, 404)):
        modele = store_piece(f"demarche:{demarche.pk}", demarche.collectivite)
        assert client.get(f"{RACINE}documents/{modele.pk}/").status_code == statut
    page = client.get(f"{RACINE}agent/compte/").text
    assert "service «\xa0Écoles\xa0»" in page
    assert "agent/reglages/" not in page

    client.post(f"{demarches_}nouvelle/", {"titre": "Garderie", "service": mairie.sports.pk})
    assert not Demarche.objects.filter(titre="Garderie").exists()
    client.post(f"{demarches_}nouvelle/", {"titre": "Garderie", "service": sienne.service_id})
    neuve = Demarche.objects.get(titre="Garderie")
    assert neuve.service == sienne.service
    fiche = BeautifulSoup(client.get(f"{demarches_}{neuve.pk}/fiche/").text, "html.parser")
    choix = [o.text for o in fiche.select("[name=service] option") if o["value"]]
    assert choix == ["Écoles"]
    phrase = {"titre": "Merci", "corps": "Merci de votre patience.", "demarche": ""}
    assert client.post(f"{RACINE}agent/phrases/nouvelle/", phrase).status_code == 422
    phrase["demarche"] = sienne.pk
    assert client.post(f"{RACINE}agent/phrases/nouvelle/", phrase).status_code == 302
