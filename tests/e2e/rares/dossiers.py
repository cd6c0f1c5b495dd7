"""Pages d’un dossier qui demandent un état : lot, courrier, note, visa, nouveau formulaire."""

from collections.abc import Iterator
from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone

from socle.fondations.commun.locataire import personne
from socle.fondations.comptes.enums import Role
from socle.fondations.notifications.models import Message
from socle.metiers.dossiers.enums import EtatDossier, Lettre, Moyen, Transition
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.services import courrier, elimination, notes, phrases
from socle.metiers.dossiers.services.affectation import assign_dossier
from socle.metiers.dossiers.services.echanges import send_message
from socle.metiers.dossiers.services.instruction import apply_transition
from tests.conftest import ClientStrict
from tests.e2e.rares.monde import Monde, Scene
from tests.factories import AdhesionFactory, CompteFactory
from tests.metiers.conftest import MAINTENANT
from tests.metiers.dossiers.test_lot import add_dossiers, read_confirmation
from tests.metiers.dossiers.test_rebase import require_regime
from tests.metiers.dossiers.test_version import build_definition, publish
from tests.taches import run_taches

Vues = Iterator[HttpResponse]
MOTIF = "Le barème de 2027 s’applique."
LONG = "Cette réponse est plus longue qu’une ligne, pour voir comment elle se replie. " * 6


def decide(monde: Monde, transition: Transition) -> Dossier:
    """Décide le dossier déposé, et fait ses lettres."""
    for suivante in (Transition.PASSER_EN_INSTRUCTION, transition):
        apply_transition(
            dossier=monde["depose"], transition=suivante, agent=monde["agent"],
            motif="Hors secteur", maintenant=MAINTENANT,
        )  # fmt: skip
    run_taches("dossiers.")
    return Dossier.objects.get(pk=monde["depose"].pk)


def add_collegue(monde: Monde):
    compte = CompteFactory(agent=True, prenom="Lucie", nom="Garance", courriel="lucie@exemple.fr")
    AdhesionFactory(collectivite=monde["collectivite"], role=Role.VALIDEUR, compte=compte)
    return compte


# L’usager ----------------------------------------------------------------------------------------
def reprendre(monde: Monde) -> Vues:
    """Un invité demande un lien, et l’ouvre sur un autre appareil ; puis le lien a servi."""
    client = ClientStrict()
    chemin = f"{monde.base}demarches/{monde['demarche'].chemin}/commencer/"
    dossier = client.post(chemin)["Location"].partition("etape/")[0]
    client.post(f"{dossier}lien/", {"courriel": "ada@exemple.fr"})
    lien, ailleurs = monde.read_lien("/reprendre/"), ClientStrict()
    yield ailleurs.get(lien)
    ailleurs.post(lien)
    yield ailleurs.get(lien)


def version(monde: Monde) -> Vues:
    brouillon = monde["brouillon"]
    neuve = publish(monde["demarche"], monde["administrateur"], build_definition())
    client = monde.enter(monde["usager"])
    adresse = f"{monde.base}dossiers/{brouillon.numero}/version/"
    yield client.get(adresse)
    envoi = {"choix": "passer", "version": neuve.pk, "revision": brouillon.revision + 1}
    yield client.post(adresse, envoi)


def desabonner(monde: Monde) -> Vues:
    """Le lien d’un vrai courriel, celui d’un message du service."""
    send_message(
        dossier=monde["depose"], auteur=monde["agent"], corps="Bonjour", maintenant=timezone.now()
    )
    adresse, client = monde.read_lien("/courriels/"), ClientStrict()
    yield client.get(adresse)
    yield client.post(adresse)
    yield client.get(f"{monde.base}courriels/faux/")


# L’agent -----------------------------------------------------------------------------------------
def lot(monde: Monde) -> Vues:
    """Confirmer : un passage qui en laisse, une acceptation à relire, un collègue."""
    add_collegue(monde)
    trois = add_dossiers(monde["demarche"], 3)
    Dossier.objects.filter(pk=trois[2].pk).update(attend_correction=True)
    client, adresse = monde.enter(monde["agent"]), f"{monde.base}agent/dossiers/lot/"
    choisis = {"d": [d.numero for d in trois], "retour": "?file=a_traiter"}
    yield client.post(adresse, choisis | {"geste": "instruire"})
    yield client.post(adresse, choisis | {"geste": "confier"})
    yield client.post(adresse, choisis | {"geste": "confier", "confirmer": "oui"})
    instruits = add_dossiers(monde["demarche"], 2, etat=EtatDossier.EN_INSTRUCTION)
    accepter = {"geste": "accepter", "d": [d.numero for d in instruits]}
    envoi = read_confirmation(client.post(adresse, accepter).text)
    yield client.post(adresse, envoi | {"motif": LONG})


