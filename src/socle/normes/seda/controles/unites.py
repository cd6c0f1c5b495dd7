"""Contrôles des unités archivistiques : renvois, arborescence, titres, dates."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from socle.normes.seda.controles.limites import Attentes
from socle.normes.seda.controles.rapport import Anomalie, Statut
from socle.normes.seda.controles.releve import ObjetLu, Releve, UniteLue

_DATE = re.compile(r"(-?\d{4,})(?:-(\d\d)(?:-(\d\d)(?:T\d\d:\d\d:\d\d.*)?)?)?(?:Z|[+-]\d\d:\d\d)?")
_AN_LIMITE = 9000
_IDENTIFIANT_SAE = re.compile(r"[a-z0-9]{36}")


def check_identifiants(releve: Releve) -> Iterator[Anomalie]:
    """CHECK_SEDA.NOT_XSD_VALID : identifiants uniques (xsd:ID), que libxml2 ne voit pas en flux."""
    for identifiant, ligne in releve.identifiants_doubles:
        yield Anomalie(
            detail="NOT_XSD_VALID",
            lieu=f"{identifiant}, ligne {ligne}",
            message="Cet identifiant est donné à deux éléments. Donnez-en un à chacun.",
        )


def check_renvois(releve: Releve, attentes: Attentes) -> Iterator[Anomalie]:
    """CHECK_MANIFEST : cibles des unités, rattachements, cycles."""
    objets = {objet.identifiant: objet for objet in releve.objets}
    groupes = set(releve.groupes) | {objet.groupe for objet in releve.objets}
    for unite in releve.unites:
        yield from _objets_au_lieu_de_groupes(unite, objets, groupes)
        cites = set(unite.groupes) | {objets[o].groupe for o in unite.objets if o in objets}
        if len(cites) > 1:
            yield Anomalie(
                detail="ARCHIVEUNIT_REFERENCES_MULTIPLE_OBJECTGROUP",
                lieu=unite.lieu,
                message="Cette unité renvoie à plusieurs groupes d’objets. "
                "Faites une unité par groupe.",
            )
        for cible in (unite.cible, unite.groupe_existant):
            if cible is not None:
                yield from _rattachement(unite, cible, releve, attentes)
    yield from _rattachement_exige(releve, attentes)
    for identifiant in _cycles(releve):
        yield Anomalie(
            detail="CHECK_MANIFEST_LOOP",
            lieu=f"unité {identifiant}",
            message="Cette unité se contient elle-même par ses renvois. Retirez l’un des renvois.",
        )


def _rattachement(
    unite: UniteLue, cible: str, releve: Releve, attentes: Attentes
) -> Iterator[Anomalie]:
    """Une unité, ou un groupe d’objets, déjà chez le service d’archives."""
    contrat = attentes.find_contrat(releve.contrat)
    if not _IDENTIFIANT_SAE.fullmatch(cible):
        yield Anomalie(
            detail="INVALID_GUID_ATTACHMENT",
            lieu=unite.lieu,
            message=f"« {cible[:60]} » n’est pas l’identifiant d’une unité déjà archivée. "
            "Reprenez celui que donne le système d’archivage.",
        )
    elif contrat is not None and not contrat.rattachements_admis:
        yield Anomalie(
            detail="UNAUTHORIZED_ATTACHMENT_BY_CONTRACT",
            lieu=unite.lieu,
            message="Le contrat d’entrée interdit de rattacher à ce qui est déjà archivé.",
        )
    elif attentes.unites is not None and cible not in attentes.unites:
        yield Anomalie(
            detail="NOT_FOUND_ATTACHMENT",
            lieu=unite.lieu,
            message=f"« {cible} » n’existe pas dans le système d’archivage. "
            "Vérifiez l’identifiant de l’unité à laquelle rattacher.",
        )


def _rattachement_exige(releve: Releve, attentes: Attentes) -> Iterator[Anomalie]:
    contrat = attentes.find_contrat(releve.contrat)
    if contrat is None or not contrat.rattachement_exige:
        return
    if all(unite.cible is None for unite in releve.unites):
        yield Anomalie(
            detail="ATTACHMENT_REQUIRED",
            lieu="DescriptiveMetadata",
            message="Le contrat d’entrée exige de rattacher à une unité déjà archivée. Donnez son "
            "identifiant dans « UpdateOperation », ou changez de contrat.",
        )


def _objets_au_lieu_de_groupes(
    unite: UniteLue, objets: dict[str, ObjetLu], groupes: set[str]
) -> Iterator[Anomalie]:
    vises = [groupe for groupe in unite.groupes if groupe in objets and groupe not in groupes]
    vises += [cible for cible in unite.objets if cible in objets and objets[cible].dans_un_groupe]
    for cible in vises:
        yield Anomalie(
            detail="EXISTING_OG_NOT_DECLARED",
            lieu=unite.lieu,
            message=f"Cette unité renvoie à l’objet « {cible} » qui appartient à un groupe. "
            "Renvoyez au groupe.",
        )


def _cycles(releve: Releve) -> list[str]:
    """Unités par où passe un cycle, par un parcours en profondeur sans récursion."""
    filles: dict[str, list[str]] = defaultdict(list)
    for unite in releve.unites:
        if unite.parente:
            filles[unite.parente].append(unite.renvoi or unite.identifiant)
    visites: dict[str, bool] = {}
    trouves: list[str] = []
    for depart in list(filles):
        if depart not in visites:
            trouves.extend(_cycles_depuis(depart, filles, visites))
    return trouves


def _cycles_depuis(
    depart: str, filles: dict[str, list[str]], visites: dict[str, bool]
) -> Iterator[str]:
    """Parcourt les filles de `depart`. `visites` : True pendant la visite, False après."""
    visites[depart] = True
    pile = [(depart, iter(filles[depart]))]
    while pile:
        courante, suite = pile[-1]
        fille = next(suite, None)
        if fille is None:
            visites[courante] = False
            pile.pop()
        elif visites.get(fille):
            yield fille
        elif fille not in visites:
            visites[fille] = True
            pile.append((fille, iter(filles.get(fille, ()))))


def check_coherence(releve: Releve) -> Iterator[Anomalie]:
    """CHECK_CONSISTENCY : ni groupe orphelin, ni renvoi dans le vide."""
    for element, cible, ligne in releve.renvois:
        if cible not in releve.identifiants:
            yield Anomalie(
                lieu=f"{element}, ligne {ligne}",
                message=f"Le renvoi « {cible} » ne mène à rien dans le bordereau. "
                "Corrigez l’identifiant visé.",
            )
    objets = {objet.identifiant: objet.groupe for objet in releve.objets}
    cites = {groupe for unite in releve.unites for groupe in unite.groupes}
    cites |= {objets[cible] for unite in releve.unites for cible in unite.objets if cible in objets}
    tous = dict.fromkeys(objets.values()) | dict.fromkeys(releve.groupes)
    for groupe in tous:
        if groupe not in cites:
            yield Anomalie(
                detail="CHECK_CONSISTENCY_ORPHAN_OBJECT",
                lieu=f"groupe {groupe}",
                message="Ce groupe d’objets n’est rattaché à aucune unité archivistique. "
                "Ajoutez une unité qui y renvoie.",
            )


def check_unites(releve: Releve) -> Iterator[Anomalie]:
    """CHECK_UNIT_SCHEMA : titre, longueur des champs, dates lisibles et dans l’ordre."""
    for unite in releve.unites:
        if unite.renvoi is not None or unite.existante:
            continue
        if not unite.titres or not all(unite.titres):
            yield Anomalie(
                detail="INVALID_UNIT",
                lieu=unite.lieu,
                message="Le titre de cette unité manque. Donnez-lui un intitulé.",
            )
        for champ in unite.champs_longs:
            yield Anomalie(
                detail="INVALID_UNIT",
                lieu=f"{champ}, {unite.lieu}",
                message="Ce champ dépasse 32 000 caractères. Raccourcissez-le, "
                "ou versez le texte comme un fichier.",
            )
        for champ in unite.champs_douteux:
            yield Anomalie(
                statut=Statut.WARNING,
                lieu=f"{champ}, {unite.lieu}",
                message="Ce champ porte une balise HTML, ou commence par « _ » ou « # », que "
                "Vitam réserve. Récrivez-le en texte simple.",
            )
        yield from _dates(unite)
    for bloc in releve.regles:
        for depart in bloc.departs:
            yield from _date("date de départ", depart, bloc.lieu)


def _dates(unite: UniteLue) -> Iterator[Anomalie]:
    for champ, texte in unite.dates:
        yield from _date(champ, texte, unite.lieu)
    dates = dict(unite.dates)
    debut, fin = dates.get("StartDate", ""), dates.get("EndDate", "")
    commun = min(len(debut), len(fin), 10)
    if commun and fin[:commun] < debut[:commun]:
        yield Anomalie(
            detail="CONSISTENCY",
            lieu=unite.lieu,
            message=f"La date de fin ({fin}) précède la date de début ({debut}). "
            "Corrigez l’une des deux.",
        )


def _date(champ: str, texte: str, lieu: str) -> Iterator[Anomalie]:
    trouve = _DATE.fullmatch(texte)
    if trouve and int(trouve[1]) >= _AN_LIMITE:
        yield Anomalie(
            detail="INVALID_UNIT",
            lieu=f"{champ}, {lieu}",
            message=f"L’année de la date « {texte} » est trop lointaine : les systèmes "
            "d’archivage s’arrêtent avant l’an 9000.",
        )
    elif not trouve or not _est_au_calendrier(trouve):
        yield Anomalie(
            detail="DATE_FORMAT",
            lieu=f"{champ}, {lieu}",
            message=f"« {texte} » n’est pas une date. Écrivez AAAA-MM-JJ.",
        )


def _est_au_calendrier(trouve: re.Match[str]) -> bool:
    an, mois, jour = int(trouve[1]), int(trouve[2] or 1), int(trouve[3] or 1)
    if an < 1:
        return True  # avant notre ère : Python ne sait pas, on ne refuse pas
    try:
        date(an, mois, jour)
    except ValueError:
        return False
    return True
