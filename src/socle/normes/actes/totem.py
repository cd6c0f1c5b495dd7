"""Budget dématérialisé (TotEM) : lu, jamais écrit ; son scellement est recalculé.

Le scellement n’est pas une signature : c’est l’empreinte du fichier sans son élément Scellement,
canonisé (C14N inclusive, sans commentaires). Elle dit si le budget a changé depuis l’ordonnateur.

Le schéma « docbudgetaire » de la DGFiP ne se charge pas dans libxml2 (modèle de contenu non
déterministe) : nos contrôles en tiennent lieu.

Source: DGFiP, SchemaDocBudg 5.17 (Class_Scellement, Class_Budget, Class_LigneBudget).
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lxml import etree

from socle.normes.actes.errors import ActeIllisible
from socle.normes.actes.grammaire import parse_date
from socle.normes.actes.rapport import Anomalie, Niveau, cut
from socle.normes.actes.xml import get_nom, parse_xml

RACINE = "DocumentBudgetaire"
ESPACE = "http://www.minefi.gouv.fr/cp/demat/docbudgetaire"
OCTETS_MAX = 32 << 20
ELEMENTS_MAX = 500_000
LIGNES_MAX = 50_000
ANOMALIES_MAX = 1_000
DECISIONS = {
    "01": "Budget primitif",
    "02": "Décision modificative",
    "03": "Budget supplémentaire",
    "09": "Compte administratif",
    "10": "Compte financier unique",
}
MONTANTS = {
    "realise": "MtReal", "budget_precedent": "MtBudgPrec", "restes_precedents": "MtRARPrec",
    "propositions": "MtPropNouv", "vote": "MtPrev", "credits_ouverts": "CredOuv",
    "restes": "MtRAR3112",
}  # fmt: skip
_MONTANT = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,4})?")
_SECTIONS = {"F": "fonctionnement", "I": "investissement"}
_ANNEE = re.compile(r"[12][0-9]{3}")
# Chapitres d’investissement qui commencent par 0 ; les autres sont de fonctionnement.
_INVESTISSEMENT = frozenset({"001", "010", "018", "020", "021", "024", "040", "041"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneBudget:
    """Une ligne. Montants en euros, None s’ils manquent.

    Attributes:
        chapitre: niveau de vote (ContNat).
        section: « F », « I », ou vide si rien ne la dit.
        sens: « D » dépense, « R » recette.
        ordre: opération d’ordre ; None si le fichier ne le dit pas.
        specialise: article spécialisé ; None de même.
    """

    nature: str
    fonction: str
    chapitre: str
    operation: str
    libelle: str
    section: str
    sens: str
    ordre: bool | None
    specialise: bool | None
    realise: Decimal | None
    budget_precedent: Decimal | None
    restes_precedents: Decimal | None
    propositions: Decimal | None
    vote: Decimal | None
    credits_ouverts: Decimal | None
    restes: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scellement:
    """Empreintes posées par l’ordonnateur ; `intact` si elles tombent encore juste."""

    date: str
    md5: str
    sha1: str
    intact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Un document budgétaire.

    Attributes:
        decision: code de la nature de décision (`DECISIONS`).
        scellement: None si le fichier n’est pas scellé : l’État le refuse.
        annexes: noms des états annexés, dans l’ordre.
    """

    collectivite: str
    siret_collectivite: str
    etablissement: str
    siret: str
    poste: str
    nomenclature: str
    decision: str
    numero_decision: str
    exercice: int | None
    jour: date | None
    principal: bool | None
    scellement: Scellement | None
    lignes: tuple[LigneBudget, ...]
    annexes: tuple[str, ...]

    @property
    def titre(self) -> str:
        """« Budget primitif 2022 »."""
        return f"{DECISIONS.get(self.decision, 'Budget')} {self.exercice or ''}".strip()

    def sum_votes(self) -> dict[tuple[str, str], Decimal]:
        """Total voté par (section, sens)."""
        totaux: dict[tuple[str, str], Decimal] = {}
        for ligne in self.lignes:
            cle = (ligne.section, ligne.sens)
            totaux[cle] = totaux.get(cle, Decimal(0)) + (ligne.vote or Decimal(0))
        return totaux

    def iter_scdl(self) -> Iterator[dict[str, str]]:
        """Les lignes aux colonnes du schéma `scdl/budget`, sans les libellés du plan de comptes."""
        for ligne in self.lignes:
            yield {
                "BGT_NATDEC": DECISIONS.get(self.decision, ""),
                "BGT_ANNEE": str(self.exercice or ""),
                "BGT_SIRET": self.siret,
                "BGT_NOM": self.collectivite,
                "BGT_CONTNAT": ligne.chapitre,
                "BGT_NATURE": ligne.nature,
                "BGT_FONCTION": ligne.fonction,
                "BGT_OPERATION": ligne.operation,
                "BGT_SECTION": _SECTIONS.get(ligne.section, ""),
                "BGT_OPBUDG": _choose(ligne.ordre, "ordre", "réel"),
                "BGT_CODRD": {"D": "dépense", "R": "recette"}.get(ligne.sens, ""),
                "BGT_MTREAL": _format(ligne.realise),
                "BGT_MTBUDGPREC": _format(ligne.budget_precedent),
                "BGT_MTRARPREC": _format(ligne.restes_precedents),
                "BGT_MTPROPNOUV": _format(ligne.propositions),
                "BGT_MTPREV": _format(ligne.vote),
                "BGT_CREDOUV": _format(ligne.credits_ouverts),
                "BGT_MTRAR3112": _format(ligne.restes),
                "BGT_ARTSPE": _choose(ligne.specialise, "spécialisé", "non spécialisé"),
            }


