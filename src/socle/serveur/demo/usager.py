"""L’usagère de la démonstration : Nadia Belkacem, deux enfants, se connecte par FranceConnect."""

import re
import time
from pathlib import Path

from lxml import html

from socle.serveur.demo.contexte import Contexte
from socle.serveur.demo.etat import is_fait, read_etat, update_etat
from socle.serveur.demo.navigateur import Navigateur
from socle.serveur.errors import ErreurServeur

CHEMIN = "/c/clamart/demarches/cantine-scolaire/"
IDENTITE = "belkacem"
ATTENTE = 60.0  # secondes laissées au travailleur pour faire un document
VOUS = {
    "telephone": "06 12 34 56 78",
    "adresse-voie": "14 rue des Châtaigniers",
    "adresse-code_postal": "92140",
    "adresse-commune": "Clamart",
}
ENFANT = {
    "enfant_prenom": "Maëlle",
    "enfant_nom": "Belkacem",
    "enfant_naissance": "2018-02-02",
    "ecole": "ecole_des_rochers",
    "jours": ["lundi", "jeudi"],
}
QUOTIENT, QUOTIENT_CAF = "494 €", "468 €"
FOYER = {
    "//*[@id='champ-source_impots']": ("14 820 €", "Revenu des impôts"),
    # 14 820 ÷ 12 ÷ 2,5
    "//*[@id='champ-quotient']": (QUOTIENT, "Quotient calculé par la ville"),
    # tranche 2 du barème : le quotient de la ville
    "//*[@id='champ-prix']": ("1,75 €", "Prix du repas"),
    "//*[@id='champ-source_caf']//dd": (QUOTIENT_CAF, "Quotient de la Caf"),
    "//*[@id='champ-source_caf']//*[contains(concat(' ', @class, ' '), ' source ')]": (
        "Reçu : Caisse d’allocations familiales",
        "Source du quotient",
    ),
}


def log_in(contexte: Contexte) -> Navigateur:
    """Connecte l’usagère par FranceConnect (simulé), une fois par démonstration."""
    garde = contexte.memoire.get("usager")
    if isinstance(garde, Navigateur):
        return garde
    navigateur = Navigateur(contexte.installation.adresse)
    navigateur.open(f"/c/clamart/connexion/?suite={CHEMIN}commencer/")
    navigateur.submit(action="connexion/franceconnect")
    consent(navigateur)
    contexte.memoire["usager"] = navigateur
    return navigateur


def consent(navigateur: Navigateur) -> None:
    """Choisit l’identité chez FranceConnect, s’il le demande (sinon la session suffit)."""
    if "/simulateurs/" in navigateur.adresse:
        navigateur.submit({"identite": IDENTITE}, action="interaction")


def fill(contexte: Contexte) -> str:
    """Commence la demande, prend les données de l’État, joint une pièce, relit."""
    navigateur = log_in(contexte)
    if is_fait(contexte, "depose"):
        return f"dossier {read_etat(contexte)['numero']} déjà déposé, rien n’est refait"
    navigateur.open(f"{CHEMIN}commencer/")
    navigateur.submit(action="", bouton="")
    navigateur.submit(VOUS, bouton="_action=continuer")
    quotients = fill_foyer(navigateur)
    fill_enfant(navigateur)
    fichier = write_piece(contexte, "assurance")
    champs = {"garde": "complete", "reglement": "oui"}
    navigateur.submit(champs, bouton="_action=continuer", fichiers={"assurance": fichier})
    if "/resume/" not in navigateur.adresse:
        raise ErreurServeur(f"Le résumé n’est pas atteint : {navigateur.adresse}")
    return quotients


def fill_foyer(navigateur: Navigateur) -> str:
    """Interroge les impôts, puis la Caf ; rend les quotients, lus sur la page.

    Raises:
        ErreurServeur: une donnée de l’État n’est pas arrivée, ou le calcul n’est pas le bon.
    """
    navigateur.submit(bouton="_action=appeler:source_impots")
    consent(navigateur)
    navigateur.submit({"aides_caf": "oui"}, bouton="_action=continuer")
    navigateur.submit(bouton="_action=appeler:source_caf")
    consent(navigateur)
    dit = check_foyer(navigateur.page)
    navigateur.submit(bouton="_action=continuer")
    return dit


def check_foyer(page: html.HtmlElement) -> str:
    """Compare la page du foyer à ce que la démonstration doit montrer ; rend une phrase.

    Raises:
        ErreurServeur: un quotient manque ou diffère.
    """
    for repere, (attendu, nom) in FOYER.items():
        lu = " ".join(" ".join(b.text_content() for b in page.xpath(repere)).split())
        if attendu not in lu:
            raise ErreurServeur(
                f"{nom} : « {attendu} » attendu sur la page du foyer, « {lu[:200]} » trouvé."
            )
    return f"quotient de la ville {QUOTIENT}, à côté de celui de la Caf {QUOTIENT_CAF}"


