"""Fin de conservation d’un dossier versé ou à trier : la copie part si les archives l’ont."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from socle.fondations.commun.errors import AccesRefuse
from socle.fondations.comptes.enums import Role
from socle.fondations.conservation.enums import EtatBordereau, GenreBordereau, SortFinal
from socle.fondations.conservation.errors import RienAEliminer, RienATrier, TriSansMotif
from socle.fondations.conservation.models import Bordereau, LigneDeBordereau, Tri
from socle.fondations.conservation.services.regles import describe_regle
from socle.fondations.documents.services import store_bytes
from socle.fondations.journal.models import Entree
from socle.metiers.archivage import services as archivage
from socle.metiers.archivage.models import ReponseDesArchives, Versement
from socle.metiers.archivage.ports import Reponse
from socle.metiers.dossiers.enums import Transition
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.services import elimination as services
from socle.metiers.dossiers.services.fins import list_fins
from socle.metiers.dossiers.services.instruction import apply_transition
from socle.normes.delais.calculs import to_jour
from tests.factories import AdhesionFactory
from tests.metiers.conftest import MAINTENANT

LISTE = "/c/clamart/agent/eliminations/"
APRES = datetime(2027, 11, 22, 9, 0, tzinfo=UTC)
VISA = {
    "par": "Directrice des Archives départementales",
    "reference": "2027-118",
    "date_visa": APRES.date(),
}


@pytest.fixture
def archiviste(collectivite):
    return AdhesionFactory(collectivite=collectivite, role=Role.ARCHIVISTE).compte


@pytest.fixture
def regle(demarche):
    regle = demarche.regle
    regle.sort_final, regle.duree_annees = SortFinal.CONSERVER, 1
    regle.point_de_depart = "decision"
    regle.save()
    return regle


@pytest.fixture
def decide(depose, agent, regle):
    for transition in (Transition.PASSER_EN_INSTRUCTION, Transition.ACCEPTER):
        apply_transition(dossier=depose, transition=transition, agent=agent, maintenant=MAINTENANT)
    return Dossier.objects.get(pk=depose.pk)


@pytest.fixture
def versement(decide, regle):
    """Le versement du dossier, tel que l’archivage l’a fait : un paquet prêt."""
    objet = f"versement:{decide.reference}"
    paquet = store_bytes(
        collectivite=decide.collectivite, contenu=b"%PDF-1.4", nom="paquet.pdf", objet=objet,
        type_mime="application/pdf", maintenant=MAINTENANT,
    )  # fmt: skip
    jour = MAINTENANT.date()
    return Versement.objects.create(
        collectivite=decide.collectivite, reference=decide.reference, dossier=decide.reference,
        titre="Cantine", producteur="Écoles", etat="pret", document=paquet, empreinte="a" * 128,
        regle=describe_regle(regle) | {"explication": "", "article": ""},
        date_debut=jour, date_fin=jour, conserver_jusqu_au=jour, prepare_le=MAINTENANT,
    )  # fmt: skip


@pytest.fixture
def accepte(versement):
    transmis = archivage.mark_transmis(versement=versement, acteur="agent:1", maintenant=MAINTENANT)
    return archivage.record_reponse(
        versement=transmis,
        reponse=Reponse(
            sens="accepte", message=transmis.message, date=MAINTENANT.date(), reference="1042 W 7"
        ),
        acteur="agent:1",
        nom="Ada",
        maintenant=MAINTENANT,
    )


def read(decide) -> dict[str, list[Dossier]]:
    fins = list_fins(decide.collectivite, APRES.date())
    noms = ("a_eliminer", "verses", "a_trier", "a_verser")
    return {nom: [e.dossier for e in getattr(fins, nom)] for nom in noms if getattr(fins, nom)}


def propose(decide, archiviste, genre=GenreBordereau.VERSEMENT):
    return services.propose_elimination(
        collectivite=decide.collectivite,
        numeros=[decide.numero],
        agent=archiviste,
        maintenant=APRES,
        genre=genre,
    )


def execute(bordereau, archiviste) -> int:
    services.approve_elimination(bordereau=bordereau, agent=archiviste, maintenant=APRES, **VISA)
    return services.execute_bordereau(
        collectivite_id=bordereau.collectivite_id, bordereau_id=bordereau.pk, maintenant=APRES
    )


def sort_out(decide, archiviste, sort, motif="Échantillon des années en 7"):
    return services.decide_tri(
        collectivite=decide.collectivite,
        numeros=[decide.numero],
        sort=sort,
        motif=motif,
        agent=archiviste,
        maintenant=APRES,
    )


def withdraw(versement) -> None:
    archivage.withdraw_reponse(
        versement=versement, motif="Erreur", acteur="agent:1", nom="Ada", maintenant=APRES
    )


def test_without_the_archives_the_case_stays_and_says_why(decide, archiviste):
    assert read(decide) == {"a_verser": [decide]}
    [echu] = list_fins(decide.collectivite, APRES.date()).a_verser
    assert echu.remise.raison == "Aucun paquet d’archives n’a été fait."
    for genre in GenreBordereau:
        with pytest.raises(RienAEliminer):
            propose(decide, archiviste, genre)


def test_package_ready_is_not_enough(decide, versement, archiviste):
    assert read(decide) == {"a_verser": [decide]}
    [echu] = list_fins(decide.collectivite, APRES.date()).a_verser
    assert echu.remise.chemin == f"agent/archives/{decide.reference}/"
    with pytest.raises(RienAEliminer):
        propose(decide, archiviste)


def test_accepted_case_leaves_and_its_place_at_the_archives_stays(decide, accepte, archiviste):
    assert read(decide) == {"verses": [decide]}
    with pytest.raises(RienAEliminer):
        propose(decide, archiviste, GenreBordereau.ELIMINATION)
    bordereau = propose(decide, archiviste)
    assert bordereau.is_apres_versement
    assert not Dossier.objects.get(pk=decide.pk).is_elimine
    assert read(decide) == {}

    assert execute(bordereau, archiviste) == 1

    assert Dossier.objects.get(pk=decide.pk).is_elimine
    assert Versement.objects.count() == ReponseDesArchives.objects.count() == 0
    ligne = LigneDeBordereau.objects.get()
    assert (ligne.archive_reference, ligne.archive_le) == ("1042 W 7", MAINTENANT.date())
    entree = Entree.objects.get(action="dossier.elimine")
    assert (entree.donnees["archive"], entree.donnees["visa"]) == ("1042 W 7", "2027-118")
    bordereau.refresh_from_db()
    assert bordereau.etat == EtatBordereau.EXECUTE


def test_acceptance_withdrawn_after_the_visa_spares_the_case(decide, accepte, archiviste):
    bordereau = propose(decide, archiviste)
    withdraw(accepte)
    assert execute(bordereau, archiviste) == 0
    assert not Dossier.objects.get(pk=decide.pk).is_elimine
    assert LigneDeBordereau.objects.get().ecartee == "Le service d’archives ne l’a plus en charge."
    assert read(decide) == {"a_verser": [decide]}


def test_other_reference_after_the_visa_spares_the_case(decide, accepte, archiviste):
    bordereau = propose(decide, archiviste)
    ReponseDesArchives.objects.update(reference="autre")
    assert execute(bordereau, archiviste) == 0
    assert "a changé depuis" in LigneDeBordereau.objects.get().ecartee


@pytest.fixture
def a_trier(decide, regle):
    regle.sort_final = SortFinal.TRIER
    regle.save()
    return decide


def test_sorting_needs_a_choice_and_a_reason(a_trier, archiviste):
    assert read(a_trier) == {"a_trier": [a_trier]}
    with pytest.raises(RienAEliminer):
        propose(a_trier, archiviste, GenreBordereau.ELIMINATION)
    for sort, motif in ((SortFinal.DETRUIRE, " "), (SortFinal.TRIER, "x"), ("", "x")):
        with pytest.raises(TriSansMotif):
            sort_out(a_trier, archiviste, sort, motif)


def test_sorted_to_destroy_goes_to_the_slip_with_its_reason(a_trier, archiviste):
    assert sort_out(a_trier, archiviste, SortFinal.DETRUIRE) == 1
    assert read(a_trier) == {"a_eliminer": [a_trier], "a_trier": [a_trier]}
    bordereau = propose(a_trier, archiviste, GenreBordereau.ELIMINATION)
    assert LigneDeBordereau.objects.get().tri == "Échantillon des années en 7"
    assert execute(bordereau, archiviste) == 1
    assert Dossier.objects.get(pk=a_trier.pk).is_elimine
    assert Entree.objects.get(action="dossier.trie").donnees["sort"] == "detruire"


def test_sorted_to_keep_waits_for_the_archives(a_trier, archiviste):
    sort_out(a_trier, archiviste, SortFinal.CONSERVER)
    assert read(a_trier) == {"a_verser": [a_trier], "a_trier": [a_trier]}


def test_mind_may_change_before_the_slip(a_trier, archiviste):
    sort_out(a_trier, archiviste, SortFinal.DETRUIRE)
    sort_out(a_trier, archiviste, SortFinal.CONSERVER, "Finalement gardé")
    assert read(a_trier) == {"a_verser": [a_trier], "a_trier": [a_trier]}
    assert Tri.objects.get().motif == "Finalement gardé"
    sort_out(a_trier, archiviste, SortFinal.DETRUIRE)
    bordereau = propose(a_trier, archiviste, GenreBordereau.ELIMINATION)
    with pytest.raises(RienATrier):
        sort_out(a_trier, archiviste, SortFinal.CONSERVER)
    Tri.objects.update(sort=SortFinal.CONSERVER)
    assert execute(bordereau, archiviste) == 0
    assert "ne dit plus de détruire" in LigneDeBordereau.objects.get().ecartee


def test_accepted_by_the_archives_there_is_nothing_to_sort(a_trier, accepte, archiviste):
    assert read(a_trier) == {"verses": [a_trier]}
    with pytest.raises(RienATrier):
        sort_out(a_trier, archiviste, SortFinal.DETRUIRE)


def test_case_taken_by_the_archives_after_the_visa_is_not_destroyed_as_sorted(
    a_trier, versement, archiviste
):
    sort_out(a_trier, archiviste, SortFinal.DETRUIRE)
    bordereau = propose(a_trier, archiviste, GenreBordereau.ELIMINATION)
    transmis = archivage.mark_transmis(versement=versement, acteur="agent:1", maintenant=APRES)
    reponse = Reponse(
        sens="accepte", message=transmis.message, date=APRES.date(), reference="1042 W 7"
    )
    archivage.record_reponse(
        versement=transmis, reponse=reponse, acteur="agent:1", nom="Ada", maintenant=APRES
    )
    assert execute(bordereau, archiviste) == 0
    assert "pris en charge depuis" in LigneDeBordereau.objects.get().ecartee
    assert read(a_trier) == {"verses": [a_trier]}


@pytest.mark.parametrize("role", [Role.DPO, Role.ADMINISTRATEUR, Role.INSTRUCTEUR])
def test_only_the_archivist_sorts_and_proposes(collectivite, a_trier, accepte, role):
    autre = AdhesionFactory(collectivite=collectivite, role=role).compte
    with pytest.raises(AccesRefuse):
        sort_out(a_trier, autre, SortFinal.DETRUIRE)
    with pytest.raises(AccesRefuse):
        propose(a_trier, autre)


@pytest.fixture
def echu(decide):
    """Le même dossier, dont la durée est finie aujourd’hui pour la page."""
    avant = MAINTENANT - timedelta(days=3 * 366)
    Dossier.objects.filter(pk=decide.pk).update(depose_le=avant, decide_le=avant)
    return decide


def show(client, compte) -> BeautifulSoup:
    client.force_login(compte)
    return BeautifulSoup(client.get(LISTE).text, "html.parser")


def test_page_leads_to_the_slip_after_transfer(client, echu, accepte, archiviste, agent):
    section = show(client, archiviste).select_one("section[aria-labelledby=t-verses]")
    assert "1042 W 7" in section.get_text()
    champs = {c["name"]: c["value"] for c in section.select("input[name]")}
    adresse = client.post(LISTE, champs)["Location"]
    page = client.get(adresse).text
    assert "Après versement" in page
    assert "1042 W 7" in page
    services.approve_elimination(
        bordereau=Bordereau.objects.get(), agent=archiviste, maintenant=timezone.now(),
        **VISA | {"date_visa": to_jour(timezone.now())},
    )  # fmt: skip
    services.execute_bordereau(
        collectivite_id=echu.collectivite_id, bordereau_id=Bordereau.objects.get().pk,
        maintenant=APRES,
    )  # fmt: skip
    client.force_login(agent)
    dossier = client.get(f"/c/clamart/agent/dossiers/{echu.numero}/").text
    assert "il s’y retrouve sous la référence" in dossier
    assert "1042 W 7" in dossier


def test_page_says_what_is_missing_and_where_to_do_it(client, echu, versement, archiviste):
    section = show(client, archiviste).select_one("section[aria-labelledby=t-verser]")
    assert "pas encore transmis" in section.get_text()
    [lien] = [a for a in section.select("a") if "archives" in a["href"]]
    assert lien["href"] == f"/c/clamart/agent/archives/{echu.reference}/"


def test_page_sorts_the_checked_cases(client, echu, regle, archiviste, collectivite):
    regle.sort_final = SortFinal.TRIER
    regle.save()
    section = show(client, archiviste).select_one("section[aria-labelledby=t-trier]")
    [case] = section.select("input[name=numero]")
    assert case.has_attr("checked")
    saisie = {"geste": "trier", "numero": case["value"], "sort": "detruire"}
    refus = client.post(LISTE, saisie)
    assert refus.status_code == 422
    assert BeautifulSoup(refus.text, "html.parser").select_one("input[name=numero][checked]")
    vide = client.post(LISTE, {"geste": "trier", "sort": "detruire"})
    assert not BeautifulSoup(vide.text, "html.parser").select("input[name=numero][checked]")
    suite = client.post(LISTE, saisie | {"motif": "Sans intérêt historique"}, follow=True)
    assert "1 dossier trié, à détruire" in suite.text
    assert "Tri : Sans intérêt historique" in suite.text

    dpo = AdhesionFactory(collectivite=collectivite, role=Role.DPO).compte
    page = show(client, dpo)
    assert page.select("input[name=numero], input[name=motif]") == []
    assert client.post(LISTE, saisie | {"motif": "x"}).status_code == 403
