"""Le corpus d’essais de Vitam : nos contrôles disent ce que disait le système d’archivage."""

import json
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from socle.normes.seda.controles import Attentes, Rapport, Statut, check_sip
from socle.normes.seda.controles.limites import Contrat, ProfilConnu, ProfilUnite
from socle.normes.seda.controles.referentiels import load_referentiels
from socle.normes.seda.emplacement import Schematheque
from tests.conftest import DONNEES_OFFICIELLES
from tests.normes.seda.fabrique import remake

SEDA = DONNEES_OFFICIELLES / "seda"
CORPUS = SEDA / "samples" / "vitam-itests"
REFERENTIELS = SEDA / "referentiels-vitam"

# Référentiels que le corpus cite sans les joindre : reconstitués d’après ses scénarios.
CONTRATS = [
    Contrat(identifiant="IC_2194", actif=False),
    Contrat(identifiant="IC_2194_INACTIVE_PROFIL", profils=frozenset({"PROFIL_INACTIVE_2194"})),
    Contrat(identifiant="ArchivalAgreementWithProfil", profils=frozenset({"PROFIL_TNR_RNG"})),
    Contrat(identifiant="contrat_de_rattachement_TNR", original_exige=False),
]
PUA_CUSTOM = '{"type": "object", "required": ["Title", "TransactedDate"]}'
CONTEXTE = {"ArchivalAgreement0", "IC-000001", *(c.identifiant for c in CONTRATS)}

