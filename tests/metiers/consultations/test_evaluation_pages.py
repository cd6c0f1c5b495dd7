"""Les pages de l’évaluation : équipe, jury, résultats. Un dossier en déport n’y existe pas."""

import json

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from socle.fondations.collectivites.services import get_programme
from socle.fondations.commun.locataire import locataire
from socle.fondations.documents.services import store_bytes
from socle.metiers.consultations.enums import EtapeInstruction, FonctionJury
from socle.metiers.consultations.models import Deport, Grille, Jure, Notation, Reponse, Resultat
from socle.metiers.consultations.queries import evaluation_jury as lectures
from tests.deux_pages import check_deux_pages, read_saisie, read_versions
from tests.factories import CompteFactory
from tests.metiers.consultations import fabrique_evaluation as f
from tests.pdf import read_texte

pytestmark = pytest.mark.django_db
SLUG = "appel-essai"


@pytest.fixture
def monde(db):
    return f.create_monde()


def to(nom, *args):
    return reverse(f"consultations:{nom}", args=[SLUG, *args])


def enter(client, compte):
    client.force_login(compte)
    return client


def fill_notes(instruction, note=2, **autres):
    criteres = lectures.list_criteres(lectures.get_grille(instruction))
    saisie = {f"note-{c.pk}": str(note) for c in criteres}
    saisie |= {f"commentaire-{c.pk}": "Vu dans le dossier." for c in criteres}
    return saisie | {"avis": "Un dossier solide.", "version": "1"} | autres


def list_du_jury(dossier):
    """Toutes les adresses d’un dossier, pour un membre."""
    return [to("jury_dossier", dossier.cle), to("jury_retrait", dossier.cle)]


# Équipe -------------------------------------------------------------------------------------------
def test_team_leads_a_call_from_the_grid_to_the_results(client):
    """Le chemin entier, par les seules pages : équipe, jury, présidence, équipe."""
    campagne = f.create_appel()
    dossiers = [f.create_dossier(campagne, code) for code in ("92002", "92007")]
    equipier, membres = f.create_equipier(), [f.create_agent(), f.create_agent()]
    enter(client, equipier)
    page = to("equipe_evaluation")
    assert "n’est pas ouverte" in client.get(page).text
    client.post(page)
    assert "neuf critères" in client.get(to("equipe_grille_apercu")).text.lower()
    client.post(
        to("equipe_evaluation_reglages"),
        {"quorum": "2", "ecart_signale": "2", "recours": "Écrivez-nous."},
    )
    check_deux_pages(
        client, to("equipe_evaluation_reglages"), "recours", autre="Appelez.", mienne="Écrivez."
    )
    check_deux_pages(
        client, to("equipe_grille"), "intitule-1", autre="Utilité", mienne="Usage réel"
    )
    for compte, college, fonction in zip(
        membres, ("etat", "collectivites"), ("president", "membre"), strict=True
    ):
        client.post(
            to("equipe_jury_ajouter"),
            {"compte": compte.courriel, "organisation": "Essai", "college": college,
             "fonction": fonction},
        )  # fmt: skip
    assert client.post(to("equipe_evaluation_ouvrir"), follow=True).text.count("sans contrôle") > 0
    for dossier in dossiers:
        client.post(to("equipe_recevabilite", dossier.cle), {"recevable": "oui", "motif": ""})
    client.post(to("equipe_evaluation_ouvrir"))
    instruction = campagne.instruction
    assert instruction.etape == EtapeInstruction.NOTATION

    for compte in membres:
        enter(client, compte)
        assert "Déclarez d’abord vos intérêts" in client.get(to("jury")).text
        client.post(to("jury_interets"), {"atteste": "on"})
        for rang, dossier in enumerate(dossiers):
            client.post(
                to("jury_dossier", dossier.cle),
                fill_notes(instruction, note=3 - rang, geste="signer"),
            )
        assert "2 dossiers notés sur 2" in client.get(to("jury")).text

    enter(client, membres[0])
    client.post(to("jury_geste"), {"geste": "ouvrir"})
    premier, second = (dossier.pk for dossier in dossiers)
    saisie = {
        f"issue-{premier}": "retenu", f"rang-{premier}": "1", f"montant-{premier}": "40000,50",
        f"issue-{second}": "non_retenu", f"rang-{second}": "2",
        f"motivation-{second}": "Besoin peu montré.",
    }  # fmt: skip
    assert client.post(to("jury_deliberation"), saisie).status_code == 302
    client.post(to("jury_geste"), {"geste": "valider"})
    client.post(to("jury_geste"), {"geste": "reprendre"})
    instruction.refresh_from_db()
    assert instruction.etape == EtapeInstruction.DELIBERATION
    client.post(to("jury_geste"), {"geste": "valider"})

    enter(client, equipier)
    assert "Publier d’un coup" in client.get(to("equipe_evaluation_publier")).text
    assert client.get(to("resultats")).status_code == 404
    client.post(to("equipe_evaluation_publier"))
    instruction.refresh_from_db()
    assert instruction.etape == EtapeInstruction.PUBLIEE
    pdf = client.get(to("equipe_proces_verbal_pdf")).content
    assert "Retenu, 40 000,50 €" in read_texte(pdf, par_cases=True)
    client.logout()
    assert "40\N{NO-BREAK SPACE}000,50" in client.get(to("resultats")).text


