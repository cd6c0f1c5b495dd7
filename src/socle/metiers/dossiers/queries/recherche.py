"""Ce qu’un agent tape dans la case de recherche : numéro, référence, téléphone ou mots.

Aucun opérateur : guillemets, « & », « ! » et parenthèses séparent les mots, comme une espace. Rien
de ce qui est tapé n’atteint donc la syntaxe de PostgreSQL.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from socle.fondations.comptes.permissions import Portee
from socle.metiers.dossiers.queries.mots import pick_proches, split_mots

MOTS_CHERCHES = 8  # au-delà, les mots de trop ne servent plus à distinguer
DEBUT_MIN = 3  # lettres à partir desquelles un début de mot suffit
NUMERO_MAX = 2_147_483_647
ARTICLES = frozenset(
    "a au aux d de des du en et l la le les ou pour sur un une".split()  # noqa: SIM905
)
_REFERENCE = re.compile(r"\s*(\d{9}-\d{4}-\d{1,10})\s*\Z")
_CHIFFRES = re.compile(
    r"\s*(?:dossier)?\s*(?:n[o°º]\s*|#\s*)?(\+?[\d\s.()-]*\d)\s*\Z", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Demande:
    """Ce que l’on cherche.

    Attributes:
        mots: mots à trouver tous, sans accent ; un nom composé en donne plusieurs.
        ecrits: chaque mot tel que la personne l’a écrit.
        numero: numéro de dossier possible, sinon None.
        reference: référence complète, ou vide.
        chiffres: chiffres écrits avec des espaces, recollés (« 0612345678 »), ou vide.
    """

    mots: tuple[str, ...] = ()
    ecrits: Mapping[str, str] = field(default_factory=dict)
    numero: int | None = None
    reference: str = ""
    chiffres: str = ""

    def __bool__(self) -> bool:
        return bool(self.mots or self.reference)


@dataclass(frozen=True, slots=True)
class Accord:
    """Ce que la base connaît de la demande.

    Attributes:
        numero: un dossier déposé porte ce numéro.
        proches: mot inconnu ici → mots ressemblants ; vide si rien ne ressemble.
    """

    numero: bool = False
    proches: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def corrections(self) -> dict[str, Sequence[str]]:
        """Mots inconnus qui ont un voisin."""
        return {mot: proches for mot, proches in self.proches.items() if proches}


def read_demande(texte: str) -> Demande:
    """Lit ce qui est tapé ; un texte sans lettre ni chiffre ne cherche rien."""
    if trouve := _REFERENCE.match(texte):
        return Demande(reference=trouve[1])
    ecrits: dict[str, str] = {}
    for morceau in re.findall(r"[^\W_]+", texte):
        for mot in split_mots(morceau):
            ecrits.setdefault(mot, morceau)
    utiles = [mot for mot in ecrits if mot not in ARTICLES] or list(ecrits)
    chiffres = _join_chiffres(texte)
    numero = int(chiffres) if chiffres and len(chiffres) <= 10 else 0
    return Demande(
        mots=tuple(utiles[:MOTS_CHERCHES]),
        ecrits=ecrits,
        numero=numero if 0 < numero <= NUMERO_MAX else None,
        chiffres=chiffres,
    )


def _join_chiffres(texte: str) -> str:
    """Recolle « 44 171 », « n° 44171 », « 06.12.34.56.78 » ou « +33 6 12… » ; vide sinon."""
    trouve = _CHIFFRES.match(texte)
    chiffres = re.sub(r"\D", "", trouve[1]) if trouve else ""
    if not chiffres.isascii():  # chiffres d’une autre écriture
        return ""
    international = re.fullmatch(r"(?:00)?33([1-9]\d{8})", chiffres)
    return f"0{international[1]}" if international else chiffres


SIENS = """AND {d}demarche_id IN (SELECT id FROM demarches_demarche
    WHERE collectivite_id = %(collectivite)s AND service_id = ANY(%(services)s))"""
PROCHES = """
SELECT jsonb_object_agg(cherche.mot, ARRAY(SELECT dossiers_mots_proches(cherche.mot)))
FROM unnest(%(mots)s::text[], %(bornes)s::text[]) AS cherche (mot, borne)
WHERE CASE
  WHEN EXISTS (SELECT 1 FROM dossiers_mot m WHERE m.collectivite_id = %(collectivite)s
    AND m.mot >= cherche.mot AND m.mot < cherche.borne) THEN false
  ELSE (SELECT count(*) FROM dossiers_dossier d WHERE d.collectivite_id = %(collectivite)s
    AND d.recherche @@ plainto_tsquery('fr', cherche.mot)) = 0
END
"""
"""Mots qu’aucun dossier ne porte, ni leur début ni leur racine, avec leurs voisins.

