"""Un objet de chaque sorte, pour l’essai des droits."""

from datetime import date, timedelta

from django.utils import timezone

from socle.metiers.gouvernance.enums import College, NatureEffet, NatureInstance
from socle.metiers.gouvernance.services import decisions, evaluations, feuilles, points, reunions
from tests.metiers.gouvernance.conftest import SYSTEME, create_instance, create_siege


def create_objets() -> dict[str, str]:
    """Rend les valeurs des adresses de l’équipe."""
    maintenant = timezone.now()
    signe = {"acteur": SYSTEME, "maintenant": maintenant}
    cos = create_instance(maintenant, "cos", NatureInstance.POLITIQUE)
    siege = create_siege(maintenant, cos, College.ETAT, "Ministère")
    debut = maintenant + timedelta(days=30)
    reunion = reunions.create_reunion(
        instance=cos, titre="COS", debut=debut, fin=debut + timedelta(hours=1), **signe
    )
    point = points.save_point(reunion=reunion, titre="Bilan", **signe)
    decision = decisions.propose_decision(
        instance=cos, titre="Objet", texte="Texte.", reunion=reunion, **signe,
        effets=[decisions.EffetPropose(nature=NatureEffet.AUTRE, texte="Suite")],
    )  # fmt: skip
    feuille = feuilles.open_feuille(semestre="2026-2", **signe)
    ligne = feuilles.save_ligne(
        feuille=feuille, titre="Ligne", date_prevue=date(2026, 12, 1), **signe
    )
    evaluation = evaluations.save_evaluation(
        action="action:2018-2020-2-1", titre="Évaluation", objectifs="o", resultats="r",
        redigee_par="Équipe", **signe,
    )  # fmt: skip
    return {
        "instances/slug": cos.slug,
        "sieges/pk": str(siege.pk),
        "reunions/pk": str(reunion.pk),
        "points/pk": str(point.pk),
        "decisions/numero": str(decision.numero),
        "effets/pk": str(decision.effets.get().pk),
        "feuilles/pk": str(feuille.pk),
        "lignes/pk": str(ligne.pk),
        "evaluer/pk": str(evaluation.pk),
    }
