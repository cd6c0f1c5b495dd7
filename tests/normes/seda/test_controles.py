"""Chaque contrôle refuse le versement qui le viole, et lui seul."""

import re

import pytest

from socle.normes.seda.controles import Attentes, Limites, Statut, check_sip
from socle.normes.seda.controles.rapport import ANOMALIES_PAR_CONTROLE
from socle.normes.seda.controles.schema import translate
from socle.normes.seda.formats import is_pygfried_installe, open_identifieur
from tests.normes.seda.fabrique import (
    build_transfert,
    read_manifeste,
    remake,
    write_paquet,
)

PAQUET = "CHECK_DATAOBJECTPACKAGE"
USAGE = f"{PAQUET}.CHECK_MANIFEST_DATAOBJECT_VERSION"
NOMBRE = f"{PAQUET}.CHECK_MANIFEST_OBJECTNUMBER"
MANIFESTE = f"{PAQUET}.CHECK_MANIFEST"
COHERENCE = f"{PAQUET}.CHECK_CONSISTENCY"


def remplace(avant: str, apres: str, fois: int = 1):
    return lambda texte: re.sub(avant, apres, texte, count=fois, flags=re.DOTALL)


def defauts(rapport) -> set[str]:
    return {f"{c.code} {c.statut}" for c in rapport.iter_defauts()}


def test_paquet_without_defaut_passes_every_controle(paquet, schema):
    rapport = check_sip(paquet, schema=schema)

    assert defauts(rapport) == set()
    assert rapport.statut is Statut.OK
    assert rapport.schema_verifie
    assert (rapport.version, rapport.nombre_unites, rapport.nombre_objets) == ("2.2", 3, 2)
    assert [c.code for c in rapport.controles] == [
        "CHECK_CONTAINER",
        "MANIFEST_FILE_NAME_CHECK",
        "STP_UPLOAD_SIP",
        "CHECK_SEDA.CONTAINER_FORMAT",
        "CHECK_SEDA",
        "CHECK_SEDA.NOT_XSD_VALID",
        "CHECK_HEADER.CHECK_CONTRACT_INGEST",
        "CHECK_HEADER.CHECK_AGENT",
        NOMBRE,
        USAGE,
        MANIFESTE,
        MANIFESTE,
        COHERENCE,
        "CHECK_DIGEST",
        "CHECK_OBJECT_SIZE",
        "CHECK_UNIT_SCHEMA",
        "CHECK_CLASSIFICATION_LEVEL",
        "UNITS_RULES_COMPUTE",
    ]


def test_rapport_without_schema_says_so(paquet):
    rapport = check_sip(paquet)

    assert not rapport.schema_verifie
    assert rapport.to_dict()["schema_verifie"] is False
    assert "CHECK_SEDA.NOT_XSD_VALID" not in {c.code for c in rapport.controles}


