import hashlib
import io
import shutil
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from lxml import etree

from socle.fondations.commun.locataire import locataire
from socle.fondations.conservation.enums import SortFinal
from socle.fondations.documents.services import open_document
from socle.fondations.journal.models import Entree
from socle.metiers.archivage import services
from socle.metiers.archivage.enums import EtatVersement
from socle.metiers.archivage.errors import (
    DejaTransmis,
    PasEncorePret,
    VersementRefuse,
    VersementVide,
)
from socle.metiers.archivage.models import Versement
from socle.metiers.archivage.ports import Dates
from socle.metiers.archivage.signals import versement_pret, versement_transmis
from socle.normes.seda.controles import check_sip, load_schema
from tests.factories import CollectiviteFactory
from tests.metiers.archivage.conftest import PIECES, REFERENCE, build_piece


def read_paquet(versement: Versement) -> bytes:
    with open_document(versement.document) as flux:
        return flux.read()


def read_bordereau(versement: Versement) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(read_paquet(versement))) as paquet:
        return etree.fromstring(paquet.read("manifest.xml"))


def list_actions() -> list[str]:
    entrees = Entree.objects.filter(objet=f"versement:{REFERENCE}").order_by("survenu_le", "id")
    return list(entrees.values_list("action", flat=True))


def test_versement_is_ready_with_its_paquet_and_its_regle(versement, maintenant):
    assert versement.etat == EtatVersement.PRET
    assert versement.is_pret
    assert (versement.nombre_pieces, versement.prepare_le) == (3, maintenant)
    assert versement.empreinte == hashlib.sha512(read_paquet(versement)).hexdigest()
    assert versement.taille == len(read_paquet(versement))
    assert versement.document.type_mime == "application/zip"
    assert versement.regle["code"] == "SCO-CANTINE"
    assert versement.conserver_jusqu_au == date(2036, 12, 31)
    assert versement.sort_final_affiche == "Destruction"
    assert versement.controles["statut"] == "OK"
    assert versement.defauts == []
    assert "CHECK_DIGEST" in {c["code"] for c in versement.reussites}


def test_paquet_passes_the_official_schema_and_the_controles(
    versement, donnees_officielles, tmp_path
):
    chemin = tmp_path / "sip.zip"
    chemin.write_bytes(read_paquet(versement))
    schema = load_schema(donnees_officielles / "seda/2.2-siaf/seda-2.2-main.xsd")

    rapport = check_sip(chemin, schema=schema)

    assert list(rapport.iter_defauts()) == []
    assert (rapport.nombre_unites, rapport.nombre_objets) == (4, 3)


def test_bordereau_says_who_what_and_how_long(versement):
    racine = read_bordereau(versement)

    def texte(chemin: str) -> str | None:
        return racine.findtext("/".join(f"{{*}}{nom}" for nom in chemin.split("/")))

    unite = "DataObjectPackage/DescriptiveMetadata/ArchiveUnit"
    assert texte("MessageIdentifier") == REFERENCE
    assert texte("ArchivalAgreement") == "IC-000001"
    assert texte("ArchivalAgency/Identifier") == "AD92"
    assert texte("TransferringAgency/Identifier") == "CLAMART"
    gestion = "DataObjectPackage/ManagementMetadata"
    assert texte(f"{gestion}/OriginatingAgencyIdentifier") == "CLAMART-SCOLAIRE"
    assert texte(f"{unite}/Management/AppraisalRule/Rule") == "SCO-CANTINE"
    assert texte(f"{unite}/Management/AppraisalRule/StartDate") == "2026-12-31"
    assert texte(f"{unite}/Management/AppraisalRule/FinalAction") == "Destroy"
    assert texte(f"{unite}/Management/AccessRule/Rule") == "AR048"
    assert texte(f"{unite}/Content/Description") == (
        "Demande de Camille Martin <école des Rochers> & décision"
    )
    assert (texte(f"{unite}/Content/StartDate"), texte(f"{unite}/Content/EndDate")) == (
        "2026-06-01",
        "2026-07-04",
    )
    pieces = racine.findall(".//{*}ArchiveUnit[@id='U0']/{*}ArchiveUnit/{*}Content")
    assert [p.findtext("{*}Title") for p in pieces] == [nom for nom, _ in PIECES.values()]
    assert [p.findtext("{*}DocumentType") for p in pieces] == [
        "Demande",
        "Pièce justificative",
        "Décision",
    ]
    assert [e.text for e in racine.iter("{*}EventTypeCode")] == [
        "dossier.depose",
        "dossier.accepte",
    ]


