"""Les règles d’une ligne : ce que ses cellules, bonnes une à une, se disent entre elles.

Chaque règle lit un bloc entier et rend (rang dans le bloc, code officiel).
"""

from collections.abc import Iterator
from math import hypot

from socle.normes.bal.bloc import Bloc
from socle.normes.bal.champs import Contexte
from socle.normes.bal.noms import normalize
from socle.normes.bal.projections import project
from socle.normes.bal.vocabulaire import TOPONYME_SEUL

Fautes = Iterator[tuple[int, str]]
TOLERANCE = 10.0  # mètres


def check_lignes(bloc: Bloc, contexte: Contexte) -> Fautes:
    """Rend les fautes de ligne d’un bloc, règle après règle."""
    yield from _check_numero(bloc)
    yield from _check_commune(bloc, contexte)
    yield from _check_lieudit(bloc)
    yield from _check_position(bloc)
    yield from _check_coordonnees(bloc)
    yield from _check_adresse(bloc)
    yield from _check_deleguee(bloc, contexte)
    yield from _check_ids(bloc, contexte)


def _check_numero(bloc: Bloc) -> Fautes:
    if "cle_interop" not in bloc.bruts:
        return
    for i, (cle, numero) in enumerate(zip(bloc.cles, bloc.list_valeurs("numero"), strict=True)):
        if cle and numero and cle.numero != numero:
            yield i, "row.incoherence_numero"


def _check_commune(bloc: Bloc, contexte: Contexte) -> Fautes:
    noms = contexte.communes.noms
    insees, lus = bloc.list_valeurs("commune_insee"), bloc.list_valeurs("commune_nom")
    for i, (insee, cle) in enumerate(zip(insees, bloc.cles, strict=True)):
        if not insee and not cle:
            yield i, "row.commune_manquante"
    for i, (code, nom) in enumerate(zip(bloc.communes, lus, strict=True)):
        if nom and code and noms.get(code, nom) != nom:
            yield i, "row.commune_nom_invalide"


def _check_lieudit(bloc: Bloc) -> Fautes:
    lieudits = bloc.list_valeurs("lieudit_complement_nom")
    for i, (nom, lieudit) in enumerate(zip(bloc.noms, lieudits, strict=True)):
        if (not nom or lieudit) and nom == normalize(lieudit):
            yield i, "row.voie_nom_have_same_lieudit_complement_nom"


def _check_position(bloc: Bloc) -> Fautes:
    numeros, positions = bloc.list_valeurs("numero"), bloc.list_bruts("position")
    for i, (numero, position) in enumerate(zip(numeros, positions, strict=True)):
        if not position and numero is not None and numero != TOPONYME_SEUL:
            yield i, "row.position_manquante"


def _check_coordonnees(bloc: Bloc) -> Fautes:
    colonnes = zip(
        bloc.list_valeurs("numero"), bloc.list_bruts("long"), bloc.list_bruts("lat"),
        bloc.list_valeurs("long"), bloc.list_valeurs("lat"), bloc.list_valeurs("x"),
        bloc.list_valeurs("y"), strict=True,
    )  # fmt: skip
    for i, (numero, brut_long, brut_lat, long, lat, x, y) in enumerate(colonnes):
        seul = numero == TOPONYME_SEUL
        if not (brut_long and brut_lat) and numero is not None and not seul:
            yield i, "row.longlat_vides"
            continue
        lieu = None if long is None or lat is None else project(long, lat)
        if lieu is None:
            if not seul:
                yield i, "row.longlat_invalides"
        elif x is not None and y is not None and hypot(x - lieu[0], y - lieu[1]) > TOLERANCE:
            yield i, "row.longlat_xy_incoherents"


def _check_adresse(bloc: Bloc) -> Fautes:
    for i, (numero, voie) in enumerate(zip(bloc.list_valeurs("numero"), bloc.voies, strict=True)):
        if numero is None or not voie:
            yield i, "row.adresse_incomplete"


def _check_deleguee(bloc: Bloc, contexte: Contexte) -> Fautes:
    if "commune_deleguee_insee" not in bloc.bruts:
        return
    deja = {
        i
        for nom in ("commune_insee", "commune_deleguee_insee")
        for i, _ in bloc.notables.get(nom, ())
    }
    anciens = contexte.communes.anciens
    deleguees = bloc.list_valeurs("commune_deleguee_insee")
    for i, (deleguee, code) in enumerate(zip(deleguees, bloc.communes, strict=True)):
        if not deleguee or not code or deleguee == code or i in deja:
            continue
        if deleguee not in anciens.get(code, ()):
            yield i, "row.chef_lieu_invalide"


def _check_ids(bloc: Bloc, contexte: Contexte) -> Fautes:
    attendus = contexte.ids_communes
    colonnes = zip(
        bloc.list_ids("commune"), bloc.list_ids("toponyme"), bloc.list_ids("adresse"),
        bloc.list_valeurs("numero"), bloc.communes, strict=True,
    )  # fmt: skip
    for i, (commune, toponyme, adresse, numero, code) in enumerate(colonnes):
        if not (commune or toponyme or adresse):
            continue
        manquants = (not commune) + (not toponyme)
        manquants += not adresse and numero != TOPONYME_SEUL
        for _ in range(manquants):
            yield i, "row.lack_of_id_ban"
        if commune and attendus and code and attendus.get(code, commune) != commune:
            yield i, "row.cog_no_match_id_ban_commune"
