"""SIREN et SIRET : les verdicts de python-stdnum, valeur par valeur."""

from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.fr import siren, siret

from socle.normes.scdl.numeros import is_siren, is_siret

JUSTES = ["21920023500014", "219200235", "35600000000048", "35600000049837", "732 829 320 00074"]
SIGNES = st.text(alphabet="0123456789 .\n\t-é１\u00a0", max_size=18)
NUMEROS = st.integers(0, 10**14 - 1).map("{:014}".format)
POSTE = st.integers(0, 99_999).map("356000000{:05}".format)


def _complete(debut: str) -> list[str]:
    """Les dix numéros qui ne diffèrent que par le dernier chiffre : la clé n’en garde qu’un."""
    return [debut[:-1] + chiffre for chiffre in "0123456789"]


@given(SIGNES | NUMEROS | POSTE)
@example("")
@example("21920023500014\n")
@example("219.200.235")
@example("２１９２００２３５")
def test_numbers_are_judged_like_stdnum(texte):
    for valeur in [texte, *(_complete(texte) if len(texte) in {9, 14} else [])]:
        assert is_siren(valeur) == siren.is_valid(valeur), valeur
        assert is_siret(valeur) == siret.is_valid(valeur), valeur
        assert is_siren(valeur[:9]) == siren.is_valid(valeur[:9]), valeur


def test_known_numbers_are_accepted():
    assert [is_siret(n) for n in JUSTES] == [True, False, True, True, True]
    assert is_siren("219200235")
