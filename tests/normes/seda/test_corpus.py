"""Le corpus d’essais de Vitam : nos contrôles disent ce que disait le système d’archivage."""

import csv
import json
from functools import cache
from pathlib import Path

import pytest

from socle.normes.seda.controles import Attentes, Statut, check_sip
from tests.conftest import DONNEES_OFFICIELLES

CORPUS = DONNEES_OFFICIELLES / "seda" / "samples" / "vitam-itests"
SEDA = DONNEES_OFFICIELLES / "seda"

# Ce qu’un producteur ne peut pas savoir : il faudrait les référentiels du destinataire.
HORS_PRODUCTEUR = {
    "2194_IC_INACTIVE.zip": "contrat inactif chez le destinataire",
    "2194_IC_INEXISTENT.zip": "contrat inconnu du destinataire",
    "2194_INACTIVE_PROFIL.zip": "profil inactif chez le destinataire",
    "2194_INEXISTENT_PROFIL.zip": "profil inconnu du destinataire",
    "KO_468.zip": "titre imposé par le profil d’archivage",
    "KO_AU_with_incorrect_AUP_Schema.zip": "profil d’unité du destinataire",
    "KO_AU_with_wrong_archive_unit_profile.zip": "profil d’unité du destinataire",
    "KO_Contract_Not_IN_CONTEXT.zip": "contexte applicatif du destinataire",
    "KO_FORMAT_UNCHARTED.zip": "liste de formats du destinataire",
    "KO_OriginatinAgency_Invalid.zip": "services connus du destinataire",
    "KO_SIP_2_GO_INVALID_CONTRACT.zip": "contrat inconnu du destinataire",
    "KO_SubmissionAgency_Invalid.zip": "services connus du destinataire",
    "KO_VIRUS_code2.zip": "antivirus",
}
# Vitam l’a accepté ou refusé par un autre chemin que le nôtre.
AUTRE_EVENEMENT = {
    "KO_WRONG_ATTACHMENT_AU.zip": "extension de Vitam, refusée par le schéma officiel",
    "KO_WRONG_ATTACHMENT_GOT.zip": "extension de Vitam, refusée par le schéma officiel",
    "KO_plan_classification_Level.zip": "événement non précisé par le corpus",
    "KO_CYCLE.zip": "événement non précisé par le corpus",
    "KO_Empreinte_test_ATR.zip": "événement non précisé par le corpus",
}
OK_REFUSES = {
    "OK_SIP_2_GO.tar": "seul le ZIP est lu",
    "OK_SIP_2_GO.tar.bz2": "seul le ZIP est lu",
}


@cache
def corpus() -> dict[str, dict]:
    if not (CORPUS / "corpus.json").is_file():
        return {}
    sips = json.loads((CORPUS / "corpus.json").read_text(encoding="utf-8"))["sips"]
    return {sip["copie"]: sip for sip in sips if sip.get("copie")}


def list_cas(categorie: str) -> list[str]:
    cas = sorted(copie for copie, sip in corpus().items() if sip["categorie"] == categorie)
    absent = pytest.param("", marks=pytest.mark.skip(reason=f"corpus absent : {CORPUS}"))
    return cas or [absent]


@pytest.fixture(scope="module")
def attentes() -> Attentes:
    """Ce que la plate-forme d’essai de Vitam connaît et que nous savons : règles et niveaux."""
    fichier = SEDA / "referentiels-vitam" / "rules_ok.csv"
    with fichier.open(encoding="utf-8-sig", newline="") as flux:
        regles = {ligne["RuleId"]: ligne["RuleType"] for ligne in csv.DictReader(flux)}
    niveaux = ("Non protégé", "Secret Défense", "Confidentiel Défense")
    return Attentes(regles=regles, niveaux_de_classification=frozenset(niveaux))


def evenements_attendus(sip: dict) -> set[str]:
    """Codes les plus précis que le corpus donne à KO, sans les étapes (STP_, PROCESS_)."""
    codes: set[str] = set()
    for attendu in sip["attendu"]:
        evenements = dict.fromkeys(k for k, v in attendu["evenements"].items() if v == "KO")
        codes |= {*evenements, *attendu["outcome_details"].values()}
    codes = {code.removesuffix(".KO") for code in codes if not code.startswith("PROCESS_")}
    return {code for code in codes if not code.startswith("STP_") or code == "STP_UPLOAD_SIP"}


@pytest.mark.parametrize("copie", list_cas("SIP_KO"))
def test_versement_refused_by_vitam_is_refused_with_the_same_evenement(copie, attentes, schemas):
    sip = corpus()[copie]
    nom = Path(copie).name

    rapport = check_sip(CORPUS / copie, schema=schemas[sip["version"]], attentes=attentes)

    if nom in HORS_PRODUCTEUR:
        assert rapport.is_acceptable, "retirer ce cas des exceptions : il est contrôlé"
        return
    if nom == "sip_incorrect_size.zip":
        assert [c.code for c in rapport.iter_defauts()] == ["CHECK_OBJECT_SIZE"]
        assert rapport.statut is Statut.WARNING
        return
    refus = {c.code for c in rapport.iter_defauts() if c.statut is Statut.KO}
    assert refus
    if nom not in AUTRE_EVENEMENT:
        attendus = evenements_attendus(sip)
        assert attendus
        assert any(r.startswith(a) or a.startswith(r) for r in refus for a in attendus)


@pytest.mark.parametrize("copie", list_cas("SIP_OK"))
def test_versement_accepted_by_vitam_is_accepted(copie, attentes, schemas):
    sip = corpus()[copie]
    if Path(copie).name in OK_REFUSES:
        [controle] = check_sip(CORPUS / copie).iter_defauts()
        assert controle.code == "CHECK_CONTAINER"
        return
    schema = schemas[sip["version"]]

    rapport = check_sip(CORPUS / copie, schema=schema, attentes=attentes)

    refus = {c.code for c in rapport.iter_defauts() if c.statut is Statut.KO}
    if sip["xsd_officiel_valide"]:
        assert refus == set()
    else:  # extension propre à Vitam : le schéma officiel la refuse, à raison
        assert "CHECK_SEDA.NOT_XSD_VALID" in refus


@pytest.mark.parametrize(
    ("nom", "extension"),
    [
        ("OK_468.zip", ""),
        ("WARNING_SIP_mail_Seda2.2.zip", ""),
        ("OK_SIP_FULL_SEDA2.2.zip", "PersistentIdentifier"),  # apparu en SEDA 2.3
        ("SIP_OK.zip", "Arrangement"),  # propre à Vitam
    ],
)
def test_sample_of_each_version_is_accepted(donnees_officielles, nom, extension, schemas):
    chemin = donnees_officielles / "seda" / "samples" / nom

    rapport = check_sip(chemin)
    avec_schema = check_sip(chemin, schema=schemas[rapport.version])

    assert rapport.is_acceptable
    refus = [c.message for c in avec_schema.iter_defauts() if c.statut is Statut.KO]
    assert len(refus) == bool(extension)
    assert all(f"« {extension} »" in message for message in refus)


def test_seda_2_3_is_read_too(donnees_officielles):
    chemin = donnees_officielles / "seda" / "samples" / "WARNING_SIP_mail_Seda2.3.zip"

    rapport = check_sip(chemin)

    assert (rapport.version, rapport.is_acceptable) == ("2.3", True)
