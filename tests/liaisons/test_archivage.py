"""La chaîne, de la décision au paquet d’archives, et d’un dossier rouvert à son complément."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from lxml import etree

from socle.fondations.documents.models import Document
from socle.fondations.documents.services import open_document
from socle.fondations.journal.models import Entree
from socle.liaisons import decision_vers_archivage as liaison
from socle.metiers.archivage import services as archivage
from socle.metiers.archivage.enums import EtatVersement
from socle.metiers.archivage.models import Versement
from socle.metiers.dossiers.enums import Fait, Transition
from socle.metiers.dossiers.exports import archive
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.queries.mesures import compute_statistiques
from socle.metiers.dossiers.services import correction
from socle.normes.seda.controles import check_sip, load_schema
from tests.metiers.conftest import MAINTENANT, REPONSES
from tests.pdf import read_texte
from tests.taches import run_taches

PASSER, ACCEPTER = Transition.PASSER_EN_INSTRUCTION, Transition.ACCEPTER
REFUSER, ROUVRIR = Transition.REFUSER, Transition.REPASSER_EN_INSTRUCTION


class Paquet:
    """Un SIP ouvert : son bordereau, et le contenu de chaque pièce par titre."""

    def __init__(self, versement: Versement) -> None:
        with open_document(versement.document) as flux:
            self.octets = flux.read()
        self.zip = zipfile.ZipFile(io.BytesIO(self.octets))
        self.racine = etree.fromstring(self.zip.read("manifest.xml"))

    def list_textes(self, nom: str) -> list[str]:
        return [str(e.text) for e in self.racine.iter(f"{{*}}{nom}")]

    @property
    def roles(self) -> dict[str, str]:
        unites = self.racine.findall(".//{*}ArchiveUnit/{*}ArchiveUnit/{*}Content")
        return {u.findtext("{*}Title"): u.findtext("{*}DocumentType") for u in unites}

    def read_piece(self, debut: str) -> bytes:
        for objet in self.racine.iter("{*}BinaryDataObject"):
            if objet.findtext("{*}FileInfo/{*}Filename").startswith(debut):
                return self.zip.read(objet.findtext("{*}Uri"))
        raise AssertionError(f"« {debut} » n’est pas dans le paquet.")


def correct(chaine, usager, **reponses: str) -> None:
    dossier = correction.request_correction(
        dossier=chaine.dossier, agent=chaine.agent, texte="Votre revenu ?", maintenant=MAINTENANT
    )
    correction.save_correction(
        dossier=dossier, reponses=REPONSES | reponses, revision=dossier.revision
    )
    correction.submit_correction(
        numero=dossier.numero, acces=Acces(compte=usager), maintenant=MAINTENANT
    )


def transmit(versement: Versement) -> Versement:
    return archivage.mark_transmis(versement=versement, acteur="agent:1", maintenant=MAINTENANT)


def show(client, compte, adresse: str) -> BeautifulSoup:
    client.force_login(compte)
    reponse = client.get(f"/c/clamart/{adresse}")
    assert reponse.status_code == 200
    return BeautifulSoup(reponse.text, "html.parser")


def read_etapes(page: BeautifulSoup) -> list[str]:
    etapes = page.select("ol.fil > li")
    return [re.sub(r"\s+", " ", etape.get_text(" ", strip=True)) for etape in etapes]


@pytest.mark.timeout(120)
def test_real_case_gives_a_package_that_the_official_schema_accepts(
    chaine, usager, donnees_officielles, tmp_path
):
    """Correction, décision, versement : zéro défaut, et les réponses décidées y sont."""
    correct(chaine, usager, revenu="12000")
    chaine.apply(PASSER, ACCEPTER)

    [versement] = chaine.versements
    paquet = Paquet(versement)
    (tmp_path / "sip.zip").write_bytes(paquet.octets)
    schema = load_schema(donnees_officielles / "seda/2.2-siaf/seda-2.2-main.xsd")
    rapport = check_sip(tmp_path / "sip.zip", schema=schema)
    assert [(c.code, c.message) for c in rapport.iter_defauts()] == []

    reference = chaine.dossier.reference
    assert paquet.roles == {
        f"demande-{reference}.pdf": "Demande",
        f"reponses-{reference}.json": "Demande",
        f"reponses-au-depot-{reference}.json": "Demande",
        f"accuse-{reference}.pdf": "Accusé de réception",
        f"decision-{reference}.pdf": "Décision",
    }
    assert json.loads(paquet.read_piece("reponses-2"))["revenu"] == "12000"
    assert json.loads(paquet.read_piece("reponses-au-depot"))["revenu"] == "21600"
    texte = read_texte(paquet.read_piece("demande"))
    assert "12 000" in texte
    assert "Corrections depuis le dépôt" in texte
    assert "21 600" in texte


def test_reopened_case_is_repackaged_with_the_new_decision(chaine, client, agent, usager):
    chaine.apply(PASSER, ACCEPTER)
    [avant] = chaine.versements
    ancienne = chaine.dossier.decision_id
    assert avant.etat == EtatVersement.PRET

    chaine.apply(ROUVRIR)
    [ouvert] = chaine.versements
    assert (ouvert.etat, ouvert.document, ouvert.is_refaisable) == ("preparation", None, False)
    assert Document.objects.get(pk=avant.document_id).retire_le is not None

    chaine.apply(REFUSER)
    [apres] = chaine.versements
    assert (apres.etat, apres.is_rouvert) == (EtatVersement.PRET, False)
    assert apres.empreinte != avant.empreinte
    assert apres.description.endswith("refusé.")
    paquet = Paquet(apres)
    assert sorted(role for role in paquet.roles.values() if "cision" in role) == [
        "Décision",
        "Décision remplacée",
    ]
    assert chaine.dossier.decision_id != ancienne
    pages = {
        "agent": show(client, agent, f"agent/dossiers/{chaine.numero}/"),
        "usager": show(client, usager, f"dossiers/{chaine.numero}/"),
    }
    for page in pages.values():
        retirees = page.select_one("section[aria-labelledby=t-retirees]")
        assert retirees.h2.get_text() == "Décision remplacée"
        assert retirees.a["href"].endswith(f"/documents/{ancienne}/")
        assert "Demande acceptée" in retirees.get_text()
    pieces = pages["agent"].select_one("section[aria-labelledby=t-pieces]")
    assert str(ancienne) not in str(pieces)


def test_old_decision_stays_readable_by_the_citizen(chaine, client, usager):
    chaine.apply(PASSER, ACCEPTER)
    ancienne = chaine.dossier.decision_id
    chaine.apply(ROUVRIR)

    page = show(client, usager, f"dossiers/{chaine.numero}/")
    assert page.select_one("#t-retirees").get_text() == "Décision retirée"
    assert client.get(f"/c/clamart/documents/{ancienne}/").status_code == 200


def test_transmitted_case_gets_a_linked_complement(
    chaine, client, archiviste, donnees_officielles, tmp_path
):
    chaine.apply(PASSER, ACCEPTER)
    premier = transmit(chaine.versements[0])
    chaine.apply(ROUVRIR)
    premier.refresh_from_db()
    assert (premier.etat, premier.is_rouvert) == (EtatVersement.TRANSMIS, True)
    page = show(client, archiviste, f"agent/archives/{premier.reference}/")
    assert "Dossier rouvert depuis la remise" in page.get_text()
    liste = show(client, archiviste, "agent/archives/").select_one("td[data-nom=État]")
    assert liste.get_text(" ", strip=True) == "Transmis Dossier rouvert"

    chaine.apply(REFUSER)
    premier, second = chaine.versements
    assert (second.reference, second.dossier) == (f"{premier.reference}-2", premier.reference)
    assert (second.precedent, second.etat) == (premier, EtatVersement.PRET)
    paquet = Paquet(second)
    assert paquet.list_textes("RelatedTransferReference") == [premier.reference]
    assert paquet.list_textes("MessageIdentifier") == [second.reference]
    assert premier.reference in paquet.list_textes("OriginatingAgencyArchiveUnitIdentifier")
    assert "complémentaire" in paquet.list_textes("Comment")[0]
    (tmp_path / "sip.zip").write_bytes(paquet.octets)
    schema = load_schema(donnees_officielles / "seda/2.2-siaf/seda-2.2-main.xsd")
    assert list(check_sip(tmp_path / "sip.zip", schema=schema).iter_defauts()) == []
    assert "Dossier rouvert" not in show(client, archiviste, "agent/archives/").main.get_text()
    for la, ailleurs in ((premier, second), (second, premier)):
        page = show(client, archiviste, f"agent/archives/{la.reference}/")
        liens = [a["href"] for a in page.select("section[aria-labelledby=t-lies] a")]
        assert liens == [f"/c/clamart/agent/archives/{ailleurs.reference}/"]


def test_third_decision_completes_the_complement(chaine):
    chaine.apply(PASSER, ACCEPTER)
    for transitions in ((ROUVRIR, REFUSER), (ROUVRIR, ACCEPTER)):
        transmit(chaine.versements[-1])
        chaine.apply(*transitions)
    references = [v.reference.removeprefix(chaine.dossier.reference) for v in chaine.versements]
    assert references == ["", "-2", "-3"]
    assert [v.precedent for v in chaine.versements] == [None, *chaine.versements[:2]]


def test_replayed_task_makes_nothing_twice(chaine):
    chaine.apply(PASSER, ACCEPTER)
    [avant] = chaine.versements
    liaison.verser_dossier(collectivite_id=avant.collectivite_id, numero=chaine.numero)
    [apres] = chaine.versements
    assert (apres.document_id, apres.prepare_le) == (avant.document_id, avant.prepare_le)


def test_case_reopened_while_it_is_packaged_is_not_ready(chaine, monkeypatch):
    """Le dossier est rouvert entre la lecture et l’enregistrement du paquet."""
    chaine.apply(PASSER, ACCEPTER)
    Versement.objects.all().delete()
    description = archive.describe_pour_archive(chaine.numero)
    chaine.apply(ROUVRIR)
    monkeypatch.setattr(liaison, "describe_pour_archive", lambda _: description)

    liaison.verser_dossier(collectivite_id=chaine.dossier.collectivite_id, numero=chaine.numero)
    [versement] = chaine.versements
    assert (versement.etat, versement.is_rouvert) == (EtatVersement.PREPARATION, True)


def test_statistics_forget_the_cancelled_outcome(chaine, demarche):
    chaine.apply(PASSER, ACCEPTER)
    assert [(p.libelle, p.nombre) for p in compute_statistiques(demarche).issues] == [
        ("Accepté", 1)
    ]
    chaine.apply(ROUVRIR)
    chiffres = compute_statistiques(demarche)
    assert (chiffres.deposes, chiffres.decides, chiffres.delai_jours) == (1, 0, None)
    chaine.apply(REFUSER)
    chiffres = compute_statistiques(demarche)
    assert [(p.libelle, p.nombre, p.pourcentage) for p in chiffres.issues] == [("Refusé", 1, 100)]
    assert (chiffres.deposes, chiffres.decides) == (1, 1)
    duree = chaine.dossier.decide_le - chaine.dossier.depose_le
    assert chiffres.delai_jours == pytest.approx(duree / timedelta(days=1), abs=0.06)


def test_everyone_reads_the_same_thread(chaine, client, agent, usager, archiviste):
    """Usager, agent, archiviste : les mêmes étapes ; l’archiviste voit en plus la fin."""
    chaine.apply(PASSER, ACCEPTER)
    [versement] = chaine.versements

    def read_tous() -> list[list[str]]:
        return [
            read_etapes(show(client, usager, f"dossiers/{chaine.numero}/")),
            read_etapes(show(client, agent, f"agent/dossiers/{chaine.numero}/")),
            read_etapes(show(client, archiviste, f"agent/archives/{versement.reference}/"))[:-1],
        ]

    avant = read_tous()
    assert avant[0] == avant[1] == avant[2]
    assert avant[0][-1].endswith("Prêt à transmettre aux archives")

    transmit(versement)
    apres = read_tous()
    assert apres[0] == apres[1] == apres[2]
    assert apres[0][-1].startswith("Archive , fait")
    assert apres[0][-1].endswith("Transmis aux archives")
    assert [e.fait for e in chaine.dossier.evenements.order_by("pk")][-2:] == [
        Fait.ARCHIVE,
        Fait.TRANSMIS,
    ]


def test_page_of_the_archivist_costs_few_statements(chaine, client, archiviste, count_sql):
    chaine.apply(PASSER, ACCEPTER)
    [versement] = chaine.versements
    client.force_login(archiviste)
    with count_sql() as compte:
        assert client.get(f"/c/clamart/agent/archives/{versement.reference}/").status_code == 200
    assert len(compte.instructions) <= 8, compte.instructions


def test_thread_of_a_purged_case_is_told_by_its_transfer(chaine, client, archiviste):
    chaine.apply(PASSER, ACCEPTER)
    [versement] = chaine.versements
    Dossier.objects.update(reference="autre")

    etapes = read_etapes(show(client, archiviste, f"agent/archives/{versement.reference}/"))
    assert [etape.split(" ,")[0] for etape in etapes[:2]] == ["Demande", "Clôture"]
    assert etapes[-1].startswith("Fin de conservation")


def test_refused_transfer_is_done_again_by_the_archivist(chaine, client, archiviste):
    """Un dépôt daté d’après la décision : corrigé, l’archiviste relance et le paquet se fait."""
    depose_le = chaine.dossier.depose_le
    Dossier.objects.update(depose_le=depose_le + timedelta(days=3650))
    chaine.apply(PASSER, ACCEPTER)
    [versement] = chaine.versements
    assert versement.is_refaisable
    page = show(client, archiviste, f"agent/archives/{versement.reference}/")
    [formulaire] = page.select("form[action$='/refaire/']")

    Dossier.objects.update(depose_le=depose_le)
    reponse = client.post(formulaire["action"], follow=True)
    assert "Le versement est relancé" in reponse.text
    assert run_taches() == ["liaisons.verser_dossier"]
    [versement] = chaine.versements
    assert versement.etat == EtatVersement.PRET
    objet = f"versement:{versement.reference}"
    actions = Entree.objects.filter(objet=objet).order_by("survenu_le", "id")
    assert list(actions.values_list("action", flat=True)) == [
        "versement.a_corriger",
        "versement.relance",
        "versement.pret",
    ]
    assert "n’est pas à refaire" in client.post(formulaire["action"], follow=True).text


def test_only_the_archivist_starts_it_again(chaine, client, agent):
    chaine.apply(PASSER, ACCEPTER)
    [versement] = chaine.versements
    client.force_login(agent)
    adresse = f"/c/clamart/agent/archives/{versement.reference}/refaire/"
    assert client.post(adresse).status_code == 403
