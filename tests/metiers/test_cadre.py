"""Le cadre de chaque famille de pages : politique de contenu, pied de page, fil d’Ariane.

La politique est recopiée à la main : l’assouplir demande de changer cet essai.
"""

from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from socle.fondations.comptes.enums import Role, RoleProgramme
from socle.fondations.comptes.services import add_membre_programme
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.tasks import emettre_accuse
from tests.factories import AdhesionFactory
from tests.metiers.conftest import MAINTENANT

POLITIQUE = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "manifest-src": "'self'",
    "object-src": "'none'",
}
# Le lecteur du navigateur s’écrit un style et une image à lui ; il n’exécute toujours aucun script.
POLITIQUE_PDF = {
    "default-src": "'none'",
    "object-src": "'self'",
    "style-src": "'unsafe-inline'",
    "img-src": "data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
DROITS = ("accessibilite/", "donnees-personnelles/", "mentions-legales/")
ACCUEILS = ("/", "/c/clamart/")  # rien au-dessus d’eux
# Entrées du menu : le menu dit où l’on est, un fil d’un seul maillon n’ajouterait rien.
RUBRIQUES = ("/c/clamart/agent/dossiers/", "/c/clamart/agent/demarches/",
             "/c/clamart/agent/archives/", "/equipe/", "/equipe/echeancier/")  # fmt: skip
INSTALLATION = ("/", "/echeancier/", "/catalogue/", "/actualites/", "/collectivites/",
                "/connexion/", "/accessibilite/", "/inconnue/")  # fmt: skip
PORTAIL = ("", "demarches/", "demarches/{chemin}/", "demarches/{chemin}/commencer/",
           "demarches/{chemin}/statistiques/", "connexion/", "inscription/", "accessibilite/",
           "mentions-legales/", "donnees-personnelles/", "aide/",
           "plan-du-site/", "agent/connexion/", "inconnue/")  # fmt: skip
USAGER = ("espace/", "espace/compte/", "dossiers/{numero}/")
AGENT = ("agent/dossiers/", "agent/dossiers/{numero}/", "agent/demarches/", "agent/archives/",
         "agent/reglages/", "agent/compte/")  # fmt: skip
EQUIPE = ("/equipe/", "/equipe/echeancier/")


def read_politique(reponse) -> dict[str, str]:
    directives = reponse["Content-Security-Policy"].split(";")
    return dict(directive.strip().split(" ", 1) for directive in directives)


def list_exterieurs(page: BeautifulSoup) -> list[str]:
    """Ce que la page ferait chercher ou envoyer ailleurs que chez elle."""
    ressources = page.select("script[src], img[src], iframe[src], source[src], object[data]")
    adresses = [r.get("src") or r["data"] for r in ressources]
    adresses += [lien["href"] for lien in page.select("link[href]")]
    adresses += [formulaire.get("action", "") for formulaire in page.select("form")]
    return [a for a in adresses if urlsplit(a).netloc not in ("", "localhost:8000")]


def find_manques(reponse, adresse: str) -> list[str]:
    """Ce qui manque au cadre d’une page."""
    page = BeautifulSoup(reponse.text, "html.parser")
    racine = "/c/clamart/" if adresse.startswith("/c/clamart/") else "/"
    pied = {lien["href"] for lien in page.select("footer a[href]")}
    fil = [lien["href"] for lien in page.select("nav[aria-label='Fil d’Ariane'] a")]
    manques = [f"pied : {d}" for d in DROITS if racine + d not in pied]
    if read_politique(reponse) != POLITIQUE:
        manques.append(reponse["Content-Security-Policy"])
    if adresse in RUBRIQUES and not page.select("nav a[aria-current]"):
        manques.append("entrée du menu")
    if not (adresse in (*ACCUEILS, *RUBRIQUES) or reponse.status_code == 404 or racine in fil[:1]):
        manques.append(f"fil d’Ariane {fil}")
    if page.select_one("a.evitement, a[href='#contenu']") is None:
        manques.append("lien d’évitement")
    return [f"{adresse} : {manque}" for manque in manques + list_exterieurs(page)]


@pytest.mark.timeout(60)
def test_every_family_of_pages_has_its_frame(client, demarche, depose, usager, collectivite):
    agent = AdhesionFactory(collectivite=collectivite, role=Role.ADMINISTRATEUR).compte
    for role in (Role.INSTRUCTEUR, Role.ARCHIVISTE):
        AdhesionFactory(compte=agent, collectivite=collectivite, role=role)
    add_membre_programme(compte=agent, role=RoleProgramme.EQUIPE, par=agent, maintenant=MAINTENANT)
    noms = {"chemin": demarche.chemin, "numero": depose.numero}
    manques = []
    for compte, adresses in (
        (None, INSTALLATION), (None, [f"/c/clamart/{a}" for a in PORTAIL]),
        (usager, [f"/c/clamart/{a}" for a in USAGER]),
        (agent, [*(f"/c/clamart/{a}" for a in AGENT), *EQUIPE]),
    ):  # fmt: skip
        if compte:
            client.force_login(compte)
        for modele in adresses:
            adresse = modele.format(**noms)
            reponse = client.get(adresse)
            attendu = 404 if "inconnue" in adresse else 200
            if reponse.status_code != attendu:
                manques.append(f"{adresse} : {reponse.status_code}")
            else:
                manques += find_manques(reponse, adresse)
    assert manques == []


def test_pdf_shown_in_place_runs_no_script(client, depose, usager, collectivite):
    emettre_accuse(collectivite_id=collectivite.pk, numero=depose.numero)
    client.force_login(usager)
    accuse = f"/c/clamart/documents/{Dossier.objects.get().accuse_id}/"

    montre = client.get(f"{accuse}?voir")
    assert montre["Content-Disposition"].startswith("inline")
    assert read_politique(montre) == POLITIQUE_PDF
    assert "sandbox" in client.get(accuse)["Content-Security-Policy"]
