"""Les nombres du Bilan 2018-2020, relevés à la main dans le document, page après page.

Chacun : ce que le document écrit (avec son « plus de »), ce qui est compté, et l’endroit, tel que
le Bilan fait des données doit le citer. Un nombre écrit à deux endroits compte deux fois.
Un rang compte s’il est écrit en chiffres (« 1er forum », « 30e congrès »), pas « premier » en
lettres. Les années, les dates, les noms (« Cloud Cercle 3 », « saison 2 », « T1 ») et les numéros
de page, d’action, de solution, de version ou de département n’en sont pas.
"""

from typing import NamedTuple


class Chiffre(NamedTuple):
    nombre: str
    unite: str
    endroit: str
    axe: int = 0  # 0 : aucun axe


EDITO = "Éditorial"
CONTEXTE = "Contexte, ambitions et objectifs"
SOCLE = "Socle commun, "
GOUVERNANCE = "Gouvernance partagée, "
DONNEE = "Approche de la donnée, "
ECHELLE = "Passage à l’échelle, "
BILAN = "principales réalisations"
DS, FC, TCHAP, CLOUD = (f"{SOCLE}action 3, solution n° {n}" for n in (1, 2, 3, 4))
ACYMA = f"{SOCLE}action 4, témoignage du GIP ACYMA"
CLAMART = f"{DONNEE}action 1, témoignage de Clamart"
DECLIC = f"{DONNEE}action 2, témoignage de Déclic"
ADF = f"{DONNEE}action 2, témoignage de l’ADF"
SIAF = f"{DONNEE}action 4, témoignage du SIAF"
STARTUPS = f"{ECHELLE}focus startups"
WIFI = "Frise, 2020, entre T2 et T3"

