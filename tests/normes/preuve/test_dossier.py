"""Dossier de preuve : entier, il se vérifie seul ; touché, il le dit et nomme la faute."""

import dataclasses
import io
import re
import shutil
import subprocess
import zipfile
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.normes.preuve.archive import write_archive
from socle.normes.preuve.dossier import build_texte_sommaire
from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.horodatage import build_requete, load_autorites
from socle.normes.preuve.json_canonique import decode_json, encode_json
from socle.normes.preuve.notes import parse_cles
from socle.normes.preuve.pieces import DocumentProuve, encode_tete
from socle.normes.preuve.points import PointDeControle
from socle.normes.preuve.rapport import Etat
from socle.normes.preuve.verification import verify_dossier_de_preuve
from tests.normes.preuve.autorite import Autorite
from tests.normes.preuve.fabrique import (
    NOM,
    build_documents,
    build_dossier,
    build_journal,
    build_signataire,
)

DOSSIER = build_dossier()
CLES = [build_signataire().cle_publique]
PEM_VIDE = b"-----BEGIN PUBLIC KEY-----\n"


def _open(octets: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return {nom: archive.read(nom) for nom in archive.namelist()}


def _close(fichiers: dict[str, bytes], *, signataire=None) -> bytes:
    """Refait une archive canonique ; avec un signataire, refait aussi le sommaire et sa note."""
    if signataire:
        sommaire = decode_json(fichiers["sommaire.json"])
        sommaire["fichiers"] = {
            nom: sha256(octets).hexdigest()
            for nom, octets in fichiers.items()
            if nom not in {"sommaire.json", "sommaire.note"}
        }
        texte = encode_json(sommaire)
        note = signataire.sign_note(build_texte_sommaire(texte))
        fichiers |= {"sommaire.json": texte, "sommaire.note": note}
    sortie = io.BytesIO()
    write_archive(sortie, fichiers)
    return sortie.getvalue()


def _faute(octets: bytes, cles=CLES) -> str:
    faute = verify_dossier_de_preuve(octets, cles).faute
    return f"{faute.nom} : {faute.message}" if faute else ""


def test_dossier_entier_is_verified_with_the_cle():
    rapport = verify_dossier_de_preuve(DOSSIER, CLES)

    assert {etape.etat for etape in rapport.etapes} == {Etat.CONFORME}
    assert (rapport.integre, rapport.cle_verifiee) == (True, True)
    assert rapport.empreinte == CLES[0].empreinte
    assert rapport.objets == ("dossier:44171",)


def test_dossier_without_cle_says_so_and_gives_the_empreinte(tmp_path):
    fichier = tmp_path / "preuve.zip"
    fichier.write_bytes(DOSSIER)
    rapport = verify_dossier_de_preuve(fichier)

    assert (rapport.integre, rapport.cle_verifiee) == (True, False)
    assert [etape.nom for etape in rapport.reserves] == ["Clés"]
    assert rapport.to_json()["empreinte"] == CLES[0].empreinte


def test_dossier_is_the_same_to_the_byte():
    assert build_dossier() == DOSSIER


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(DOSSIER) - 1), st.integers(1, 255))
def test_each_changed_octet_is_detected(rang, masque):
    abime = bytearray(DOSSIER)
    abime[rang] ^= masque
    assert not verify_dossier_de_preuve(bytes(abime)).integre


@pytest.mark.parametrize(
    "masque", [0x01, *(pytest.param(m, marks=pytest.mark.lent) for m in (0x20, 0x80, 0xFF))]
)
def test_each_octet_changed_in_turn_is_detected(masque):
    for rang in range(len(DOSSIER)):
        abime = bytearray(DOSSIER)
        abime[rang] ^= masque
        assert not verify_dossier_de_preuve(bytes(abime)).integre, rang


