"""Feuilles, rapports, preuve, agendas, courriels : ce qui sort de la gouvernance."""

import json
from datetime import date, timedelta
from hashlib import sha256

import icalendar
import pdfua
import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from socle.fondations.commun.fiches import list_rappels, map_fiches
from socle.metiers.gouvernance import tasks
from socle.metiers.gouvernance.enums import Changement, EtatFeuille, NatureEffet, Pouvoir
from socle.metiers.gouvernance.errors import (
    ChangementSansMotif,
    DelaiTropCourt,
    FeuilleFigee,
    PouvoirRefuse,
)
from socle.metiers.gouvernance.models import Convocation, LigneDeFeuille, RapportMensuel
from socle.metiers.gouvernance.ports import ChangementConstate, changements
from socle.metiers.gouvernance.queries.feuilles import compare_lignes
from socle.metiers.gouvernance.services import (
    decisions,
    effets,
    evaluations,
    feuilles,
    rapports,
    reunions,
)
from socle.metiers.gouvernance.signals import decision_prise
from tests.metiers.gouvernance.conftest import (
    SYSTEME,
    create_reunion,
    vote_all,
)

pytestmark = pytest.mark.django_db


# Pouvoirs -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("nom", ["inp", "gt"])
def test_only_a_political_instance_decides(request, nom, maintenant):
    instance = request.getfixturevalue(nom)
    with pytest.raises(PouvoirRefuse, match="ne peut pas prendre une décision"):
        decisions.propose_decision(
            instance=instance, titre="x", texte="x", acteur=SYSTEME, maintenant=maintenant
        )


def test_working_group_prepares_but_does_not_propose(cos, gt, maintenant):
    with pytest.raises(PouvoirRefuse, match="ne peut pas proposer"):
        decisions.propose_decision(
            instance=cos, proposee_par=gt, titre="x", texte="x", acteur=SYSTEME,
            maintenant=maintenant,
        )  # fmt: skip
    assert decisions.propose_decision(
        instance=cos, preparee_par=gt, titre="x", texte="x", acteur=SYSTEME, maintenant=maintenant
    ).numero == 1  # fmt: skip


def test_only_a_consultation_instance_opens_a_meeting_to_all(cos, gt, maintenant):
    with pytest.raises(PouvoirRefuse):
        create_reunion(cos, maintenant, ouverte=True)
    assert create_reunion(gt, maintenant, ouverte=True).ouverte
    assert not cos.has_pouvoir(Pouvoir.OUVRIR)


# Convocations -------------------------------------------------------------------------------------
def test_convocation_asks_why_when_it_is_late(cos, sieges, maintenant):
    reunion = create_reunion(cos, maintenant, jours=2)
    with pytest.raises(DelaiTropCourt, match="8 jours"):
        reunions.convene(reunion=reunion, acteur=SYSTEME, maintenant=maintenant)
    assert reunions.convene(
        reunion=reunion, motif="Urgence", acteur=SYSTEME, maintenant=maintenant
    ) == 6  # fmt: skip


def test_each_member_is_written_to_once_with_the_event(cos, sieges, maintenant):
    reunion = create_reunion(cos, maintenant, visio="https://visio.exemple.fr/x")
    reunions.convene(reunion=reunion, acteur=SYSTEME, maintenant=maintenant)
    reunions.convene(reunion=reunion, acteur=SYSTEME, maintenant=maintenant)
    for convocation in Convocation.objects.order_by("pk"):
        tasks.envoyer_convocation(convocation_id=convocation.pk)
        tasks.envoyer_convocation(convocation_id=convocation.pk)

    assert len(mail.outbox) == 6
    assert len({courriel.to[0] for courriel in mail.outbox}) == 6
    [piece] = mail.outbox[0].attachments
    evenement = icalendar.Calendar.from_ical(piece[1]).walk("VEVENT")[0]
    assert evenement["summary"] == f"COS\xa0: {reunion.titre}"
    assert "visio.exemple.fr" in evenement["description"]


