"""Contrôles des sources : elles existent, et leurs données vont dans des champs adaptés."""

from collections.abc import Iterator, Mapping

from socle.fondations.formulaires.definition import ChampSaisi, Source
from socle.fondations.formulaires.enums import Gravite
from socle.fondations.formulaires.ports import SourceDonnees
from socle.fondations.formulaires.validation.anomalie import Anomalie, Element, Index

# Types de champ qui acceptent une donnée prévue pour un autre type.
_COMPATIBLES: dict[str, frozenset[str]] = {
    "nombre_entier": frozenset({"nombre_decimal", "texte_court"}),
    "nombre_decimal": frozenset({"texte_court"}),
    "civilite": frozenset({"texte_court"}),
    "courriel": frozenset({"texte_court"}),
    "telephone": frozenset({"texte_court"}),
    "commune": frozenset({"texte_court"}),
    "texte_court": frozenset({"texte_long"}),
    "date": frozenset({"texte_court"}),
}


def check_sources(index: Index, connues: Mapping[str, SourceDonnees]) -> Iterator[Anomalie]:
    """Contrôle chaque bloc de source et ses correspondances."""
    remplis: dict[str, Element] = {}
    for element in index.elements:
        if isinstance(element.champ, Source):
            yield from _check_source(index, element, element.champ, connues, remplis)


def _check_source(
    index: Index,
    element: Element,
    champ: Source,
    connues: Mapping[str, SourceDonnees],
    remplis: dict[str, Element],
) -> Iterator[Anomalie]:
    source = connues.get(champ.code)
    if source is None:
        message = (
            f"La source « {champ.code} » n’est pas branchée ici."
            if champ.code
            else "Choisissez la source à interroger."
        )
        yield element.make_anomalie("source_inconnue", message, attribut="code")
    if not champ.correspondances:
        message = "Dites quel champ reçoit chaque donnée : sans cela, l’appel ne sert à rien."
        yield element.make_anomalie("source_sans_champ", message, attribut="correspondances")
    for correspondance in champ.correspondances:
        cible = index.par_id.get(correspondance.champ)
        raison = _refuse_cible(element, cible, correspondance.champ)
        if not raison and correspondance.champ in remplis:
            raison = f"{cible.nom if cible else ''} est déjà rempli par une autre donnée."
        if raison:
            yield element.make_anomalie("source_cible", raison, attribut="correspondances")
            continue
        remplis[correspondance.champ] = element
        if source is not None and cible is not None:
            yield from _check_donnee(element, cible, correspondance.donnee, source)
    if source is not None:
        yield from _advise_superflu(element, champ, source)


def _refuse_cible(element: Element, cible: Element | None, identifiant: str) -> str:
    if cible is None:
        return f"La donnée va dans « {identifiant} », qui n’existe pas."
    if cible.bloc is not None:
        return f"La donnée va dans {cible.nom}, enfermé dans un bloc répétable."
    if not isinstance(cible.champ, ChampSaisi):
        return f"La donnée va dans {cible.nom}, qui ne se remplit pas."
    if cible.rang < element.rang:
        return f"La donnée va dans {cible.nom}, qui vient avant la source."
    return ""


def _check_donnee(
    element: Element, cible: Element, donnee: str, source: SourceDonnees
) -> Iterator[Anomalie]:
    proposee = next((d for d in source.donnees if d.code == donnee), None)
    if proposee is None:
        message = f"La source « {source.titre} » ne fournit pas « {donnee} »."
        yield element.make_anomalie("donnee_inconnue", message, attribut="correspondances")
        return
    recu = getattr(cible.champ, "type", "")
    if recu != proposee.type and recu not in _COMPATIBLES.get(proposee.type, frozenset()):
        message = f"« {proposee.libelle} » ne peut pas remplir {cible.nom} : changez son type."
        yield element.make_anomalie("donnee_incompatible", message, attribut="correspondances")


def _advise_superflu(element: Element, champ: Source, source: SourceDonnees) -> Iterator[Anomalie]:
    """Une donnée qu’on n’utilise pas ne se demande pas : RGPD, art. 5.1.c."""
    utilisees = {correspondance.donnee for correspondance in champ.correspondances}
    inutiles = [d.libelle for d in source.donnees if d.code not in utilisees and not d.facultative]
    if inutiles and len(inutiles) < len(source.donnees):
        message = f"Cette source donne aussi, sans que le formulaire s’en serve : {inutiles[0]}."
        yield element.make_anomalie(
            "donnee_inutile", message, attribut="correspondances", gravite=Gravite.CONSEIL
        )