def test_team_changes_the_grid_then_a_version_and_copies_it(client, monde):
    enter(client, monde.equipier)
    page = to("equipe_grille")
    formulaire = client.get(page).context["form"]
    saisie = {champ.html_name: champ.value() for champ in formulaire}
    saisie = {nom: "" if valeur is None else valeur for nom, valeur in saisie.items()}
    client.post(page, saisie | {"intitule-9": ""})
    assert len(lectures.list_criteres(lectures.get_grille(monde.instruction))) == 8
    refus = client.post(page, saisie | {"niveaux-1": "une seule"})
    assert (refus.status_code, "ce que vaut chaque note" in refus.text) == (422, True)
    f.declare(monde, monde.jures[0])
    f.sign(monde, monde.jures[0], monde.dossiers[0])

    sans_motif = client.post(page, saisie)
    assert sans_motif.status_code == 422
    # La page montrait encore neuf critères : elle le dit, et rien de l’envoi n’est perdu.
    deux = client.post(page, saisie | {"motif": "Un critère manquait."})
    page_deux = BeautifulSoup(deux.text, "html.parser")
    assert (deux.status_code, deux.context["grille"].version) == (409, 1)
    absent, ecrit = read_versions(page_deux)["Critère 9\N{NO-BREAK SPACE}: intitulé"]
    assert (absent, ecrit) == ("vide", saisie["intitule-9"])
    client.post(page, read_saisie(page_deux))

    assert list(Grille.objects.order_by("version").values_list("version", "courante")) == [
        (1, False), (2, True),
    ]  # fmt: skip
    autre = f.grilles.open_instruction(
        campagne=f.create_appel("autre"), acteur=f.ACTEUR, maintenant=f.MAINTENANT
    )
    copie = reverse("consultations:equipe_grille_copier", args=["autre"])
    client.post(copie, {"source": monde.instruction.pk})
    assert len(lectures.list_criteres(lectures.get_grille(autre))) == 9


