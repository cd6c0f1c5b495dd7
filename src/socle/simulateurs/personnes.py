"""Identités fictives des simulateurs : les nôtres, puis celles que FranceConnect publie.

Aucune de ces personnes n’existe. Nos adresses de courriel sont sous `example.org`, jamais remises.
"""

from socle.simulateurs.etat_civil import Personne
from socle.simulateurs.publiques import PUBLIQUES


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

AJOUTEES = (
    _personne(
        "outre_mer",
        "HOARAU",
        "Marie Julie",
        "female",
        "1977-10-21",
        "97411",
        trait="Née à La Réunion",
    ),
    Personne(
        "inconnue_rnipp",
        "PERSONNE",
        "Inexistante",
        "female",
        "1980-05-05",
        "75056",
        courriel="inconnue@example.org",
        trait="Introuvable au registre : FranceConnect la refuse",
        inconnue=True,
    ),
)
"""Cas utiles que la liste publique n’a pas."""

PERSONNES = {personne.code: personne for personne in (*FAMILLES, *PUBLIQUES, *AJOUTEES)}
