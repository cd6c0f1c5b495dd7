"""Les agents de la démonstration : se connectent par ProConnect, demandent, décident, exportent."""

from urllib.parse import urlencode

from socle.serveur.demo.contexte import Contexte
from socle.serveur.demo.etat import is_fait, read_etat, update_etat
from socle.serveur.demo.navigateur import Navigateur

BASE = "/c/clamart/agent"


def log_in(contexte: Contexte, identite: str) -> Navigateur:
    """Connecte un agent par ProConnect (simulé), une fois par démonstration."""
    cle = f"agent:{identite}"
    garde = contexte.memoire.get(cle)
    if isinstance(garde, Navigateur):
        return garde
    navigateur = Navigateur(contexte.installation.adresse)
    navigateur.open(f"{BASE}/connexion/?{urlencode({'suite': f'{BASE}/dossiers/'})}")
    navigateur.submit(action="connexion/proconnect")
    navigateur.submit({"identite": identite}, action="interaction")
    contexte.memoire[cle] = navigateur
    return navigateur


def open_dossier(contexte: Contexte) -> Navigateur:
    navigateur = log_in(contexte, "instructrice")
    navigateur.open(f"{BASE}/dossiers/{read_etat(contexte)['numero']}/")
    return navigateur


def request_correction(contexte: Contexte) -> str:
    """Trouve le dossier dans la liste, l’ouvre, demande une correction."""
    navigateur = log_in(contexte, "instructrice")
    if is_fait(contexte, "correction_demandee"):
        return "déjà demandée"
    navigateur.open(f"{BASE}/dossiers/?q=belkacem")
    open_dossier(contexte)
    texte = "Bonjour, vos enfants sont-ils en garde alternée ? Merci de joindre l’accord de garde."
    navigateur.submit({"corps": texte}, action="/correction/")
    update_etat(contexte, etape="correction_demandee")
    return "l’usagère est prévenue, le dossier lui est rendu"


def decide(contexte: Contexte) -> str:
    """Passe en instruction, relit, accepte."""
    if is_fait(contexte, "decide"):
        return "déjà décidé"
    navigateur = open_dossier(contexte)
    navigateur.submit(action="/avancer/", bouton="transition=passer_en_instruction")
    navigateur.submit({"transition": "accepter"}, action="/decider/")
    navigateur.submit(action="/decider/", bouton="confirmer=oui")
    update_etat(contexte, etape="decide")
    return "acceptée par Sophie Marchand"


def export(contexte: Contexte) -> str:
    """Télécharge la liste des dossiers de la démarche."""
    navigateur = log_in(contexte, "administratrice")
    navigateur.open(f"{BASE}/demarches/")
    fichiers = []
    for format_ in ("csv", "xlsx"):
        lien = navigateur.find_href(f"dossiers.{format_}")
        fichier = navigateur.download(lien, contexte.dossier / f"cantine.{format_}")
        contexte.sorties[f"export_{format_}"] = str(fichier)
        fichiers.append(str(fichier))
    return "\n".join(fichiers)
