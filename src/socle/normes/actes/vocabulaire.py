"""Mots de la norme : espaces de noms, natures d’actes, genres de messages, types d’émetteurs."""

from enum import Enum, StrEnum

ACTES = "http://www.interieur.gouv.fr/ACTES#v1.1-20040216"
INSEE = "http://xml.insee.fr/schema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ESPACES = {"actes": ACTES, "insee": INSEE}


class Sens(StrEnum):
    """Qui écrit le message."""

    ENVOI = "envoi"  # la collectivité
    RETOUR = "retour"  # l’État


class Nature(Enum):
    """Nature d’un acte : code, abrégé des noms de fichiers, typologie par défaut, libellé."""

    DELIBERATION = (1, "DE", "99_DE", "Délibération")
    REGLEMENTAIRE = (2, "AR", "99_AR", "Acte réglementaire")
    INDIVIDUEL = (3, "AI", "99_AI", "Acte individuel")
    CONTRAT = (4, "CC", "99_DC", "Contrat, convention ou avenant")
    BUDGET = (5, "BF", "99_BU", "Document budgétaire ou financier")
    AUTRE = (6, "AU", "99_AU", "Autre")

    def __init__(self, code: int, abrege: str, typologie: str, libelle: str) -> None:
        self.code, self.abrege = code, abrege
        self.typologie, self.libelle = typologie, libelle


NATURES = {nature.code: nature for nature in Nature}
SIGNATURE = "99_SE"  # fichier de signature électronique, admis pour toutes les natures


class Genre(Enum):
    """Un genre de fichier XML : élément racine, flux (vide pour une enveloppe), sens, libellé."""

    ENVELOPPE = ("EnveloppeCLMISILL", "", Sens.ENVOI, "Enveloppe de transmission")
    ENVELOPPE_RETOUR = ("EnveloppeMISILLCL", "", Sens.RETOUR, "Enveloppe de retour de l’État")
    ANOMALIE_ENVELOPPE = ("AnomalieEnveloppe", "", Sens.RETOUR, "Enveloppe refusée par l’État")
    ACTE = ("Acte", "1-1", Sens.ENVOI, "Transmission d’un acte")
    AR_ACTE = ("ARActe", "1-2", Sens.RETOUR, "Accusé de réception d’un acte")
    ANOMALIE_ACTE = ("AnomalieActe", "1-3", Sens.RETOUR, "Acte refusé par l’État")
    COURRIER_SIMPLE = ("CourrierSimple", "2-1", Sens.RETOUR, "Courrier simple de la préfecture")
    REPONSE_COURRIER = (
        "ReponseCourrierSimple", "2-2", Sens.ENVOI, "Réponse à un courrier simple",
    )  # fmt: skip
    DEMANDE_PIECES = (
        "DemandePieceComplementaire", "3-1", Sens.RETOUR, "Demande de pièces complémentaires",
    )  # fmt: skip
    AR_DEMANDE_PIECES = (
        "ARDemandePieceComplementaire", "3-2", Sens.ENVOI,
        "Accusé d’une demande de pièces complémentaires",
    )  # fmt: skip
    REFUS_PIECES = (
        "RefusPieceComplementaire", "3-3", Sens.ENVOI, "Refus d’envoyer des pièces complémentaires",
    )  # fmt: skip
    PIECES = ("PieceComplementaire", "3-4", Sens.ENVOI, "Envoi de pièces complémentaires")
    AR_PIECES = ("ARPieceComplementaire", "3-5", Sens.RETOUR, "Accusé des pièces complémentaires")
    LETTRE_OBSERVATIONS = ("LettreObservations", "4-1", Sens.RETOUR, "Lettre d’observations")
    AR_LETTRE = ("ARLettreObservations", "4-2", Sens.ENVOI, "Accusé d’une lettre d’observations")
    REJET_LETTRE = (
        "RejetLettreObservations",
        "4-3",
        Sens.ENVOI,
        "Rejet d’une lettre d’observations",
    )
    REPONSE_LETTRE = (
        "ReponseLettreObservations", "4-4", Sens.ENVOI, "Réponse à une lettre d’observations",
    )  # fmt: skip
    AR_REPONSE_LETTRE = (
        "ARReponseRejetLettreObservations", "4-5", Sens.RETOUR,
        "Accusé d’une réponse à une lettre d’observations",
    )  # fmt: skip
    DEFERE = ("DefereTA", "5-1", Sens.RETOUR, "Déféré au tribunal administratif")
    ANNULATION = ("Annulation", "6-1", Sens.ENVOI, "Annulation d’une transmission")
    AR_ANNULATION = ("ARAnnulation", "6-2", Sens.RETOUR, "Accusé d’une annulation")
    DEMANDE_CLASSIFICATION = (
        "DemandeClassification", "7-1", Sens.ENVOI, "Demande de classification",
    )  # fmt: skip
    RETOUR_CLASSIFICATION = ("RetourClassification", "7-2", Sens.RETOUR, "Classification")
    CLASSIFICATION_INCHANGEE = (
        "ReponseClassificationSansChangement", "7-3", Sens.RETOUR, "Classification inchangée",
    )  # fmt: skip

    def __init__(self, racine: str, flux: str, sens: Sens, libelle: str) -> None:
        self.racine, self.flux = racine, flux
        self.sens, self.libelle = sens, libelle


GENRES = {genre.racine: genre for genre in Genre}
GENRES_PAR_FLUX = {genre.flux: genre for genre in Genre if genre.flux}
COURRIERS = frozenset(
    {
        Genre.COURRIER_SIMPLE, Genre.REPONSE_COURRIER, Genre.DEMANDE_PIECES,
        Genre.AR_DEMANDE_PIECES, Genre.REFUS_PIECES, Genre.PIECES, Genre.LETTRE_OBSERVATIONS,
        Genre.AR_LETTRE, Genre.REJET_LETTRE, Genre.REPONSE_LETTRE,
    }
)  # fmt: skip
ACCUSES_DE_REPONSE = frozenset({Genre.AR_PIECES, Genre.AR_REPONSE_LETTRE})

# Type d’émetteur (attribut Nature de IDCL) : ceux que les opérateurs connaissent.
TYPES_D_EMETTEUR = {
    11: "Conseil régional", 12: "Établissement public local d’enseignement (région)",
    13: "Autre établissement public (région)", 14: "Société d’économie mixte (région)",
    21: "Conseil départemental", 22: "Établissement public de santé (département)",
    23: "Établissement public local d’enseignement (département)",
    24: "Autre établissement public (département)", 25: "Société d’économie mixte (département)",
    31: "Commune", 32: "Établissement public de santé (commune)",
    33: "Autre établissement public (commune)", 34: "Société d’économie mixte (commune)",
    41: "Syndicat de communes ou mixte fermé", 42: "Syndicat mixte ouvert",
    43: "Syndicat d’agglomération nouvelle", 44: "Communauté de communes",
    45: "Communauté urbaine", 46: "Communauté d’agglomération",
    47: "Société d’économie mixte (intercommunalité)",
    51: "Service départemental d’incendie et de secours", 52: "Entente interrégionale",
    53: "Entente interdépartementale", 54: "Autre société d’économie mixte", 55: "Autre",
}  # fmt: skip
