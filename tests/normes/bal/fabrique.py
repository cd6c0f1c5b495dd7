"""Communes, fichiers d’essai et mutations tirées au sort, toujours les mêmes."""

import gzip
import json
import random
from datetime import date
from functools import cache
from pathlib import Path

from socle.normes.bal.communes import Communes, build_communes
from socle.normes.bal.validation import Rapport, validate_bal

RACINE = Path(__file__).parents[3]
COG = RACINE / "src/socle/fondations/referentiels/donnees/cog-2026.json.gz"
JOUR = date(2026, 11, 21)
ENTETE = (
    "id_ban_commune;id_ban_toponyme;id_ban_adresse;commune_insee;commune_nom;"
    "commune_deleguee_insee;commune_deleguee_nom;toponyme;lieudit_complement_nom;numero;suffixe;"
    "position;x;y;long;lat;cad_parcelles;source;date_der_maj;certification_commune"
)
COMMUNE = "0246e48c-f33d-433a-8984-034219be842e"
LIGNE = (
    f"{COMMUNE};8a3bab10-f329-4ce3-9c7d-280d91a8053a;3c87abe4-887b-46ee-9192-5c1b35a06625;31591;"
    "Escoulis;;;Rue des 3 Places;;9;;entrée;539416.13;6225601.11;1.028392;43.111637;"
    "315910000A0001;Commune d’Escoulis;2024-05-01;1"
)


@cache
def load_communes() -> Communes:
    """Communes du COG embarqué."""
    donnees = json.loads(gzip.decompress(COG.read_bytes()))
    return build_communes((c[0], c[1], c[7].split()) for c in donnees["communes"])


def validate(octets: bytes, *, jour: date = JOUR, **options: object) -> Rapport:
    """Vérifie avec le COG embarqué."""
    return validate_bal(octets, communes=load_communes(), aujourd_hui=jour, **options)  # type: ignore[arg-type]


def build_fichier(*lignes: dict[str, str], entete: str = ENTETE) -> bytes:
    """Rend un fichier 1.5 : chaque ligne est l’exemple conforme, changé où c’est dit."""
    noms = entete.split(";")
    modele = dict(zip(ENTETE.split(";"), LIGNE.split(";"), strict=True))
    textes = [
        ";".join({**modele, **changements}.get(nom, "") for nom in noms)
        for changements in lignes or ({},)
    ]
    return ("\n".join([entete, *textes]) + "\n").encode()


VALEURS = {
    "cle_interop": ["31591_xxxx_00009",
                    "31591_0010_9", "31591_0010_00009_bis", "A1_2", "1_2_x",
                    "31591_001_00009", "2A004_0010_00009", "2a004_0010_00009", "31591__00009", "",
                    "01340_0010_00009", "31591_0000_00000", "99999_0001_00001"],
    "uid_adresse": ["@c:0246e48c-f33d-433a-8984-034219be842e", "@c:x @v:y", "", "rien",
                    "@a:3c87abe4-887b-46ee-9192-5c1b35a06625 @c:" + COMMUNE],
    "id_ban": [COMMUNE, COMMUNE.upper(), "", "abc", "0246e48c-f33d-133a-8984-034219be842e", " "],
    "nom": ["RUE DE LA GARE", "Rue_de_la_Gare", "R", "", " Rue du Bac ", "Rue \ufffd", "a" * 201,
            "rue de la gare", "Le Bourg", "12", "1er R. St-Jean", "-", "Œuvre", "é", "Rue d'Ô"],
    "numero": ["0", "00", "007", "99999", "100000", "12bis", "-3", "", " 5 ", "1.5", "٣", "9" * 30],
    "suffixe": ["bis", " bis ", "é", "-a", "abcdefghij", "a-b", "A B", "1", "", "bisé"],
    "commune_insee": ["31591", "01340", "99999", "2a004", "75056", "75101", "", " 31591", "1004"],
    "commune_nom": ["ESCOULIS", "escoulis", "", "Toulouse", " Escoulis", "31591", "Ajaccio"],
    "commune_deleguee_insee": ["01340", "31591", "x", "", "01144", "75101"],
    "position": ["Entrée", "entree", "cage d'escalier", "cage d’escalier", "porte", "", " parcelle",
                 "délivrance postale", "Service  technique", "bâtiment"],
    "nombre": ["", "0", "1,5", "abc", "1.028392", "43.111637", "-0.5", ".5", "5.", "05", "1e3",
               "200", "539416.13", "6225601,11", " 1.0", "-61.5", "16.2", "--1", "1.2.3"],
    "cad_parcelles": ["315910000A0001", "|315910000A0001", "315910000A0001|", "|", "1|2", "",
                      "31591000AB0001X", "315910000A0001|315910000A0002"],
    "source": ["", "Mairie", " Mairie"],
    "date_der_maj": ["2024-02-30", "2009-12-31", "2010-01-01", "2999-01-01", "01/05/2024", "",
                     "6 mai 2024", "2024-05-01 10:00", "20240501", "2024-5-1", " 2024-05-01"],
    "certification_commune": ["0", "1", "oui", "", "2", " 1"],
}  # fmt: skip
_SORTES = {
    "id_ban_commune": "id_ban", "id_ban_toponyme": "id_ban", "id_ban_adresse": "id_ban",
    "voie_nom": "nom", "toponyme": "nom", "lieudit_complement_nom": "nom", "toponyme_bre": "nom",
    "voie_nom_bre": "nom", "commune_deleguee_nom": "nom", "x": "nombre", "y": "nombre",
    "long": "nombre", "lat": "nombre",
}  # fmt: skip


