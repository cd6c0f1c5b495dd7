"""Profils : un profil abstrait compilé, son exemple accepté, ses bordereaux fautifs refusés."""

import io
import json
import zipfile
from dataclasses import replace

import pytest
from lxml import etree

from socle.normes.seda.controles import Attentes, Limites, Statut, check_sip
from socle.normes.seda.controles.jsonschema import (
    SchemaJsonRefuse,
    check_json,
    load_schema_json,
)
from socle.normes.seda.controles.limites import ProfilUnite
from socle.normes.seda.controles.profil_rng import ProfilRefuse, load_profil
from socle.normes.seda.emplacement import Schematheque
from socle.normes.seda.profils.compilation import build_profil_rng
from socle.normes.seda.profils.documentation import build_html
from socle.normes.seda.profils.exemples import build_bordereau, build_exemple, iter_mutants
from socle.normes.seda.profils.modele import ProfilAbstrait, ProfilInvalide, read_profil
from socle.normes.seda.profils.pua import build_pua, find_unites
from socle.normes.seda.profils.vitam import check_exigences
from tests.normes.seda.fabrique import remake


def feuille(element: str, **champs: object) -> dict[str, object]:
    return {"element": element, **champs}


def noeud(element: str, *enfants: dict, **champs: object) -> dict[str, object]:
    return {"element": element, "enfants": list(enfants), **champs}


UNITE = noeud(
    "ArchiveUnit",
    feuille("ArchiveUnitProfile", valeur="AUP-PR-12"),
    noeud(
        "Management",
        noeud("AppraisalRule", feuille("Rule", valeur="APP-1"), feuille("StartDate"),
              feuille("FinalAction", valeur="Keep")),
        feuille("AccessRule", cardinalite="0-1"),
    ),
    noeud(
        "Content",
        feuille("StartDate"),  # dans le désordre : la compilation suit le schéma
        feuille("DescriptionLevel", valeurs=["File", "Item"]),
        feuille("Title", aide="Objet <de l’acte>"),
        feuille("OriginatingAgencyArchiveUnitIdentifier", motif="[0-9]{4}-[0-9]{3}",
                exemple="2026-001"),
        feuille("Description", cardinalite="0-1"),
    ),
    noeud(
        "ArchiveUnit",
        noeud("Content", feuille("Title", valeur="Annexes"), feuille("Tag", cardinalite="0-n")),
        noeud("DataObjectReference", feuille("DataObjectGroupReferenceId")),
        cardinalite="0-n",
    ),
    cardinalite="1-n",
)  # fmt: skip
PROFIL = {
    "identifiant": "PR-12",
    "nom": "Actes & annexes",
    "racine": [
        feuille("Date"), feuille("MessageIdentifier"), feuille("ArchivalAgreement"),
        feuille("CodeListVersions"),
        noeud(
            "DataObjectPackage",
            noeud("DataObjectGroup", noeud("BinaryDataObject", feuille("Uri"),
                  feuille("MessageDigest"), cardinalite="1-n"), cardinalite="1-n"),
            noeud("DescriptiveMetadata", UNITE),
            noeud("ManagementMetadata", feuille("OriginatingAgencyIdentifier")),
        ),
        feuille("ArchivalAgency"), feuille("TransferringAgency"),
    ],
}  # fmt: skip


def lit(objet: dict) -> ProfilAbstrait:
    return read_profil(json.dumps(objet).encode())


@pytest.fixture(scope="module")
def profil() -> ProfilAbstrait:
    return lit(PROFIL)