@settings(deadline=None)
@given(st.data())
def test_each_octet_removed_or_added_is_detected(data):
    rang = data.draw(st.integers(0, len(DOSSIER) - 1))
    assert _faute(DOSSIER[:rang] + DOSSIER[rang + 1 :])
    assert _faute(DOSSIER[:rang] + b"\0" + DOSSIER[rang:])


@settings(deadline=None)
@given(st.data())
def test_piece_changed_in_an_archive_remade_is_detected(data):
    """Un faussaire sait refaire une archive valide et le sommaire, mais pas le signer."""
    fichiers = _open(DOSSIER)
    nom = data.draw(st.sampled_from(sorted(fichiers)))
    rang = data.draw(st.integers(0, len(fichiers[nom]) - 1))
    abime = bytearray(fichiers[nom])
    abime[rang] ^= data.draw(st.integers(1, 255))
    fichiers[nom] = bytes(abime)
    assert _faute(_close(fichiers))
    if not nom.startswith(("sommaire", "cles/")):
        assert "Signature" in _faute(_close(fichiers, signataire=build_signataire(9, NOM)))


@pytest.mark.parametrize("nom", sorted(_open(DOSSIER)))
def test_piece_missing_is_detected_even_when_signed(nom):
    fichiers = _open(DOSSIER)
    octets = fichiers.pop(nom)
    assert octets
    signataire = None if nom.startswith("sommaire") else build_signataire()
    assert _faute(_close(fichiers, signataire=signataire))


def _resign(**pieces: bytes) -> str:
    """Faute trouvée quand la clé elle-même signe un sommaire sur des pièces changées."""
    fichiers = _open(DOSSIER)
    noms = {nom.replace("/", "_").replace(".", "_"): nom for nom in fichiers}
    fichiers |= {noms[cle]: octets for cle, octets in pieces.items()}
    return _faute(_close(fichiers, signataire=build_signataire()))


def _alter(nom: str, **champs) -> bytes:
    return encode_json(decode_json(_open(DOSSIER)[nom]) | champs)


@pytest.mark.parametrize(
    ("pieces", "attendu"),
    [
        ({"entrees_0001_json": _alter("entrees/0001.json", acteur="agent:99")}, "Entrées"),
        ({"entrees_0001_json": _alter("entrees/0002.json")}, "Entrées"),
        ({"entrees_0001_json": _alter("entrees/0001.json", collectivite=4)}, "Entrées"),
        ({"entrees_0001_json": b"{}"}, "Entrées"),
        ({"entrees_0001_preuve_json": _alter("entrees/0001.preuve.json", indice=1)}, "Entrées"),
        ({"entrees_0001_preuve_json": _alter("entrees/0001.preuve.json", tete=9)}, "Entrées"),
        ({"entrees_0001_preuve_json": _alter("entrees/0001.preuve.json", tete=0)}, "Entrées"),
        ({"entrees_0001_preuve_json": _alter("entrees/0001.preuve.json", chemin=["A"])}, "Entrées"),
        ({"tetes_0001_json": _alter("tetes/0001.json", taille=3)}, "Têtes"),
        ({"tetes_0001_json": _alter("tetes/0001.json", collectivite=4)}, "Têtes"),
        ({"tetes_0001_preuve_json": _alter("tetes/0001.preuve.json", indice=0)}, "Têtes"),
        (
            {"tetes_0001_preuve_json": _alter("tetes/0001.preuve.json", coherence_tete=[])},
            "Cohérence",
        ),
        (
            {"tetes_0002_preuve_json": _alter("tetes/0002.preuve.json", coherence_point=[])},
            "Cohérence",
        ),
        ({"points_0001_note": _open(DOSSIER)["points/0002.note"]}, "Têtes"),
        ({"points_0001_note": b"illisible"}, "Points"),
        ({"documents_decision_pdf": b"%PDF-1.7 autre decision"}, "Documents"),
        ({"ouvertures_json": b"[1]"}, "Documents"),
        ({"ouvertures_json": b"{}"}, "Documents"),
        ({"cles_cles_txt": b""}, "Clés"),
        ({"cles_cles_txt": b"\xff"}, "Clés"),
    ],
)
def test_piece_falsified_then_signed_is_named(pieces, attendu):
    assert _resign(**pieces).startswith(attendu)


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [("sel", "00" * 32), ("sel", "zz"), ("sel", ""), ("entree", 2), ("entree", 99), ("entree", "1"),
     ("document", "absent.pdf"), ("engagement", "inconnu"), ("engagement", ""), ("en_trop", 1)],
)  # fmt: skip
def test_ouverture_fausse_is_refused(champ, valeur):
    ouvertures = decode_json(_open(DOSSIER)["ouvertures.json"])
    ouvertures[0][champ] = valeur
    assert _resign(ouvertures_json=encode_json(ouvertures)).startswith("Documents")


