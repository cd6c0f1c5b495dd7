"""Ce que la personne avait écrit lui est rendu, jamais ses secrets."""

from django.test import RequestFactory

from socle.fondations.commun.saisie import CARACTERES_MAX, TEXTES_MAX, collect_saisie


def post(**champs):
    return RequestFactory().post("/", champs)


def test_collect_saisie_keeps_long_texts():
    assert collect_saisie(post(message="Bonjour, voici ma demande.", choix="oui")) == [
        "Bonjour, voici ma demande."
    ]


def test_collect_saisie_never_shows_secrets_nor_jetons():
    requete = post(
        mot_de_passe="une longue phrase secrète",
        new_password1="une autre phrase secrète",
        csrfmiddlewaretoken="x y" * 20,
        code_totp="123 456 789 012",
        dossier="0198f1c2-7d4e-7b11-9c3c-2f1b7f0a9e11",
    )

    assert collect_saisie(requete) == []


def test_collect_saisie_is_bounded():
    beaucoup = {f"champ{n}": f"réponse numéro {n}" for n in range(100)}
    enorme = {"champ": "très long " * CARACTERES_MAX}

    assert len(collect_saisie(post(**beaucoup))) == TEXTES_MAX
    assert collect_saisie(post(**enorme)) == []


def test_collect_saisie_of_a_get_is_empty():
    assert collect_saisie(RequestFactory().get("/?message=Bonjour+tout+le+monde")) == []
