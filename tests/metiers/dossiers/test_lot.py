"""Agir sur plusieurs dossiers : chacun à part, jamais deux fois, et le bilan dit tout."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.journal.models import Entree
from socle.fondations.notifications.models import Envoi
from socle.metiers.dossiers.enums import EtatDossier, Fait, GesteEnLot
from socle.metiers.dossiers.models import Dossier, Evenement
from socle.metiers.dossiers.queries.lot import Choix, explain_refus, parse_choix
from socle.metiers.dossiers.services.lot import apply_lot
from tests.factories import AdhesionFactory, CollectiviteFactory, CompteFactory
from tests.metiers.conftest import MAINTENANT

LOT, BILAN = "/c/clamart/agent/dossiers/lot/", "/c/clamart/agent/dossiers/lot/bilan/"


def add_dossiers(demarche, nombre: int, **champs) -> list[Dossier]:
    communs = {"etat": EtatDossier.EN_CONSTRUCTION, "depose_le": MAINTENANT - timedelta(days=3)}
    return [
        Dossier.objects.create(
            collectivite_id=demarche.collectivite_id,
            demarche=demarche,
            version=demarche.versions.get(),
            demandeur=f"Personne {rang}",
            reference=f"LOT-{rang}-{champs.get('etat', '')}",
            sel=bytes(32),
            **communs | champs,
        )
        for rang in range(nombre)
    ]


@pytest.fixture
def trois(demarche) -> list[Dossier]:
    return add_dossiers(demarche, 3)


@pytest.fixture
def collegue(collectivite):
    compte = CompteFactory(agent=True, prenom="Lucie", nom="Garance")
    AdhesionFactory(collectivite=collectivite, role=Role.VALIDEUR, compte=compte)
    return compte


def see(dossiers) -> list[Choix]:
    return [Choix(d.numero, d.revision, d.suivi_par_id) for d in dossiers]


def act(dossiers, agent, geste, choix=None, **autres):
    return apply_lot(
        collectivite=agent.adhesions.get().collectivite,
        agent=agent,
        geste=geste,
        choix=choix or see(dossiers),
        maintenant=MAINTENANT,
        **autres,
    )


def read_etats(dossiers) -> set[str]:
    numeros = [d.numero for d in dossiers]
    return set(Dossier.objects.filter(pk__in=numeros).order_by("pk").values_list("etat", flat=True))


def test_each_case_has_its_own_line_in_thread_and_journal(trois, agent):
    bilan = act(trois, agent, GesteEnLot.INSTRUIRE)

    assert bilan.faits == [d.numero for d in trois]
    assert read_etats(trois) == {EtatDossier.EN_INSTRUCTION}
    assert Evenement.objects.filter(fait=Fait.EN_INSTRUCTION).count() == 3
    assert Entree.objects.filter(action="dossier.passer_en_instruction").count() == 3


def test_same_sending_twice_does_nothing_twice(trois, agent):
    vus = see(trois)
    act(trois, agent, GesteEnLot.INSTRUIRE, choix=vus)
    second = act(trois, agent, GesteEnLot.INSTRUIRE, choix=vus)

    assert (second.faits, second.deja) == ([], [d.numero for d in trois])
    assert Evenement.objects.filter(fait=Fait.EN_INSTRUCTION).count() == 3


def test_one_refusal_leaves_the_others_go_on(trois, agent):
    Dossier.objects.filter(pk=trois[1].pk).update(attend_correction=True)
    bilan = act(trois, agent, GesteEnLot.INSTRUIRE)
    assert bilan.faits == [trois[0].numero, trois[2].numero]
    assert bilan.laisses == {trois[1].numero: "Une correction est attendue de l’usager."}


def test_case_changed_since_the_confirmation_is_left(trois, agent):
    vus = see(trois)
    Dossier.objects.filter(pk=trois[0].pk).update(revision=7)
    bilan = act(trois, agent, GesteEnLot.INSTRUIRE, choix=vus)
    assert list(bilan.laisses) == [trois[0].numero]
    assert "A changé" in bilan.laisses[trois[0].numero]


def test_colleague_is_told_once_for_all(trois, agent, collegue):
    act(trois, agent, GesteEnLot.CONFIER, suivi_par=collegue)
    assert Dossier.objects.filter(suivi_par=collegue).count() == 3
    [envoi] = Envoi.objects.filter(compte=collegue)
    assert (envoi.code, envoi.sujet) == ("dossiers_confies", "3 dossiers vous sont confiés")
    assert "file=suivis" in envoi.corps


def test_case_taken_meanwhile_is_left_with_its_name(trois, agent, collegue):
    vus = see(trois)
    Dossier.objects.filter(pk=trois[0].pk).update(suivi_par=collegue)
    bilan = act(trois, agent, GesteEnLot.CONFIER, choix=vus, suivi_par=agent)
    assert bilan.laisses == {trois[0].numero: "Lucie Garance vient de prendre ce dossier."}
    assert len(bilan.faits) == 2


def test_acceptance_carries_the_same_motif(demarche, agent):
    dossiers = add_dossiers(demarche, 2, etat=EtatDossier.EN_INSTRUCTION)
    act(dossiers, agent, GesteEnLot.ACCEPTER, motif="Place libre")
    lus = Dossier.objects.filter(etat=EtatDossier.ACCEPTE).order_by("pk")
    assert [d.motif for d in lus] == ["Place libre", "Place libre"]


@pytest.mark.parametrize(
    ("champs", "raison"),
    [
        ({"etat": EtatDossier.EN_CONSTRUCTION}, "Passez-le d’abord en instruction."),
        (
            {"etat": EtatDossier.EN_INSTRUCTION, "message_non_lu": True},
            "Un message de l’usager n’est pas lu.",
        ),
        ({"etat": EtatDossier.REFUSE, "decide_le": MAINTENANT}, "Terminé."),
        ({"etat": EtatDossier.EN_INSTRUCTION}, ""),
    ],
)
def test_acceptance_says_why_not(demarche, agent, champs, raison):
    [dossier] = add_dossiers(demarche, 1, **champs)
    assert explain_refus(dossier, GesteEnLot.ACCEPTER, agent) == raison


def test_administrator_assigns_but_decides_nothing(trois, administrateur, collegue):
    refuses = act(trois, administrateur, GesteEnLot.INSTRUIRE)
    assert set(refuses.laisses.values()) == {"Votre rôle ne le permet pas."}
    assert len(act(trois, administrateur, GesteEnLot.CONFIER, suivi_par=collegue).faits) == 3


def test_cases_of_another_authority_are_not_found(trois, agent):
    autre = CollectiviteFactory()
    with locataire(autre.pk):
        etranger = AdhesionFactory(collectivite=autre, role=Role.INSTRUCTEUR).compte
        bilan = act(trois, etranger, GesteEnLot.INSTRUIRE)
    assert set(bilan.laisses.values()) == {"Introuvable."}
    assert read_etats(trois) == {EtatDossier.EN_CONSTRUCTION}


def test_hundred_at_most(agent):
    with pytest.raises(ErreurMetier):
        act([], agent, GesteEnLot.INSTRUIRE, choix=[Choix(n, 0, None) for n in range(101)])


@pytest.mark.parametrize("texte", ["", "1", "1.2", "1.2.x", "1.2.3.4", "99999999999.0.0", "-1.0.0"])
def test_forged_choice_is_ignored(texte):
    assert parse_choix(texte) is None


# Les pages ---------------------------------------------------------------------------------------
def read_confirmation(page: str) -> dict[str, list[str] | str]:
    soupe = BeautifulSoup(page, "html.parser")
    champs = soupe.select("main form input[type=hidden]")
    envoi: dict[str, list[str] | str] = {"confirmer": "oui"}
    for champ in champs:
        if champ["name"] == "choix":
            envoi.setdefault("choix", []).append(champ["value"])
        else:
            envoi[champ["name"]] = champ["value"]
    return envoi


def test_pages_confirm_act_and_report(client, trois, agent):
    Dossier.objects.filter(pk=trois[2].pk).update(attend_correction=True)
    client.force_login(agent)
    choisis = {"geste": "instruire", "d": [d.numero for d in trois], "retour": "?file=a_traiter"}
    confirmation = client.post(LOT, choisis).text
    assert read_etats(trois) == {EtatDossier.EN_CONSTRUCTION}
    assert "2 dossiers" in confirmation.replace("&nbsp;", " ")
    assert "Une correction est attendue" in confirmation

    envoi = read_confirmation(confirmation)
    assert client.post(LOT, envoi)["Location"] == BILAN
    bilan = client.get(BILAN).text.replace("&nbsp;", " ")
    assert "2 dossiers faits" in bilan
    assert "?file=a_traiter" in bilan

    client.post(LOT, envoi)
    assert "Déjà faits" in client.get(BILAN).text
    assert Evenement.objects.filter(fait=Fait.EN_INSTRUCTION).count() == 2


def test_acceptance_needs_the_reading_and_keeps_the_motif(client, demarche, agent):
    dossiers = add_dossiers(demarche, 2, etat=EtatDossier.EN_INSTRUCTION)
    client.force_login(agent)
    choisis = {"geste": "accepter", "d": [d.numero for d in dossiers]}
    envoi = read_confirmation(client.post(LOT, choisis).text) | {"motif": "Place libre"}

    page = client.post(LOT, envoi)
    assert (page.status_code, "Place libre" in page.text) == (422, True)
    assert read_confirmation(page.text)["choix"] == envoi["choix"]
    assert client.post(LOT, envoi | {"relu": "on"}).status_code == 302
    assert read_etats(dossiers) == {EtatDossier.ACCEPTE}


def test_assignment_asks_for_the_colleague(client, trois, agent, collegue):
    client.force_login(agent)
    page = client.post(LOT, {"geste": "confier", "d": [d.numero for d in trois]}).text
    envoi = read_confirmation(page)
    assert client.post(LOT, envoi).status_code == 422
    client.post(LOT, envoi | {"suivi_par": collegue.pk})
    assert Dossier.objects.filter(suivi_par=collegue).count() == 3


def test_colleagues_never_include_oneself(client, trois, agent, collegue):
    client.force_login(agent)
    page = client.post(LOT, {"geste": "confier", "d": [d.numero for d in trois]}).text

    choix = BeautifulSoup(page, "html.parser").select("[name=suivi_par] option")
    assert [option["value"] for option in choix] == ["", str(collegue.pk)]
    envoi = read_confirmation(page) | {"suivi_par": agent.pk}
    assert client.post(LOT, envoi).status_code == 422


def test_agent_takes_several_cases_for_oneself(client, trois, agent, collegue):
    Dossier.objects.filter(pk=trois[0].pk).update(suivi_par=collegue)
    Dossier.objects.filter(pk=trois[1].pk).update(suivi_par=agent)
    client.force_login(agent)
    page = client.post(LOT, {"geste": "m_attribuer", "d": [d.numero for d in trois]}).text
    assert "Vous suivez déjà ce dossier." in page

    bilan = client.post(LOT, read_confirmation(page), follow=True).text

    assert "2 dossiers faits" in bilan.replace("\xa0", " ")
    assert Dossier.objects.filter(suivi_par=agent).count() == 3
    assert not Envoi.objects.exists()  # on ne se prévient pas soi-même


def test_administrator_takes_no_case(trois, administrateur):
    bilan = act(trois, administrateur, GesteEnLot.M_ATTRIBUER)
    assert set(bilan.laisses.values()) == {"Votre rôle ne le permet pas."}


@pytest.mark.parametrize(
    ("envoi", "phrase"),
    [
        ({"geste": "instruire"}, "Choisissez au moins un dossier"),
        ({"geste": "refuser", "d": [1]}, "Choisissez ce qu’il faut faire"),
        ({"geste": "instruire", "d": list(range(1, 102))}, "Plus de 100 dossiers"),
    ],
)
def test_wrong_choice_returns_to_the_list(client, agent, envoi, phrase):
    client.force_login(agent)
    reponse = client.post(LOT, envoi | {"retour": "https://ailleurs.fr/?file=tous"}, follow=True)
    assert phrase in reponse.text.replace("\u00a0", " ")
    assert reponse.request["PATH_INFO"].endswith("/agent/dossiers/")


# La barre de la liste ----------------------------------------------------------------------------
LISTE = "/c/clamart/agent/dossiers/"


def read_cases(page: str) -> list[bool]:
    cases = BeautifulSoup(page, "html.parser").select("form[data-lot] tr[data-ligne] [name=d]")
    return [case.has_attr("checked") for case in cases]


def test_list_offers_boxes_then_all_of_them_without_script(client, trois, agent):
    client.force_login(agent)
    page = client.get(LISTE, {"file": "a_traiter", "taille": "50"}).text
    assert read_cases(page) == [False, False, False]

    tout = BeautifulSoup(page, "html.parser").select_one(".lot noscript a")["href"]
    cochee = client.get(LISTE + tout).text
    assert read_cases(cochee) == [True, True, True]
    assert "taille=50" in tout
    rien = BeautifulSoup(cochee, "html.parser").select_one(".lot noscript a")["href"]
    assert read_cases(client.get(LISTE + rien).text) == [False, False, False]


@pytest.mark.parametrize(
    ("role", "gestes"),
    [
        (Role.INSTRUCTEUR, ["m_attribuer", "confier", "instruire", "accepter"]),
        (Role.ADMINISTRATEUR, ["confier"]),
        (Role.DPO, []),
    ],
)
def test_bar_shows_what_the_role_may_do(client, collectivite, trois, role, gestes):
    client.force_login(AdhesionFactory(collectivite=collectivite, role=role).compte)
    soupe = BeautifulSoup(client.get(LISTE).text, "html.parser")
    assert [b["value"] for b in soupe.select(".lot button")] == gestes
    assert bool(soupe.select("[name=d]")) == bool(gestes)