def test_versement_of_the_same_reference_is_never_made_twice(versement, demande):
    plus_tard = demande | {"maintenant": demande["maintenant"] + timedelta(days=3), "pieces": []}

    assert services.create_versement(**plus_tard) == versement
    assert Versement.objects.count() == 1
    assert list_actions() == ["versement.pret"]


def test_two_tasks_at_once_make_one_versement(demande, contrat):
    """Pendant que l’une lit ses pièces, l’autre finit : la première rend ce qui est fait."""
    faits = []

    def ouvrir_apres_l_autre():
        if not faits:
            faits.append(None)
            faits[0] = services.create_versement(**demande)
        return io.BytesIO(b"Bonjour")

    lente = build_piece("decision", "a.txt", b"")._replace(ouvrir=ouvrir_apres_l_autre)

    versement = services.create_versement(**(demande | {"pieces": [lente]}))

    assert versement == faits[0]
    assert str(versement).startswith(REFERENCE)
    assert list_actions() == ["versement.pret"]


def test_versement_tells_the_liaisons(demande, contrat, collectivite, maintenant):
    recus = []

    def note(sender, **faits):
        recus.append({k: faits[k] for k in ("reference", "collectivite_id", "maintenant")})

    versement_pret.connect(note)
    try:
        services.create_versement(**demande)
    finally:
        versement_pret.disconnect(note)

    assert recus == [
        {
            "reference": REFERENCE,
            "collectivite_id": collectivite.pk,
            "maintenant": maintenant,
        }
    ]


def test_journal_holds_the_empreinte_and_no_personal_data(versement):
    entree = Entree.objects.get(action="versement.pret")

    assert entree.donnees == {
        "reference": REFERENCE,
        "empreinte_sha512": versement.empreinte,
        "taille": versement.taille,
        "pieces": 3,
        "defauts": [],
        "regle": "SCO-CANTINE",
    }


def test_tuples_simples_are_accepted(demande, contrat):
    nus = demande | {
        "dates": tuple(demande["dates"]),
        "pieces": [tuple(piece) for piece in demande["pieces"]],
        "evenements": [tuple(trace) for trace in demande["evenements"]],
    }

    assert services.create_versement(**nus).is_pret


def test_versement_without_piece_is_refused(demande, contrat):
    with pytest.raises(VersementVide):
        services.create_versement(**(demande | {"pieces": []}))

    assert not Versement.objects.exists()


def test_controle_ko_refuses_says_why_and_leaves_a_trace(demande, contrat):
    a_l_envers = demande | {"dates": Dates(depot=date(2026, 7, 4), cloture=date(2026, 6, 1))}

    with pytest.raises(VersementRefuse) as refus:
        services.create_versement(**a_l_envers)

    assert "La date de fin (2026-06-01) précède la date de début" in refus.value.message
    assert refus.value.suite
    garde = Versement.objects.get()
    assert (garde.etat, garde.document, garde.empreinte) == (EtatVersement.PREPARATION, None, "")
    assert garde.is_bloque
    assert garde.defauts[0]["code"] == "CHECK_UNIT_SCHEMA.CONSISTENCY"
    assert list_actions() == ["versement.a_corriger"]


def test_versement_refused_is_made_again_once_corrected(demande, contrat):
    with pytest.raises(VersementRefuse):
        services.create_versement(
            **(demande | {"dates": Dates(depot=date(2026, 7, 4), cloture=date(2026, 6, 1))})
        )

    versement = services.create_versement(**demande)

    assert versement.is_pret
    assert Versement.objects.count() == 1
    assert list_actions() == ["versement.a_corriger", "versement.pret"]


