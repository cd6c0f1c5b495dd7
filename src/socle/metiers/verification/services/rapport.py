"""Le rapport tel que la page le montre : l’objet de `--json`, ses phrases, ses fautes en lignes."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

TEXTE_MAX = 500  # signes montrés d’une cellule ou d’un message


@dataclass(frozen=True, slots=True)
class Faute:
    """Une ligne du rapport ; `lieu` sert quand il n’y a ni ligne, ni colonne."""

    lieu: str
    ligne: int | None
    champ: str
    code: str
    nom: str
    message: str
    cellule: str

    @property
    def ou(self) -> str:
        """« Ligne 12 », ou le lieu entier s’il dit plus que la ligne et la colonne."""
        ligne = f"Ligne {self.ligne}" if self.ligne else "Fichier"
        simple = self.lieu.lower() in {"", ligne.lower(), f"{ligne}, {self.champ}".lower()}
        return ligne if simple else self.lieu

    @property
    def colonne(self) -> str:
        """La colonne, si le lieu ne la dit pas déjà."""
        return "" if self.champ in self.ou else self.champ


@dataclass(frozen=True, slots=True)
class Changement:
    """Une valeur corrigée, ou une ligne entière si `champ` est vide ; `pourquoi` peut manquer."""

    ligne: int | None
    champ: str
    avant: str
    apres: str
    message: str
    pourquoi: str = ""


@dataclass(slots=True)
class Rapport:
    """Ce qu’un contrôle a trouvé.

    Attributes:
        objet: celui de `./socle normes … --json`, listes bornées.
        nombre: fautes comptées, gardées ou non.
        valide: None si le fichier ne se lit pas.
    """

    titre: str
    fichier: str
    valide: bool | None
    objet: dict[str, Any]
    phrases: list[str] = field(default_factory=list)
    fautes: list[Faute] = field(default_factory=list)
    notes: list[Faute] = field(default_factory=list)
    changements: list[Changement] = field(default_factory=list)
    nombre: int = 0

    @property
    def tronque(self) -> bool:
        """Vrai si des fautes n’ont pas été gardées."""
        return self.nombre > len(self.fautes)

    @property
    def colonnes(self) -> list[tuple[str, int, str]]:
        """(colonne, nombre de fautes gardées, ce qu’elles sont), la plus fautive d’abord."""
        noms: dict[str, Counter[str]] = {}
        for faute in self.fautes:
            if faute.champ:
                noms.setdefault(faute.champ, Counter())[faute.nom] += 1
        rangees = sorted(noms.items(), key=lambda rang: -rang[1].total())
        return [(nom, c.total(), ", ".join(n for n, _ in c.most_common(3))) for nom, c in rangees]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, donnees: dict[str, Any]) -> "Rapport":
        lues = {nom: [Faute(**faute) for faute in donnees[nom]] for nom in ("fautes", "notes")}
        changements = [Changement(**change) for change in donnees["changements"]]
        return cls(**{**donnees, **lues, "changements": changements})


def build_rapport(lu: dict[str, Any], *, titre: str, norme: str, fichier: str) -> Rapport:
    """Met en forme ce que l’ouvrier a rendu."""
    if "refus" in lu:
        return _build_refus(lu["refus"], titre=titre, norme=norme, fichier=fichier)
    objet = {**lu["objet"], "fichier": fichier}
    sortie = str(objet.pop("sortie", ""))  # le chemin d’un fichier de passage
    fautes = list(_iter_fautes(objet, lu["fautes"]))
    nombre = max(lu["nombre"], _count(objet), len(fautes))
    return Rapport(
        titre=titre,
        fichier=fichier,
        valide=lu["valide"],
        objet=objet,
        phrases=[_hide(phrase, sortie) for phrase in lu["phrases"]],
        fautes=fautes,
        notes=[] if objet.get("changements") else [_read_lieu(*note) for note in lu["notes"]],
        changements=[_read_changement(change) for change in objet.get("changements", [])],
        nombre=nombre,
    )


def _build_refus(refus: dict[str, str], *, titre: str, norme: str, fichier: str) -> Rapport:
    """Même forme que `./socle normes` pour un fichier inutilisable."""
    erreur = {
        "ligne": None, "champ": None, "code": refus["code"], "nom": "Fichier inutilisable",
        "message": refus["message"], "cellule": None,
    }  # fmt: skip
    objet = {
        "norme": norme, "fichier": fichier, "valide": None, "erreurs": [erreur],
        "avertissements": [],
    }  # fmt: skip
    faute = _read_faute(erreur | {"lieu": "Fichier"})
    return Rapport(titre, fichier, None, objet, fautes=[faute], nombre=1)


def _iter_fautes(objet: dict[str, Any], fautes: list[list[str]]) -> Iterator[Faute]:
    """Les erreurs détaillées si la norme en donne, sinon les fautes de son résumé."""
    erreurs = objet.get("erreurs") or []
    if len(erreurs) >= len(fautes):
        for rang, erreur in enumerate(erreurs):
            lieu = fautes[rang][0] if rang < len(fautes) else ""
            yield _read_faute({"lieu": lieu} | erreur)
        return
    for faute in fautes:
        yield _read_lieu(*faute)


def _count(objet: dict[str, Any]) -> int:
    statistiques = objet.get("statistiques")
    nombre = statistiques.get("erreurs") if isinstance(statistiques, dict) else 0
    return nombre if isinstance(nombre, int) else 0


def _read_faute(erreur: dict[str, Any]) -> Faute:
    ligne = erreur.get("ligne")
    return Faute(
        lieu=_cut(erreur.get("lieu")),
        ligne=ligne if isinstance(ligne, int) else None,
        champ=_cut(erreur.get("champ")),
        code=_cut(erreur.get("code")),
        nom=_cut(erreur.get("nom") or erreur.get("code")),
        message=_cut(erreur.get("message")),
        cellule=_mark(_cut(erreur.get("cellule"))),
    )


def _read_changement(change: dict[str, Any]) -> Changement:
    ligne = change.get("ligne")
    return Changement(
        ligne=ligne if isinstance(ligne, int) else None,
        champ=_cut(change.get("champ")),
        avant=_mark(_cut(change.get("avant"))),
        apres=_mark(_cut(change.get("apres"))),
        message=_cut(change.get("message")),
        pourquoi=_cut(change.get("pourquoi")),
    )


def _read_lieu(lieu: str, code: str, message: str) -> Faute:
    return Faute(_cut(lieu), None, "", _cut(code), "", _cut(message), "")


def _hide(phrase: str, sortie: str) -> str:
    """Ôte d’une phrase ce qui ne vaut qu’en ligne de commande : chemin écrit, option."""
    if sortie:
        phrase = re.sub(rf",? écrite?s? dans {re.escape(sortie)}", "", phrase)
    return phrase.replace("dans --json", "dans le rapport en JSON")


def _mark(texte: str) -> str:
    """Montre les espaces du début et de la fin, que l’œil ne voit pas : « 2026-11-24␣ »."""
    milieu = texte.strip(" ")
    debut = len(texte) - len(texte.lstrip(" "))
    return "␣" * debut + milieu + "␣" * (len(texte) - debut - len(milieu))


def _cut(valeur: object) -> str:
    """Un texte montrable : borné, sans caractère seul que l’UTF-8 refuse."""
    texte = "" if valeur is None else str(valeur)
    texte = texte[:TEXTE_MAX] + "…" if len(texte) > TEXTE_MAX else texte
    return texte.encode("utf-8", "replace").decode()
