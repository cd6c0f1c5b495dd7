"""La décision que reçoit la personne : acceptation, refus, classement ; et l’avis qui l’annonce."""

from datetime import UTC, datetime

import outloud
import pdfua
import pytest

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.notifications.models import Envoi
from socle.metiers.dossiers.enums import Transition
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.services import instruction
from socle.metiers.dossiers.tasks import emettre_decision
from tests.metiers.conftest import MAINTENANT
from tests.metiers.dossiers.test_emission import emit, read_document
from tests.pdf import read_texte

MOTIF = "La pièce demandée le 3 novembre n’est pas arrivée."
OBJETS = {
    Transition.ACCEPTER: ("Décision d’acceptation", "Nous acceptons votre demande"),
    Transition.REFUSER: ("Décision de refus", "Nous refusons votre demande"),
    Transition.CLASSER_SANS_SUITE: (
        "Classement sans suite",
        "Nous classons sans suite votre demande",
    ),
}
# Rangé à la main d’après les articles, et non d’après le programme.
MENTIONS = {
    "auteur : prénom, nom (CRPA, L. 212-1)": "Ada Fournel",
    "auteur : qualité (CRPA, L. 212-1)": "Directrice des écoles",
    "délégation": "Pour le maire, par délégation",
    "service (CRPA, L. 212-2)": "Écoles",
    "date de la demande": "19 novembre 2026",
    "fondement (CRPA, L. 211-5)": "Code de l’éducation, art. R. 531-52",
    "recours : titre": "Voies et délais de recours",
    "recours : délai (CJA, R. 421-1)": "dans les deux mois qui suivent sa notification",
    "recours : gracieux": "recours gracieux",
    "recours : juge (CJA, R. 421-5)": "saisir le tribunal administratif",
}


def decide(dossier: Dossier, agent, transition: Transition) -> Dossier:
    for geste in (Transition.PASSER_EN_INSTRUCTION, transition):
        instruction.apply_transition(
            dossier=dossier, transition=geste, agent=agent, motif=MOTIF, maintenant=MAINTENANT
        )
    return emit(emettre_decision, dossier)


@pytest.fixture
def directrice(agent):
    agent.qualite = "Directrice des écoles"
    agent.save()
    return agent


@pytest.mark.parametrize("transition", OBJETS)
def test_each_decision_carries_what_the_law_asks(
    depose, directrice, collectivite, transition, tmp_path
):
    Collectivite.objects.filter(pk=collectivite.pk).update(site="https://www.clamart.example/")
    octets = read_document(decide(depose, directrice, transition).decision_id)
    texte = read_texte(octets)

    objet, phrase = OBJETS[transition]
    attendues = MENTIONS | {"objet": objet, "phrase": phrase, "référence": depose.reference}
    attendues |= {"motif (CRPA, L. 211-2)": MOTIF}
    assert [nom for nom, mention in attendues.items() if mention not in texte] == []
    autres = [phrase for autre, (_, phrase) in OBJETS.items() if autre != transition]
    assert not [phrase for phrase in autres if phrase in texte]

    fichier = tmp_path / "decision.pdf"
    fichier.write_bytes(octets)
    assert [str(c) for c in outloud.check(str(fichier)).findings] == []
    assert [str(f) for f in pdfua.validate(str(fichier)).findings] == []


def test_notice_of_the_decision_says_day_service_and_fifteen_days(depose, agent):
    """CRPA, art. R. 112-17 à R. 112-20 ; 23 h 30 en temps universel, c’est demain à Paris."""
    Dossier.objects.update(accord_portail=True)
    depose.refresh_from_db()
    soir = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    with pytest.MonkeyPatch.context() as horloge:
        horloge.setattr("django.utils.timezone.now", lambda: soir)
        decide(depose, agent, Transition.ACCEPTER)

    envoi = Envoi.objects.get(objet=depose.objet, code="dossier_decision")
    lettre = " ".join(envoi.corps.split())
    for mention in (
        "à votre disposition depuis le 24 novembre 2026",
        f"/c/clamart/dossiers/{depose.numero}/",
        "notifiée le jour où vous l’ouvrez",
        "dans les quinze jours",
        "considérée comme notifiée le 24 novembre 2026",
        "R. 112-20",
        "Écoles, 01 23 45 67 80, service@exemple.fr",
    ):
        assert mention in lettre, mention


def test_without_accord_nothing_speaks_of_fifteen_days(depose, agent):
    """CRPA, art. R. 112-17 : sans accord exprès, la lettre seule notifie."""
    decide(depose, agent, Transition.ACCEPTER)

    envoi = Envoi.objects.get(objet=depose.objet, code="dossier_decision_poste")
    assert "quinze jours" not in envoi.corps
    assert "court du jour où vous recevez la lettre" in envoi.corps