# (retouche du bordereau, contrôles qui doivent parler). Le schéma n’est pas donné : chaque
# contrôle est seul face au défaut.
RETOUCHES = {
    "mal formé": (remplace("</Content>", ""), {"CHECK_SEDA.NOT_XML_FILE KO"}),
    "version inconnue": (remplace("v2.2", "v9.9"), {"CHECK_SEDA.UNSUPPORTED_SEDA_VERSION KO"}),
    "autre message": (remplace("ArchiveTransfer", "Autre", 0), {"CHECK_SEDA.NOT_XSD_VALID KO"}),
    "identifiant double": (remplace('id="U2"', 'id="U1"'), {"CHECK_SEDA.NOT_XSD_VALID KO"}),
    "sans contrat": (
        remplace("<ArchivalAgreement>.*?</ArchivalAgreement>", ""),
        {"CHECK_HEADER.CHECK_CONTRACT_INGEST.CONTRACT_NOT_IN_MANIFEST KO"},
    ),
    "sans producteur": (
        remplace("<OriginatingAgencyIdentifier>.*?</OriginatingAgencyIdentifier>", ""),
        {"CHECK_HEADER.CHECK_AGENT.EMPTY_REQUIRED_FIELD KO"},
    ),
    "usage inconnu": (
        remplace("BinaryMaster_1", "original numerique"),
        {f"{USAGE}.INVALID_DATAOBJECTVERSION KO", f"{MANIFESTE}.MASTER_MANDATORY_REQUIRED KO"},
    ),
    "usage papier": (
        remplace("BinaryMaster_1", "PhysicalMaster_1"),
        {f"{USAGE}.BDO_DATAOBJECTIONVERSION_PHYSICALMASTER KO"},
    ),
    "objet physique sans cote": (
        remplace(
            "</DataObjectGroup>",
            '<PhysicalDataObject id="P1"><DataObjectVersion>PhysicalMaster_1</DataObjectVersion>'
            "<PhysicalId/></PhysicalDataObject></DataObjectGroup>",
        ),
        {f"{USAGE}.EMPTY_REQUIRED_FIELD KO"},
    ),
    "objet physique numérique": (
        remplace(
            "</DataObjectGroup>",
            '<PhysicalDataObject id="P1"><DataObjectVersion>BinaryMaster_1</DataObjectVersion>'
            "<PhysicalId>1 W 2</PhysicalId></PhysicalDataObject></DataObjectGroup>",
        ),
        {
            f"{USAGE}.PDO_DATAOBJECTIONVERSION_BINARYMASTER KO",
            f"{MANIFESTE}.TOO_MANY_VERSION_BY_USAGE KO",
        },
    ),
    "sans original": (
        remplace("BinaryMaster_1", "Thumbnail_1"),
        {f"{MANIFESTE}.MASTER_MANDATORY_REQUIRED KO"},
    ),
    "algorithme faible": (
        remplace('algorithm="SHA-512"', 'algorithm="CRC32"'),
        {f"{USAGE}.INVALIDE_ALGO KO"},
    ),
    "adresse vide": (
        remplace("<Uri>.*?</Uri>", "<Uri/>"),
        {f"{USAGE}.EMPTY_REQUIRED_FIELD KO", f"{NOMBRE}.MANIFEST_INFERIOR_BDO KO"},
    ),
    "adresse absente": (
        remplace("<Uri>content/", "<Uri>content/0"),
        {f"{NOMBRE}.MANIFEST_SUPERIOR_BDO KO", f"{NOMBRE}.MANIFEST_INFERIOR_BDO KO"},
    ),
    "adresse qui remonte": (
        remplace("<Uri>content/", "<Uri>../content/"),
        {f"{NOMBRE}.INVALID_URI KO", f"{NOMBRE}.MANIFEST_INFERIOR_BDO KO"},
    ),
    "objet au lieu du groupe": (
        remplace(
            "DataObjectGroupReferenceId>G1</DataObjectGroupReferenceId",
            "DataObjectReferenceId>O1</DataObjectReferenceId",
        ),
        {f"{MANIFESTE}.EXISTING_OG_NOT_DECLARED KO"},
    ),
    "deux groupes": (
        remplace(
            "<DataObjectReference>",
            "<DataObjectReference><DataObjectGroupReferenceId>G2</DataObjectGroupReferenceId>"
            "</DataObjectReference><DataObjectReference>",
        ),
        {f"{MANIFESTE}.ARCHIVEUNIT_REFERENCES_MULTIPLE_OBJECTGROUP KO"},
    ),
    "cycle": (
        remplace(
            "<DataObjectReference>",
            '<ArchiveUnit id="R1"><ArchiveUnitRefId>U0</ArchiveUnitRefId></ArchiveUnit>'
            "<DataObjectReference>",
        ),
        {f"{MANIFESTE}.CHECK_MANIFEST_LOOP KO"},
    ),
    "renvoi dans le vide": (
        remplace(
            "<DataObjectReference>",
            '<ArchiveUnit id="R1"><ArchiveUnitRefId>U99</ArchiveUnitRefId></ArchiveUnit>'
            "<DataObjectReference>",
        ),
        {f"{COHERENCE} KO"},
    ),
    "groupe orphelin": (
        remplace("<DataObjectReference>.*?</DataObjectReference>", ""),
        {f"{COHERENCE}.CHECK_CONSISTENCY_ORPHAN_OBJECT KO"},
    ),
    "empreinte vide": (
        remplace("(<MessageDigest [^>]*>)[^<]*", r"\1"),
        {"CHECK_DIGEST.EMPTY KO"},
    ),
    "empreinte fausse": (
        remplace("(<MessageDigest [^>]*>)........", r"\g<1>00000000"),
        {"CHECK_DIGEST.INVALID KO"},
    ),
    "empreinte en majuscules": (
        lambda texte: re.sub(
            "(<MessageDigest [^>]*>)([^<]*)", lambda t: t[1] + t[2].upper(), texte, count=1
        ),
        {"CHECK_DIGEST WARNING"},
    ),
    "taille fausse": (
        remplace("<Size>[0-9]+</Size>", "<Size>7</Size>"),
        {"CHECK_OBJECT_SIZE WARNING"},
    ),
    "titre vide": (
        remplace("<Title>.*?</Title>", "<Title> </Title>"),
        {"CHECK_UNIT_SCHEMA.INVALID_UNIT KO"},
    ),
    "sans titre": (
        remplace("<Title>.*?</Title>", ""),
        {"CHECK_UNIT_SCHEMA.INVALID_UNIT KO"},
    ),
    "description trop longue": (
        remplace("<Description>", "<Description>" + "x" * 32_000),
        {"CHECK_UNIT_SCHEMA.INVALID_UNIT KO"},
    ),
    "balise dans un texte": (
        remplace("<Description>", "<Description>&lt;B&gt;"),
        {"CHECK_UNIT_SCHEMA WARNING"},
    ),
    "signe réservé par Vitam": (
        remplace("<Description>", "<Description>_"),
        {"CHECK_UNIT_SCHEMA WARNING"},
    ),
    "dates à l’envers": (
        remplace("<EndDate>2026", "<EndDate>2025"),
        {"CHECK_UNIT_SCHEMA.CONSISTENCY KO"},
    ),
    "date impossible": (
        remplace("<EndDate>2026-07-04", "<EndDate>2026-07-34"),
        {"CHECK_UNIT_SCHEMA.DATE_FORMAT KO"},
    ),
    "date en toutes lettres": (
        remplace("<EndDate>2026-07-04", "<EndDate>4 juillet 2026"),
        {"CHECK_UNIT_SCHEMA.DATE_FORMAT KO"},
    ),
    "an 9000": (
        remplace("<StartDate>2026", "<StartDate>9000"),
        {"CHECK_UNIT_SCHEMA.INVALID_UNIT KO"},
    ),
    "règle sans code": (
        remplace("<Rule>SCO-CANTINE</Rule>", "<Rule/>"),
        {"UNITS_RULES_COMPUTE.UNKNOWN KO"},
    ),
}


