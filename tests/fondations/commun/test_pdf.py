"""Les PDF : deux normes à la fois, données imprimées et jamais exécutées, mêmes octets."""

import io
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from socle.fondations.commun import lettre, pdf
from socle.fondations.commun.pdf import DocumentTropLong, PieceJointe, compile_pdf
from tests.mesure import check_cpu
from tests.pdf import find_fautes

MAINTENANT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
CLAMART = SimpleNamespace(
    nom="Ville de Clamart",
    couleur="#a8401f",
    adresse="1 place Maurice-Gunsbourg\n92140 Clamart",
    telephone="01 46 62 35 35",
    courriel="mairie@clamart.example",
    site="clamart.example",
)
ENFANCE = SimpleNamespace(
    nom="Direction de l’enfance",
    courriel="enfance@clamart.example",
    telephone="01 46 62 35 40",
    adresse="1 place Maurice-Gunsbourg",
    horaires="Du lundi au vendredi, 8 h 30 – 17 h",
)


def build_donnees(*corps: lettre.Bloc, **autres):
    return lettre.describe_lettre(
        collectivite=CLAMART,
        service=ENFANCE,
        destinataire=["Yanis Orbellec", "12 rue du Trosy", "92140 Clamart"],
        objet="Accusé de réception de votre demande",
        corps=corps or [lettre.paragraphe("Bonjour.")],
        jour=date(2026, 11, 21),
        reference="219200235-2026-44171",
        lieu="Clamart",
        **autres,
    )


def compile_lettre(*corps: lettre.Bloc, pieces=(), images=None, **autres) -> bytes:
    return compile_pdf(
        "commun/lettre.typ",
        build_donnees(*corps, **autres),
        titre="Accusé de réception",
        maintenant=MAINTENANT,
        pieces=pieces,
        images=images,
        auteur="Ville de Clamart",
    )


def read_textes(contenu: bytes) -> str:
    """Texte du PDF dans l’ordre de lecture des balises, sans les blancs."""
    import subprocess

    sortie = subprocess.run(
        ["pdftotext", "-", "-"], input=contenu, capture_output=True, check=True
    ).stdout.decode()
    return "".join(sortie.split())


def build_lettre_complete() -> bytes:
    image = io.BytesIO()
    Image.new("RGBA", (60, 30), (168, 64, 31, 128)).save(image, "PNG")
    return compile_lettre(
        *lettre.parse_texte("Madame,\n\nPièces reçues :\n- une\n- deux\n\n1. d’abord\n2. puis"),
        lettre.titre("Vos réponses"),
        lettre.champs([("Nom de l’enfant", "Léo Orbellec")]),
        lettre.titre("Calcul", 2),
        lettre.tableau(["Tranche", "Prix"], [["A", "1,20 €"]], legende="Tarif", nombres=[1]),
        lettre.encadre([lettre.paragraphe("Le 21 janvier 2027.")], titre="Délai"),
        lettre.paragraphe(["Voir ", {"texte": "votre espace", "lien": "https://a.example/"}]),
        signature=lettre.Signataire(nom="Ada Fournel", qualite="Directrice", mention="Sceau"),
        mentions=[lettre.paragraphe("Voies de recours.")],
        images=lettre.build_images(image.getvalue()),
        pieces=[
            PieceJointe(
                nom="data.json",
                contenu='{"prénom": "Léo"}'.encode(),
                type_mime="application/json",
                description="Données de la demande",
            )
        ],
    )


def test_lettre_declares_both_standards_and_is_tagged():
    with pikepdf.open(io.BytesIO(build_lettre_complete())) as document:
        xmp = document.open_metadata()

        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == (
            "3", "A", "1",
        )  # fmt: skip
        assert xmp["dc:title"] == "Accusé de réception"
        assert bool(document.Root.MarkInfo.Marked)
        assert str(document.Root.Lang) == "fr-FR"
        assert bool(document.Root.ViewerPreferences.DisplayDocTitle)


@pytest.mark.timeout(60)
def test_lettre_passes_accessibility_checkers(tmp_path):
    assert find_fautes(build_lettre_complete(), tmp_path) == []


