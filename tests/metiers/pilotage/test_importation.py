"""Importer des valeurs : un fichier se relit avant de s’écrire, et rien ne s’écrit à moitié."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from socle.fondations.commun.locataire import operateur
from socle.fondations.journal.models import Entree
from socle.metiers.pilotage.models import Indicateur, Modification, Valeur
from tests.deux_pages import read_saisie

pytestmark = pytest.mark.django_db
PAGE = "/equipe/indicateurs/importer/"
ENTETE = "indicateur;date;nombre;document;endroit;qualificatif;unite"
NEUVES = """
cos;2026-01-01;12;Rapport;Page 3;;séances
Vues de la page;01/02/2026;14 500,5;=1+1;@Page 4;plus_de;
vues;2026-02-01;699;Autre rapport;Page 9;;
"""


@pytest.fixture
def equipe(client, membre):
    for code, titre in (("cos", "Séances du COS"), ("vues", "Vues de la page")):
        Indicateur.objects.create(code=code, titre=titre, decimales=1)
    Indicateur.objects.create(code="comptes", titre="Comptes", source="mesuree", mesure="c.ouverts")
    client.force_login(membre)
    return client


def send(client, contenu: str | bytes, nom: str = "v.csv"):
    octets = contenu.encode() if isinstance(contenu, str) else contenu
    return client.post(PAGE, {"fichier": SimpleUploadedFile(nom, octets)})


def read(reponse) -> BeautifulSoup:
    return BeautifulSoup(reponse.text, "html.parser")


def read_sorts(page: BeautifulSoup) -> dict[str, str]:
    """Numéro de ligne → ce qui arriverait."""
    rangs = [rang.select("td, th") for rang in page.select("tbody tr")]
    return {r[0].get_text(): " ".join(r[-1].get_text(" ").split()) for r in rangs}


def test_file_is_shown_then_written_once(equipe):
    apercu = read(send(equipe, ENTETE + NEUVES))

    assert (Valeur.objects.count(), "3 à ajouter" in apercu.text) == (0, True)
    sorts = read_sorts(apercu)
    assert sorts["2"] == "Ajoutée"
    assert sorts["3"] == "Ajoutée, se contredit avec 699,0 (Autre rapport, Page 9)"
    assert "plus de 14 500,5 (=1+1, @Page 4)" in sorts["4"].replace("\xa0", " ")

    saisie = read_saisie(apercu)
    assert equipe.post(PAGE, saisie).status_code == 302
    valeurs = Valeur.objects.order_by("pk").values_list("indicateur__code", "jour", "nombre")
    assert list(valeurs) == [
        ("cos", date(2026, 1, 1), Decimal(12)),
        ("vues", date(2026, 2, 1), Decimal("14500.5")),
        ("vues", date(2026, 2, 1), Decimal(699)),
    ]
    assert "se contredisent" in equipe.get("/indicateurs/vues/").text
    tableur = equipe.get("/indicateurs/vues/valeurs.csv").content.decode("utf-8-sig")
    assert ";'=1+1;'@Page 4;" in tableur
    ligne = Modification.objects.get(cle=Valeur.objects.get(document="Rapport").cle)
    assert ligne.par_nom == "Claire Delmas, d’après le fichier v.csv"
    with operateur():
        [entree] = Entree.objects.filter(action="indicateurs.importes")
    assert entree.donnees == {"nombre": 3, "indicateurs": ["cos", "vues"]}

    # L’aperçu renvoyé ne double rien ; une valeur retirée ne revient pas d’elle-même.
    assert equipe.post(PAGE, saisie).status_code == 409
    Valeur.objects.filter(document="Rapport").update(retire=True)
    apercu = read(send(equipe, ENTETE + NEUVES))
    assert read_sorts(apercu) == {"2": "Retirée avant", "3": "Déjà notée", "4": "Déjà notée"}
    assert not apercu.select("main button[type=submit]")


def test_confirmation_of_an_outdated_preview_shows_the_new_one(equipe):
    saisie = read_saisie(read(send(equipe, ENTETE + NEUVES)))
    autre = {"document": "Note", "endroit": "Page 1", "jour": date(2026, 1, 1), "nombre": 15}
    Valeur.objects.create(indicateur=Indicateur.objects.get(code="cos"), **autre)

    refus = equipe.post(PAGE, saisie)

    apercu = read(refus)
    assert (refus.status_code, Valeur.objects.count()) == (409, 1)
    assert read_sorts(apercu)["2"] == "Ajoutée, se contredit avec 15,0 (Note, Page 1)"
    assert equipe.post(PAGE, read_saisie(apercu)).status_code == 302
    assert Valeur.objects.count() == 4


def test_one_wrong_line_writes_nothing_and_each_says_how_to_mend(equipe):
    fausses = """
