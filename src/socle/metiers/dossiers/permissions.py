"""Qui peut lire et modifier un dossier. Vérifié à chaque requête, sur le serveur."""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.permissions import has_role
from socle.metiers.dossiers.enums import OUVERTS, EtatDossier, GesteEnLot
from socle.metiers.dossiers.models import Dossier, NoteInterne

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
    """L’agent qui saisit une demande au guichet, tant qu’elle est un brouillon."""
    return bool(
        acces.compte
        and acces.compte.is_agent
        and dossier.saisi_par_id == acces.compte.pk
        and dossier.is_brouillon
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
        and has_role(acces.compte, dossier.collectivite, *INSTRUCTEURS)
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
    """Un agent de la collectivité, jamais sur un brouillon d’usager."""
    return not dossier.is_brouillon and has_role(compte, dossier.collectivite, *LECTEURS)


def can_instruct(compte: Compte, dossier: Dossier) -> bool:
    """Un instructeur ou un valideur de la collectivité, sur un dossier qui existe encore."""
    vivant = not dossier.is_brouillon and not dossier.is_elimine
    return vivant and has_role(compte, dossier.collectivite, *INSTRUCTEURS)


def can_assign(compte: Compte, dossier: Dossier) -> bool:
    """Qui instruit, ou un administrateur qui répartit le travail, sur un dossier ouvert."""
    return dossier.etat in OUVERTS and has_role(compte, dossier.collectivite, *REPARTITEURS)


def can_rebase(compte: Compte, dossier: Dossier) -> bool:
    """Un administrateur de la collectivité, sur un dossier déposé et ouvert."""
    return dossier.etat in OUVERTS and has_role(compte, dossier.collectivite, Role.ADMINISTRATEUR)


def can_receive(compte: Compte, dossier: Dossier) -> bool:
    """L’agent actif de la même collectivité qui peut instruire."""
    return compte.is_active and has_role(compte, dossier.collectivite, *INSTRUCTEURS)


def can_change_note(compte: Compte, note: NoteInterne) -> bool:
    """L’auteur de la note, tant que le dossier est ouvert et qu’il y instruit encore."""
    dossier = note.dossier
    return note.auteur_id == compte.pk and dossier.etat in OUVERTS and can_instruct(compte, dossier)


def list_gestes_en_lot(compte: Compte, collectivite: Collectivite) -> list[GesteEnLot]:
    """Ce que cet agent peut faire de plusieurs dossiers à la fois ; rien pour qui lit seulement."""
    if has_role(compte, collectivite, *INSTRUCTEURS):
        return list(GesteEnLot)
    return [GesteEnLot.CONFIER] if has_role(compte, collectivite, *REPARTITEURS) else []