@pytest.mark.parametrize("cas", RETOUCHES)
def test_defaut_of_bordereau_is_named_by_its_controle(paquet, tmp_path, cas):
    retouche, attendus = RETOUCHES[cas]
    mauvais = remake(paquet, tmp_path / "mauvais.zip", manifeste=retouche)

    rapport = check_sip(mauvais)

    assert defauts(rapport) == attendus
    assert all(c.message.endswith((".", ").", "9000.")) and c.lieu for c in rapport.iter_defauts())


def test_dates_incomplete_or_before_our_era_are_accepted(paquet, tmp_path):
    anciennes = remake(
        paquet,
        tmp_path / "a.zip",
        manifeste=lambda t: t.replace("<StartDate>2026-06-01", "<StartDate>-0052").replace(
            "<EndDate>2026-07-04", "<EndDate>2026-07"
        ),
    )

    assert check_sip(anciennes).statut is Statut.OK


def test_fichier_empty_is_worth_a_look(tmp_path):
    chemin = tmp_path / "sip.zip"
    write_paquet(chemin, build_transfert({"vide.txt": b""}))

    assert defauts(check_sip(chemin)) == {"CHECK_OBJECT_SIZE WARNING"}


def test_fichier_added_renamed_or_removed_is_seen(paquet, tmp_path):
    texte = read_manifeste(paquet)
    uri = re.search("<Uri>(.*?)</Uri>", texte)[1]

    ajoute = check_sip(remake(paquet, tmp_path / "a.zip", ajouts={"content/plus.txt": b"x"}))
    retire = check_sip(remake(paquet, tmp_path / "b.zip", retraits=(uri,)))
    special = check_sip(
        remake(
            paquet,
            tmp_path / "c.zip",
            noms={uri: "content/pièce.txt"},
            manifeste=lambda t: t.replace(uri, "content/pièce.txt"),
        )
    )

    assert defauts(ajoute) == {f"{NOMBRE}.MANIFEST_INFERIOR_BDO KO"}
    assert defauts(retire) == {f"{NOMBRE}.MANIFEST_SUPERIOR_BDO KO"}
    assert defauts(special) == {"STP_UPLOAD_SIP KO"}