cos;2026-01-01;12;Rapport;Page 3;;
coz;2026-01-01;12;Rapport;Page 3;;
comptes;2026-01-01;12;Rapport;Page 3;;
cos;demain;=1+1;;Page 3;presque;
cos;0020-01-01;1;Rapport;Page 3;;
cos;01/01/2026;12,0;Rapport;Page 3;exact;
"""

    reponse = send(equipe, ENTETE + fausses)

    fautes = [puce.get_text() for puce in read(reponse).select(".resume-erreurs li")]
    assert (reponse.status_code, Valeur.objects.count()) == (422, 0)
    attendus = [
        "Ligne 3, indicateur : « coz » ne reçoit pas de valeurs. Le plus proche : « cos ».",
        "Ligne 4, indicateur : « comptes » ne reçoit pas de valeurs.",
        "Ligne 5, date : ",
        "Ligne 5, qualificatif : Écrivez exact, plus_de, moins_de ou environ.",
        "Ligne 5, nombre : Écrivez un nombre",
        "Ligne 5, document : ",
        "Ligne 6, date : l’année 20 est hors limites.",
        "Ligne 7, la même valeur est ligne 2 : ôtez l’une des deux.",
    ]
    assert len(fautes) == len(attendus), fautes
    for faute, attendu in zip(fautes, attendus, strict=True):
        assert faute.replace("\xa0", " ").startswith(attendu), (faute, attendu)


def test_spreadsheet_is_read_and_hostile_files_are_refused(equipe):
    classeur = openpyxl.Workbook()
    for rang in (ENTETE.split(";"), ["cos", date(2026, 3, 1), 12.5, "Rapport", "Page 3"]):
        classeur.active.append(rang)
    tampon = BytesIO()
    classeur.save(tampon)
    equipe.post(PAGE, read_saisie(read(send(equipe, tampon.getvalue(), "v.xlsx"))))
    assert Valeur.objects.get().nombre == Decimal("12.5")

    hostiles = {
        "autre colonne": "indicateur;date;nombre;document;endroit;<b>\n",
        "sans colonne": "indicateur;date\ncos;2026-01-01\n",
        "vide": "",
        "latin": "indicateur;été\n".encode("latin-1"),
        "nul": b"indicateur\x00",
        "guillemet": f'{ENTETE}\n"cos;',
        "trop de lignes": ENTETE + "\ncos;2026-01-01;1;R;P;;" * 501,
        "trop lourd": b"x" * ((1 << 20) + 1),
        "classeur tronqué": tampon.getvalue()[:900],
        "pas un classeur": b"PK\x03\x04" + b"\x00" * 50,
    }
    for cas, contenu in hostiles.items():
        reponse = send(equipe, contenu)
        assert reponse.status_code == 422, cas
        assert read(reponse).select_one(".resume-erreurs, .invalid-feedback"), cas
    forge = equipe.post(PAGE, {"lu": "eyJ4Ijox:forge", "empreinte": ""})
    assert (forge.status_code, "ne se lit plus" in forge.text) == (422, True)
    assert Valeur.objects.count() == 1
