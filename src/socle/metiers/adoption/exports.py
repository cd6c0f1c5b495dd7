"""Fichiers ouverts : taux, collectivités qui utilisent, adhérentes. Formules neutralisées."""

from collections.abc import Iterable, Iterator

from django.db import connection, transaction

from socle.fondations.commun.tableur import iter_csv
from socle.fondations.referentiels.enums import GenreAutorite, Tranche
from socle.metiers.adoption.enums import Source
from socle.metiers.adoption.models import Signature
from socle.metiers.adoption.queries.taux import Maille

UTILISENT = """
SELECT s.autorite, a.siren, a.nom, a.genre, a.departement, a.population, s.depuis, s.date_fait,
  s.source
FROM adoption_situation s JOIN referentiels_autorite a ON a.cle = s.autorite
WHERE s.solution = %s AND s.usage = 'utilise' ORDER BY s.autorite
"""
PAQUET = 2_000


def iter_taux(mailles: Iterable[Maille], noms: dict[str, str]) -> Iterator[bytes]:
    """Taux par département, taille et genre, en CSV."""
    entete = ("departement", "nom", "taille", "genre", "collectivites", "utilisent", "prevoient",
              "mesure", "declare", "importe", "fictif")  # fmt: skip
    return iter_csv(
        [
            entete,
            *(
                (
                    m.departement, noms.get(m.departement, ""), str(Tranche(m.tranche).label),
                    str(GenreAutorite(m.genre).label), m.taux.nombre, m.taux.utilisent,
                    m.taux.prevoient, m.taux.mesurees, m.taux.declarees, m.taux.importees,
                    m.taux.fictives,
                )
                for m in mailles
            ),
        ]
    )  # fmt: skip


def iter_utilisatrices(solution: str) -> Iterator[bytes]:
    """Collectivités qui utilisent une solution, lues par paquets dans leur propre transaction."""
    entete = ("cle", "siren", "nom", "genre", "departement", "population", "depuis", "date",
              "source")  # fmt: skip
    return iter_csv(_iter_utilisatrices(solution, entete))


def _iter_utilisatrices(solution: str, entete: tuple[str, ...]) -> Iterator[tuple[object, ...]]:
    yield entete
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(f"DECLARE utilisatrices CURSOR FOR {UTILISENT}", [solution])
        while True:
            curseur.execute(f"FETCH {PAQUET} FROM utilisatrices")
            lignes = curseur.fetchall()
            for ligne in lignes:
                yield (*ligne[:8], str(Source(ligne[8]).label))
            if len(lignes) < PAQUET:
                break
        curseur.execute("CLOSE utilisatrices")


def iter_adherentes(signatures: Iterable[Signature]) -> Iterator[bytes]:
    """Adhérentes d’une convention : jamais le signataire."""
    return iter_csv(
        [
            ("cle", "siren", "nom", "version", "signee_le", "empreinte_du_texte"),
            *(
                (s.autorite, s.siren, s.nom, s.version.numero, s.signee_le.date(), s.empreinte)
                for s in signatures
            ),
        ]
    )
