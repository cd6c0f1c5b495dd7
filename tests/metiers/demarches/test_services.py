from copy import deepcopy

import pytest
from django.db import IntegrityError, transaction

from socle.fondations.formulaires.edition.gestes import add_page, delete_champ
from socle.fondations.journal.models import Entree
from socle.metiers.demarches import services
from socle.metiers.demarches.enums import EtatDemarche, EtatVersion, Silence
from socle.metiers.demarches.errors import (
    BrouillonInvalide,
    CheminDejaPris,
    FicheIncomplete,
    FicheModifieeAilleurs,
    PublicationImpossible,
    VersionModifieeAilleurs,
)
from socle.metiers.demarches.models import Demarche, Modification, Version
from socle.metiers.demarches.queries import get_brouillon, get_chantier, get_version_publiee
from socle.metiers.demarches.services.brouillon import MODIFICATIONS_GARDEES
from tests.factories import RegleFactory, ServiceFactory
from tests.metiers.conftest import DEFINITION, MAINTENANT
from tests.metiers.demarches.conftest import build_definition


@pytest.fixture
def agir(administrateur):
    """Arguments communs des services : qui, quand."""
    return {"agent": administrateur, "maintenant": MAINTENANT}


def change(demarche, agir, titre="Ensuite", revision=None):
    """Ajoute une page au brouillon."""
    chantier = get_chantier(demarche)
    return services.update_brouillon(
        demarche=demarche,
        definition=add_page(chantier.definition, titre)[0],
        revision=chantier.revision if revision is None else revision,
        libelle=f"Page « {titre} » ajoutée",
        **agir,
    )


def list_actions(demarche) -> list[str]:
    entrees = Entree.objects.filter(objet=f"demarche:{demarche.pk}").order_by("pk")
    return list(entrees.values_list("action", flat=True))


def test_create_gives_a_free_chemin_and_a_first_version(collectivite, agir):
    premiere = services.create_demarche(collectivite=collectivite, titre="État civil", **agir)
    seconde = services.create_demarche(collectivite=collectivite, titre="État civil", **agir)

    assert (premiere.chemin, seconde.chemin) == ("etat-civil", "etat-civil-2")
    assert get_brouillon(premiere).numero == 1
    assert list_actions(premiere) == ["demarche.creee"]


def test_create_refuses_a_taken_chemin(collectivite, brouillon, agir):
    with pytest.raises(CheminDejaPris):
        services.create_demarche(
            collectivite=collectivite, titre="Autre", chemin=brouillon.chemin, **agir
        )


def test_update_brouillon_counts_revisions_and_keeps_the_former(brouillon, agir):
    version = change(brouillon, agir)

    assert version.revision == 1
    assert Modification.objects.get(version=version).avant == DEFINITION


def test_update_brouillon_never_overwrites_silently(brouillon, agir):
    change(brouillon, agir)

    with pytest.raises(VersionModifieeAilleurs):
        change(brouillon, agir, titre="Autre onglet", revision=0)

    assert len(get_brouillon(brouillon).definition["pages"]) == 3


@pytest.mark.parametrize(
    "definition",
    [build_definition(1001), {"pages": [{"id": "Non"}]}, {"inconnu": 1}],
    ids=["trop de champs", "identifiant faux", "clé inconnue"],
)
def test_update_brouillon_refuses_what_is_no_formulaire(brouillon, agir, definition):
    with pytest.raises(BrouillonInvalide) as refus:
        services.update_brouillon(
            demarche=brouillon, definition=definition, revision=0, libelle="Faux", **agir
        )

    assert refus.value.suite
    assert get_brouillon(brouillon).revision == 0


def test_undo_restores_exactly_step_by_step(brouillon, agir):
    change(brouillon, agir, "Un")
    change(brouillon, agir, "Deux")

    assert services.undo_modification(demarche=brouillon, **agir) == "Page « Deux » ajoutée"
    assert services.undo_modification(demarche=brouillon, **agir) == "Page « Un » ajoutée"
    assert get_brouillon(brouillon).definition == DEFINITION
    assert services.undo_modification(demarche=brouillon, **agir) is None


def test_undo_refuses_a_change_that_is_no_longer_the_last(brouillon, agir):
    change(brouillon, agir, "Un")
    vue = Modification.objects.get().pk
    change(brouillon, agir, "Deux")

    with pytest.raises(VersionModifieeAilleurs):
        services.undo_modification(demarche=brouillon, cle=vue, **agir)


def test_undo_does_not_open_a_brouillon(demarche, agir):
    assert services.undo_modification(demarche=demarche, **agir) is None
    assert get_brouillon(demarche) is None


