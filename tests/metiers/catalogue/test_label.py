"""Le label : chaque étape, chaque conflit d’intérêts, le terme, le recours, le journal."""

from datetime import date, timedelta

import pytest
from django.utils.html import escape

from socle.fondations.commun.locataire import operateur
from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.journal.models import INSTALLATION, Entree
from socle.metiers.catalogue.errors import (
    ConflitDInterets,
    EtapeImpossible,
    EvaluationIncomplete,
    PasRepresentant,
)
from socle.metiers.catalogue.models import (
    CandidatureLabel,
    CritereLabel,
    Editeur,
    ReferentielLabel,
    Representant,
)
from socle.metiers.catalogue.services import label
from tests.metiers.catalogue.conftest import MAINTENANT, create_membre


def answer(avis: str = "oui", **autres: str) -> dict[int, tuple[str, str]]:
    rangs = dict(CritereLabel.objects.filter(referentiel__version=1).values_list("rang", "pk"))
    reponses = dict.fromkeys(rangs.values(), (avis, "Une preuve."))
    return reponses | {rangs[int(rang[1:])]: (v, "Une preuve.") for rang, v in autres.items()}


def list_actions(prefixe: str) -> list[str]:
    with operateur():
        entrees = Entree.objects.filter(collectivite_id=INSTALLATION, action__startswith=prefixe)
        return sorted(entrees.values_list("action", flat=True))


@pytest.fixture
def declaree(publik, representant):
    return label.declare(solution=publik, avis=answer(), agent=representant, maintenant=MAINTENANT)


def audit_tout(candidature, pair, auditeur, **autres):
    label.review(candidature=candidature, avis=answer(), agent=pair, maintenant=MAINTENANT)
    return label.audit(
        candidature=candidature, avis=answer(**autres), agent=auditeur, maintenant=MAINTENANT
    )


def test_label_is_given_after_declaration_peer_and_audit(declaree, partenaire, equipe, client):
    page = client.get("/catalogue/label/").text
    assert "Ces critères sont les nôtres" in page
    assert escape(ReferentielLabel.objects.get().mention) in page
    for titre in CritereLabel.objects.values_list("titre", flat=True):
        assert escape(titre) in page
    auditee = audit_tout(declaree, partenaire, equipe)
    donnee = label.decide(
        candidature=auditee, accorde=True, motif="Tout est prouvé.", agent=equipe,
        maintenant=MAINTENANT,
    )  # fmt: skip

    assert (donnee.etat, donnee.expire_le) == ("labellisee", date(2028, 11, 21))
    assert donnee.evaluations.count() == 15
    assert [f.etat for f in donnee.faits.order_by("id")] == [
        "declaree", "relue", "auditee", "labellisee",
    ]  # fmt: skip
    assert list_actions("label.") == ["label.audite", "label.declare", "label.donne", "label.relu"]


def test_only_the_vendor_declares(publik, partenaire, equipe, representant):
    for compte in (partenaire, equipe, create_membre(RoleProgramme.EDITEUR)):
        with pytest.raises(PasRepresentant):
            label.declare(solution=publik, avis=answer(), agent=compte, maintenant=MAINTENANT)


def test_team_declares_for_a_solution_without_voice(publik, equipe):
    assert label.declare(
        solution=publik, avis=answer(), agent=equipe, maintenant=MAINTENANT
    ).etat == "declaree"  # fmt: skip


def test_one_candidature_at_a_time(declaree, publik, representant):
    with pytest.raises(EtapeImpossible):
        label.declare(solution=publik, avis=answer(), agent=representant, maintenant=MAINTENANT)


@pytest.mark.parametrize("avis", [{}, {"tout": ("oui", " ")}])
def test_each_criterion_needs_an_answer_and_its_evidence(publik, representant, avis):
    reponses = dict.fromkeys(answer(), avis["tout"]) if avis else {}
    with pytest.raises(EvaluationIncomplete):
        label.declare(solution=publik, avis=reponses, agent=representant, maintenant=MAINTENANT)
    assert not CandidatureLabel.objects.exists()


