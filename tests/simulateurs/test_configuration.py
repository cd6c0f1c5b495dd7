"""Réglages, mémoires bornées, clés gardées, SIRET."""

import json

import pytest

from socle.simulateurs.commun.cles import Trousseau
from socle.simulateurs.commun.siret import is_siret
from socle.simulateurs.commun.usage_unique import UsageUnique
from socle.simulateurs.configuration import ConfigurationInvalide, create_configuration
from tests.simulateurs.parcours import Horloge


@pytest.mark.parametrize(
    "donnees",
    [
        {"inconnu": 1},
        {"clients": {"google": []}},
        {"clients": {"proconnect": [{"nom": "sans identifiant"}]}},
        {"clients": {"proconnect": [{"client_id": "x", "mot": 1}]}},
    ],
)
def test_configuration_fausse_is_refused(tmp_path, donnees):
    fichier = tmp_path / "c.json"
    fichier.write_text(json.dumps(donnees), "utf-8")

    with pytest.raises(ConfigurationInvalide):
        create_configuration("http://localhost/simulateurs", fichier=fichier)


@pytest.mark.parametrize("texte", ["", "[]", "{"])
def test_fichier_illisible_is_refused(tmp_path, texte):
    fichier = tmp_path / "c.json"
    fichier.write_text(texte, "utf-8")

    with pytest.raises(ConfigurationInvalide):
        create_configuration("http://localhost", fichier=fichier)


@pytest.mark.parametrize("adresse", ["localhost:8000", "ftp://localhost", ""])
def test_adresse_publique_must_be_http(adresse):
    with pytest.raises(ConfigurationInvalide):
        create_configuration(adresse)


def test_prefixes_open_other_hosts():
    configuration = create_configuration(
        "http://localhost:8000/simulateurs", prefixes=("http://clamart.localhost:8000/",)
    )
    client = configuration.get_client("proconnect", "socle-demo")

    assert client.accepts_return("http://clamart.localhost:8000/agent/connexion/retour/")
    assert client.accepts_return("http://localhost:8000/c/clamart/connexion/retour/")
    assert not client.accepts_return("http://autre.localhost:8000/")


def test_usage_unique_is_bounded_and_forgets():
    horloge = Horloge()
    usages = UsageUnique(horloge, capacite=3)

    assert usages.consume("a", horloge() + 10)
    assert not usages.consume("a", horloge() + 10)
    assert "a" in usages
    horloge.advance(11)
    assert "a" not in usages
    assert all(usages.consume(str(rang), horloge() + 10) for rang in range(50))
    assert len(usages) == 3


def test_cles_are_kept_between_starts(tmp_path):
    fichier = tmp_path / "dossier" / "cles.json"
    premier = Trousseau(fichier)
    jeton = premier.sign("proconnect", "ES256", {"a": 1}, "JWT")
    second = Trousseau(fichier)

    assert second.public_keys("proconnect").as_dict() == premier.public_keys("proconnect").as_dict()
    assert second.sceau.as_dict() == premier.sceau.as_dict()
    assert fichier.stat().st_mode & 0o777 == 0o600
    assert jeton


def test_cles_abimees_are_replaced(tmp_path):
    fichier = tmp_path / "cles.json"
    fichier.write_text("{", "utf-8")

    assert Trousseau(fichier).sign("proconnect", "ES256", {}, "JWT")


def test_rotation_keeps_three_keys():
    trousseau = Trousseau()
    kids = [trousseau.rotate("franceconnect", "ES256") for _ in range(5)]

    publiees = [cle.kid for cle in trousseau.public_keys("franceconnect")]
    assert publiees == kids[:1:-1]


@pytest.mark.parametrize(
    ("siret", "juste"),
    [
        ("21920023500014", True),
        ("13002526500013", True),
        ("35600000000048", True),
        ("35600000049837", True),
        ("21920023500015", False),
        ("2192002350001", False),
        ("2192002350001A", False),
        ("٢١٩٢٠٠٢٣٥٠٠٠١٤", False),
    ],
)
def test_siret(siret, juste):
    assert is_siret(siret) is juste
