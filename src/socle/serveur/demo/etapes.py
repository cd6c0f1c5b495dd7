"""Le scénario : la cantine et le quotient familial de Clamart, de la demande à l’archive.

Chaque étape est rejouable : un dossier déjà mené à son terme n’est ni refait ni touché, ses
documents sont téléchargés et vérifiés de nouveau.
"""

from socle.serveur.demo import agent, usager
from socle.serveur.demo.contexte import Contexte, Etape
from socle.serveur.demo.navigateur import Navigateur
from socle.serveur.demo.personnes import AGENTS, COLLECTIVITES, EDITRICE, PROGRAMME, TITRES
from socle.serveur.demo.verification import check_preuve, check_sip
from socle.simulateurs.personnes import FAMILLES
from socle.simulateurs.proconnect.agents import AGENTS as AGENTS_SIMULES

ADRESSES = (
    ("Le programme", "/"),
    ("Portail de Clamart", "/c/clamart/"),
    ("Espace des agents", "/c/clamart/agent/connexion/"),
    ("Portail de l’intercommunalité", "/c/vallee-sud/"),
    ("Composants de l’interface", "/composants/"),
    ("Simulateurs de l’État", "/simulateurs/"),
)


def seed(contexte: Contexte) -> str:
    """Sème les deux collectivités, sur le code officiel géographique."""
    return contexte.run_django("semer_demonstration").strip().replace("\n", ", ")


def seed_programme(contexte: Contexte) -> str:
    """Charge le programme commun : axes, instances, échéancier, catalogue, adoption…"""
    return contexte.run_django("semer_programme").strip().replace("\n", ", ") or "rien à semer"


def seed_exemples(contexte: Contexte) -> str:
    """Dépose et instruit des demandes d’exemple, pour que les listes ne soient pas vides."""
    return contexte.run_django("semer_exemples").strip().replace("\n", ", ")


def measure(contexte: Contexte) -> str:
    """Relève les chiffres du programme, sans attendre dix minutes : l’accueil montre l’histoire."""
    contexte.run_django("lancer_tache", "adoption.mesurer", "pilotage.relever")
    return "relevés"


def announce(contexte: Contexte) -> str:
    """Ouvre chaque adresse, puis prépare ce qui s’affiche à la fin, identités d’essai comprises."""
    base = contexte.installation.adresse
    visiteur = Navigateur(base)
    for _nom, chemin in ADRESSES:
        visiteur.open(chemin)
    visiteur.close()
    contexte.annonces += [f"{nom} : {base}{chemin}" for nom, chemin in ADRESSES]
    contexte.annonces += list_identites()
    return f"{len(ADRESSES)} adresses ouvertes"


def list_identites() -> list[str]:
    """Identités d’essai et leurs rôles, sous le nom que montre la page de choix du simulateur."""
    lignes = ["", "Usagers, en choisissant FranceConnect :"]
    lignes += [f"  {p.prenoms} {p.nom} : {p.trait[:1].lower()}{p.trait[1:]}" for p in FAMILLES[:4]]
    for collectivite in COLLECTIVITES:
        lignes += ["", f"Agents de {collectivite['nom']}, en choisissant ProConnect :"]
        for code in AGENTS[collectivite["slug"]]:
            agent = AGENTS_SIMULES[code]
            lignes.append(f"  {agent.prenom} {agent.nom} : {TITRES[code]}")
    lignes += ["", "Programme commun, en choisissant ProConnect :"]
    for code in PROGRAMME:
        agent = AGENTS_SIMULES[code]
        lignes.append(f"  {agent.prenom} {agent.nom} : {TITRES[code]}")
    lignes += [
        "",
        "Éditeur de logiciel, par mot de passe puis second facteur (/agent/connexion/) :",
    ]
    lignes.append(f"  {EDITRICE['prenom']} {EDITRICE['nom']} : {EDITRICE['courriel']},"
                  f" mot de passe « {EDITRICE['mot_de_passe']} »")  # fmt: skip
    return lignes


ETAPES: list[Etape] = [
    Etape("collectivités, agents et démarches", seed),
    Etape("programme commun", seed_programme),
    Etape("demandes d’exemple", seed_exemples),
    Etape("demande remplie avec les données de l’État", usager.fill),
    Etape("dépôt et accusé de réception", usager.file),
    Etape("demande de correction par l’agent", agent.request_correction),
    Etape("correction par l’usager", usager.correct),
    Etape("instruction et décision", agent.decide),
    Etape("décision lue par l’usager", usager.read_decision),
    Etape("versement SEDA contrôlé", check_sip),
    Etape("dossier de preuve vérifié", check_preuve),
    Etape("liste exportée en CSV et XLSX", agent.export),
    Etape("chiffres du programme", measure),
    Etape("adresses", announce),
]
