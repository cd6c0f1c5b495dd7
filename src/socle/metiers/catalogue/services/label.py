"""Le label, étape par étape. Personne ne juge ce qui le concerne ; tout est public."""

import calendar
from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from socle.fondations.comptes.models import Compte
from socle.metiers.catalogue.enums import (
    Avis,
    EtatCandidature,
    EtatReferentiel,
    NiveauEvaluation,
)
from socle.metiers.catalogue.errors import (
    ConflitDInterets,
    EtapeImpossible,
    EvaluationIncomplete,
    PasRepresentant,
)
from socle.metiers.catalogue.models import (
    CandidatureLabel,
    CritereLabel,
    EvaluationLabel,
    FaitLabel,
    ReferentielLabel,
    Solution,
)
from socle.metiers.catalogue.permissions import can_audit, can_decide, can_declare, can_review
from socle.metiers.catalogue.services.suivi import record_action

Reponses = Mapping[int, tuple[str, str]]  # critère → (avis, preuve)


@transaction.atomic
def declare(
    *, solution: Solution, avis: Reponses, agent: Compte, maintenant: datetime
) -> CandidatureLabel:
    """Dépose une candidature : un avis et une preuve par critère.

    Raises:
        PasRepresentant: la personne ne peut pas parler pour cette solution.
        EtapeImpossible: une candidature est en cours, ou aucun référentiel n’est en vigueur.
        EvaluationIncomplete: un critère est sans avis ou sans preuve.
    """
    if not can_declare(agent, solution):
        raise PasRepresentant
    referentiel = ReferentielLabel.objects.filter(etat=EtatReferentiel.EN_VIGUEUR).first()
    if referentiel is None or not solution.is_publiee:
        raise EtapeImpossible(suite="La fiche doit être publiée, et un référentiel en vigueur.")
    candidature = CandidatureLabel(
        solution=solution, referentiel=referentiel, declaree_le=maintenant, declaree_par=agent
    )
    try:
        with transaction.atomic():
            candidature.save()
    except IntegrityError as cause:
        raise EtapeImpossible("Une candidature est déjà en cours.", "Suivez-la.") from cause
    _write_avis(candidature, NiveauEvaluation.DECLARATION, avis, agent, maintenant)
    _tell(candidature, "L’éditeur s’est déclaré sur chaque critère.", maintenant)
    _record(candidature, "label.declare", agent, maintenant)
    return candidature


@transaction.atomic
def review(
    *, candidature: CandidatureLabel, avis: Reponses, agent: Compte, maintenant: datetime
) -> CandidatureLabel:
    """Donne l’avis d’un pair.

    Raises:
        ConflitDInterets: la candidature concerne cette personne.
        EtapeImpossible: elle n’attend pas de pair.
    """
    suivie = _lock(candidature, EtatCandidature.DECLAREE)
    if not can_review(agent, suivie):
        raise ConflitDInterets
    _write_avis(suivie, NiveauEvaluation.PAIR, avis, agent, maintenant)
    suivie.relue_par = agent
    _move(suivie, EtatCandidature.RELUE, "Un pair a relu la déclaration.", maintenant)
    _record(suivie, "label.relu", agent, maintenant)
    return suivie


@transaction.atomic
def audit(
    *, candidature: CandidatureLabel, avis: Reponses, agent: Compte, maintenant: datetime
) -> CandidatureLabel:
    """Donne l’avis de l’audit.

    Raises:
        ConflitDInterets: la personne est concernée, ou a déjà relu.
        EtapeImpossible: elle n’attend pas d’audit.
    """
    suivie = _lock(candidature, EtatCandidature.RELUE)
    if not can_audit(agent, suivie):
        raise ConflitDInterets
    _write_avis(suivie, NiveauEvaluation.AUDIT, avis, agent, maintenant)
    suivie.auditee_par = agent
    _move(suivie, EtatCandidature.AUDITEE, "L’équipe a vérifié les preuves.", maintenant)
    _record(suivie, "label.audite", agent, maintenant)
    return suivie


