"""Les valeurs permises par les arrêtés, à la lettre près (« Maitrise d'œuvre » sans accent)."""

VERSION = "2.0.4"

NATURES_MARCHE = ("Marché", "Marché de partenariat", "Marché de défense ou de sécurité")
TECHNIQUES = (
    "Accord-cadre",
    "Concours",
    "Système de qualification",
    "Système d'acquisition dynamique",
    "Catalogue électronique",
    "Enchère électronique",
    "Sans objet",
)
MODALITES = ("Tranches", "Bons de commande", "Marchés subséquents", "Sans objet")
CCAG = (
    "Travaux",
    "Maitrise d'œuvre",
    "Fournitures courantes et services",
    "Marchés industriels",
    "Prestations intellectuelles",
    "Techniques de l'information et de la communication",
    "Pas de CCAG",
)
GROUPEMENTS = ("Conjoint", "Solidaire", "Pas de groupement")
PROCEDURES_MARCHE = (
    "Procédure adaptée",
    "Appel d'offres ouvert",
    "Appel d'offres restreint",
    "Procédure avec négociation",
    "Marché passé sans publicité ni mise en concurrence préalable",
    "Dialogue compétitif",
)
# Ceux de 2018 (schéma 1.4) que l’arrêté de 2019 a remplacés, un pour un.
ANCIENNES_PROCEDURES = {
    "Procédure concurrentielle avec négociation": "Procédure avec négociation",
    "Procédure négociée avec mise en concurrence préalable": "Procédure avec négociation",
    "Marché négocié sans publicité ni mise en concurrence préalable": (
        "Marché passé sans publicité ni mise en concurrence préalable"
    ),
}
TYPES_CODE_LIEU = (
    "Code postal",
    "Code commune",
    "Code arrondissement",
    "Code canton",
    "Code département",
    "Code région",
    "Code pays",
)
TYPES_PRIX = (
    "Définitif ferme",
    "Définitif actualisable",
    "Définitif révisable",
    "Provisoire",
)
FORMES_PRIX = ("Unitaire", "Forfaitaire", "Mixte")
VARIATIONS_PRIX = ("Ferme", "Actualisable", "Révisable")
TYPES_IDENTIFIANT = ("SIRET", "TVA", "TAHITI", "RIDET", "FRWF", "IREP", "HORS-UE")
AUCUNE_SOCIALE = "Pas de considération sociale"
AUCUNE_ENVIRONNEMENTALE = "Pas de considération environnementale"
SOCIALES_MARCHE = ("Clause sociale", "Critère social", "Marché réservé", AUCUNE_SOCIALE)
SOCIALES_CONCESSION = ("Clause sociale", "Critère social", "Concession réservée", AUCUNE_SOCIALE)
ENVIRONNEMENTALES = (
    "Clause environnementale",
    "Critère environnemental",
    AUCUNE_ENVIRONNEMENTALE,
)
NATURES_CONCESSION = (
    "Concession de travaux",
    "Concession de service",
    "Concession de service public",
    "Délégation de service public",
)
PROCEDURES_CONCESSION = (
    "Procédure négociée ouverte",
    "Procédure non négociée ouverte",
    "Procédure négociée restreinte",
    "Procédure non négociée restreinte",
)
VRAIS_XML, FAUX_XML = ("true", "oui", "1"), ("false", "non", "0")
