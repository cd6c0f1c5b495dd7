"""Les deux contrats, décrits une fois : le JSON et le XML se jugent sur la même grammaire.

Un essai la compare, champ par champ, au schéma JSON officiel.
"""

import re
from dataclasses import dataclass

from socle.normes.decp import vocabulaire as v


@dataclass(frozen=True, slots=True)
class Texte:
    """Une chaîne ; `motif` porte sur toute la valeur.

    Attributes:
        type_dit: faux si le schéma JSON énumère des valeurs sans dire que ce sont des chaînes.
    """

    minimum: int = 0
    maximum: int | None = None
    motif: re.Pattern[str] | None = None
    aide: str = ""
    valeurs: tuple[str, ...] = ()
    type_dit: bool = True


@dataclass(frozen=True, slots=True)
class Entier:
    minimum: int = 1


@dataclass(frozen=True, slots=True)
class Nombre:
    """Un nombre décimal ; `vide` : l’élément XML peut être vide."""

    minimum: int
    maximum: int | None = None
    vide: bool = False


@dataclass(frozen=True, slots=True)
class Booleen:
    pass


@dataclass(frozen=True, slots=True)
class Jour:
    pass


@dataclass(frozen=True, slots=True)
class Objet:
    """Des champs nommés.

    Attributes:
        ferme: le schéma JSON refuse toute autre clé ; le XSD les refuse toujours.
        mixte: le XSD admet du texte entre les éléments (`acheteur`).
    """

    champs: tuple["Champ", ...]
    ferme: bool = False
    mixte: bool = False


@dataclass(frozen=True, slots=True)
class Liste:
    """JSON : `{nom: [valeur, …]}`. XML : des éléments `nom`."""

    nom: str
    noeud: Texte


@dataclass(frozen=True, slots=True)
class Suite:
    """JSON : `[{nom: valeur}, …]`. XML : des éléments `nom_xml`.

    Attributes:
        minimum: nombre d’éléments exigé par le schéma JSON ; le XSD en veut toujours un.
        type_dit: faux si le schéma JSON ne dit pas que chaque élément est un objet.
    """

    nom: str
    noeud: Objet
    minimum: int = 1
    uniques: bool = True
    type_dit: bool = True
    nom_xml: str = ""


Simple = Texte | Entier | Nombre | Booleen | Jour
Noeud = Simple | Objet | Liste | Suite


@dataclass(frozen=True, slots=True)
class Champ:
    nom: str
    noeud: Noeud
    requis: bool = True


def _choix(*valeurs: str) -> Texte:
    return Texte(valeurs=valeurs)


def _liste(nom: str, *valeurs: str) -> Liste:
    return Liste(nom, Texte(valeurs=valeurs, type_dit=False))


IDENTIFIANT = Texte(minimum=1, maximum=16)
SIRET = Texte(motif=re.compile(r"[0-9]{14}"), aide="les 14 chiffres du SIRET, sans espace")
CPV = Texte(motif=re.compile(r"[0-9]{8}(-[0-9])?"), aide="8 chiffres, par exemple 45112500")
OPERATEUR = Objet((Champ("typeIdentifiant", _choix(*v.TYPES_IDENTIFIANT)), Champ("id", Texte())))
LIEU = Objet((Champ("code", Texte()), Champ("typeCode", _choix(*v.TYPES_CODE_LIEU))))
TITULAIRES = Suite("titulaire", OPERATEUR, type_dit=False)
MONTANT, PART = Nombre(1), Nombre(0, 1)

