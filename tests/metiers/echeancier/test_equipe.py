"""Les pages de l’équipe : créer, corriger, dater, annuler, importer."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from socle.fondations.commun.locataire import operateur
from socle.fondations.journal.models import Entree
from socle.metiers.echeancier.enums import EtatObligation, Surete
from socle.metiers.echeancier.models import Obligation
from socle.metiers.echeancier.queries.profils import describe_public
from socle.metiers.echeancier.services.semence import seed
from tests.deux_pages import read_versions
from tests.metiers.echeancier.fabrique import create, create_beaucoup

pytestmark = pytest.mark.django_db
EQUIPE = "/equipe/echeancier/"
SAISIE = {
    "titre": "Publier un budget lisible",
    "court": "Budget lisible",
    "nature": "obligation",
    "theme": "finances",
    "ministere": "Économie et finances",
    "reference": "Loi n° 2026-2, art. 3",
    "lien": "https://exemple.fr/loi",
    "resume": "Publier une synthèse.",
    "etapes": "Écrire la synthèse.\n\nLa publier.",
    "surete": "connue",
    "jour": "2027-06-30",
    "g_commune": "on",
    "min_commune": "3500",
    "liens": "solution:socle\naction:2018-2020-1-3",
    "territoires": "dep-92, reg-11",
}


@pytest.fixture
def equipe(client, equipier):
    client.force_login(equipier)
    return client


def list_erreurs(page) -> list[str]:
    return [e.text for e in BeautifulSoup(page.text, "html.parser").select(".resume-erreurs li")]


def test_team_creates_reads_over_and_publishes(equipe, equipier):
    reponse = equipe.post(f"{EQUIPE}nouvelle/", SAISIE)

    assert reponse["Location"] == f"{EQUIPE}publier-un-budget-lisible/"
    obligation = Obligation.objects.get()
    assert obligation.etapes == ["Écrire la synthèse.", "La publier."]
    assert obligation.liens == ["solution:socle", "action:2018-2020-1-3"]
    assert describe_public(obligation).startswith("Communes de 3\N{NO-BREAK SPACE}500 habitants")
    assert (
        "Voici ce que montrera la page publique"
        in equipe.get(f"{EQUIPE}{obligation.slug}/apercu/").text
    )

    equipe.post(f"{EQUIPE}{obligation.slug}/publier/")
    assert equipe.get(f"/echeancier/{obligation.slug}/").status_code == 200
    with operateur():
        acteurs = set(Entree.objects.values_list("acteur", flat=True).order_by("pk"))
    assert acteurs == {f"agent:{equipier.pk}"}


@pytest.mark.parametrize(
    ("faute", "message"),
    [
        ({"titre": ""}, "Titre\N{NO-BREAK SPACE}: Remplissez ce champ."),
        ({"jour": ""}, "Une date connue a un jour"),
        ({"lien": "javascript:alert(1)"}, "adresse complète"),
        ({"territoires": "Paris"}, "« Paris » n’est pas un territoire"),
        ({"liens": "<script>"}, "n’est pas une clé"),
        ({"max_commune": "10"}, "plus petite que la première"),
        ({"debut": "2028-01-01"}, "commence après l’échéance"),
        ({"etapes": "\n".join(f"étape {n}" for n in range(21))}, "Vingt étapes au plus"),
        ({"court": "x" * 41}, "40 caractères au plus"),
    ],
)
def test_each_mistake_is_named(equipe, faute, message):
    page = equipe.post(f"{EQUIPE}nouvelle/", SAISIE | faute)

    assert page.status_code == 422
    assert any(message in erreur for erreur in list_erreurs(page)), list_erreurs(page)
    assert Obligation.objects.count() == 0


def test_address_already_taken_is_said_on_its_field(equipe):
    create(slug="publier-un-budget-lisible")

    page = equipe.post(f"{EQUIPE}nouvelle/", SAISIE)

    assert any("déjà ce nom d’adresse" in erreur for erreur in list_erreurs(page))


@pytest.mark.lent
def test_every_seeded_line_is_accepted_by_the_form(equipe, semee):
    """Enregistrer sans rien changer n’est jamais refusé et ne change rien."""
    for obligation in Obligation.objects.order_by("pk"):
        adresse = f"{EQUIPE}{obligation.slug}/"
        form = equipe.get(adresse).context["form"]
        envoi = {
            nom: valeur
            for nom in form.fields
            if (valeur := form.get_initial_for_field(form.fields[nom], nom))
            not in (None, False, "")
        }
        assert equipe.post(adresse, envoi).status_code == 302, obligation.slug
    with operateur():
        assert Entree.objects.filter(action="obligation.modifiee").count() == 0


def test_date_changes_with_its_reason(equipe, obligation):
    adresse = f"{EQUIPE}{obligation.slug}/date/"
    sans_raison = equipe.post(adresse, {"surete": "connue", "jour": "2029-01-01"})
    equipe.post(adresse, {"surete": "connue", "jour": "2029-01-01", "motif": "Décret reporté."})
    pareille = equipe.post(adresse, {"surete": "connue", "jour": "2029-01-01", "motif": "Encore."})

    obligation.refresh_from_db()
    assert (obligation.jour, obligation.ancien_jour) == (date(2029, 1, 1), date(2028, 2, 28))
    assert "Pourquoi elle change" in list_erreurs(sans_raison)[0]
    assert "déjà celle" in list_erreurs(pareille)[0]
    assert "Décret reporté." in equipe.get(f"/echeancier/{obligation.slug}/").text


def test_two_colleagues_do_not_erase_each_other(equipe, obligation):
    adresse = f"{EQUIPE}{obligation.slug}/"
    envoi = SAISIE | {"revision": str(obligation.revision), "g_commune": ""}

    premier = equipe.post(adresse, envoi | {"titre": "Le premier"})
    second = equipe.post(adresse, envoi | {"titre": "Le second"})
    obligation.refresh_from_db()
    titre = obligation.titre
    revision = BeautifulSoup(second.text, "html.parser").select_one("[name=revision]")["value"]
    encore = equipe.post(adresse, envoi | {"titre": "Le second", "revision": revision})

    assert (premier.status_code, second.status_code, encore.status_code) == (302, 409, 302)
    assert titre == "Le premier"
    versions = read_versions(BeautifulSoup(second.text, "html.parser"))
    assert versions["Titre"] == ("Le premier", "Le second")
    assert 'value="Le second"' in second.text


def test_page_shows_who_did_what(equipe, obligation):
    adresse = f"{EQUIPE}{obligation.slug}/"
    equipe.post(
        f"{adresse}date/", {"surete": "connue", "jour": "2029-01-01", "motif": "Décret reporté."}
    )

    gestes = BeautifulSoup(equipe.get(adresse).text, "html.parser").select(".histoire li")

    titres = [geste.b.text for geste in gestes if geste.b]
    assert titres[-3:] == ["Date d’échéance changée", "Échéance publiée", "Échéance créée"]
    [change] = [g.text for g in gestes if "changée" in g.text]
    assert "Ada Fournel" in change
    assert "2028-02-28 (connue) → 2029-01-01 (connue) : Décret reporté." in change


def test_cancellation_is_undone_in_one_press(equipe, obligation):
    equipe.post(f"{EQUIPE}{obligation.slug}/annuler/", {"motif": "Abrogée."})
    obligation.refresh_from_db()
    annulee = obligation.etat
    equipe.post(f"{EQUIPE}{obligation.slug}/retablir/")
    obligation.refresh_from_db()

    assert (annulee, obligation.etat) == (EtatObligation.ANNULEE, EtatObligation.BROUILLON)


@pytest.mark.parametrize("nombre", [3, 50])
def test_list_keeps_a_constant_number_of_queries(equipe, count_sql, nombre):
    create_beaucoup(nombre)
    with count_sql() as compte:
        page = equipe.get(EQUIPE)
    assert page.status_code == 200
    assert len(compte.instructions) <= 6


def test_list_searches_and_filters(equipe):
    create(slug="a", titre="Cantine")
    create(slug="b", titre="Budget", publiee=False)

    def list_titres(suite: str) -> list[str]:
        page = BeautifulSoup(equipe.get(EQUIPE + suite).text, "html.parser")
        return [lien.text for lien in page.select("tbody th a")]

    assert list_titres("?q=cantine") == ["Cantine"]
    assert list_titres("?etat=brouillon") == ["Budget"]
    assert set(list_titres("?etat=inconnu")) == {"Cantine", "Budget"}


# L’import ---------------------------------------------------------------------------------------
ENTETE = "slug;titre;court;ministere;theme;surete;jour;resume;reference;publics"
LIGNE = "neuve;Neuve;Neuve;Intérieur;actes;connue;2027-01-01;À faire.;Loi;commune:3500- | epci"


def send(client, contenu: str | bytes):
    octets = contenu.encode() if isinstance(contenu, str) else contenu
    return client.post(f"{EQUIPE}importer/", {"fichier": SimpleUploadedFile("e.csv", octets)})


def test_import_makes_drafts(equipe):
    reponse = send(equipe, f"{ENTETE}\n{LIGNE}\n")

    assert reponse.status_code == 302
    obligation = Obligation.objects.get()
    assert (obligation.slug, obligation.etat) == ("neuve", EtatObligation.BROUILLON)
    assert [(p.genre, p.population_min) for p in obligation.publics.order_by("pk")] == [
        ("commune", 3500),
        ("epci", None),
    ]
    with operateur():
        assert Entree.objects.filter(action="obligation.importees").count() == 1


@pytest.mark.parametrize(
    ("contenu", "faute"),
    [
        (b"\xff\xfe\x00", "n’est pas en UTF-8"),
        ("a\x00b", "pas du texte"),
        (ENTETE, "aucune ligne"),
        ("titre;court\nx;y", "« ministere » manque"),
        (f"{ENTETE};pirate\n{LIGNE};x", "« pirate » n’est pas connue"),
        (f"{ENTETE};slug\n{LIGNE};x", "là deux fois"),
        (f"{ENTETE}\n{LIGNE};de;trop", "trop de colonnes"),
        (f'{ENTETE}\n"{LIGNE}', "CSV lisible"),
        (f"{ENTETE}\n{LIGNE}\n{LIGNE}", "Ligne 3, slug : une échéance « neuve » existe déjà"),
        (f"{ENTETE}\n{LIGNE.replace('2027-01-01', '')}", "Ligne 2, jour : Une date connue"),
        (f"{ENTETE}\n{LIGNE.replace('connue', 'sûre')}", "Ligne 2, surete : "),
        (f"{ENTETE}\n{LIGNE.replace('epci', 'ville')}", "« ville » ne se lit pas"),
        (f"{ENTETE}\n{LIGNE.replace('3500-', '-1e9')}", "« commune:-1e9 » ne se lit pas"),
        (f"{ENTETE}\n" + f"{LIGNE}\n" * 501, "plus de 500 lignes"),
    ],
)
def test_hostile_or_wrong_file_imports_nothing_and_says_why(equipe, contenu, faute):
    page = send(equipe, contenu)

    assert page.status_code == 422
    assert any(faute in erreur for erreur in list_erreurs(page)), list_erreurs(page)
    assert Obligation.objects.count() == 0


def test_huge_file_is_refused_unread(equipe):
    page = send(equipe, b"x" * ((1 << 20) + 1))

    assert "dépasse 1 Mo" in page.text


def test_faults_are_bounded(equipe):
    lignes = "\n".join(f"e-{n};;;;;;;;;" for n in range(400))

    page = send(equipe, f"{ENTETE}\n{lignes}")

    assert len(list_erreurs(page)) <= 60


def test_formula_in_a_file_comes_out_harmless(equipe):
    send(equipe, f"{ENTETE}\n{LIGNE.replace('Neuve;Neuve', '=1+1;=1+1')}")
    equipe.post(f"{EQUIPE}neuve/publier/")

    assert b"'=1+1" in equipe.get("/echeancier.csv").content
    assert Obligation.objects.get().titre == "=1+1"


def test_export_can_be_imported_elsewhere(equipe, semee):
    fichier = equipe.get("/echeancier.csv").content
    avant = {o.slug: (o.titre, o.jour, o.surete, o.etapes, o.liens, describe_public(o))
             for o in Obligation.objects.order_by("pk")}  # fmt: skip
    for obligation in Obligation.objects.order_by("pk"):
        obligation.dates.all().delete()
        obligation.publics.all().delete()
        obligation.delete()

    reponse = send(equipe, fichier)

    assert reponse.status_code == 302, list_erreurs(reponse)
    apres = {o.slug: (o.titre, o.jour, o.surete, o.etapes, o.liens, describe_public(o))
             for o in Obligation.objects.order_by("pk")}  # fmt: skip
    assert apres == avant


def test_import_never_publishes(equipe):
    send(equipe, f"{ENTETE}\n{LIGNE}")

    assert equipe.get("/echeancier/neuve/").status_code == 404
    assert Obligation.objects.get().surete == Surete.CONNUE


def test_seed_can_run_after_an_import(equipe, maintenant):
    send(equipe, f"{ENTETE}\n{LIGNE}")

    assert "48 obligations" in seed(maintenant)
