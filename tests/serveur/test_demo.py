"""Le cadre de la démonstration : étapes, durées, JSON, échec."""

import json

import pytest

from socle.serveur.demo import commande, usager
from socle.serveur.demo.contexte import SORTIES, Contexte, Etape, Passage
from socle.serveur.demo.navigateur import parse
from socle.serveur.dossier import DossierDonnees
from socle.serveur.errors import ErreurServeur
from socle.serveur.installation import Installation
from socle.serveur.postgres.roles import Acces

DEPART = Passage("service démarré", 1.0, True, "http://localhost:8000")


@pytest.fixture
def contexte(tmp_path):
    acces = Acces("postgresql:///x", "postgresql:///x")
    return Contexte(Installation(DossierDonnees(tmp_path), acces), "http://127.0.0.1:8000")


def note(contexte: Contexte) -> str:
    contexte.sorties["dossier_numero"] = 1
    return "dossier 1"


def fail(_contexte: Contexte) -> str:
    raise ErreurServeur("Le dossier manque.", "Recommencez.")


def crash(_contexte: Contexte) -> str:
    raise KeyError("absent")


def test_steps_are_played_in_order(contexte, monkeypatch, capsys):
    monkeypatch.setattr(commande, "ETAPES", [Etape("un", note), Etape("deux", note)])

    passages = commande.play(contexte, DEPART)

    assert [(p.nom, p.ok) for p in passages] == [
        ("service démarré", True),
        ("un", True),
        ("deux", True),
    ]
    assert "✓  2. un (" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("action", "dit"), [(fail, "Le dossier manque."), (crash, "KeyError : 'absent'")]
)
def test_failed_step_stops_and_says_why(contexte, monkeypatch, capsys, action, dit):
    monkeypatch.setattr(commande, "ETAPES", [Etape("un", action), Etape("deux", note)])

    passages = commande.play(contexte, DEPART)

    assert [p.ok for p in passages] == [True, False]
    erreur = capsys.readouterr().err
    assert dit in erreur
    assert "Traceback" not in erreur


def test_json_has_the_expected_shape(contexte, monkeypatch):
    monkeypatch.setattr(commande, "ETAPES", [Etape("un", note)])
    passages = commande.play(contexte, DEPART)

    objet = json.loads(commande.format_json(passages, contexte))

    assert sorted(objet) == ["etapes", "sorties", "version"]
    assert [sorted(etape) for etape in objet["etapes"]] == [["nom", "ok", "secondes"]] * 2
    assert objet["sorties"] == dict.fromkeys(SORTIES, None) | {"dossier_numero": 1}


FOYER = """
<section id="champ-source_impots"><dl><dd>14\u202f820\u00a0€</dd></dl></section>
<output id="champ-quotient">494\u00a0€</output><p id="champ-prix">Prix : <b>1,75\u00a0€</b></p>
<section id="champ-source_caf"><dl><dd>468\u00a0€</dd></dl>
<p class="source">Reçu : Caisse d’allocations familiales, quotient de mars 2026.</p></section>
"""


@pytest.mark.parametrize(
    ("avant", "apres", "manque"),
    [
        ("468", "812", "Quotient de la Caf : « 468 € » attendu"),
        ('id="champ-source_caf"', "", "Quotient de la Caf"),
        ("494", "468", "Quotient calculé par la ville"),
        ("Reçu : Caisse", "Donné par vous : Caisse", "Source du quotient"),
    ],
)
def test_story_stops_without_the_two_quotients(avant, apres, manque):
    assert "468 €" in usager.check_foyer(parse(FOYER))

    with pytest.raises(ErreurServeur, match=manque):
        usager.check_foyer(parse(FOYER.replace(avant, apres)))


def test_port_is_chosen_when_the_usual_one_is_taken(monkeypatch):
    monkeypatch.setattr(commande, "is_libre", lambda _hote, port: port != 8000)

    assert commande.choose_port(None) == 8001
    assert commande.choose_port(9000) == 9000
