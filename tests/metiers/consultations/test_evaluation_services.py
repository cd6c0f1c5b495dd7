"""Les règles de l’évaluation : ce qui se refuse, ce qui se fige, ce qui se publie d’un coup."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.dispatch import receiver

from socle.fondations.commun.locataire import locataire, operateur
from socle.fondations.comptes.enums import Role
from socle.fondations.journal.models import Entree
from socle.fondations.notifications.models import Envoi
from socle.metiers.consultations import errors
from socle.metiers.consultations.enums import EtapeInstruction, Issue, OrigineDeport
from socle.metiers.consultations.models import (
    Campagne,
    CritereDeGrille,
    Deport,
    Grille,
    Instruction,
    Jure,
    Notation,
    Reponse,
    Resultat,
)
from socle.metiers.consultations.permissions import can_judge
from socle.metiers.consultations.queries import evaluation_jury as lectures
from socle.metiers.consultations.queries.evaluation_notes import read_avancement
from socle.metiers.consultations.queries.evaluation_resultats import find_resultat
from socle.metiers.consultations.services import campagnes, purge
from socle.metiers.consultations.services import evaluation_deliberation as deliberation
from socle.metiers.consultations.services import evaluation_grille as grilles
from socle.metiers.consultations.services import evaluation_jury as jury
from socle.metiers.consultations.services import evaluation_notes as notes
from socle.metiers.consultations.services import evaluation_publication as publication
from socle.metiers.consultations.services import evaluation_recevabilite as recevabilite
from socle.metiers.consultations.services.evaluation_deliberation import Decision
from socle.metiers.consultations.signals import resultats_publies
from tests.factories import AdhesionFactory, CollectiviteFactory
from tests.metiers.consultations import fabrique_evaluation as f
from tests.metiers.consultations.fabrique_evaluation import MAINTENANT

pytestmark = pytest.mark.django_db
SIGNE = {"acteur": f.ACTEUR, "maintenant": MAINTENANT}


@pytest.fixture
def monde(db):
    return f.create_monde()


def list_journal(action):
    with operateur():
        return list(Entree.objects.filter(action=action, collectivite_id=0).order_by("pk"))


def count_journal(action, objet=None):
    return sum(1 for entree in list_journal(action) if objet in (None, entree.objet))


def add_agent_de(code, siren, genre="commune", code_cog=""):
    """Un agent d’une collectivité de l’installation."""
    collectivite = CollectiviteFactory(
        nom=f"Collectivité {code}", slug=f"c-{code}", siren=siren, genre=genre,
        code_cog=code_cog or code,
    )  # fmt: skip
    compte = f.create_agent("Local")
    with locataire(collectivite.pk):
        AdhesionFactory(collectivite=collectivite, compte=compte, role=Role.INSTRUCTEUR)
    return compte


# Grille -------------------------------------------------------------------------------------------
def test_grille_has_nine_rows_said_to_be_ours_then_freezes_at_the_first_note(monde):
    grille = lectures.get_grille(monde.instruction)
    criteres = lectures.list_criteres(grille)
    assert len(criteres) == 9
    assert all(len(c.niveaux) == grille.maximum + 1 for c in criteres)
    assert "écrits par l’équipe de cette installation" in grille.mention

    saisis = [grilles.CritereSaisi(c.intitule, c.question, tuple(c.niveaux)) for c in criteres]
    commun = {"instruction": monde.instruction, "maximum": 3, "mention": "Les nôtres."}
    grilles.save_grille(**commun, criteres=saisis[:4], **SIGNE)
    assert lectures.get_grille(monde.instruction).version == 1

    f.declare(monde, monde.jures[0])
    notes.save_notation(
        jure=monde.jures[0], reponse=monde.dossiers[0], notes={}, avis="", maintenant=MAINTENANT
    )
    with pytest.raises(errors.GrilleFigee):
        grilles.save_grille(**commun, criteres=saisis[:3], **SIGNE)
    critere = CritereDeGrille.objects.filter(grille__instruction=monde.instruction).first()
    with pytest.raises(IntegrityError, match="figée"), transaction.atomic():
        CritereDeGrille.objects.filter(pk=critere.pk).update(poids=9)
    with pytest.raises(IntegrityError, match="figée"), transaction.atomic():
        Grille.objects.filter(pk=grille.pk).update(maximum=5)


def test_grille_renewed_asks_the_notes_again_and_keeps_the_old_ones(monde):
    f.declare(monde, monde.jures[0])
    ancienne = f.sign(monde, monde.jures[0], monde.dossiers[0])
    saisis = [grilles.CritereSaisi("Un seul", "Oui ?", ("0", "1", "2", "3"))]

    neuve = grilles.save_grille(
        instruction=monde.instruction, maximum=3, mention="", criteres=saisis,
        motif="Un critère était en double.", **SIGNE,
    )  # fmt: skip

    assert (neuve.version, neuve.motif) == (2, "Un critère était en double.")
    assert Notation.objects.get(pk=ancienne.pk).is_signee
    assert read_avancement(monde.instruction).par_jure == {}
    assert {d.etat for d in lectures.list_dossiers(monde.jures[0], neuve)} <= {"À noter"}
    with pytest.raises(errors.NoteRefusee, match="grille a changé"):
        notes.save_notation(
            jure=monde.jures[0], reponse=monde.dossiers[0], notes={}, avis="",
            maintenant=MAINTENANT, version=1,
        )  # fmt: skip
    autre = grilles.open_instruction(campagne=f.create_appel("autre"), **SIGNE)
    assert len(lectures.list_criteres(lectures.get_grille(autre))) == 9
    copiee = grilles.copy_grille(instruction=autre, source=monde.instruction, **SIGNE)
    assert [c.intitule for c in lectures.list_criteres(copiee)] == ["Un seul"]


@pytest.mark.parametrize(
    "change",
    [{"intitule": " "}, {"niveaux": ("0", "1")}, {"poids": 0}, {"seuil": Decimal(4)},
     {"niveaux": ("0", "1", "", "3")}],
)  # fmt: skip
def test_critere_incomplet_is_refused(change):
    bon = grilles.CritereSaisi("Intitulé", "Question ?", ("0", "1", "2", "3"))
    with pytest.raises(errors.GrilleRefusee):
        grilles.check_criteres([replace(bon, **change)], 3)


# Recevabilité -------------------------------------------------------------------------------------
def test_notation_waits_for_the_close_the_checks_and_a_president(db):
    ouvert = f.create_appel("ouvert", etat="publiee", ferme_le=MAINTENANT + f.JOUR)
    dossier = f.create_dossier(ouvert)
    equipier = f.create_equipier()
    with pytest.raises(errors.EtapeRefusee, match="Attendez la clôture"):
        recevabilite.judge_recevabilite(
            reponse=dossier, recevable=True, motif="", agent=equipier, maintenant=MAINTENANT
        )
    campagne = f.create_appel("clos", departements=["92"])
    dedans, dehors = f.create_dossier(campagne), f.create_dossier(campagne, "75056")
    instruction = grilles.open_instruction(campagne=campagne, **SIGNE)

    def open_notation():
        return notes.open_notation(instruction=instruction, **SIGNE)

    def judge(reponse, recevable, motif=""):
        return recevabilite.judge_recevabilite(
            reponse=reponse, recevable=recevable, motif=motif, agent=equipier,
            maintenant=MAINTENANT,
        )  # fmt: skip

    with pytest.raises(errors.EtapeRefusee, match="sans contrôle"):
        open_notation()
    with pytest.raises(errors.ResultatRefuse, match="se motive"):
        judge(dehors, recevable=False)
    jugee = judge(dehors, recevable=False, motif="Hors du territoire.")
    assert {c["point"]: c["tenu"] for c in jugee.constats} == {
        "Déposé avant la clôture": True, "Dans le territoire de l’appel": False,
        "Déposé pour une collectivité": True,
    }  # fmt: skip
    assert count_journal("reponse.irrecevable", dehors.objet) == 1
    judge(dedans, recevable=True)
    with pytest.raises(errors.EtapeRefusee, match="membre"):
        open_notation()
    jures = [f.add_jure(instruction, 2), f.add_jure(instruction, 2)]
    with pytest.raises(errors.EtapeRefusee, match="présidence"):
        open_notation()
    jury.set_fonction(jure=jures[0], fonction="president", **SIGNE)
    assert open_notation().etape == EtapeInstruction.NOTATION
    assert [r.pk for r in lectures.list_recevables(instruction)] == [dedans.pk]


# Jury et déports ----------------------------------------------------------------------------------
def test_jury_refuses_the_team_a_second_seat_and_a_second_president(monde):
    with pytest.raises(errors.JuryRefuse, match="organise"):
        f.add_jure(monde.instruction, compte=monde.equipier)
    with pytest.raises(errors.JuryRefuse, match="déjà au jury"):
        f.add_jure(monde.instruction, compte=monde.jures[2].compte)
    with pytest.raises(errors.JuryRefuse, match="déjà tenue"):
        f.add_jure(monde.instruction, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Jure.objects.filter(pk=monde.jures[2].pk).update(fonction="president")


def test_nobody_reads_nor_notes_before_declaring(monde):
    jure, dossier = monde.jures[0], monde.dossiers[0]
    assert list(lectures.list_visibles(jure)) == []
    assert not can_judge(jure.compte, dossier)
    with pytest.raises(errors.DeclarationManquante):
        f.sign(monde, jure, dossier)

    jure = f.declare(monde, jure)

    assert len(lectures.list_visibles(jure)) == 4
    assert can_judge(jure.compte, dossier)
    assert count_journal("jury.interets_declares") == 1


def test_conflits_of_the_tables_are_found_alone(db):
    """Sa commune, son EPCI, son département, son nom dans un dossier : retiré sans déclarer."""
    monde = f.create_monde()
    antony, bagneux, chatillon, malakoff = monde.dossiers
    Reponse.objects.filter(pk=malakoff.pk).update(
        reponses={"partenaires": [{"siret": "219 200 235 00017"}, "Institut des archives fictives"]}
    )
    cas = {
        "commune": (add_agent_de("92002", "219200029"), {antony.pk: OrigineDeport.AUTORITE}),
        "epci": (
            add_agent_de("200054781", "200054781", "epci"),
            {d.pk: OrigineDeport.TERRITOIRE for d in monde.dossiers},
        ),
        "departement": (
            add_agent_de("92", "229200506", "departement", "92"),
            {d.pk: OrigineDeport.TERRITOIRE for d in monde.dossiers},
        ),
        "partenaire": (
            add_agent_de("92023", "219200235"), {malakoff.pk: OrigineDeport.PARTENAIRE}
        ),
    }  # fmt: skip
    for nom, (compte, attendus) in cas.items():
        jure = f.add_jure(monde.instruction, compte=compte, organisation="")
        deports = Deport.objects.filter(jure=jure)
        assert dict(deports.values_list("reponse_id", "origine")) == attendus, nom
    organise = f.add_jure(monde.instruction, organisation="Institut des archives fictives")
    assert list(organise.deports.values_list("reponse_id", flat=True)) == [malakoff.pk]
    assert bagneux.pk not in cas["commune"][1]
    assert chatillon.pk not in cas["partenaire"][1]


def test_deport_closes_the_dossier_in_the_queries_the_services_and_the_base(monde):
    jure, dossier = monde.jures[0], monde.dossiers[0]
    jure = f.declare(monde, jure, {dossier: "Mon frère y travaille."})

    assert dossier.pk not in [r.pk for r in lectures.list_visibles(jure)]
    assert lectures.find_dossier(jure, dossier.cle) is None
    assert not can_judge(jure.compte, dossier)
    with pytest.raises(errors.EnDeport):
        f.sign(monde, jure, dossier)
    with pytest.raises(IntegrityError, match="en déport"), transaction.atomic():
        Notation.objects.create(
            jure=jure, reponse=dossier, grille=lectures.get_grille(monde.instruction)
        )
    autre = monde.dossiers[1]
    f.sign(monde, jure, autre)
    with pytest.raises(IntegrityError, match="encore une note"), transaction.atomic():
        Deport.objects.create(
            jure=jure, reponse=autre, origine="declare", motif="x", constate_le=MAINTENANT
        )


def test_deport_found_late_cancels_the_note_and_can_be_lifted_with_a_reason(monde):
    jure, dossier = monde.jures[0], monde.dossiers[0]
    jure = f.declare(monde, jure)
    signee = f.sign(monde, jure, dossier)

    deport = jury.record_deport(
        jure=jure, reponse=dossier, origine=OrigineDeport.EQUIPE, motif="Signalé.", **SIGNE
    )

    signee.refresh_from_db()
    assert (signee.annulee_le, signee.motif_annulation) == (MAINTENANT, "Déport.")
    assert read_avancement(monde.instruction).par_jure == {}
    with pytest.raises(errors.JuryRefuse, match="procès-verbal"):
        jury.lift_deport(deport=deport, motif=" ", **SIGNE)
    jury.lift_deport(deport=deport, motif="Homonyme.", **SIGNE)
    assert f.sign(monde, jure, dossier).is_signee
    ferme = Deport.objects.create(
        jure=jure, reponse=monde.dossiers[1], origine="autorite", constate_le=MAINTENANT
    )
    with pytest.raises(errors.JuryRefuse, match="ne se lève pas"):
        jury.lift_deport(deport=ferme, motif="Si.", **SIGNE)
    assert [count_journal(f"jury.{a}") for a in ("deport", "deport_leve")] == [1, 1]


def test_conflit_born_after_the_declaration_still_stops_the_note(monde):
    jure = f.declare(monde, monde.jures[0])
    antony = CollectiviteFactory(nom="Antony", slug="antony", siren="219200029", code_cog="92002")
    with locataire(antony.pk):
        AdhesionFactory(collectivite=antony, compte=jure.compte, role=Role.INSTRUCTEUR)

    with pytest.raises(errors.EnDeport):
        f.sign(monde, jure, monde.dossiers[0])


def test_replacement_keeps_signed_notes_and_drops_drafts(monde):
    jure = f.declare(monde, monde.jures[0])
    f.sign(monde, jure, monde.dossiers[0])
    notes.save_notation(
        jure=jure, reponse=monde.dossiers[1], notes={}, avis="", maintenant=MAINTENANT
    )

    neuf = jury.replace_jure(
        jure=jure, compte=f.create_agent(), organisation="Autre", motif="Départ.", **SIGNE
    )

    assert (neuf.fonction, neuf.college, neuf.remplace_id) == ("president", jure.college, jure.pk)
    assert read_avancement(monde.instruction).par_jure == {jure.pk: 1}
    assert Notation.objects.filter(jure=jure, annulee_le__isnull=False).count() == 1
    assert lectures.find_jure(jure.compte, monde.campagne.slug) is None
    with pytest.raises(errors.EtapeRefusee, match="plus de ce jury"):
        f.sign(monde, jure, monde.dossiers[1])


# Notes --------------------------------------------------------------------------------------------
def test_note_is_signed_whole_then_never_changes(monde):
    jure, dossier = f.declare(monde, monde.jures[0]), monde.dossiers[0]
    criteres = lectures.list_criteres(lectures.get_grille(monde.instruction))
    commun = {"jure": jure, "reponse": dossier, "maintenant": MAINTENANT}
    entieres = f.fill(monde.instruction)
    for saisies, avis, attendu in [
        ({criteres[0].pk: notes.NoteSaisie(2)}, "Bien.", "donnez une note"),
        (entieres | {criteres[0].pk: notes.NoteSaisie(0)}, "Bien.", "un zéro se commente"),
        (entieres | {criteres[0].pk: notes.NoteSaisie(4)}, "Bien.", "de 0 à 3"),
        (entieres, "  ", "avis d’ensemble"),
    ]:
        with pytest.raises(errors.NoteRefusee, match=attendu):
            notes.sign_notation(**commun, notes=saisies, avis=avis)
    assert not Notation.objects.exists()

    signee = f.sign(monde, jure, dossier)

    [entree] = list_journal("note.signee")
    assert (entree.objet, entree.donnees["empreinte"]) == (dossier.objet, signee.empreinte)
    assert signee.empreinte == notes.compute_empreinte(
        Notation.objects.select_related("reponse", "grille").get(pk=signee.pk), criteres
    )
    with pytest.raises(errors.NoteSignee):
        f.sign(monde, jure, dossier, 3)
    with pytest.raises(IntegrityError, match="signée"), transaction.atomic():
        Notation.objects.filter(pk=signee.pk).update(avis="Autre avis")


def test_nothing_of_the_others_is_seen_before_signing(monde):
    premier, second = (f.declare(monde, jure) for jure in monde.jures[:2])
    dossier, grille = monde.dossiers[0], lectures.get_grille(monde.instruction)
    f.sign(monde, premier, dossier)

    assert lectures.list_autres_notations(second, dossier, grille) == []
    notes.save_notation(
        jure=second,
        reponse=dossier,
        notes=f.fill(monde.instruction),
        avis="",
        maintenant=MAINTENANT,
    )
    assert lectures.list_autres_notations(second, dossier, grille) == []
    f.sign(monde, second, dossier, 1)
    vues = lectures.list_autres_notations(second, dossier, grille)
    assert [n.jure_id for n in vues] == [premier.pk]


def test_quorum_by_number_and_college_and_large_gaps(monde):
    grilles.save_cadre(
        instruction=monde.instruction, quorum=2, par_college=True, ecart_signale=2, recours="R",
        **SIGNE,
    )  # fmt: skip
    monde.instruction.refresh_from_db()
    collectivites, etat, autre = (f.declare(monde, jure) for jure in monde.jures)
    f.sign(monde, collectivites, monde.dossiers[0], 3, c1=0)
    f.sign(monde, autre, monde.dossiers[0], 3)
    premier = read_avancement(monde.instruction).dossiers[0]
    assert (premier.quorum, len(premier.ecarts)) == (False, 1)
    f.sign(monde, etat, monde.dossiers[0], 3)
    assert read_avancement(monde.instruction).dossiers[0].quorum
    with pytest.raises(errors.QuorumManquant, match=monde.dossiers[1].numero):
        deliberation.open_deliberation(jure=collectivites, maintenant=MAINTENANT)


# Délibération -------------------------------------------------------------------------------------
def test_deliberation_ranks_says_the_ties_and_asks_reasons(monde):
    f.deliberate(monde)
    resultats = {r.reponse_id: r for r in Resultat.objects.all()}
    premier, deux, trois, dernier = (resultats[d.pk] for d in monde.dossiers)
    assert [r.rang_calcule for r in (premier, deux, trois)] == [1, 2, 2]
    assert (dernier.rang_calcule, dernier.elimine) == (4, False)  # à 1, le seuil est tenu
    president, vice, membre = monde.jures

    def fix(jure=president, **champs):
        valeurs = {"issue": Issue.COMPLEMENTAIRE} | champs
        return deliberation.fix_resultats(
            jure=jure, decisions={deux.reponse_id: Decision(**valeurs)}, maintenant=MAINTENANT
        )

    for champs, attendu in [
        ({"issue": Issue.NON_RETENU}, "un refus se motive"),
        ({"rang": 3}, "pourquoi le rang diffère"),
        ({"issue": Issue.RETENU, "montant": Decimal(-1)}, "positif"),
    ]:
        with pytest.raises(errors.ResultatRefuse, match=attendu):
            fix(**champs)
    with pytest.raises(errors.EtapeRefusee, match="présidence"):
        fix(membre)
    with pytest.raises(errors.EnDeport):
        fix(vice)  # la vice-présidence n’arrête que ce dont la présidence est en déport
    f.decide(monde)
    assert fix(rang=3, motif_rang="Départagé par la taille.") == 1
    assert deliberation.validate_resultats(jure=president, maintenant=MAINTENANT).validee_le


def test_validation_wants_every_issue_sound_ranks_and_the_envelope(monde):
    f.deliberate(monde)
    valider = {"jure": monde.jures[0], "maintenant": MAINTENANT}
    with pytest.raises(errors.ResultatRefuse, match="sans issue"):
        deliberation.validate_resultats(**valider)
    f.decide(monde)
    Resultat.objects.filter(reponse=monde.dossiers[3]).update(rang=7)
    with pytest.raises(errors.ResultatRefuse, match="ne se suivent pas"):
        deliberation.validate_resultats(**valider)
    Resultat.objects.filter(reponse=monde.dossiers[3]).update(rang=4)
    Resultat.objects.filter(reponse=monde.dossiers[0]).update(montant=Decimal(100_001))
    with pytest.raises(errors.ResultatRefuse, match="plus que l’enveloppe"):
        deliberation.validate_resultats(**valider)
    with pytest.raises(errors.EtapeRefusee, match="présidence"):
        deliberation.validate_resultats(jure=monde.jures[1], maintenant=MAINTENANT)
    rouverte = deliberation.reopen(vers=EtapeInstruction.NOTATION, **valider)
    assert rouverte.etape == EtapeInstruction.NOTATION


def test_president_en_deport_leaves_the_decision_to_the_vice_president(monde):
    president, vice, membre = monde.jures
    f.declare(monde, president, {monde.dossiers[0]: "Ma commune natale."})
    for jure in (vice, membre):
        f.declare(monde, jure)
    for jure in monde.jures:
        for dossier in monde.dossiers[1 if jure == president else 0 :]:
            f.sign(monde, jure, dossier)
    deliberation.open_deliberation(jure=president, maintenant=MAINTENANT)
    refus = {monde.dossiers[0].pk: Decision(Issue.NON_RETENU, motivation="Trop court.")}

    with pytest.raises(errors.EnDeport):
        deliberation.fix_resultats(jure=president, decisions=refus, maintenant=MAINTENANT)
    assert deliberation.list_decidables(vice) == {monde.dossiers[0].pk}
    assert deliberation.fix_resultats(jure=vice, decisions=refus, maintenant=MAINTENANT) == 1


def test_sous_un_seuil_a_dossier_cannot_be_kept(monde):
    for jure in monde.jures:
        f.declare(monde, jure)
        for rang, dossier in enumerate(monde.dossiers):
            f.sign(monde, jure, dossier, 3, **({"c7": 0} if rang == 0 else {}))
    deliberation.open_deliberation(jure=monde.jures[0], maintenant=MAINTENANT)
    elimine = Resultat.objects.get(reponse=monde.dossiers[0])
    assert (elimine.elimine, elimine.rang_calcule) == (True, None)
    assert "Sûr, et sobre en données" in elimine.motivation
    with pytest.raises(errors.ResultatRefuse, match="seuil éliminatoire"):
        deliberation.fix_resultats(
            jure=monde.jures[0], decisions={elimine.reponse_id: Decision(Issue.RETENU)},
            maintenant=MAINTENANT,
        )  # fmt: skip


# Publication --------------------------------------------------------------------------------------
def test_publication_writes_a_row_and_a_letter_each_then_never_changes(monde):
    recus = []
    recepteur = receiver(resultats_publies, dispatch_uid="essai")(
        lambda sender, **donnees: recus.append(donnees)
    )
    try:
        f.publish(monde)
    finally:
        resultats_publies.disconnect(dispatch_uid="essai")
    assert recepteur
    assert count_journal("resultat.publie") == 4
    bilan = monde.instruction.bilan
    assert bilan["chiffres"] | {"notes_signees": 12} == {
        "recus": 4, "recevables": 4, "irrecevables": 0, "retenus": 1, "complementaires": 1,
        "non_retenus": 2, "taux": 25, "montant": "60000.00", "enveloppe": "100000.00",
        "notes_signees": 12, "quorum": 2,
    }  # fmt: skip
    assert [(r["nom"], r["montant"]) for r in bilan["retenus"]] == [("Antony", "60000.00")]
    assert "Bagneux" not in str(bilan)  # un refusé n’est jamais nommé
    assert "secret" not in str(bilan)
    [groupe, *_] = bilan["repartitions"][0]["lignes"]  # quatre dossiers désigneraient les refusés
    assert (groupe["recus"], groupe["retenus"], groupe["taux"]) == (None, 1, None)
    campagne = Campagne.objects.get()
    assert (campagne.etat, campagne.chiffres["total"]) == ("depouillee", 4)
    with pytest.raises(errors.EtatInattendu):
        campagnes.cancel_campagne(campagne=campagne, motif="Trop tard.", **SIGNE)
    [signal] = recus
    assert signal["resultats"][0].issue == "retenu"
    assert signal["resultats"][0].montant == Decimal(60_000)
    assert count_envois() == 4
    with pytest.raises(IntegrityError, match="publiés"), transaction.atomic():
        Resultat.objects.filter(reponse=monde.dossiers[0]).update(montant=1)
    with pytest.raises(IntegrityError, match="publiés"), transaction.atomic():
        Instruction.objects.filter(pk=monde.instruction.pk).update(bilan={})
    with pytest.raises(errors.EtapeRefusee):
        publication.publish_resultats(instruction=monde.instruction, **SIGNE)
    lu = find_resultat(monde.dossiers[3])
    assert (lu.resultat.issue, len(lu.notes), lu.notes_signees) == ("non_retenu", 9, 3)


def test_publication_is_all_or_nothing(monde):
    f.validate(monde)
    envois = count_envois()

    def fail(sender, **donnees):
        raise RuntimeError("la suite refuse")

    resultats_publies.connect(fail, dispatch_uid="essai")
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            publication.publish_resultats(instruction=monde.instruction, **SIGNE)
    finally:
        resultats_publies.disconnect(dispatch_uid="essai")

    monde.instruction.refresh_from_db()
    assert (monde.instruction.etape, monde.instruction.bilan) == (EtapeInstruction.VALIDEE, None)
    assert count_journal("resultat.publie") == 0
    assert count_envois() == envois
    assert find_resultat(monde.dossiers[0]) is None


def test_purge_removes_what_the_jury_wrote_and_keeps_the_results(monde):
    f.publish(monde)
    Jure.objects.filter(pk=monde.jures[0].pk).update(interets="Mon ancien poste.")

    purge.purge_reponses(maintenant=MAINTENANT + 400 * f.JOUR)

    assert not Notation.objects.exists()
    assert not Jure.objects.exclude(interets="").exists()
    assert Resultat.objects.filter(issue=Issue.RETENU).count() == 1
    monde.instruction.refresh_from_db()
    assert monde.instruction.bilan["chiffres"]["retenus"] == 1
    assert list_journal("note.signee")[0].donnees["empreinte"]


def count_envois():
    with operateur():
        return Envoi.objects.filter(objet__startswith="reponse:").count()


def test_avancement_costs_the_same_whatever_the_numbers(monde, django_assert_num_queries):
    grand = f.create_monde(codes=tuple(f.COMMUNES)[:2], membres=5, slug="grand")
    for jeu in (monde, grand):
        for jure in jeu.jures:
            f.declare(jeu, jure)
            f.sign(jeu, jure, jeu.dossiers[0])
        with django_assert_num_queries(6):
            read_avancement(jeu.instruction)
