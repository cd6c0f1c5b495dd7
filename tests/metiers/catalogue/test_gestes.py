"""Les pages qui écrivent : l’équipe, l’éditeur, le pair, la collectivité."""

from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils.html import escape

from socle.fondations.commun.locataire import operateur
from socle.fondations.comptes.enums import Role
from socle.fondations.journal.models import Entree
from socle.metiers.catalogue.models import (
    Api,
    CandidatureLabel,
    CasUsage,
    CatalogueDistant,
    Clause,
    CritereLabel,
    DemandeDeploiement,
    Editeur,
    EssaiProduit,
    FicheDistante,
    Solution,
)
from tests.factories import AdhesionFactory


def post(client, adresse, **donnees):
    return client.post(adresse, donnees, follow=True)


# L’équipe ------------------------------------------------------------------
def test_team_writes_a_sheet_and_is_told_what_is_missing(client, catalogue, equipe):
    client.force_login(equipe)
    page = post(client, "/equipe/catalogue/nouvelle/", nom="Nouvelle brique")
    assert "Il manque" in page.text
    refus = post(client, "/equipe/catalogue/solutions/nouvelle-brique/publier/")
    assert "ne peut pas encore être publiée" in refus.text
    assert Solution.objects.get(slug="nouvelle-brique").etat == "brouillon"


def test_team_saves_the_whole_sheet_from_its_page(client, catalogue, equipe, publik):
    client.force_login(equipe)
    adresse = "/equipe/catalogue/solutions/publik/"
    formulaire = client.get(adresse).context["formulaire"]
    donnees = {
        champ.html_name: champ.field.prepare_value(champ.initial)
        for champ in formulaire
        if champ.initial not in (None, "", False)
    } | {"revision": str(publik.revision), "phrase": "Autre phrase."}

    page = post(client, adresse, **donnees)

    publik.refresh_from_db()
    assert page.status_code == 200
    assert publik.phrase == "Autre phrase."
    assert publik.deploiement[0]["titre"] == "Choisir les briques"


def test_stale_sheet_and_bad_values_are_refused_and_kept(client, catalogue, equipe, publik):
    client.force_login(equipe)
    reponse = client.post(
        "/equipe/catalogue/solutions/publik/",
        {"nom": "Publik", "phrase": "Ma phrase gardée", "licence": "libre et gratuit",
         "depot": "ailleurs", "chiffres": "12 | usagers", "revision": "0"},
    )  # fmt: skip
    assert reponse.status_code == 422
    assert "Ma phrase gardée" in reponse.text
    assert {"licence", "depot", "chiffres"} <= set(reponse.context["formulaire"].errors)


def test_team_imports_a_publiccode_and_a_bad_one_says_where(client, catalogue, equipe):
    client.force_login(equipe)
    bon = client.get("/catalogue/socle/publiccode.yml").content.replace(
        b"name: Socle", b"name: Autre"
    )
    reponse = client.post("/equipe/catalogue/importer/", {"fichier": nommer(bon)}, follow=True)
    assert "La fiche est lue" in reponse.text
    mauvais = client.post("/equipe/catalogue/importer/", {"fichier": nommer(b"name: x\n")})
    assert mauvais.status_code == 422
    assert "url : Cette clé manque" in mauvais.text


def nommer(octets: bytes, nom: str = "publiccode.yml") -> BytesIO:
    fichier = BytesIO(octets)
    fichier.name = nom
    return fichier


def test_team_reads_examines_merges_and_undoes(client, catalogue, equipe, publik):
    client.force_login(equipe)
    post(client, "/equipe/catalogue/imports/nouveau/", nom="Voisin", url="https://exemple.fr/c.csv",
         format="csv", frequence="manuelle", actif="on")  # fmt: skip
    distant = CatalogueDistant.objects.get()
    client.post(
        f"/equipe/catalogue/imports/{distant.slug}/deposer/",
        {"fichier": nommer(b"nom;licence\nPublik;AGPL-3.0\n=A1;MIT\n", "c.csv")},
    )
    page = client.get("/equipe/catalogue/imports/")
    assert "Une formule de tableur" in page.text
    fiche = FicheDistante.objects.get()
    assert "même nom" in client.get(f"/equipe/catalogue/fiches/{fiche.pk}/").text
    page = post(client, f"/equipe/catalogue/fiches/{fiche.pk}/fusionner/", solution="publik",
                champs=["licence"])  # fmt: skip
    publik.refresh_from_db()
    assert publik.licence == "AGPL-3.0"
    fusion = publik.fusions.get()
    post(client, f"/equipe/catalogue/fusions/{fusion.pk}/annuler/")
    publik.refresh_from_db()
    assert publik.licence == "GPL-2.0-or-later"