Le vocabulaire peut ignorer un mot : l’index a le dernier mot, et ne sert qu’alors (`CASE`).
"""

PROCHES_DES_SIENS = """
SELECT jsonb_object_agg(cherche.mot, ARRAY(
  SELECT voisin FROM dossiers_mots_proches(cherche.mot) AS voisin
  WHERE EXISTS (SELECT 1 FROM dossiers_dossier d WHERE d.collectivite_id = %(collectivite)s
    AND d.recherche @@ quote_literal(voisin)::tsquery {siens})))
FROM unnest(%(mots)s::text[], %(bornes)s::text[]) AS cherche (mot, borne)
WHERE NOT EXISTS (SELECT 1 FROM dossiers_dossier d WHERE d.collectivite_id = %(collectivite)s
  AND d.recherche @@ ((quote_literal(cherche.mot) || ':*')::tsquery
    || plainto_tsquery('fr', cherche.mot)) {siens})
"""
"""Les mêmes mots pour qui ne lit que certains services.

Le vocabulaire est celui de toute la collectivité : un nom qui n’est que dans les dossiers d’un
autre service ne doit ni passer pour connu, ni être proposé à la place d’un autre.
"""

EXISTE = """
SELECT 1 FROM dossiers_dossier d WHERE d.collectivite_id = %(collectivite)s
  AND d.numero = %(numero)s AND d.etat <> 'brouillon' {siens}
"""


def write_portee(portee: Portee, table: str = "") -> str:
    """Rend le critère SQL des services lus (« AND … », ou rien s’ils le sont tous).

    Args:
        table: nom court de la table des dossiers dans la requête, point compris.
    """
    return "" if portee.entiere else SIENS.format(d=table)


def write_accord(portee: Portee) -> dict[str, str]:
    """Rend `existe` et `proches`, les deux lectures que `build_accord` attend."""
    siens = write_portee(portee, "d.")
    proches = PROCHES if portee.entiere else PROCHES_DES_SIENS.format(siens=siens)
    return {"existe": EXISTE.format(siens=siens), "proches": proches}


def list_parametres(demande: Demande, *, exact: bool = False) -> dict[str, Any]:
    """Rend les paramètres des lectures de `write_accord`, sauf la collectivité et les services.

    Args:
        exact: chercher les mots tels quels, sans voisins.
    """
    mots = [] if exact else [m for m in demande.mots if len(m) >= DEBUT_MIN and not _has_chiffre(m)]
    bornes = [mot[:-1] + chr(ord(mot[-1]) + 1) for mot in mots]
    return {"mots": mots, "bornes": bornes, "numero": demande.numero}


def build_accord(existe: bool, voisins: Mapping[str, list[str]] | None) -> Accord:
    """Rend l’accord lu par `write_accord` ; les voisins trop éloignés sont écartés."""
    proches = {mot: pick_proches(mot, candidats) for mot, candidats in (voisins or {}).items()}
    return Accord(numero=existe, proches=proches)


def match_dossiers(demande: Demande, accord: Accord, *, exact: bool = False) -> Q | RawSQL:
    """Rend le critère : ce numéro, cette référence, ou tous ces mots.

    Args:
        exact: un numéro connu n’est pas préféré aux réponses qui contiennent ces chiffres.
    """
    if demande.reference:
        return Q(reference=demande.reference)
    if demande.numero is not None and accord.numero and not exact:
        return Q(numero=demande.numero)
    if demande.chiffres:
        termes = [(_write_chiffres(demande), "")]
    else:
        termes = [_write_terme(mot, accord.corrections.get(mot, ())) for mot in demande.mots]
    morceaux = " && ".join(["(%s::tsquery || plainto_tsquery('fr', %s))"] * len(termes))
    parametres = [valeur for terme in termes for valeur in terme]
    return RawSQL(  # noqa: S611  texte constant, valeurs en paramètres
        f'"dossiers_dossier"."recherche" @@ ({morceaux})',
        parametres,
        output_field=BooleanField(),
    )


def _write_chiffres(demande: Demande) -> str:
    """Rend un nombre recollé, tel qu’il est écrit, ou par paires comme un téléphone."""
    chiffres = demande.chiffres
    formes = [[chiffres], demande.mots]
    if len(chiffres) == 10:
        formes.append([chiffres[i : i + 2] for i in range(0, 10, 2)])
    return " | ".join("(" + " & ".join(f"'{mot}'" for mot in forme) + ")" for forme in formes)


def _write_terme(mot: str, corrections: Sequence[str]) -> tuple[str, str]:
    """Rend les mots entiers cherchés (syntaxe `tsquery`), et le mot dont on cherche la racine.

    Un nombre est cherché entier, un mot court aussi ; pour les autres, le début suffit.
    """
    if corrections:
        return " | ".join(f"'{proche}'" for proche in corrections), ""
    entier = mot.isdigit() or len(mot) < DEBUT_MIN
    return f"'{mot}'" if entier else f"'{mot}':*", "" if mot.isdigit() else mot


def _has_chiffre(mot: str) -> bool:
    return any(c.isdigit() for c in mot)
