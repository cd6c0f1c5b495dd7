"""Contacts : prévenus, effacés à l’heure ou sur demande ; collectivités à cibler."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from socle.fondations.commun.locataire import operateur
from socle.fondations.notifications.models import Envoi
from socle.fondations.referentiels.models import Autorite
from socle.metiers.diffusion.enums import EtatAbonne
from socle.metiers.diffusion.errors import ContactOppose
from socle.metiers.diffusion.models import Abonne, Contact, Evenement, Opposition
from socle.metiers.diffusion.queries import contacts as lectures
from socle.metiers.diffusion.services import contacts as services
from socle.metiers.diffusion.services import evenements
from socle.metiers.diffusion.tasks import purger
from tests.metiers.conftest import MAINTENANT
from tests.metiers.diffusion.fabrique import ACTEUR, make_contact, make_evenement, subscribe
from tests.metiers.diffusion.test_evenements import register

pytestmark = pytest.mark.django_db


def test_contact_is_told_why_until_when_and_how_to_refuse(client):
    contact = make_contact()

    with operateur():
        corps = Envoi.objects.get(code="diffusion_contact").corps
    assert contact.finalite in corps
    assert contact.expire_le == contact.vu_le + timedelta(days=3 * 365)
    lien = corps[corps.index("/contacts/opposition/") :].split()[0]
    assert client.get(lien).status_code == 200
    assert Contact.objects.count() == 1

    assert "C’est effacé" in client.post(lien).text

    assert Contact.objects.count() == 0
    assert "exemple" not in Opposition.objects.get().empreinte
    with pytest.raises(ContactOppose):
        make_contact("NORA@exemple.fr")


def test_contact_is_erased_in_time_and_each_visit_prolongs(db):
    make_contact(vu_le=date(2024, 1, 2))
    make_contact("ada@exemple.fr", vu_le=date(2024, 1, 2))
    make_contact("ada@exemple.fr", vu_le=date(2026, 1, 2))

    assert services.purge_contacts(aujourdhui=date(2027, 6, 1)) == 1
    assert Contact.objects.get().courriel == "ada@exemple.fr"


def test_only_those_who_came_and_agreed_become_contacts(db):
    evenement = make_evenement(dans=timedelta(days=2))
    choix = [("ada", True), ("nora", False), ("yves", True)]
    ada, nora, _ = (register(evenement, nom, accepte_contact=oui) for nom, oui in choix)
    evenements.save_presences(
        evenement=evenement, presents={ada.pk, nora.pk}, acteur=ACTEUR, maintenant=MAINTENANT
    )

    for _ in range(2):
        assert (
            services.keep_presents(evenement_id=evenement.pk, acteur=ACTEUR, maintenant=MAINTENANT)
            == 1
        )

    assert Contact.objects.get().courriel == "ada@exemple.fr"


def test_regulars_are_counted_from_presence(db):
    for titre in ("Un", "Deux"):
        evenement = make_evenement(titre=titre, dans=timedelta(days=2))
        venue = register(evenement, "ada")
        register(evenement, "nora")
        evenements.save_presences(
            evenement=evenement, presents={venue.pk}, acteur=ACTEUR, maintenant=MAINTENANT
        )

    (reguliere,) = lectures.list_reguliers()
    assert (reguliere["courriel"], reguliere["nombre"]) == ("ada@exemple.fr", 2)

    services.oppose_contact(
        contact=make_contact("ada@exemple.fr"), acteur=ACTEUR, maintenant=MAINTENANT
    )
    assert lectures.list_reguliers() == []


def test_nightly_task_erases_what_is_past_its_time(db):
    """Contact de trois ans, inscription d’un an, adresse suspendue d’un an : la nuit les efface."""
    ancien, recent = MAINTENANT - timedelta(days=366), MAINTENANT - timedelta(days=200)
    make_contact("parti@exemple.fr", vu_le=(MAINTENANT - timedelta(days=3 * 365)).date())
    make_contact("present@exemple.fr", vu_le=recent.date())
    venue = register(make_evenement(dans=timedelta(days=2)), "ada")
    Evenement.objects.update(debut=ancien - timedelta(hours=3), fin=ancien)
    subscribe(3)
    for rang, abonne in enumerate(Abonne.objects.order_by("pk")):
        etat = EtatAbonne.ACTIF if rang == 2 else EtatAbonne.SUSPENDU
        le = recent if rang == 1 else ancien
        Abonne.objects.filter(pk=abonne.pk).update(etat=etat, modifie_le=le)

    for _ in range(2):  # rejouable
        purger(timestamp=int(MAINTENANT.timestamp()))

    assert [c.courriel for c in Contact.objects.order_by("pk")] == ["present@exemple.fr"]
    venue.refresh_from_db()
    assert (venue.courriel, venue.nom) == (None, "")
    etats = list(Abonne.objects.order_by("pk").values_list("etat", flat=True))
    assert etats == [EtatAbonne.DESABONNE, EtatAbonne.SUSPENDU, EtatAbonne.ACTIF]
    assert Abonne.objects.filter(courriel=None).count() == 1


@pytest.fixture
def autorites(db):
    # Un département qui n’existe pas : les vraies collectivités sont dans la base d’essai.
    return Autorite.objects.bulk_create(
        Autorite(
            cle=f"commune-9900{rang}", genre="commune", code=f"9900{rang}", nom=f"Ville {rang}",
            nom_tri=f"ville {rang}", departement="99", region="11", population=habitants,
            tranche=tranche,
        )
        for rang, (habitants, tranche) in enumerate(
            [(60_000, 50_000), (4_000, 3_500), (800, 500), (5_000, 3_500)]
        )
    )  # fmt: skip


def test_authorities_to_target_are_those_never_met(autorites, count_sql):
    register(make_evenement(), autorite="commune-99000")
    make_contact(autorite="commune-99003")

    with count_sql() as compte:
        trouvees, suite = lectures.list_cibles(departement="99")

    assert len(compte.instructions) == 1
    assert [cible.nom for cible in trouvees] == ["Ville 1", "Ville 2"]
    assert not suite
    assert [c.nom for c in lectures.list_cibles(departement="99", tranche=500)[0]] == ["Ville 2"]
    couverture = {c.toutes: c.venues for c in lectures.list_couverture(departement="99")}
    assert couverture[2] == 0


def test_formulas_leave_disarmed(client, redactrice):
    make_contact(organisation="=HYPERLINK(0)")
    client.force_login(redactrice)

    fichier = client.get(reverse("diffusion:equipe_contacts_csv")).content.decode("utf-8-sig")

    assert ";'=HYPERLINK(0);" in fichier
