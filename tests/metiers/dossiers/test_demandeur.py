"""Une demande faite sans compte porte le nom que la personne a tapé."""

from datetime import timedelta

import pytest

from socle.fondations.formulaires.moteur import compile_formulaire
from socle.metiers.demarches import services as demarches
from socle.metiers.demarches.queries import get_version_publiee
from socle.metiers.dossiers.errors import AccordSansAcces
from socle.metiers.dossiers.models import NON_NOMME, Dossier, Message, PhrasePrete
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.services import depot, echanges
from socle.metiers.dossiers.services.correction import save_correction, submit_correction
from socle.metiers.dossiers.services.demandeur import find_courriel, find_demandeur
from socle.metiers.dossiers.services.phrases import render_phrase
from tests.factories import CompteFactory, RegleFactory, ServiceFactory
from tests.metiers.conftest import MAINTENANT, REPONSES

BASE = "/c/clamart"
JETONS = {"complet": "name", "prenom": "given-name", "nom": "family-name",
          "societe": "organization", "sujet": ""}  # fmt: skip


def make_definition(*ids):
    champs = [
        {"type": "texte_court", "id": id_, "libelle": id_, "obligatoire": False,
         "autocomplete": JETONS[id_]}
        for id_ in ids
    ]  # fmt: skip
    champs.append(
        {"type": "courriel", "id": "courriel", "libelle": "Courriel", "obligatoire": False,
         "autocomplete": "email"}
    )  # fmt: skip
    bloc = {"type": "bloc_repetable", "id": "enfants", "libelle": "Enfants", "maximum": 3,
            "obligatoire": False,
            "champs": [{"type": "texte_court", "id": "enfant", "libelle": "Nom",
                        "autocomplete": "name"}]}  # fmt: skip
    return {"pages": [{"id": "vous", "titre": "Vous", "champs": [*champs, bloc]}]}


@pytest.mark.parametrize(
    ("reponses", "nom"),
    [
        ({"complet": "Mme  Ada\nFournel ", "prenom": "X", "societe": "Y"}, "Mme Ada Fournel"),
        ({"complet": " ", "prenom": "Ada", "nom": "Fournel", "societe": "Y"}, "Ada Fournel"),
        ({"nom": "Fournel"}, "Fournel"),
        ({"societe": "Boulangerie du Parc"}, "Boulangerie du Parc"),
        ({"complet": "A" * 500}, "A" * 300),
        ({"complet": ["Ada"], "sujet": "Ada"}, ""),
        ({"enfants": [{"ligne": "l1", "valeurs": {"enfant": "Bob"}}], "enfant": "Bob"}, ""),
        ({}, ""),
    ],
)
def test_name_comes_from_autofill_tokens(reponses, nom):
    formulaire = compile_formulaire(make_definition(*JETONS))
    assert find_demandeur(formulaire, reponses) == nom


def test_address_typed_in_a_text_field_is_not_taken():
    definition = make_definition("complet")
    definition["pages"][0]["champs"][0]["autocomplete"] = "email"
    formulaire = compile_formulaire(definition)
    assert find_courriel(formulaire, {"complet": "pas une adresse"}) == ""
    assert find_courriel(formulaire, {"courriel": "ada@exemple.fr"}) == "ada@exemple.fr"


@pytest.fixture
def publish(collectivite, administrateur):
    def publish_ids(*ids):
        demarche = demarches.create_demarche(
            collectivite=collectivite, titre="Salle", agent=administrateur,
            maintenant=MAINTENANT, definition=make_definition(*ids), resume="Louer.",
            cadre_juridique="CGCT, art. L. 2144-3", regle=RegleFactory(collectivite=collectivite),
            service=ServiceFactory(collectivite=collectivite, nom="Salles"),
            invites_autorises=True, decision_acceptation="Oui.",
        )  # fmt: skip
        demarches.publish_version(demarche=demarche, agent=administrateur, maintenant=MAINTENANT)
        demarche.refresh_from_db()
        return demarche

    return publish_ids


