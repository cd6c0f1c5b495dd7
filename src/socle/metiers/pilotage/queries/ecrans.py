"""Écrans de l’installation qu’une action peut montrer : la clé « ecran:echeancier »."""

from django.urls import Resolver404, resolve

from socle.fondations.commun.fiches import Fiche

# Nom de l’écran → titre, chemin, ce que l’on y fait.
ECRANS = {
    "programme": ("Le programme", "/programme/", "Axes, actions et recommandations"),
    "indicateurs": ("Les indicateurs", "/indicateurs/", "Chiffres, avec leur origine"),
    "demarches": ("Les portails", "/portails/", "Demander en ligne, sans redonner ce qui est su"),
    "agents": ("L’espace des agents", "/agent/connexion/", "Entrer avec une seule identité"),
    "echeancier": ("L’échéancier", "/echeancier/", "Ce qui s’impose aux collectivités, et quand"),
    "catalogue": ("Le catalogue", "/catalogue/", "Solutions, label, API et éditeurs"),
    "instances": ("Les instances", "/instances/", "Réunions, décisions et feuilles de route"),
    "collectivites": ("Les collectivités", "/collectivites/", "Qui emploie quoi, près de chez soi"),
    "actualites": ("Les actualités", "/actualites/", "Articles, rencontres et lettres"),
    "espaces": ("La boîte à outils", "/boite-a-outils/", "Livrables et retours d’expérience"),
    "consultations": ("Les appels", "/consultations/", "Consultations et appels à projets"),
    "preuve": ("Les clés de la preuve", "/journal/cles/", "Vérifier soi-même une preuve"),
    "accessibilite": ("L’accessibilité", "/accessibilite/", "Ce qui est conforme, et le reste"),
    "donnees": ("Les données personnelles", "/donnees-personnelles/", "Ce qui est gardé, et vu"),
}


def find_ecrans(cles: list[str]) -> dict[str, Fiche]:
    """Rend les écrans de ces clés ; celui d’un métier absent est omis. Aucune lecture en base."""
    trouves = {}
    for cle in cles:
        ecran = ECRANS.get(cle.partition(":")[2])
        if ecran and _exists(ecran[1]):
            titre, chemin, detail = ecran
            trouves[cle] = Fiche(cle, titre, chemin, detail)
    return trouves


def _exists(chemin: str) -> bool:
    try:
        resolve(chemin)
    except Resolver404:
        return False
    return True
