"""Qui répond, au nom de qui ; qui lit une réponse. Vérifié sur le serveur, à chaque requête."""

import hashlib
import hmac
from dataclasses import dataclass

from django.http import HttpRequest

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role, RoleProgramme
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.permissions import (
    has_role,
    list_roles_programme,
    programme_requis,
)
from socle.fondations.comptes.queries import list_collectivites_de
from socle.fondations.documents.models import Document
from socle.fondations.referentiels.models import Autorite
from socle.fondations.referentiels.queries import find_autorite
from socle.metiers.consultations.enums import EtapeInstruction, Perimetre
from socle.metiers.consultations.models import Campagne, Deport, Jure, Reponse

equipe_requise = programme_requis(RoleProgramme.EQUIPE)
JETONS = "reponses_invitees"  # clé de session : identifiant de réponse → jeton


@dataclass(frozen=True, slots=True)
class Titre:
    """Au nom de qui l’on répond : soi-même, ou une collectivité que l’on administre.

    Attributes:
        cle: « compte:12 » ou « autorite:commune-92023 » ; ce qui ne répond qu’une fois.
        nom: ce que lit la personne.
    """

    cle: str
    nom: str
    autorite: Autorite | None = None


def list_titres(campagne: Campagne, compte: Compte) -> list[Titre]:
    """Rend au nom de qui cette personne connectée peut répondre ; vide, elle ne le peut pas."""
    titres = []
    if not campagne.is_par_autorite and _is_admise(campagne, compte):
        titres.append(Titre(f"compte:{compte.pk}", "En votre nom"))
    if campagne.perimetre != Perimetre.MEMBRES:
        titres += [
            Titre(f"autorite:{autorite.cle}", autorite.nom, autorite)
            for autorite in list_administrees(compte)
            if is_concernee(campagne, autorite)
        ]
    return titres


def _is_admise(campagne: Campagne, compte: Compte) -> bool:
    """Pour soi-même : usager, agent ou membre du programme, selon le périmètre."""
    if not compte.is_active:
        return False
    return {
        Perimetre.TOUS: True,
        Perimetre.AGENTS: compte.is_agent,
        Perimetre.MEMBRES: bool(list_roles_programme(compte)),
    }.get(Perimetre(campagne.perimetre), False)


def is_concernee(campagne: Campagne, autorite: Autorite) -> bool:
    """Vrai si la collectivité est dans les filtres ; une liste vide ne filtre pas."""
    listes = (
        (campagne.genres_autorites, autorite.genre),
        (campagne.departements, autorite.departement),
        (campagne.regions, autorite.region),
    )
    if any(admises and valeur not in admises for admises, valeur in listes):
        return False
    if campagne.population_min is not None and autorite.population < campagne.population_min:
        return False
    return campagne.population_max is None or autorite.population <= campagne.population_max


def list_administrees(compte: Compte) -> list[Autorite]:
    """Rend les collectivités du référentiel que cet agent actif administre."""
    if not (compte.is_agent and compte.is_active):
        return []
    trouvees = (_find_administree(compte, c) for c in list_collectivites_de(compte))
    return [autorite for autorite in trouvees if autorite is not None]


def _find_administree(compte: Compte, collectivite: Collectivite) -> Autorite | None:
    with locataire(collectivite.pk):
        if not has_role(compte, collectivite, Role.ADMINISTRATEUR):
            return None
    return find_autorite(collectivite.siren)


def can_see(campagne: Campagne, compte: Compte | None) -> bool:
    """Une campagne restreinte ne se montre qu’à ceux qui peuvent répondre, et à l’équipe."""
    if campagne.is_brouillon:
        return is_equipe(compte)
    if not campagne.is_restreinte or is_equipe(compte):
        return True
    return compte is not None and bool(list_titres(campagne, compte))


def is_equipe(compte: Compte | None) -> bool:
    return compte is not None and RoleProgramme.EQUIPE in list_roles_programme(compte)


def hash_jeton(jeton: str) -> str:
    """Empreinte gardée en base : le jeton lui-même ne l’est pas."""
    return hashlib.sha256(jeton.encode()).hexdigest()


def can_write(reponse: Reponse, compte: Compte | None, jeton: str = "") -> bool:
    """Celui qui l’a commencée, un administrateur de la collectivité, ou l’invité et son jeton."""
    if reponse.jeton and jeton and hmac.compare_digest(reponse.jeton, hash_jeton(jeton)):
        return True
    if compte is None or not compte.is_active:
        return False
    if reponse.repondant == f"compte:{compte.pk}":
        return True
    if not reponse.repondant.startswith("autorite:"):
        return False
    return any(a.cle == reponse.autorite for a in list_administrees(compte))


def read_compte(request: HttpRequest) -> Compte | None:
    """Rend la personne connectée, ou None."""
    return request.user if isinstance(request.user, Compte) else None


def can_read_fichier(request: HttpRequest, document: Document) -> bool:
    """Les fichiers d’une réponse déposée sont à l’équipe ; ceux de tous, à qui répond."""
    cle = document.objet.partition(":")[2]
    reponse = Reponse.objects.filter(cle=cle).select_related("campagne").order_by("pk").first()
    if reponse is None:
        return False
    compte = read_compte(request)
    if reponse.is_deposee and (is_equipe(compte) or can_judge(compte, reponse)):
        return True
    jetons = request.session.get(JETONS) or {}
    return can_write(reponse, compte, str(jetons.get(cle, "")))


def can_siege(compte: Compte | None) -> bool:
    """L’équipe organise et lit toutes les réponses : elle ne siège à aucun jury."""
    if compte is None or not (compte.is_authenticated and compte.is_agent and compte.is_active):
        return False
    return not is_equipe(compte)


def can_judge(compte: Compte | None, reponse: Reponse) -> bool:
    """Un membre du jury lit un dossier recevable sur lequel il a déclaré, hors déport."""
    if not can_siege(compte):
        return False
    places = Jure.objects.filter(
        compte=compte, sorti_le__isnull=True, declare_le__isnull=False,
        declare_sur__contains=[reponse.pk], instruction__campagne=reponse.campagne_id,
    ).exclude(instruction__etape=EtapeInstruction.PREPARATION)  # fmt: skip
    deports = Deport.objects.filter(
        jure__compte=compte, jure__sorti_le__isnull=True, reponse=reponse, leve_le__isnull=True
    )
    recevable = hasattr(reponse, "recevabilite") and reponse.recevabilite.recevable
    return recevable and places.exists() and not deports.exists()
