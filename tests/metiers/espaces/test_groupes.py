"""Les groupes : qui lit, qui écrit, qui part ; rien ne passe d’un groupe à l’autre."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from socle.fondations.collectivites.services import get_programme
from socle.fondations.commun.fiches import search_partout
from socle.fondations.commun.locataire import locataire, operateur
from socle.fondations.journal.models import Entree
from socle.fondations.notifications.models import Envoi
from socle.fondations.notifications.services.preferences import set_preferences
from socle.metiers.espaces.errors import (
    DejaDemande,
    DejaMembre,
    DernierAnimateur,
    EntreeDejaTraitee,
    GroupeArchive,
)
from socle.metiers.espaces.models import (
    Commentaire,
    EntreeEnGroupe,
    GroupeDeTravail,
    MembreDeGroupe,
    Sujet,
    Tache,
    VersionDeDocument,
)
from socle.metiers.espaces.services import groupes, travaux
from tests.factories import CompteFactory
from tests.metiers.espaces.fabrique import MAINTENANT, add_membre, get_membre, make_groupe

pytestmark = pytest.mark.django_db


def write(membre: MembreDeGroupe, genre: str = "nouvelle", **valeurs: str) -> Sujet:
    return travaux.write_sujet(
        membre=membre, genre=genre, titre=valeurs.get("titre", "Titre secret"),
        texte=valeurs.get("texte", "Texte secret"), maintenant=MAINTENANT,
    )  # fmt: skip


def post_document(client, groupe, contenu: bytes = b"a;b\n1;2\n", **champs):
    fichier = SimpleUploadedFile("suite.csv", contenu, "text/csv")
    return client.post(
        f"/groupes/{groupe.slug}/sujets/ecrire/?genre=document",
        {"titre": "Un document", "fichier": fichier, **champs},
    )


@pytest.fixture
def plein(client):
    """Un groupe restreint où il y a de tout, et les adresses de ce contenu."""
    groupe, animateur = make_groupe(slug="plein")
    question = write(animateur, "question")
    reponse = travaux.write_commentaire(
        membre=animateur, sujet=question, texte="Réponse secrète", maintenant=MAINTENANT
    )
    client.force_login(animateur.compte)
    assert post_document(client, groupe).status_code == 302
    version = VersionDeDocument.objects.get()
    tache = travaux.create_tache(
        membre=animateur, titre="Tâche secrète", responsable=animateur, echeance=None,
        maintenant=MAINTENANT,
    )  # fmt: skip
    entree = EntreeEnGroupe.objects.create(
        groupe=groupe, sens="demande", courriel="x@exemple.fr", faite_le=MAINTENANT,
        compte=CompteFactory(agent=True),
    )  # fmt: skip
    client.logout()
    racine = "/groupes/plein/"
    lire = [f"{racine}sujets/{question.pk}/", f"{racine}sujets/{version.sujet_id}/", version.url]
    reserves = [f"{racine}taches/", f"{racine}membres/"]
    ecrire = [
        (f"{racine}sujets/ecrire/", {"titre": "X", "texte": "X"}),
        (f"{racine}sujets/{question.pk}/commenter/", {"texte": "X"}),
        (f"{racine}sujets/{question.pk}/retenir/{reponse.pk}/", {}),
        (f"{racine}sujets/{version.sujet_id}/version/", {"note": "X"}),
        (f"{racine}taches/", {"titre": "X"}),
        (f"{racine}taches/{tache.pk}/", {"etat": "faite"}),
    ]
    animer = [
        (f"{racine}membres/", {"courriel": "y@exemple.fr"}),
        (f"{racine}membres/{animateur.pk}/role/", {f"m{animateur.pk}-role": "membre"}),
        (f"{racine}membres/{animateur.pk}/retirer/", {}),
        (f"{racine}entrees/{entree.pk}/", {"choix": "accepter"}),
        (f"{racine}reglages/", {"nom": "X", "but": "X", "acces": "public"}),
        (f"{racine}archiver/", {}),
    ]
    return {"groupe": groupe, "lire": lire, "reserves": reserves, "ecrire": ecrire,
            "animer": animer}  # fmt: skip


def photograph() -> list[object]:
    """Tout ce que contiennent les tables des groupes."""
    return [
        list(modele.objects.order_by("pk").values())
        for modele in (GroupeDeTravail, MembreDeGroupe, EntreeEnGroupe, Sujet, Commentaire,
                       VersionDeDocument, Tache)
    ]  # fmt: skip


# Qui : (appartient à un autre groupe ou non, accès) → lit, lit ce qui est réservé, écrit, anime.
TABLE = {
    "personne": ("restreint", False, False, False, False),
    "usager": ("public", False, False, False, False),
    "agent": ("restreint", False, False, False, False),
    "animateur_d_un_autre": ("restreint", False, False, False, False),
    "animateur_d_un_autre_ouvert": ("public", True, False, False, False),
    "equipe": ("restreint", False, False, False, False),
    "ancien_membre": ("restreint", False, False, False, False),
    "membre_desactive": ("restreint", False, False, False, False),
    "membre": ("restreint", True, True, True, False),
    "membre_archive": ("restreint", True, True, False, False),
}


def make_personne(qui: str, groupe: GroupeDeTravail, equipier):
    """Crée cette personne, et la rend ; None si elle n’est pas connectée."""
    if qui == "personne":
        return None
    compte = equipier if qui == "equipe" else CompteFactory(agent=qui != "usager")
    if "animateur" in qui:
        make_groupe(slug="autre", compte=compte)
    if "membre" in qui:
        membre = add_membre(groupe, compte=compte)
    if qui == "ancien_membre":
        groupes.end_membre(membre=membre, compte=compte, maintenant=MAINTENANT)
    if qui == "membre_desactive":
        compte.is_active = False
        compte.save()
    if qui == "membre_archive":
        groupe.etat = "archive"
        groupe.save()
    return compte


@pytest.mark.parametrize("qui", TABLE)
def test_who_reads_writes_and_leads(client, plein, equipier, qui):
    acces, lit, lit_reserve, ecrit, anime = TABLE[qui]
    groupe = plein["groupe"]
    GroupeDeTravail.objects.filter(pk=groupe.pk).update(acces=acces)
    groupe.refresh_from_db()
    compte = make_personne(qui, groupe, equipier)
    if compte is not None:
        client.force_login(compte)

    pages = {url: client.get(url) for url in plein["lire"] + plein["reserves"]}
    presentation = client.get("/groupes/plein/")

    assert {u: pages[u].status_code == 200 for u in plein["lire"]} == dict.fromkeys(
        plein["lire"], lit
    )
    assert {u: pages[u].status_code == 200 for u in plein["reserves"]} == dict.fromkeys(
        plein["reserves"], lit_reserve
    )
    assert presentation.status_code == 200
    assert ("Titre secret" in presentation.text) is lit
    assert ("Tâche secrète" in presentation.text) is lit_reserve
    assert "secr" in client.get("/groupes/plein/?q=secret").text or not lit
    for gestes, permis in ((plein["ecrire"], ecrit), (plein["animer"], anime)):
        if not permis:
            avant = photograph()
            for url, envoi in gestes:
                assert client.post(url, envoi).status_code in (302, 403, 404, 409), url
            assert photograph() == avant


def test_member_writes_what_the_table_says(client, plein):
    membre = add_membre(plein["groupe"])
    client.force_login(membre.compte)
    url = plein["ecrire"][1][0]

    client.post(url, {"texte": "Merci **bien** <script>"})

    page = client.get(url.removesuffix("commenter/")).text
    assert "<strong>bien</strong>" in page
    assert "&lt;script&gt;" in page


def test_objects_of_another_group_do_not_exist_in_mine(client, plein):
    """L’animateur d’un autre groupe, dans le sien, avec les numéros de celui-ci."""
    _, animateur = make_groupe(slug="mien")
    client.force_login(animateur.compte)
    avant = photograph()

    numeros = [(url, {}) for url in plein["lire"] if url.startswith("/groupes/")]
    gestes = [g for g in plein["ecrire"] + plein["animer"] if any(c.isdigit() for c in g[0])]
    for url, envoi in gestes + numeros:
        ailleurs = url.replace("/groupes/plein/", "/groupes/mien/")
        assert client.post(ailleurs, envoi).status_code in (404, 405), ailleurs
        assert client.get(ailleurs).status_code in (404, 405), ailleurs

    assert photograph() == avant


def test_task_is_never_given_to_a_member_of_another_group(client, plein):
    groupe, animateur = make_groupe(slug="mien")
    etranger = get_membre(plein["groupe"])
    client.force_login(animateur.compte)

    reponse = client.post("/groupes/mien/taches/", {"titre": "X", "responsable": etranger.pk})

    assert reponse.status_code == 422
    assert not Tache.objects.filter(groupe=groupe).exists()


def test_public_search_never_reads_inside_a_group():
    _, animateur = make_groupe(slug="ouvert", acces="public")
    write(animateur, titre="Introuvable", texte="Introuvable")

    assert [f for g in search_partout("introuvable") for f in g.fiches] == []
    trouves = [f.cle for g in search_partout("groupe ouvert") for f in g.fiches]
    assert "groupe:ouvert" in trouves


def test_search_of_an_agent_reads_only_the_groups_it_may_read(client, plein):
    """Un groupe restreint, ses commentaires, ses fichiers : rien n’en sort hors des membres."""
    _, voisin = make_groupe(slug="ouvert", acces="public", compte=CompteFactory(agent=True))
    write(voisin, titre="Titre secret de polichinelle")
    membre = add_membre(plein["groupe"])
    parti = add_membre(plein["groupe"])
    groupes.end_membre(membre=parti, compte=parti.compte, maintenant=MAINTENANT)
    ou = "/groupes/plein/sujets/"

    attendus = {"membre": (1, 1, 1), "parti": (0, 0, 0), "agent": (0, 0, 0), "usager": (0, 0, 0)}
    qui = {
        "membre": membre.compte, "parti": parti.compte, "agent": CompteFactory(agent=True),
        "usager": CompteFactory(),
    }  # fmt: skip
    trouves = {}
    for nom, compte in qui.items():
        client.force_login(compte)
        pages = [client.get("/groupes/", {"q": q}).text for q in ("secret", "réponse", "suite.csv")]
        trouves[nom] = tuple(page.count(ou) for page in pages)
        assert ("polichinelle" in pages[0]) is (nom != "usager"), nom
    assert trouves == attendus
    client.logout()
    assert "secret" not in client.get("/groupes/", {"q": "polichinelle"}).text.lower()


# Entrer ------------------------------------------------------------------------------------------
def test_invitation_opens_only_to_its_verified_address(client):
    groupe, animateur = make_groupe()
    invite = CompteFactory(agent=True, courriel="invite@exemple.fr")
    autre = CompteFactory(agent=True, courriel="autre@exemple.fr")
    entree = groupes.invite_membre(
        groupe=groupe, courriel="Invite@Exemple.fr", compte=animateur.compte,
        maintenant=MAINTENANT,
    )  # fmt: skip

    with pytest.raises(EntreeDejaTraitee):
        groupes.accept_invitation(
            entree=entree, compte=autre, organisation="X", maintenant=MAINTENANT
        )
    with pytest.raises(DejaDemande):
        groupes.invite_membre(
            groupe=groupe, courriel="invite@exemple.fr", compte=animateur.compte,
            maintenant=MAINTENANT,
        )  # fmt: skip
    client.force_login(invite)
    assert "Vous êtes invité" in client.get("/groupes/").text
    client.post("/groupes/essai/entrer/", {"organisation": "Sceaux"})

    assert get_membre(groupe, invite).organisation == "Sceaux"
    with locataire(get_programme().pk):
        envoi = Envoi.objects.get(code="groupe_invitation")
    assert envoi.destinataire == "invite@exemple.fr"
    assert "/groupes/essai/" in envoi.corps
    with pytest.raises(EntreeDejaTraitee):
        groupes.accept_invitation(
            entree=entree, compte=invite, organisation="X", maintenant=MAINTENANT
        )
    with pytest.raises(DejaMembre):
        groupes.invite_membre(
            groupe=groupe, courriel="invite@exemple.fr", compte=animateur.compte,
            maintenant=MAINTENANT,
        )  # fmt: skip


@pytest.mark.parametrize(("reponse", "membres"), [("accepter", 2), ("refuser", 1)])
def test_request_waits_for_an_animator(client, reponse, membres):
    groupe, animateur = make_groupe()
    demandeur = CompteFactory(agent=True)
    client.force_login(demandeur)
    client.post("/groupes/essai/entrer/", {"organisation": "Sceaux", "message": "Bonjour"})
    entree = EntreeEnGroupe.objects.get()
    assert "Demande envoyée" in client.get("/groupes/essai/").text
    with pytest.raises(EntreeDejaTraitee):  # on ne s’accepte pas soi-même
        groupes.accept_invitation(
            entree=entree, compte=demandeur, organisation="X", maintenant=MAINTENANT
        )

    client.force_login(animateur.compte)
    assert "Bonjour" in client.get("/groupes/essai/membres/").text
    client.post(f"/groupes/essai/entrees/{entree.pk}/", {"choix": reponse})
    client.post(f"/groupes/essai/entrees/{entree.pk}/", {"choix": "accepter"})

    assert MembreDeGroupe.objects.filter(groupe=groupe).count() == membres


# Partir ------------------------------------------------------------------------------------------
def test_nothing_is_lost_when_a_member_leaves(client, plein):
    groupe = plein["groupe"]
    animateur = get_membre(groupe)
    membre = add_membre(groupe, organisation="Sceaux")
    compte = membre.compte
    compte.prenom, compte.nom = "Zoé", "Perrault"
    compte.save()
    ecrit = write(membre, titre="Écrit avant de partir")
    client.force_login(compte)
    post_document(client, groupe)
    faite, ouverte = (
        travaux.create_tache(
            membre=membre, titre=titre, responsable=membre, echeance=date(2026, 12, 1),
            maintenant=MAINTENANT,
        )
        for titre in ("Faite", "Ouverte")
    )  # fmt: skip
    travaux.update_tache(
        membre=membre, tache=faite, etat="faite", responsable=membre, echeance=None,
        maintenant=MAINTENANT,
    )  # fmt: skip
    nombres = [m.objects.count() for m in (Sujet, Commentaire, VersionDeDocument, Tache)]

    client.post("/groupes/plein/quitter/")

    assert [m.objects.count() for m in (Sujet, Commentaire, VersionDeDocument, Tache)] == nombres
    assert Tache.objects.get(pk=ouverte.pk).responsable_id == animateur.pk
    assert Tache.objects.get(pk=faite.pk).responsable_id == membre.pk
    assert client.get(f"/groupes/plein/sujets/{ecrit.pk}/").status_code == 403
    client.force_login(animateur.compte)
    page = client.get(f"/groupes/plein/sujets/{ecrit.pk}/").text
    assert "Nouvelle de Sceaux" in page
    assert "Perrault" not in page
    version = VersionDeDocument.objects.order_by("-pk").first()
    assert client.get(version.url).status_code == 200


def test_what_a_deleted_account_wrote_stays():
    groupe, _ = make_groupe()
    membre = add_membre(groupe, organisation="Sceaux")
    ecrit = write(membre)

    membre.compte.delete()

    relu = Sujet.objects.select_related("auteur__compte").get(pk=ecrit.pk)
    assert relu.auteur.nom_affiche == "Sceaux"


def test_last_animator_names_another_before_leaving(client):
    groupe, animateur = make_groupe()
    membre = add_membre(groupe)

    with pytest.raises(DernierAnimateur):
        groupes.end_membre(membre=animateur, compte=animateur.compte, maintenant=MAINTENANT)
    with pytest.raises(DernierAnimateur):
        groupes.change_role(
            membre=animateur, role="membre", compte=animateur.compte, maintenant=MAINTENANT
        )
    client.force_login(animateur.compte)
    client.post(f"/groupes/essai/membres/{membre.pk}/role/", {f"m{membre.pk}-role": "animateur"})
    client.post("/groupes/essai/quitter/")

    assert get_membre(groupe).pk == membre.pk
    assert get_membre(groupe).is_animateur


def test_removed_member_may_come_back():
    groupe, animateur = make_groupe()
    membre = add_membre(groupe)
    groupes.end_membre(membre=membre, compte=animateur.compte, maintenant=MAINTENANT)
    entree = groupes.ask_entree(
        groupe=groupe, compte=membre.compte, organisation="Sceaux", message="",
        maintenant=MAINTENANT,
    )  # fmt: skip

    groupes.answer_demande(
        entree=entree, accepte=True, compte=animateur.compte, maintenant=MAINTENANT
    )

    assert MembreDeGroupe.objects.filter(groupe=groupe, compte=membre.compte).count() == 2


# Travailler --------------------------------------------------------------------------------------
def test_versions_of_a_document_stay_and_are_read(client):
    groupe, animateur = make_groupe()
    client.force_login(animateur.compte)
    post_document(client, groupe)
    document = Sujet.objects.get()

    neuve = SimpleUploadedFile("suite.csv", b"a;b\n3;4\n", "text/csv")
    client.post(f"/groupes/essai/sujets/{document.pk}/version/", {"fichier": neuve, "note": "Vu"})

    versions = list(VersionDeDocument.objects.order_by("numero"))
    lus = [b"".join(client.get(v.url).streaming_content) for v in versions]
    assert [v.numero for v in versions] == [1, 2]
    assert lus == [b"a;b\n1;2\n", b"a;b\n3;4\n"]


def test_refused_file_leaves_no_subject(client):
    groupe, animateur = make_groupe()
    client.force_login(animateur.compte)

    reponse = post_document(client, groupe, contenu=b"")

    assert reponse.status_code == 422
    assert not Sujet.objects.exists()


def test_answer_is_kept_by_who_asked_or_an_animator(client):
    groupe, animateur = make_groupe()
    auteur, autre = add_membre(groupe), add_membre(groupe)
    question = write(auteur, "question")
    reponse = travaux.write_commentaire(
        membre=autre, sujet=question, texte="Oui", maintenant=MAINTENANT
    )
    url = f"/groupes/essai/sujets/{question.pk}/retenir/{reponse.pk}/"

    retenues = []
    for membre in (autre, auteur, animateur):
        client.force_login(membre.compte)
        client.post(url)
        retenues.append(Sujet.objects.get().reponse_id)

    assert retenues == [None, reponse.pk, None]  # l’animateur défait


def test_archived_group_is_read_and_reopened():
    groupe, animateur = make_groupe()
    sujet = write(animateur)
    groupes.set_archive(groupe=groupe, archive=True, compte=animateur.compte, maintenant=MAINTENANT)
    animateur = get_membre(groupe)

    with pytest.raises(GroupeArchive):
        write(animateur)
    with pytest.raises(GroupeArchive):
        travaux.write_commentaire(membre=animateur, sujet=sujet, texte="X", maintenant=MAINTENANT)
    groupes.set_archive(
        groupe=groupe, archive=False, compte=animateur.compte, maintenant=MAINTENANT
    )
    assert write(get_membre(groupe)).pk


def test_members_are_told_and_may_refuse_the_email():
    groupe, animateur = make_groupe()
    membre, sourd = add_membre(groupe), add_membre(groupe)
    with locataire(None, personne_id=sourd.compte_id):
        set_preferences(personne=sourd.compte, voulus=[])

    write(animateur)

    with locataire(get_programme().pk):
        envois = dict(Envoi.objects.order_by("pk").values_list("compte_id", "etat"))
    assert envois == {membre.compte_id: "a_envoyer", sourd.compte_id: "refuse"}


def test_each_change_is_in_the_journal():
    groupe, animateur = make_groupe()
    membre = add_membre(groupe)
    sujet = write(animateur, "question")
    reponse = travaux.write_commentaire(
        membre=membre, sujet=sujet, texte="Oui", maintenant=MAINTENANT
    )
    travaux.choose_reponse(
        membre=animateur, sujet=sujet, commentaire=reponse, maintenant=MAINTENANT
    )
    groupes.end_membre(membre=membre, compte=animateur.compte, maintenant=MAINTENANT)

    with operateur():
        lues = Entree.objects.filter(objet="groupe:essai").order_by("pk")
        actions = list(lues.values_list("action", flat=True))
    assert actions == [
        "groupe.cree", "groupe.membre_entre", "groupe.sujet_ecrit", "groupe.commentaire_ecrit",
        "groupe.reponse_retenue", "groupe.membre_retire",
    ]  # fmt: skip


def test_page_of_a_group_keeps_its_number_of_queries(client, count_sql):
    groupe, animateur = make_groupe()
    client.force_login(animateur.compte)
    comptes = []
    for _ in range(2):
        for _ in range(4):
            write(add_membre(groupe), "question")
        with count_sql() as compte:
            client.get("/groupes/essai/")
        comptes.append(len(compte.instructions))

    assert comptes[0] == comptes[1]


@pytest.mark.parametrize("genre", ["nouvelle", "question", "document", "faux"])
def test_pages_where_one_writes_open(client, genre):
    _, animateur = make_groupe()
    client.force_login(animateur.compte)
    travaux.create_tache(
        membre=animateur, titre="X", responsable=animateur, echeance=date(2020, 1, 1),
        maintenant=MAINTENANT,
    )  # fmt: skip
    pages = [f"sujets/ecrire/?genre={genre}", "taches/", f"taches/{Tache.objects.get().pk}/",
             "membres/", "reglages/", "quitter/", ""]  # fmt: skip

    assert {p: client.get(f"/groupes/essai/{p}").status_code for p in pages} == dict.fromkeys(
        pages, 200
    )


def test_team_opens_a_group(client, equipier):
    client.force_login(equipier)
    donnees = {"nom": "Ouvrir", "but": "Voir.", "acces": "public", "organisation": "Équipe"}

    premier = client.post("/groupes/ouvrir/", donnees)
    second = client.post("/groupes/ouvrir/", donnees)

    assert premier["Location"] == "/groupes/groupe-ouvrir/membres/"
    assert second.status_code == 422
    client.force_login(CompteFactory(agent=True))
    assert client.post("/groupes/ouvrir/", donnees).status_code == 403


def test_author_of_a_subject_is_told_of_an_answer():
    groupe, _ = make_groupe()
    auteur, autre = add_membre(groupe), add_membre(groupe)
    question = write(auteur, "question")
    with locataire(get_programme().pk):
        Envoi.objects.all().delete()

    travaux.write_commentaire(membre=autre, sujet=question, texte="Oui", maintenant=MAINTENANT)

    with locataire(get_programme().pk):
        assert list(Envoi.objects.values_list("compte_id", flat=True).order_by("pk")) == [
            auteur.compte_id
        ]