def test_team_keeps_the_jury_and_the_deports(client, monde):
    enter(client, monde.equipier)
    jure, dossier = monde.jures[2], monde.dossiers[0]
    client.post(
        to("equipe_deport_ajouter"),
        {"jure": jure.pk, "reponse": dossier.pk, "motif": "Ancien employeur."},
    )
    deport = Deport.objects.get(jure=jure)
    assert "Ancien employeur." in client.get(to("equipe_proces_verbal")).text
    assert client.post(to("equipe_deport_lever", deport.pk), {"motif": ""}).status_code == 422
    client.post(to("equipe_deport_lever", deport.pk), {"motif": "Parti depuis dix ans."})
    assert "Parti depuis dix ans." in client.get(to("equipe_evaluation")).text
    pdf = client.get(to("equipe_proces_verbal_pdf"))
    assert 'filename="proces-verbal-' in pdf.headers["Content-Disposition"]
    texte = read_texte(pdf.content, par_cases=True)
    for attendu in ("Ancien employeur.", "Parti depuis dix ans.", "La délibération n’est pas"):
        assert attendu in texte, attendu
    client.post(to("equipe_jury_fonction", jure.pk), {"fonction": "vice_president"})
    assert Jure.objects.get(pk=jure.pk).fonction == FonctionJury.VICE_PRESIDENT
    neuf = f.create_agent()
    client.post(
        to("equipe_jury_sortir", jure.pk),
        {"motif": "Départ.", "compte": neuf.courriel, "organisation": "Autre"},
    )
    assert Jure.objects.get(compte=neuf).remplace_id == jure.pk
    inconnue = client.post(
        to("equipe_jury_ajouter"),
        {"compte": "nul@exemple.fr", "organisation": "x", "college": "etat", "fonction": "membre"},
    )
    assert "Aucun agent ne se connecte" in inconnue.text


def test_team_sees_no_note_before_the_deliberation(client, monde):
    jure = f.declare(monde, monde.jures[0])
    f.sign(monde, jure, monde.dossiers[0])
    enter(client, monde.equipier)
    for nom in ("equipe_evaluation", "equipe_proces_verbal"):
        texte = client.get(to(nom)).text
        assert "Vu dans le dossier" not in texte, nom
        assert "66,67" not in texte, nom
        assert "66.67" not in texte, nom


# Jury ---------------------------------------------------------------------------------------------
def test_dossier_en_deport_does_not_exist_at_any_address(client, monde):
    """Ni la page, ni le fichier, ni la note, ni le retrait, ni la note en délibération."""
    dossier, president = monde.dossiers[0], monde.jures[0]
    programme = get_programme()
    with locataire(programme.pk):
        fichier = store_bytes(
            collectivite=programme, contenu=b"Plan", nom="plan.txt", objet=dossier.objet,
            type_mime="text/plain", maintenant=f.MAINTENANT,
        )  # fmt: skip
    piece = f"/c/programme/documents/{fichier.pk}/"
    page, liste, deliberation = to("jury_dossier", dossier.cle), to("jury"), to("jury_deliberation")
    adresses = list_du_jury(dossier)
    declares = [f.declare(monde, jure) for jure in monde.jures[1:]]
    f.declare(monde, president, {dossier: "Ma sœur y travaille."})
    for jure in declares:
        enter(client, jure.compte)
        assert client.get(piece).status_code == 200
        assert "projet secret de Antony" in client.get(page).text

    enter(client, president.compte)
    for adresse in adresses:
        assert client.get(adresse).status_code == 404, adresse
        assert client.post(adresse, fill_notes(monde.instruction)).status_code == 404, adresse
    assert client.get(piece).status_code in (403, 404)
    assert "projet secret de Antony" not in client.get(liste).text
    assert not Notation.objects.filter(jure=president).exists()

    for jure in monde.jures:
        for lu in monde.dossiers[jure == president :]:
            f.sign(monde, jure, lu)
    f.deliberation.open_deliberation(jure=president, maintenant=f.MAINTENANT)
    Resultat.objects.filter(reponse=dossier).update(score="12.34")
    texte = client.get(deliberation).text
    assert "Vous êtes en déport" in texte
    assert "12,34" not in texte
    assert "12.34" not in texte
    saisie = {f"issue-{dossier.pk}": "retenu", f"rang-{dossier.pk}": "1"}
    client.post(deliberation, saisie)
    assert Resultat.objects.get(reponse=dossier).issue == ""
    enter(client, monde.jures[1].compte)
    client.post(deliberation, saisie)
    assert Resultat.objects.get(reponse=dossier).issue == "retenu"


