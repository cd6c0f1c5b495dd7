"""Erreurs prévues de la ligne de commande : une phrase, puis ce qu’il faut faire."""

import errno

# Le système parle la langue de la machine, souvent l’anglais.
SYSTEME = {
    errno.ENOENT: "ce dossier n’existe pas",
    errno.ENOTDIR: "un fichier porte déjà le nom d’un dossier",
    errno.EISDIR: "c’est un dossier",
    errno.EACCES: "ce compte n’en a pas le droit",
    errno.EPERM: "ce compte n’en a pas le droit",
    errno.EROFS: "ce disque est en lecture seule",
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "le quota de disque est atteint",
    errno.ENAMETOOLONG: "ce nom est trop long",
}


def explain_systeme(cause: OSError) -> str:
    """Dit en français pourquoi le système a refusé un fichier ou un dossier."""
    return SYSTEME.get(cause.errno or 0) or cause.strerror or str(cause)


class ErreurServeur(Exception):
    """Refus ou panne que l’exploitant peut comprendre et réparer.

    Args:
        message: ce qui ne va pas, en une phrase.
        suite: ce qu’il faut faire ; vide si la phrase suffit.
    """

    def __init__(self, message: str, suite: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.suite = suite

    def __str__(self) -> str:
        return f"{self.message}\n{self.suite}" if self.suite else self.message
