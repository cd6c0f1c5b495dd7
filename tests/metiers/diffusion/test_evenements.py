"""S’inscrire, attendre, se désister, être rappelé une fois, donner un avis sans nom."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from socle.fondations.commun.locataire import operateur
from socle.fondations.notifications.models import Envoi
from socle.metiers.diffusion.enums import EtatInscription
from socle.metiers.diffusion.errors import InscriptionsCloses, LienPerime
from socle.metiers.diffusion.models import Avis, Contact, Inscription
from socle.metiers.diffusion.services import evenements as services
from tests.factories import CompteFactory
from tests.metiers.conftest import MAINTENANT
from tests.metiers.diffusion.fabrique import ACTEUR, LOIN, make_evenement

pytestmark = pytest.mark.django_db


def register(evenement, nom="nora", **champs):
    demande = services.Demande(courriel=f"{nom}@exemple.fr", nom=nom.title(), **champs)
    return services.register_inscription(
        evenement=evenement, demande=demande, acteur=ACTEUR, maintenant=MAINTENANT
    )


def list_courriels(code: str) -> list[str]:
    with operateur():
        lignes = Envoi.objects.filter(code=code).order_by("demande_le", "pk")
        return [f"{e.destinataire} {e.sujet}" for e in lignes]


def test_visitor_confirms_by_mail_before_anything_is_kept(client, evenement):
    page = reverse("diffusion:inscrire", args=[evenement.slug])
    envoi = {"nom": "Nora", "courriel": "nora@exemple.fr", "organisation": "Ville d’exemple"}

    assert client.post(page, envoi).status_code == 302
    assert Inscription.objects.count() == 0
    with operateur():
        corps = Envoi.objects.get(code="diffusion_inscription_a_confirmer").corps
    lien = corps[corps.index("/evenements/confirmer/") :].split()[0]
    client.get(lien)
    assert Inscription.objects.count() == 0
    suite = client.post(lien)

    assert Inscription.objects.get().etat == EtatInscription.INSCRITE
    assert "Annuler mon inscription" in client.get(suite["Location"]).text


def test_agent_registers_with_the_account(client, evenement):
    agent = CompteFactory(agent=True, courriel="ada@exemple.fr")
    client.force_login(agent)

    client.post(reverse("diffusion:inscrire", args=[evenement.slug]), {"organisation": ""})

    assert Inscription.objects.get().courriel == "ada@exemple.fr"


def test_name_on_two_lines_is_refused(client, evenement):
    page = reverse("diffusion:inscrire", args=[evenement.slug])
    envoi = {"nom": "Nora\r\nBcc: x@y.fr", "courriel": "nora@exemple.fr"}

    assert client.post(page, envoi).status_code == 422


def test_full_event_makes_a_queue_and_a_free_place_goes_to_the_first(db):
    evenement = make_evenement(places=1)
    prise, premiere = register(evenement, "ada"), register(evenement, "nora")
    register(evenement, "yves")
    assert register(evenement, "nora").pk == premiere.pk  # deux fois, une seule place

    for _ in range(2):
        services.cancel_inscription(inscription=prise, acteur=ACTEUR, maintenant=MAINTENANT)

    etats = {i.nom: i.etat for i in Inscription.objects.order_by("pk")}
    assert etats == {
        "Ada": EtatInscription.ANNULEE, "Nora": EtatInscription.INSCRITE,
        "Yves": EtatInscription.ATTENTE,
    }  # fmt: skip
    assert list_courriels("diffusion_inscription")[-1] == (
        "nora@exemple.fr Vous êtes inscrit : Forum de Lyon"
    )


def test_past_or_withdrawn_event_takes_nobody(db):
    evenement = make_evenement(dans=timedelta(days=-2))

    with pytest.raises(InscriptionsCloses):
        register(evenement)


def test_cancelled_event_tells_everybody(db):
    evenement = make_evenement(places=1)
    for nom in ("ada", "nora"):
        register(evenement, nom)

    services.cancel_evenement(
        evenement=evenement, motif="Salle inondée.", revision=evenement.revision, acteur=ACTEUR,
        maintenant=MAINTENANT,
    )  # fmt: skip

    assert [ligne.split()[0] for ligne in list_courriels("diffusion_annulation")] == [
        "ada@exemple.fr", "nora@exemple.fr",
    ]  # fmt: skip


def test_reminder_leaves_once_the_day_before(db):
    evenement = make_evenement()
    register(evenement)
    veille = MAINTENANT + LOIN - timedelta(hours=20)

    assert services.remind_inscrits(maintenant=MAINTENANT) == 0
    assert [services.remind_inscrits(maintenant=veille) for _ in range(3)] == [1, 0, 0]
    assert len(list_courriels("diffusion_rappel")) == 1


def test_opinion_is_asked_once_given_once_and_nameless(client):
    evenement = make_evenement(dans=timedelta(days=5))
    venue, absente = register(evenement, "ada"), register(evenement, "nora")
    services.save_presences(
        evenement=evenement, presents={venue.pk}, acteur=ACTEUR, maintenant=MAINTENANT
    )
    lendemain = MAINTENANT + timedelta(days=6)
    assert [services.ask_avis(maintenant=lendemain) for _ in range(2)] == [1, 0]
    page = reverse("diffusion:avis", args=[services.build_jeton(venue)])

    assert client.post(page, {"note": "4", "remarque": "Bien."}).status_code == 302
    with pytest.raises(LienPerime):
        services.save_avis(
            jeton=services.build_jeton(venue), note=1, remarque="", maintenant=lendemain
        )
    with pytest.raises(LienPerime):
        services.save_avis(
            jeton=services.build_jeton(absente), note=1, remarque="", maintenant=lendemain
        )

    assert [(a.note, a.remarque) for a in Avis.objects.order_by("pk")] == [(4, "Bien.")]
    assert not {"inscription", "courriel"} & {c.name for c in Avis._meta.fields}


def test_team_notes_who_came_and_keeps_only_those_who_agreed(client, redactrice):
    evenement, voisin = make_evenement(places=3), make_evenement(titre="Voisin")
    venue, discrete = register(evenement, "ada", accepte_contact=True), register(evenement, "nora")
    absente = register(evenement, "yves", accepte_contact=True)
    en_attente = register(evenement, "zoe")
    ailleurs = register(voisin, "ines", accepte_contact=True)
    page = reverse("diffusion:equipe_inscrits", args=[evenement.slug])
    envoi = {"presents": [venue.pk, discrete.pk, en_attente.pk, ailleurs.pk, "x", "9" * 30]}
    assert client.post(page, envoi).status_code == 403  # sans connexion
    assert not Inscription.objects.filter(present=True).exists()
    client.force_login(redactrice)

    notee = client.post(page, envoi, follow=True)
    client.post(page, envoi)  # deux fois : le même carnet, prévenu une fois

    assert "2 présents notés, 1 dans les contacts." in notee.text
    presences = dict(Inscription.objects.order_by("pk").values_list("nom", "present"))
    assert presences == {"Ada": True, "Nora": True, "Yves": False, "Zoe": None, "Ines": None}
    assert notee.text.count(" checked") == 2
    assert list(Contact.objects.values_list("courriel", flat=True)) == [venue.courriel]
    assert len(list_courriels("diffusion_contact")) == 1
    assert absente.courriel not in str(list_courriels("diffusion_contact"))


def test_names_go_after_a_year_and_the_authority_stays(db):
    evenement = make_evenement(dans=timedelta(days=1))
    register(evenement, autorite="commune-92023")

    un_an = MAINTENANT + timedelta(days=400)
    assert services.purge_inscriptions(maintenant=un_an - timedelta(days=60)) == 0
    assert services.purge_inscriptions(maintenant=un_an) == 1

    restee = Inscription.objects.get()
    assert (restee.courriel, restee.nom, restee.autorite) == (None, "", "commune-92023")


def test_page_of_an_event_is_light(client, evenement, count_sql):
    for rang in range(5):
        register(evenement, f"p{rang}")

    with count_sql() as compte:
        client.get(reverse("diffusion:evenement", args=[evenement.slug]))

    assert len(compte.instructions) <= 8
    assert timezone.now() < evenement.debut
