"""Contrôles des règles de gestion et des niveaux de classification."""

from collections.abc import Iterator

from socle.normes.seda.controles.limites import Attentes
from socle.normes.seda.controles.rapport import Anomalie
from socle.normes.seda.controles.releve import ReglesLues, Releve

# Les niveaux que la loi a connus ; un service d’archives peut en admettre moins.
# Source : code de la défense, art. R. 2311-2, avant et depuis le 1er juillet 2021.
NIVEAUX_LEGAUX = frozenset(
    (
        "Non protégé", "Diffusion restreinte", "Diffusion limitée", "Confidentiel Défense",
        "Secret Défense", "Très Secret Défense", "Secret", "Très Secret",
    )
)  # fmt: skip


def _to_forme(niveau: str) -> str:
    """« Secret-Défense » et « secret défense » sont le même niveau."""
    return " ".join(niveau.casefold().replace("-", " ").split())


def check_classification(releve: Releve, attentes: Attentes) -> Iterator[Anomalie]:
    """CHECK_CLASSIFICATION_LEVEL : niveau de la liste du destinataire, si elle est connue."""
    admis = attentes.niveaux_de_classification
    formes = {_to_forme(niveau) for niveau in admis or ()}
    for bloc in releve.regles:
        if admis is not None and bloc.niveau and _to_forme(bloc.niveau) not in formes:
            yield Anomalie(
                lieu=bloc.lieu,
                message=f"Le niveau de classification « {bloc.niveau} » n’est pas admis par le "
                f"service d’archives. Choisissez parmi : {', '.join(sorted(admis))}.",
            )


def check_regles(releve: Releve, attentes: Attentes) -> Iterator[Anomalie]:
    """UNITS_RULES_COMPUTE : règles non vides ; de la bonne catégorie si la liste est connue."""
    for bloc in releve.regles:
        for code in bloc.codes:
            yield from _regle(bloc, code, "CONSISTENCY", attentes)
        for code in bloc.exclues:
            yield from _regle(bloc, code, "REF_INCONSISTENCY", attentes)


def _regle(bloc: ReglesLues, code: str, detail: str, attentes: Attentes) -> Iterator[Anomalie]:
    if not code:
        yield Anomalie(
            detail="UNKNOWN",
            lieu=bloc.lieu,
            message="Une règle n’a pas de code. Indiquez celui du service d’archives.",
        )
        return
    if attentes.regles is None:
        return
    categorie = attentes.regles.get(code)
    if categorie is None:
        yield Anomalie(
            detail="UNKNOWN",
            lieu=bloc.lieu,
            message=f"La règle « {code} » est inconnue du service d’archives. "
            "Faites-l’y inscrire, ou choisissez-en une autre.",
        )
    elif categorie != bloc.categorie:
        yield Anomalie(
            detail=detail,
            lieu=bloc.lieu,
            message=f"La règle « {code} » est de la catégorie {categorie}, "
            f"pas {bloc.categorie}. Choisissez une règle de la bonne catégorie.",
        )
