"""Le catalogue compte les démarches qui se servent d’une API, sans rien lire d’une collectivité."""

from django.utils import timezone

from socle.fondations.commun.locataire import locataire
from socle.liaisons.demarches_vers_catalogue import count_par_source
from socle.metiers.catalogue.ports import compteurs_api
from socle.metiers.demarches import services as demarches
from tests.factories import CollectiviteFactory, RegleFactory, ServiceFactory
from tests.fondations.formulaires.exemples import CANTINE


def publish(collectivite, agent) -> None:
    with locataire(collectivite.pk):
        demarche = demarches.create_demarche(
            collectivite=collectivite, titre="Cantine", agent=agent, maintenant=timezone.now(),
            definition=CANTINE, resume="Inscrire.", cadre_juridique="Code de l’éducation",
            service=ServiceFactory(collectivite=collectivite),
            regle=RegleFactory(collectivite=collectivite), decision_acceptation="Oui.",
            decision_refus="Non.",
        )  # fmt: skip
        demarches.publish_version(demarche=demarche, agent=agent, maintenant=timezone.now())


def test_published_procedures_are_counted_across_authorities(collectivite, administrateur):
    publish(collectivite, administrateur)
    publish(CollectiviteFactory(nom="Autre", slug="autre"), administrateur)

    assert count_par_source()["impots_revenu"] == (2, 2)
    assert "demarches" in compteurs_api
