"""Les espaces : l’intérieur d’un groupe, pour qui l’anime, y est invité, ou le demande."""

from collections.abc import Iterator
from datetime import date

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.metiers.espaces.models import GroupeDeTravail, Sujet, Tache
from socle.metiers.espaces.services import groupes, travaux
from tests.e2e.rares.monde import VIDE, Monde, Scene
from tests.factories import CompteFactory
from tests.metiers.espaces.fabrique import add_membre, make_groupe

GROUPE = "groupes/<slug:slug>/"
TEXTE = "Un texte de plusieurs lignes.\n\n- une idée ;\n- une autre.\n"


def fill_groupe(monde: Monde) -> tuple[Client, GroupeDeTravail]:
    """Un groupe où il y a de tout, et le navigateur de son animatrice."""
    anime = CompteFactory(agent=True, prenom="Nora", nom="Exemple")
    groupe, animatrice = make_groupe(slug="plein", compte=anime)
    membre = add_membre(groupe, compte=CompteFactory(agent=True, prenom="Ada", nom="Exemple"))
    signe = {"maintenant": timezone.now()}
    for genre in ("nouvelle", "question", "document"):
        sujet = travaux.write_sujet(
            membre=animatrice, genre=genre, titre=f"Une {genre} à lire", texte=TEXTE, **signe
        )
        travaux.write_commentaire(membre=membre, sujet=sujet, texte=TEXTE, **signe)
    travaux.create_tache(
        membre=animatrice, titre="Relire le guide", responsable=membre,
        echeance=date(2030, 1, 15), **signe,
    )  # fmt: skip
    groupes.ask_entree(
        groupe=groupe, compte=CompteFactory(agent=True, courriel="zoe@exemple.fr"),
        organisation="Le Pré", message="Je veux aider.", **signe,
    )  # fmt: skip
    return monde.enter(anime), groupe


def make_scene(fin: str, envoi: dict[str, str] | None = None) -> Scene:
    """La page ; puis, si elle a un formulaire, l’envoi refusé."""

    def scene(monde: Monde) -> Iterator[HttpResponse]:
        client, groupe = fill_groupe(monde)
        question = Sujet.objects.get(groupe=groupe, genre="question")
        tache = Tache.objects.get(groupe=groupe)
        adresse = f"{monde.base}groupes/{groupe.slug}/{fin}"
        adresse = adresse.format(question=question.pk, tache=tache.pk)
        yield client.get(adresse)
        if envoi is not None:
            yield client.post(adresse, envoi)

    return scene


def ecrire(monde: Monde) -> Iterator[HttpResponse]:
    """Les trois sortes de sujets, et un envoi vide."""
    client, groupe = fill_groupe(monde)
    adresse = f"{monde.base}groupes/{groupe.slug}/sujets/ecrire/"
    for genre in ("nouvelle", "question", "document"):
        yield client.get(f"{adresse}?genre={genre}")
    yield client.post(f"{adresse}?genre=document", VIDE)


def entrer(monde: Monde) -> Iterator[HttpResponse]:
    """Demander à entrer ; puis répondre à une invitation."""
    _, groupe = fill_groupe(monde)
    invite = CompteFactory(agent=True, courriel="invite@exemple.fr")
    client, adresse = monde.enter(invite), f"{monde.base}groupes/{groupe.slug}/entrer/"
    yield client.get(adresse)
    yield client.post(adresse, VIDE)
    groupes.invite_membre(
        groupe=groupe, courriel="invite@exemple.fr", compte=CompteFactory(agent=True),
        maintenant=timezone.now(),
    )  # fmt: skip
    yield client.get(adresse)


def ouvrir(monde: Monde) -> Iterator[HttpResponse]:
    compte = CompteFactory(agent=True)
    MembreProgramme.objects.create(compte=compte, role=RoleProgramme.EQUIPE)
    client, adresse = monde.enter(compte), f"{monde.base}groupes/ouvrir/"
    yield client.get(adresse)
    yield client.post(adresse, VIDE)


SCENES: dict[str, Scene] = {
    "groupes/ouvrir/": ouvrir,
    f"{GROUPE}entrer/": entrer,
    f"{GROUPE}membres/": make_scene("membres/", {"courriel": "sans arobase"}),
    f"{GROUPE}quitter/": make_scene("quitter/"),
    f"{GROUPE}reglages/": make_scene("reglages/", VIDE),
    f"{GROUPE}sujets/ecrire/": ecrire,
    f"{GROUPE}sujets/<int:pk>/": make_scene("sujets/{question}/"),
    f"{GROUPE}taches/": make_scene("taches/", VIDE),
    f"{GROUPE}taches/<int:pk>/": make_scene("taches/{tache}/", VIDE),
}
