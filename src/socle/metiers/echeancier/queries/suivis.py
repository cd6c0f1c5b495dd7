"""Où en est une collectivité : ses obligations, et ce qu’elle a dit de chacune."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.queries import get_reglage
from socle.fondations.commun.pagination import PageDeListe, paginate_keyset
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.queries import list_adhesions
from socle.metiers.echeancier.enums import REGLES, EtatSuivi, Surete
from socle.metiers.echeancier.models import Obligation, SuiviEcheance
from socle.metiers.echeancier.queries.lignes import LigneEcheance, build_ligne
from socle.metiers.echeancier.queries.obligations import Criteres, list_obligations
from socle.metiers.echeancier.queries.profils import describe_collectivite

CLE_ALERTES = "echeancier.alertes"
DELAIS = (180, 90, 30, 7)
ROLES_PREVENUS = (Role.ADMINISTRATEUR.value,)
PAR_PAGE = 40


@dataclass(frozen=True, slots=True)
class ReglageAlertes:
    """Qui est prévenu, et combien de jours avant ; aucun délai arrête les alertes."""

    delais: tuple[int, ...] = DELAIS
    roles: tuple[str, ...] = ROLES_PREVENUS


@dataclass(frozen=True, slots=True)
class LigneSuivie:
    """Une échéance de la collectivité, et ce qu’elle en a dit."""

    ligne: LigneEcheance
    suivi: SuiviEcheance | None
    reste: int | None  # jours d’ici l’échéance, None si elle est passée ou sans jour

    @property
    def etat(self) -> EtatSuivi:
        """État dit par la collectivité, « à faire » par défaut."""
        return EtatSuivi(self.suivi.etat) if self.suivi else EtatSuivi.A_FAIRE


def list_siennes(collectivite: Collectivite, *, aujourdhui: date) -> QuerySet[Obligation]:
    """Rend les obligations publiées qui concernent cette collectivité, pas encore triées.

    Chercher la collectivité coûte une instruction SQL ; la liste se réutilise.
    """
    profil = describe_collectivite(collectivite)
    return list_obligations(Criteres(profil=profil), aujourdhui=aujourdhui)


def paginate_suivies(
    siennes: QuerySet[Obligation],
    collectivite: Collectivite,
    *,
    etat: str,
    aujourdhui: date,
    apres: str = "",
    avant: str = "",
) -> PageDeListe:
    """Rend une page de `LigneSuivie`, ce qui vient d’abord. Deux instructions SQL."""
    suivis = SuiviEcheance.objects.filter(collectivite=collectivite, obligation=OuterRef("pk"))
    if etat == EtatSuivi.A_FAIRE:
        siennes = siennes.filter(~Exists(suivis.exclude(etat=EtatSuivi.A_FAIRE)))
    elif etat:
        siennes = siennes.filter(Exists(suivis.filter(etat=etat)))
    page = paginate_keyset(
        siennes, cles=("ordre", "id"), apres=apres, avant=avant, taille=PAR_PAGE, croissant=True
    )
    dits = map_suivis(collectivite, [obligation.pk for obligation in page.lignes])
    lignes = [build_suivie(o, dits.get(o.pk), aujourdhui) for o in page.lignes]
    return PageDeListe(lignes, page.suivante, page.est_premiere, page.precedente)


def build_suivie(
    obligation: Obligation, suivi: SuiviEcheance | None, aujourdhui: date
) -> LigneSuivie:
    """Assemble une ligne de la liste des agents."""
    jour = None if obligation.surete == Surete.PERMANENTE else obligation.jour
    reste = (jour - aujourdhui).days if jour and jour > aujourdhui else None
    return LigneSuivie(build_ligne(obligation, aujourdhui, public=""), suivi, reste)


def map_suivis(collectivite: Collectivite, pks: list[int]) -> dict[int, SuiviEcheance]:
    """Rend ce que la collectivité a dit de ces obligations."""
    suivis = SuiviEcheance.objects.filter(collectivite=collectivite, obligation_id__in=pks)
    return {suivi.obligation_id: suivi for suivi in suivis.select_related("par").order_by("pk")}


def find_suivi(collectivite: Collectivite, obligation: Obligation) -> SuiviEcheance | None:
    """Rend ce que la collectivité a dit d’une obligation."""
    return map_suivis(collectivite, [obligation.pk]).get(obligation.pk)


def count_suivis(siennes: QuerySet[Obligation], collectivite: Collectivite) -> dict[str, int]:
    """Compte ses obligations par état, en une instruction ; ce dont rien n’est dit est à faire."""
    dits = SuiviEcheance.objects.filter(collectivite=collectivite, obligation=OuterRef("pk"))
    etats = siennes.annotate(
        dit=Coalesce(Subquery(dits.values("etat")[:1]), Value(EtatSuivi.A_FAIRE.value))
    )
    comptes = dict(etats.order_by("dit").values_list("dit").annotate(nombre=Count("pk")))
    return {etat.value: comptes.get(etat.value, 0) for etat in EtatSuivi}


def get_reglage_alertes(collectivite: Collectivite) -> ReglageAlertes:
    """Rend le réglage des alertes ; par défaut 180, 90, 30 et 7 jours, aux administrateurs."""
    garde: dict[str, Any] = get_reglage(collectivite, CLE_ALERTES, {})
    return ReglageAlertes(
        tuple(garde.get("delais", DELAIS)), tuple(garde.get("roles", ROLES_PREVENUS))
    )


def list_prevenus(collectivite: Collectivite, roles: tuple[str, ...]) -> list[Compte]:
    """Agents actifs qui ont l’un de ces rôles ici, pour tous les services, chacun une fois."""
    adhesions = list_adhesions(collectivite).filter(
        role__in=roles, service=None, compte__is_active=True
    )
    return list({adhesion.compte_id: adhesion.compte for adhesion in adhesions}.values())


def list_a_rappeler(
    collectivite: Collectivite, *, aujourdhui: date, horizon: date
) -> list[Obligation]:
    """Obligations datées, d’ici cet horizon, que la collectivité n’a dites ni faites ni étrangères.

    Une date à fixer ou déjà passée ne se rappelle pas.
    """
    reglees = SuiviEcheance.objects.filter(
        collectivite=collectivite, obligation=OuterRef("pk"), etat__in=REGLES
    )
    proches = Q(jour__gt=aujourdhui, jour__lte=horizon) & ~Q(surete=Surete.PERMANENTE)
    siennes = list_siennes(collectivite, aujourdhui=aujourdhui).filter(proches, ~Exists(reglees))
    return list(siennes.order_by("rang", "id"))
