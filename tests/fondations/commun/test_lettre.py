"""Le petit texte riche des lettres : ce qu’un agent tape devient paragraphes et listes."""

import pytest

from socle.fondations.commun.images import ImageRefusee
from socle.fondations.commun.lettre import build_logo, liste, paragraphe, parse_texte


@pytest.mark.parametrize(
    ("texte", "blocs"),
    [
        ("", []),
        ("Bonjour.", [paragraphe("Bonjour.")]),
        ("Un\r\ndeux\r\n\r\ntrois", [paragraphe("Un\ndeux"), paragraphe("trois")]),
        ("- a\n- b", [liste(["a", "b"])]),
        ("• a\n\n• b", [liste(["a"]), liste(["b"])]),
        ("Voici :\n1. a\n2) b", [paragraphe("Voici :"), liste(["a", "b"], numerotee=True)]),
        ("- a\n1. b", [liste(["a"]), liste(["b"], numerotee=True)]),
        ("*gras* <b>x</b> -5 degrés", [paragraphe("*gras* <b>x</b> -5 degrés")]),
        ("12.5 points", [paragraphe("12.5 points")]),
    ],
)
def test_parse_texte_keeps_only_paragraphs_and_lists(texte, blocs):
    assert parse_texte(texte) == blocs


def test_logo_in_another_format_is_refused():
    with pytest.raises(ImageRefusee):
        build_logo(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