def test_team_keeps_vendors_clauses_and_apis(client, catalogue, equipe, representant):
    client.force_login(equipe)
    post(client, "/equipe/catalogue/editeurs/nouveau/", nom="Neuf", genre="entreprise")
    page = post(client, "/equipe/catalogue/editeurs/neuf/representants/",
                courriel=representant.courriel)  # fmt: skip
    assert "La personne représente cet éditeur." in page.text
    inscrit = Editeur.objects.get(slug="neuf").representants.get()
    post(client, f"/equipe/catalogue/editeurs/neuf/representants/{inscrit.pk}/oter/")
    assert not Editeur.objects.get(slug="neuf").representants.exists()
    page = post(client, "/equipe/catalogue/editeurs/neuf/representants/",
                courriel="personne@exemple.fr")  # fmt: skip
    assert "L’invitation est partie." in page.text
    post(client, "/equipe/catalogue/clauses/nouvelle/", titre="Neuve", theme="archives", texte="T.")
    post(client, "/equipe/catalogue/clauses/neuve/retirer/")
    assert Clause.objects.get(slug="neuve").retiree_le is not None
    assert "Neuve" not in client.get("/catalogue/clauses/").text
    refus = post(client, "/equipe/catalogue/api/nouvelle/", nom="Neuve", fournisseur="x",
                 phrase="x", acces="ouvert", annoncee_le="2026-01-01")  # fmt: skip
    assert "Une date s’écrit avec sa source." in refus.text
    page = post(client, "/equipe/catalogue/api/compter/")
    assert "Les emplois sont comptés." in page.text
    assert Api.objects.exclude(comptees_le=None).exists()


def test_team_writes_a_use_case_and_what_each_api_gives(client, catalogue, equipe):
    client.force_login(equipe)
    une, autre = Api.objects.exclude(habilitation="").exclude(integration="").order_by("pk")[:2]
    page = "/equipe/catalogue/api/cas/"
    champs = {"titre": "Louer un vélo", "demarche": "Location de vélo"}
    for usages, refus in (
        ("nulle-part | Revenus", "Aucune API n’a cette adresse : nulle-part."),
        (f"{une.slug}", "manque."),
        (f"{une.slug} | A\n{une.slug} | B", "est nommée deux fois."),
    ):
        assert refus in post(client, f"{page}nouveau/", **champs, usages=usages).text
    assert not CasUsage.objects.filter(titre="Louer un vélo").exists()

    post(client, f"{page}nouveau/", **champs, usages=f"{une.slug} | Revenus | L’avis d’impôt")
    cas = CasUsage.objects.get(slug="louer-un-velo")
    assert "L’avis d’impôt" in client.get(f"/catalogue/api/cas/{cas.slug}/").text
    lue = client.get(f"/catalogue/api/{une.slug}/").text  # le processus d’accès, sur sa page
    assert all(escape(dit) in lue for dit in (une.habilitation, une.integration, *une.donnees))
    assert f"<b>{une.get_acces_display()}.</b>" in lue
    ouverte = client.get(f"{page}{cas.slug}/").text
    assert f"{une.slug} | Revenus | L’avis d’impôt" in ouverte
    post(client, f"{page}{cas.slug}/", **champs, usages=f"{autre.slug} | Adresse")
    assert [u.api for u in cas.usages.all()] == [autre]
    with operateur():
        gestes = Entree.objects.filter(action="cas.enregistre", acteur=equipe.acteur)
        assert gestes.count() == 2


