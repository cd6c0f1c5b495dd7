"""Les colonnes qu’un agent garde pour sa liste, en général ou pour une démarche."""

from collections.abc import Sequence

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.comptes.models import Compte
from socle.metiers.dossiers.models import ColonnesDeLaListe


def save_colonnes(
    *,
    collectivite: Collectivite,
    agent: Compte,
    demarche_id: int | None,
    colonnes: Sequence[tuple[str, str]],
) -> None:
    """Garde ce choix à la place du précédent.

    Args:
        demarche_id: la démarche que la liste montre seule ; None vaut pour toutes.
        colonnes: code et libellé de chacune, dans l’ordre ; aucune est un choix.
    """
    ColonnesDeLaListe.objects.update_or_create(
        collectivite=collectivite,
        agent=agent,
        demarche_id=demarche_id,  # type: ignore[misc]  # None : en général
        defaults={"colonnes": [{"code": code, "libelle": nom} for code, nom in colonnes]},
    )


def forget_colonnes(*, collectivite: Collectivite, agent: Compte, demarche_id: int | None) -> None:
    """Oublie ce choix : les colonnes d’origine reviennent."""
    choix = ColonnesDeLaListe.objects.filter(collectivite=collectivite, agent=agent)
    if demarche_id is None:
        choix.filter(demarche__isnull=True).delete()
    else:
        choix.filter(demarche_id=demarche_id).delete()
