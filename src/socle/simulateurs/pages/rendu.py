"""Rendu des gabarits HTML : remplace des champs, échappe tout ce qui n’est pas du balisage."""

from functools import cache
from importlib.resources import files

from markupsafe import Markup

from socle.simulateurs.contexte import Contexte

DOSSIER = files("socle.simulateurs.pages") / "gabarits"


@cache
def read_gabarit(nom: str) -> Markup:
    return Markup((DOSSIER / nom).read_text("utf-8"))  # noqa: S704  (fichier de la distribution)


@cache
def read_style() -> bytes:
    return (DOSSIER / "simulateurs.css").read_bytes()


def render_fragment(gabarit: str, /, **valeurs: object) -> Markup:
    """Remplit un gabarit ; une valeur qui n’est pas du balisage est échappée."""
    return read_gabarit(gabarit).format(**valeurs)


def join(fragments: list[Markup]) -> Markup:
    return Markup("\n").join(fragments)


def render(gabarit: str, contexte: Contexte, /, *, titre: str = "", **valeurs: object) -> Markup:
    """Page complète : le gabarit dans la page commune.

    Args:
        titre: titre de la fenêtre ; à défaut, « Simulateur de » suivi de la valeur `nom`.
    """
    contenu = render_fragment(gabarit, accueil=contexte.link("/"), **valeurs)
    return render_fragment(
        "base.html",
        titre=titre or f"Simulateur de {valeurs.get('nom', 'services de l’État')}",
        style=contexte.link("statique/simulateurs.css"),
        accueil=contexte.link("/"),
        contenu=contenu,
    )
