"""Autres catalogues : trois formats, ce qui est hostile refusé, fusion aperçue et annulable."""

import json

import pytest

from socle.fondations.commun.errors import ErreurConnecteur
from socle.metiers.catalogue.errors import EtapeImpossible, FichierRefuse
from socle.metiers.catalogue.models import CatalogueDistant, FicheDistante, Solution
from socle.metiers.catalogue.services import fusion, imports
from socle.metiers.catalogue.services.lecture import (
    read_adresses,
    read_csv,
    read_publiccodes,
    read_sill,
)
from tests.metiers.catalogue.conftest import MAINTENANT
from tests.normes.publiccode.test_lecture import BOMBE

CSV = "nom;phrase;depot;licence\nPublik;Une suite.;https://exemple.fr/publik.git;AGPL-3.0\n"


@pytest.fixture
def distant(catalogue) -> CatalogueDistant:
    return CatalogueDistant.objects.create(
        slug="voisin", nom="Voisin", url="https://exemple.fr/c.csv", format="csv"
    )


def run(distant, contenu: str):
    return imports.run_import(
        catalogue=distant, acteur="systeme", maintenant=MAINTENANT, octets=contenu.encode()
    )


# Lire ------------------------------------------------------------------
def test_csv_is_read_by_the_names_of_its_columns():
    lecture = read_csv(CSV.encode())

    assert [fiche.champs for fiche in lecture.fiches] == [
        {"nom": "Publik", "phrase": "Une suite.", "depot": "https://exemple.fr/publik.git",
         "licence": "AGPL-3.0"}
    ]  # fmt: skip


def test_sill_like_json_is_read():
    octets = json.dumps([
        {"id": 7, "name": "GIMP", "description": "Des images.", "license": "GPL-3.0-or-later",
         "latestVersion": {"semVer": "3.0"}, "officialWebsiteUrl": "https://gimp.org"}
    ]).encode()  # fmt: skip

    [fiche] = read_sill(octets).fiches

    assert (fiche.cle, fiche.champs["version"], fiche.champs["site"]) == (
        "7", "3.0", "https://gimp.org",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ligne", "raison"),
    [
        ("=HYPERLINK(1);x;;", "Une formule de tableur dans « nom »."),
        ("Nom;@SOMME(A1);;", "Une formule de tableur dans « phrase »."),
        ("Nom;<script>alert(1)</script>;;", "Du HTML dans « phrase »."),
        ("Nom;a\x07b;;", "Un signe de contrôle dans « phrase »."),
        ("Nom;x;javascript:alert(1);", "L’adresse « depot » est mal formée."),
        (";x;;", "Elle n’a pas de nom."),
    ],
)
def test_hostile_line_is_refused_alone_with_its_reason(ligne, raison):
    lecture = read_csv(f"{CSV}{ligne}\n".encode())

    assert [fiche.champs["nom"] for fiche in lecture.fiches] == ["Publik"]
    assert [refus["raison"] for refus in lecture.refus] == [raison]


@pytest.mark.parametrize(
    ("lire", "octets"),
    [
        (read_csv, b"a;b\n1;2\n"),
        (read_csv, b"\xff\xfe\x00"),
        (read_csv, b"x" * (4 * 1024 * 1024 + 1)),
        (read_csv, b'nom\n"coup'),
        (read_sill, b"{"),
        (read_sill, b"[" * 100_000),
        (read_sill, b"[1, 2]"),
        (read_sill, b'"texte"'),
        (read_adresses, b"pas une adresse"),
        (read_adresses, b"file:///etc/passwd"),
        (read_adresses, b"\n".join(b"https://a.fr/%d" % i for i in range(201))),
    ],
)
def test_hostile_file_is_refused_whole(lire, octets):
    with pytest.raises(FichierRefuse) as refus:
        lire(octets)
    assert refus.value.message


def test_yaml_bomb_among_publiccodes_is_refused_alone():
    lecture = read_publiccodes([
        ("https://a.fr/p.yml", BOMBE.encode()), ("https://b.fr/p.yml", b"name: Bon\n"),
    ])  # fmt: skip

    assert [fiche.champs["nom"] for fiche in lecture.fiches] == ["Bon"]
    assert "démesuré" in lecture.refus[0]["raison"]


