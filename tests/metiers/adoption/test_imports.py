"""Un fichier est lu au fil de l’eau, borné, montré, puis appliqué d’un bloc."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.fondations.commun.locataire import operateur
from socle.fondations.journal.models import Entree
from socle.metiers.adoption.enums import EtatImport, Usage
from socle.metiers.adoption.errors import ImportPasARelire, ImportRefuse, MotifManquant
from socle.metiers.adoption.models import Brique, Couverture, Fait, LigneDImport
from socle.metiers.adoption.queries.imports import read_apercu
from socle.metiers.adoption.services import imports
from tests.metiers.adoption.fabrique import MAINTENANT, create_fait

ENTETE = "siren;solution;date;etat\n"


@pytest.fixture
def tchap(db):
    return Brique.objects.create(solution="tchap")


def prepare(texte, *, encodage="utf-8", morceaux=None):
    octets = texte if isinstance(texte, bytes) else texte.encode(encodage)
    taille = morceaux or max(len(octets), 1)
    return imports.prepare_import(
        morceaux=(octets[i : i + taille] for i in range(0, len(octets), taille)),
        nom="faits.csv",
        origine="Relevé d’essai",
        acteur="agent:1",
        maintenant=MAINTENANT,
    )


def apply(lot):
    return imports.apply_import(lot_id=lot.pk, acteur="agent:1", maintenant=MAINTENANT)


def count_utilisent():
    return sum(c.utilisent for c in Couverture.objects.filter(solution="tchap").order_by("pk"))


def test_import_changes_nothing_before_it_is_applied(tchap):
    lot = prepare(ENTETE + "219200235;tchap;2020-04-01;utilise\n219200029;tchap;02/05/2021;\n")

    assert (lot.etat, lot.lignes, lot.retenues, lot.erreurs) == (EtatImport.A_RELIRE, 2, 2, 0)
    assert Fait.objects.count() == 0
    [apercu], exemples = read_apercu(lot)
    assert (apercu.nouvelles, apercu.identiques, apercu.remplacees, apercu.arrivent) == (2, 0, 0, 2)
    assert [(e.nom, e.date_fait) for e in exemples] == [
        ("Clamart", date(2020, 4, 1)), ("Antony", date(2021, 5, 2)),
    ]  # fmt: skip

    applique = apply(lot)

    assert (applique.ajoutes, count_utilisent()) == (2, 2)
    assert LigneDImport.objects.count() == 0
    with operateur():
        [entree] = Entree.objects.filter(action="adoption.importee").order_by("pk")
    assert entree.donnees["ajoutes"] == 2


def test_import_replayed_adds_nothing(tchap):
    texte = ENTETE + "219200235;tchap;2020-04-01;utilise\n"
    apply(prepare(texte))

    second = prepare(texte)
    [apercu], _ = read_apercu(second)

    assert apercu.identiques == 1
    assert apply(second).ajoutes == 0
    assert Fait.objects.count() == 1


def test_import_replaces_a_fact_that_said_otherwise_and_its_undo_brings_it_back(tchap):
    apply(prepare(ENTETE + "219200235;tchap;2020-04-01;utilise\n"))
    second = prepare(ENTETE + "219200235;tchap;2020-04-01;arrete\n")
    [apercu], _ = read_apercu(second)
    assert apercu.remplacees == 1
    apply(second)
    assert count_utilisent() == 0
    with pytest.raises(MotifManquant):
        imports.undo_import(lot_id=second.pk, motif="", acteur="agent:1", maintenant=MAINTENANT)

    imports.undo_import(
        lot_id=second.pk, motif="Mauvais fichier.", acteur="agent:1", maintenant=MAINTENANT
    )

    assert count_utilisent() == 1
    with pytest.raises(ImportPasARelire):
        apply(second)


def test_import_abandoned_leaves_nothing(tchap):
    lot = prepare(ENTETE + "219200235;tchap;2020-04-01;utilise\n")

    imports.drop_import(lot_id=lot.pk, acteur="agent:1", maintenant=MAINTENANT)

    assert LigneDImport.objects.count() == 0
    with pytest.raises(ImportPasARelire):
        apply(lot)


@pytest.mark.parametrize(
    ("ligne", "erreur"),
    [
        ("999999999;tchap;2020-04-01;utilise", "collectivité inconnue"),
        ("219200235;autre;2020-04-01;utilise", "solution inconnue"),
        ("219200235;tchap;2020-02-30;utilise", "date illisible"),
        ("219200235;tchap;hier;utilise", "date illisible"),
        ("219200235;tchap;2027-01-01;utilise", "date hors limites"),
        ("219200235;tchap;1999-01-01;utilise", "date hors limites"),
        ("219200235;tchap;2020-04-01;parfois", "état inconnu"),
        ("219200235;tchap;2021-01-01;utilise", "déjà dite à la ligne 2"),
        ("=cmd|'/c calc'!A1;tchap;2020-04-01;utilise", "collectivité inconnue : « =cmd"),
        ("219200235;<script>alert(1)</script>;2020-04-01;", "solution inconnue : « <script>"),
    ],
)
def test_wrong_line_is_refused_and_told_with_its_number(tchap, ligne, erreur):
    lot = prepare(f"{ENTETE}219200235;tchap;2021-01-01;utilise\n{ligne}\n")

    assert (lot.retenues, lot.erreurs) == (1, 1)
    [refus] = lot.rapport
    assert refus["ligne"] == 3
    assert refus["erreur"].startswith(erreur)


@pytest.mark.parametrize(
    ("texte", "message"),
    [
        ("", "colonnes"),
        ("nom;ville\nA;B\n", "il manque : collectivite, solution, date"),
        (ENTETE, "Aucune ligne"),
        (ENTETE + "x;y;z;\n", "Aucune ligne"),
        (b"\x00\x01\x02" * 50, "pas un CSV"),
        (b"PK\x03\x04" + b"\x00" * 200, "pas un CSV"),
        ("a" * 9_000, "pas de fin"),
    ],
)
def test_unreadable_file_is_refused_whole(tchap, texte, message):
    with pytest.raises(ImportRefuse, match=message):
        prepare(texte)

    assert LigneDImport.objects.count() == 0


def test_file_too_big_is_refused_before_it_is_read_whole(tchap):
    lus = []

    def pour():
        yield ENTETE.encode()
        while True:
            lus.append(1)
            yield b"219200235;tchap;2020-04-01;utilise\n" * 3_000

    with pytest.raises(ImportRefuse):
        imports.prepare_import(
            morceaux=pour(), nom="gros.csv", origine="x", acteur="agent:1", maintenant=MAINTENANT
        )

    assert len(lus) * 105_000 < 2 * imports.OCTETS_MAX


@pytest.mark.parametrize("separateur", [";", ",", "\t"])
@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("fin", ["\n", "\r\n"])
def test_every_spreadsheet_is_read(tchap, separateur, encodage, fin):
    lignes = ["Code Insee", "Solution", "Date", "Etat"], ["92023", "tchap", "2020-04-01", "prévoit"]
    texte = fin.join(separateur.join(ligne) for ligne in lignes) + fin

    lot = prepare(texte, encodage=encodage, morceaux=7)

    assert lot.retenues == 1
    assert LigneDImport.objects.get().usage == Usage.PREVOIT


def test_former_code_of_a_commune_finds_the_present_one(tchap):
    lot = prepare("code_insee;solution;date\n49245;tchap;2020-04-01\n92023;tchap;2020-04-01\n")

    cles = set(LigneDImport.objects.filter(lot=lot).values_list("autorite", flat=True))
    assert "commune-92023" in cles


@given(taille=st.integers(1, 40), reste=st.binary(max_size=300))
def test_lines_never_depend_on_how_the_file_is_cut(taille, reste):
    texte = b"a;b\r\n\xc3\xa9t\xc3\xa9;2\n3;4\n" + reste

    def read(taille):
        try:
            pieces = (texte[i : i + taille] for i in range(0, len(texte), taille))
            return list(imports._iter_lignes(pieces))
        except ImportRefuse as refus:
            return refus.message

    assert read(taille) == read(len(texte))


def test_import_never_touches_a_declaration(tchap):
    from socle.metiers.adoption.enums import Source

    create_fait(source=Source.DECLAREE, usage=Usage.ARRETE, jour=date(2020, 4, 1))

    apply(prepare(ENTETE + "219200235;tchap;2020-04-01;utilise\n"))

    assert Fait.objects.filter(source=Source.DECLAREE, annule_le=None).count() == 1
    assert count_utilisent() == 0  # le même jour, la déclaration est plus sûre que la liste
