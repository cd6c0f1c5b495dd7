"""Les pages de l’équipe et des membres, de bout en bout : formulaires, refus, droits."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from socle.metiers.gouvernance.enums import College, EtatDecision, NatureInstance, Presence
from socle.metiers.gouvernance.forms.equipe import EvaluationForm
from socle.metiers.gouvernance.models import (
    Convocation,
    Decision,
    Delegation,
    Effet,
    FeuilleDeRoute,
    InscriptionAtelier,
    Instance,
    LigneDeFeuille,
    Reunion,
    Siege,
)
from socle.metiers.gouvernance.services import decisions, reunions
from socle.metiers.gouvernance.urls import pages_equipe
from tests.architecture.adresses import _iter_motifs, play
from tests.metiers.gouvernance.conftest import (
    SYSTEME,
    create_agent,
    create_instance,
    create_reunion,
    create_siege,
)
from tests.metiers.gouvernance.fabrique import create_objets

pytestmark = pytest.mark.django_db
PAGES = {a.route: a for a in _iter_motifs(pages_equipe, "equipe/gouvernance/")}
HOSTILE = {
    "titre": "<script>alert(1)</script>", "texte": "x" * 60_000, "motif": "=2+2", "slug": "A b",
    "liens": "javascript:alert(1)", "documents": "x | javascript:alert(1)", "rang": "-1",
    "debut": "hier", "suites": "|||", "geste": "?", "instance": "../..", "semestre": "2026-3",
}  # fmt: skip


@pytest.fixture
def connectee(client, equipe):
    client.force_login(equipe)
    return client


def now():
    return timezone.now()


def local(quand):
    return timezone.localtime(quand).strftime("%Y-%m-%dT%H:%M")


def play_pages(client, envoi):
    """Joue chaque page de l’équipe, chacune défaite ensuite."""
    valeurs = create_objets()
    essais = {}
    for route, adresse in PAGES.items():
        with transaction.atomic():
            essais[route] = play(client, "/" + adresse.fill(valeurs), envoi)
            transaction.set_rollback(True)
    return essais


def test_every_page_of_the_team_answers_even_to_hostile_input(connectee):
    essais = play_pages(connectee, HOSTILE)
    assert len(essais) > 30
    assert {r: e.statuts for r, e in essais.items() if not e.entre} == {}
    assert [r for r, e in essais.items() if set(e.statuts.values()) & {500, 404}] == []


@pytest.mark.parametrize("qui", ["personne", "agent"])
def test_pages_of_the_team_are_closed_to_others(client, qui):
    if qui == "agent":
        client.force_login(create_agent())
    essais = play_pages(client, {})
    assert [r for r, e in essais.items() if not e.est_refuse] == []


def test_team_opens_an_instance_and_fills_a_seat(connectee):
    membre = create_agent()
    connectee.post(
        reverse("gouvernance:equipe_instance_nouvelle"),
        {"slug": "gt-x", "sigle": "GT X", "nom": "Groupe X", "nature": "concertation",
         "delai_convocation": 5, "quorum": 50, "regle": "majorite"},
    )  # fmt: skip
    connectee.post(
        reverse("gouvernance:equipe_siege_ouvrir", args=["gt-x"]),
        {"organisation": "CNIL", "college": "etat", "titulaire": membre.courriel,
         "du": "2026-01-01"},
    )  # fmt: skip

    assert Instance.objects.get(slug="gt-x").nature == NatureInstance.CONCERTATION
    assert Siege.objects.get().titulaire == membre


def test_person_has_one_seat_only_and_the_page_says_so(connectee, cos, sieges):
    reponse = connectee.post(
        reverse("gouvernance:equipe_siege", args=[sieges.etat[0].pk]),
        {"titulaire": sieges.collectivites[0].titulaire.courriel},
    )
    assert reponse.status_code == 422
    assert "siège déjà dans cette instance" in reponse.text


def test_team_cannot_propose_to_a_working_group(connectee, cos, gt):
    page = connectee.get(reverse("gouvernance:equipe_decision_nouvelle")).text
    choix = page.partition('name="instance"')[2].partition("</select>")[0]
    assert 'value="cos"' in choix
    assert "gt-dln1f" not in choix


def test_decision_goes_by_pages_from_proposal_to_applied_effect(
    connectee, client, cos, inp, sieges
):
    connectee.post(
        reverse("gouvernance:equipe_decision_nouvelle"),
        {"instance": "cos", "proposee_par": "inp", "titre": "Objet", "texte": "Le texte.",
         "suites": "action:2018-2020-2-1 | Premier rapport | 2027-01-01"},
    )  # fmt: skip
    decision = Decision.objects.get()
    public = reverse("gouvernance:decision", args=[decision.numero])
    assert connectee.get(public).status_code == 404  # pas encore figée
    connectee.post(
        reverse("gouvernance:equipe_decision_figer", args=[decision.numero]),
        {"cloture_le": local(now() + timedelta(days=5))},
    )
    empreinte = decisions.get_version(decision).empreinte
    for siege in (*sieges.etat[:2], *sieges.collectivites[:2]):
        client.force_login(siege.titulaire)
        assert "À exprimer" in client.get(reverse("gouvernance:mes_instances")).text
        reponse = client.post(
            reverse("gouvernance:voter", args=[decision.numero]),
            {"siege": siege.pk, "sens": "pour", "empreinte": empreinte},
        )
        assert reponse.status_code == 302
    decision.refresh_from_db()
    assert decision.etat == EtatDecision.PRISE

    effet = Effet.objects.get()
    client.force_login(connectee_de(client))
    client.post(reverse("gouvernance:equipe_effet", args=[effet.pk]), {"geste": "appliquer"})
    effet.refresh_from_db()
    assert (effet.etat, effet.fait_par != "") == ("applique", True)


def connectee_de(client):
    from socle.fondations.comptes.models import MembreProgramme

    return MembreProgramme.objects.select_related("compte").get().compte


def test_vote_on_an_old_text_is_refused_on_the_page(client, decision, sieges):
    client.force_login(sieges.etat[0].titulaire)
    Decision.objects.update(cloture_le=now() + timedelta(days=3))
    reponse = client.post(
        reverse("gouvernance:voter", args=[decision.numero]),
        {"siege": sieges.etat[0].pk, "sens": "pour", "empreinte": "0" * 64},
    )
    assert reponse.status_code == 422
    assert "Le texte a changé" in reponse.text


def test_member_votes_neither_for_another_seat_nor_without_one(client, decision, sieges):
    Decision.objects.update(cloture_le=now() + timedelta(days=3))
    url = reverse("gouvernance:voter", args=[decision.numero])
    empreinte = decisions.get_version(decision).empreinte
    envoi = {"siege": sieges.etat[1].pk, "sens": "pour", "empreinte": empreinte}
    client.force_login(sieges.etat[0].titulaire)
    assert client.post(url, envoi).status_code == 422
    client.force_login(create_agent())
    assert client.post(url, envoi).status_code == 302
    assert decision.versions.get().votes.count() == 0


def test_meeting_goes_from_agenda_to_minutes_by_pages(connectee, client, cos, sieges, equipe):
    debut = now() + timedelta(days=20)
    connectee.post(
        reverse("gouvernance:equipe_reunion_nouvelle"),
        {"instance": "cos", "titre": "COS", "debut": local(debut),
         "fin": local(debut + timedelta(hours=2)), "visio": "https://visio.exemple.fr/x"},
    )  # fmt: skip
    reunion = Reunion.objects.get()
    connectee.post(
        reverse("gouvernance:equipe_point_ajouter", args=[reunion.pk]),
        {"titre": "Bilan", "documents": "Note | https://exemple.fr/note.pdf"},
    )
    assert connectee.get(reverse("gouvernance:reunion", args=[reunion.pk])).status_code == 404
    connectee.post(reverse("gouvernance:equipe_convoquer", args=[reunion.pk]))
    assert Convocation.objects.count() == 6

    membre = sieges.etat[0]
    client.force_login(membre.titulaire)
    page = client.get(reverse("gouvernance:reunion", args=[reunion.pk])).text
    assert "https://visio.exemple.fr/x" in page
    convocation = Convocation.objects.get(siege=membre)
    client.post(reverse("gouvernance:repondre", args=[convocation.pk]), {"choix": "present"})
    client.post(
        reverse("gouvernance:deleguer", args=[membre.pk]),
        {"beneficiaire": sieges.etat[1].pk, "reunion": reunion.pk},
    )
    convocation.refresh_from_db()
    assert convocation.reponse == "represente"
    client.post(reverse("gouvernance:reprendre", args=[Delegation.objects.get().pk]))
    assert Delegation.objects.get().reprise_le is not None

    client.logout()
    page = client.get(reverse("gouvernance:reunion", args=[reunion.pk])).text
    assert "visio.exemple.fr" not in page
    assert "https://exemple.fr/note.pdf" in page

    client.force_login(equipe)
    Reunion.objects.update(debut=now() - timedelta(hours=3), fin=now() - timedelta(hours=1))
    envoi = {f"c{c.pk}": Presence.PRESENT for c in Convocation.objects.order_by("pk")}
    client.post(reverse("gouvernance:equipe_presences", args=[reunion.pk]), envoi)
    client.post(
        reverse("gouvernance:equipe_releve", args=[reunion.pk]), {"releve": "Aucune décision."}
    )
    client.logout()
    page = client.get(reverse("gouvernance:reunion", args=[reunion.pk])).text
    assert "Aucune décision." in page
    assert page.count("Présent</td>") == 6


def test_any_agent_registers_to_an_open_workshop_and_sees_the_link(client, gt, maintenant):
    reunion = create_reunion(gt, now(), ouverte=True, places=1, visio="https://visio.exemple.fr/a")
    reunions.convene(reunion=reunion, acteur=SYSTEME, maintenant=now())
    url = reverse("gouvernance:reunion", args=[reunion.pk])
    inscrire = reverse("gouvernance:inscrire", args=[reunion.pk])
    client.force_login(create_agent())
    assert "visio.exemple.fr" not in client.get(url).text
    client.post(inscrire, {"organisation": "Commune de Clamart"})
    assert "https://visio.exemple.fr/a" in client.get(url).text

    client.force_login(create_agent())
    client.post(inscrire, {"organisation": "Autre"})
    assert InscriptionAtelier.objects.count() == 1
    assert "Complet" in client.get(url).text


def test_roadmap_change_without_reason_is_not_frozen(connectee, cos, sieges, maintenant):
    create_instance(maintenant, "dnt", NatureInstance.TRAVAIL)
    url = reverse("gouvernance:equipe_feuille_nouvelle")
    connectee.post(url, {"semestre": "2026-2"})
    premiere = FeuilleDeRoute.objects.get()
    connectee.post(
        reverse("gouvernance:equipe_ligne_ajouter", args=[premiere.pk]), {"titre": "Une action"}
    )
    LigneDeFeuille.objects.get()
    figer = reverse("gouvernance:equipe_feuille_figer", args=[premiere.pk])
    connectee.post(figer, {"instance": "dnt"})  # une instance de travail ne valide pas
    premiere.refresh_from_db()
    assert premiere.is_brouillon
    connectee.post(figer, {"instance": "cos"})
    premiere.refresh_from_db()
    assert premiere.etat == "figee"
    assert Decision.objects.get().feuille == premiere


def test_citizen_never_enters_the_space_of_members(client, sieges):
    from tests.factories import CompteFactory

    client.force_login(CompteFactory())
    assert client.get(reverse("gouvernance:mes_instances")).status_code == 403


def test_seat_of_another_partner_college_has_no_delegation_link(client, cos, maintenant):
    siege = create_siege(maintenant, cos, College.AUTRES, "ADULLACT")
    client.force_login(siege.titulaire)
    assert "Confier ma voix" not in client.get(reverse("gouvernance:mes_instances")).text


@pytest.mark.parametrize("cle", ["action:2018-2020-2-1 (bis)", "axe:2018-2020-2", "action:"])
def test_evaluation_names_an_action_by_its_key(cle):
    assert "action" in EvaluationForm({"action": cle}).errors
    assert "action" not in EvaluationForm({"action": "action:2018-2020-2-1"}).errors
