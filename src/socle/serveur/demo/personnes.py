"""Collectivités et personnes de la démonstration. Aucune personne n’existe."""

from typing import Any

SECRET = "secret-de-demonstration"  # noqa: S105  (public : il n’ouvre que le bac à sable)

COLLECTIVITES: tuple[dict[str, Any], ...] = (
    {
        "nom": "Clamart",
        "slug": "clamart",
        "genre": "commune",
        "siren": "219200235",
        "siret": "21920023500014",
        "code_cog": "92023",
        "departement": "92",
        "population": 57_000,
        "couleur": "#146b4c",
        "courriel": "mairie@clamart.exemple.fr",
        "telephone": "01 46 00 00 00",
        "adresse": "1 place Maurice-Gunsbourg\n92140 Clamart",
    },
    {
        "nom": "Vallée Sud – Grand Paris",
        "slug": "vallee-sud",
        "genre": "epci",
        "siren": "200057966",
        "siret": "20005796600018",
        "code_cog": "200057966",
        "departement": "92",
        "population": 400_000,
        "couleur": "#1f4e8c",
        "courriel": "contact@vallee-sud.exemple.fr",
        "telephone": "01 55 00 00 00",
        "adresse": "28 rue de la Redoute\n92260 Fontenay-aux-Roses",
    },
)
# Code de l’agent dans le simulateur ProConnect → ses rôles ici.
AGENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "clamart": {
        "administratrice": ("administrateur", "dpo"),
        "instructrice": ("instructeur",),
        "valideur": ("instructeur", "valideur"),
        "archiviste": ("archiviste",),
    },
    "vallee-sud": {
        "instructeur_epci": ("administrateur", "instructeur"),
        "valideuse_epci": ("valideur", "archiviste"),
    },
}
# Ceux du programme commun, au niveau de l’installation.
PROGRAMME: dict[str, tuple[str, ...]] = {
    "equipe": ("equipe",),
    "etat": ("partenaire",),
    "association": ("partenaire",),
}
# Représente « Contributeurs de Socle ». ProConnect n’ouvre pas aux entreprises : compte local, et
# un second facteur à choisir à la première entrée. Le mot de passe n’ouvre que le bac à sable.
EDITRICE = {
    "courriel": "zoe.lambert@editeur.example",
    "mot_de_passe": "bac-a-sable-editeur",
    "prenom": "Zoé",
    "nom": "Lambert",
}
# Ce que la démonstration dit de chacun quand elle s’ouvre.
TITRES = {
    "administratrice": "administratrice et DPO",
    "instructrice": "instructrice",
    "valideur": "instructeur et valideur",
    "archiviste": "archiviste",
    "instructeur_epci": "administrateur et instructeur",
    "valideuse_epci": "valideuse et archiviste",
    "equipe": "équipe du programme",
    "etat": "collège de l’État",
    "association": "collège des collectivités",
}
