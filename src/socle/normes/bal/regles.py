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
    numeros = bloc.list_valeurs("numero")
    if "cle_interop" not in bloc.bruts or numeros == bloc.numeros_de_cle:
        return
    colonnes = zip(bloc.cles, bloc.numeros_de_cle, numeros, strict=True)
    for i, (cle, attendu, numero) in enumerate(colonnes):
        if cle and numero and numero != attendu:
            yield i, "row.incoherence_numero"


def _check_commune(bloc: Bloc, contexte: Contexte) -> Fautes:
    noms = contexte.communes.noms
    insees, lus = bloc.list_valeurs("commune_insee"), bloc.list_valeurs("commune_nom")
    if not all(insees):
        for i, (insee, cle) in enumerate(zip(insees, bloc.cles, strict=True)):
            if not insee and not cle:
                yield i, "row.commune_manquante"
    faux = {
        (code, nom)
        for code, nom in set(zip(bloc.communes, lus, strict=True))
        if nom and code and noms.get(code, nom) != nom
    }
    if faux:
        for i, paire in enumerate(zip(bloc.communes, lus, strict=True)):
            if paire in faux:
                yield i, "row.commune_nom_invalide"


def _check_lieudit(bloc: Bloc) -> Fautes:
    lieudits = bloc.list_valeurs("lieudit_complement_nom")
    if all(bloc.noms) and not any(lieudits):
        return
    for i, (nom, lieudit) in enumerate(zip(bloc.noms, lieudits, strict=True)):
        if (not nom or lieudit) and nom == normalize(lieudit):
            yield i, "row.voie_nom_have_same_lieudit_complement_nom"


def _check_position(bloc: Bloc) -> Fautes:
    numeros, positions = bloc.list_valeurs("numero"), bloc.list_bruts("position")
    if all(positions):
        return
    for i, (numero, position) in enumerate(zip(numeros, positions, strict=True)):
        if not position and numero is not None and numero != TOPONYME_SEUL:
            yield i, "row.position_manquante"


def _check_coordonnees(bloc: Bloc) -> Fautes:
    numeros = bloc.list_valeurs("numero")
    vides = set(_list_vides(bloc, numeros))
    colonnes = zip(*map(bloc.list_valeurs, ("long", "lat", "x", "y")), strict=True)
    for i, (long, lat, x, y) in enumerate(colonnes):
        lieu = None if long is None or lat is None else project(long, lat)
        if i in vides:
            yield i, "row.longlat_vides"
        elif lieu is None:
            if numeros[i] != TOPONYME_SEUL:
                yield i, "row.longlat_invalides"
        elif x is not None and y is not None and hypot(x - lieu[0], y - lieu[1]) > TOLERANCE:
            yield i, "row.longlat_xy_incoherents"


def _list_vides(bloc: Bloc, numeros: list[int | None]) -> list[int]:
    """Rend les rangs des adresses sans longitude ou sans latitude."""
    longs, lats = bloc.list_bruts("long"), bloc.list_bruts("lat")
    if all(longs) and all(lats):
        return []
    return [
        i
        for i, (long, lat, numero) in enumerate(zip(longs, lats, numeros, strict=True))
        if not (long and lat) and numero is not None and numero != TOPONYME_SEUL
    ]


def _check_adresse(bloc: Bloc) -> Fautes:
    numeros = bloc.list_valeurs("numero")
    if None not in numeros and all(bloc.voies):
        return
    for i, (numero, voie) in enumerate(zip(numeros, bloc.voies, strict=True)):
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
    ids = [bloc.list_ids(nom) for nom in ("commune", "toponyme", "adresse")]
    if not any(map(any, ids)):
        return
    colonnes = zip(*ids, bloc.list_valeurs("numero"), bloc.communes, strict=True)
    for i, (commune, toponyme, adresse, numero, code) in enumerate(colonnes):
        if not (commune or toponyme or adresse):
            continue
        manquants = (not commune) + (not toponyme)
        manquants += not adresse and numero != TOPONYME_SEUL
        for _ in range(manquants):
            yield i, "row.lack_of_id_ban"
        if commune and attendus and code and attendus.get(code, commune) != commune:
            yield i, "row.cog_no_match_id_ban_commune"
