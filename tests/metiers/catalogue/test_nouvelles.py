"""Chaque étape d’une demande d’accompagnement prévient les deux autres côtés, et eux seuls."""

import pytest

from socle.fondations.commun.locataire import operateur
from socle.fondations.notifications.models import Envoi
from socle.metiers.catalogue.enums import Cote
from socle.metiers.catalogue.services.deploiement import answer_demande, request_deploiement
from tests.factories import CompteFactory
from tests.metiers.catalogue.conftest import MAINTENANT, create_membre

pytestmark = pytest.mark.django_db
MAIRIE = "mairie@exemple.fr"


def read_partis() -> dict[str, tuple[str, str]]:
    """Destinataire → (sujet, lien) de ce qui vient de partir ; la file est ensuite vidée."""
    with operateur():
        envois = list(Envoi.objects.filter(code="catalogue_demande").order_by("pk"))
        Envoi.objects.filter(code="catalogue_demande").delete()
    return {e.destinataire: (e.sujet, e.corps.split("répondre : ")[1].split()[0]) for e in envois}


def test_each_step_tells_the_other_sides(collectivite, publik, representant, equipe):
    autre = create_membre("equipe")
    demandeur = CompteFactory(agent=True)
    demande = request_deploiement(
        solution=publik, collectivite=collectivite, agent=demandeur, besoin="Aidez-nous.",
        echeance="", contact="Ada", courriel=MAIRIE, maintenant=MAINTENANT,
    )  # fmt: skip
    partis = read_partis()
    assert set(partis) == {c.courriel for c in (equipe, autre, representant)}
    assert partis[equipe.courriel][0] == "Publik, Clamart : nouvelle demande"
    assert partis[equipe.courriel][1].endswith(f"/equipe/catalogue/demandes/{demande.pk}/")
    assert partis[representant.courriel][1].endswith(f"/editeur/demandes/{demande.pk}/")

    def answer(cote, auteur, etat=""):
        answer_demande(demande=demande, cote=cote, auteur=auteur, texte="Bien.", etat=etat,
                       maintenant=MAINTENANT)  # fmt: skip
        return read_partis()

    partis = answer(Cote.EQUIPE, equipe, "en_cours")
    assert set(partis) == {representant.courriel, MAIRIE}
    assert partis[MAIRIE][0] == "Publik, Clamart : réponse de l’équipe, état : en cours"
    assert partis[MAIRIE][1].endswith(f"/c/clamart/agent/catalogue/demandes/{demande.pk}/")

    # Une personne de l’équipe suit maintenant la demande : elle seule est prévenue.
    assert set(answer(Cote.EDITEUR, representant)) == {equipe.courriel, MAIRIE}
    assert set(answer(Cote.COLLECTIVITE, demandeur)) == {equipe.courriel, representant.courriel}