def test_structure_of_the_paquet_is_seen(paquet, tmp_path):
    sans = check_sip(remake(paquet, tmp_path / "a.zip", noms={"manifest.xml": "bordereau.xml"}))
    deux = check_sip(remake(paquet, tmp_path / "b.zip", ajouts={"lisez-moi.txt": b"x"}))
    dossier = check_sip(remake(paquet, tmp_path / "c.zip", ajouts={"autre/x.txt": b"x"}))

    assert defauts(sans) == {"MANIFEST_FILE_NAME_CHECK KO"}
    assert defauts(deux) == {"CHECK_SEDA.CONTAINER_FORMAT.FILE KO"}
    assert "CHECK_SEDA.CONTAINER_FORMAT.DIRECTORY KO" in defauts(dossier)


@pytest.mark.parametrize("nom", ["manifest.xml", "versement_manifest.xml", "v-1_manifest.xml"])
def test_manifeste_may_carry_a_prefixe(paquet, tmp_path, nom):
    renomme = remake(paquet, tmp_path / "r.zip", noms={"manifest.xml": nom})

    assert check_sip(renomme).is_acceptable


def test_schema_refusals_are_said_in_french_with_their_line(paquet, tmp_path, schema):
    mauvais = remake(
        paquet,
        tmp_path / "m.zip",
        manifeste=lambda t: t.replace("<Date>2026", "<Dates>2026").replace("</Date>", "</Dates>"),
    )

    [controle] = list(check_sip(mauvais, schema=schema).iter_defauts())

    assert controle.code == "CHECK_SEDA.NOT_XSD_VALID"
    assert controle.lieu == "ligne 3"
    assert controle.message == (
        "L’élément « Dates » n’est pas attendu à cet endroit. Attendu : Comment, Date."
    )


@pytest.mark.parametrize(
    ("message", "phrase"),
    [
        (
            "Element '{ns}Content': Missing child element(s). Expected is one of ( {ns}A, {ns}B ).",
            "Il manque un élément dans « Content ». Ajoutez : A, B.",
        ),
        (
            "Element '{ns}MessageDigest': The attribute 'algorithm' is required but missing.",
            "L’attribut « algorithm » manque sur l’élément « MessageDigest ». Ajoutez-le.",
        ),
        (
            "Element '{ns}Size': '0' is not a valid value of the atomic type 'xs:positiveInteger'.",
            "La valeur « 0 » de l’élément « Size » n’est pas admise. Corrigez-la.",
        ),
        (
            "Element '{ns}Rule': [facet 'minLength'] The value has a length of '0'; this "
            "underruns the allowed minimum length of '1'.",
            "L’élément « Rule » est vide. Remplissez-le ou retirez-le.",
        ),
        (
            "anything else",
            "Le bordereau ne suit pas le schéma SEDA. Comparez cette ligne au schéma.",
        ),
    ],
)
def test_refusal_of_libxml2_is_translated(message, phrase):
    assert translate(message) == phrase


