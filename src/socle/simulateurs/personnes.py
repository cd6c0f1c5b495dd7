"""Identités fictives des simulateurs : traits des identités publiques de test, et nos familles.

Aucune de ces personnes n’existe. Les adresses de courriel sont sous `example.org`, jamais remises.
"""

from dataclasses import dataclass

FRANCE = "99100"


@dataclass(frozen=True)
class Personne:
    """Identité pivot d’un particulier, au format de FranceConnect.

    Attributes:
        naissance: AAAA-MM-JJ ; « 00 » pour un jour ou un mois inconnu, comme au RNIPP.
        lieu: code commune Insee à 5 caractères, vide si né à l’étranger.
        pays: code pays Insee (99100 = France).
        trait: ce que cette identité permet d’essayer.
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

    @property
    def naissance_complete(self) -> str:
        """Date utilisable : jour ou mois inconnus ramenés à 01, comme le fait FranceConnect."""
        return self.naissance.replace("-00", "-01")


def _personne(
    code: str, nom: str, prenoms: str, genre: str, naissance: str, lieu: str, **reste: str
) -> Personne:
    courriel = reste.pop("courriel", f"{code.replace('_', '.')}@example.org")
    return Personne(code, nom, prenoms, genre, naissance, lieu, courriel=courriel, **reste)  # type: ignore[arg-type]


FAMILLES = (
    _personne(
        "belkacem",
        "BELKACEM",
        "Nadia Soumaya",
        "female",
        "1986-04-11",
        "92023",
        trait="Parent seul, deux enfants, petit revenu",
    ),
    _personne(
        "le_goff",
        "LE GOFF",
        "Thomas Yann",
        "male",
        "1983-09-02",
        "29019",
        trait="Couple, trois enfants, revenu moyen",
    ),
    _personne(
        "moreau",
        "MOREAU",
        "Hélène Marie",
        "female",
        "1979-01-27",
        "75115",
        usage="DELACROIX",
        trait="Revenu élevé, un enfant, inconnue de la Caf",
    ),
    _personne(
        "diallo",
        "DIALLO",
        "Aminata",
        "female",
        "1990-12-05",
        "",
        pays="99330",
        trait="Née en Guinée, aucun revenu imposable",
    ),
    _personne(
        "ferreira",
        "FERREIRA",
        "João Miguel",
        "male",
        "1988-06-30",
        "",
        pays="99139",
        trait="Régime agricole (MSA), dernier avis d’impôt absent",
    ),
    _personne(
        "nguyen",
        "NGUYEN",
        "Minh Anh",
        "female",
        "1995-03-19",
        "92049",
        trait="Connue de la Caf, inconnue des impôts",
    ),
    _personne(
        "roussel_camille",
        "ROUSSEL",
        "Camille Jeanne",
        "female",
        "1985-07-08",
        "92023",
        courriel="famille.roussel@example.org",
        trait="Même courriel que Dominique",
    ),
    _personne(
        "roussel_dominique",
        "ROUSSEL",
        "Dominique",
        "male",
        "1984-02-15",
        "35238",
        courriel="famille.roussel@example.org",
        trait="Même courriel que Camille",
    ),
)

PUBLIQUES = (
    _personne("test", "DUBOIS", "Angela Claire Louise", "female", "1962-08-24", "75107"),
    _personne(
        "avec_nom_dusage",
        "MERCIER",
        "Pierre",
        "male",
        "1969-03-17",
        "95277",
        usage="DUBOIS",
        trait="Nom d’usage différent du nom de naissance",
    ),
    _personne(
        "nom_compose",
        "TROIS-DUPRE",
        "Melissandre Juliette",
        "female",
        "1981-07-27",
        "13012",
        trait="Nom composé",
    ),
    _personne(
        "nom_long",
        "AZERTYUIOPMLKJHGFDSQWXCVBNAZERTYUIOPMLKJHGFDSQWXCVBN",
        "Bertrand Cyril",
        "male",
        "2000-03-01",
        "75119",
        trait="Nom de 52 lettres",
    ),
    _personne(
        "carac_speciaux",
        "DURANTéàèùòœæŒÆ",
        "JulieéàèùòœæŒÆ",
        "female",
        "1972-06-14",
        "2B002",
        trait="Caractères accentués, née en Haute-Corse",
    ),
    _personne(
        "prenom_compose",
        "HUCHE",
        "Anne-Laure",
        "female",
        "1945-09-30",
        "31555",
        trait="Prénom composé",
    ),
    _personne(
        "moins_16_ans",
        "POSTEUR",
        "Alain",
        "male",
        "2015-06-20",
        "75113",
        trait="Mineur",
    ),
    _personne(
        "genre_indefini",
        "LAFORGE",
        "Camille",
        "unspecified",
        "1954-08-07",
        "75119",
        trait="Genre non précisé",
    ),
    _personne(
        "corse_du_sud",
        "BROSSE",
        "Mario",
        "male",
        "1981-02-03",
        "2A004",
        usage="MARIO",
        trait="Né en Corse-du-Sud",
    ),
    _personne(
        "outre_mer",
        "HOARAU",
        "Marie Julie",
        "female",
        "1977-10-21",
        "97411",
        trait="Née à La Réunion",
    ),
    _personne(
        "naissance_algerie",
        "MARTIN",
        "Vincent Guillaume",
        "male",
        "1963-12-05",
        "",
        pays="99352",
        trait="Né en Algérie : pas de commune de naissance",
    ),
    _personne(
        "presume_jour",
        "FLEURET",
        "Jean",
        "male",
        "1992-11-00",
        "",
        pays="99217",
        trait="Jour de naissance inconnu",
    ),
    _personne(
        "presume_jour_mois",
        "TARGE",
        "Jean",
        "male",
        "1992-00-00",
        "",
        pays="99217",
        trait="Jour et mois de naissance inconnus",
    ),
    _personne(
        "sans_mail",
        "DUFOUR",
        "Amandine",
        "female",
        "1989-03-02",
        "75119",
        courriel="",
        trait="Sans courriel : FranceConnect la refuse (Y600006)",
    ),
)

INCONNUE = Personne(
    "inconnue_rnipp",
    "PERSONNE",
    "Inexistante",
    "female",
    "1980-05-05",
    "75056",
    courriel="inconnue@example.org",
    trait="Introuvable au registre : FranceConnect la refuse",
    inconnue=True,
)

PERSONNES = {personne.code: personne for personne in (*FAMILLES, *PUBLIQUES, INCONNUE)}