CHIFFRES = (
    # Éditorial, contexte
    Chiffre("plus de 700", "collectivités", EDITO, 1),
    Chiffre("3", "ans", EDITO),
    Chiffre("3", "ans", CONTEXTE),
    Chiffre("4", "axes", CONTEXTE),
    Chiffre("4", "axes", "Contexte, titre de la liste des axes"),  # « thématiques »
    # Frise
    Chiffre("3", "ans", "Frise, titre"),
    Chiffre("3 100", "vues", "Frise, 2018, avant T1", 1),
    Chiffre("10", "documents", "Frise, 2018, entre T2 et T3", 2),
    Chiffre("plus de 400", "abonnés", "Frise, 2019, avant T1", 4),
    Chiffre("1", "er forum", "Frise, 2019, avant T1", 4),
    Chiffre("50", "collectivités", "Frise, 2019, avant T1", 4),
    Chiffre("762", "communes", WIFI, 4),
    Chiffre("15 000", "euros", WIFI, 4),
    # Socle commun
    Chiffre("4", "solutions", f"{SOCLE}action 3", 1),
    Chiffre("2", "ans", DS, 1),
    Chiffre("plus de 2 000 000", "dossiers", DS, 1),
    Chiffre("215", "démarches", DS, 1),
    Chiffre("plus de 100", "collectivités", DS, 1),
    Chiffre("environ 100 000", "dossiers", DS, 1),
    Chiffre("700", "services", FC, 1),
    Chiffre("plus de 20 000 000", "personnes", FC, 1),
    Chiffre("plus de 650", "collectivités", FC, 1),
    Chiffre("plus de 26", "collectivités", TCHAP, 1),
    Chiffre("plus de 3 200", "agents", TCHAP, 1),
    Chiffre("9", "fournisseurs", CLOUD, 1),
    Chiffre("plus de 10", "collectivités", CLOUD, 1),
    Chiffre("100", "%", "Focus « Démarches simplifiées », Déclic", 1),
    Chiffre("plus de 42", "opérateurs", "Focus « Démarches simplifiées », Déclic", 1),
    Chiffre("plus de 2 000 000", "dossiers", "Focus « Démarches simplifiées », ADULLACT", 1),
    Chiffre("1", "er volet", f"{SOCLE}action 4, kit", 1),
    Chiffre("1", "er volet", f"{SOCLE}action 4, campagne", 1),
    Chiffre("2", "projets", ACYMA, 1),
    Chiffre("1", "er volet", ACYMA, 1),  # « étape »
    Chiffre("4", "webinaires", f"{SOCLE}action 5", 1),
    Chiffre("5", "critères", f"{SOCLE}action 6", 1),
    Chiffre("699", "collectivités", f"{SOCLE}{BILAN}", 1),
    Chiffre("215", "démarches", f"{SOCLE}{BILAN}", 1),
    Chiffre("112", "collectivités", f"{SOCLE}{BILAN}", 1),
    Chiffre("26", "collectivités", f"{SOCLE}{BILAN}", 1),
    Chiffre("3 239", "agents", f"{SOCLE}{BILAN}", 1),
    # Gouvernance partagée
    Chiffre("plus de 150", "actions", f"{GOUVERNANCE}action 1", 2),
    Chiffre("4", "axes", f"{GOUVERNANCE}action 1"),
    Chiffre("3", "ans", f"{GOUVERNANCE}action 1"),
    Chiffre("plus de 20", "partenaires", f"{GOUVERNANCE}action 2", 2),
    Chiffre("170", "participants", f"{GOUVERNANCE}action 5", 2),
    Chiffre("30", "partenaires", f"{GOUVERNANCE}{BILAN}", 2),
    Chiffre("150", "actions", f"{GOUVERNANCE}{BILAN}", 2),
    Chiffre("3", "ans", f"{GOUVERNANCE}{BILAN}"),
    Chiffre("6", "réunions", f"{GOUVERNANCE}{BILAN}", 2),
    Chiffre("1", "échéancier", f"{GOUVERNANCE}{BILAN}", 2),
    Chiffre("24", "réunions", f"{GOUVERNANCE}{BILAN}", 2),
    Chiffre("24", "groupes", f"{GOUVERNANCE}{BILAN}", 2),
    Chiffre("2", "espaces", f"{GOUVERNANCE}{BILAN}", 2),
    Chiffre("plus de 200", "participants", f"{GOUVERNANCE}{BILAN}", 2),
    # Approche globale de la donnée
    Chiffre("4", "réunions", f"{DONNEE}action 1", 3),
    Chiffre("environ 20", "collectivités", f"{DONNEE}action 1", 3),
    Chiffre("90", "%", CLAMART, 3),
    Chiffre("4 000", "familles", CLAMART, 3),
    Chiffre("3 800", "familles", CLAMART, 3),
    Chiffre("2", "heures", CLAMART, 3),
    Chiffre("85", "%", CLAMART, 3),
    Chiffre("34", "opérateurs", DECLIC, 3),
    Chiffre("plus de 100", "personnes", DECLIC, 3),
    Chiffre("34", "opérateurs", f"{DECLIC}, second alinéa", 3),
    Chiffre("65", "%", DECLIC, 3),
    Chiffre("98", "départements", ADF, 3),
    Chiffre("3", "ans", ADF, 3),
    Chiffre("5", "axes", f"{DONNEE}action 4", 3),
    Chiffre("15", "objectifs", f"{DONNEE}action 4", 3),
    Chiffre("40", "archivistes", f"{DONNEE}action 4", 3),
    Chiffre("130", "participants", f"{DONNEE}action 4", 3),
    Chiffre("3", "éditions", SIAF, 3),
    Chiffre("1,7", "million d’euros", SIAF, 3),
    Chiffre("environ 30", "participants", f"{DONNEE}action 5", 3),
    Chiffre("1", "guide", f"{DONNEE}{BILAN}", 3),
    Chiffre("589", "collectivités", f"{DONNEE}{BILAN}", 3),
    Chiffre("71", "%", f"{DONNEE}{BILAN}", 3),
    Chiffre("55", "structures", f"{DONNEE}{BILAN}", 3),
    Chiffre("4", "réunions", f"{DONNEE}{BILAN}", 3),
    Chiffre("20", "collectivités", f"{DONNEE}{BILAN}", 3),
    # Passage à l’échelle
    Chiffre("environ 20", "lettres", f"{ECHELLE}action 1", 4),
    Chiffre("800", "abonnés", f"{ECHELLE}action 1", 4),
    Chiffre("1 917", "abonnés", f"{ECHELLE}action 1", 4),
    Chiffre("environ 500", "messages", f"{ECHELLE}action 1", 4),
    Chiffre("30", "e congrès", f"{ECHELLE}action 1", 4),
    Chiffre("9", "e édition", f"{ECHELLE}action 1", 4),
    Chiffre("14 500", "vues", f"{ECHELLE}action 1", 4),
    Chiffre("7", "forums", f"{ECHELLE}action 2", 4),
    Chiffre("60", "collectivités", f"{ECHELLE}action 2", 4),
    Chiffre("28", "webinaires", f"{ECHELLE}action 2", 4),
    Chiffre("3", "ans", f"{ECHELLE}action 2"),
    Chiffre("15 500", "vues", f"{ECHELLE}action 2", 4),
    Chiffre("540", "vues", f"{ECHELLE}action 2", 4),
    Chiffre("environ 20", "%", STARTUPS, 4),
    Chiffre("75", "structures", STARTUPS, 4),
    Chiffre("1 026", "agents", STARTUPS, 4),
    Chiffre("14", "départements", STARTUPS, 4),
    Chiffre("14", "structures", STARTUPS, 4),
    Chiffre("130", "démarches", STARTUPS, 4),
    Chiffre("42", "aidants", STARTUPS, 4),
    Chiffre("1 622", "aides", STARTUPS, 4),
    Chiffre("467", "porteurs", STARTUPS, 4),
    Chiffre("86", "thématiques", STARTUPS, 4),
    Chiffre("9", "principes", f"{ECHELLE}action 4", 4),
    Chiffre("1 000 000", "pass", f"{ECHELLE}action 4", 4),
    Chiffre("48", "collectivités", f"{ECHELLE}action 4", 4),
    Chiffre("200 000", "personnes", f"{ECHELLE}action 4", 4),
    Chiffre("4", "e promotion", f"{ECHELLE}action 4", 4),
    Chiffre("4", "e édition", f"{ECHELLE}action 4", 4),
    Chiffre("762", "communes", f"{ECHELLE}action 4", 4),
    Chiffre("15 000", "euros", f"{ECHELLE}action 4", 4),
    Chiffre("plus de 800", "abonnés", f"{ECHELLE}{BILAN}", 4),
    Chiffre("2 000", "abonnés", f"{ECHELLE}{BILAN}", 4),
    Chiffre("15 000", "vues", f"{ECHELLE}{BILAN}", 4),
    Chiffre("28", "webinaires", f"{ECHELLE}{BILAN}", 4),
    Chiffre("540", "vues", f"{ECHELLE}{BILAN}", 4),
    Chiffre("plus de 400", "participants", f"{ECHELLE}{BILAN}", 4),
    Chiffre("environ 15", "rencontres", f"{ECHELLE}{BILAN}", 4),
)

# Ce que le document écrit en chiffres sans que ce soit compté : combien de fois chacun y est.
HORS_COMPTE = {
    "2016": 1, "2017": 4, "2018": 19, "2019": 5, "2020": 21, "2021": 5, "2022": 1, "2023": 1,
    "2024": 4,  # années
    "14": 1, "17": 1,  # jours
    "16": 1, "22": 1, "29": 1, "92": 1,  # pages, département
    "1": 17, "2": 14, "3": 17, "4": 13, "5": 6, "6": 2, "7": 1,  # actions, solutions, pages, T1…
}  # fmt: skip
# Ce qu’il écrit en lettres ou avec « millions » : neuf, deux ans, une vingtaine…
EN_LETTRES = {
    "9": 1, "10": 1, "15": 1, "20": 2, "30": 1, "100": 1, "1000000": 1, "2000000": 2,
    "20000000": 1,
}  # fmt: skip
