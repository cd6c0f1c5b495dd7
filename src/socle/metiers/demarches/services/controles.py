"""Ce qui manque à une démarche pour être publiée, avec l’endroit où le corriger."""

from socle.fondations.collectivites.models import Service
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
        "service": "" if demarche.service else "choisissez le service qui répond aux usagers.",
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
    defauts = [
        Defaut(ou="fiche", cible=champ, message=f"Fiche : {message}")
        for champ, message in manques.items()
        if message
    ]
    return [*defauts, *_list_defauts_service(demarche.service)]


def _list_defauts_service(service: Service | None) -> list[Defaut]:
    """Rend ce qui manque aux coordonnées du service, à compléter dans les réglages."""
    if service is None:
        return []
    absents = []
    if not service.telephone.strip():
        absents.append("un numéro de téléphone")
    if not (service.courriel.strip() or service.adresse.strip()):
        absents.append("une adresse électronique ou postale")
    if not absents:
        return []
    message = (
        f"Service « {service} » : ajoutez {' et '.join(absents)}, que l’accusé de réception doit"
        " donner (CRPA, art. R. 112-11-1, 2°)."
    )
    return [Defaut(ou="service", cible=str(service.pk), message=message)]


def _check_silence(demarche: Demarche) -> str:
    if demarche.silence == Silence.REJET and not demarche.silence_exception:
        return "dites pourquoi le silence vaut refus (CRPA, art. L. 231-4)."
    return ""