@pytest.mark.parametrize("version", ["2.1", "2.2", "2.3"])
def test_profil_accepts_its_exemple_and_refuses_each_mutant(
    profil, version, tmp_path, donnees_officielles
):
    rng = load_profil(build_profil_rng(profil, version).encode())
    chemin = tmp_path / "exemple.zip"
    chemin.write_bytes(build_exemple(profil, version))

    rapport = check_sip(
        chemin, schemas=Schematheque(dossier=donnees_officielles / "seda"), profil=rng
    )
    mutants = list(iter_mutants(profil, version))
    acceptes = [m.nom for m in mutants if next(rng.check(io.BytesIO(m.xml)), None) is None]

    assert [(c.code, c.message) for c in rapport.iter_defauts()] == []
    assert (rng.version, rapport.version) == (version, version)
    assert len(mutants) > 50
    assert acceptes == []
    assert list(check_exigences(rng.racine)) == []


def test_exemple_follows_the_pua_that_the_profil_gives(profil, tmp_path):
    """Le PUA tiré du profil accepte l’unité d’exemple, et refuse celle qu’on change."""
    [notice] = json.loads(build_pua(profil, find_unites(profil)[0]))
    pua = ProfilUnite(identifiant="AUP-PR-12", schema=notice["ControlSchema"])
    attentes = Attentes(profils_unites={"AUP-PR-12": pua})
    chemin = tmp_path / "exemple.zip"
    chemin.write_bytes(build_exemple(profil, "2.2"))
    assert check_sip(chemin, attentes=attentes).is_acceptable

    texte = build_bordereau(profil, "2.2").decode()
    for avant, apres in (
        ("2026-001", "01-2026"),
        ("<DescriptionLevel>File", "<DescriptionLevel>Fonds"),
        ("<FinalAction>Keep", "<FinalAction>Destroy"),
        ("AUP-PR-12", "AUP-INCONNU"),
    ):
        assert avant in texte
        change = remake(
            chemin, tmp_path / "c.zip", manifeste=lambda t, a=avant, b=apres: t.replace(a, b)
        )
        codes = {c.code for c in check_sip(change, attentes=attentes).iter_defauts()}
        assert {c.rpartition(".")[0] for c in codes} == {"CHECK_ARCHIVE_UNIT_PROFILE"}, avant

    for notice_changee, detail in (
        (replace(pua, actif=False), "INACTIVE_STATUS"),
        (replace(pua, schema="{}"), "EMPTY_CONTROL_SCHEMA"),
        (replace(pua, schema='{"dependencies": {}}'), "INVALID_AU_PROFILE"),
    ):
        attentes = Attentes(profils_unites={"AUP-PR-12": notice_changee})
        codes = {c.code for c in check_sip(chemin, attentes=attentes).iter_defauts()}
        assert codes == {f"CHECK_ARCHIVE_UNIT_PROFILE.{detail}"}