@pytest.mark.parametrize(
    "champs",
    [
        {"type": "autre"},
        {"version": 2},
        {"objets": []},
        {"objets": "dossier:44171"},
        {"objets": ["dossier:44171", "dossier:8"]},
        {"fichiers": []},
        {"collectivite": 4},
        {"en_trop": 1},
    ],
    ids=str,
)
def test_sommaire_that_lies_is_refused(champs):
    fichiers = _open(DOSSIER)
    fichiers["sommaire.json"] = _alter("sommaire.json", **champs)
    texte = build_texte_sommaire(fichiers["sommaire.json"])
    fichiers["sommaire.note"] = build_signataire().sign_note(texte)
    assert _faute(_close(fichiers))


def test_file_out_of_place_is_refused():
    fichiers = _open(DOSSIER) | {"installer.exe": b"MZ"}
    assert "installer.exe" in _faute(_close(fichiers, signataire=build_signataire()))


def test_dossier_signed_by_another_cle_is_refused():
    assert "Signature" in _faute(DOSSIER, [build_signataire(2).cle_publique])


def test_cle_in_pem_is_enough():
    [pem] = parse_cles(CLES[0].to_pem())
    assert verify_dossier_de_preuve(DOSSIER, [pem]).cle_verifiee
    [autre] = parse_cles(build_signataire(2).cle_publique.to_pem())
    assert "Signature" in _faute(DOSSIER, [autre])


def test_rotation_keeps_old_points_valid():
    journal, rangs = build_journal()
    journal.signataire = build_signataire(2)
    rangs.append(journal.record("dossier:44171", "dossier.archive"))
    journal.seal()
    octets = journal.build(journal.build_contenu(rangs, build_documents()))

    assert verify_dossier_de_preuve(octets, [build_signataire(2).cle_publique]).cle_verifiee
    assert "Signature" in _faute(octets, CLES)  # l’ancienne clé seule ne suffit plus
    assert verify_dossier_de_preuve(octets).integre


def test_bifurcation_keeps_the_common_past():
    journal, rangs = build_journal()
    journal.origine = f"{NOM}/2"
    rangs.append(journal.record("dossier:44171", "dossier.archive"))
    journal.seal()
    assert verify_dossier_de_preuve(journal.build(journal.build_contenu(rangs)), CLES).integre


def test_point_of_another_journal_is_refused():
    journal, rangs = build_journal()
    journal.origine = "autre/journal"
    journal.record("dossier:44171", "dossier.archive")
    journal.seal()
    assert "autre journal" in _faute(journal.build(journal.build_contenu(rangs)))


def test_history_rewritten_by_the_cle_holder_is_detected():
    """Même qui détient la clé ne peut pas réécrire le passé d’un point déjà remis."""
    journal, rangs = build_journal()
    contenu = journal.build_contenu(rangs, build_documents())
    fausse = encode_tete(collectivite=17, taille=4, racine=b"\0" * 32)
    journal.sommet[1] = fausse
    sommet = journal.build_sommet(2)
    note = PointDeControle(NOM, 2, sommet.racine).sign(journal.signataire)
    tete = dataclasses.replace(
        contenu.tetes[0], contenu=fausse, note=note, chemin=sommet.build_inclusion(1, 2)
    )
    faux = dataclasses.replace(contenu, tetes=[tete, *contenu.tetes[1:]])
    assert _faute(journal.build(faux)).startswith(("Entrées", "Cohérence"))


