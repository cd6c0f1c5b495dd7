"""SCDL : délibérations, subventions, budget."""

from socle.normes.scdl.definitions.outils import champ, choisit, controle, definit

DELIBERATIONS = definit(
    "scdl/deliberations",
    "2.1.5",
    "Délibérations adoptées",
    champ("COLL_NOM", "Nom de la collectivité", obligatoire=True),
    champ(
        "COLL_SIRET",
        "SIRET de la collectivité",
        obligatoire=True,
        motif=r"^\d{14}$",
        forme="14 chiffres, sans espace",
        exemple="21920023500014",
    ),
    champ("DELIB_ID", "Numéro de la délibération", obligatoire=True),
    champ("DELIB_DATE", "Date de la séance", type="date", obligatoire=True),
    champ(
        "DELIB_MATIERE_CODE",
        "Code de la matière",
        obligatoire=True,
        motif=r"^\d\.\d{1,2}$",
        forme="un chiffre, un point, un ou deux chiffres",
        exemple="2.1",
    ),
    champ("DELIB_MATIERE_NOM", "Matière de l’acte", obligatoire=True),
    champ("DELIB_OBJET", "Objet", obligatoire=True),
    champ(
        "BUDGET_ANNEE",
        "Exercice budgétaire",
        motif=r"^[0-9]{4}(\/[0-9]{4})?$",
        forme="AAAA ou AAAA/AAAA",
        exemple="2026",
    ),
    champ("BUDGET_NOM", "Nom du budget"),
    champ("PREF_ID", "Numéro donné par la préfecture"),
    champ("PREF_DATE", "Date de réception en préfecture", type="date"),
    champ("VOTE_EFFECTIF", "Membres en exercice", type="integer"),
    champ("VOTE_REEL", "Membres votants", type="integer"),
    champ("VOTE_POUR", "Voix pour", type="integer"),
    champ("VOTE_CONTRE", "Voix contre", type="integer"),
    champ("VOTE_ABSTENTION", "Abstentions", type="integer"),
    champ("DELIB_URL", "Adresse du texte", format="uri"),
    controles=(
        controle("french-siret-value", {"column": "COLL_SIRET"}),
        controle("year-interval-value", {"column": "BUDGET_ANNEE", "allow-year-only": "yes"}),
        controle(
            "cohesive-columns-value", {"column": "BUDGET_ANNEE", "othercolumns": ["BUDGET_NOM"]}
        ),
        controle(
            "cohesive-columns-value",
            {
                "column": "VOTE_EFFECTIF",
                "othercolumns": ["VOTE_REEL", "VOTE_POUR", "VOTE_CONTRE", "VOTE_ABSTENTION"],
            },
        ),
        controle(
            "compare-columns-value", {"column": "PREF_DATE", "op": ">=", "column2": "DELIB_DATE"}
        ),
        controle(
            "compare-columns-value",
            {"column": "VOTE_EFFECTIF", "op": ">=", "column2": "VOTE_REEL"},
        ),
        controle(
            "compare-columns-value", {"column": "VOTE_REEL", "op": ">=", "column2": "VOTE_POUR"}
        ),
        controle(
            "compare-columns-value", {"column": "VOTE_REEL", "op": ">=", "column2": "VOTE_CONTRE"}
        ),
        controle(
            "compare-columns-value",
            {"column": "VOTE_REEL", "op": ">=", "column2": "VOTE_ABSTENTION"},
        ),
        controle(
            "sum-columns-value",
            {"column": "VOTE_REEL", "columns": ["VOTE_POUR", "VOTE_CONTRE", "VOTE_ABSTENTION"]},
        ),
        controle("nomenclature-actes-value", {"column": "DELIB_MATIERE_NOM"}),
    ),
)