def test_pages_of_the_jury_are_closed_to_all_others(client, monde):
    dossier = monde.dossiers[0]
    for jure in monde.jures:
        f.declare(monde, jure)
    sorti = f.jury.remove_jure(
        jure=monde.jures[2], motif="Départ.", acteur=f.ACTEUR, maintenant=f.MAINTENANT
    )
    ailleurs = f.create_monde(codes=("92002",), slug="ailleurs").jures[2]
    adresses = [to("jury"), to("jury_interets"), to("jury_deliberation"), *list_du_jury(dossier)]
    for adresse in adresses:
        assert "/connexion/" in client.get(adresse).url, adresse
    for compte in (monde.equipier, f.create_agent(), sorti.compte, ailleurs.compte,
                   CompteFactory()):  # fmt: skip
        enter(client, compte)
        for adresse in adresses:
            assert client.get(adresse).status_code == 404, (adresse, compte)
            assert client.post(adresse, {}).status_code in (404, 405), (adresse, compte)
        assert client.post(to("jury_geste"), {"geste": "ouvrir"}).status_code == 404
    membre = f.add_jure(monde.instruction, 2)
    enter(client, membre.compte)
    assert client.get(to("jury_deliberation")).status_code == 404  # ne préside pas
    assert client.get(to("jury_dossier", dossier.cle)).status_code == 404  # n’a pas déclaré


def test_member_drafts_signs_then_sees_the_others(client, monde):
    premier, second = monde.jures[:2]
    dossier = monde.dossiers[0]
    for jure in (premier, second):
        f.declare(monde, jure)
    f.sign(monde, premier, dossier, 3)
    enter(client, second.compte)
    page = to("jury_dossier", dossier.cle)
    vide = client.post(page, {"version": "1", "geste": "signer"})
    assert (vide.status_code, "Donnez une note avant de signer" in vide.text) == (422, True)
    client.post(page, fill_notes(monde.instruction, geste="enregistrer"))
    brouillon = client.get(page).text
    assert "autres notes signées" not in brouillon
    assert "checked" in brouillon
    client.post(page, fill_notes(monde.instruction, geste="signer"))
    signee = client.get(page).text
    assert "Empreinte SHA-256" in signee
    assert premier.compte.nom_affiche in signee
    client.post(to("jury_retrait", dossier.cle), {"motif": "Un lien retrouvé."})
    assert client.get(page).status_code == 404
    assert "Intérêt déclaré" in client.get(to("jury")).text.replace("intérêt", "Intérêt")


def test_president_reads_where_the_jury_disagrees_and_ties(client, monde):
    for jure in monde.jures:
        f.declare(monde, jure)
        for dossier in monde.dossiers:
            premier = jure == monde.jures[0] and dossier == monde.dossiers[0]
            f.sign(monde, jure, dossier, 3, **({"c2": 0} if premier else {}))
    enter(client, monde.jures[0].compte)
    assert "4 dossiers au quorum sur 4" in client.get(to("jury_deliberation")).text
    client.post(to("jury_geste"), {"geste": "ouvrir"})

    page = client.get(to("jury_deliberation")).text

    assert "Le jury s’écarte sur\N{NO-BREAK SPACE}: Un résultat mesurable." in page
    assert page.count("ex æquo</small>") == 3
    accordes = [(0, 40_000, "40000.5"), (1, 40_000, "40000"), (2, "beaucoup", "9"), (3, None, "9")]
    for rang, demande, accorde in accordes:
        valeurs = {} if demande is None else {"montant": demande}
        Reponse.objects.filter(pk=monde.dossiers[rang].pk).update(reponses=valeurs)
        Resultat.objects.filter(reponse=monde.dossiers[rang]).update(
            issue="retenu", montant=accorde
        )
    page = client.get(to("jury_deliberation")).text.replace("\N{NO-BREAK SPACE}", " ")
    assert page.count("Aide demandée : 40 000 €.") == 2
    assert page.count("dépasse l’aide demandée") == 1
    assert client.post(to("jury_geste"), {"geste": "renoter"}).status_code == 302
    assert "au quorum" in client.get(to("jury_deliberation")).text


