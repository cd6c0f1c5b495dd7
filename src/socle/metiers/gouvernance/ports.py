"""Ce que la gouvernance attend des autres métiers, qu’elle ne connaît pas."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from socle.fondations.commun.registre import Registre


@dataclass(frozen=True, slots=True)
class ChangementConstate:
    """Un objet d’ailleurs (une action, une échéance) qui a changé pendant le mois.

    Attributes:
        cle: « action:2018-2020-1-3 ».
        quoi: une phrase : « Passe de “à lancer” à “en cours” ».
    """

    cle: str
    titre: str
    quoi: str
    quand: datetime


@dataclass(frozen=True, slots=True)
class EffetDecide:
    """Un effet de décision, tel que les liaisons le reçoivent.

    Attributes:
        numero: numéro de la décision, qui motive le changement.
        cle: objet concerné ; vide quand la suite n’en nomme aucun.
        valeur: nouvel état, tel que l’équipe l’a écrit.
    """

    pk: int
    numero: int
    cle: str
    nature: str
    valeur: str
    date_visee: date | None
    texte: str

    @property
    def decision(self) -> str:
        return f"decision:{self.numero}"

    @property
    def motif(self) -> str:
        """Ce que l’histoire de l’objet dira : « Décision n° 12 : … »."""
        return f"Décision n° {self.numero} : {self.texte}"


@dataclass(frozen=True, slots=True)
class Constat:
    """Ce qu’est aujourd’hui l’objet qu’un effet change.

    Attributes:
        etat: en quelques mots : « À démarrer », « 1er janvier 2027 » ; vide si rien de ce qui
            change ailleurs ne peut contredire l’effet.
        atteint: l’objet est déjà comme la décision le veut.
    """

    etat: str = ""
    atteint: bool = False


@dataclass(frozen=True, slots=True)
class Applicateur:
    """Ce qu’un métier sait faire d’un effet. Les deux fonctions refusent par `ErreurMetier`.

    Attributes:
        observe: l’état présent de l’objet.
        apply: change ou crée l’objet, par un service de son métier, dans la transaction courante ;
            rend sa clé.
    """

    observe: Callable[[EffetDecide], Constat]
    apply: Callable[[EffetDecide, datetime], str]


# « préfixe.nature » (« action.etat ») → qui l’applique ; sans inscription, l’équipe le fait.
applicateurs: Registre[Applicateur] = Registre("applicateurs d’effets")
# Métier → ce qui a changé chez lui entre deux instants (fin exclue), pour le rapport du mois.
changements: Registre[Callable[[datetime, datetime], list[ChangementConstate]]] = Registre(
    "changements du mois"
)
# Métier → clé et titre de ses actions terminées, pour que l’équipe les évalue.
terminees: Registre[Callable[[], list[tuple[str, str]]]] = Registre("actions terminées")
