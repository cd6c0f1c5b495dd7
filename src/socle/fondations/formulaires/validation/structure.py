"""Contrôles de structure : pages, identifiants, libellés, titres, listes, bornes, barèmes."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from socle.fondations.formulaires.definition import (
    CHAMPS_MAX,
    Bareme,
    BlocRepetable,
    ChampDate,
    ChoixMultiple,
    ChoixSimple,
    Explication,
    NombreDecimal,
    NombreEntier,
    Option,
    Source,
    TitreSection,
)
from socle.fondations.formulaires.enums import Gravite
from socle.fondations.formulaires.textes import fold
from socle.fondations.formulaires.valeurs import AUTRE
from socle.fondations.formulaires.validation.anomalie import (
    Anomalie,
    Element,
    Index,
    make_anomalie_page,
)


def check_structure(index: Index) -> Iterator[Anomalie]:
    """Contrôle tout ce qui ne demande pas de suivre une condition ou une formule."""
    yield from _check_tailles(index)
    yield from _check_pages(index)
    yield from _check_identifiants(index)
    yield from _check_titres(index)
    yield from _check_doublons(index)
    for element in index.elements:
        yield from _check_champ(element)
    for bareme in index.definition.baremes:
        yield from _check_bareme(bareme)


def _check_tailles(index: Index) -> Iterator[Anomalie]:
    if not index.definition.pages:
        yield Anomalie(regle="page_absente", message="Ce formulaire n’a aucune page.")
    if len(index.elements) > CHAMPS_MAX:
        message = f"Ce formulaire a {len(index.elements)} champs, la limite est de {CHAMPS_MAX}."
        yield Anomalie(regle="trop_de_champs", message=message)


def _check_pages(index: Index) -> Iterator[Anomalie]:
    vues: set[str] = set()
    titres: set[str] = set()
    for rang, page in enumerate(index.definition.pages):
        if page.id in vues:
            message = f"L’identifiant de page « {page.id} » sert deux fois."
            yield make_anomalie_page(rang, page, "page_double", message)
        if not page.titre:
            message = "Donnez un titre à cette page : c’est le titre de l’étape."
            yield make_anomalie_page(rang, page, "titre_page_manquant", message)
        elif fold(page.titre) in titres:
            message = "Une autre page porte le même titre : on ne saurait plus où l’on est."
            yield make_anomalie_page(rang, page, "titre_page_double", message)
        if not page.champs:
            message = "Cette page est vide : ajoutez un champ ou supprimez-la."
            yield make_anomalie_page(rang, page, "page_vide", message)
        vues.add(page.id)
        titres.add(fold(page.titre))


def _check_identifiants(index: Index) -> Iterator[Anomalie]:
    for element in index.elements:
        if index.par_id[element.id] is not element:
            message = f"L’identifiant « {element.id} » sert à deux champs."
            yield element.make_anomalie("identifiant_double", message, attribut="id")
    for bareme in index.definition.baremes:
        if bareme.id in index.par_id:
            message = f"« {bareme.id} » est à la fois un barème et un champ : renommez le barème."
            yield _make_anomalie_bareme(bareme, "identifiant_double", message)
    compte = Counter(bareme.id for bareme in index.definition.baremes)
    for identifiant, nombre in compte.items():
        if nombre > 1:
            message = f"L’identifiant de barème « {identifiant} » sert {nombre} fois."
            yield Anomalie(regle="identifiant_double", message=message)


def _check_titres(index: Index) -> Iterator[Anomalie]:
    """Un niveau de titre ne se saute pas : RGAA 9.1."""
    for rang in range(len(index.definition.pages)):
        niveau = 0
        for element in index.iter_page(rang):
            if isinstance(element.champ, BlocRepetable):
                yield from _check_titres_bloc(index, element.champ)
            if not isinstance(element.champ, TitreSection):
                continue
            if element.champ.niveau > niveau + 1:
                yield _refuse_niveau(element, element.champ, niveau)
            niveau = element.champ.niveau


def _check_titres_bloc(index: Index, bloc: BlocRepetable) -> Iterator[Anomalie]:
    niveau = 0
    for element in index.elements:
        if element.bloc is bloc and isinstance(element.champ, TitreSection):
            if element.champ.niveau > niveau + 1:
                yield _refuse_niveau(element, element.champ, niveau)
            niveau = element.champ.niveau


def _refuse_niveau(element: Element, titre: TitreSection, niveau: int) -> Anomalie:
    message = (
        f"Ce titre est de niveau {titre.niveau} alors que le précédent est de niveau {niveau} : "
        f"passez-le au niveau {niveau + 1}."
        if niveau
        else f"Le premier titre d’une page est de niveau 1, celui-ci est de niveau {titre.niveau}."
    )
    return element.make_anomalie("niveau_saute", message, attribut="niveau")


def _check_doublons(index: Index) -> Iterator[Anomalie]:
    """Deux questions identiques dans une même section ne se distinguent pas à l’oreille."""
    vus: dict[tuple[int, str, int, str], Element] = {}
    section = 0
    for element in index.elements:
        if isinstance(element.champ, TitreSection):
            section += 1
        libelle = fold(element.champ.libelle)
        if not libelle or isinstance(element.champ, Explication):
            continue
        bloc = element.bloc.id if element.bloc else ""
        cle = (element.rang_page, bloc, section, libelle)
        if cle in vus:
            message = "Un autre champ de cette section porte le même libellé : précisez l’un d’eux."
            yield element.make_anomalie("libelle_double", message, attribut="libelle")
        vus[cle] = element


def _check_champ(element: Element) -> Iterator[Anomalie]:
    champ = element.champ
    if not champ.libelle and not isinstance(champ, Explication | Source):
        message = "Ce champ n’a pas de libellé : écrivez la question."
        yield element.make_anomalie("libelle_manquant", message, attribut="libelle")
    if isinstance(champ, Explication) and not champ.texte:
        message = "Cette explication est vide : écrivez son texte ou supprimez-la."
        yield element.make_anomalie("explication_vide", message, attribut="texte")
    if isinstance(champ, ChoixSimple | ChoixMultiple):
        yield from _check_options(element, champ.options, autre=getattr(champ, "autre", False))
    if isinstance(champ, BlocRepetable):
        yield from _check_bloc(element, champ)
    if isinstance(champ, NombreEntier | NombreDecimal):
        yield from _check_bornes(element, champ.minimum, champ.maximum)
    if isinstance(champ, ChampDate):
        yield from _check_dates(element, champ)


def _check_options(
    element: Element, options: tuple[Option, ...], *, autre: bool
) -> Iterator[Anomalie]:
    if not options:
        message = "La liste des réponses est vide : ajoutez-en une au moins."
        yield element.make_anomalie("liste_vide", message, attribut="options")
    identifiants = Counter(option.id for option in options)
    if autre:
        identifiants[AUTRE] += 1
    libelles = Counter(fold(option.libelle) for option in options)
    if any(nombre > 1 for nombre in identifiants.values()) or any(
        nombre > 1 for libelle, nombre in libelles.items() if libelle
    ):
        message = "Deux réponses proposées sont identiques : gardez-en une."
        yield element.make_anomalie("option_double", message, attribut="options")
    if "" in libelles:
        message = "Une réponse proposée n’a pas de texte."
        yield element.make_anomalie("option_vide", message, attribut="options")


def _check_bloc(element: Element, bloc: BlocRepetable) -> Iterator[Anomalie]:
    if not bloc.champs:
        message = "Ce bloc répétable est vide : ajoutez-y un champ."
        yield element.make_anomalie("bloc_vide", message, attribut="champs")
    if not bloc.libelle_ligne:
        message = "Nommez une ligne de ce bloc (« Enfant ») : ses boutons en ont besoin."
        yield element.make_anomalie("libelle_ligne_manquant", message, attribut="libelle_ligne")


def _check_bornes(element: Element, minimum: Any, maximum: Any) -> Iterator[Anomalie]:
    if minimum is not None and maximum is not None and minimum > maximum:
        message = "Le minimum est plus grand que le maximum : aucune réponse n’est possible."
        yield element.make_anomalie("bornes_inversees", message, attribut="minimum")


def _check_dates(element: Element, champ: ChampDate) -> Iterator[Anomalie]:
    tot, tard = champ.au_plus_tot, champ.au_plus_tard
    if tot is None or tard is None or "aujourdhui" in (tot, tard):
        return
    yield from _check_bornes(element, tot, tard)


def _make_anomalie_bareme(
    bareme: Bareme, regle: str, message: str, gravite: Gravite = Gravite.BLOQUANTE
) -> Anomalie:
    place = f"Barème « {bareme.libelle or bareme.id} »"
    return Anomalie(regle=regle, message=message, place=place, gravite=gravite, attribut=bareme.id)


def _check_bareme(bareme: Bareme) -> Iterator[Anomalie]:
    if not bareme.libelle:
        message = "Donnez un nom à ce barème."
        yield _make_anomalie_bareme(bareme, "libelle_manquant", message)
    if not bareme.tranches:
        message = "Ce barème n’a aucune tranche."
        yield _make_anomalie_bareme(bareme, "bareme_vide", message)
        return
    bornes = [tranche.jusqu_a for tranche in bareme.tranches]
    if bornes[-1] is not None:
        message = "La dernière tranche doit être sans limite, pour couvrir toutes les valeurs."
        yield _make_anomalie_bareme(bareme, "bareme_ouvert", message)
    precedente: Decimal | None = None
    for rang, borne in enumerate(bornes[:-1], 1):
        if borne is None or (precedente is not None and borne <= precedente):
            message = f"La tranche {rang} ne suit pas la précédente : ses bornes doivent croître."
            yield _make_anomalie_bareme(bareme, "bareme_desordonne", message)
            return
        precedente = borne
    if precedente is not None and bornes[-1] is not None and bornes[-1] <= precedente:
        message = "La dernière tranche ne suit pas la précédente : ses bornes doivent croître."
        yield _make_anomalie_bareme(bareme, "bareme_desordonne", message)
    if not bareme.acte:
        message = "Indiquez l’acte qui fixe ce barème : la personne doit pouvoir le vérifier."
        yield _make_anomalie_bareme(bareme, "acte_manquant", message, Gravite.CONSEIL)