def _choose(valeur: bool | None, vrai: str, faux: str) -> str:
    return "" if valeur is None else (vrai if valeur else faux)


def _format(montant: Decimal | None) -> str:
    return "" if montant is None else f"{montant:f}"


def is_totem(racine: etree._Element) -> bool:
    """La racine est celle d’un document budgétaire."""
    return get_nom(racine) == RACINE


def read_totem(octets: bytes) -> Budget:
    """Lit un document budgétaire ; ce qui n’est pas lisible est vide ou None.

    Raises:
        ActeIllisible: XML refusé, ou autre racine.
    """
    return check_totem(octets)[0]


def check_totem(octets: bytes) -> tuple[Budget, list[Anomalie]]:
    """Lit et contrôle un document budgétaire.

    Raises:
        ActeIllisible: XML refusé, ou autre racine.
    """
    racine, _ = parse_xml(octets, octets_max=OCTETS_MAX, elements_max=ELEMENTS_MAX)
    if not is_totem(racine):
        raise ActeIllisible(
            f"« {get_nom(racine)[:60]} » n’est pas un document budgétaire TotEM.",
            code="totem.autre",
        )
    return build_budget(racine)


def build_budget(racine: etree._Element) -> tuple[Budget, list[Anomalie]]:
    """Rend le budget d’un arbre déjà lu, et ce qui ne va pas. L’arbre perd son scellement.

    Raises:
        ActeIllisible: plus de 50 000 lignes.
    """
    anomalies = list(_check_entete(racine))
    elements, lignes = _all(racine, "Budget", "LigneBudget"), []
    if len(elements) > LIGNES_MAX:
        raise ActeIllisible(
            f"Ce budget a plus de {LIGNES_MAX} lignes. Vérifiez que c’est le bon fichier.",
            code="totem.nombre",
        )
    for rang, element in enumerate(elements, 1):
        ligne, fautes = _read_ligne(element, rang)
        lignes.append(ligne)
        if len(anomalies) < ANOMALIES_MAX:
            anomalies += fautes
    if not lignes:
        anomalies.append(_faute("lignes", "Le budget n’a aucune ligne.", None, "LigneBudget"))
    annexes = tuple(get_nom(element) for element in _all(racine, "Budget", "Annexes", "*"))
    bloc, entete = ("Budget", "BlocBudget"), ("Budget", "EnTeteBudget")
    exercice = _v(racine, *bloc, "Exer")
    genre = _v(racine, *bloc, "CodTypBud")
    scellement = _read_scellement(racine)
    if scellement and not scellement.intact:
        anomalies.append(_faute(
            "scellement",
            "Le budget a changé depuis qu’il a été scellé. Scellez-le de nouveau dans TotEM.",
            None, "Scellement", scellement.sha1,
        ))  # fmt: skip
    budget = Budget(
        collectivite=_v(racine, "EnTeteDocBudgetaire", "LibelleColl"),
        siret_collectivite=_v(racine, "EnTeteDocBudgetaire", "IdColl"),
        etablissement=_v(racine, *entete, "LibelleEtab"),
        siret=_v(racine, *entete, "IdEtab"),
        poste=_v(racine, "EnTeteDocBudgetaire", "IdPost"),
        nomenclature=_v(racine, *entete, "Nomenclature"),
        decision=_v(racine, *bloc, "NatDec"),
        numero_decision=_v(racine, *bloc, "NumDec"),
        exercice=int(exercice) if _ANNEE.fullmatch(exercice) else None,
        jour=parse_date(_v(racine, *bloc, "DteDec")),
        principal={"P": True, "A": False}.get(genre),
        scellement=scellement,
        lignes=tuple(lignes),
        annexes=annexes,
    )
    return budget, anomalies


def _chemin(noms: tuple[str, ...]) -> str:
    return "/".join("*" if nom == "*" else f"{{*}}{nom}" for nom in noms)


def _all(element: etree._Element, *noms: str) -> list[etree._Element]:
    return element.findall(_chemin(noms))


def _un(element: etree._Element, *noms: str) -> etree._Element | None:
    return element.find(_chemin(noms))


def _v(element: etree._Element, *noms: str) -> str:
    trouve = _un(element, *noms)
    return str(trouve.get("V", "")).strip() if trouve is not None else ""