def bilan(monde: Monde) -> Vues:
    """Un dossier a changé après la confirmation ; puis le même envoi, rejoué."""
    trois = add_dossiers(monde["demarche"], 3)
    client, adresse = monde.enter(monde["agent"]), f"{monde.base}agent/dossiers/lot/"
    choisis = {"geste": "instruire", "d": [d.numero for d in trois]}
    envoi = read_confirmation(client.post(adresse, choisis).text)
    Dossier.objects.filter(pk=trois[2].pk).update(attend_correction=True)
    assert client.post(adresse, envoi).status_code == 302
    yield client.get(f"{adresse}bilan/")
    client.post(adresse, envoi)
    yield client.get(f"{adresse}bilan/")


def page_courrier(monde: Monde) -> Vues:
    """À envoyer ; envoyé ; rendu par La Poste ; une date impossible."""
    refuse = decide(monde, Transition.REFUSER)
    client = monde.enter(monde["agent"])
    adresse = f"{monde.base}agent/dossiers/{refuse.numero}/courrier/"
    yield client.get(adresse)
    faux = {"geste": "envoi:decision", "moyen": "recommande", "date_envoi": "2020-01-02"}
    yield client.post(adresse, faux)
    jour, tard = MAINTENANT.date(), MAINTENANT + timedelta(days=30)
    envoi = courrier.record_envoi(
        dossier=refuse, agent=monde["agent"], lettre=Lettre.DECISION, moyen=Moyen.RECOMMANDE,
        date_envoi=jour, numero="1A 123 456 7890 1", maintenant=tard,
    )  # fmt: skip
    yield client.get(adresse)
    courrier.record_suite(
        envoi=envoi, agent=monde["agent"], suite="recu", date_suite=jour, maintenant=tard
    )
    yield client.get(adresse)


def note(monde: Monde) -> Vues:
    dossier, agent = monde["depose"], monde["agent"]
    ecrite = notes.write_note(dossier=dossier, auteur=agent, corps=LONG, maintenant=MAINTENANT)
    client = monde.enter(agent)
    adresse = f"{monde.base}agent/dossiers/{dossier.numero}/notes/{ecrite.pk}/"
    yield client.get(adresse)
    yield client.post(adresse, {"note": "é" * 4001})


def deplacer(monde: Monde) -> Vues:
    """Un dossier déposé, et un formulaire qui ôte une réponse et en demande une nouvelle."""
    depose, chef = monde["depose"], monde["administrateur"]
    neuve = publish(monde["demarche"], chef, require_regime())
    client = monde.enter(chef)
    adresse = f"{monde.base}agent/dossiers/{depose.numero}/version/"
    yield client.get(adresse)
    envoi = {"version": neuve.pk, "revision": depose.revision}
    yield client.post(adresse, envoi | {"motif": " "})
    yield client.post(adresse, envoi | {"motif": MOTIF, "revision": depose.revision + 1})


def phrase(monde: Monde) -> Vues:
    monde["depose"]
    prete = phrases.create_phrase(
        collectivite=monde["collectivite"], agent=monde["agent"], titre="Pièce illisible",
        corps="Bonjour {demandeur}, " + LONG, demarche=monde["demarche"], maintenant=MAINTENANT,
    )  # fmt: skip
    client = monde.enter(monde["agent"])
    adresse = f"{monde.base}agent/phrases/{prete.pk}/"
    envoi = {"titre": "Illisible", "demarche": "", "revision": "9"}
    yield client.get(adresse)
    yield client.post(adresse, envoi | {"corps": "Bonjour {inconnue}"})
    yield client.post(adresse, envoi | {"corps": "Ma version"})


