"""Le fil : la notification avance d’elle-même après quinze jours, l’archive à sa remise."""

from datetime import timedelta

import pytest
from django.utils import timezone

from socle.metiers.dossiers.enums import Fait, Transition
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.services import emission, instruction
from socle.metiers.dossiers.services.archivage import record_archive
from socle.metiers.dossiers.services.correction import request_correction
from socle.metiers.dossiers.tasks import emettre_decision
from socle.metiers.dossiers.views.fil import read_fil_par_reference
from socle.normes.delais.calculs import to_jour


@pytest.fixture
def decide(depose, agent):
    Dossier.objects.update(accord_portail=True)
    for transition in (Transition.PASSER_EN_INSTRUCTION, Transition.ACCEPTER):
        instruction.apply_transition(
            dossier=depose, transition=transition, agent=agent, maintenant=timezone.now()
        )
    emettre_decision(collectivite_id=depose.collectivite_id, numero=depose.numero)
    return Dossier.objects.get(pk=depose.pk)


def read_etape(dossier: Dossier, libelle: str, *, apres: int = 0):
    """Lit une étape, tant de jours après la mise à disposition."""
    jour = to_jour(dossier.decision_disponible_le) + timedelta(days=apres)
    fil = read_fil_par_reference(dossier.collectivite, dossier.reference, jour)
    [etape] = [etape for etape in fil if etape.libelle == libelle]
    return etape


def record_lecture(dossier: Dossier, usager, *, apres: int) -> None:
    lue_le = dossier.decision_disponible_le + timedelta(days=apres)
    emission.record_lecture(numero=dossier.numero, acces=Acces(compte=usager), maintenant=lue_le)


@pytest.mark.parametrize(
    ("apres", "statut", "detail"),
    [
        (0, "ici", "Par le portail"),
        (15, "ici", "Par le portail"),
        (16, "fait", "Faite sans lecture, après quinze jours"),
    ],
)
def test_notification_moves_after_fifteen_days(decide, apres, statut, detail):
    """CRPA, art. R. 112-20."""
    etape = read_etape(decide, "Notification", apres=apres)
    assert (etape.statut, etape.detail) == (statut, detail)
    if statut == "fait":
        assert etape.quand == to_jour(decide.decision_disponible_le)


def test_reading_in_time_is_the_day_of_notification(decide, usager):
    record_lecture(decide, usager, apres=3)
    etape = read_etape(decide, "Notification", apres=30)
    assert (etape.statut, etape.detail) == ("fait", "Lue dans le portail")
    assert etape.quand == to_jour(decide.decision_disponible_le) + timedelta(days=3)


def test_late_reading_changes_nothing(decide, usager):
    record_lecture(decide, usager, apres=20)
    etape = read_etape(decide, "Notification", apres=30)
    assert etape.detail == "Faite sans lecture, après quinze jours"
    assert etape.quand == to_jour(decide.decision_disponible_le)


def test_archive_is_here_when_all_the_rest_is_done(decide, agent):
    assert read_etape(decide, "Archive").statut == "avenir"
    record_archive(reference=decide.reference, fait=Fait.ARCHIVE, maintenant=timezone.now())
    assert read_etape(decide, "Archive").statut == "avenir"
    assert read_etape(decide, "Archive", apres=16).statut == "ici"
    for _ in range(2):
        record_archive(reference=decide.reference, fait=Fait.TRANSMIS, maintenant=timezone.now())
    etape = read_etape(decide, "Archive", apres=16)
    assert (etape.statut, etape.detail) == ("fait", "Transmis aux archives")
    assert decide.evenements.filter(fait=Fait.TRANSMIS).count() == 1


def test_reopened_case_has_no_archive_any_more(decide, agent):
    for fait in (Fait.ARCHIVE, Fait.TRANSMIS):
        record_archive(reference=decide.reference, fait=fait, maintenant=timezone.now())
    instruction.apply_transition(
        dossier=decide, transition=Transition.REPASSER_EN_INSTRUCTION, agent=agent, motif="Erreur",
        maintenant=timezone.now(),
    )  # fmt: skip
    etape = read_etape(decide, "Archive")
    assert (etape.statut, etape.detail) == ("avenir", "")


def test_unknown_case_has_no_thread(collectivite):
    assert read_fil_par_reference(collectivite, "", timezone.localdate()) == []
    assert read_fil_par_reference(collectivite, "inconnue", timezone.localdate()) == []


def test_awaited_correction_is_where_the_case_stands(depose, agent):
    maintenant = timezone.now()
    request_correction(dossier=depose, agent=agent, texte="Précisez.", maintenant=maintenant)

    fil = read_fil_par_reference(depose.collectivite, depose.reference, to_jour(maintenant))

    statuts = {etape.libelle: etape.statut for etape in fil}
    assert (statuts["Correction"], statuts["Instruction"]) == ("ici", "avenir")
