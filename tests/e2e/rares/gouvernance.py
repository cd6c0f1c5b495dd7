"""La gouvernance : ce que voit un membre qui tient un siège, et l’équipe pendant un vote."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.utils import timezone

from socle.fondations.comptes.models import Compte
from socle.metiers.gouvernance.enums import College, NatureInstance
from socle.metiers.gouvernance.models import Decision, Siege
from socle.metiers.gouvernance.services import decisions, points, reunions
from tests.e2e.rares.adoption import enter_equipe
from tests.e2e.rares.monde import VIDE, Monde, Scene
from tests.factories import CompteFactory
from tests.metiers.gouvernance.conftest import (
    SYSTEME,
    create_instance,
    create_reunion,
    create_siege,
)

TEXTE = "Le rapport est publié chaque mois.\n\nLes deux collèges le relisent avant."
EQUIPE = "equipe/gouvernance/"


@dataclass(frozen=True)
class Vote:
    """Une instance, ses sièges, une réunion convoquée, et une décision proposée."""

    decision: Decision
    siege: Siege
    titulaire: Compte
    point: int
    maintenant: datetime

    def freeze(self) -> Decision:
        return decisions.freeze_decision(
            decision=self.decision, acteur=SYSTEME, maintenant=self.maintenant,
            cloture_le=self.maintenant + timedelta(days=10),
        )  # fmt: skip


def prepare() -> Vote:
    maintenant = timezone.now()
    cos = create_instance(maintenant, "cos", NatureInstance.POLITIQUE)
    titulaire = CompteFactory(agent=True, prenom="Nora", nom="Exemple")
    siege = create_siege(maintenant, cos, College.ETAT, "Ministère d’essai", titulaire=titulaire)
    create_siege(maintenant, cos, College.ETAT, "Autre ministère d’essai")
    create_siege(maintenant, cos, College.COLLECTIVITES, "Association d’essai")
    reunion = create_reunion(cos, maintenant)
    signe = {"acteur": SYSTEME, "maintenant": maintenant}
    point = points.save_point(reunion=reunion, titre="Bilan", **signe)
    reunions.convene(reunion=reunion, **signe)
    decision = decisions.propose_decision(
        instance=cos, titre="Publier le rapport chaque mois", texte=TEXTE, reunion=reunion, **signe
    )
    return Vote(decision, siege, titulaire, point.pk, maintenant)


def mes_instances(monde: Monde) -> Iterator[HttpResponse]:
    """Une convocation et un vote attendent ; puis quelqu’un que rien n’attend."""
    vote = prepare()
    vote.freeze()
    yield monde.enter(vote.titulaire).get(f"{monde.base}mes-instances/")
    yield monde.enter(CompteFactory(agent=True)).get(f"{monde.base}mes-instances/")


def voter(monde: Monde) -> Iterator[HttpResponse]:
    vote = prepare()
    vote.freeze()
    client = monde.enter(vote.titulaire)
    adresse = f"{monde.base}mes-instances/decisions/{vote.decision.numero}/voter/"
    yield client.get(adresse)
    yield client.post(adresse, {"siege": ""})


def deleguer(monde: Monde) -> Iterator[HttpResponse]:
    vote = prepare()
    client = monde.enter(vote.titulaire)
    adresse = f"{monde.base}mes-instances/sieges/{vote.siege.pk}/deleguer/"
    yield client.get(adresse)
    yield client.post(adresse, {"du": ""})


def inscrire(monde: Monde) -> Iterator[HttpResponse]:
    maintenant = timezone.now()
    gt = create_instance(maintenant, "gt", NatureInstance.CONCERTATION)
    reunion = create_reunion(gt, maintenant, ouverte=True, lieu="Clamart", titre="Atelier ouvert")
    reunions.convene(reunion=reunion, acteur=SYSTEME, maintenant=maintenant)
    client = monde.enter(CompteFactory(agent=True))
    adresse = f"{monde.base}reunions/{reunion.pk}/inscription/"
    yield client.get(adresse)
    yield client.post(adresse, VIDE)


def make_scene(geste: str, *, figee: bool) -> Scene:
    """Une page de l’équipe sur une décision, et son envoi vide."""

    def scene(monde: Monde) -> Iterator[HttpResponse]:
        vote = prepare()
        if figee:
            vote.freeze()
        client = enter_equipe(monde)
        adresse = f"{monde.base}{EQUIPE}decisions/{vote.decision.numero}/{geste}/"
        yield client.get(adresse)
        yield client.post(adresse, {"titre": ""})

    return scene


def make_point(fin: str) -> Scene:
    """Un point de l’ordre du jour : le changer, ou y joindre un fichier ; puis l’envoi vide."""

    def scene(monde: Monde) -> Iterator[HttpResponse]:
        client = enter_equipe(monde)
        adresse = f"{monde.base}{EQUIPE}points/{prepare().point}/{fin}"
        yield client.get(adresse)
        yield client.post(adresse, VIDE)

    return scene


SCENES: dict[str, Scene] = {
    "mes-instances/": mes_instances,
    "mes-instances/decisions/<int:numero>/voter/": voter,
    "mes-instances/sieges/<int:pk>/deleguer/": deleguer,
    "reunions/<int:pk>/inscription/": inscrire,
    f"{EQUIPE}decisions/<int:numero>/modifier/": make_scene("modifier", figee=False),
    f"{EQUIPE}decisions/<int:numero>/amender/": make_scene("amender", figee=True),
    f"{EQUIPE}decisions/<int:numero>/prolonger/": make_scene("prolonger", figee=True),
    f"{EQUIPE}points/<int:pk>/": make_point(""),
    f"{EQUIPE}points/<int:pk>/fichier/": make_point("fichier/"),
}
