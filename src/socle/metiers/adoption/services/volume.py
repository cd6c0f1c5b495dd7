"""Charger beaucoup de faits d’un coup : la démonstration, et le banc de mesure."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db import connection

from socle.fondations.referentiels.models import Autorite
from socle.metiers.adoption.enums import Source

COLONNES = (
    "solution, autorite, date_fait, source, usage, acteur, precision, motif, cree_le, modifie_le"
)
INSTANT = "2026-01-01 00:00:00+00"
PAQUET = 20_000
SOURCES = (Source.IMPORTEE, Source.DECLAREE, Source.MESUREE, Source.IMPORTEE, Source.DECLAREE)
DEBUT = date(2018, 1, 1)


def copy_faits(lignes: Iterable[tuple[str, str, str, str, str]]) -> int:
    """Ajoute par COPY des faits (solution, clé, jour ISO, source, usage) ; rend leur nombre.

    Les comptes ne suivent pas : appeler ensuite `agregats.rebuild_tout`.
    """
    nombre, paquet = 0, []
    with (
        connection.cursor() as curseur,
        curseur.copy(f"COPY adoption_fait ({COLONNES}) FROM STDIN") as copie,
    ):
        for solution, autorite, jour, source, usage in lignes:
            paquet.append(
                f"{solution}\t{autorite}\t{jour}\t{source}\t{usage}"
                f"\tsysteme\t\t\t{INSTANT}\t{INSTANT}\n"
            )
            if len(paquet) == PAQUET:
                copie.write("".join(paquet))
                nombre, paquet = nombre + len(paquet), []
        copie.write("".join(paquet))
    return nombre + len(paquet)


def load_volume(nombre: int, *, solutions: int = 60) -> int:
    """Charge ce nombre de faits inventés, toujours les mêmes, sur toutes les collectivités.

    Pour le banc de mesure seulement : solutions « banc-01 » et suivantes.
    """
    cles = list(Autorite.objects.order_by("cle").values_list("cle", flat=True))
    return copy_faits(_iter_volume(nombre, cles, solutions))


def _iter_volume(
    nombre: int, cles: list[str], solutions: int
) -> Iterator[tuple[str, str, str, str, str]]:
    """Un quart des faits sont le second d’une même paire : prévu puis utilisé, ou arrêté."""
    noms = [f"banc-{rang:02d}" for rang in range(1, solutions + 1)]
    jours = [(DEBUT + timedelta(days=rang)).isoformat() for rang in range(2_900)]
    premiers = nombre - nombre // 4
    pas = len(cles) * solutions / max(premiers, 1)
    for rang in range(premiers):
        paire = int(rang * pas)
        numero, place = divmod(paire, len(cles))
        solution, cle = noms[numero], cles[(place + numero) % len(cles)]
        melange = (paire * 2_654_435_761) & 0xFFFFFFFF
        jour, source = (melange >> 8) % 1_450, SOURCES[melange % 5]
        if rang % 3 or rang >= 3 * (nombre // 4):
            yield solution, cle, jours[jour], source, "utilise"
            continue
        prevu = (melange >> 4) % 4
        yield solution, cle, jours[jour], source, "prevoit" if prevu else "utilise"
        suite = jour + 30 + (melange >> 12) % 700
        yield solution, cle, jours[suite], source, "utilise" if prevu else "arrete"
