"""Une décision prise change le programme : l’état d’une action, une date, une action nouvelle."""

from datetime import datetime

from socle.metiers.gouvernance.ports import Applicateur, Constat, EffetDecide, applicateurs
from socle.metiers.pilotage.services import suites
from socle.metiers.pilotage.services.edition import Origine


def sign(effet: EffetDecide) -> Origine:
    return Origine(f"Décision n° {effet.numero}")


def observe_etat(effet: EffetDecide) -> Constat:
    voulu, fiche = suites.read_etat(effet.valeur), suites.get_fiche(effet.cle)
    return Constat(fiche.etat_affiche.label, atteint=fiche.etat == voulu)


def apply_etat(effet: EffetDecide, maintenant: datetime) -> str:
    return suites.apply_etat(
        cle=effet.cle,
        etat=suites.read_etat(effet.valeur),
        lien=effet.decision,
        texte=effet.texte,
        par=sign(effet),
        maintenant=maintenant,
    )


def observe_date(effet: EffetDecide) -> Constat:
    suites.get_fiche(effet.cle)
    return Constat()


def apply_date(effet: EffetDecide, maintenant: datetime) -> str:
    if effet.date_visee is None:  # le formulaire donne toujours une date à cette nature
        raise ValueError(effet.pk)
    return suites.add_date(
        cle=effet.cle,
        jour=effet.date_visee,
        texte=f"{effet.texte} (décision n° {effet.numero})",
        par=sign(effet),
        maintenant=maintenant,
    )


def observe_axe(effet: EffetDecide) -> Constat:
    suites.get_axe(effet.cle)
    return Constat()


def create_action(effet: EffetDecide, maintenant: datetime) -> str:
    return suites.create_action(
        axe=effet.cle,
        titre=effet.texte,
        jour=effet.date_visee,
        source=f"Décision n° {effet.numero}",
        lien=effet.decision,
        par=sign(effet),
        maintenant=maintenant,
    )


for prefixe in suites.FICHES:
    applicateurs.register(f"{prefixe}.etat", Applicateur(observe_etat, apply_etat))
    applicateurs.register(f"{prefixe}.date", Applicateur(observe_date, apply_date))
applicateurs.register("axe.action", Applicateur(observe_axe, create_action))
