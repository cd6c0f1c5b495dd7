"""Qui peut lire et modifier un dossier. Vérifié à chaque requête, sur le serveur.

Un rôle donné pour un service vaut pour les dossiers dont ce service a la charge. Le service en
charge est celui de la démarche aujourd’hui, pas celui du jour du dépôt : quand un service change de
nom ou qu’une démarche passe à un autre, ceux qui doivent répondre ouvrent aussitôt les dossiers en
cours, et un agent qui n’y répond plus ne les ouvre plus. L’accusé déjà remis, lui, ne change pas.
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.permissions import Portee, has_role, read_portee
from socle.metiers.dossiers.enums import OUVERTS, EtatDossier, GesteEnLot
from socle.metiers.dossiers.models import Dossier, NoteInterne, PhrasePrete

LECTEURS = (Role.INSTRUCTEUR, Role.VALIDEUR, Role.ADMINISTRATEUR, Role.DPO, Role.ARCHIVISTE)
INSTRUCTEURS = (Role.INSTRUCTEUR, Role.VALIDEUR)
LECTEURS_ELIMINATIONS = (Role.ARCHIVISTE, Role.DPO)
REPARTITEURS = (*INSTRUCTEURS, Role.ADMINISTRATEUR)


@dataclass(frozen=True, slots=True)
class Acces:
    """Au nom de qui une requête agit : un compte, ou un jeton d’invité.

    Attributes:
        compte: la personne connectée, ou None.
        jeton: jeton d’invité présenté pour ce dossier, ou "".
    """

    compte: Compte | None
    jeton: str = ""

    def acteur(self) -> str:
        """Nom de l’acteur dans le journal."""
        return self.compte.acteur if self.compte else f"invite:{hash_jeton(self.jeton)[:16]}"


def hash_jeton(jeton: str) -> str:
    """Empreinte d’un jeton d’invité : seule l’empreinte est en base."""
    return sha256(jeton.encode()).hexdigest()


def is_usager_du_dossier(acces: Acces, dossier: Dossier) -> bool:
    """L’usager qui a fait la demande, ou l’invité qui présente son jeton."""
    if acces.compte is not None and dossier.usager_id == acces.compte.pk:
        return True
    if not (acces.jeton and dossier.jeton):
        return False
    return hmac.compare_digest(hash_jeton(acces.jeton), dossier.jeton)


def is_saisi_par(acces: Acces, dossier: Dossier) -> bool:
    """L’agent qui saisit une demande au guichet, tant qu’elle est un brouillon de son service."""
    return bool(
        acces.compte
        and acces.compte.is_agent
        and dossier.saisi_par_id == acces.compte.pk
        and dossier.is_brouillon
        and _has(acces.compte, dossier, *INSTRUCTEURS)
    )


def can_correct_au_guichet(acces: Acces, dossier: Dossier) -> bool:
    """Qui instruit, pour une personne sans compte dont la demande a été saisie par un agent."""
    sans_acces = dossier.usager_id is None and not dossier.jeton
    return bool(
        acces.compte
        and acces.compte.is_agent
        and sans_acces
        and dossier.saisi_par_id is not None
        and dossier.etat == EtatDossier.EN_CONSTRUCTION
        and _has(acces.compte, dossier, *INSTRUCTEURS)
    )


def can_edit(acces: Acces, dossier: Dossier) -> bool:
    """L’usager du dossier avant l’instruction, ou l’agent qui saisit ou corrige pour lui."""
    return (
        is_usager_du_dossier(acces, dossier) and dossier.is_modifiable_par_usager
    ) or can_type_for(acces, dossier)


def can_type_for(acces: Acces, dossier: Dossier) -> bool:
    """L’agent qui saisit la demande d’une personne, ou qui corrige la sienne au guichet."""
    return is_saisi_par(acces, dossier) or can_correct_au_guichet(acces, dossier)


def can_read_en_usager(acces: Acces, dossier: Dossier) -> bool:
    """L’usager du dossier, ou l’agent qui saisit ou corrige pour lui."""
    return is_usager_du_dossier(acces, dossier) or can_type_for(acces, dossier)


def can_read_en_agent(compte: Compte, dossier: Dossier) -> bool:
    """Un agent du service en charge, ou de tous les services ; jamais un brouillon d’usager."""
    return not dossier.is_brouillon and _has(compte, dossier, *LECTEURS)


def can_instruct(compte: Compte, dossier: Dossier) -> bool:
    """Un instructeur ou un valideur du service en charge, sur un dossier qui existe encore."""
    vivant = not dossier.is_brouillon and not dossier.is_elimine
    return vivant and _has(compte, dossier, *INSTRUCTEURS)


def can_assign(compte: Compte, dossier: Dossier) -> bool:
    """Qui instruit, ou un administrateur qui répartit le travail, sur un dossier ouvert."""
    return dossier.etat in OUVERTS and _has(compte, dossier, *REPARTITEURS)


def can_rebase(compte: Compte, dossier: Dossier) -> bool:
    """Un administrateur du service en charge, sur un dossier déposé et ouvert."""
    return dossier.etat in OUVERTS and _has(compte, dossier, Role.ADMINISTRATEUR)


def can_receive(compte: Compte, dossier: Dossier) -> bool:
    """L’agent actif de la même collectivité qui peut instruire pour ce service."""
    return compte.is_active and _has(compte, dossier, *INSTRUCTEURS)


def can_change_note(compte: Compte, note: NoteInterne) -> bool:
    """L’auteur de la note, tant que le dossier est ouvert et qu’il y instruit encore."""
    dossier = note.dossier
    return note.auteur_id == compte.pk and dossier.etat in OUVERTS and can_instruct(compte, dossier)


def can_change_phrase(compte: Compte, phrase: PhrasePrete) -> bool:
    """Qui répond ou administre dans le service de sa démarche ; pour toutes, dans tous."""
    service = phrase.demarche.service_id if phrase.demarche else None
    return has_role(compte, phrase.collectivite, *REPARTITEURS, service=service)


def list_gestes_en_lot(compte: Compte, collectivite: Collectivite) -> list[GesteEnLot]:
    """Ce que cet agent peut faire de plusieurs dossiers à la fois ; rien pour qui lit seulement.

    Chaque dossier est jugé à son tour : un rôle donné pour un service offre le geste.
    """
    if read_portee(compte, collectivite, *INSTRUCTEURS):
        return list(GesteEnLot)
    return [GesteEnLot.CONFIER] if read_portee(compte, collectivite, *REPARTITEURS) else []


def read_lisibles(compte: Compte, collectivite: Collectivite) -> Portee:
    """Les services dont cet agent lit les dossiers : liste, recherche, compteurs, exports."""
    return read_portee(compte, collectivite, *LECTEURS)


def _has(compte: Compte, dossier: Dossier, *roles: Role) -> bool:
    service = dossier.demarche.service_id
    return has_role(compte, dossier.collectivite, *roles, service=service)