def test_moved_meeting_is_told_again_once(cos, sieges, maintenant):
    reunion = create_reunion(cos, maintenant)
    reunions.convene(reunion=reunion, acteur=SYSTEME, maintenant=maintenant)
    convocation = Convocation.objects.order_by("pk")[0]
    tasks.envoyer_convocation(convocation_id=convocation.pk)
    reunions.update_reunion(reunion=reunion, lieu="Ailleurs", acteur=SYSTEME, maintenant=maintenant)
    tasks.envoyer_convocation(convocation_id=convocation.pk)
    tasks.envoyer_convocation(convocation_id=convocation.pk)

    assert [courriel.subject.split()[0] for courriel in mail.outbox] == [
        "Convocation",
        "Changement",
    ]


def test_public_calendar_never_gives_the_video_link(client, cos, sieges, maintenant):
    reunion = create_reunion(cos, timezone.now(), visio="https://visio.exemple.fr/secret")
    assert client.get("/instances.ics").content.count(b"VEVENT") == 0
    reunions.convene(reunion=reunion, acteur=SYSTEME, maintenant=timezone.now())

    for adresse in ("/instances.ics", "/instances/cos.ics"):
        contenu = client.get(adresse).content
        [evenement] = icalendar.Calendar.from_ical(contenu).walk("VEVENT")
        assert evenement["uid"].startswith(f"reunion-{reunion.pk}@")
        assert b"secret" not in contenu


# Feuille de route ---------------------------------------------------------------------------------
@pytest.fixture
def validee(cos, sieges, maintenant):
    """Feuille de deux lignes, validée par les deux collèges."""
    feuille = feuilles.open_feuille(semestre="2026-2", acteur=SYSTEME, maintenant=maintenant)
    for titre in ("FranceConnect", "Échéancier"):
        feuilles.save_ligne(
            feuille=feuille, titre=titre, date_prevue=date(2026, 11, 30), acteur=SYSTEME,
            maintenant=maintenant,
        )  # fmt: skip
    decision = feuilles.freeze_feuille(
        feuille=feuille, instance=cos, acteur=SYSTEME, maintenant=maintenant
    )
    decision = decisions.freeze_decision(
        decision=decision, acteur=SYSTEME, maintenant=maintenant,
        cloture_le=maintenant + timedelta(days=5),
    )  # fmt: skip
    vote_all(decision, sieges, maintenant)
    feuille.refresh_from_db()
    return feuille


def test_both_colleges_validate_the_frozen_roadmap(validee, cos, maintenant):
    lignes = list(validee.lignes.order_by("rang"))
    assert validee.etat == EtatFeuille.VALIDEE
    assert sha256(feuilles.build_contenu(validee, lignes)).hexdigest() == validee.empreinte
    with pytest.raises(FeuilleFigee):
        feuilles.save_ligne(feuille=validee, titre="x", acteur=SYSTEME, maintenant=maintenant)
    with pytest.raises(IntegrityError), transaction.atomic():
        LigneDeFeuille.objects.update(titre="Réécrit")
    with pytest.raises(IntegrityError), transaction.atomic():
        type(validee).objects.update(introduction="Réécrit")


def test_withdrawn_decision_leaves_the_roadmap_aside(cos, maintenant):
    feuille = feuilles.open_feuille(semestre="2026-2", acteur=SYSTEME, maintenant=maintenant)
    feuilles.save_ligne(feuille=feuille, titre="x", acteur=SYSTEME, maintenant=maintenant)
    decision = feuilles.freeze_feuille(
        feuille=feuille, instance=cos, acteur=SYSTEME, maintenant=maintenant
    )
    decisions.withdraw_decision(
        decision=decision, motif="Erreur", acteur=SYSTEME, maintenant=maintenant
    )
    feuille.refresh_from_db()
    assert feuille.etat == EtatFeuille.ABANDONNEE
    suivante = feuilles.open_feuille(semestre="2026-2", acteur=SYSTEME, maintenant=maintenant)
    assert suivante.rang == 2


