"""Deux agents sur un même dossier : une page dépassée ne fait rien sans l’avoir dit."""

import pytest
from bs4 import BeautifulSoup

from socle.fondations.comptes.enums import Role
from socle.metiers.dossiers.enums import EtatDossier, Fait, Transition
from socle.metiers.dossiers.models import Evenement
from socle.metiers.dossiers.services import correction, instruction
from tests.factories import AdhesionFactory
from tests.metiers.conftest import MAINTENANT

FICHE = "/c/clamart/agent/dossiers/{}/"


class Ecran:
    """Ce qu’un agent a sous les yeux : ses formulaires, et ce que l’envoi de l’un répond."""

    def __init__(self, client, adresse: str) -> None:
        self.client, self.adresse = client, adresse
        self.reponse = client.get(adresse)

    def press(self, action: str, **saisie: str):
        """Envoie le formulaire de cette action, champs cachés compris, depuis la page affichée."""
        page = BeautifulSoup(self.reponse.text, "html.parser")
        voulus = [f for f in page.select("form[method=post]") if action in f.get("action", action)]
        formulaire = next(f for f in voulus if f.select("[name=dernier_fait]"))
        caches = {c["name"]: c["value"] for c in formulaire.select("input[type=hidden]")}
        self.adresse = formulaire.get("action", self.adresse)
        self.reponse = self.client.post(self.adresse, caches | saisie)
        return self.reponse

    def read(self, choix: str = ".conflit") -> str:
        page = BeautifulSoup(self.reponse.text, "html.parser")
        return " ".join(" ".join(e.get_text(" ") for e in page.select(choix)).split())


@pytest.fixture
def bureau(client, depose, agent, collectivite):
    """Rend de quoi ouvrir une page, et de quoi agir comme un collègue pendant ce temps."""
    collegue = AdhesionFactory(collectivite=collectivite, role=Role.INSTRUCTEUR).compte
    client.force_login(agent)
    ordre = {"dossier": depose, "agent": collegue, "maintenant": MAINTENANT}

    def act(*gestes) -> None:
        for geste in gestes:
            if isinstance(geste, Transition):
                instruction.apply_transition(transition=geste, motif="Vu", **ordre)
            else:
                geste(**ordre)

    def read_etat() -> tuple[str, bool]:
        depose.refresh_from_db()
        return depose.etat, depose.attend_correction

    return lambda suite="": Ecran(client, FICHE.format(depose.numero) + suite), act, read_etat


def ask(**ordre) -> None:
    correction.request_correction(texte="Quel revenu ?", **ordre)


T = Transition
REPRIS = (T.ACCEPTER, T.REPASSER_EN_INSTRUCTION)


def test_old_page_of_each_gesture_shows_what_the_colleague_did(bureau):
    """Le même état ne suffit pas : accepté puis repris, le dossier a changé. Un seul parcours."""
    ouvrir, act, read_etat = bureau

    ecran = ouvrir()  # passer en instruction
    act(T.PASSER_EN_INSTRUCTION, T.REPASSER_EN_CONSTRUCTION)
    assert ecran.press("avancer/", transition="passer_en_instruction").status_code == 409
    assert read_etat() == (EtatDossier.EN_CONSTRUCTION, False)
    assert "Rendu à l’usager" in ecran.read()
    assert ecran.press("").status_code == 302
    assert read_etat()[0] == EtatDossier.EN_INSTRUCTION

    ecran = ouvrir()  # rendre à l’usager
    act(*REPRIS)
    assert ecran.press("avancer/", transition="repasser_en_construction").status_code == 409
    assert read_etat()[0] == EtatDossier.EN_INSTRUCTION

    ecran = ouvrir()  # décider, avant puis après la relecture
    act(*REPRIS)
    accepter = {"transition": "accepter", "motif": "Mon motif"}
    assert ecran.press("decider/", **accepter).status_code == 409
    assert "Demande acceptée" in ecran.read()
    assert "Mon motif" in ecran.read("td[data-nom='Votre geste']")
    assert ecran.press("").status_code == 200  # la relecture
    act(*REPRIS)
    assert ecran.press("decider/", confirmer="oui").status_code == 409
    assert read_etat()[0] == EtatDossier.EN_INSTRUCTION
    assert ecran.press("").status_code == 302
    assert read_etat()[0] == EtatDossier.ACCEPTE

    ecran = ouvrir("rouvrir/")  # reprendre
    act(T.REPASSER_EN_INSTRUCTION, T.REFUSER)
    assert ecran.press("", motif="Erreur de tarif").status_code == 409
    assert read_etat()[0] == EtatDossier.REFUSE
    assert "Demande refusée" in ecran.read()
    assert ecran.press("").status_code == 302
    assert read_etat()[0] == EtatDossier.EN_INSTRUCTION

    ecran = ouvrir()  # demander une correction
    act(*REPRIS)
    assert ecran.press("/correction/", corps="Joignez l’avis", limite="").status_code == 409
    assert "Joignez l’avis" in ecran.read()
    assert ecran.press("").status_code == 302
    assert read_etat() == (EtatDossier.EN_CONSTRUCTION, True)

    ecran = ouvrir()  # y renoncer
    act(correction.cancel_correction, ask)
    assert ecran.press("correction/annuler/").status_code == 409
    assert read_etat()[1] is True
    assert ecran.press("").status_code == 302
    assert read_etat()[1] is False


def test_gesture_that_is_no_longer_possible_keeps_the_text(bureau):
    ouvrir, act, read_etat = bureau
    act(T.PASSER_EN_INSTRUCTION)
    ecran = ouvrir()
    act(T.ACCEPTER)

    refus = ecran.press("decider/", motif="Hors délai")  # la décision même est oubliée

    assert refus.status_code == 409
    assert "Hors délai" in ecran.read()
    assert "ce geste ne se peut plus" in ecran.read()
    assert not ecran.read(".conflit button")
    assert read_etat()[0] == EtatDossier.ACCEPTE


def test_two_clicks_decide_once_and_say_so(bureau, depose):
    ouvrir, act, _ = bureau
    act(T.PASSER_EN_INSTRUCTION)
    ecran = ouvrir()
    ecran.press("decider/", transition="accepter", motif="Bon")
    relue = ecran.reponse

    reponses = []
    for _ in range(2):
        ecran.reponse = relue
        reponses.append(ecran.press("decider/", confirmer="oui").status_code)

    assert reponses == [302, 302]
    assert "C’est déjà fait" in ouvrir().read(".alert")
    assert Evenement.objects.filter(dossier=depose, fait=Fait.ACCEPTE).count() == 1