def build_mutant(graine: int, exemples: list[bytes]) -> bytes:
    """Rend un exemple changé au hasard : cellules, colonnes, lignes, séparateur, fins, encodage."""
    tirage = random.Random(graine)
    texte = tirage.choice(exemples).decode("utf-8-sig").rstrip("\n")
    entete, *lignes = (ligne.split(";") for ligne in texte.split("\n"))
    lignes = [list(tirage.choice(lignes)) for _ in range(tirage.randint(1, 30))]
    _mutate_colonnes(tirage, entete, lignes)
    for ligne in lignes:
        for _ in range(tirage.choice((0, 0, 1, 2, 3))):
            _mutate_cellule(tirage, entete, ligne)
    return _write(tirage, [entete, *lignes])


def _mutate_cellule(tirage: random.Random, entete: list[str], ligne: list[str]) -> None:
    rang = tirage.randrange(len(entete))
    valeurs = VALEURS.get(_SORTES.get(entete[rang], entete[rang]))
    ligne[rang] = tirage.choice(valeurs) if valeurs else "x"


def _mutate_colonnes(tirage: random.Random, entete: list[str], lignes: list[list[str]]) -> None:
    sort = tirage.random()
    rang = tirage.randrange(len(entete))
    if sort < 0.2 and len(entete) > 3:
        for ligne in (entete, *lignes):
            del ligne[rang]
    elif sort < 0.3:
        entete[rang] = entete[rang].upper()
    elif sort < 0.6:
        nouveau = tirage.choice(
            [
                "toponyme",
                "voie_nom",
                "toponyme_bre",
                "voie_nom_bre",
                "autre",
                "lieudit_complement_nom",
                "commune_deleguee_insee",
                "uid_adresse",
                "id_ban_adresse",
                "certification_commune",
                entete[rang],
            ]
        )
        entete.insert(rang, nouveau)
        for ligne in lignes:
            ligne.insert(rang, "")
            if tirage.random() < 0.7:
                ligne[rang] = tirage.choice(VALEURS.get(_SORTES.get(nouveau, nouveau), ["x"]))
    elif sort < 0.65:
        lignes[tirage.randrange(len(lignes))].append("de trop")


def _write(tirage: random.Random, tableau: list[list[str]]) -> bytes:
    separateur = tirage.choice(";;;;;,\t")
    fin = tirage.choice(["\n", "\n", "\n", "\r\n", "\r\n", "\r"])
    guillemets = tirage.random()
    lignes = []
    for ligne in tableau:
        cellules = [
            f'"{cellule}"' if separateur in cellule or guillemets < 0.15 else cellule
            for cellule in ligne
        ]
        lignes.append(separateur.join(cellules))
    texte = fin.join(lignes) + tirage.choice(["", fin, fin + fin])
    encodage = tirage.choice(["utf-8"] * 6 + ["utf-8-sig", "cp1252"])
    return texte.encode(encodage, errors="replace")


def load_exemples(dossier: Path) -> list[bytes]:
    """Exemples officiels assez riches pour être mutés, et un extrait du fichier engendré."""
    noms = ("1.3-valid-uid_adresse", "1.4-valid", "1.5-valid", "auto-detect-1.5", "sample")
    exemples = [(dossier / "exemples" / f"{nom}.csv").read_bytes() for nom in noms]
    engendre = (dossier / "exemple_genere_5000.csv").read_bytes().split(b"\n")[:40]
    return [*exemples, b"\n".join(engendre), build_fichier({}, {"numero": "10"})]
