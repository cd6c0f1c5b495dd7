"""Comptes tenus d’avance : situations, couverture, mouvements. Un fait change, sa maille se refait.

Trois portées, les mêmes instructions : une collectivité et une solution (une déclaration), quelques
solutions (un import), tout (chaque nuit, et après un nouveau code officiel géographique). Les faits
sont lus une fois, dans une table provisoire ; seules les situations qui changent sont récrites.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from socle.fondations.referentiels.models import Autorite
from socle.metiers.adoption.models import TOUTES, CoUsage

VERROU = "SELECT pg_advisory_xact_lock(hashtext('socle.adoption'))"
REGLAGES = "SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '256MB'"
MEMES = (
    "n.solution = s.solution AND n.autorite = s.autorite AND n.usage = s.usage"
    " AND n.source = s.source AND n.date_fait = s.date_fait"
    " AND n.depuis IS NOT DISTINCT FROM s.depuis AND n.departement = s.departement"
    " AND n.genre = s.genre AND n.tranche = s.tranche AND n.population = s.population"
    " AND n.epci = s.epci"
)
CHAMPS = (
    "solution, autorite, usage, source, date_fait, depuis, genre, tranche, departement, epci,"
    " population"
)
OTER = "DROP TABLE IF EXISTS pg_temp.suivis, pg_temp.neuves"
# Le plus récent l’emporte ; le même jour, la mesure, puis la déclaration, puis la liste. Un fait
# fictif ne compte plus dès qu’un vrai existe pour la même collectivité et la même solution.
SUIVRE = """
CREATE TEMP TABLE suivis ON COMMIT DROP AS
SELECT s.*, a.genre, a.tranche, a.departement, a.epci, a.population FROM (
  SELECT solution, autorite, date_fait, source, usage,
    lead(1) OVER paire IS NULL AS dernier,
    coalesce(lag(usage = 'utilise') OVER paire, false) AS avant,
    min(CASE WHEN usage = 'utilise' THEN date_fait END) OVER paire AS depuis
  FROM adoption_fait f
  WHERE annule_le IS NULL AND {ou} AND (source <> 'fictive' OR NOT EXISTS (
    SELECT 1 FROM adoption_fait r WHERE r.solution = f.solution AND r.autorite = f.autorite
      AND r.source <> 'fictive' AND r.annule_le IS NULL))
  WINDOW paire AS (PARTITION BY solution, autorite ORDER BY date_fait,
    CASE source WHEN 'mesuree' THEN 3 WHEN 'declaree' THEN 2 WHEN 'importee' THEN 1 ELSE 0 END, id)
) s JOIN referentiels_autorite a ON a.cle = s.autorite
"""
NEUVES = f"""
CREATE TEMP TABLE neuves ON COMMIT DROP AS SELECT {CHAMPS} FROM suivis WHERE dernier
"""  # noqa: S608  noms de colonnes écrits ici
# « Au moins une solution » : le meilleur témoin de chaque collectivité.
AU_MOINS_UNE = """
CREATE TEMP TABLE neuves ON COMMIT DROP AS
SELECT DISTINCT ON (autorite) ''::varchar AS solution, autorite, usage, source, date_fait,
  min(depuis) OVER (PARTITION BY autorite) AS depuis, genre, tranche, departement, epci, population
FROM adoption_situation WHERE usage = 'utilise' AND solution <> '' AND {ou}
ORDER BY autorite, source = 'fictive', date_fait DESC, solution
"""
OTER_SITUATIONS = f"""
DELETE FROM adoption_situation s WHERE {{ou}} AND NOT EXISTS (SELECT 1 FROM neuves n WHERE {MEMES})
"""  # noqa: S608
AJOUTER_SITUATIONS = f"""
INSERT INTO adoption_situation ({CHAMPS}) SELECT {CHAMPS} FROM neuves
ON CONFLICT (solution, autorite) DO NOTHING
"""  # noqa: S608
COUVERTURE = """
INSERT INTO adoption_couverture (solution, departement, tranche, genre, utilisent, prevoient,
  declarees, importees, mesurees, fictives)