# Importer ------------------------------------------------------------------
def test_nothing_enters_the_catalogue_without_a_person(distant):
    avant = Solution.objects.count()

    essai = run(distant, CSV)
    encore = run(distant, CSV)
    change = run(distant, CSV.replace("Une suite.", "Deux suites."))

    assert (essai.etat, essai.nouvelles) == ("reussi", 1)
    assert (encore.nouvelles, encore.changees, change.changees) == (0, 0, 1)
    assert Solution.objects.count() == avant
    assert FicheDistante.objects.get().etat == "a_examiner"


def test_refused_import_says_why_and_keeps_nothing(distant):
    essai = run(distant, "colonne\nrien\n")

    assert (essai.etat, essai.message) == (
        "refuse",
        "La colonne « nom » manque à l’en-tête. Corrigez-le, puis recommencez.",
    )
    assert not FicheDistante.objects.exists()


def test_address_of_the_internal_network_is_refused(distant):
    distant.url = "http://127.0.0.1:5432/"
    essai = imports.run_import(catalogue=distant, acteur="systeme", maintenant=MAINTENANT)

    assert (essai.etat, essai.message) == ("refuse", "Cette adresse mène au réseau interne.")


def test_schedule_asks_only_for_what_is_due(distant):
    assert imports.list_a_relire(MAINTENANT) == []
    distant.frequence = "quotidienne"
    distant.save()
    assert imports.list_a_relire(MAINTENANT) == [distant]
    run(distant, CSV)
    assert imports.list_a_relire(MAINTENANT) == []


# Fusionner ------------------------------------------------------------------
@pytest.fixture
def fiche(distant):
    run(distant, CSV)
    return FicheDistante.objects.get()


def test_duplicates_are_found_with_their_reason(fiche, publik):
    assert [(d.solution, d.raison) for d in fusion.find_doublons(fiche)] == [(publik, "même nom")]
    publik.depot = "http://www.exemple.fr/publik/"
    publik.save()
    assert fusion.find_doublons(fiche)[0].raison == "même dépôt de code"


def test_merge_is_previewed_chosen_and_undone(fiche, publik, equipe):
    ecarts = {ecart.champ: (ecart.notre, ecart.leur) for ecart in fusion.list_ecarts(fiche, publik)}
    assert ecarts["licence"] == ("GPL-2.0-or-later", "AGPL-3.0")

    faite = fusion.merge_fiche(fiche=fiche, solution=publik, champs=["licence"], agent=equipe,
                               maintenant=MAINTENANT)  # fmt: skip
    publik.refresh_from_db()
    assert publik.licence == "AGPL-3.0"
    assert publik.phrase.startswith("Une suite libre")

    fusion.undo_fusion(fusion=faite, agent=equipe, maintenant=MAINTENANT)
    publik.refresh_from_db()
    fiche.refresh_from_db()
    assert (publik.licence, fiche.etat) == ("GPL-2.0-or-later", "a_examiner")
    with pytest.raises(EtapeImpossible):
        fusion.undo_fusion(fusion=faite, agent=equipe, maintenant=MAINTENANT)


def test_undo_leaves_what_a_person_wrote_since(fiche, publik, equipe):
    faite = fusion.merge_fiche(fiche=fiche, solution=publik, champs=["licence"], agent=equipe,
                               maintenant=MAINTENANT)  # fmt: skip
    Solution.objects.filter(pk=publik.pk).update(licence="MIT")

    fusion.undo_fusion(fusion=faite, agent=equipe, maintenant=MAINTENANT)

    publik.refresh_from_db()
    assert publik.licence == "MIT"


def test_only_known_fields_are_merged(fiche, publik, equipe):
    with pytest.raises(EtapeImpossible):
        fusion.merge_fiche(fiche=fiche, solution=publik, champs=["etat"], agent=equipe,
                           maintenant=MAINTENANT)  # fmt: skip


def test_new_sheet_is_a_draft_with_its_source(distant, equipe):
    run(distant, CSV.replace("Publik", "Nouveau"))
    solution = fusion.adopt_fiche(
        fiche=FicheDistante.objects.select_related("catalogue").get(), agent=equipe,
        maintenant=MAINTENANT,
    )  # fmt: skip

    assert (solution.etat, solution.sources[0]["texte"]) == ("brouillon", "Voisin")


def test_lecteur_of_the_network_refuses_what_is_internal():
    from socle.connecteurs.catalogues.connecteur import LecteurHttp

    for adresse in ("http://10.0.0.1/x", "file:///etc/passwd", "https://ada:x@exemple.fr/"):
        with pytest.raises(ErreurConnecteur):
            LecteurHttp().fetch(adresse)
