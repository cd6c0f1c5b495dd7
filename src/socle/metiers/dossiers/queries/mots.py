"""Les mots d’un texte tels que la recherche les compare, et combien deux mots se ressemblent.

Une seule règle pour ce qui est rangé et pour ce qui est cherché : sans accent, en minuscules, coupé
à tout ce qui n’est ni lettre ni chiffre. « Jean-Jaurès » donne « jean » et « jaures » ; un nombre
écrit avec des espaces insécables est recollé.
"""

import re
import unicodedata

MOT_MAX = 40  # caractères ; au-delà, un mot est coupé
MOTS_MAX = 2_000  # par dossier ; la position d’un mot dans `tsvector` est bornée aussi
_MOT = re.compile(r"[^\W_]+")
_MILLIERS = re.compile(r"(?<=\d)[\u00a0\u202f](?=\d)")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})


def split_mots(texte: str) -> list[str]:
    """Rend les mots d’un texte, sans doublon, dans l’ordre où ils viennent."""
    recolle = _MILLIERS.sub("", texte.lower().translate(_LIGATURES))
    plat = unicodedata.normalize("NFKD", recolle)
    sans_accent = "".join(c for c in plat if not unicodedata.combining(c))
    mots = (mot[:MOT_MAX] for mot in _MOT.findall(sans_accent))
    return list(dict.fromkeys(mots))[:MOTS_MAX]


def write_vecteur(texte: str) -> str:
    """Rend les mots entiers en littéral `tsvector`, au poids A : le vocabulaire les lit là."""
    return " ".join(f"'{mot}':1A" for mot in split_mots(texte))


def allow_ecart(mot: str) -> int:
    """Rend le nombre de fautes tolérées : aucune dans un mot court, trois dans un long."""
    if any(c.isdigit() for c in mot) or len(mot) < 4:
        return 0
    return 1 if len(mot) < 6 else 2 if len(mot) < 10 else 3


def compute_ecart(a: str, b: str) -> int:
    """Rend le nombre de fautes entre deux mots : lettre ôtée, ajoutée, changée, ou deux inversées.

    Source: F. Damerau, 1964 ; variante « optimal string alignment », sans double déplacement.
    """
    avant: list[int] = []
    ligne = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        suite = [i]
        for j, y in enumerate(b, 1):
            cout = min(ligne[j] + 1, suite[j - 1] + 1, ligne[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and y == a[i - 2]:
                cout = min(cout, avant[j - 2] + 1)
            suite.append(cout)
        avant, ligne = ligne, suite
    return ligne[-1]


def pick_proches(mot: str, candidats: list[str], nombre: int = 3) -> list[str]:
    """Garde, parmi des mots voisins, ceux qui ont le moins de fautes.

    Un mot tapé à moitié compte : « belkas » est à une faute du début de « belkacem ». À égalité, le
    mot entier passe avant le début.

    Args:
        candidats: mots du vocabulaire, du plus au moins ressemblant.
    """
    permis = allow_ecart(mot)
    ecarts: dict[str, float] = {}
    for candidat in candidats:
        entier = float(compute_ecart(mot, candidat))
        debut = compute_ecart(mot, candidat[: len(mot)]) + 0.5
        ecart = min(entier, debut)
        if 0 < ecart <= permis + 0.5 * (debut < entier):
            ecarts[candidat] = ecart
    meilleur = min(ecarts.values(), default=0.0)
    return [candidat for candidat, ecart in ecarts.items() if ecart == meilleur][:nombre]