# L’éditeur ------------------------------------------------------------------
def test_vendor_works_on_its_products_only(client, catalogue, representant, publik):
    client.force_login(representant)
    accueil = client.get("/editeur/").text
    assert "Publik" in accueil
    assert 'href="/equipe/' not in accueil  # son menu ne mène à aucune page qui lui est fermée
    assert client.get("/editeur/solutions/tchap/").status_code == 404
    post(client, "/editeur/solutions/publik/repondre/", texte="Nous publions la version 2.")
    assert "Nous publions la version 2." in client.get("/catalogue/publik/").text
    post(client, "/editeur/solutions/publik/versions/", numero="2.0")
    version = publik.versions.get()
    page = client.post(
        f"/editeur/solutions/publik/versions/{version.pk}/essayer/",
        {"banc": "publiccode", "fichier": nommer(b"name: x\n")}, follow=True,
    )  # fmt: skip
    assert "<b>Non respecté.</b>" in page.text  # l’éditeur lit pourquoi, sans chercher
    assert "alert-warning" in page.text
    assert "publiccode.yml\N{NO-BREAK SPACE}: non conforme" in client.get(
        f"/catalogue/editeurs/{publik.editeur.slug}/"
    ).text  # fmt: skip
    assert EssaiProduit.objects.get().joue_par == representant


def test_label_goes_from_vendor_to_peer_to_team(
    client, catalogue, representant, partenaire, equipe
):
    criteres = CritereLabel.objects.values_list("pk", flat=True)
    avis = {f"avis-{pk}": "oui" for pk in criteres} | {f"preuve-{pk}": "Vue." for pk in criteres}
    client.force_login(representant)
    incomplet = client.post("/editeur/solutions/publik/label/", {"vide": "1"})
    assert incomplet.status_code == 422
    post(client, "/editeur/solutions/publik/label/", **avis)
    candidature = CandidatureLabel.objects.get()
    adresse = f"/equipe/catalogue/label/{candidature.pk}/"
    client.force_login(partenaire)
    assert 'href="/equipe/catalogue/label/"' in client.get("/agent/").text
    for compte in (partenaire, equipe):
        client.force_login(compte)
        post(client, adresse, **avis)
    post(client, adresse, accorde="oui", motif="Tout est prouvé.")
    candidature.refresh_from_db()
    assert candidature.etat == "labellisee"
    assert "Labellisée" in client.get("/catalogue/publik/").text
    assert client.get("/catalogue/?labellisee=on").text.count("comparer-") == 2


# La collectivité ------------------------------------------------------------------
@pytest.fixture
def administratrice(collectivite):
    return AdhesionFactory(collectivite=collectivite, role=Role.ADMINISTRATEUR).compte


def test_authority_asks_and_the_others_answer(
    client, catalogue, administratrice, representant, equipe
):
    client.force_login(administratrice)
    page = post(client, "/c/clamart/agent/catalogue/solutions/publik/", besoin="Aidez-nous.",
                contact="Ada", courriel="ada@exemple.fr")  # fmt: skip
    assert "Votre demande est partie." in page.text
    demande = DemandeDeploiement.objects.get()
    client.force_login(representant)
    post(client, f"/editeur/demandes/{demande.pk}/", texte="Bonjour de l’éditeur.")
    client.force_login(equipe)
    post(client, f"/equipe/catalogue/demandes/{demande.pk}/", texte="Bonjour.", etat="en_attente")
    assert "Clamart" in client.get("/equipe/catalogue/demandes/?etat=en_attente").text
    client.force_login(administratrice)
    page = client.get(f"/c/clamart/agent/catalogue/demandes/{demande.pk}/")
    assert "Bonjour de l’éditeur." in page.text
    assert "En attente de la collectivité" in page.text


def test_request_of_another_authority_is_not_found(client, catalogue, administratrice, publik):
    from tests.metiers.catalogue.fabrique import create_du_catalogue

    pk = create_du_catalogue("213100001")["demandes/pk"]
    client.force_login(administratrice)
    assert client.get(f"/c/clamart/agent/catalogue/demandes/{pk}/").status_code == 404


# La commande ------------------------------------------------------------------
def test_command_checks_a_file(tmp_path, settings):
    sortie = StringIO()
    call_command("verifier_publiccode", str(settings.RACINE / "publiccode.yml"), stdout=sortie)
    assert sortie.getvalue() == "Cette fiche est conforme.\n"
    mauvais = tmp_path / "publiccode.yml"
    mauvais.write_text("name: x\n")
    with pytest.raises(CommandError, match="pas conforme"):
        call_command("verifier_publiccode", str(mauvais), stdout=StringIO())
    with pytest.raises(CommandError, match="ne se lit pas"):
        call_command("verifier_publiccode", str(tmp_path / "absent.yml"))