SUBVENTIONS = definit(
    "scdl/subventions",
    "2.1.1",
    "Subventions attribuées",
    champ("nomAttribuant", "Nom de qui attribue", obligatoire=True),
    champ(
        "idAttribuant",
        "SIRET de qui attribue",
        obligatoire=True,
        motif=r"^\d{14}$",
        forme="14 chiffres, sans espace",
        exemple="21920023500014",
    ),
    champ("dateConvention", "Date de la convention", type="date", obligatoire=True),
    champ("referenceDecision", "Référence de la décision"),
    champ("nomBeneficiaire", "Nom du bénéficiaire", obligatoire=True),
    champ("idBeneficiaire", "SIRET du bénéficiaire"),
    champ(
        "rnaBeneficiaire",
        "Numéro RNA de l’association",
        motif=r"^W\d{9}$",
        forme="W suivi de 9 chiffres",
        exemple="W921001234",
    ),
    champ("objet", "Objet de la subvention", obligatoire=True, longueur_max=256),
    champ("montant", "Montant total, en euros", type="number", obligatoire=True),
    champ(
        "nature",
        "En argent ou en nature",
        obligatoire=True,
        choix=choisit(
            "aide en numéraire",
            "aide en nature",
            "aide en numéraire;aide en nature",
            "aide en nature;aide en numéraire",
        ),
    ),
    champ("conditionsVersement", "Conditions de versement", obligatoire=True, longueur_max=256),
    champ(
        "datesPeriodeVersement",
        "Dates de versement",
        obligatoire=True,
        motif=r"^[0-9]{4}\-[0-9]{2}\-[0-9]{2}(\/[0-9]{4}\-[0-9]{2}\-[0-9]{2})?$",
        forme="AAAA-MM-JJ, ou deux dates séparées par une barre oblique",
        exemple="2026-03-14/2027-03-14",
    ),
    champ("idRAE", "Référence au registre des aides", longueur_max=5),
    champ(
        "notificationUE",
        "Notifiée à l’Union européenne",
        type="boolean",
        obligatoire=True,
        vrais=("oui",),
        faux=("non",),
    ),
    champ(
        "pourcentageSubvention",
        "Part du bénéficiaire, de 0 à 1",
        type="number",
        obligatoire=True,
        minimum=0.01,
        maximum=1,
    ),
    champ("dispositifAide", "Identifiant du dispositif d’aide"),
    controles=(
        controle("french-siret-value", {"column": "idAttribuant"}),
        controle("french-siret-value", {"column": "idBeneficiaire"}),
        controle("one-of-required", {"column1": "idBeneficiaire", "column2": "rnaBeneficiaire"}),
    ),
)

BUDGET = definit(
    "scdl/budget",
    "0.8.3",
    "Budget",
    champ(
        "BGT_NATDEC",
        "Nature du document",
        obligatoire=True,
        choix=choisit(
            "budget primitif",
            "budget supplémentaire",
            "décision modificative",
            "compte administratif",
        ),
    ),
    champ("BGT_ANNEE", "Année", type="year", obligatoire=True),
    champ(
        "BGT_SIRET",
        "SIRET de l’établissement",
        obligatoire=True,
        motif=r"^\d{14}$",
        forme="14 chiffres, sans espace",
        exemple="21920023500014",
    ),
    champ("BGT_NOM", "Nom du budget", obligatoire=True),
    champ(
        "BGT_CONTNAT",
        "Code du chapitre ou de l’article",
        obligatoire=True,
        longueur_min=1,
        longueur_max=9,
    ),
    champ("BGT_CONTNAT_LABEL", "Nom du chapitre ou de l’article", obligatoire=True),
    champ("BGT_NATURE", "Code de la nature", obligatoire=True, longueur_min=1, longueur_max=9),
    champ("BGT_NATURE_LABEL", "Nom de la nature", obligatoire=True),
    champ("BGT_FONCTION", "Code de la fonction", longueur_min=1, longueur_max=9),
    champ("BGT_FONCTION_LABEL", "Nom de la fonction"),
    champ("BGT_OPERATION", "Opération"),
    champ(
        "BGT_SECTION",
        "Section",
        obligatoire=True,
        choix=choisit(
            "investissement",
            "fonctionnement",
        ),
    ),
    champ(
        "BGT_OPBUDG",
        "Réel ou ordre",
        obligatoire=True,
        choix=choisit(
            "réel",
            "ordre",
        ),
    ),
    champ(
        "BGT_CODRD",
        "Recette ou dépense",
        obligatoire=True,
        choix=choisit(
            "recette",
            "dépense",
        ),
    ),
    champ("BGT_MTREAL", "Montant réalisé", type="number"),
    champ("BGT_MTBUDGPREC", "Budget précédent", type="number"),
    champ("BGT_MTRARPREC", "Restes à réaliser précédents", type="number"),
    champ("BGT_MTPROPNOUV", "Propositions nouvelles", type="number"),
    champ("BGT_MTPREV", "Montant prévu", type="number"),
    champ("BGT_CREDOUV", "Crédits ouverts", type="number"),
    champ("BGT_MTRAR3112", "Restes à réaliser au 31 décembre", type="number"),
    champ(
        "BGT_ARTSPE",
        "Article spécialisé",
        choix=choisit(
            "non spécialisé",
            "spécialisé",
        ),
    ),
    controles=(controle("french-siret-value", {"column": "BGT_SIRET"}),),
)