def test_pieces_are_attached_with_their_relation():
    with pikepdf.open(io.BytesIO(build_lettre_complete())) as document:
        piece = document.attachments["data.json"]

        assert piece.get_file().read_bytes() == '{"prénom": "Léo"}'.encode()
        assert piece.description == "Données de la demande"
        assert str(piece.obj.AFRelationship) == "/Data"


def test_same_arguments_give_same_bytes():
    assert build_lettre_complete() == build_lettre_complete()


@pytest.mark.parametrize(
    "hostile",
    ['#read("/etc/passwd")', "*gras* _x_ $y$ `z` @ref <l>", "\\u{41} #let a = 1", "#panic()"],
)
def test_donnees_are_printed_never_executed(hostile):
    contenu = compile_lettre(lettre.paragraphe(hostile), lettre.liste([hostile]))

    assert read_textes(contenu).count("".join(hostile.split())) == 2


def test_gabarit_cannot_read_outside_its_folder(tmp_path, monkeypatch):
    (tmp_path / "typst").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "typst" / "curieux.typ").write_text(
        '#set document(title: "x")\n#read("../secret.txt")'
    )
    monkeypatch.setattr(pdf, "find_gabarit", lambda nom: (
        tmp_path / "typst", tmp_path / "typst" / "curieux.typ"
    ))  # fmt: skip

    with pytest.raises(RuntimeError, match=r"escape|outside|root"):
        compile_pdf("commun/curieux.typ", {}, titre="x", maintenant=MAINTENANT)


@pytest.mark.parametrize("nom", ["../etc/passwd", "commun/../../x.typ", "commun/x.html", "x"])
def test_gabarit_name_is_bounded(nom):
    with pytest.raises(ValueError, match="Nom de gabarit"):
        compile_pdf(nom, {}, titre="x", maintenant=MAINTENANT)


def test_undrawable_characters_become_a_box():
    texte = read_textes(compile_lettre(lettre.paragraphe("Léo 😀 中 \x07 fin")))

    assert "Léo□□□fin" in texte


@pytest.mark.parametrize(
    ("ecrit", "imprime"),
    [
        ("un ❤️ ici", "un❤ici"),
        ("touche 1️⃣ ici", "touche1ici"),
        ("foule 👨‍👩‍👧‍👦 ici", "foule□ici"),
        ("pouce 👍🏽 ici", "pouce□ici"),
        ("pays 🇫🇷 ici", "paysFRici"),
        ("île 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ici", "île□ici"),
    ],
)
def test_composed_emoji_leaves_one_sign(ecrit, imprime):
    assert imprime in read_textes(compile_lettre(lettre.paragraphe(ecrit)))


def test_combining_sign_without_common_font_does_not_break_the_letter():
    contenu = compile_lettre(lettre.paragraphe("Ż\u0301 a\u20dd \u0627\u0301 w\u1abe fin"))

    assert "fin" in read_textes(contenu)


def test_too_long_document_is_refused():
    with pytest.raises(DocumentTropLong):
        compile_lettre(lettre.paragraphe("x" * (pdf.TAILLE_MAX_DONNEES + 1)))


def test_lettre_costs_little_processor_time():
    compile_lettre()

    def write() -> None:
        for rang in range(20):
            compile_lettre(lettre.paragraphe(f"Lettre {rang}"))

    check_cpu(write, 20 * 0.025)


def test_coverage_file_matches_what_typst_draws():
    """Un caractère par intervalle : une nouvelle version de typst qui en perd un le dirait."""
    lignes = (pdf.DOSSIER / "polices" / "couverture.txt").read_text().split()
    echantillon = [chr(int(ligne.partition("-")[0], 16)) for ligne in lignes]

    contenu = compile_lettre(lettre.liste(echantillon))

    assert "□" not in read_textes(contenu).replace("□", "", 1)


@pytest.mark.lent
@pytest.mark.timeout(240)
@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_makes_a_letter(texte):
    assert compile_lettre(*lettre.parse_texte(texte), lettre.paragraphe(texte)).startswith(b"%PDF")