def test_modifications_are_bounded(brouillon, agir):
    for n in range(MODIFICATIONS_GARDEES + 5):
        services.update_brouillon(
            demarche=brouillon,
            definition=build_definition(n % 3),
            revision=n,
            libelle=f"Changement {n}",
            **agir,
        )

    gardees = Modification.objects.order_by("pk")
    assert gardees.count() == MODIFICATIONS_GARDEES
    assert gardees.first().libelle == "Changement 5"


def test_publication_lists_everything_that_is_missing(brouillon, agir):
    brouillon.silence, brouillon.silence_mois = Silence.REJET, 4
    brouillon.save()

    defauts = services.check_publication(brouillon, get_brouillon(brouillon))

    assert [d.cible for d in defauts if d.ou == "fiche"] == [
        "service", "regle", "resume", "cadre_juridique", "silence_exception", "silence_source",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("coordonnees", "manque"),
    [
        ({"telephone": ""}, "ajoutez un numéro de téléphone, que"),
        ({"courriel": "", "adresse": ""}, "ajoutez une adresse électronique ou postale, que"),
        ({"telephone": " ", "courriel": "", "adresse": ""}, "un numéro de téléphone et une"),
        ({"courriel": ""}, ""),
        ({"adresse": ""}, ""),
    ],
)
def test_publication_needs_a_reachable_service(demarche, editeur, coordonnees, manque):
    """CRPA, art. R. 112-11-1, 2° : courriel ou adresse postale, et téléphone."""
    demarche.service = ServiceFactory(collectivite=demarche.collectivite, nom="Muet", **coordonnees)
    demarche.save()

    defauts = services.check_publication(demarche, get_version_publiee(demarche))
    page = editeur.get(f"/c/clamart/agent/demarches/{demarche.pk}/publication/").text

    assert [d.ou for d in defauts] == (["service"] if manque else [])
    assert all(manque in str(d) for d in defauts)
    lien = f'href="/c/clamart/agent/reglages/services/{demarche.service.pk}/"'
    assert (lien in page) is bool(manque)


def test_fiche_of_an_open_procedure_refuses_a_service_without_phone(demarche, agir):
    muet = ServiceFactory(collectivite=demarche.collectivite, telephone="")

    with pytest.raises(FicheIncomplete) as refus:
        services.update_demarche(demarche=demarche, service=muet, **agir)

    assert [d.ou for d in refus.value.defauts] == ["service"]


@pytest.mark.parametrize(
    ("genre", "ecrite", "attendue"),
    [
        ("commune", "", "Pour le maire, par délégation"),
        ("commune", "La maire", "Pour la maire, par délégation"),
        ("epci", "", "Pour le président, par délégation"),
        ("epci", "Le maire", "Pour le président, par délégation"),
        ("epci", "La présidente", "Pour la présidente, par délégation"),
        ("departement", "", "Pour le président du conseil départemental, par délégation"),
        ("region", "", "Pour le président du conseil régional, par délégation"),
        ("syndicat", "Le maire", "Pour le président, par délégation"),
        ("etablissement", "", "Pour le président, par délégation"),
    ],
)
def test_decision_is_signed_for_the_right_authority(collectivite, agir, genre, ecrite, attendue):
    collectivite.genre = genre
    collectivite.save()

    demarche = services.create_demarche(
        collectivite=collectivite, titre="Badge", autorite=ecrite, **agir
    )

    assert demarche.describe_delegation(genre) == attendue
    demarche.autorite = ecrite  # une fiche d’avant, ou vidée depuis
    assert demarche.describe_delegation(genre) == attendue


def test_publication_refuses_a_wrong_formulaire_and_says_where(demarche, agir):
    chantier = get_chantier(demarche)
    definition = deepcopy(chantier.definition)
    definition["pages"][0]["champs"][1]["condition"] = ["=", ["champ", "absent"], "oui"]
    services.update_brouillon(
        demarche=demarche, definition=definition, revision=0, libelle="Faute", **agir
    )

    with pytest.raises(PublicationImpossible) as refus:
        services.publish_version(demarche=demarche, **agir)

    assert [(d.ou, d.cible) for d in refus.value.defauts] == [("formulaire", "nom")]
    assert get_version_publiee(demarche).numero == 1


def test_base_refuses_to_publish_without_service_and_regle(brouillon):
    refus = pytest.raises(IntegrityError, match="demarche_publiee_a_service_et_regle")
    with refus, transaction.atomic():
        Demarche.objects.filter(pk=brouillon.pk).update(
            etat=EtatDemarche.PUBLIEE, publiee_le=MAINTENANT
        )


@pytest.mark.parametrize(
    "geste",
    [
        lambda v: Version.objects.filter(pk=v.pk).update(definition={}),
        lambda v: Version.objects.filter(pk=v.pk).update(etat=EtatVersion.BROUILLON),
        lambda v: Version.objects.filter(pk=v.pk).update(numero=9),
        lambda v: v.delete(),
    ],
    ids=["définition", "état", "numéro", "suppression"],
)
def test_base_freezes_a_published_version(demarche, geste):
    with pytest.raises(IntegrityError, match="ne change plus"), transaction.atomic():
        geste(get_version_publiee(demarche))