def test_bordereau_too_big_for_a_profil_is_said_not_compared(profil, tmp_path):
    """Au-delà de la borne, une remarque : ni un accord, ni un refus, même s’il est fautif."""
    rng = load_profil(build_profil_rng(profil, "2.2").encode())
    chemin = tmp_path / "exemple.zip"
    chemin.write_bytes(build_exemple(profil, "2.2"))
    fautif = remake(
        chemin, tmp_path / "f.zip", manifeste=lambda t: t.replace(">Annexes<", ">Plans<")
    )
    octets = len(build_bordereau(profil, "2.2"))

    statuts = [
        (controle.statut, controle.message.partition(" ici")[0][-21:])
        for limite in (octets * 2, octets // 2)
        for controle in check_sip(
            fautif, profil=rng, limites=Limites(octets_en_arbre=limite)
        ).controles
        if controle.code.startswith("CHECK_HEADER.CHECK_ARCHIVEPROFILE")
    ]

    assert [statut for statut, _ in statuts] == [Statut.KO, Statut.WARNING]
    assert statuts[1][1] == "au profil d’archivage"


def test_documentation_escapes_and_names_each_element(profil):
    page = build_html(profil)

    assert "Actes &amp; annexes" in page
    assert "Objet &lt;de l’acte&gt;" in page
    assert "<code>OriginatingAgencyArchiveUnitIdentifier</code>" in page
    assert page.count('<tr role="row">') == sum(1 for _ in profil.racine.iter_noeuds())


@pytest.mark.parametrize(
    ("racine", "lieu"),
    [
        ([feuille("Titre")], "ArchiveTransfer/Titre"),
        ([feuille("Date", cardinalite="0-n")], "ArchiveTransfer/Date"),
        ([feuille("Date"), feuille("Date")], "ArchiveTransfer/Date"),
        ([feuille("Date", cardinalite="2")], "ArchiveTransfer/Date"),
        ([feuille("Date", motif="(a+)+", exemple="a")], "ArchiveTransfer/Date"),
        ([feuille("Date", motif="[0-9]+", exemple="a")], "ArchiveTransfer/Date"),
        ([feuille("Date", inconnu="x")], "ArchiveTransfer/Date"),
        ([noeud("Date", feuille("x"))], "ArchiveTransfer/Date"),
        ([feuille("DataObjectPackage", valeur="x")], "ArchiveTransfer/DataObjectPackage"),
        (["x"], "ArchiveTransfer"),
        ("x", "fichier"),
        ([feuille("Date", aide="\ud800")], "fichier"),
        ([feuille("Date", aide="\x01")], "fichier"),
    ],
)
def test_profil_that_is_wrong_says_where(racine, lieu):
    with pytest.raises(ProfilInvalide) as refus:
        lit(PROFIL | {"racine": racine})

    assert lieu in [ou for ou, _ in refus.value.fautes]


def test_version_that_lacks_an_element_is_said():
    gel = noeud("DataObjectPackage", noeud("ManagementMetadata", feuille("HoldRule")))

    with pytest.raises(ProfilInvalide, match=r"2\.1"):
        lit(PROFIL | {"racine": [gel]})
    assert lit(PROFIL | {"racine": [gel], "versions": ["2.2", "2.3"]}).versions == ("2.2", "2.3")


CAUSES = {
    "schemaLocation": (
        "pastis",
        lambda t: t.replace(
            "<ArchiveTransfer",
            '<ArchiveTransfer xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            'xsi:schemaLocation="a b"',
            1,
        ),
        "xsi:schemaLocation",
    ),
    "groupes": (
        "ok",
        lambda t: t.replace("<BinaryDataObject", '<DataObjectGroup id="G1"><BinaryDataObject', 1)
        .replace("</BinaryDataObject>", "</BinaryDataObject></DataObjectGroup>", 1),
        "groupes (DataObjectGroup)",
    ),
    "listes": (
        "ok",
        lambda t: t[: t.find("<CodeListVersions")]
        + t[t.find("</CodeListVersions>") + len("</CodeListVersions>") :],
        "listes de codes",
    ),
    "emboîtées": (
        "ok",
        lambda t: t.replace(
            "</ArchiveUnit>",
            '<ArchiveUnit id="R1"><ArchiveUnitRefId>R2</ArchiveUnitRefId></ArchiveUnit>'
            "</ArchiveUnit>",
            1,
        ),
        "le profil les veut emboîtées",
    ),
    "version": ("ok", lambda t: t.replace("seda:v2.1", "seda:v2.2"), "SEDA 2.1"),
}  # fmt: skip


@pytest.mark.parametrize("cause", CAUSES)
def test_classic_cause_of_refusal_is_named(cause, donnees_officielles):
    """Sur un profil et un bordereau réels, le bordereau étant changé d’un seul défaut."""
    profils = donnees_officielles / "seda" / "profils"
    if CAUSES[cause][0] == "pastis":
        rng = load_profil((profils / "pastis_rngProfile.rng").read_bytes())
        texte = (profils / "pastis_manifestOK.xml").read_text(encoding="utf-8")
    else:
        rng = load_profil((profils / "profil_ok.rng").read_bytes())
        with zipfile.ZipFile(profils.parent / "samples" / "OK_468.zip") as paquet:
            texte = paquet.read("manifest.xml").decode()
    assert list(rng.check(io.BytesIO(texte.encode()))) == []

    change = CAUSES[cause][1](texte)
    assert change != texte
    [premiere, *_] = rng.check(io.BytesIO(change.encode()))

    assert CAUSES[cause][2] in premiere.message.replace("\u00a0", " ")


def test_profil_of_flat_units_says_that_the_bordereau_nests_them(profil):
    renvoi = noeud("ArchiveUnit", feuille("ArchiveUnitRefId"), cardinalite="1-n")
    plat = json.loads(json.dumps(PROFIL))
    plat["racine"][4]["enfants"][1]["enfants"][0]["enfants"][3] = renvoi
    rng = load_profil(build_profil_rng(lit(plat), "2.2").encode())

    messages = [a.message for a in rng.check(io.BytesIO(build_bordereau(profil, "2.2")))]

    assert messages[0].startswith("Le profil veut des unités à plat")


def test_real_profils_load_but_the_broken_ones(donnees_officielles):
    """Les profils réels du dossier se chargent ; le profil fautif et les entités sont refusés."""
    profils = donnees_officielles / "seda" / "profils"
    for chemin in sorted(profils.glob("*.rng")):
        octets = chemin.read_bytes()
        if chemin.name.startswith("cubicweb_seda"):  # modèles à trous de SEDA 0.2 et 1.0
            continue
        if chemin.name == "pastis_profile_nok.rng":
            with pytest.raises(ProfilRefuse, match="incohérente"):
                load_profil(octets)
        else:
            assert load_profil(octets).racine is not None, chemin.name
    rng = load_profil((profils / "pastis_rngProfile.rng").read_bytes())
    verdicts = {
        nom: next(rng.check(io.BytesIO((profils / f"pastis_manifest{nom}.xml").read_bytes())), None)
        for nom in ("OK", "NOK")
    }
    assert verdicts["OK"] is None
    assert verdicts["NOK"] is not None


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"<grammar",
        b"<x/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><grammar xmlns="http://relaxng.org/ns/structure/1.0"/>',
        b'<grammar xmlns="http://relaxng.org/ns/structure/1.0">'
        b'<include href="file:///etc/passwd"/></grammar>',
        b'<grammar xmlns="http://relaxng.org/ns/structure/1.0"/>',
    ],
)
def test_profil_that_is_hostile_or_broken_is_refused(octets):
    with pytest.raises(ProfilRefuse):
        load_profil(octets)


