"""Une identité de particulier, telle que FranceConnect la connaît."""

from dataclasses import dataclass

FRANCE = "99100"
GENRES = ("male", "female", "unspecified")
LONGUEUR_COG = 5


@dataclass(frozen=True)
class Personne:
    """Identité pivot d’un particulier, au format de FranceConnect.

    Attributes:
        naissance: AAAA-MM-JJ ; « 00 » pour un jour ou un mois inconnu, comme au RNIPP.
        lieu: code commune Insee à 5 caractères ; à l’étranger, vide le plus souvent.
        pays: code pays Insee (99100 = France).
        trait: ce que cette identité permet d’essayer.
        inconnue: introuvable au registre (RNIPP).
        officielle: vient de la liste publique de FranceConnect ; `code` est alors son compte.
    """

    code: str
    nom: str
    prenoms: str
    genre: str
    naissance: str
    lieu: str
    pays: str = FRANCE
    usage: str = ""
    courriel: str = ""
    trait: str = ""
    inconnue: bool = False
    officielle: bool = False

    @property
    def naissance_complete(self) -> str:
        """Date utilisable : jour ou mois inconnus ramenés à 01, comme le fait FranceConnect."""
        return self.naissance.replace("-00", "-01")

    @property
    def lieu_remis(self) -> str:
        """Commune de naissance remise aux services : aucune pour une naissance à l’étranger."""
        return self.lieu if self.pays == FRANCE else ""

    @property
    def nom_complet(self) -> str:
        return f"{self.prenoms} {self.nom}".strip()

    @property
    def manques(self) -> tuple[str, ...]:
        """Ce que FranceConnect exige et que cette identité n’a pas.

        Source: france-connect/sources, `core-fcp/src/dto/oidc-identity.dto.ts`.
        """
        exigences = (
            (self.prenoms, "de prénom"),
            (self.nom, "de nom de naissance"),
            (self.genre in GENRES, "de sexe"),
            (self.pays != FRANCE or len(self.lieu) == LONGUEUR_COG, "de commune de naissance"),
            (self.courriel, "d’adresse de courriel"),
        )
        return tuple(manque for present, manque in exigences if not present)
