"""Les consultations : répondre page par page, et l’atelier d’un brouillon."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.metiers.consultations.models import Reponse
from socle.metiers.consultations.services import campagnes, reponses
from tests.e2e.rares.monde import VIDE, Monde, Scene
from tests.factories import CompteFactory
from tests.metiers.consultations.fabrique import create_campagne, create_ouverte, file, start

REPONSES = "consultations/reponses/<uuid:cle>/"
EQUIPE = "equipe/consultations/<slug:slug>/"
LONG = "Un mot assez long pour voir comment il se plie.\nUne seconde ligne."


def fill_reponse(monde: Monde) -> tuple[Client, Reponse, str]:
    """Une campagne ouverte, un brouillon rempli, et le navigateur de qui répond."""
    compte = CompteFactory(courriel="reponse@exemple.fr")
    campagne = create_ouverte("a-repondre", anonyme=True)
    valeurs = {"connait": True, "agents": 1_200, "frein": "temps", "mot": LONG}
    reponse = start(campagne, compte, timezone.now(), valeurs)
    return monde.enter(compte), reponse, f"{monde.base}consultations/reponses/{reponse.cle}/"


def etape(monde: Monde) -> Iterator[HttpResponse]:
    """Une page ; la même à reprendre ; une page qui a changé ailleurs ; celle aux fichiers."""
    client, reponse, base = fill_reponse(monde)
    yield client.get(f"{base}etape/1/")
    yield client.post(f"{base}etape/1/", {"revision": reponse.revision, "agents": "douze"})
    yield client.post(f"{base}etape/1/", {"revision": 0, "connait": "oui"})
    yield client.get(f"{base}etape/2/")


def relire(monde: Monde) -> Iterator[HttpResponse]:
    """La relecture ; incomplète ; puis après la clôture."""
    client, reponse, base = fill_reponse(monde)
    yield client.get(f"{base}relire/")
    Reponse.objects.filter(pk=reponse.pk).update(reponses={})
    yield client.post(f"{base}deposer/")
    campagnes.close_campagne(campagne=reponse.campagne, acteur="agent:1", maintenant=timezone.now())
    yield client.post(f"{base}deposer/")


def recu(monde: Monde) -> Iterator[HttpResponse]:
    """Brouillon, déposée, en correction, retirée ; et sans compte, avec son lien secret."""
    client, reponse, base = fill_reponse(monde)
    signe = {"acteur": "agent:1", "maintenant": timezone.now()}
    yield client.get(base)
    file(reponse, timezone.now())
    yield client.get(base)
    reponses.open_correction(reponse=reponse, **signe)
    yield client.get(base)
    file(reponse, timezone.now())
    yield client.get(base)
    reponses.withdraw_reponse(reponse=reponse, **signe)
    yield client.get(base)
    invite = Client()
    invite.post(f"{monde.base}consultations/a-repondre/repondre/", {"courriel": ""})
    sienne = Reponse.objects.get(repondant__startswith="invite:")
    yield invite.get(f"{monde.base}consultations/reponses/{sienne.cle}/")


def retirer(monde: Monde) -> Iterator[HttpResponse]:
    client, reponse, base = fill_reponse(monde)
    yield client.get(f"{base}retirer/")
    file(reponse, timezone.now())
    yield client.get(f"{base}retirer/")


def commencer(monde: Monde) -> Iterator[HttpResponse]:
    """Sans compte ; un envoi refusé ; hors du périmètre ; pour sa collectivité."""
    create_ouverte("libre", anonyme=True)
    create_ouverte("reservee", perimetre="autorites", unite="autorite")
    libre = f"{monde.base}consultations/libre/repondre/"
    yield Client().get(libre)
    yield Client().post(libre, {"courriel": "sans arobase"})
    reservee = f"{monde.base}consultations/reservee/repondre/"
    yield monde.enter(CompteFactory()).get(reservee)
    yield monde.enter(monde["administrateur"]).get(reservee)
    yield monde.enter(monde["administrateur"]).get(libre)


def enter_equipe(monde: Monde) -> Client:
    compte = CompteFactory(agent=True)
    MembreProgramme.objects.create(compte=compte, role=RoleProgramme.EQUIPE)
    return monde.enter(compte)


def nouvelle(monde: Monde) -> Iterator[HttpResponse]:
    client = enter_equipe(monde)
    yield client.get(f"{monde.base}equipe/consultations/nouvelle/")
    yield client.post(f"{monde.base}equipe/consultations/nouvelle/", {})


def make_atelier(fin: str, envoi: dict[str, str] | None = None) -> Scene:
    """Une page de l’atelier, sur un brouillon ; puis l’envoi refusé."""

    def scene(monde: Monde) -> Iterator[HttpResponse]:
        campagne, client = create_campagne("atelier"), enter_equipe(monde)
        adresse = f"{monde.base}equipe/consultations/{campagne.slug}/{fin}"
        yield client.get(adresse)
        if envoi is not None:
            yield client.post(adresse, envoi)

    return scene


def prolonger(monde: Monde) -> Iterator[HttpResponse]:
    """Une campagne ouverte, que l’équipe prolonge ; sans motif, refusé."""
    client, campagne = enter_equipe(monde), create_ouverte("a-prolonger")
    adresse = f"{monde.base}equipe/consultations/{campagne.slug}/prolonger/"
    yield client.get(adresse)
    yield client.post(adresse, VIDE)


SCENES: dict[str, Scene] = {
    f"{EQUIPE}prolonger/": prolonger,
    REPONSES: recu,
    f"{REPONSES}etape/<int:rang>/": etape,
    f"{REPONSES}relire/": relire,
    f"{REPONSES}retirer/": retirer,
    "consultations/<slug:slug>/repondre/": commencer,
    "equipe/consultations/nouvelle/": nouvelle,
    f"{EQUIPE}fiche/": make_atelier("fiche/", {"departements": "999"}),
    f"{EQUIPE}questions/": make_atelier("questions/"),
    f"{EQUIPE}questions/<slug:champ_id>/": make_atelier("questions/frein/", {"libelle": "x" * 400}),
    f"{EQUIPE}questions/page/<slug:page_id>/": make_atelier("questions/page/avis/", {}),
    f"{EQUIPE}questions/page/<slug:page_id>/ajouter/": make_atelier(
        "questions/page/avis/ajouter/", {}
    ),
    f"{EQUIPE}annuler/": make_atelier("annuler/", {}),
}