def _check_entete(racine: etree._Element) -> Iterator[Anomalie]:
    if racine.tag != f"{{{ESPACE}}}{RACINE}":
        yield _faute("espace", f"Déclarez l’espace de noms « {ESPACE} ».", racine, RACINE)
    if _un(racine, "Scellement") is None:
        yield _faute("scellement", "Le budget n’est pas scellé : scellez-le dans TotEM.", racine,
                     "Scellement")  # fmt: skip
    for chemin, attendu, motif in (
        (("EnTeteDocBudgetaire", "LibelleColl"), "le nom de la collectivité", r".+"),
        (("Budget", "EnTeteBudget", "LibelleEtab"), "le nom du budget", r".+"),
        (("Budget", "EnTeteBudget", "Nomenclature"), "la nomenclature comptable", r".+"),
        (("Budget", "BlocBudget", "NatDec"), "01, 02, 03, 09 ou 10", "|".join(DECISIONS)),
        (("Budget", "BlocBudget", "Exer"), "l’année, quatre chiffres", _ANNEE.pattern),
    ):
        valeur = _v(racine, *chemin)
        if not re.fullmatch(motif, valeur):
            place = _un(racine, *chemin)
            yield _faute("entete", f"Renseignez « {chemin[-1]} » : {attendu}.", place, chemin[-1],
                         valeur)  # fmt: skip


def _read_scellement(racine: etree._Element) -> Scellement | None:
    element = _un(racine, "Scellement")
    if element is None:
        return None
    propre = not (element.tail or "").strip()
    racine.remove(element)  # avec le blanc qui le suit, comme l’outil de l’État
    canonique = _canonize(racine)
    md5 = hashlib.md5(canonique, usedforsecurity=False).hexdigest()
    sha1 = hashlib.sha1(canonique, usedforsecurity=False).hexdigest()
    dits = [str(element.get(nom, "")) for nom in ("md5", "sha1")]
    return Scellement(
        date=str(element.get("date", "")), md5=dits[0], sha1=dits[1],
        intact=propre and [dit.lower() for dit in dits] == [md5, sha1],
    )  # fmt: skip


def _canonize(racine: etree._Element) -> bytes:
    arbre = racine.getroottree()
    try:
        return etree.tostring(arbre, method="c14n", exclusive=False, with_comments=False)
    except etree.C14NError:  # un espace de noms relatif ne se canonise pas
        return b""


def _read_ligne(element: etree._Element, rang: int) -> tuple[LigneBudget, list[Anomalie]]:
    champs = {
        get_nom(e): e
        for e in reversed(element.findall("*"))
        if get_nom(e) not in {"MtSup", "CaracSup"}
    }
    valeurs = {nom: str(e.get("V", "")).strip() for nom, e in champs.items()}
    fautes: list[Anomalie] = []
    montants: dict[str, Decimal | None] = {}
    for nom, balise in MONTANTS.items():
        texte = valeurs.get(balise, "")
        montants[nom] = Decimal(texte) if _MONTANT.fullmatch(texte) else None
        if texte and montants[nom] is None:
            message = f"Ligne de budget {rang} : écrivez le montant avec un point, « 1234.50 »."
            fautes.append(_faute("montant", message, champs[balise], balise, texte))
    sens = valeurs.get("CodRD", "")
    if sens not in {"D", "R"}:
        message = f"Ligne de budget {rang} : dites D (dépense) ou R (recette)."
        fautes.append(_faute("sens", message, champs.get("CodRD", element), "CodRD", sens))
    for nom in ("Nature", "Fonction", "ContNat"):
        if valeurs.get(nom, "0").strip("0123456789"):
            message = f"Ligne de budget {rang} : « {nom} » n’a que des chiffres."
            fautes.append(_faute("compte", message, champs[nom], nom, valeurs[nom]))
    return LigneBudget(
        nature=valeurs.get("Nature", ""), fonction=valeurs.get("Fonction", ""),
        chapitre=valeurs.get("ContNat", ""), operation=valeurs.get("Operation", ""),
        libelle=valeurs.get("LibCpte", ""), section=_find_section(element, valeurs), sens=sens,
        ordre={"0": False, "1": True}.get(valeurs.get("OpBudg", "")),
        specialise=_BOOLEENS.get(valeurs.get("ArtSpe", "")), **montants,
    ), fautes  # fmt: skip


_BOOLEENS = {"true": True, "1": True, "false": False, "0": False}


def _find_section(element: etree._Element, valeurs: dict[str, str]) -> str:
    """Section dite par le fichier, sinon par le chapitre, sinon par la classe du compte."""
    for carac in _all(element, "CaracSup"):
        if carac.get("Code") == "Section" and carac.get("V") in _SECTIONS:
            return str(carac.get("V"))
    chapitre, nature = valeurs.get("ContNat", ""), valeurs.get("Nature", "")
    if chapitre.startswith("0"):
        return "I" if chapitre in _INVESTISSEMENT else "F"
    classe = (chapitre or nature)[:1]
    return {"6": "F", "7": "F"}.get(classe, "I" if classe in set("12345") else "")


def _faute(
    code: str, message: str, element: etree._Element | None, champ: str, cellule: str = ""
) -> Anomalie:
    return Anomalie(
        code=f"totem.{code}", message=message, niveau=Niveau.ERREUR, champ=champ,
        ligne=element.sourceline if element is not None else None, cellule=cut(cellule),
    )  # fmt: skip