def test_attentes_of_the_recipient_are_checked_when_known(paquet):
    connues = Attentes(
        contrats=frozenset({"IC-000001"}),
        services=frozenset({"CLAMART-SCOLAIRE"}),
        regles={"SCO-CANTINE": "AppraisalRule", "ACC-00016": "AccessRule"},
        niveaux_de_classification=frozenset({"Non protégé"}),
    )
    autres = Attentes(
        contrats=frozenset({"IC-2"}),
        services=frozenset({"X"}),
        regles={"SCO-CANTINE": "AccessRule"},
    )

    assert check_sip(paquet, attentes=connues).statut is Statut.OK
    assert defauts(check_sip(paquet, attentes=autres)) == {
        "CHECK_HEADER.CHECK_CONTRACT_INGEST.CONTRACT_UNKNOWN KO",
        "CHECK_HEADER.CHECK_AGENT.UNKNOWN KO",
        "UNITS_RULES_COMPUTE.CONSISTENCY KO",
        "UNITS_RULES_COMPUTE.UNKNOWN KO",
    }


@pytest.mark.skipif(not is_pygfried_installe(), reason="pygfried absent")
def test_formats_declared_and_recognised_are_compared(tmp_path):
    chemin = tmp_path / "sip.zip"
    with open_identifieur() as identifieur:
        write_paquet(
            chemin,
            build_transfert({"a.txt": b"Bonjour", "b": b"\x01\x02\x99"}),
            identifieur=identifieur,
        )
        menteur = remake(
            chemin, tmp_path / "m.zip", manifeste=lambda t: t.replace("x-fmt/111", "fmt/276")
        )
        admis = check_sip(chemin, identifieur=identifieur)
        refuse = check_sip(
            chemin, identifieur=identifieur, attentes=Attentes(formats_inconnus_admis=False)
        )
        trompeur = check_sip(menteur, identifieur=identifieur)

    assert defauts(admis) == {"OG_OBJECTS_FORMAT_CHECK.UNKNOWN WARNING"}
    assert defauts(refuse) == {"OG_OBJECTS_FORMAT_CHECK.UNKNOWN KO"}
    assert "OG_OBJECTS_FORMAT_CHECK WARNING" in defauts(trompeur)


def test_many_defauts_of_one_controle_are_counted_not_listed(tmp_path):
    chemin = tmp_path / "sip.zip"
    write_paquet(chemin, build_transfert({f"p{n}.txt": b"x%d" % n for n in range(30)}))
    mauvais = remake(
        chemin,
        tmp_path / "m.zip",
        manifeste=lambda t: re.sub("(<MessageDigest [^>]*>)....", r"\g<1>0000", t),
    )

    lignes = [c for c in check_sip(mauvais).iter_defauts() if c.code.startswith("CHECK_DIGEST")]

    assert len(lignes) == ANOMALIES_PAR_CONTROLE + 1
    assert "10 autre(s)" in lignes[-1].message
    assert lignes[-1].statut is Statut.KO


def test_rapport_is_kept_as_json(paquet):
    donnees = check_sip(paquet, limites=Limites()).to_dict()

    assert donnees["statut"] == "OK"
    assert donnees["controles"][0] == {
        "code": "CHECK_CONTAINER",
        "nom": "Archive lisible et sans piège",
        "statut": "OK",
        "lieu": "",
        "message": "",
    }
