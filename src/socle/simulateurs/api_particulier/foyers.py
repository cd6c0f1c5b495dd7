"""Foyers allocataires fictifs. Une personne absente de la table n’est pas allocataire."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Membre:
    """Personne d’un foyer ; `sexe` M ou F, `naissance` AAAA-MM-JJ."""

    nom: str
    prenoms: str
    naissance: str
    sexe: str
    usage: str = ""

    def as_dict(self) -> dict[str, str | None]:
        return {
            "nom_naissance": self.nom,
            "nom_usage": self.usage or None,
            "prenoms": self.prenoms.upper(),
            "date_naissance": self.naissance,
            "sexe": self.sexe,
        }


@dataclass(frozen=True)
class Foyer:
    """Foyer d’un allocataire ; le premier des `allocataires` est la personne de la table."""

    fournisseur: str
    valeur: int
    allocataires: tuple[Membre, ...]
    enfants: tuple[Membre, ...] = ()
    voie: str = "1 PLACE DE LA MAIRIE"
    ville: str = "92140 CLAMART"
    complement: str = ""

    def describe_adresse(self) -> dict[str, str | None]:
        premier = self.allocataires[0]
        civilite = "Madame" if premier.sexe == "F" else "Monsieur"
        prenom = premier.prenoms.split()[0]
        return {
            "destinataire": f"{civilite} {premier.usage or premier.nom} {prenom}",
            "complement_information": self.complement or None,
            "complement_information_geographique": None,
            "numero_libelle_voie": self.voie,
            "lieu_dit": None,
            "code_postal_ville": self.ville,
            "pays": "FRANCE",
        }


FOYERS: dict[str, Foyer] = {
    "belkacem": Foyer(
        "CNAF",
        468,
        (Membre("BELKACEM", "Nadia Soumaya", "1986-04-11", "F"),),
        (
            Membre("BELKACEM", "Yanis", "2017-05-23", "M"),
            Membre("BELKACEM", "Lina Assia", "2020-10-02", "F"),
        ),
        "14 RUE DES CHÂTAIGNIERS",
        complement="Bâtiment C",
    ),
    "le_goff": Foyer(
        "CNAF",
        871,
        (
            Membre("LE GOFF", "Thomas Yann", "1983-09-02", "M"),
            Membre("PREVOST", "Claire", "1985-12-14", "F", "LE GOFF"),
        ),
        (
            Membre("LE GOFF", "Maël", "2014-03-30", "M"),
            Membre("LE GOFF", "Enora", "2016-08-11", "F"),
            Membre("LE GOFF", "Titouan", "2019-01-05", "M"),
        ),
        "3 ALLÉE DES TILLEULS",
    ),
    "diallo": Foyer(
        "CNAF",
        212,
        (Membre("DIALLO", "Aminata", "1990-12-05", "F"),),
        (Membre("BAH", "Ibrahima", "2018-07-19", "M"), Membre("BAH", "Mariam", "2021-02-27", "F")),
        "27 RUE DU PUITS",
    ),
    "ferreira": Foyer(
        "MSA",
        540,
        (
            Membre("FERREIRA", "João Miguel", "1988-06-30", "M"),
            Membre("COSTA", "Ana Rita", "1989-11-09", "F", "FERREIRA"),
        ),
        (Membre("FERREIRA", "Tiago", "2016-04-17", "M"),),
        "8 CHEMIN DES VERGERS",
    ),
    "nguyen": Foyer(
        "CNAF",
        655,
        (Membre("NGUYEN", "Minh Anh", "1995-03-19", "F"),),
        (Membre("NGUYEN", "Léo", "2022-09-08", "M"),),
        "5 RUE DE LA FONTAINE",
    ),
    "roussel_camille": Foyer(
        "CNAF",
        1024,
        (
            Membre("ROUSSEL", "Camille Jeanne", "1985-07-08", "F"),
            Membre("ROUSSEL", "Dominique", "1984-02-15", "M"),
        ),
        (Membre("ROUSSEL", "Agathe", "2015-12-01", "F"),),
        "19 RUE DE L’ÉGLISE",
    ),
    "roussel_dominique": Foyer(
        "CNAF",
        1024,
        (
            Membre("ROUSSEL", "Dominique", "1984-02-15", "M"),
            Membre("ROUSSEL", "Camille Jeanne", "1985-07-08", "F"),
        ),
        (Membre("ROUSSEL", "Agathe", "2015-12-01", "F"),),
        "19 RUE DE L’ÉGLISE",
    ),
    "test": Foyer(
        "CNAF",
        2550,
        (Membre("DUBOIS", "Angela Claire Louise", "1962-08-24", "F"),),
        (),
        "2 RUE DES ACACIAS",
    ),
    "avec_nom_dusage": Foyer(
        "CNAF",
        1310,
        (Membre("MERCIER", "Pierre", "1969-03-17", "M", "DUBOIS"),),
        (
            Membre("MERCIER", "Robert", "2016-01-10", "M"),
            Membre("MERCIER", "Henri", "2018-03-15", "M"),
        ),
        "6 RUE DES ACACIAS",
    ),
    "nom_composé": Foyer(
        "CNAF",
        745,
        (Membre("TROIS-DUPRE", "Melissandre Juliette", "1981-07-27", "F"),),
        (Membre("TROIS-DUPRE", "Lou", "2015-03-15", "F"),),
        "9 RUE DES ACACIAS",
    ),
}

ABSENCES = {"moreau": "23003", "prénom_composé": "10003"}
"""Codes d’erreur des personnes absentes d’une seule caisse ; les autres absentes : 35003."""