def test_each_change_since_the_last_roadmap_needs_its_reason(validee, cos, maintenant):
    suivante = feuilles.open_feuille(semestre="2027-1", acteur=SYSTEME, maintenant=maintenant)
    une, autre = suivante.lignes.order_by("rang")
    mots = {"feuille": suivante, "acteur": SYSTEME, "maintenant": maintenant}
    feuilles.save_ligne(ligne=une, titre=une.titre, date_prevue=date(2027, 3, 1), **mots)
    with pytest.raises(ChangementSansMotif):
        feuilles.remove_ligne(ligne=autre, motif=" ", acteur=SYSTEME, maintenant=maintenant)
    feuilles.remove_ligne(ligne=autre, motif="Faite", acteur=SYSTEME, maintenant=maintenant)
    with pytest.raises(ChangementSansMotif, match="FranceConnect"):
        feuilles.freeze_feuille(
            feuille=suivante, instance=cos, acteur=SYSTEME, maintenant=maintenant
        )
    feuilles.save_ligne(
        ligne=une, titre=une.titre, date_prevue=date(2027, 3, 1), motif="Retard", **mots
    )

    compares = compare_lignes(suivante)
    assert [c.changement for c in compares] == [Changement.MODIFIEE, Changement.RETIREE]
    assert [(e.nom, e.apres) for e in compares[0].ecarts] == [("Pour le", "1er\xa0mars 2027")]
    feuilles.freeze_feuille(feuille=suivante, instance=cos, acteur=SYSTEME, maintenant=maintenant)


def test_roadmap_and_report_are_accessible_pdfs(client, validee, maintenant, tmp_path):
    rapports.make_rapport(mois=date(2026, 10, 1), maintenant=maintenant)
    for adresse in ("/feuille-de-route/2026-2.pdf", "/rapports/2026-10.pdf"):
        pdf = client.get(adresse).content
        assert pdf[:5] == b"%PDF-"
        fichier = tmp_path / "document.pdf"
        fichier.write_bytes(pdf)
        assert list(pdfua.validate(str(fichier)).findings) == []


# Suites -------------------------------------------------------------------------------------------
def test_taken_decision_is_announced_with_its_effects(cos, sieges, maintenant):
    recus = []

    def note(sender, *, objet, effets, **kwargs):
        recus.append((objet, [(e.cle, e.nature) for e in effets]))

    decision_prise.connect(note)
    try:
        decision = decisions.propose_decision(
            instance=cos, titre="x", texte="x", acteur=SYSTEME, maintenant=maintenant,
            effets=[decisions.EffetPropose(
                nature=NatureEffet.ETAT, cle="action:2018-2020-1-1", valeur="en_cours", texte="x"
            )],
        )  # fmt: skip
        decision = decisions.freeze_decision(
            decision=decision, acteur=SYSTEME, maintenant=maintenant,
            cloture_le=maintenant + timedelta(days=1),
        )  # fmt: skip
        assert recus == []
        vote_all(decision, sieges, maintenant)
    finally:
        decision_prise.disconnect(note)

    assert recus == [("decision:1", [("action:2018-2020-1-1", "etat")])]
    effet = decision.effets.get()
    mots = {"pk": effet.pk, "acteur": "agent:1", "nom": "Claire", "maintenant": maintenant}
    assert effets.apply_effet(**mots) is True
    assert effets.apply_effet(**mots) is False


# Rapport ------------------------------------------------------------------------------------------
def test_report_is_made_once_and_never_changes(decision, sieges, maintenant):
    vote_all(decision, sieges, maintenant)
    premier_decembre = maintenant + timedelta(days=10)
    fait, neuf = rapports.make_rapport(mois=date(2026, 11, 3), maintenant=premier_decembre)
    encore, de_nouveau = rapports.make_rapport(mois=date(2026, 11, 9), maintenant=premier_decembre)

    assert (neuf, de_nouveau, fait.pk) == (True, False, encore.pk)
    assert [d["numero"] for d in fait.contenu["decisions"]] == [decision.numero]
    codes = {mesure["code"] for mesure in fait.contenu["mesures"]}
    assert "gouvernance.decisions" in codes
    [mesure] = [m for m in fait.contenu["mesures"] if m["code"] == "gouvernance.decisions"]
    assert (mesure["valeur"], mesure["ecart"]) == ("1", "1")
    with pytest.raises(IntegrityError), transaction.atomic():
        RapportMensuel.objects.update(contenu={})


def test_report_waits_for_the_end_of_the_month(maintenant):
    with pytest.raises(ValueError, match="pas fini"):
        rapports.make_rapport(mois=maintenant.date(), maintenant=maintenant)


