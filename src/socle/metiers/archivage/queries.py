"""Lectures des versements, sous le locataire de la collectivité."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.pagination import PageDeListe, paginate_keyset
from socle.fondations.conservation.ports import Remise
from socle.metiers.archivage.enums import EtatVersement, SensDeReponse
from socle.metiers.archivage.models import ReponseDesArchives, Versement

TAILLE_DE_PAGE = 50
LOURDS = ("controles", "description")


def list_versements(
    collectivite: Collectivite, *, etat: str = "", texte: str = "", apres: str = ""
) -> PageDeListe:
    """Versements, du plus récent au plus ancien.

    Args:
        etat: valeur d’`EtatVersement` ; une autre valeur ne filtre rien.
        texte: début de référence, ou mots du titre.
        apres: jeton de la page précédente.
    """
    versements = (
        Versement.objects.visible_by(collectivite)
        .select_related("complement")
        .defer(*LOURDS, *(f"complement__{champ}" for champ in LOURDS))
    )
    if etat in EtatVersement:
        versements = versements.filter(etat=etat)
    if texte := texte.strip()[:100]:
        versements = versements.filter(Q(reference__startswith=texte) | Q(titre__icontains=texte))
    return paginate_keyset(
        versements, cles=("prepare_le", "id"), apres=apres, taille=TAILLE_DE_PAGE
    )


def count_versements(collectivite: Collectivite) -> dict[str, int]:
    """Nombre de versements par état, zéros compris."""
    lignes = (
        Versement.objects.visible_by(collectivite)
        .values_list("etat")
        .annotate(nombre=Count("pk"))
        .order_by("etat")
    )
    return dict.fromkeys(EtatVersement.values, 0) | dict(lignes)


def find_dernier(collectivite_id: int, dossier: str) -> Versement | None:
    """Trouve le dernier versement d’un dossier : le premier, ou son complément le plus récent."""
    versements = Versement.objects.filter(collectivite_id=collectivite_id, dossier=dossier)
    return versements.select_related("precedent").order_by("-pk").first()


def find_versement(collectivite: Collectivite, reference: str) -> Versement | None:
    """Trouve le versement d’une référence de la chaîne."""
    return (
        Versement.objects.visible_by(collectivite)
        .select_related("collectivite", "document", "precedent", "complement")
        .filter(reference=reference)
        .first()
    )


def list_reponses(versement: Versement) -> QuerySet[ReponseDesArchives]:
    """Réponses du service d’archives à ce versement, la dernière d’abord, retirées comprises."""
    return (
        ReponseDesArchives.objects.filter(
            collectivite_id=versement.collectivite_id, versement=versement
        )
        .select_related("document")
        .order_by("-pk")
    )


class RemisesDesVersements:
    """Ce que la conservation demande : où en est la remise de chaque dossier aux archives.

    Seul le dernier versement d’un dossier compte : un dossier rouvert n’est plus pris en charge
    tant que son versement complémentaire ne l’est pas.
    """

    def list_acceptees(self, collectivite_id: int) -> Any:
        """Rend une sous-requête : les références des dossiers pris en charge."""
        return Versement.objects.filter(
            collectivite_id=collectivite_id,
            etat=EtatVersement.ACCEPTE,
            rouvert_le__isnull=True,
            complement__isnull=True,
        ).values("dossier")

    def map_remises(
        self, collectivite_id: int, references: Collection[str], *, verrouiller: bool
    ) -> dict[str, Remise]:
        """Rend la remise de chaque dossier versé ; `verrouiller` : jusqu’à la fin."""
        valables = ReponseDesArchives.objects.filter(
            collectivite_id=collectivite_id, sens=SensDeReponse.ACCEPTE, retiree_le__isnull=True
        ).order_by("-pk")
        versements = Versement.objects.filter(
            collectivite_id=collectivite_id, dossier__in=references, complement__isnull=True
        )
        if verrouiller:
            versements = versements.select_for_update(of=["self"])
        lus = versements.defer(*LOURDS).order_by("pk")
        lus = lus.prefetch_related(Prefetch("reponses", queryset=valables))
        return {versement.dossier: _describe_remise(versement) for versement in lus}


def _describe_remise(versement: Versement) -> Remise:
    chemin = f"agent/archives/{versement.reference}/"
    if versement.is_rouvert:
        return Remise(
            acceptee=False,
            raison="Le dossier a été rouvert depuis son versement.",
            suite="Remettez le versement complémentaire, qui se fait après la nouvelle décision.",
            chemin=chemin,
        )
    reponses = list(versement.reponses.all())
    if versement.is_accepte and reponses:
        acceptee = reponses[0]
        return Remise(
            acceptee=True,
            reference=acceptee.reference,
            service=acceptee.service,
            acceptee_le=acceptee.date,
            chemin=chemin,
        )
    raison, suite = _MANQUES.get(EtatVersement(versement.etat), ("", ""))
    return Remise(acceptee=False, raison=raison, suite=suite, chemin=chemin)


_MANQUES = {
    EtatVersement.PREPARATION: (
        "Son paquet d’archives est à corriger.",
        "Corrigez-le, puis refaites le versement.",
    ),
    EtatVersement.PRET: (
        "Son paquet est prêt, mais pas encore transmis.",
        "Déposez-le dans le système d’archivage, puis notez-le.",
    ),
    EtatVersement.TRANSMIS: (
        "Le service d’archives n’a pas encore répondu.",
        "Notez sa réponse dès que vous l’avez ; relancez-le si elle tarde.",
    ),
    EtatVersement.ACCUSE: (
        "Le service d’archives a reçu le paquet, mais ne l’a pas encore accepté.",
        "Notez sa réponse dès que vous l’avez ; relancez-le si elle tarde.",
    ),
    EtatVersement.REFUSE: (
        "Le service d’archives a refusé le paquet.",
        "Lisez son motif, corrigez, puis refaites le versement.",
    ),
}


def count_prepares() -> int:
    """Compte les paquets d’archives préparés. À appeler sous le rôle de l’opérateur."""
    return Versement.objects.exclude(etat=EtatVersement.PREPARATION).count()