@transaction.atomic
def decide(
    *, candidature: CandidatureLabel, accorde: bool, motif: str, agent: Compte,
    maintenant: datetime,
) -> CandidatureLabel:  # fmt: skip
    """Donne ou refuse le label, avec un motif ; tranche aussi un recours.

    Raises:
        ConflitDInterets: la personne est concernée, ou a pris la décision contestée.
        EtapeImpossible: rien à décider, motif vide, ou critère non respecté à l’audit.
    """
    suivie = _lock(candidature, EtatCandidature.AUDITEE, EtatCandidature.RECOURS)
    if not can_decide(agent, suivie):
        raise ConflitDInterets
    if not motif.strip():
        raise EtapeImpossible("Une décision se motive.", "Écrivez pourquoi.")
    fermes = suivie.evaluations.filter(niveau=NiveauEvaluation.AUDIT, avis=Avis.NON)
    if accorde and suivie.etat == EtatCandidature.AUDITEE and fermes.exists():
        raise EtapeImpossible(
            "Un critère n’est pas respecté : le label ne peut pas être donné.",
            "Refusez, ou refaites l’audit quand c’est corrigé.",
        )
    suivie.decidee_par, suivie.decidee_le, suivie.motif = agent, maintenant, motif.strip()
    if accorde:
        jour = timezone.localdate(maintenant)
        suivie.expire_le = add_mois(jour, suivie.referentiel.duree_mois)
        _move(suivie, EtatCandidature.LABELLISEE, f"Label donné. {motif.strip()}", maintenant)
    else:
        _move(suivie, EtatCandidature.REFUSEE, f"Label refusé. {motif.strip()}", maintenant)
    _record(suivie, "label.donne" if accorde else "label.refuse", agent, maintenant)
    return suivie


@transaction.atomic
def appeal(
    *, candidature: CandidatureLabel, motif: str, agent: Compte, maintenant: datetime
) -> CandidatureLabel:
    """Conteste un refus ; une autre personne tranchera.

    Raises:
        PasRepresentant: la personne ne peut pas parler pour cette solution.
        EtapeImpossible: il n’y a pas de refus à contester, ou le motif est vide.
    """
    suivie = _lock(candidature, EtatCandidature.REFUSEE)
    if not can_declare(agent, suivie.solution):
        raise PasRepresentant
    if not motif.strip():
        raise EtapeImpossible("Un recours se motive.", "Écrivez pourquoi.")
    autres = CandidatureLabel.objects.filter(solution=suivie.solution_id, pk__gt=suivie.pk)
    if autres.exists():
        raise EtapeImpossible("Une candidature plus récente existe.", "Suivez celle-là.")
    _move(suivie, EtatCandidature.RECOURS, f"Recours de l’éditeur. {motif.strip()}", maintenant)
    _record(suivie, "label.recours", agent, maintenant)
    return suivie


@transaction.atomic
def expire_labels(*, maintenant: datetime) -> int:
    """Ferme les labels arrivés à terme ; rend leur nombre. Rejouable."""
    termes = CandidatureLabel.objects.select_for_update(of=("self",)).filter(
        etat=EtatCandidature.LABELLISEE, expire_le__lte=timezone.localdate(maintenant)
    )
    lus = list(termes.order_by("id"))
    for candidature in lus:
        _move(candidature, EtatCandidature.EXPIREE, "Le label est arrivé à son terme.", maintenant)
        record_action("label.expire", objet=f"label:{candidature.pk}", acteur="systeme",
                      maintenant=maintenant)  # fmt: skip
    return len(lus)