SELECT solution, departement, tranche, genre,
  count(*) FILTER (WHERE usage = 'utilise'), count(*) FILTER (WHERE usage = 'prevoit'),
  count(*) FILTER (WHERE usage = 'utilise' AND source = 'declaree'),
  count(*) FILTER (WHERE usage = 'utilise' AND source = 'importee'),
  count(*) FILTER (WHERE usage = 'utilise' AND source = 'mesuree'),
  count(*) FILTER (WHERE usage = 'utilise' AND source = 'fictive')
FROM adoption_situation WHERE {ou} GROUP BY solution, departement, tranche, genre
"""
MOUVEMENTS = """
INSERT INTO adoption_mouvement (solution, departement, tranche, genre, mois, arrivees, departs)
SELECT solution, departement, tranche, genre, date_trunc('month', date_fait)::date,
  count(*) FILTER (WHERE NOT avant), count(*) FILTER (WHERE avant)
FROM suivis WHERE (usage = 'utilise') <> avant GROUP BY 1, 2, 3, 4, 5
"""
ZERO = """
UPDATE adoption_brique SET utilisent = 0, prevoient = 0, declarees = 0, importees = 0,
  mesurees = 0, fictives = 0, dernier_fait = NULL, recalcule_le = %(maintenant)s WHERE {ou}
"""
BRIQUES = """
INSERT INTO adoption_brique (solution, utilisent, prevoient, declarees, importees, mesurees,
  fictives, dernier_fait, recalcule_le)
SELECT solution, sum(utilisent), sum(prevoient), sum(declarees), sum(importees), sum(mesurees),
  sum(fictives), NULL, %(maintenant)s
FROM adoption_couverture WHERE {ou} GROUP BY solution
ON CONFLICT (solution) DO UPDATE SET utilisent = excluded.utilisent,
  prevoient = excluded.prevoient, declarees = excluded.declarees,
  importees = excluded.importees, mesurees = excluded.mesurees, fictives = excluded.fictives