def fill_enfant(navigateur: Navigateur) -> None:
    """Remplit la première ligne du bloc répétable."""
    trouve = re.search(r'name="enfants-lignes" value="([0-9A-Z]{26})"', navigateur.reponse.text)
    if trouve is None:
        raise ErreurServeur("La page des enfants ne propose aucune ligne.")
    champs = {f"enfants-{trouve[1]}-{nom}": valeur for nom, valeur in ENFANT.items()}
    navigateur.submit(champs, bouton="_action=continuer")


def write_piece(contexte: Contexte, nom: str) -> Path:
    """Écrit un PDF d’une page, à joindre."""
    fichier = contexte.dossier / f"{nom}.pdf"
    if not fichier.exists():
        fichier.write_bytes(PDF)
    return fichier


def file(contexte: Contexte) -> str:
    """Dépose, puis télécharge l’accusé de réception."""
    navigateur = log_in(contexte)
    if not is_fait(contexte, "depose"):
        navigateur.submit({"accord_portail": "oui"}, action="deposer")
        trouve = re.search(r"/dossiers/(\d+)/", navigateur.adresse)
        if trouve is None:
            raise ErreurServeur(f"Le dépôt n’a pas abouti : {navigateur.adresse}")
        update_etat(contexte, etape="depose", numero=int(trouve[1]))
    numero = read_etat(contexte)["numero"]
    contexte.sorties["dossier_numero"] = numero
    page = f"/c/clamart/dossiers/{numero}/"
    wait_for(navigateur, page, "Accusé de réception (PDF)")
    lien = find_document(navigateur, "Accusé de réception")
    fichier = navigateur.download(lien, contexte.dossier / "accuse.pdf")
    contexte.sorties["accuse_pdf"] = str(fichier)
    return f"dossier {numero} : {contexte.installation.adresse}{page}\n{fichier}"


def correct(contexte: Contexte) -> str:
    """Corrige la garde, joint l’accord demandé et dépose la correction."""
    navigateur = log_in(contexte)
    if is_fait(contexte, "corrige"):
        return "déjà corrigé"
    numero = read_etat(contexte)["numero"]
    navigateur.open(f"/c/clamart/dossiers/{numero}/etape/4/")
    navigateur.submit({"garde": "alternee"}, bouton="_action=continuer")
    accord = write_piece(contexte, "accord-de-garde")
    navigateur.submit(
        {"garde": "alternee"}, bouton="_action=continuer", fichiers={"accord_garde": accord}
    )
    navigateur.submit(action="deposer")
    update_etat(contexte, etape="corrige")
    return "garde alternée, accord joint ; l’histoire du champ est gardée"


def read_decision(contexte: Contexte) -> str:
    """Ouvre la décision : la première lecture la notifie."""
    navigateur = log_in(contexte)
    numero = read_etat(contexte)["numero"]
    wait_for(navigateur, f"/c/clamart/dossiers/{numero}/", "/decision/")
    navigateur.submit(action="/decision/")
    fichier = contexte.dossier / "decision.pdf"
    fichier.write_bytes(navigateur.reponse.content)
    contexte.sorties["decision_pdf"] = str(fichier)
    if not is_fait(contexte, "lu"):
        update_etat(contexte, etape="lu")
    return str(fichier)


def wait_for(navigateur: Navigateur, adresse: str, indice: str) -> None:
    """Recharge une page jusqu’à y lire `indice` (un document que le travailleur prépare).

    Raises:
        ErreurServeur: rien après une minute.
    """
    limite = time.monotonic() + ATTENTE
    while time.monotonic() < limite:
        navigateur.open(adresse)
        if indice in navigateur.reponse.text:
            return
        time.sleep(0.3)
    raise ErreurServeur(f"Le document attendu n’est pas arrivé sur {adresse}.")


def find_document(navigateur: Navigateur, libelle: str) -> str:
    """Rend l’adresse du lien de document qui porte ce libellé."""
    for lien in navigateur.page.iterfind(".//a[@href]"):
        if libelle in " ".join(lien.text_content().split()):
            return str(lien.get("href"))
    raise ErreurServeur(f"Lien « {libelle} » absent de {navigateur.adresse}.")


PDF = b"".join(
    (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n",
        b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n",
        b"0000000052 00000 n \n0000000101 00000 n \n",
        b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n163\n%%EOF\n",
    )
)
