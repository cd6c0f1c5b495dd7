"""La réponse des archives dans le fil : les trois lecteurs lisent la même chose, sans le détail."""

from django.utils import timezone

from socle.metiers.archivage import services as archivage
from socle.metiers.archivage.ports import Reponse
from socle.metiers.dossiers.enums import Fait, Transition
from socle.normes.delais.calculs import to_jour
from tests.liaisons.test_archivage import read_etapes, show
from tests.taches import run_taches

PASSER, ACCEPTER = Transition.PASSER_EN_INSTRUCTION, Transition.ACCEPTER
ROUVRIR = Transition.REPASSER_EN_INSTRUCTION
MOTIF = "Service producteur inconnu"


def transmit(chaine):
    [versement] = chaine.versements
    return archivage.mark_transmis(versement=versement, acteur="agent:1", maintenant=timezone.now())


def answer(versement, sens: str):
    maintenant = timezone.now()
    reponse = Reponse(
        sens=sens,
        message=versement.message,
        date=to_jour(maintenant),
        reference="1042 W 7" if sens == "accepte" else "",
        motif=MOTIF if sens == "refuse" else "",
    )
    return archivage.record_reponse(
        versement=versement, reponse=reponse, acteur="agent:1", nom="Ada", maintenant=maintenant
    )


def withdraw(versement) -> None:
    archivage.withdraw_reponse(
        versement=versement, motif="Erreur", acteur="agent:1", nom="Ada", maintenant=timezone.now()
    )


def read_archive(chaine, client, *comptes) -> str:
    """L’étape « Archive », la même pour tous ; ni la cote ni le motif n’y sont."""
    usager, agent, archiviste = comptes
    reference = chaine.dossier.reference
    pages = (
        (usager, f"dossiers/{chaine.numero}/"),
        (agent, f"agent/dossiers/{chaine.numero}/"),
        (archiviste, f"agent/archives/{reference}/"),
    )
    lues = set()
    for compte, adresse in pages:
        page = show(client, compte, adresse)
        [etape] = [e for e in read_etapes(page) if e.startswith("Archive")]
        lues.add(etape)
        if compte is usager:
            assert MOTIF not in page.get_text()
            assert "1042 W 7" not in page.get_text()
    [commune] = lues
    return commune


def test_three_readers_follow_acceptance_and_its_withdrawal(
    chaine, client, usager, agent, archiviste
):
    chaine.apply(PASSER, ACCEPTER)
    lecteurs = (usager, agent, archiviste)
    versement = transmit(chaine)
    answer(versement, "accuse")
    assert read_archive(chaine, client, *lecteurs).endswith("Transmis aux archives")
    accepte = answer(chaine.versements[0], "accepte")
    assert read_archive(chaine, client, *lecteurs).endswith("Pris en charge par les archives")
    withdraw(accepte)
    assert read_archive(chaine, client, *lecteurs).endswith("Transmis aux archives")
    answer(chaine.versements[0], "accepte")
    assert read_archive(chaine, client, *lecteurs).endswith("Pris en charge par les archives")


def test_three_readers_follow_a_refusal_until_the_new_package(
    chaine, client, usager, agent, archiviste
):
    chaine.apply(PASSER, ACCEPTER)
    lecteurs = (usager, agent, archiviste)
    refuse = answer(transmit(chaine), "refuse")
    assert read_archive(chaine, client, *lecteurs).endswith("À remettre de nouveau aux archives")

    archivage.request_versement(versement=refuse, acteur="agent:1", maintenant=timezone.now())
    assert run_taches() == ["liaisons.verser_dossier"]
    [refait] = chaine.versements
    assert (refait.etat, refait.envoi) == ("pret", 2)
    assert read_archive(chaine, client, *lecteurs).endswith("Prêt à transmettre aux archives")
    answer(transmit(chaine), "accepte")
    assert read_archive(chaine, client, *lecteurs).endswith("Pris en charge par les archives")
    faits = [e.fait for e in chaine.dossier.evenements.order_by("pk")][-6:]
    assert faits == [
        Fait.ARCHIVE, Fait.TRANSMIS, Fait.REMISE_REFUSEE,
        Fait.ARCHIVE, Fait.TRANSMIS, Fait.PRIS_EN_CHARGE,
    ]  # fmt: skip


def test_wrong_refusal_withdrawn_gives_the_transfer_back(chaine, client, usager, agent, archiviste):
    chaine.apply(PASSER, ACCEPTER)
    withdraw(answer(transmit(chaine), "refuse"))
    etape = read_archive(chaine, client, usager, agent, archiviste)
    assert etape.endswith("Transmis aux archives")


def test_accepted_case_reopened_asks_for_a_complement(chaine):
    chaine.apply(PASSER, ACCEPTER)
    accepte = answer(transmit(chaine), "accepte")
    chaine.apply(ROUVRIR, Transition.REFUSER)
    premier, second = chaine.versements
    assert (premier.etat, second.precedent) == ("accepte", accepte)
