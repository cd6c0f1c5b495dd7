"""Lectures des versements, sous le locataire de la collectivité."""

from django.db.models import Count, Q

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.pagination import PageDeListe, paginate_keyset
from socle.metiers.archivage.enums import EtatVersement
from socle.metiers.archivage.models import Versement

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