@transaction.atomic
def publish_referentiel(
    *, titre: str, mention: str, duree_mois: int, criteres: list[dict[str, str]], agent: Compte,
    maintenant: datetime,
) -> ReferentielLabel:  # fmt: skip
    """Met en vigueur une nouvelle version des critères ; les candidatures en cours gardent la leur.

    Raises:
        EvaluationIncomplete: aucun critère, ou un critère sans question ni preuve.
    """
    if not criteres or any(not all(c.get(n) for n in ("titre", "question", "preuve"))
                           for c in criteres):  # fmt: skip
        raise EvaluationIncomplete("Chaque critère a un titre, une question et une preuve.")
    ReferentielLabel.objects.select_for_update().filter(etat=EtatReferentiel.EN_VIGUEUR).update(
        etat=EtatReferentiel.REMPLACE, modifie_le=maintenant
    )
    version = (ReferentielLabel.objects.aggregate(m=Max("version"))["m"] or 0) + 1
    referentiel = ReferentielLabel.objects.create(
        version=version, titre=titre, mention=mention, duree_mois=duree_mois,
        etat=EtatReferentiel.EN_VIGUEUR, en_vigueur_le=maintenant,
    )  # fmt: skip
    CritereLabel.objects.bulk_create(
        CritereLabel(referentiel=referentiel, rang=rang, **critere)
        for rang, critere in enumerate(criteres, start=1)
    )
    record_action("label.criteres", objet=f"referentiel:{version}", acteur=agent.acteur,
                  maintenant=maintenant)  # fmt: skip
    return referentiel


def add_mois(jour: date, mois: int) -> date:
    """Ajoute des mois ; le 31 devient le dernier jour d’un mois plus court.

    >>> add_mois(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    rang = jour.month - 1 + mois
    annee, numero = jour.year + rang // 12, rang % 12 + 1
    return date(annee, numero, min(jour.day, calendar.monthrange(annee, numero)[1]))


def _lock(candidature: CandidatureLabel, *etats: EtatCandidature) -> CandidatureLabel:
    suivie = (
        CandidatureLabel.objects.select_for_update(of=("self",))
        .select_related("solution", "referentiel")
        .get(pk=candidature.pk)
    )
    if suivie.etat not in etats:
        raise EtapeImpossible
    return suivie


def _write_avis(
    candidature: CandidatureLabel, niveau: NiveauEvaluation, avis: Reponses, agent: Compte,
    maintenant: datetime,
) -> None:  # fmt: skip
    criteres = list(
        CritereLabel.objects.filter(referentiel=candidature.referentiel_id).order_by("rang")
    )
    lus = {critere.pk: avis.get(critere.pk, ("", "")) for critere in criteres}
    if any(valeur not in Avis.values or not preuve.strip() for valeur, preuve in lus.values()):
        raise EvaluationIncomplete
    EvaluationLabel.objects.bulk_create(
        EvaluationLabel(
            candidature=candidature, critere_id=critere, niveau=niveau, avis=valeur,
            preuve=preuve.strip(), auteur=agent, auteur_nom=agent.nom_affiche,
            faite_le=maintenant,
        )
        for critere, (valeur, preuve) in lus.items()
    )  # fmt: skip


def _move(
    candidature: CandidatureLabel, etat: EtatCandidature, texte: str, maintenant: datetime
) -> None:
    candidature.etat = etat
    candidature.save()
    # La fiche change : son étiquette et le fil Atom doivent le voir.
    Solution.objects.filter(pk=candidature.solution_id).update(modifie_le=maintenant)
    _tell(candidature, texte, maintenant)


def _tell(candidature: CandidatureLabel, texte: str, maintenant: datetime) -> None:
    FaitLabel.objects.create(
        candidature=candidature, etat=candidature.etat, texte=texte, survenu_le=maintenant
    )


def _record(
    candidature: CandidatureLabel, action: str, agent: Compte, maintenant: datetime
) -> None:
    record_action(
        action, objet=f"label:{candidature.pk}", acteur=agent.acteur, maintenant=maintenant
    )
