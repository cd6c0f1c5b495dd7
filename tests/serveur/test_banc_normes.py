"""`./socle banc normes` : ce qu’il mesure, ce qu’il passe, ce qu’il juge."""

import json
import sys

import pytest

from socle.serveur.banc.commande import main
from socle.serveur.banc.normes import commande, pairs
from socle.serveur.banc.normes.commande import _compare, _judge
from socle.serveur.banc.normes.mesure import Mesure, measure
from socle.serveur.banc.normes.points import POINTS
from socle.serveur.errors import ErreurServeur

SCDL = POINTS[0]


def test_points_are_those_of_the_speed_table():
    assert [point.nom for point in POINTS] == [
        "scdl_100k", "scdl_1m", "bal_50k", "seda_ecrire", "seda_controler", "seda_100k", "actes",
        "dcat", "preuve_sceller", "preuve_une",
    ]  # fmt: skip
    assert SCDL.pairs == {"validata": 35, "frictionless": 10}
    assert all(p.secondes or p.memoire or p.pairs for p in POINTS)


def test_verdict_compares_times_only_at_full_size():
    notre, lui = Mesure(0.5, 0.6, 100, 5), Mesure(10.0, 9.0, 300, 1)
    assert _judge(SCDL, notre, pleine=True).tenu is True
    assert _judge(SCDL, Mesure(0.7, 0.6, 100, 5), pleine=True).tenu is False
    assert _judge(SCDL, notre, pleine=False).tenu is None
    ligne = _compare(SCDL, "pair", lui, notre, 20.5, pleine=True)
    assert (ligne.rapport, ligne.tenu) == (20, False)
    assert _compare(SCDL, "pair", lui, notre, 20, pleine=True).tenu is True


def test_small_run_measures_and_says_what_it_skips(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(pairs.shutil, "which", lambda outil: None)
    essai = ["normes", "--echelle", "0.001", "--fois", "1", "--json", "--pairs", str(tmp_path)]
    assert main([*essai, "--point", "bal_50k", "--point", "preuve_une"]) == 0

    lignes = capsys.readouterr().out.splitlines()
    rendu = json.loads(lignes[-1])
    assert [(p["point"], p["qui"]) for p in rendu["points"]] == [
        ("bal_50k", "Socle"), ("preuve_une", "Socle"),
    ]  # fmt: skip
    assert all(p["secondes"] > 0 and p["memoire_mib"] > 1 for p in rendu["points"])
    assert rendu["passes"] == ["@ban-team/validateur-bal 3.5.2 : passé, node est absent."]


def test_failed_command_is_not_a_measure(tmp_path):
    with pytest.raises(ErreurServeur, match="échoué"):
        measure([sys.executable, "-c", "raise SystemExit(3)"], fois=1, dossier=tmp_path)
    with pytest.raises(ErreurServeur, match="n’existe pas"):
        commande.main(["--point", "inconnu"])


@pytest.mark.lent
@pytest.mark.timeout(300)
def test_every_point_runs_without_its_peers(capsys):
    assert main(["normes", "--echelle", "0.002", "--fois", "1", "--sans-pairs", "--json"]) == 0
    rendu = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {p["point"] for p in rendu["points"]} == {point.nom for point in POINTS}
