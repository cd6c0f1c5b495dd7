"""Ce qu’un abonné n’a pas encore reçu."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.models import Compte
from socle.fondations.referentiels.queries import Profil
from socle.metiers.appels.enums import EtatAppel, GenreEnvoi, Surete
from socle.metiers.appels.models import (
    AbonneAppels,
    AlerteAppels,
    Appel,
    EnvoiAbonne,
    EnvoiAlerte,
)
from socle.metiers.appels.queries.appels import filter_ouverts, filter_portee, filter_profil

RETARD_MAX = timedelta(days=30)  # une annonce plus vieille n’en est plus une


def list_dus_abonne(
    abonne: AbonneAppels, genre: str, *, aujourdhui: date, proche: timedelta
) -> QuerySet[Appel]:
    """Rend les appels à annoncer à un abonné, ou dont lui rappeler la clôture, par clôture."""
    recus = EnvoiAbonne.objects.filter(abonne=abonne, genre=genre, appel=OuterRef("pk"))
    dus = _list_dus(genre, depuis=abonne.consenti_le, aujourdhui=aujourdhui, proche=proche)
    if abonne.portee:
        dus = dus.filter(filter_portee(abonne.portee))
    return _filter_themes(dus, abonne.themes).filter(~Exists(recus)).order_by("rang", "id")


def list_dus_agent(
    alerte: AlerteAppels,
    genre: str,
    *,
    profil: Profil | None,
    aujourdhui: date,
    proche: timedelta,
) -> QuerySet[Appel]:
    """Rend les appels à annoncer à un agent ; ce qu’un double lui a déjà dit n’est pas redit."""
    recus = EnvoiAlerte.objects.filter(
        Q(appel=OuterRef("pk")) | Q(appel__reuni_dans=OuterRef("pk")),
        collectivite=alerte.collectivite_id, compte=alerte.compte_id, genre=genre,
    )  # fmt: skip
    dus = _list_dus(genre, depuis=alerte.depuis, aujourdhui=aujourdhui, proche=proche)
    if profil is not None:
        dus = dus.filter(filter_profil(profil))
    return _filter_themes(dus, alerte.themes).filter(~Exists(recus)).order_by("rang", "id")


def _list_dus(
    genre: str, *, depuis: object, aujourdhui: date, proche: timedelta
) -> QuerySet[Appel]:
    ouverts = Appel.objects.filter(filter_ouverts(aujourdhui), etat=EtatAppel.RELAYE)
    if genre == GenreEnvoi.RAPPEL:
        return ouverts.filter(cloture__gte=aujourdhui, cloture__lte=aujourdhui + proche).exclude(
            surete=Surete.CONTINUE
        )
    recents = Q(relaye_le__gte=depuis, relaye_le__date__gte=aujourdhui - RETARD_MAX)
    return ouverts.filter(recents)


def _filter_themes(appels: QuerySet[Appel], themes: list[str]) -> QuerySet[Appel]:
    return appels.filter(Q(themes=[]) | Q(themes__overlap=themes)) if themes else appels


def list_abonnes() -> list[int]:
    """Numéros des abonnés présents."""
    presents = AbonneAppels.objects.filter(parti_le__isnull=True)
    return list(presents.order_by("pk").values_list("pk", flat=True))


def find_alerte(collectivite: Collectivite, compte: Compte) -> AlerteAppels | None:
    """Rend l’alerte d’un agent, s’il en a une."""
    with locataire(collectivite.pk):
        siennes = AlerteAppels.objects.filter(collectivite=collectivite, compte=compte)
        return siennes.order_by("pk").first()