def test_nobody_judges_what_concerns_them(declaree, representant, partenaire):
    with pytest.raises(ConflitDInterets):
        label.review(candidature=declaree, avis=answer(), agent=representant, maintenant=MAINTENANT)
    # Un partenaire inscrit comme représentant ne peut plus relire.
    Representant.objects.create(editeur=Editeur.objects.get(slug="entrouvert"), compte=partenaire)
    with pytest.raises(ConflitDInterets):
        label.review(candidature=declaree, avis=answer(), agent=partenaire, maintenant=MAINTENANT)


def test_who_reviewed_does_not_audit(declaree, equipe):
    label.review(candidature=declaree, avis=answer(), agent=equipe, maintenant=MAINTENANT)
    with pytest.raises(ConflitDInterets):
        label.audit(candidature=declaree, avis=answer(), agent=equipe, maintenant=MAINTENANT)


def test_steps_come_in_order(declaree, equipe):
    with pytest.raises(EtapeImpossible):
        label.audit(candidature=declaree, avis=answer(), agent=equipe, maintenant=MAINTENANT)
    with pytest.raises(EtapeImpossible):
        label.decide(candidature=declaree, accorde=True, motif="x", agent=equipe,
                     maintenant=MAINTENANT)  # fmt: skip


def test_a_criterion_not_met_closes_the_label(declaree, partenaire, equipe):
    auditee = audit_tout(declaree, partenaire, equipe, c2="non")
    with pytest.raises(EtapeImpossible):
        label.decide(candidature=auditee, accorde=True, motif="Bien.", agent=equipe,
                     maintenant=MAINTENANT)  # fmt: skip


def test_refusal_is_appealed_and_settled_by_someone_else(
    declaree, partenaire, equipe, representant
):
    auditee = audit_tout(declaree, partenaire, equipe, c2="non")
    commun = {"candidature": auditee, "maintenant": MAINTENANT}
    label.decide(accorde=False, motif="Critère 2.", agent=equipe, **commun)
    label.appeal(motif="C’est corrigé.", agent=representant, **commun)
    with pytest.raises(ConflitDInterets):
        label.decide(accorde=False, motif="Non.", agent=equipe, **commun)

    donnee = label.decide(accorde=True, motif="Corrigé.", agent=partenaire, **commun)

    assert donnee.etat == "labellisee"
    assert "label.recours" in list_actions("label.")


def test_label_ends_at_its_term_and_stays_readable(declaree, partenaire, equipe, client):
    auditee = audit_tout(declaree, partenaire, equipe)
    donnee = label.decide(candidature=auditee, accorde=True, motif="Bien.", agent=equipe,
                          maintenant=MAINTENANT)  # fmt: skip
    veille = MAINTENANT + timedelta(days=(donnee.expire_le - MAINTENANT.date()).days - 1)

    assert label.expire_labels(maintenant=veille) == 0
    assert label.expire_labels(maintenant=veille + timedelta(days=1)) == 1
    assert label.expire_labels(maintenant=veille + timedelta(days=1)) == 0
    page = client.get(f"/catalogue/label/{donnee.pk}/")
    assert "Le label est arrivé à son terme." in page.text
    accueil = client.get("/catalogue/label/").text  # l’histoire se retrouve sans l’adresse
    fiche = client.get(f"/catalogue/{donnee.solution.slug}/").text
    for lue in (accueil, fiche):
        assert f'href="/catalogue/label/{donnee.pk}/"' in lue


def test_new_criteria_leave_running_candidatures_with_theirs(declaree, equipe):
    nouveau = label.publish_referentiel(
        titre="Label", mention="Les nôtres.", duree_mois=12, agent=equipe, maintenant=MAINTENANT,
        criteres=[{"titre": "Un", "question": "Ça va ?", "preuve": "Oui."}],
    )  # fmt: skip

    declaree.refresh_from_db()
    assert (nouveau.version, declaree.referentiel.version) == (2, 1)
    etats = dict(ReferentielLabel.objects.values_list("version", "etat"))
    assert etats == {1: "remplace", 2: "en_vigueur"}


def test_public_page_names_no_person(declaree, client, representant):
    representant.prenom, representant.nom = "Prénom-Rare", "Nom-Rare"
    page = client.get(f"/catalogue/label/{declaree.pk}/").text
    assert "Une preuve." in page
    assert "Fournel" not in page
