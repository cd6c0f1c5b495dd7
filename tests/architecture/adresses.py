"""Jouer chaque adresse des deux URLconf, en GET et en POST, sans que rien n’en reste."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver

from socle.fondations.commun.locataire import operateur

COLLECTIVITE = "config.urls_collectivite"
INSTALLATION = "config.urls"
METHODES = ("get", "post")
PORTES = re.compile(r"/connexion/|/second-facteur/exige/|/dossiers/[0-9]+/acces/$")


@dataclass(frozen=True)
class Adresse:
    """Un motif d’un URLconf. `roles` : ceux que la vue admet, vide si elle n’en nomme aucun."""

    route: str
    vue: Callable[..., Any]

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(getattr(self.vue, "roles", ()))

    @property
    def par_service(self) -> bool:
        """Vrai si un rôle donné pour un seul service ouvre la vue."""
        return getattr(self.vue, "par_service", False)

    @property
    def est_publique(self) -> bool:
        return not getattr(self.vue, "login_required", True)

    @property
    def parametres(self) -> list[tuple[str, str]]:
        """Rend (segment d’avant, nom) pour chaque valeur de la route."""
        simple = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", self.route)
        return re.findall(r"(\w+)?/?<(?:\w+:)?(\w+)>", simple)

    def fill(self, valeurs: dict[str, str]) -> str:
        """Rend l’adresse, avec des objets existants ; `segment/nom` passe avant `nom`."""
        route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", self.route).strip("^$").replace("\\", "")
        return re.sub(
            r"(\w*)(/?)<(?:\w+:)?(\w+)>",
            lambda m: f"{m[1]}{m[2]}{valeurs.get(f'{m[1]}/{m[3]}') or valeurs.get(m[3], '1')}",
            route,
        )


def _iter_motifs(motifs: list[Any], prefixe: str = "") -> Iterator[Adresse]:
    for motif in motifs:
        route = prefixe + str(motif.pattern)
        if isinstance(motif, URLResolver):
            yield from _iter_motifs(motif.url_patterns, route)
        elif isinstance(motif, URLPattern):
            yield Adresse(route, motif.callback)


def list_adresses(urlconf: str) -> dict[str, Adresse]:
    return {a.route: a for a in _iter_motifs(get_resolver(urlconf).url_patterns)}


def is_refus(reponse: Any) -> bool:
    """Refusé : 403, 404, ou mené à la porte. Un 405 ne prouve rien."""
    if reponse.status_code in (403, 404):
        return True
    return reponse.status_code in (302, 303) and bool(PORTES.search(reponse["Location"]))


@dataclass
class Essai:
    """Ce qu’ont répondu les deux méthodes d’une adresse, et ce qui a changé chez la victime."""

    statuts: dict[str, int]
    refuses: dict[str, bool]
    change: bool = False

    @property
    def est_refuse(self) -> bool:
        """Au moins une méthode existe, toutes celles qui existent refusent, rien n’a bougé."""
        existent = [m for m, statut in self.statuts.items() if statut != 405]
        return bool(existent) and all(self.refuses[m] for m in existent) and not self.change

    @property
    def entre(self) -> bool:
        return any(s != 405 and s < 500 and not self.refuses[m] for m, s in self.statuts.items())


def play(client: Any, adresse: str, envoi: dict[str, Any]) -> Essai:
    """Joue GET puis POST à cette adresse."""
    essai = Essai({}, {})
    for methode in METHODES:
        reponse = getattr(client, methode)(adresse, envoi if methode == "post" else None)
        if reponse.streaming:
            b"".join(reponse.streaming_content)  # lue jusqu’au bout, elle se ferme d’elle-même
        essai.statuts[methode] = reponse.status_code
        essai.refuses[methode] = is_refus(reponse)
    return essai


def play_all(
    client: Any,
    adresses: dict[str, Adresse],
    racine: str,
    valeurs: dict[str, str],
    envoi: dict[str, Any],
    victime: int | None = None,
) -> dict[str, Essai]:
    """Joue ces adresses ; chacune est annulée, pour que la suivante parte du même état.

    `victime` : la collectivité dont aucune ligne ne doit changer.
    """
    essais = {}
    avant, ecritures = compute_empreinte(victime), count_ecritures()
    for route, adresse in adresses.items():
        with transaction.atomic():
            essais[route] = play(client, racine + adresse.fill(valeurs), envoi)
            # Sans aucune écriture, l’empreinte n’a pas pu changer : la calculer coûte cher.
            # Ce qui est défait reste compté : le compte d’ici est celui d’où part la suivante.
            ecritures, partait_de = count_ecritures(), ecritures
            a_ecrit = ecritures != partait_de
            essais[route].change = a_ecrit and compute_empreinte(victime) != avant
            transaction.set_rollback(True)
    return essais


def count_ecritures() -> int:
    """Lignes écrites depuis le début de la transaction dans les tables de collectivité."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT sum(pg_stat_get_xact_tuples_inserted(c) + pg_stat_get_xact_tuples_updated(c)"
            " + pg_stat_get_xact_tuples_deleted(c)) FROM unnest(%s::regclass[]::oid[]) c",
            [list(list_tables())],
        )
        return int(curseur.fetchone()[0])


@cache
def list_tables() -> tuple[str, ...]:
    """Tables de collectivité, d’après la base elle-même."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT table_name FROM information_schema.columns c JOIN pg_class t"
            " ON t.relname = c.table_name AND t.relkind = 'r' AND t.relrowsecurity"
            " WHERE c.column_name = 'collectivite_id' AND c.table_schema = 'public'"
            " ORDER BY table_name"
        )
        return tuple(ligne[0] for ligne in curseur.fetchall())


def compute_empreinte(collectivite_id: int | None) -> str:
    """Empreinte de toutes les lignes d’une collectivité, dans toutes ses tables."""
    if collectivite_id is None:
        return ""
    sommes = " UNION ALL ".join(
        f"SELECT '{table}' AS t, md5(string_agg(l::text, '|' ORDER BY l::text)) AS s"
        f" FROM {table} l WHERE l.collectivite_id = {int(collectivite_id)}"
        for table in list_tables()
    )
    with operateur(), connection.cursor() as curseur:
        curseur.execute(
            f"SELECT md5(string_agg(t || coalesce(s, ''), ',' ORDER BY t)) FROM ({sommes}) x"
        )
        return str(curseur.fetchone()[0])