# Résultats ----------------------------------------------------------------------------------------
def test_results_are_public_light_and_revalidated(client, django_assert_max_num_queries):
    f.publish(f.create_monde())
    with django_assert_max_num_queries(8):
        page = client.get(to("resultats"))
    assert "Antony" in page.text
    assert "Bagneux" not in page.text
    assert "60\N{NO-BREAK SPACE}000" in page.text
    assert "Neuf critères écrits par l’équipe" in page.text
    etag = page.headers["ETag"]
    assert client.get(to("resultats"), headers={"If-None-Match": etag}).status_code == 304
    donnees = json.loads(client.get(to("resultats_fichier", "json")).content)
    assert (donnees["chiffres"]["recus"], len(donnees["empreinte"])) == (4, 64)
    csv = client.get(to("resultats_fichier", "csv")).content.decode("utf-8-sig").splitlines()
    assert csv[0] == "rang;numero;beneficiaire;cle;departement;montant_euros;conditions"
    assert len(csv) == 2
    assert client.get(to("resultats_fichier", "pdf")).content.startswith(b"%PDF")
    assert client.get(to("resultats_fichier", "exe")).status_code == 404


def test_each_applicant_reads_its_own_decision_and_no_other(client):
    monde = f.validate(f.create_monde())
    siens = [f.create_agent(), f.create_agent()]
    for compte, dossier in zip(siens, monde.dossiers[2:], strict=True):
        Reponse.objects.filter(pk=dossier.pk).update(compte=compte, repondant=f"compte:{compte.pk}")
    pages = [reverse("consultations:resultat", args=[d.cle]) for d in monde.dossiers[2:]]
    enter(client, siens[0])
    assert client.get(pages[0]).status_code == 404  # pas encore publié
    f.publication.publish_resultats(
        instruction=monde.instruction, acteur=f.ACTEUR, maintenant=f.MAINTENANT
    )

    recu = client.get(reverse("consultations:recu", args=[monde.dossiers[2].cle]))
    assert f'href="{pages[0]}"' in recu.text
    assert to("resultats") in client.get(reverse("consultations:campagne", args=[SLUG])).text
    lue = client.get(pages[0]).text
    assert "Enveloppe épuisée." in lue
    assert "tribunal administratif" in lue
    assert lue.count("sur 3") >= 9
    assert client.get(pages[1]).status_code == 403
    client.logout()
    assert client.get(pages[0]).status_code == 403


def test_pages_cost_the_same_whatever_the_dossiers_and_jurors(client):
    """Le tableau de l’équipe et la page du membre, à 2 × 3 puis 4 × 6."""
    comptes = []
    for slug, codes, membres in (("petit", ("92002", "92007"), 3), (SLUG, tuple(f.COMMUNES), 6)):
        monde = f.create_monde(codes=codes, membres=membres, slug=slug)
        for jure in monde.jures:
            f.declare(monde, jure)
            f.sign(monde, jure, monde.dossiers[0])
        comptes.append([
            count_queries(enter(client, monde.equipier), "equipe_evaluation", slug),
            count_queries(enter(client, monde.jures[0].compte), "jury", slug),
        ])  # fmt: skip
    assert comptes[0] == comptes[1]


def count_queries(client, nom, slug):
    with CaptureQueriesContext(connection) as lues:
        assert client.get(reverse(f"consultations:{nom}", args=[slug])).status_code == 200
    return len(lues)
