"""Autres catalogues : trois formats, ce qui est hostile refusé, fusion aperçue et annulable."""

import json

import pytest
import respx

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
from socle.metiers.catalogue.tasks import nuit
from tests.metiers.catalogue.conftest import MAINTENANT
from tests.normes.publiccode.test_lecture import BOMBE
from tests.taches import run_taches

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
        (read_adresses, b'["https://a.fr/\\u0000"]'),
        (read_adresses, b"\n".join(b"https://a.fr/%d" % i for i in range(201))),
    ],
)
def test_hostile_file_is_refused_whole(lire, octets):
    with pytest.raises(FichierRefuse) as refus:
        lire(octets)
    assert refus.value.message
    assert refus.value.message.isprintable()


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


def test_night_reads_every_catalogue_though_others_are_down_or_hostile(distant):
    distant.delete()
    adresses = {nom: f"https://{nom}.exemple.fr/c" for nom in ("panne", "piege", "liste", "csv")}
    for nom, format_ in zip(adresses, ("csv", "sill", "publiccode", "csv"), strict=True):
        CatalogueDistant.objects.create(slug=nom, nom=nom, url=adresses[nom], format=format_,
                                        frequence="quotidienne")  # fmt: skip
    avant = Solution.objects.count()
    with respx.mock() as reseau:
        reseau.get(adresses["panne"]).respond(503)
        reseau.get(adresses["piege"]).respond(text=json.dumps([
            {"id": "a\x00", "name": "Nul"}, {"id": 2, "name": "Demi \ud800"},
            {"id": 3, "name": "Sain"},
        ]))  # fmt: skip
        reseau.get(adresses["liste"]).respond(
            text="https://a.exemple.fr/p.yml\nhttps://b.exemple.fr/p.yml\n"
        )
        reseau.get("https://a.exemple.fr/p.yml").respond(500)
        reseau.get("https://b.exemple.fr/p.yml").respond(text="name: Bon\nurl: https://b.fr/x\n")
        reseau.get(adresses["csv"]).respond(text=CSV)

        nuit(timestamp=int(MAINTENANT.timestamp()))
        faites = run_taches("catalogue.relire")

    essais = {c.slug: c.imports.get() for c in CatalogueDistant.objects.order_by("id")}
    assert len(faites) == 4
    assert {nom: (e.etat, e.nouvelles, len(e.refus)) for nom, e in essais.items()} == {
        "panne": ("refuse", 0, 0), "piege": ("reussi", 1, 2), "liste": ("reussi", 1, 1),
        "csv": ("reussi", 1, 0),
    }  # fmt: skip
    assert essais["panne"].message == "Le catalogue distant ne répond pas en ce moment."
    assert essais["liste"].refus == [{
        "fiche": "https://a.exemple.fr/p.yml",
        "raison": "Le catalogue distant ne répond pas en ce moment.",
    }]  # fmt: skip
    lues = dict(FicheDistante.objects.values_list("nom", "donnees__depot"))
    assert lues == {
        "Sain": None,
        "Bon": "https://b.fr/x",
        "Publik": "https://exemple.fr/publik.git",
    }
    assert Solution.objects.count() == avant


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