def test_long_list_of_defauts_is_summed_up(demande, contrat):
    longue = demande | {"description": "x" * 32_001, "titre": " "}
    longue["dates"] = Dates(depot=date(9500, 7, 4), cloture=date(2026, 6, 1))

    with pytest.raises(VersementRefuse, match=r"Et \d+ autre\(s\) défaut\(s\)\."):
        services.create_versement(**longue)


def test_without_contrat_the_paquet_is_made_but_the_archiviste_is_warned(demande):
    versement = services.create_versement(**demande)

    assert versement.is_pret
    [remarque] = versement.defauts
    assert (remarque["code"], remarque["statut"]) == ("SOCLE.CONTRAT", "WARNING")
    assert "A-DEFINIR" in remarque["message"]


def test_tri_is_written_conserver_and_said(demande, contrat, regle):
    regle.sort_final, regle.a_confirmer = SortFinal.TRIER, True

    versement = services.create_versement(**demande)

    assert [c["code"] for c in versement.defauts] == ["SOCLE.TRI", "SOCLE.REGLE_A_CONFIRMER"]
    finale = read_bordereau(versement).findtext(".//{*}AppraisalRule/{*}FinalAction")
    assert finale == "Keep"
    assert versement.sort_final_affiche == "Tri"


def test_regle_without_communicabilite_gives_no_access_rule(demande, contrat, regle):
    regle.communicabilite_code = ""

    versement = services.create_versement(**demande)

    assert read_bordereau(versement).find(".//{*}AccessRule") is None


def test_piece_without_nom_takes_its_role_as_titre(demande, contrat):
    versement = services.create_versement(
        **(demande | {"pieces": [build_piece("decision", " ", b"Bonjour")]})
    )

    assert read_bordereau(versement).findtext(".//{*}ArchiveUnit[@id='U1']//{*}Title") == "Décision"


def test_official_schema_is_used_when_it_is_installed(
    demande, contrat, donnees_officielles, settings
):
    dossier = Path(settings.DOSSIER_DONNEES) / "referentiels" / "seda-2.2"
    shutil.copytree(donnees_officielles / "seda/2.2-siaf", dossier)
    try:
        versement = services.create_versement(**demande)
    finally:
        shutil.rmtree(dossier)

    assert versement.controles["schema_verifie"]
    assert "CHECK_SEDA.NOT_XSD_VALID" in {c["code"] for c in versement.reussites}


def test_file_that_cannot_be_read_leaves_nothing(demande, contrat):
    def panne():
        raise OSError("disque")

    cassee = build_piece("decision", "a.pdf", b"x")._replace(ouvrir=panne)

    with pytest.raises(OSError, match="disque"):
        services.create_versement(**(demande | {"pieces": [cassee]}))

    assert not Versement.objects.exists()


def test_mark_transmis_tells_the_journal_and_the_liaisons(versement, maintenant):
    recus = []

    def note(sender, **faits):
        recus.append(faits["reference"])

    versement_transmis.connect(note)
    try:
        services.mark_transmis(versement=versement, acteur="agent:7", maintenant=maintenant)
    finally:
        versement_transmis.disconnect(note)

    versement.refresh_from_db()
    assert (versement.etat, versement.transmis_le) == (EtatVersement.TRANSMIS, maintenant)
    assert recus == [REFERENCE]
    assert list_actions() == ["versement.pret", "versement.transmis"]


def test_versement_is_transmis_once(versement, maintenant):
    services.mark_transmis(versement=versement, acteur="agent:7", maintenant=maintenant)

    with pytest.raises(DejaTransmis):
        services.mark_transmis(versement=versement, acteur="agent:7", maintenant=maintenant)


def test_versement_to_correct_cannot_be_transmis(demande, contrat, maintenant):
    with pytest.raises(VersementRefuse):
        services.create_versement(**(demande | {"titre": " "}))

    with pytest.raises(PasEncorePret):
        services.mark_transmis(
            versement=Versement.objects.get(), acteur="agent:7", maintenant=maintenant
        )


def test_base_refuses_a_versement_ready_without_paquet(versement):
    with pytest.raises(IntegrityError), transaction.atomic():
        Versement.objects.update(document=None)


def test_versement_is_invisible_from_another_collectivite(versement):
    voisine = CollectiviteFactory()

    with locataire(voisine.pk):
        assert not Versement.objects.exists()
