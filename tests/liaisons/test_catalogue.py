"""La page d’une API nomme les démarches publiées qui s’en servent, et aucune autre."""

from django.utils import timezone

from socle.fondations.commun.locataire import locataire
from socle.liaisons.demarches_vers_catalogue import count_par_source
from socle.metiers.catalogue.ports import EmploiDeSource
from socle.metiers.catalogue.services.api import count_emplois
from socle.metiers.demarches import services as demarches
from socle.metiers.demarches.models import Demarche
from tests.factories import CollectiviteFactory, RegleFactory, ServiceFactory
from tests.fondations.formulaires.exemples import CANTINE
from tests.metiers.catalogue.conftest import catalogue  # noqa: F401  fixture

PAGE = "/catalogue/api/api-impot-particulier/"


def create(collectivite, agent, titre: str, *, publiee: bool = True) -> Demarche:
    with locataire(collectivite.pk):
        demarche = demarches.create_demarche(
            collectivite=collectivite, titre=titre, agent=agent, maintenant=timezone.now(),
            definition=CANTINE, resume="Inscrire.", cadre_juridique="Code de l’éducation",
            service=ServiceFactory(collectivite=collectivite),
            regle=RegleFactory(collectivite=collectivite), decision_acceptation="Oui.",
            decision_refus="Non.",
        )  # fmt: skip
        if publiee:
            demarches.publish_version(demarche=demarche, agent=agent, maintenant=timezone.now())
    return demarche


def test_published_procedures_are_named_and_no_other(
    client, collectivite, administrateur, catalogue, count_sql,  # noqa: F811
):  # fmt: skip
    autre = CollectiviteFactory(nom="Meudon", slug="meudon")
    fermee = CollectiviteFactory(nom="Partie", slug="partie", active=False)
    ici = create(collectivite, administrateur, "Cantine de Clamart")
    la = create(autre, administrateur, "Cantine de Meudon")
    create(autre, administrateur, "Cantine en brouillon", publiee=False)
    create(fermee, administrateur, "Cantine partie")

    assert count_par_source()["impots_revenu"] == EmploiDeSource(2, 2, (ici.pk, la.pk))
    count_emplois(maintenant=timezone.now())

    with count_sql() as compte:
        page = client.get(PAGE)
    assert len(compte.instructions) <= 8, compte.instructions
    assert f'/c/meudon/demarches/{la.chemin}/">Cantine de Meudon</a>, Meudon' in page.text
    assert "Cantine de Clamart" in page.text
    assert "brouillon" not in page.text
    assert "Cantine partie" not in page.text
    assert "autre" not in page.text.split('id="t-ici"')[1].split("</section>")[0]

    with locataire(autre.pk):
        demarches.close_demarche(demarche=la, agent=administrateur, maintenant=timezone.now())
    # Fermée depuis le compte, et page déjà lue : elle n’y paraît plus.
    relue = client.get(PAGE, headers={"If-None-Match": page["ETag"]})
    assert relue.status_code == 200
    assert "Meudon" not in relue.text
    assert "Cantine de Clamart" in relue.text