def test_document_without_entree_is_a_reserve():
    journal, rangs = build_journal()
    documents = [*build_documents(), DocumentProuve("lettre.txt", b"bonjour")]
    rapport = verify_dossier_de_preuve(journal.build(journal.build_contenu(rangs, documents)), CLES)
    assert rapport.integre
    assert "lettre.txt" in rapport.reserves[0].message


def test_horodatage_is_verified_then_refused_elsewhere(tmp_path):
    autorite = Autorite(tmp_path)
    journal, _ = build_journal()
    jeton = autorite.stamp(build_requete(journal.lots[0][2]).der)

    octets = build_dossier({0: jeton})
    rapport = verify_dossier_de_preuve(octets, CLES, autorites=load_autorites(autorite.pem))
    assert rapport.etapes[-1].etat is Etat.CONFORME
    assert "non vérifiée" in verify_dossier_de_preuve(octets, CLES).reserves[0].message
    assert _faute(build_dossier({1: jeton})).startswith("Horodatages")


def test_dossier_too_empty_or_with_two_same_noms_is_refused():
    journal, rangs = build_journal()
    for contenu in (
        journal.build_contenu([]),
        dataclasses.replace(journal.build_contenu(rangs), tetes=[]),
        journal.build_contenu(rangs, [DocumentProuve("a", b"1"), DocumentProuve("a", b"2")]),
    ):
        with pytest.raises(PreuveInvalide):
            journal.build(contenu)


@pytest.mark.parametrize(
    "octets", [b"", b"# rien\n", b"abc\n", PEM_VIDE, CLES[0].to_texte().encode() * 2]
)
def test_fichier_de_cles_mal_forme_is_refused(octets):
    with pytest.raises(PreuveInvalide):
        parse_cles(octets)


def test_commands_of_lisezmoi_work(tmp_path):
    """Les commandes du mode d’emploi, tapées telles quelles, disent ce qu’il annonce."""
    if not all(map(shutil.which, ("openssl", "sed", "awk", "base64", "tail"))):
        pytest.skip("une commande du mode d’emploi est absente")
    autorite = Autorite(tmp_path)
    journal, _ = build_journal()
    octets = build_dossier({0: autorite.stamp(build_requete(journal.lots[0][2]).der)})
    dossier = tmp_path / "dossier"
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        archive.extractall(dossier)
    (dossier / "autorite.pem").write_bytes(autorite.pem)
    texte = (dossier / "LISEZMOI.txt").read_text()
    ouverture = decode_json((dossier / "ouvertures.json").read_bytes())[0]
    commandes = re.findall(r"^  ((?:openssl|sed|awk|\(printf).+)$", texte, re.MULTILINE)
    assert len(commandes) == 9
    sorties = []
    for commande in commandes:
        exacte = commande.replace("NOM", f"'{ouverture['document']}'").replace(
            "SEL", ouverture["sel"]
        )
        fini = subprocess.run(
            exacte, shell=True, cwd=dossier, capture_output=True, text=True, check=False
        )
        assert fini.returncode == 0, (exacte, fini.stderr)
        sorties.append(fini.stdout)

    assert CLES[0].empreinte in sorties[0]
    assert CLES[0].empreinte in texte
    assert "Verified Successfully" in sorties[3]
    assert sorties[4].split()[-1] in (dossier / "texte").read_text()
    feuille = journal.build_arbre(4).read_noeud(0, 0)
    assert sorties[-2].split()[-1] == feuille.hex()
    assert sorties[-1].split()[-1] in (dossier / "entrees/0001.json").read_text()
