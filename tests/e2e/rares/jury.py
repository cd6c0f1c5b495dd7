"""L’évaluation d’un appel : la grille, le jury, les notes, la délibération, la décision lue."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpResponse

from socle.metiers.consultations.models import Deport
from tests.e2e.rares.monde import Monde, Scene
from tests.metiers.consultations import fabrique_evaluation as f

SLUG = "appel-essai"
EQUIPE, JURY = "equipe/consultations/<slug:slug>/evaluation/", "consultations/jury/"
Vues = Iterator[HttpResponse]


def show_equipe(fin: str, *envois: dict[str, str], prepare: Callable[[Any], Any] | None = None):
    """Une page de l’équipe, notation ouverte ; puis ce que rend chaque envoi."""

    def play(monde: Monde) -> Vues:
        jeu = f.create_monde()
        if prepare:
            prepare(jeu)
        client = monde.enter(jeu.equipier)
        adresse = f"{monde.base}equipe/consultations/{SLUG}/evaluation/{fill(fin, jeu)}"
        yield client.get(adresse)
        for envoi in envois:
            yield client.post(adresse, envoi)

    return play


def fill(fin: str, jeu: Any) -> str:
    deport = Deport.objects.order_by("pk").first()
    return (
        fin.replace("<uuid:cle>", str(jeu.dossiers[0].cle))
        .replace("jury/<int:pk>", f"jury/{jeu.jures[2].pk}")
        .replace("deports/<int:pk>", f"deports/{deport.pk if deport else 0}")
    )


def withdraw(jeu: Any) -> None:
    f.declare(jeu, jeu.jures[0], {jeu.dossiers[0]: "Ma sœur y travaille."})


def note_un(jeu: Any) -> None:
    f.declare(jeu, jeu.jures[0])
    f.sign(jeu, jeu.jures[0], jeu.dossiers[0])


def evaluation(monde: Monde) -> Vues:
    """Pas encore ouverte ; avec un déport ; arrêtée ; publiée."""
    campagne = f.create_appel("vide")
    equipier = f.create_equipier()
    client, racine = monde.enter(equipier), f"{monde.base}equipe/consultations/"
    yield client.get(f"{racine}{campagne.slug}/evaluation/")
    client.post(f"{racine}{campagne.slug}/evaluation/")
    yield client.get(f"{racine}{campagne.slug}/evaluation/")
    jeu = f.create_monde()
    withdraw(jeu)
    yield client.get(f"{racine}{SLUG}/evaluation/")
    yield client.get(f"{racine}{SLUG}/evaluation/proces-verbal/")


def publier(monde: Monde) -> Vues:
    jeu = f.validate(f.create_monde())
    client = monde.enter(jeu.equipier)
    adresse = f"{monde.base}equipe/consultations/{SLUG}/evaluation/"
    yield client.get(f"{adresse}publier/")
    yield client.get(adresse)
    client.post(f"{adresse}publier/")
    yield client.get(f"{adresse}proces-verbal/")


def resultats(monde: Monde) -> Vues:
    f.publish(f.create_monde())
    yield monde.enter(f.create_agent()).get(f"{monde.base}consultations/{SLUG}/resultats/")


def resultat(monde: Monde) -> Vues:
    """Ce que lit un déposant non retenu."""
    jeu, compte = f.publish(f.create_monde()), f.create_agent()
    dossier = jeu.dossiers[3]
    dossier.compte, dossier.repondant = compte, f"compte:{compte.pk}"
    dossier.save()
    client = monde.enter(compte)
    yield client.get(f"{monde.base}consultations/reponses/{dossier.cle}/resultat/")


def jurys(monde: Monde) -> Vues:
    jeu = f.create_monde()
    yield monde.enter(jeu.jures[0].compte).get(f"{monde.base}{JURY}")
    yield monde.enter(f.create_agent()).get(f"{monde.base}{JURY}")


def siege(monde: Monde) -> Vues:
    """Avant la déclaration, puis après, avec un retrait."""
    jeu = f.create_monde()
    client, adresse = monde.enter(jeu.jures[0].compte), f"{monde.base}{JURY}{SLUG}/"
    yield client.get(adresse)
    withdraw(jeu)
    yield client.get(adresse)


def interets(monde: Monde) -> Vues:
    jeu = f.create_monde()
    client = monde.enter(jeu.jures[0].compte)
    adresse = f"{monde.base}{JURY}{SLUG}/interets/"
    yield client.get(adresse)
    yield client.post(adresse, {})


def dossier(monde: Monde) -> Vues:
    """À noter ; incomplet, refusé à la signature ; signé, avec les notes des autres."""
    jeu = f.create_monde()
    for jure in jeu.jures[:2]:
        f.declare(jeu, jure)
    client = monde.enter(jeu.jures[0].compte)
    adresse = f"{monde.base}{JURY}{SLUG}/dossiers/{jeu.dossiers[0].cle}/"
    yield client.get(adresse)
    yield client.post(adresse, {"geste": "signer", "version": "1"})
    for jure in jeu.jures[:2]:
        f.sign(jeu, jure, jeu.dossiers[0])
    yield client.get(adresse)


def retrait(monde: Monde) -> Vues:
    jeu = f.create_monde()
    f.declare(jeu, jeu.jures[0])
    client = monde.enter(jeu.jures[0].compte)
    adresse = f"{monde.base}{JURY}{SLUG}/dossiers/{jeu.dossiers[0].cle}/retrait/"
    yield client.get(adresse)
    yield client.post(adresse, {"motif": ""})


def deliberation(monde: Monde) -> Vues:
    """Sans quorum ; ouverte, une saisie refusée ; arrêtée."""
    jeu = f.create_monde()
    client = monde.enter(jeu.jures[0].compte)
    adresse = f"{monde.base}{JURY}{SLUG}/deliberation/"
    yield client.get(adresse)
    f.deliberate(jeu)
    yield client.get(adresse)
    yield client.post(adresse, {f"issue-{jeu.dossiers[0].pk}": "non_retenu"})
    f.decide(jeu)
    f.deliberation.validate_resultats(jure=jeu.jures[0], maintenant=f.MAINTENANT)
    yield client.get(adresse)


SCENES: dict[str, Scene] = {
    EQUIPE: evaluation,
    f"{EQUIPE}grille/": show_equipe("grille/", {"maximum": "", "motif": ""}, prepare=note_un),
    f"{EQUIPE}grille/apercu/": show_equipe("grille/apercu/"),
    f"{EQUIPE}reglages/": show_equipe("reglages/", {"quorum": "0"}),
    f"{EQUIPE}recevabilite/<uuid:cle>/": show_equipe(
        "recevabilite/<uuid:cle>/", {"recevable": "non", "motif": ""}
    ),
    f"{EQUIPE}jury/ajouter/": show_equipe("jury/ajouter/", {"compte": "nul@exemple.fr"}),
    f"{EQUIPE}jury/<int:pk>/sortir/": show_equipe("jury/<int:pk>/sortir/", {"motif": ""}),
    f"{EQUIPE}deports/ajouter/": show_equipe("deports/ajouter/", {"motif": ""}),
    f"{EQUIPE}deports/<int:pk>/lever/": show_equipe(
        "deports/<int:pk>/lever/", {"motif": ""}, prepare=withdraw
    ),
    f"{EQUIPE}publier/": publier,
    f"{EQUIPE}proces-verbal/": show_equipe("proces-verbal/", prepare=withdraw),
    "consultations/<slug:slug>/resultats/": resultats,
    "consultations/reponses/<uuid:cle>/resultat/": resultat,
    JURY: jurys,
    f"{JURY}<slug:slug>/": siege,
    f"{JURY}<slug:slug>/interets/": interets,
    f"{JURY}<slug:slug>/dossiers/<uuid:cle>/": dossier,
    f"{JURY}<slug:slug>/dossiers/<uuid:cle>/retrait/": retrait,
    f"{JURY}<slug:slug>/deliberation/": deliberation,
}
