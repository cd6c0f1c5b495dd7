"""Ce qu’une norme offre à la page « Vérifier un fichier », et les limites de celle-ci."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePath

from socle.fondations.commun.registre import Registre

SEPARATEURS = ";,\t|"
COLONNES_LUES = 500


@dataclass(frozen=True, slots=True)
class Limites:
    """Ce qu’un contrôle peut prendre.

    Attributes:
        octets: taille du fichier reçu ; `schema`, celle du schéma qui l’accompagne.
        secondes: durée du contrôle, d’horloge et de processeur.
        memoire: Mio d’adresses du processus, bibliothèques comprises.
        gardees: fautes que porte un rapport ; les suivantes sont comptées.
        places: contrôles à la fois, pour toute l’installation.
        frequences: (fichiers, durée) permis à une même adresse.
    """

    octets: int = 50 * 1000 * 1000
    schema: int = 2 * 1000 * 1000
    secondes: int = 20
    memoire: int = 1500
    gardees: int = 10_000
    places: int = 2
    frequences: tuple[tuple[int, timedelta], ...] = (
        (30, timedelta(minutes=15)),
        (300, timedelta(days=1)),
    )


LIMITES = Limites()


@dataclass(frozen=True, slots=True)
class Apercu:
    """Ce qu’on sait d’un fichier sans le lire : son nom, son début, les noms qu’une archive porte.

    Attributes:
        debut: premiers octets, 64 Kio au plus.
        entrees: noms des fichiers d’un ZIP ou d’un TAR, quelques milliers au plus.
    """

    nom: str
    debut: bytes
    entrees: tuple[str, ...] = ()

    @property
    def extension(self) -> str:
        """« .csv » ; vide s’il n’y en a pas."""
        return PurePath(self.nom).suffix.lower()

    @property
    def texte(self) -> str:
        """Le début, lu comme du texte ; vide si ce sont des octets."""
        debut = self.debut.removeprefix(b"\xef\xbb\xbf")
        if b"\0" in debut:
            return ""
        try:
            return debut.decode("utf-8")
        except UnicodeDecodeError as faute:
            # Un caractère coupé à la fin n’est pas une faute ; un autre encodage se lit quand même.
            coupe = faute.start > len(debut) - 4
            return debut[: faute.start].decode() if coupe else debut.decode("cp1252", "replace")

    @property
    def colonnes(self) -> tuple[str, ...]:
        """Les noms de la première ligne d’un CSV ; vide pour autre chose."""
        if self.entrees or self.extension in {".xml", ".json", ".yml", ".yaml"}:
            return ()
        ligne = self.texte.split("\n", 1)[0].strip()[:20_000]
        separateur = max(SEPARATEURS, key=ligne.count)
        try:
            lues = next(csv.reader([ligne], delimiter=separateur), [])
        except csv.Error:
            return ()
        return tuple(nom.strip() for nom in lues[:COLONNES_LUES])


@dataclass(frozen=True, slots=True)
class Verificateur:
    """Une norme que la page sait contrôler par `./socle normes <norme> <verbe>`.

    Attributes:
        norme: son nom dans `./socle normes`.
        recognise: de 0 (ce n’est pas cela) à 100 (c’est certain), d’après l’aperçu.
        verbe: ce qui contrôle ; `verbe_corriger`, ce qui corrige, vide si rien ne le fait.
        sans_correction: ce que l’on ne corrige pas, pourquoi, et quoi faire.
        accepts_schema: vrai si le fichier peut venir avec un schéma à lui.
        choix: (valeur, libellé) que le contrôle demande en plus, un schéma par exemple.
        guess: devine ce choix d’après l’aperçu ; vide si rien ne s’impose.
        build_options: options de la commande pour un choix.
        extension: celle du fichier corrigé.
        exemple: noms de fichiers que l’on rencontre.
    """

    norme: str
    titre: str
    exemple: str
    recognise: Callable[[Apercu], int]
    verbe: str = "valider"
    verbe_corriger: str = ""
    sans_correction: str = ""
    accepts_schema: Callable[[Apercu], bool] = lambda _apercu: False
    choix: tuple[tuple[str, str], ...] = ()
    guess: Callable[[Apercu], str] = lambda _apercu: ""
    build_options: Callable[[str], list[str]] = field(default=lambda _choix: [])
    extension: str = ".csv"


verificateurs: Registre[Verificateur] = Registre("verificateurs")