# Le corpus ne dit pas l’événement ; celui-ci est le seul que le défaut permette.
NON_DITS = {
    "KO_468.zip": "CHECK_HEADER.CHECK_ARCHIVEPROFILE",
    "KO_SIP_2_GO_INVALID_CONTRACT.zip": "CHECK_HEADER.CHECK_CONTRACT_INGEST.CONTRACT_UNKNOWN",
    "KO_CYCLE.zip": "CHECK_DATAOBJECTPACKAGE.CHECK_MANIFEST",
    "KO_plan_classification_Level.zip": "CHECK_CLASSIFICATION_LEVEL",
    "KO_Empreinte_test_ATR.zip": "CHECK_DIGEST",
}
# Codes de deux époques pour le même refus.
SYNONYMES = {
    "CHECK_ARCHIVE_UNIT_PROFILE.NOT_FOUND": "CHECK_ARCHIVE_UNIT_PROFILE.PROFILE_NOT_FOUND",
}
# Modèles à remplir : le harnais y écrit l’identifiant d’une unité déjà archivée.
MODELES = {"EliminationAction-SNCF.zip", "InheritedRules-SIP-Service économique.zip"}
IDENTIFIANT_SAE = "aeaqaaaaaaejvequaaemkalgcdyiouyaaaaq"
# Bordereaux d’autres versions du jeu d’essai : leurs référentiels ne sont pas joints.
HORS_REFERENTIELS = {
    "EliminationAnalysis-SIP-Service Prévision et Plannification.zip",
    "EliminationAnalysis-SIP-Service comptable.zip",
    "rattachement_objet_GOT_idemSP_TC (copie).zip",
    *MODELES,
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
    """Ce que la plate-forme d’essai de Vitam connaît : ses fichiers, et ce qu’ils supposent."""
    noms = ("rules_ok.csv", "agencies.csv", "referential_contracts_ok.json", "PR_2194.json",
            "profiles_for_tnr_rng_ok.json", "aup_ok.json")  # fmt: skip
    joints = load_referentiels([REFERENTIELS / nom for nom in noms])
    rng = (REFERENTIELS / "profil_ok.rng").read_bytes()
    custom = ProfilUnite(identifiant="AUP_CUSTOM_SCHEMA", schema=PUA_CUSTOM)
    return replace(
        joints,
        contrats={**joints.contrats, **{c.identifiant: c for c in CONTRATS}},
        contexte=CONTEXTE,
        profils={
            **joints.profils,
            "PROFIL_TNR_RNG": ProfilConnu(identifiant="PROFIL_TNR_RNG", rng=rng),
        },
        profils_unites={**joints.profils_unites, custom.identifiant: custom},
        niveaux_de_classification=frozenset(
            ("Non protégé", "Secret Défense", "Confidentiel Défense")
        ),
        unites=frozenset({IDENTIFIANT_SAE}),
        extensions_vitam=True,
    )


@pytest.fixture(scope="module")
def schematheque() -> Schematheque:
    return Schematheque(dossier=SEDA)


def evenements_attendus(nom: str, sip: dict) -> set[str]:
    """Codes les plus précis que le corpus donne à KO, sans les étapes (STP_, PROCESS_)."""
    if nom in NON_DITS:
        return {NON_DITS[nom]}
    codes: set[str] = set()
    for attendu in sip["attendu"]:
        evenements = dict.fromkeys(k for k, v in attendu["evenements"].items() if v == "KO")
        codes |= {*evenements, *attendu["outcome_details"].values()}
    codes = {code.removesuffix(".KO") for code in codes if not code.startswith("PROCESS_")}
    codes = {code for code in codes if not code.startswith("STP_") or code == "STP_UPLOAD_SIP"}
    precis = {c for c in codes if not any(a != c and a.startswith(c) for a in codes)}
    return {SYNONYMES.get(code, code) for code in precis}


def list_refus(rapport: Rapport) -> set[str]:
    return {c.code for c in rapport.iter_defauts() if c.statut is Statut.KO}


@pytest.mark.parametrize("copie", list_cas("SIP_KO"))
def test_versement_refused_by_vitam_is_refused_with_the_same_evenement(
    copie, attentes, schematheque
):
    nom = Path(copie).name
    if nom == "KO_FORMAT_UNCHARTED.zip":  # le référentiel des formats n’est pas joint
        attentes = replace(attentes, formats=frozenset({"fmt/18", "fmt/291"}))

    rapport = check_sip(CORPUS / copie, schemas=schematheque, attentes=attentes)

    if nom == "sip_incorrect_size.zip":  # rangé avec les refus, mais accepté avec une remarque
        assert {c.code for c in rapport.iter_defauts()} == {"CHECK_OBJECT_SIZE"}
        assert rapport.statut is Statut.WARNING
        return
    attendus = evenements_attendus(nom, corpus()[copie])
    assert attendus
    refus = list_refus(rapport)
    assert all(any(r.startswith(a) for r in refus) for a in attendus), (attendus, refus)


@pytest.mark.parametrize("copie", list_cas("SIP_OK"))
def test_versement_accepted_by_vitam_is_accepted(copie, attentes, schematheque, tmp_path):
    """Avec tous les référentiels ; sans eux pour ceux qui en supposent d’autres."""
    nom, chemin = Path(copie).name, CORPUS / copie
    if nom in MODELES:
        assert list_refus(check_sip(chemin)) == {
            "CHECK_DATAOBJECTPACKAGE.CHECK_MANIFEST.INVALID_GUID_ATTACHMENT"
        }
        chemin = remake(
            chemin,
            tmp_path / "rempli.zip",
            manifeste=lambda texte: texte.replace("_REPLACE_ME_", IDENTIFIANT_SAE),
        )
    if nom in HORS_REFERENTIELS:
        attentes = Attentes(extensions_vitam=True)

    rapport = check_sip(chemin, schemas=schematheque, attentes=attentes)

    assert list_refus(rapport) == set()
    # Ce que Vitam ajoute au standard est dit, sans refus ; en strict, c’est un refus.
    dits = {c.code for c in rapport.iter_defauts()}
    extension = corpus()[copie].get("xsd_officiel_valide") is False and "version" in corpus()[copie]
    assert ("CHECK_SEDA.NOT_XSD_VALID" in dits) == extension
    if extension:
        strict = check_sip(chemin, schemas=schematheque, lit_contenus=False)
        assert "CHECK_SEDA.NOT_XSD_VALID" in list_refus(strict)


def test_notre_grammaire_says_the_same_as_the_official_schema(schematheque):
    """Sur tout le corpus : à défaut du schéma officiel, notre grammaire rend le même verdict."""
    nous = Schematheque()
    paquets = sorted((SEDA / "samples").rglob("*.zip"))
    if not paquets:
        pytest.skip(f"corpus absent : {CORPUS}")
    for chemin in paquets:
        officiel = check_sip(chemin, schemas=schematheque, lit_contenus=False)
        notre = check_sip(chemin, schemas=nous, lit_contenus=False)
        assert officiel.schema.startswith("schéma officiel"), chemin.name
        assert notre.schema.startswith("notre grammaire"), chemin.name
        assert [(c.code, c.statut, c.lieu) for c in officiel.controles] == [
            (c.code, c.statut, c.lieu) for c in notre.controles
        ], chemin.name


def test_profil_accepts_and_refuses_the_pair_of_the_corpus(donnees_officielles):
    """OK_468 suit le profil ; KO_468 change un titre imposé, dit à sa ligne."""
    samples = donnees_officielles / "seda" / "samples"
    rng = (donnees_officielles / "seda" / "profils" / "profil_ok.rng").read_bytes()
    attentes = Attentes(
        profils={"PROFIL_TNR_RNG": ProfilConnu(identifiant="PROFIL_TNR_RNG", rng=rng)}
    )
    bon, mauvais = (check_sip(samples / f"{n}_468.zip", attentes=attentes) for n in ("OK", "KO"))

    assert bon.is_acceptable
    [premier, *_] = mauvais.iter_defauts()
    assert (premier.code, premier.lieu) == ("CHECK_HEADER.CHECK_ARCHIVEPROFILE", "ligne 70")
    assert "« Title » vaut « Versement »" in premier.message


def test_tar_is_read_like_zip(donnees_officielles, tmp_path):
    """Les quatre conteneurs de Vitam donnent le même rapport."""
    dossier = donnees_officielles / "seda" / "samples" / "vitam-itests" / "SIP_OK"
    noms = ("OK_SIP_2_GO.zip", "OK_SIP_2_GO.tar", "OK_SIP_2_GO.tar.bz2")
    rapports = [check_sip(dossier / nom) for nom in noms]

    assert {(r.version, r.nombre_unites, r.nombre_objets) for r in rapports} == {("2.1", 7, 4)}
    assert all(r.controles == rapports[0].controles for r in rapports)
    with zipfile.ZipFile(dossier / noms[0]) as paquet:
        assert len([n for n in paquet.namelist() if not n.endswith("/")]) == 5


@pytest.mark.parametrize(
    ("nom", "extension"),
    [
        ("OK_468.zip", ""),
        ("WARNING_SIP_mail_Seda2.2.zip", ""),
        ("WARNING_SIP_mail_Seda2.3.zip", ""),
        ("OK_SIP_FULL_SEDA2.2.zip", "PersistentIdentifier"),  # apparu en SEDA 2.3
        ("SIP_OK.zip", "Arrangement"),  # propre à Vitam
    ],
)
def test_sample_of_each_version_is_accepted(donnees_officielles, nom, extension, schematheque):
    rapport = check_sip(donnees_officielles / "seda" / "samples" / nom, schemas=schematheque)

    refus = [c.message for c in rapport.iter_defauts() if c.statut is Statut.KO]
    assert len(refus) == bool(extension)
    assert all(f"« {extension} »" in message for message in refus)