def bordereau(monde: Monde) -> Vues:
    """Un dossier échu, proposé ; un visa incomplet ; le visa noté ; le bordereau exécuté."""
    regle = monde["demarche"].regle
    regle.sort_final, regle.duree_annees, regle.point_de_depart = "detruire", 1, "decision"
    regle.save()
    decide(monde, Transition.ACCEPTER)
    il_y_a_longtemps = MAINTENANT - timedelta(days=3 * 366)
    Dossier.objects.update(depose_le=il_y_a_longtemps, decide_le=il_y_a_longtemps)
    archiviste = AdhesionFactory(collectivite=monde["collectivite"], role=Role.ARCHIVISTE).compte
    propose = elimination.propose_elimination(
        collectivite=monde["collectivite"], numeros=[monde["depose"].numero], agent=archiviste,
        maintenant=MAINTENANT,
    )  # fmt: skip
    client = monde.enter(archiviste)
    adresse = f"{monde.base}agent/eliminations/{propose.pk}/"
    yield client.get(adresse)
    visa = {"geste": "viser", "visa_par": "AD 92", "visa_reference": "2027-118"}
    yield client.post(adresse, visa | {"visa_le": "2020-01-01"})
    jour = timezone.localdate().isoformat()
    assert client.post(adresse, visa | {"visa_le": jour, "confirme": "on"}).status_code == 302
    yield client.get(adresse)
    run_taches("dossiers.")
    yield client.get(adresse)


def message(monde: Monde) -> Vues:
    """Le dossier vient d’être confié à une collègue : elle l’apprend."""
    collegue = add_collegue(monde)
    assign_dossier(
        dossier=monde["depose"], agent=monde["agent"], suivi_par=collegue, attendu_id=None,
        maintenant=timezone.now(),
    )  # fmt: skip
    with personne(collegue.pk):
        recu = Message.objects.get()
    yield monde.enter(collegue).get(f"{monde.base}agent/messages/{recu.pk}/")


def relire(monde: Monde) -> Vues:
    """Relire avant de décider : un refus et son motif ; une acceptation."""
    apply_transition(
        dossier=monde["depose"], transition=Transition.PASSER_EN_INSTRUCTION, agent=monde["agent"],
        maintenant=MAINTENANT,
    )  # fmt: skip
    client = monde.enter(monde["agent"])
    adresse = f"{monde.base}agent/dossiers/{monde['depose'].numero}/decider/"
    yield client.post(adresse, {"transition": "refuser", "motif": LONG})
    yield client.post(adresse, {"transition": "accepter"})


def conflit(monde: Monde) -> Vues:
    """Un collègue a agi depuis : le geste se peut encore, puis ne se peut plus."""
    client = monde.enter(monde["agent"])
    adresse = f"{monde.base}agent/dossiers/{monde['depose'].numero}/"
    yield client.post(f"{adresse}correction/", {"corps": LONG, "limite": "", "dernier_fait": "0"})
    decide(monde, Transition.ACCEPTER)
    refuser = {"transition": "refuser", "motif": LONG, "dernier_fait": "0"}
    yield client.post(f"{adresse}decider/", refuser)


def versions(monde: Monde) -> Vues:
    """Un réglage enregistré entre-temps, à côté d’une saisie plus longue qu’une ligne."""
    fiche = {"nom": "Clamart", "adresse": LONG, "empreinte": "ancienne"}
    admin = monde.enter(monde["administrateur"])
    yield admin.post(f"{monde.base}agent/reglages/identite/", fiche)


SCENES: dict[str, Scene] = {
    "dossiers/<int:numero>/reprendre/<str:jeton>/": reprendre,
    "dossiers/<int:numero>/version/": version,
    "courriels/<str:jeton>/": desabonner,
    "agent/dossiers/lot/": lot,
    "agent/dossiers/lot/bilan/": bilan,
    "agent/dossiers/<int:numero>/courrier/": page_courrier,
    "agent/dossiers/<int:numero>/notes/<int:pk>/": note,
    "agent/dossiers/<int:numero>/version/": deplacer,
    "agent/phrases/<int:pk>/": phrase,
    "agent/eliminations/<int:pk>/": bordereau,
    "agent/messages/<uuid:identifiant>/": message,
}
GABARITS: dict[str, Scene] = {
    "dossiers/agent/relire.html": relire,
    "dossiers/agent/conflit.html": conflit,
    "composants/conflit.html": versions,
}
