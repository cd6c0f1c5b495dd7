"""Les pages, sur les campagnes de la démonstration : un seul chargement pour la famille."""

from django.utils import timezone

from socle.metiers.consultations.models import Campagne, Reponse
from socle.metiers.consultations.services.semence import seed

OUVERTE, CLOSE = "exemple-usages-catalogue", "exemple-mutualiser-accueil"
A_VENIR, FINIE = "exemple-archives-communes", "exemple-demarches-en-ligne"
SQL_MAX = 8


def test_public_pages_stay_within_their_budget(client, db, django_assert_max_num_queries):
    phrase = seed(timezone.now())

    assert seed(timezone.now()) == phrase
    assert (Campagne.objects.count(), Reponse.objects.count()) == (5, 41)
    for adresse, attendu in {
        "/consultations/": "Vos usages du catalogue",
        "/consultations/?genre=ami&theme=archives&departement=92": "archivage",
        "/consultations.atom": "<feed",
        "/consultations.ics": "BEGIN:VEVENT",
        f"/consultations/{OUVERTE}/": "Répondre",
        f"/consultations/{A_VENIR}/": "Les réponses ouvrent le",
        f"/consultations/{CLOSE}/": "Ses résultats seront publiés ici",
        f"/consultations/{FINIE}/": "Lire les résultats",
        f"/consultations/{FINIE}/synthese/": "Médiane",
        f"/consultations/{FINIE}/chiffres.csv": "participation",
    }.items():
        with django_assert_max_num_queries(SQL_MAX):
            page = client.get(adresse)
        assert page.status_code == 200, adresse
        assert attendu in page.content.decode(), adresse
        assert page.headers["ETag"], adresse
    pdf = client.get(f"/consultations/{FINIE}/synthese.pdf")
    assert pdf.content.startswith(b"%PDF")


def test_team_pages_open(client, equipier):
    seed(timezone.now())
    client.force_login(equipier)
    reponse = Reponse.objects.filter(campagne__slug=FINIE).order_by("pk").first()
    base = "/equipe/consultations/"

    for adresse in (
        base, f"{base}nouvelle/", f"{base}{OUVERTE}/", f"{base}{OUVERTE}/fiche/",
        f"{base}{OUVERTE}/questions/", f"{base}{OUVERTE}/questions/organisme/",
        f"{base}{OUVERTE}/questions/page/vous/", f"{base}{OUVERTE}/questions/page/vous/ajouter/",
        f"{base}{OUVERTE}/apercu/1/", f"{base}{OUVERTE}/prolonger/", f"{base}{OUVERTE}/annuler/",
        f"{base}{OUVERTE}/copier/", f"{base}{FINIE}/reponses/?q=temps",
        f"{base}{FINIE}/reponses/{reponse.cle}/", f"{base}{FINIE}/reponses.csv",
f"{base}{FINIE}/synthese/", f"{base}{OUVERTE}/synthese/",
    ):  # fmt: skip
        assert client.get(adresse).status_code == 200, adresse