def test_json_schema_says_each_defect_and_refuses_what_it_ignores():
    schema = load_schema_json(
        '{"type":"object","required":["a"],"additionalProperties":false,"properties":{'
        '"a":{"type":"string","pattern":"^x"},"b":{"type":"array","maxItems":1,'
        '"items":{"enum":["k"]}},"c":{"$ref":"#/definitions/d"}},'
        '"definitions":{"d":{"anyOf":[{"type":"boolean"},{"type":"null"}]}}}'
    )
    assert list(check_json({"a": "xy", "b": ["k"], "c": True}, schema)) == []
    lieux = [lieu for lieu, _ in check_json({"a": "y", "b": ["k", "z"], "c": 1, "d": 1}, schema)]
    assert sorted(lieux) == ["a", "b", "b[2]", "c", "d"]
    assert [lieu for lieu, _ in check_json({}, schema)] == ["a"]
    for mauvais in ('{"dependencies":{}}', "[]", "{", '{"pattern":"(a*)*"}', '{"enum":1}'):
        with pytest.raises(SchemaJsonRefuse):
            load_schema_json(mauvais)
    boucle = load_schema_json('{"properties":{"a":{"$ref":"#"}}}')
    profond: dict = {}
    for _ in range(200):
        profond = {"a": profond}
    assert list(check_json(profond, boucle))


def test_rng_of_our_grammar_has_one_element_per_ligne(profil):
    """Une ligne par élément : « ligne 12 » a un sens dans un refus."""
    texte = build_profil_rng(profil, "2.2")

    assert max(ligne.count("<element") for ligne in texte.splitlines()) == 1
    assert etree.fromstring(texte.encode()).tag.endswith("grammar")
