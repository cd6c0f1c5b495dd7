"""Ce qui manque à une démarche pour être publiée, avec l’endroit où le corriger."""

from socle.fondations.formulaires.enums import Gravite
from socle.fondations.formulaires.validation import Anomalie, check_formulaire
from socle.metiers.demarches.enums import Silence
from socle.metiers.demarches.errors import Defaut
from socle.metiers.demarches.models import Demarche, Version
from socle.normes.delais.echeances import MOIS_DE_SILENCE


def check_publication(demarche: Demarche, version: Version) -> list[Defaut]:
    """Rend les défauts qui empêchent de publier : la fiche d’abord, puis le formulaire."""
    anomalies = check_formulaire(version.definition)
    return [*list_defauts_fiche(demarche), *list_defauts_formulaire(anomalies)]


def list_defauts_formulaire(anomalies: list[Anomalie]) -> list[Defaut]:
    """Rend les anomalies bloquantes comme des défauts de publication."""
    return [
        Defaut(ou="formulaire", cible=anomalie.champ or anomalie.page, message=str(anomalie))
        for anomalie in anomalies
        if anomalie.gravite is Gravite.BLOQUANTE
    ]


def list_defauts_fiche(demarche: Demarche) -> list[Defaut]:
    """Rend ce qui manque à la fiche. `service` et `regle` sont déjà chargés.

    Source: CRPA, art. R. 112-11-1 (service et coordonnées), L. 231-4 et L. 231-6 (silence).
    """
    manques = {
        "service": _check_service(demarche),
        "regle": "" if demarche.regle else "choisissez une règle de conservation.",
        "resume": "" if demarche.resume else "résumez la démarche en une phrase.",
        "cadre_juridique": ""
        if demarche.cadre_juridique
        else "citez le texte ou la délibération qui fonde la démarche.",
        "silence_exception": _check_silence(demarche),
        "silence_source": ""
        if demarche.silence_mois == MOIS_DE_SILENCE or demarche.silence_source
        else "citez le texte qui donne ce délai (CRPA, art. L. 231-6).",
    }
    return [
        Defaut(ou="fiche", cible=champ, message=f"Fiche : {message}")
        for champ, message in manques.items()
        if message
    ]


def _check_service(demarche: Demarche) -> str:
    if demarche.service is None:
        return "choisissez le service qui répond aux usagers."
    if not (demarche.service.courriel or demarche.service.adresse):
        return (
            f"le service « {demarche.service} » n’a ni courriel ni adresse postale ;"
            " donnez-les-lui (CRPA, art. R. 112-11-1)."
        )
    return ""


def _check_silence(demarche: Demarche) -> str:
    if demarche.silence == Silence.REJET and not demarche.silence_exception:
        return "dites pourquoi le silence vaut refus (CRPA, art. L. 231-4)."
    return ""
