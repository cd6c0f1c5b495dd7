"""Contrôles qui demandent les référentiels du destinataire, lus de leurs fichiers."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from socle.normes.seda.controles import Attentes, Limites, Statut, check_sip
from socle.normes.seda.controles.referentiels import ReferentielIllisible, load_referentiels
from socle.normes.seda.emplacement import Schematheque
from socle.normes.seda.formats import is_pygfried_installe, open_identifieur
from tests.normes.seda.fabrique import remake, write_paquet

CONTRAT = {"Identifier": "IC-000001", "Status": "ACTIVE", "MasterMandatory": True}
REGLES = "RuleId,RuleType\nSCO-CANTINE,AppraisalRule\nACC-00016,AccessRule\n"
GUID = "aeaqaaaaaaejvequaaemkalgcdyiouyaaaaq"


def write_dossier(dossier: Path, **fichiers: object) -> Path:
    """Un dossier de référentiels : `contrats_json`, `regles_csv`, `niveaux_txt`…"""
    dossier.mkdir(exist_ok=True)
    for nom, contenu in fichiers.items():
        base, _, extension = nom.rpartition("_")
        texte = contenu if isinstance(contenu, str) else json.dumps(contenu)
        (dossier / f"{base}.{extension}").write_text(texte, encoding="utf-8")
    return dossier


def refus(chemin: Path, attentes: Attentes, **options: object) -> list[str]:
    rapport = check_sip(chemin, attentes=attentes, **options)
    return [c.code for c in rapport.iter_defauts() if c.statut is Statut.KO]


CONTRATS = {
    "connu": ([CONTRAT], []),
    "inconnu": ([{**CONTRAT, "Identifier": "IC-2"}], ["CHECK_CONTRACT_INGEST.CONTRACT_UNKNOWN"]),
    "inactif": ([{**CONTRAT, "Status": "INACTIVE"}], ["CHECK_CONTRACT_INGEST.CONTRACT_INACTIVE"]),
    "profil exigé": ([{**CONTRAT, "ArchiveProfiles": ["PR-1"]}], ["CHECK_IC_AP_RELATION.DIFF"]),
}


@pytest.mark.parametrize("cas", CONTRATS)
def test_contrat_is_compared_to_the_list(paquet, tmp_path, cas):
    contrats, attendus = CONTRATS[cas]
    attentes = load_referentiels([write_dossier(tmp_path / "r", contrats_json=contrats)])

    assert refus(paquet, attentes) == [f"CHECK_HEADER.{code}" for code in attendus]


def test_contexte_services_regles_et_profils_are_compared(paquet, tmp_path):
    """Un dossier entier : chaque fichier est reconnu à sa forme, et chaque écart dit."""
    dossier = write_dossier(
        tmp_path / "r",
        contrats_json=[CONTRAT],
        contexte_json=[{"Identifier": "CT-1", "Permissions": [{"IngestContracts": ["IC-2"]}]}],
        services_csv="Identifier,Name\nAUTRE,Autre\n",
        regles_csv=REGLES.replace("ACC-00016,AccessRule", "ACC-00016,ReuseRule"),
        profils_json=[{"Identifier": "PR-1", "Format": "RNG", "Status": "INACTIVE"}],
        griffons_json=[{"Identifier": "GR-1", "ExecutableName": "im"}],
    )
    attentes = load_referentiels([dossier])
    avec_profil = remake(
        paquet,
        tmp_path / "p.zip",
        manifeste=lambda t: t.replace(
            "<LegalStatus>", "<ArchivalProfile>PR-1</ArchivalProfile><LegalStatus>"
        ),
    )

    assert refus(avec_profil, attentes) == [
        "CHECK_HEADER.CHECK_CONTRACT_INGEST.CONTRACT_NOT_IN_CONTEXT",
        "CHECK_HEADER.CHECK_AGENT.UNKNOWN",
        "CHECK_HEADER.CHECK_IC_AP_RELATION.DIFF",
        "CHECK_HEADER.CHECK_IC_AP_RELATION.INACTIVE",
        "UNITS_RULES_COMPUTE.CONSISTENCY",
    ]
    remarques = check_sip(avec_profil, attentes=attentes).iter_defauts()
    assert any("sans sa grammaire" in c.message for c in remarques if c.statut is Statut.WARNING)
    bonnes = load_referentiels([write_dossier(tmp_path / "s", regles_csv=REGLES)])
    assert refus(paquet, bonnes) == []


@pytest.mark.skipif(not is_pygfried_installe(), reason="pygfried absent")
def test_formats_of_the_contrat_and_of_the_list_are_compared(paquet, tmp_path):
    admis = {**CONTRAT, "EveryFormatType": False, "FormatType": ["x-fmt/111"]}
    contrat = load_referentiels([write_dossier(tmp_path / "a", contrats_json=[admis])])
    liste = load_referentiels([write_dossier(tmp_path / "b", formats_txt="x-fmt/18\n")])
    with open_identifieur() as identifieur:
        assert refus(paquet, contrat, identifieur=identifieur) == [
            "OG_OBJECTS_FORMAT_CHECK.REJECTED_FORMAT"  # le CSV
        ]
        assert refus(paquet, liste, identifieur=identifieur) == [
            "OG_OBJECTS_FORMAT_CHECK.UNCHARTED"  # le texte
        ]


def test_rattachement_is_compared_to_what_is_archived(paquet, tmp_path):
    rattache = remake(
        paquet,
        tmp_path / "r.zip",
        manifeste=lambda t: t.replace(
            "<Management>",
            f"<Management><UpdateOperation><SystemId>{GUID}</SystemId></UpdateOperation>",
            1,
        ),
    )
    prefixe = "CHECK_DATAOBJECTPACKAGE.CHECK_MANIFEST."
    connu = load_referentiels([write_dossier(tmp_path / "a", unites_txt=GUID)])
    inconnu = load_referentiels([write_dossier(tmp_path / "b", unites_txt="autre")])
    interdit = load_referentiels(
        [write_dossier(tmp_path / "c", c_json=[{**CONTRAT, "CheckParentLink": "UNAUTHORIZED"}])]
    )

    exige = load_referentiels(
        [write_dossier(tmp_path / "d", c_json=[{**CONTRAT, "CheckParentLink": "REQUIRED"}])]
    )

    assert refus(rattache, connu) == []
    assert refus(rattache, exige) == []
    assert refus(paquet, exige) == [f"{prefixe}ATTACHMENT_REQUIRED"]
    assert refus(rattache, inconnu) == [f"{prefixe}NOT_FOUND_ATTACHMENT"]
    assert refus(rattache, interdit) == [f"{prefixe}UNAUTHORIZED_ATTACHMENT_BY_CONTRACT"]


@pytest.mark.parametrize(
    ("nom", "contenu"),
    [
        ("x.json", b"{"),
        ("x.json", b'[{"Identifier": 1}]'),
        ("x.json", b"\xff"),
        ("x.csv", b"A,B\n1,2\n"),
        ("autre.txt", b"a"),
        ("x.bin", b"a"),
    ],
)
def test_referentiel_that_is_unreadable_is_refused_or_said(tmp_path, nom, contenu):
    """Nommé, il doit se lire ; pris d’un dossier, il est dit et les autres servent."""
    chemin = tmp_path / nom
    chemin.write_bytes(contenu)
    with pytest.raises(ReferentielIllisible):
        load_referentiels([chemin])

    (tmp_path / "regles.csv").write_text(REGLES)
    ignores: list[str] = []
    attentes = load_referentiels([tmp_path], ignores=ignores)
    assert (len(ignores), len(attentes.regles or {})) == (1, 2)


def test_schema_that_is_damaged_gives_way_to_the_next(tmp_path, donnees_officielles):
    """Installation, puis dossier nommé, puis notre grammaire ; le rapport dit lequel."""
    installe = tmp_path / "referentiels" / "seda-2.2" / "seda-2.2-main.xsd"
    installe.parent.mkdir(parents=True)
    installe.write_text("<abîmé")
    officiels = donnees_officielles / "seda"

    assert "SOCLE_SCHEMAS" in Schematheque(tmp_path, officiels)("2.2").origine
    assert not Schematheque(tmp_path)("2.2").officiel
    installe.write_text((officiels / "2.2-siaf" / installe.name).read_text())
    for voisin in (officiels / "2.2-siaf").iterdir():
        (installe.parent / voisin.name).write_bytes(voisin.read_bytes())
    assert "installation" in Schematheque(tmp_path, officiels)("2.2").origine


def build_tar(chemin: Path, mode: str, *membres: tarfile.TarInfo) -> Path:
    with tarfile.open(chemin, mode) as archive:
        for membre in membres:
            archive.addfile(membre, io.BytesIO(b"\0" * membre.size))
    return chemin


def build_membre(nom: str, taille: int = 0, genre: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    membre = tarfile.TarInfo(nom)
    membre.size, membre.type, membre.linkname = taille, genre, "/etc/passwd"
    return membre


TARS = {
    "lien": ([build_membre("content/a", genre=tarfile.SYMTYPE)], "lien", {}),
    "lien dur": ([build_membre("content/a", genre=tarfile.LNKTYPE)], "lien", {}),
    "périphérique": ([build_membre("content/a", genre=tarfile.CHRTYPE)], "spécial", {}),
    "double": ([build_membre("a"), build_membre("a")], "même nom", {}),
    "trop d’entrées": ([build_membre(str(n)) for n in range(5)], "entrées", {"entrees": 4}),
    "trop gros": ([build_membre("a", 1 << 20)], "déployée", {"octets_deployes": 1 << 18}),
    "bombe": ([build_membre("a", 8 << 20)], "piège", {"octets_suspects": 1 << 20}),
    "en-tête": ([build_membre("a" * 300_000)], "démesuré", {}),
}


@pytest.mark.parametrize("cas", TARS)
def test_tar_that_is_hostile_is_refused(tmp_path, cas):
    membres, mot, bornes = TARS[cas]
    chemin = build_tar(tmp_path / "x.tar.gz", "w:gz", *membres)

    [controle] = check_sip(chemin, limites=Limites(**bornes)).iter_defauts()

    assert controle.code == "CHECK_CONTAINER"
    assert mot in controle.message


def test_tar_cut_or_with_a_dangerous_name_is_refused(tmp_path, paquet):
    sort = build_tar(tmp_path / "s.tar", "w", build_membre("../x"), build_membre("manifest.xml"))
    assert "STP_UPLOAD_SIP" in refus(sort, Attentes())

    entier = build_tar(tmp_path / "e.tar.bz2", "w:bz2", build_membre("manifest.xml", 5_000))
    octets = entier.read_bytes()
    for reste in range(0, len(octets), 7):
        entier.write_bytes(octets[:reste])
        assert not check_sip(entier).is_acceptable


def test_limites_of_the_paquet_hold_for_ours(tmp_path):
    chemin = tmp_path / "sip.zip"
    write_paquet(chemin)

    assert check_sip(chemin, limites=Limites(entrees=3)).is_acceptable