def file_en_invite(demarche, reponses, *, accord_portail=False):
    dossier, cle = depot.start_dossier(
        demarche=demarche,
        version=get_version_publiee(demarche),
        maintenant=MAINTENANT,
        reponses=reponses,
    )
    acces = Acces(compte=None, jeton=cle)
    return acces, depot.file_dossier(
        numero=dossier.numero, acces=acces, maintenant=MAINTENANT, accord_portail=accord_portail
    )


def correct(dossier, acces, reponses):
    save_correction(dossier=dossier, reponses=reponses, revision=dossier.revision)
    return submit_correction(
        numero=dossier.numero, acces=acces, maintenant=MAINTENANT + timedelta(hours=1)
    )


def test_guest_is_named_everywhere_and_renamed_by_a_correction(publish, client, agent):
    acces, dossier = file_en_invite(publish("complet"), {"complet": "Ada Fournel"})
    assert dossier.demandeur == "Ada Fournel"

    dossier = correct(dossier, acces, {"complet": "Ada Lagarde"})
    echanges.send_message(dossier=dossier, auteur=None, corps="Bonjour", maintenant=MAINTENANT)

    client.force_login(agent)
    assert "Ada Lagarde" in client.get(f"{BASE}/agent/dossiers/").text
    assert "<h1>Ada Lagarde</h1>" in client.get(f"{BASE}/agent/dossiers/{dossier.numero}/").text
    assert Message.objects.get().auteur_nom == "Ada Lagarde"


def test_account_keeps_its_name_over_a_full_name_field(publish):
    compte = CompteFactory(prenom="Yanis", nom="Orbellec")
    demarche = publish("complet")
    dossier, _ = depot.start_dossier(
        demarche=demarche, version=get_version_publiee(demarche), maintenant=MAINTENANT,
        compte=compte, demandeur=compte.nom_affiche, reponses={"complet": "La voisine"},
    )  # fmt: skip
    depose = depot.file_dossier(
        numero=dossier.numero, acces=Acces(compte=compte), maintenant=MAINTENANT
    )
    assert depose.demandeur == "Yanis Orbellec"


def test_request_without_a_name_says_so(publish, client, agent):
    _, dossier = file_en_invite(publish("sujet"), {"sujet": "Une fête"})
    echanges.send_message(dossier=dossier, auteur=None, corps="Bonjour", maintenant=MAINTENANT)

    client.force_login(agent)
    assert NON_NOMME in client.get(f"{BASE}/agent/dossiers/").text
    page = client.get(f"{BASE}/agent/dossiers/{dossier.numero}/").text
    assert f"<title>Dossier {dossier.numero}, {NON_NOMME}" in page
    assert f"<h1>{NON_NOMME}</h1>" in page
    assert f"<header><b>{NON_NOMME}</b>, <time" in page
    assert "<b></b>" not in page


def test_tag_of_an_unnamed_person_still_reads_well(publish, agent, collectivite):
    _, dossier = file_en_invite(publish("sujet"), {"sujet": "Une fête"})
    phrase = PhrasePrete(collectivite=collectivite, titre="t", corps="Bonjour {demandeur},")
    texte = render_phrase(phrase=phrase, dossier=dossier, agent=agent)
    assert texte == "Bonjour Madame, Monsieur,"


def test_guest_without_an_address_is_not_offered_the_portal(client, demarche):
    etape = client.post(f"{BASE}/demarches/{demarche.chemin}/commencer/")["Location"]
    resume = etape.replace("etape/1", "resume")
    sans = {cle: valeur for cle, valeur in REPONSES.items() if cle != "courriel"}
    Dossier.objects.update(reponses=sans)
    page = client.get(resume).text
    assert 'name="accord_portail"' not in page
    assert "la décision vous est envoyée par la poste" in page
    refus = client.post(resume.replace("resume", "deposer"), {"accord_portail": "oui"})
    assert (refus.status_code, Dossier.objects.get().is_brouillon) == (422, True)
    assert AccordSansAcces.message in refus.text

    Dossier.objects.update(reponses=REPONSES)
    assert 'name="accord_portail"' in client.get(resume).text
