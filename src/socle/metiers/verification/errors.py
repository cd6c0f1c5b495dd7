"""Refus de la page « Vérifier un fichier » et de son interface de programmation."""

from socle.fondations.commun.errors import ErreurMetier, TropDeDemandes


class FichierAbsent(ErreurMetier):
    message = "Vous n’avez choisi aucun fichier."
    suite = "Choisissez un fichier, puis recommencez."
    statut = 400


class FichierVide(ErreurMetier):
    message = "Ce fichier est vide."
    suite = "Vérifiez qu’il s’ouvre chez vous, puis recommencez."
    statut = 422


class FichierTropLourd(ErreurMetier):
    message = "Ce fichier est trop lourd pour cette page."
    conseil = (
        "La limite est de {limite}. Coupez le fichier, ou contrôlez-le chez vous : "
        "« ./socle normes » n’a pas cette limite."
    )
    statut = 413

    def __init__(self, limite: str) -> None:
        super().__init__(suite=self.conseil.format(limite=limite))


class SchemaTropLourd(FichierTropLourd):
    message = "Ce schéma est trop lourd."
    conseil = "La limite est de {limite}. Vérifiez que c’est bien le schéma, et non les données."


class SchemaFaux(ErreurMetier):
    """Le message dit ce que le schéma a de faux."""

    message = "Ce schéma ne se lit pas."
    suite = "Corrigez le schéma, puis recommencez. Votre tableau n’a pas été contrôlé."
    statut = 422


class SchemaDeTrop(ErreurMetier):
    message = "Un schéma ne sert qu’à un tableau : CSV, XLSX ou ODS."
    suite = "Choisissez de nouveau le fichier, sans schéma."
    statut = 400


class DeuxSchemas(ErreurMetier):
    message = "Vous donnez un schéma, et vous en choisissez un autre dans « Ce que c’est »."
    suite = "Gardez l’un des deux, puis recommencez."
    statut = 400


class NatureInconnue(ErreurMetier):
    """Ni le nom, ni le début du fichier ne disent ce qu’il est, et la personne ne l’a pas dit."""

    message = "Nous n’avons pas reconnu ce fichier."
    suite = "Choisissez de nouveau le fichier et dites ce qu’il est dans « Ce que c’est »."
    statut = 422


class NatureFausse(ErreurMetier):
    message = "Cette nature de fichier n’existe pas ici."
    suite = "Choisissez-en une dans la liste, ou laissez Socle reconnaître le fichier."
    statut = 400


class SansCorrection(ErreurMetier):
    """Chaque norme dit dans `suite` pourquoi, et quoi faire."""

    message = "Socle ne corrige pas cette sorte de fichier."
    statut = 422


class OutilOccupe(ErreurMetier):
    message = "Trop de fichiers sont en cours de contrôle."
    suite = "Recommencez dans une minute. Votre fichier n’a pas été lu."
    statut = 503


class SacPerime(ErreurMetier):
    message = "Ce rapport n’est plus dans la page, ou il date de plus d’une heure."
    suite = "Vérifiez de nouveau le fichier : rien n’en est gardé ici."
    statut = 410


class TropDeFichiers(TropDeDemandes):
    message = "Vous avez fait contrôler trop de fichiers en peu de temps."
    suite = (
        "Attendez quelques minutes puis recommencez, ou contrôlez chez vous : « ./socle normes »."
    )
    suite_datee = (
        "Attendez {attente} puis recommencez, ou contrôlez chez vous : « ./socle normes »."
    )
