"""Connecteur factice : réponses et pannes convenues."""

import pytest

from socle.connecteurs.factice.connecteur import AnnuaireFactice, SourceFactice
from socle.fondations.commun.errors import ErreurConnecteur, SystemeIndisponible
from socle.fondations.formulaires.ports import (
    AnnuaireEtablissements,
    Etablissement,
    SourceDonnees,
    etablissements,
    sources,
)


def test_factice_is_registered_and_follows_the_ports():
    assert isinstance(sources["factice"], SourceDonnees)
    assert isinstance(etablissements["factice"], AnnuaireEtablissements)


def test_valeurs_convenues(create_contexte):
    source = SourceFactice()

    assert source.fetch(create_contexte()).valeurs == {"texte": "Texte inventé", "nombre": 42}
    contexte = create_contexte(parametres={"valeurs": {"nombre": 7}})
    assert source.fetch(contexte).valeurs == {"nombre": 7}


@pytest.mark.parametrize(
    ("panne", "classe", "statut"),
    [
        ("indisponible", SystemeIndisponible, 503),
        ("refus", ErreurConnecteur, 403),
        ("inconnu", ErreurConnecteur, 404),
    ],
)
def test_pannes_convenues(create_contexte, panne, classe, statut):
    with pytest.raises(ErreurConnecteur) as refus:
        SourceFactice().fetch(create_contexte(parametres={"panne": panne}))

    assert type(refus.value) is classe
    assert refus.value.trace.statut_http == statut


def test_annuaire_convenu():
    connu = Etablissement(siret="00000100800010", nom="Essai")
    annuaire = AnnuaireFactice({connu.siret: connu})

    assert annuaire.find_etablissement(connu.siret) == connu
    assert annuaire.find_etablissement("00000100800028") is None


def test_check_always_answers():
    assert SourceFactice().check() == "Le connecteur factice répond toujours."
    assert AnnuaireFactice().check() == "L’annuaire factice répond toujours."