ACTE = Objet(
    (
        Champ("id", Entier()),
        Champ("sousTraitant", OPERATEUR),
        Champ("dureeMois", Entier()),
        Champ("dateNotification", Jour()),
        Champ("datePublicationDonnees", Jour()),
        Champ("montant", MONTANT),
        Champ("variationPrix", _choix(*v.VARIATIONS_PRIX)),
    )
)
MODIFICATION_ACTE = Objet(
    (
        Champ("id", Entier()),
        Champ("dureeMois", Entier(), requis=False),
        Champ("dateNotificationModificationSousTraitance", Jour()),
        Champ("montant", MONTANT, requis=False),
        Champ("datePublicationDonnees", Jour()),
    )
)
MODIFICATION = Objet(
    (
        Champ("id", Entier()),
        Champ("dateNotificationModification", Jour()),
        Champ("datePublicationDonneesModification", Jour()),
        Champ("dureeMois", Entier(), requis=False),
        Champ("montant", MONTANT, requis=False),
        Champ("titulaires", TITULAIRES, requis=False),
    )
)
MARCHE = Objet(
    (
        Champ("id", IDENTIFIANT),
        Champ("acheteur", Objet((Champ("id", SIRET),), mixte=True)),
        Champ("nature", _choix(*v.NATURES_MARCHE)),
        Champ("objet", Texte(maximum=1000)),
        Champ("codeCPV", CPV),
        Champ("techniques", _liste("technique", *v.TECHNIQUES)),
        Champ("modalitesExecution", _liste("modaliteExecution", *v.MODALITES)),
        Champ("idAccordCadre", IDENTIFIANT, requis=False),
        Champ("marcheInnovant", Booleen()),
        Champ("ccag", _choix(*v.CCAG)),
        Champ("offresRecues", Entier()),
        Champ("attributionAvance", Booleen()),
        Champ("tauxAvance", PART, requis=False),
        Champ("typeGroupementOperateurs", _choix(*v.GROUPEMENTS)),
        Champ("sousTraitanceDeclaree", Booleen()),
        Champ("actesSousTraitance", Suite("acteSousTraitance", ACTE), requis=False),
        Champ("procedure", _choix(*v.PROCEDURES_MARCHE)),
        Champ("lieuExecution", LIEU),
        Champ("dureeMois", Entier()),
        Champ("dateNotification", Jour()),
        Champ("datePublicationDonnees", Jour()),
        Champ("montant", MONTANT),
        Champ("typesPrix", _liste("typePrix", *v.TYPES_PRIX)),
        Champ("formePrix", _choix(*v.FORMES_PRIX)),
        Champ("origineUE", Nombre(0, 1, vide=True), requis=False),
        Champ("origineFrance", Nombre(0, 1, vide=True), requis=False),
        Champ("titulaires", TITULAIRES),
        Champ("considerationsSociales", _liste("considerationSociale", *v.SOCIALES_MARCHE)),
        Champ(
            "considerationsEnvironnementales",
            _liste("considerationEnvironnementale", *v.ENVIRONNEMENTALES),
        ),
        Champ(
            "modificationsActesSousTraitance",
            Suite(
                "modificationActeSousTraitance",
                MODIFICATION_ACTE,
                nom_xml="modificationActesSousTraitance",  # « Actes » : ainsi dans le XSD
            ),
            requis=False,
        ),
        Champ("modifications", Suite("modification", MODIFICATION), requis=False),
    ),
    ferme=True,
)
TARIF = Objet((Champ("intituleTarif", Texte(maximum=256)), Champ("tarif", Nombre(0))))
DONNEES_ANNUELLES = Objet(
    (
        Champ("datePublicationDonneesExecution", Jour()),
        Champ("depensesInvestissement", Nombre(0)),
        Champ("tarifs", Suite("tarif", TARIF, uniques=False)),
    )
)
MODIFICATION_CONCESSION = Objet(
    (
        Champ("id", Entier()),
        Champ("dateSignatureModification", Jour()),
        Champ("datePublicationDonneesModification", Jour()),
        Champ("dureeMois", Entier(), requis=False),
        Champ("valeurGlobale", MONTANT, requis=False),
    )
)
CONCESSION = Objet(
    (
        Champ("id", IDENTIFIANT),
        Champ("autoriteConcedante", Objet((Champ("id", SIRET),))),
        Champ("nature", _choix(*v.NATURES_CONCESSION)),
        Champ("objet", Texte(maximum=1000)),
        Champ("procedure", _choix(*v.PROCEDURES_CONCESSION)),
        Champ("dureeMois", Entier()),
        Champ("dateSignature", Jour()),
        Champ("datePublicationDonnees", Jour()),
        Champ("dateDebutExecution", Jour()),
        Champ("valeurGlobale", MONTANT),
        Champ("montantSubventionPublique", Nombre(0)),
        Champ(
            "donneesExecution",
            Suite("donneesAnnuelles", DONNEES_ANNUELLES, minimum=0),
            requis=False,
        ),
        Champ("concessionnaires", Suite("concessionnaire", OPERATEUR, type_dit=False)),
        Champ("considerationsSociales", _liste("considerationSociale", *v.SOCIALES_CONCESSION)),
        Champ(
            "considerationsEnvironnementales",
            _liste("considerationEnvironnementale", *v.ENVIRONNEMENTALES),
        ),
        Champ("modifications", Suite("modification", MODIFICATION_CONCESSION), requis=False),
    ),
    ferme=True,
)
CONTRATS = {"marche": MARCHE, "contrat-concession": CONCESSION}
