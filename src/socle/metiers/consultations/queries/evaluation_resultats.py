"""Les résultats : ce que tout le monde lira, figé d’un coup, et ce que lit le déposant."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform

from socle.fondations.commun.textes import format_nombre
from socle.fondations.referentiels.enums import GenreAutorite, Tranche
from socle.fondations.referentiels.models import Autorite
from socle.fondations.referentiels.queries import list_regions
from socle.metiers.consultations.enums import (
    CollegeJury,
    EtatReponse,
    FonctionJury,
    Issue,
    OrigineDeport,
)
from socle.metiers.consultations.models import (
    CritereDeGrille,
    Deport,
    Grille,
    Instruction,
    Notation,
    Reponse,
    Resultat,
)
from socle.metiers.consultations.queries.chiffres import mask_groupes
from socle.metiers.consultations.queries.evaluation_jury import (
    get_grille,
    list_criteres,
    list_jures,
)

NOMBRE = re.compile(r"\d{1,12}(\.\d{1,2})?", re.ASCII)
AUTRES = "Autres organisations"
SANS_TAILLE = "Taille inconnue"  # collectivité que le code officiel n’a pas, ou n’a plus


def find_publiee(slug: str) -> Instruction | None:
    """Rend une évaluation dont les résultats sont publics, en une instruction."""
    return (
        Instruction.objects.filter(campagne__slug=slug, publiee_le__isnull=False)
        .select_related("campagne")
        .first()
    )


def list_resultats(instruction: Instruction) -> QuerySet[Resultat]:
    """Résultats du mieux classé au dernier ; les éliminés à la fin."""
    return (
        Resultat.objects.filter(instruction=instruction)
        .select_related("reponse")
        .defer("reponse__reponses", "reponse__mots")
        .order_by("elimine", "rang", "reponse__depose_le", "pk")
    )


def list_a_arreter(instruction: Instruction) -> list[Resultat]:
    """Les mêmes, avec `demandee` : ce que le dossier demande (sa question « montant »), ou None."""
    lus = list_resultats(instruction).annotate(
        _demande=KeyTextTransform("montant", "reponse__reponses")
    )
    for lu in lus:
        texte = lu._demande or ""  # noqa: SLF001
        nombre = Decimal(texte) if NOMBRE.fullmatch(texte) else None
        lu.demandee = nombre  # type: ignore[attr-defined]
        lu.depasse = nombre is not None and lu.montant > nombre  # type: ignore[attr-defined]
    return list(lus)


def build_bilan(instruction: Instruction) -> dict[str, Any]:
    """Compte tout ce qui sera public ; une douzaine d’instructions, quel que soit le nombre."""
    campagne = instruction.campagne
    resultats = list(list_resultats(instruction))
    recus = list(
        Reponse.objects.filter(campagne=campagne, etat=EtatReponse.DEPOSEE)
        .select_related("recevabilite")
        .defer("reponses", "mots")
        .order_by("depose_le", "pk")
    )
    grille = get_grille(instruction)
    return {
        "campagne": {
            "slug": campagne.slug, "titre": campagne.titre, "genre": campagne.get_genre_display(),
        },
        "chiffres": _count_chiffres(instruction, recus, resultats),
        "retenus": [_write_retenu(r) for r in resultats if r.issue == Issue.RETENU],
        "repartitions": _build_repartitions(recus, resultats),
        "jury": _write_jury(instruction),
        "deports": _count_deports(instruction),
        "grille": _write_grille(grille),
    }  # fmt: skip


def _count_chiffres(
    instruction: Instruction, recus: list[Reponse], resultats: list[Resultat]
) -> dict[str, Any]:
    issues = Counter(resultat.issue for resultat in resultats)
    signees = Notation.objects.filter(
        grille__instruction=instruction, grille__courante=True, annulee_le__isnull=True,
        signee_le__isnull=False,
    )  # fmt: skip
    enveloppe = instruction.campagne.budget
    return {
        "recus": len(recus),
        "recevables": len(resultats),
        "irrecevables": len(recus) - len(resultats),
        "retenus": issues[Issue.RETENU],
        "complementaires": issues[Issue.COMPLEMENTAIRE],
        "non_retenus": issues[Issue.NON_RETENU],
        "taux": _rate(issues[Issue.RETENU], len(resultats)),
        "montant": _write_euros(sum((r.montant for r in resultats), Decimal(0))),
        "enveloppe": _write_euros(enveloppe) if enveloppe is not None else "",
        "notes_signees": signees.count(),
        "quorum": instruction.quorum,
    }


def _write_retenu(resultat: Resultat) -> dict[str, Any]:
    reponse = resultat.reponse
    return {
        "rang": resultat.rang,
        "numero": reponse.numero,
        "nom": reponse.nom_montre,
        "autorite": reponse.autorite,
        "departement": reponse.departement,
        "montant": _write_euros(resultat.montant),
        "conditions": resultat.conditions,
        "ecarte_du_calcul": resultat.rang != resultat.rang_calcule,
    }


def _write_jury(instruction: Instruction) -> list[dict[str, str]]:
    """Ceux qui ont siégé, remplacés compris : leurs notes comptent."""
    return [
        {
            "nom": jure.compte.nom_affiche,
            "organisation": jure.organisation,
            "college": CollegeJury(jure.college).label,
            "fonction": FonctionJury(jure.fonction).label,
            "sorti": "oui" if jure.sorti_le else "",
        }
        for jure in list_jures(instruction, sortis=True)
    ]


def _count_deports(instruction: Instruction) -> dict[str, Any]:
    vivants = Deport.objects.filter(jure__instruction=instruction, leve_le__isnull=True)
    origines = Counter(vivants.order_by("pk").values_list("origine", flat=True))
    return {
        "total": sum(origines.values()),
        "origines": [
            {"nom": origine.label, "nombre": origines[origine.value]}
            for origine in OrigineDeport
            if origines[origine.value]
        ],
    }


def _write_grille(grille: Grille) -> dict[str, Any]:
    return {
        "version": grille.version,
        "maximum": grille.maximum,
        "mention": grille.mention,
        "criteres": [
            {"intitule": c.intitule, "question": c.question, "poids": c.poids,
             "seuil": format_nombre(c.seuil) if c.seuil is not None else ""}
            for c in list_criteres(grille)
        ],
    }  # fmt: skip


def _build_repartitions(recus: list[Reponse], resultats: list[Resultat]) -> list[dict[str, Any]]:
    """Reçus, recevables, retenus et taux, par sorte, par taille et par région.

    Moins de cinq dossiers désigneraient ceux qui n’ont rien obtenu : leurs nombres sont cachés,
    sauf les retenus, publiés par leur nom.
    """
    issues = {resultat.reponse_id: resultat.issue for resultat in resultats}
    autorites = Autorite.objects.in_bulk({r.autorite for r in recus if r.autorite})
    regions = {region.code: region.nom for region in list_regions()}
    genres = dict(GenreAutorite.choices)

    def read_taille(reponse: Reponse) -> str:
        autorite = autorites.get(reponse.autorite)
        if autorite:
            return Tranche(autorite.tranche).label
        return SANS_TAILLE if reponse.genre_autorite in genres else AUTRES

    axes: list[tuple[str, Callable[[Reponse], str]]] = [
        ("Par sorte de collectivité", lambda r: genres.get(r.genre_autorite, AUTRES)),
        ("Par taille", read_taille),
        ("Par région", lambda r: regions.get(r.region, AUTRES)),
    ]
    tranches = [Tranche(t).label for t in Tranche.values]
    return [
        {"titre": titre, "lignes": _count_lignes(recus, issues, lire, tranches)}
        for titre, lire in axes
    ]


def _count_lignes(
    recus: Iterable[Reponse], issues: dict[int, str], lire: Callable[[Reponse], str],
    tranches: list[str],
) -> list[dict[str, Any]]:  # fmt: skip
    lignes: dict[str, dict[str, Any]] = {}
    for reponse in recus:
        nom = lire(reponse)
        ligne = lignes.setdefault(nom, {"nom": nom, "recus": 0, "recevables": 0, "retenus": 0})
        ligne["recus"] += 1
        ligne["recevables"] += reponse.pk in issues
        ligne["retenus"] += issues.get(reponse.pk) == Issue.RETENU
    rang = {nom: place for place, nom in enumerate(tranches)}
    derniers = (SANS_TAILLE, AUTRES)
    triees = sorted(
        lignes.values(),
        key=lambda li: (li["nom"] in derniers, rang.get(li["nom"], 0), -li["recus"], li["nom"]),
    )
    montres = mask_groupes([ligne["recus"] for ligne in triees], exclusifs=True)
    return [
        ligne | {"taux": _rate(ligne["retenus"], nombre)}
        if nombre
        else ligne | {"recus": None, "recevables": None, "taux": None}
        for ligne, nombre in zip(triees, montres, strict=True)
    ]


def _rate(part: int, tout: int) -> int:
    """Pour cent, arrondi à l’entier ; zéro sans dossier."""
    return round(100 * part / tout) if tout else 0


def _write_euros(montant: Decimal) -> str:
    """« 40000.00 » : une valeur sûre en JSON, mise en forme à l’affichage."""
    return f"{montant:.2f}"


# Ce que lit le déposant ---------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class LigneDeNote:
    """La moyenne du jury sur un critère."""

    critere: CritereDeGrille
    moyenne: str
    sous_le_seuil: bool


@dataclass(frozen=True, slots=True)
class ResultatDuDeposant:
    """Son dossier, et lui seul."""

    instruction: Instruction
    reponse: Reponse
    resultat: Resultat | None
    grille: Grille
    notes: list[LigneDeNote]
    notes_signees: int


def find_resultat(reponse: Reponse) -> ResultatDuDeposant | None:
    """Rend ce que le déposant peut lire de son dossier ; None avant la publication."""
    instruction = find_publiee(reponse.campagne.slug)
    if instruction is None or not reponse.is_deposee:
        return None
    resultat = Resultat.objects.filter(reponse=reponse).first()
    grille = get_grille(instruction)
    moyennes = resultat.moyennes if resultat else {}
    criteres = list_criteres(grille) if resultat else []
    signees = Notation.objects.filter(
        reponse=reponse, grille=grille, annulee_le__isnull=True, signee_le__isnull=False
    ).count()
    return ResultatDuDeposant(
        instruction=instruction,
        reponse=reponse,
        resultat=resultat,
        grille=grille,
        notes=[_write_ligne(c, moyennes[str(c.pk)]) for c in criteres if str(c.pk) in moyennes],
        notes_signees=signees,
    )


def _write_ligne(critere: CritereDeGrille, moyenne: str) -> LigneDeNote:
    dessous = critere.seuil is not None and Decimal(moyenne) < critere.seuil
    return LigneDeNote(critere, moyenne.replace(".", ","), dessous)
