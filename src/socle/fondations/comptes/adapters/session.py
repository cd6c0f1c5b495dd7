"""Ce que la session sait d’une connexion : depuis quand, par qui, avec quel second facteur."""

from collections.abc import MutableMapping
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.models import Compte

FEDERATION = "federation"
MFA = "mfa"
OUVERTE_LE = "ouverte_le"
VUE_LE = "vue_le"
EXPIREE = "session_expiree"
INVITATION = "invitation"
INACTIVITE = {GenreCompte.AGENT: 30 * 60, GenreCompte.USAGER: 60 * 60}  # secondes
PAS = 60  # une session n’est pas réécrite plus souvent
Session = MutableMapping[str, Any]


@dataclass(frozen=True)
class Federation:
    """D’où vient une session attestée.

    Attributes:
        compte: le compte qu’elle ouvre ; pour tout autre, elle est comme absente.
        portee: collectivité dont le fournisseur est le sien : la session ne vaut que là.
        siret: organisation annoncée par ProConnect, revérifiée dans chaque collectivité.
        id_token: ne sert qu’à la déconnexion.
        origine_fin: origine où mène la déconnexion, permise dans `form-action`.
    """

    compte: int
    code: str
    collectivite: int | None
    portee: int | None
    siret: str
    mfa: bool
    id_token: str
    origine_fin: str


def save_federation(session: Session, federation: Federation) -> None:
    session[FEDERATION] = asdict(federation)


def read_federation(session: Session, compte: Compte | AnonymousUser) -> Federation | None:
    donnees = session.get(FEDERATION)
    if not donnees or donnees["compte"] != compte.pk:
        return None  # connexion abandonnée en route, puis session ouverte par un autre moyen
    return Federation(**donnees)


def read_reste(session: Session, genre: str, maintenant: float) -> float:
    """Rend les secondes avant la fin de la session : inactivité ou durée maximale."""
    inactivite = INACTIVITE[GenreCompte(genre)]
    vue_le, ouverte_le = session.get(VUE_LE, maintenant), session.get(OUVERTE_LE, maintenant)
    return float(min(vue_le + inactivite, ouverte_le + settings.SESSION_COOKIE_AGE) - maintenant)