def test_publish_again_makes_a_new_version(demarche, agir):
    services.update_brouillon(
        demarche=demarche,
        definition=delete_champ(DEFINITION, "courriel"),
        revision=0,
        libelle="Retrait",
        **agir,
    )

    version = services.publish_version(demarche=demarche, **agir)

    assert version.numero == 2
    assert get_brouillon(demarche) is None
    assert list_actions(demarche)[-2:] == ["demarche.brouillon_ouvert", "demarche.publiee"]


def test_close_then_publish_reopens_the_same_version(demarche, agir):
    services.close_demarche(demarche=demarche, **agir)
    demarche.refresh_from_db()
    assert (demarche.etat, demarche.close_le) == (EtatDemarche.CLOSE, MAINTENANT)

    version = services.publish_version(demarche=demarche, **agir)

    demarche.refresh_from_db()
    assert (demarche.etat, demarche.close_le) == (EtatDemarche.PUBLIEE, None)
    assert version.numero == 1
    assert list_actions(demarche)[-2:] == ["demarche.close", "demarche.rouverte"]


def test_close_twice_and_publish_twice_do_nothing_more(demarche, agir):
    services.publish_version(demarche=demarche, **agir)
    services.close_demarche(demarche=demarche, **agir)
    services.close_demarche(demarche=demarche, **agir)

    assert list_actions(demarche) == ["demarche.creee", "demarche.publiee", "demarche.close"]


def test_discard_forgets_the_brouillon_of_a_published_demarche(demarche, agir):
    change(demarche, agir)

    assert services.discard_brouillon(demarche=demarche, **agir) is True
    assert get_brouillon(demarche) is None
    assert get_chantier(demarche).definition == DEFINITION
    assert services.discard_brouillon(demarche=demarche, **agir) is False


def test_discard_keeps_the_only_formulaire(brouillon, agir):
    assert services.discard_brouillon(demarche=brouillon, **agir) is False
    assert get_brouillon(brouillon) is not None


def test_update_demarche_changes_the_fiche_and_the_recherche(demarche, agir):
    services.update_demarche(demarche=demarche, titre="Repas de midi", **agir)

    demarche.refresh_from_db()
    assert demarche.titre == "Repas de midi"
    assert "rep" in str(Demarche.objects.values_list("recherche", flat=True).get(pk=demarche.pk))


def test_update_demarche_sees_a_change_made_elsewhere(demarche, agir):
    vue = services.compute_empreinte(demarche, "titre")
    services.update_demarche(demarche=demarche, titre="Premier", empreinte=vue, **agir)

    with pytest.raises(FicheModifieeAilleurs):
        services.update_demarche(demarche=demarche, titre="Second", empreinte=vue, **agir)

    demarche.refresh_from_db()
    assert demarche.titre == "Premier"


@pytest.mark.parametrize(("champ", "valeur"), [("service", None), ("regle", None), ("resume", "")])
def test_update_demarche_keeps_an_online_fiche_complete(demarche, agir, champ, valeur):
    with pytest.raises(FicheIncomplete) as refus:
        services.update_demarche(demarche=demarche, **{champ: valeur}, **agir)

    assert [d.cible for d in refus.value.defauts] == [champ]


def test_update_demarche_refuses_a_taken_chemin(brouillon, demarche, agir):
    with pytest.raises(CheminDejaPris):
        services.update_demarche(demarche=brouillon, chemin=demarche.chemin, **agir)


def test_first_gesture_opens_a_brouillon_from_the_published_version(demarche, agir):
    avant = get_chantier(demarche)
    definition = delete_champ(avant.definition, "courriel")

    assert avant.pk is None
    version = services.update_brouillon(
        demarche=demarche, definition=definition, revision=0, libelle="Retrait", **agir
    )

    assert (version.numero, version.etat) == (2, EtatVersion.BROUILLON)
    assert get_version_publiee(demarche).definition == DEFINITION


def test_brouillon_is_publishable_once_complete(brouillon, agir, collectivite):
    services.update_demarche(
        demarche=brouillon,
        resume="Emprunter des livres.",
        cadre_juridique="Délibération du 4 mai 2026",
        service=ServiceFactory(collectivite=collectivite),
        regle=RegleFactory(collectivite=collectivite),
        **agir,
    )

    version = services.publish_version(demarche=brouillon, **agir)

    assert (version.etat, version.publiee_le) == (EtatVersion.PUBLIEE, MAINTENANT)
    assert version.publiee_par == agir["agent"]