def test_daily_task_publishes_the_month_that_is_over(maintenant):
    instant = int((maintenant + timedelta(days=10)).timestamp())
    tasks.publier_rapport(timestamp=instant)
    tasks.publier_rapport(timestamp=instant + 86_400)
    assert RapportMensuel.objects.get().slug == "2026-11"


def test_report_tells_what_changed_in_other_trades(maintenant):
    code = "essai"
    changements.register(
        code,
        lambda debut, fin: [
            ChangementConstate("action:2018-2020-1-1", "FranceConnect", "=passe en cours", debut)
        ],
    )
    try:
        fait, _ = rapports.make_rapport(mois=date(2026, 10, 1), maintenant=maintenant)
    finally:
        del changements._par_code[code]
    assert "=passe en cours" in [un["quoi"] for un in fait.contenu["changements"]]


def test_report_leads_to_what_it_names_and_agrees_its_units(client, maintenant):
    contenu = {
        "decisions": [{"numero": 7, "titre": "Publier", "etat": "Prise", "le": "2026-10-20",
                       "collectivites": "", "etat_college": ""}],
        "reunions": [], "changements": [],
        "suites": [{"decision": 7, "cle": "", "texte": "Premier rapport", "le": "2026-10-20"}],
        "evaluations": [{"id": 3, "titre": "Visio", "action": "", "le": "2026-10-21"}],
        "mesures": [{"code": "x", "libelle": "Comptes", "unite": "comptes", "valeur": "0",
                     "precedente": "0", "ecart": "0"}],
    }  # fmt: skip
    RapportMensuel.objects.create(
        mois=date(2026, 10, 1), contenu=contenu, empreinte="0" * 64, publie_le=maintenant
    )

    page = client.get("/rapports/2026-10/").text

    assert page.count('href="/decisions/7/"') == 2
    assert 'href="/evaluations/3/"' in page
    assert ">0 compte</td>" in page


def test_report_is_given_as_data_without_formula(client, maintenant):
    test_report_tells_what_changed_in_other_trades(maintenant)
    donnees = json.loads(client.get("/rapports/2026-10.json").content)
    assert donnees["mois"] == "2026-10"
    csv = client.get("/rapports/2026-10.csv").content.decode("utf-8-sig")
    assert "'=passe en cours" in csv
    assert "<entry>" in client.get("/rapports/atom.xml").text
    assert client.get("/rapports/2026-13/").status_code == 404


# Preuve, fiches -----------------------------------------------------------------------------------
def test_frozen_text_and_its_hash_agree(client, decision):
    contenu = client.get(f"/decisions/{decision.numero}/texte.txt").content
    assert sha256(contenu).hexdigest() == decisions.get_version(decision).empreinte


def test_decision_before_the_seal_says_to_wait(client, decision):
    reponse = client.get(f"/decisions/{decision.numero}/preuve.zip")
    assert reponse.status_code == 409
    assert "scellée" in reponse.text


def test_evaluation_and_decision_are_found_from_the_action(decision, maintenant, count_sql):
    evaluation = evaluations.save_evaluation(
        action="action:2018-2020-2-1", titre="Évaluation", objectifs="o", resultats="r",
        redigee_par="Équipe", acteur=SYSTEME, maintenant=maintenant,
    )  # fmt: skip
    evaluations.publish_evaluation(evaluation=evaluation, acteur=SYSTEME, maintenant=maintenant)
    trouves = {g.titre: [f.cle for f in g.fiches] for g in list_rappels("action:2018-2020-2-1")}

    assert set(trouves["Gouvernance"]) == {f"evaluation:{evaluation.pk}", "decision:1"}
    with count_sql() as compte:
        fiches = map_fiches(["decision:1", "decision:99", "decision:x", "instance:cos"])
    assert list(fiches) == ["decision:1", "instance:cos"]
    assert len(compte.instructions) == 1


def test_home_shows_the_last_decision_in_one_statement(decision, sieges, maintenant, count_sql):
    from socle.metiers.gouvernance.views.encarts import build_derniere

    assert build_derniere(None, None).read() is None
    vote_all(decision, sieges, maintenant)
    with count_sql() as compte:
        contexte = build_derniere(None, None).read()
    assert contexte["decision"].etat_le == maintenant
    assert len(compte.instructions) == 1
    assert reverse("gouvernance:decision", args=[1]) == "/decisions/1/"
