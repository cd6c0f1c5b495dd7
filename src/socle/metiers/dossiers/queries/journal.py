"""Relier les lignes du journal aux dossiers que leur lecteur peut ouvrir."""

from collections.abc import Iterable

from django.urls import reverse

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.comptes.models import Compte
from socle.metiers.dossiers.enums import EtatDossier
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import read_lisibles

NUMERO_MAX = 2**31 - 1


def map_adresses(
    collectivite: Collectivite, compte: Compte, suites: Iterable[str]
) -> dict[str, str]:
    """Rend l’adresse de chaque dossier déposé et encore là ; une requête.

    Args:
        suites: ce qui suit « dossier: » au journal.
    """
    numeros = [int(suite) for suite in suites if suite.isdecimal() and len(suite) <= 10]
    numeros = [numero for numero in numeros if numero <= NUMERO_MAX]
    portee = read_lisibles(compte, collectivite)
    if not numeros or not portee:
        return {}
    siens = portee.filter("demarche__service")
    presents = Dossier.objects.filter(siens, collectivite=collectivite, numero__in=numeros)
    deposes = presents.exclude(etat=EtatDossier.BROUILLON).order_by("numero")
    return {
        str(numero): reverse("dossiers:dossier", args=[numero])
        for numero in deposes.values_list("numero", flat=True)
    }