"""
DERNIERS = """
UPDATE adoption_brique b SET dernier_fait = d.jour FROM (
  SELECT solution, max(date_fait) AS jour FROM adoption_situation WHERE {ou} GROUP BY solution
) d WHERE d.solution = b.solution
"""
DELAIS = """
UPDATE adoption_brique b SET delai_median = d.jours FROM (
  SELECT solution, percentile_cont(0.5) WITHIN GROUP (ORDER BY jours)::int AS jours FROM (
    SELECT solution, min(date_fait) FILTER (WHERE usage = 'utilise')
      - min(date_fait) FILTER (WHERE usage = 'prevoit') AS jours
    FROM suivis GROUP BY solution, autorite
  ) paires WHERE jours > 0 GROUP BY solution
) d WHERE d.solution = b.solution
"""
EFFECTIFS = """
INSERT INTO adoption_effectif (departement, tranche, genre, nombre)
SELECT departement, tranche, genre, count(*) FROM referentiels_autorite WHERE {ou} GROUP BY 1, 2, 3
"""
SANS_EFFECTIF = "NOT EXISTS (SELECT 1 FROM adoption_effectif)"


@transaction.atomic
def rebuild_tout(*, maintenant: datetime) -> None:
    """Refait tous les comptes ; quelques secondes pour un million de faits. Rejouable."""
    _prepare()
    _execute("DELETE FROM adoption_effectif")
    _execute(EFFECTIFS.format(ou="true"))
    _replace("true", "true", {"maintenant": maintenant})
    _execute(DELAIS)
    _rebuild_co_usages()


@transaction.atomic
def rebuild_solutions(solutions: Iterable[str], *, maintenant: datetime) -> None:
    """Refait les comptes de ces solutions : après un import, ou son annulation."""
    valeurs = {"solutions": sorted({*solutions}), "maintenant": maintenant}
    if valeurs["solutions"]:
        _prepare()
        _execute(EFFECTIFS.format(ou=SANS_EFFECTIF))
        _replace("solution = ANY(%(solutions)s)", "solution = ANY(%(solutions)s)", valeurs)


@transaction.atomic
def refresh_paire(*, solution: str, autorite: Autorite, maintenant: datetime) -> None:
    """Refait ce qu’un seul fait change : cette situation et sa maille. Quelques millisecondes."""
    valeurs = {
        "solution": solution, "autorite": autorite.cle, "departement": autorite.departement,
        "tranche": autorite.tranche, "genre": autorite.genre, "maintenant": maintenant,
        "solutions": [solution, TOUTES],
    }  # fmt: skip
    maille = "departement = %(departement)s AND tranche = %(tranche)s AND genre = %(genre)s"
    ici = f"solution = ANY(%(solutions)s) AND {maille}"
    voisines = f"autorite IN (SELECT cle FROM referentiels_autorite WHERE {maille})"  # noqa: S608
    _execute(VERROU)
    _execute(EFFECTIFS.format(ou=SANS_EFFECTIF))
    _follow(f"solution = %(solution)s AND {voisines}", valeurs)
    _save_situations(f"solution = %(solution)s AND {maille}", NEUVES, valeurs)
    seule = "autorite = %(autorite)s"
    _save_situations(f"solution = '' AND {seule}", AU_MOINS_UNE.format(ou=seule), valeurs)
    _execute(f"DELETE FROM adoption_couverture WHERE {ici}", valeurs)  # noqa: S608
    _execute(COUVERTURE.format(ou=ici), valeurs)
    _execute(
        f"DELETE FROM adoption_mouvement WHERE solution = %(solution)s AND {maille}",  # noqa: S608
        valeurs,
    )
    _execute(MOUVEMENTS)
    _sum_briques("solution = ANY(%(solutions)s)", valeurs)


def _replace(faits: str, lignes: str, valeurs: dict[str, Any]) -> None:
    """Refait les comptes d’une portée, puis « au moins une solution », qui dépend de toutes."""
    _follow(faits, valeurs)
    _save_situations(f"{lignes} AND solution <> ''", NEUVES, valeurs)
    _save_situations("solution = ''", AU_MOINS_UNE.format(ou="true"), valeurs)
    lignes = f"({lignes} OR solution = '')"
    _execute(f"DELETE FROM adoption_couverture WHERE {lignes}", valeurs)  # noqa: S608
    _execute(COUVERTURE.format(ou=lignes), valeurs)
    _execute(f"DELETE FROM adoption_mouvement WHERE {lignes}", valeurs)  # noqa: S608
    _execute(MOUVEMENTS)
    _sum_briques(lignes, valeurs)


def _follow(faits: str, valeurs: dict[str, Any]) -> None:
    _execute(OTER)
    _execute(SUIVRE.format(ou=faits), valeurs)


def _save_situations(portee: str, neuves: str, valeurs: dict[str, Any]) -> None:
    """Remplace les situations d’une portée ; celles qui ne changent pas ne sont pas touchées."""
    _execute("DROP TABLE IF EXISTS pg_temp.neuves")
    _execute(neuves, valeurs)
    _execute("ANALYZE neuves")
    _execute(OTER_SITUATIONS.format(ou=portee), valeurs)
    _execute(AJOUTER_SITUATIONS)


def _sum_briques(lignes: str, valeurs: dict[str, Any]) -> None:
    for instruction in (ZERO, BRIQUES, DERNIERS):
        _execute(instruction.format(ou=lignes), valeurs)


def _rebuild_co_usages() -> None:
    """Compte les collectivités communes à chaque paire de solutions, par ensembles de bits."""
    rangs: dict[str, int] = {}
    ensembles: dict[str, bytearray] = {}
    with connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM referentiels_autorite")
        octets = curseur.fetchone()[0] // 8 + 1
        curseur.execute(
            "SELECT solution, autorite FROM adoption_situation"
            " WHERE usage = 'utilise' AND solution <> ''"
        )
        for solution, autorite in curseur:
            rang = rangs.setdefault(autorite, len(rangs))
            ensemble = ensembles.setdefault(solution, bytearray(octets))
            ensemble[rang >> 3] |= 1 << (rang & 7)
    nombres = {solution: int.from_bytes(bits, "little") for solution, bits in ensembles.items()}
    paires = (
        CoUsage(solution=a, autre=b, ensemble=(nombres[a] & nombres[b]).bit_count())
        for a in nombres
        for b in nombres
        if a != b
    )
    CoUsage.objects.all().delete()
    CoUsage.objects.bulk_create([paire for paire in paires if paire.ensemble])


def _prepare() -> None:
    _execute(REGLAGES)
    _execute(VERROU)


def _execute(instruction: str, valeurs: dict[str, Any] | None = None) -> int:
    with connection.cursor() as curseur:
        curseur.execute(instruction, valeurs)
        nombre: int = curseur.rowcount
    return nombre
