"""Retour inscrit sur un autre hôte : le `state` dit où renvoyer le navigateur, rien de plus.

La signature ne donne aucun droit : c’est la session de l’hôte d’origine qui connaît le parcours, et
le code du fournisseur ne sert qu’une fois.
"""

from django.core import signing

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.adresses import build_origine
from socle.fondations.commun.oidc.depart import draw_alea

SEL = "comptes.relais"


def build_etat(retour: str, collectivite: Collectivite | None) -> str:
    """Rend un `state` qui nomme sa collectivité si `retour` est sur un autre hôte ; vide sinon."""
    if collectivite is None or retour.startswith(f"{build_origine(collectivite)}/"):
        return ""
    return signing.Signer(salt=SEL).sign(f"{draw_alea()}.{collectivite.pk}")


def read_relais(etat: str) -> int | None:
    """Rend la collectivité qu’un `state` signé nomme, ou None."""
    try:
        lu = signing.Signer(salt=SEL).unsign(etat)
    except signing.BadSignature:
        return None
    return int(lu.rsplit(".", 1)[1])
