"""Ce que voit le jury. Un dossier en déport n’est jamais dans ces listes : il n’existe pas."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from socle.fondations.comptes.models import Compte
from socle.metiers.consultations.enums import EtapeInstruction, EtatReponse
from socle.metiers.consultations.models import (
    CritereDeGrille,
    Deport,
    Grille,
    Instruction,
    Jure,
    Notation,
    Reponse,
)
from socle.metiers.consultations.permissions import can_siege

JUGES = ("campagne", "recevabilite")


@dataclass(frozen=True, slots=True)
class DossierANoter:
    """Un dossier ouvert à un membre, et où il en est."""

    reponse: Reponse
    notation: Notation | None

    @property
    def etat(self) -> str:
        if self.notation is None:
            return "À noter"
        return "Signé" if self.notation.is_signee else "Brouillon"

    @property
    def couleur(self) -> str:
        return {"Signé": "success", "Brouillon": "info"}.get(self.etat, "")


def find_jure(compte: Compte, slug: str) -> Jure | None:
    """Rend la place de cette personne au jury d’une campagne ; None si elle n’en a pas, ou plus.

    L’équipe organise et lit toutes les réponses : elle ne siège à aucun jury.
    """
    if not can_siege(compte):
        return None
    return (
        Jure.objects.filter(
            compte=compte, sorti_le__isnull=True, instruction__campagne__slug=slug
        )
        .select_related("instruction__campagne", "compte")
        .first()
    )  # fmt: skip


def list_places(compte: Compte) -> list[Jure]:
    """Jurys où siège cette personne, le plus récent d’abord."""
    if not can_siege(compte):
        return []
    return list(
        Jure.objects.filter(compte=compte, sorti_le__isnull=True)
        .select_related("instruction__campagne")
        .order_by("-instruction__cree_le", "pk")
    )


def list_jures(instruction: Instruction, *, sortis: bool = False) -> list[Jure]:
    """Membres du jury : présidence d’abord, puis par collège."""
    jures = Jure.objects.filter(instruction=instruction).select_related("compte", "remplace")
    if not sortis:
        jures = jures.filter(sorti_le__isnull=True)
    ordre = {"president": 0, "vice_president": 1}
    lus = jures.order_by("college", "pk")
    return sorted(lus, key=lambda j: (bool(j.sorti_le), ordre.get(j.fonction, 2)))


def get_grille(instruction: Instruction) -> Grille:
    """Rend la grille courante."""
    return Grille.objects.get(instruction=instruction, courante=True)


def list_criteres(grille: Grille) -> list[CritereDeGrille]:
    return list(CritereDeGrille.objects.filter(grille=grille).order_by("rang"))


def list_recevables(instruction: Instruction) -> QuerySet[Reponse]:
    """Dossiers déposés et recevables, dans l’ordre du dépôt."""
    return (
        Reponse.objects.filter(
            campagne=instruction.campagne_id,
            etat=EtatReponse.DEPOSEE,
            recevabilite__recevable=True,
        )
        .select_related(*JUGES)
        .order_by("depose_le", "pk")
    )


def list_a_declarer(jure: Jure) -> list[Reponse]:
    """Dossiers recevables sur lesquels ce membre n’a encore rien déclaré ; leur nom seul."""
    nouveaux = list_recevables(jure.instruction).exclude(pk__in=jure.declare_sur)
    return list(nouveaux.defer("reponses", "mots"))


def exclude_deports(reponses: QuerySet[Reponse], jure: Jure) -> QuerySet[Reponse]:
    """Ôte les dossiers sur lesquels ce membre est en déport."""
    siens = Deport.objects.filter(jure=jure, reponse=OuterRef("pk"), leve_le__isnull=True)
    return reponses.filter(~Exists(siens))


def list_visibles(jure: Jure) -> QuerySet[Reponse]:
    """Dossiers que ce membre peut lire : la notation est ouverte, et il a déclaré dessus."""
    ouverte = jure.instruction.etape != EtapeInstruction.PREPARATION
    if jure.sorti_le or not jure.has_declare or not ouverte:
        return Reponse.objects.none()
    declares = list_recevables(jure.instruction).filter(pk__in=jure.declare_sur)
    return exclude_deports(declares, jure)


def find_dossier(jure: Jure, cle: UUID | str) -> Reponse | None:
    """Rend un dossier que ce membre peut lire ; None, comme s’il n’existait pas, sinon."""
    return list_visibles(jure).filter(cle=cle).first()


def list_dossiers(jure: Jure, grille: Grille) -> list[DossierANoter]:
    """Dossiers de ce membre avec sa notation, en deux instructions."""
    notations = Notation.objects.filter(jure=jure, grille=grille, annulee_le__isnull=True)
    par_dossier = {notation.reponse_id: notation for notation in notations.order_by("pk")}
    visibles = list_visibles(jure).defer("reponses", "mots")
    return [DossierANoter(reponse, par_dossier.get(reponse.pk)) for reponse in visibles]


def list_caches(jure: Jure) -> set[int]:
    """Dossiers dont ce membre ne lit ni la note ni le rang, même en délibération."""
    vivants = Deport.objects.filter(jure=jure, leve_le__isnull=True).order_by("pk")
    return set(vivants.values_list("reponse_id", flat=True))


def list_deports(instruction: Instruction) -> list[Deport]:
    """Déports de la campagne, levés compris, pour le procès-verbal."""
    return list(
        Deport.objects.filter(jure__instruction=instruction)
        .select_related("jure__compte", "reponse")
        .order_by("reponse__depose_le", "reponse_id", "pk")
    )


def find_notation(jure: Jure, reponse: Reponse, grille: Grille) -> Notation | None:
    return Notation.objects.filter(
        jure=jure, reponse=reponse, grille=grille, annulee_le__isnull=True
    ).first()


def list_autres_notations(jure: Jure, reponse: Reponse, grille: Grille) -> list[Notation]:
    """Notes signées des autres membres : visibles à qui a signé la sienne, à personne d’autre."""
    sienne = find_notation(jure, reponse, grille)
    deliberee = jure.instruction.etape not in {
        EtapeInstruction.PREPARATION, EtapeInstruction.NOTATION,
    }  # fmt: skip
    if not deliberee and (sienne is None or not sienne.is_signee):
        return []
    signees = Notation.objects.filter(
        reponse=reponse, grille=grille, annulee_le__isnull=True, signee_le__isnull=False
    ).exclude(jure=jure)
    return list(signees.select_related("jure__compte").order_by("signee_le", "pk"))
