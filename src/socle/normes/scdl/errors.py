"""Refus de lire un fichier ou un schéma."""


class FichierInutilisable(Exception):
    """Le fichier ne se lit pas comme un tableau ; rien d’autre n’en est dit.

    Attributes:
        code: nom court et stable, « source-error », « encoding-error »…
        message: ce qui ne va pas et quoi faire, en français.
    """

    def __init__(self, message: str, *, code: str = "source-error") -> None:
        self.message, self.code = message, code
        super().__init__(message)


class SchemaInvalide(Exception):
    """Le schéma donné n’est pas un Table Schema que l’on sait appliquer."""


class LigneRefusee(Exception):
    """Une ligne à écrire n’est pas conforme au schéma.

    Attributes:
        ligne: rang dans les données, la première porte 2 comme dans le fichier.
        champ: colonne en cause.
    """

    def __init__(self, message: str, *, ligne: int, champ: str) -> None:
        self.ligne, self.champ = ligne, champ
        super().__init__(f"Ligne {ligne}, colonne {champ} : {message}")
