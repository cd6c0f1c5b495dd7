"""Chercher un dossier : accents, débuts, fautes, numéros ; texte hostile ; rien d’un voisin."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from socle.fondations.commun.locataire import locataire, operateur
from socle.fondations.comptes.permissions import Portee
from socle.metiers.demarches import services as demarches
from socle.metiers.demarches.queries import get_version_publiee
from socle.metiers.dossiers.models import Dossier, Mot
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.queries.dossier import get_formulaire
from socle.metiers.dossiers.queries.liste import Filtre, list_dossiers, read_accord, read_tete
from socle.metiers.dossiers.queries.recherche import read_demande
from socle.metiers.dossiers.services import depot
from tests.factories import AdhesionFactory, CollectiviteFactory, RegleFactory, ServiceFactory
from tests.metiers.conftest import DEFINITION, MAINTENANT, REPONSES

LISTE = "/c/clamart/agent/dossiers/"
TOUT = Portee(entiere=True)
PERSONNES = {
    "belkacem": ("Nadia", "Belkacem", "nadia.belkacem@exemple.fr"),
    "lefevre": ("Loïc", "Lefèvre-Düpont", "loic@exemple.fr"),
    "obrien": ("Siobhán", "O’Brien", ""),
    "legoff": ("Yann", "Le Goff", ""),
}


def file_dossier(demarche, prenom: str, nom: str, courriel: str = "", **champs) -> Dossier:
    dossier, jeton = depot.start_dossier(
        demarche=demarche,
        version=get_version_publiee(demarche),
        maintenant=MAINTENANT,
        reponses=REPONSES | {"prenom": prenom, "nom": nom, "courriel": courriel} | champs,
    )
    return depot.file_dossier(
        numero=dossier.numero, acces=Acces(compte=None, jeton=jeton), maintenant=MAINTENANT
    )


@pytest.fixture
def deposes(demarche) -> dict[str, Dossier]:
    return {nom: file_dossier(demarche, *identite) for nom, identite in PERSONNES.items()}


def search(collectivite, texte: str, *, exact: bool = False) -> set[int]:
    demande = read_demande(texte)
    accord = read_accord(collectivite, TOUT, demande, exact=exact)
    filtre = Filtre(demande=demande, accord=accord, exact=exact)
    return {d["numero"] for d in list_dossiers(collectivite, TOUT, filtre).order_by("numero")}


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Belkacem", "belkacem"),
        ("BELKACEM nadia", "belkacem"),
        ("belk", "belkacem"),
        ("nadia.belkacem@exemple.fr", "belkacem"),
        ("nadia.belkacem@", "belkacem"),
        ("lefevre", "lefevre"),
        ("Lefèvre-Düpont", "lefevre"),
        ("loic dupont", "lefevre"),
        ("O'Brien", "obrien"),
        ("o’brien", "obrien"),
        ("siobhan", "obrien"),
        ("Le Goff", "legoff"),
        ("goff yann", "legoff"),
    ],
)
def test_case_is_found_by_its_words(collectivite, deposes, texte, attendu):
    assert search(collectivite, texte) == {deposes[attendu].numero}


@pytest.mark.parametrize("texte", ["Belkasem", "belkaçen", "nadia belkassem", "belkas"])
def test_typo_is_tolerated_unless_refused(collectivite, deposes, texte):
    assert search(collectivite, texte) == {deposes["belkacem"].numero}
    assert search(collectivite, texte, exact=True) == set()


def test_known_word_is_never_replaced(collectivite, demarche, deposes):
    """« Belkasem » existe aussi : il est cherché tel quel."""
    autre = file_dossier(demarche, "Karim", "Belkasem")
    assert search(collectivite, "Belkasem") == {autre.numero}


@pytest.mark.parametrize("forme", ["{n}", "n° {n}", "#{n}", " {n} "])
def test_number_leads_to_its_case(collectivite, deposes, forme):
    numero = deposes["legoff"].numero
    assert search(collectivite, forme.format(n=numero)) == {numero}


@pytest.mark.parametrize("texte", ["44 171", "44\u202f171", "n° 44 171", "44.171"])
def test_number_with_spaces_leads_to_its_case(collectivite, demarche, texte):
    Dossier.objects.create(
        numero=44171,
        collectivite=collectivite,
        demarche=demarche,
        version=get_version_publiee(demarche),
        etat="en_construction",
        depose_le=MAINTENANT,
        reference="219200235-2026-44171",
        sel=b"s" * 32,
    )
    assert search(collectivite, texte) == {44171}


def test_reference_leads_to_its_case(collectivite, deposes):
    dossier = deposes["obrien"]
    assert search(collectivite, dossier.reference) == {dossier.numero}


@pytest.mark.parametrize("texte", ["921600", "921 600", "lot 921600"])
def test_digits_that_are_no_case_are_looked_for_in_the_answers(collectivite, demarche, texte):
    dossier = file_dossier(demarche, "Lot 921\u202f600", "Fournel")
    assert search(collectivite, texte) == {dossier.numero}


def test_telephone_is_found_however_it_is_written(collectivite, demarche):
    dossier = file_dossier(demarche, "Aïcha", "06 12 34 56 78")
    for texte in ("0612345678", "06.12.34.56.78", "+33 6 12 34 56 78", "06 12 34 56 78"):
        assert search(collectivite, texte) == {dossier.numero}, texte


@pytest.mark.parametrize(
    "texte",
    ["'", '"belk', "a & b | !c", "(((", "belk:*", "<->", "\\", "%_%", "belkacem\0", "😀",
     "x" * 10_000, "a " * 5_000, "'; DROP TABLE dossiers_dossier; --", "\u202e\u0000é",
     "-1", "1e5"],
)  # fmt: skip
def test_hostile_text_never_breaks_the_page(client, agent, deposes, texte):
    client.force_login(agent)
    for exact in ("", "1"):
        reponse = client.get(LISTE, {"q": texte, "exact": exact, "file": "tous"})
        assert reponse.status_code == 200


def read_mots(collectivite) -> set[str]:
    return set(Mot.objects.filter(collectivite=collectivite).values_list("mot", flat=True))


def test_vocabulary_keeps_words_not_numbers(collectivite, deposes):
    mots = read_mots(collectivite)
    assert {"belkacem", "lefevre", "dupont", "brien", "nadia"} <= mots
    assert not any(any(c.isdigit() for c in mot) or len(mot) < 3 for mot in mots)


def test_draft_teaches_nothing(collectivite, brouillon):
    assert read_mots(collectivite) == set()


def test_purged_case_leaves_no_name(collectivite, deposes):
    Dossier.objects.filter(pk=deposes["belkacem"].pk).delete()

    restants = read_mots(collectivite)
    assert "belkacem" not in restants
    assert "exemple" in restants
    assert search(collectivite, "Belkasem") == set()


def test_corrected_name_leaves_the_vocabulary(collectivite, deposes, demarche):
    dossier = deposes["belkacem"]
    formulaire = get_formulaire(dossier.version_id)
    reponses = dossier.reponses | {"nom": "Benkacem", "courriel": "n@exemple.fr"}
    depot.index_dossier(dossier, formulaire, reponses, MAINTENANT)
    dossier.save(update_fields=["recherche", "demandeur", "courriel"])

    assert "benkacem" in read_mots(collectivite)
    assert "belkacem" not in read_mots(collectivite)


@pytest.fixture
def voisine(deposes):
    """Une autre collectivité, où personne ne s’appelle Belkacem."""
    autre = CollectiviteFactory(nom="Autre", slug="autre")
    with locataire(autre.pk):
        administrateur = AdhesionFactory(collectivite=autre, role="administrateur").compte
        cantine = demarches.create_demarche(
            collectivite=autre,
            titre="Cantine",
            agent=administrateur,
            maintenant=MAINTENANT,
            definition=DEFINITION,
            resume="Cantine.",
            cadre_juridique="Code de l’éducation",
            service=ServiceFactory(collectivite=autre),
            regle=RegleFactory(collectivite=autre),
            invites_autorises=True,
        )
        demarches.publish_version(demarche=cantine, agent=administrateur, maintenant=MAINTENANT)
        cantine.refresh_from_db()
        file_dossier(cantine, "Chloé", "Castaing")
    return autre


def test_no_word_leaks_from_another_authority(collectivite, voisine):
    with locataire(voisine.pk):
        assert read_mots(collectivite) == set()
        assert read_accord(voisine, TOUT, read_demande("Belkasem")).corrections == {}
        with connection.cursor() as curseur:
            curseur.execute("SELECT dossiers_mots_proches('belkasem')")
            assert curseur.fetchall() == []
            curseur.execute("SELECT dossiers_mots_proches('castain')")
            assert curseur.fetchall() == [("castaing",)]
    assert read_accord(collectivite, TOUT, read_demande("castain")).corrections == {}


def test_purge_in_one_authority_keeps_the_words_of_another(collectivite, deposes, voisine):
    with locataire(voisine.pk):
        Dossier.objects.all().delete()
        assert read_mots(voisine) == set()
    assert "exemple" in read_mots(collectivite)


def test_page_says_what_it_looked_for_instead(client, agent, deposes):
    client.force_login(agent)
    page = BeautifulSoup(client.get(LISTE, {"q": "Belkasem"}).text, "html.parser")

    phrase = " ".join(page.select_one(".corrige").text.split())
    assert phrase.startswith("Aucun dossier avec « Belkasem ». Voici ceux avec « Belkacem ».")
    exacte = page.select_one(".corrige a")["href"]
    litterale = client.get(f"{LISTE}{exacte}").text
    assert "Aucun dossier avec ces filtres" in litterale


def test_empty_search_says_what_to_do(client, agent, deposes):
    client.force_login(agent)
    assert "Vérifiez l’orthographe" in client.get(LISTE, {"q": "xylophone"}).text
    page = client.get(LISTE, {"q": "Belkacem Goff"}).text
    liens = BeautifulSoup(page, "html.parser").select(".vide a")
    assert [lien.text for lien in liens] == ["Belkacem", "Goff"]


@pytest.mark.parametrize("q", ["Belkasem", "zzzzzz", "1", "belk"])
def test_corrected_search_costs_no_more_sql(client, agent, deposes, count_sql, q):
    client.force_login(agent)
    client.get(LISTE, {"q": q})
    with count_sql() as compte:
        client.get(LISTE, {"q": q})
    assert len(compte.instructions) <= 6, "\n".join(compte.instructions)


def test_backfill_gives_old_cases_their_words(collectivite, deposes):
    """Un dossier d’avant le vocabulaire n’a que des racines dans son index."""
    with connection.cursor() as curseur:
        curseur.execute(
            "UPDATE dossiers_dossier SET recherche = to_tsvector('fr', demandeur || ' ' || numero)"
        )
    assert read_mots(collectivite) == set()
    nom = ("dossiers", "0004_recherche_tolerante")
    migration = type(MigrationLoader(None).disk_migrations[nom])
    reprise = migration.operations[-1].code

    with operateur(), connection.schema_editor(atomic=False) as editeur:
        reprise(None, editeur)

    assert {"belkacem", "nadia"} <= read_mots(collectivite)
    assert "21600" not in read_mots(collectivite)
    assert search(collectivite, "belkas") == {deposes["belkacem"].numero}


def test_counts_are_those_of_the_base(collectivite, agent, deposes):
    numeros = sorted(d.numero for d in deposes.values())
    Dossier.objects.filter(numero=numeros[0]).update(attend_correction=True)
    Dossier.objects.filter(numero=numeros[1]).update(attend_correction=True, message_non_lu=True)
    Dossier.objects.filter(numero=numeros[2]).update(suivi_par=agent)

    tete = read_tete(
        collectivite, TOUT, agent_id=agent.pk, bientot=(MAINTENANT + timedelta(days=400)).date()
    )

    assert tete.nombres == {
        "a_traiter": 3, "bientot": 4, "chez_usager": 2, "suivis": 1, "termines": 0,
    }  # fmt: skip
