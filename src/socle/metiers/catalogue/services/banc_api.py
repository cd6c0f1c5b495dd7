"""Le banc des API de l’État : un échange enregistré (HAR), comparé à ce que la notice demande.

Rien n’est appelé. L’enregistrement vient de l’éditeur : il prouve ces échanges-là, pas les autres.
Aucun constat ne recopie un jeton ni une valeur : seulement le numéro d’un échange, un nom.

Source: description OpenAPI d’API Particulier, version 3, lue en novembre 2026.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from socle.metiers.catalogue.ports import Banc, Constat, Piece, Rapport
from socle.normes.scdl.numeros import is_siret

TAILLE_MAX = 2_000_000
ECHANGES_MAX = 1_000
ADRESSE_MAX = 4_000
CITES_MAX = 5
DEBIT_MAX = 20  # appels par seconde et par jeton
TROP = 429
SANS_APPEL = {401, 403, 404, 422}  # redemander à l’identique n’y change rien
FRANCE = "99100"
JETONS = {"token", "access_token", "api_key", "apikey", "jeton", "authorization"}
VOISINES = {"127.0.0.1", "localhost"}  # un simulateur, sur le poste


@dataclass(frozen=True, slots=True)
class Api:
    """Ce qu’une notice demande d’un appel.

    Attributes:
        reperes: bouts d’adresse qui disent qu’un échange la vise, à une version ou à une autre.
        modes: chemin → paramètres demandés, puis permis, dans ce mode.
    """

    titre: str
    reperes: tuple[str, ...]
    modes: dict[str, tuple[frozenset[str], frozenset[str]]]


QUOTIENT = "/v3/dss/quotient_familial"
NAISSANCE = frozenset({"nomNaissance", "prenoms[]", "sexeEtatCivil", "codeCogInseePaysNaissance"})
PRECISIONS = frozenset({
    "nomUsage", "anneeDateNaissance", "moisDateNaissance", "jourDateNaissance",
    "codeCogInseeCommuneNaissance", "nomCommuneNaissance", "codeCogInseeDepartementNaissance",
})  # fmt: skip
DESTINATAIRE, MOIS = frozenset({"recipient"}), frozenset({"annee", "mois"})
APIS = {
    "quotient-familial": Api(
        titre="API Particulier, quotient familial",
        reperes=("quotient_familial", "quotient-familial", "composition-familiale"),
        modes={
            f"{QUOTIENT}/france_connect": (DESTINATAIRE, DESTINATAIRE | MOIS),
            f"{QUOTIENT}/identite": (
                DESTINATAIRE | NAISSANCE,
                DESTINATAIRE | MOIS | NAISSANCE | PRECISIONS,
            ),
        },
    )
}


class EchangeIllisible(Exception):
    """Ce n’est pas un enregistrement que l’on sait lire ; la phrase dit pourquoi."""


@dataclass(frozen=True, slots=True)
class Echange:
    """Un appel enregistré, et sa réponse."""

    rang: int
    methode: str
    adresse: SplitResult
    parametres: tuple[tuple[str, str], ...]
    entetes: dict[str, str]  # noms en minuscules
    statut: int
    patience: int  # secondes du « Retry-After », 0 s’il n’y en a pas
    debut: datetime

    @property
    def jeton(self) -> str:
        return self.entetes.get("authorization", "")

    @property
    def noms(self) -> frozenset[str]:
        return frozenset(nom for nom, _ in self.parametres)

    def list_valeurs(self, nom: str) -> list[str]:
        return [valeur for connu, valeur in self.parametres if connu == nom]

    def find_mode(self, api: Api) -> str:
        """Le chemin de la notice que cet appel emprunte, ou vide."""
        return next((mode for mode in api.modes if self.adresse.path.endswith(mode)), "")


def run_api(piece: Piece) -> Rapport:
    """Contrôle un enregistrement HAR des appels d’un produit à l’API choisie."""
    api = APIS[piece.choix]
    try:
        echanges = [e for e in read_har(piece.octets) if _is_vise(e, api)]
    except EchangeIllisible as cause:
        return Rapport((Constat("Le fichier se lit.", False, str(cause)),))
    if not echanges:
        manque = "Enregistrez des appels du produit, au simulateur ou au bac à sable de l’API."
        return Rapport((Constat("L’enregistrement porte des appels à cette API.", False, manque),))
    lus = Constat(f"Le fichier se lit : appels à cette API, {len(echanges)}.", True)
    formes = [_judge(regle, echanges, faute) for regle, faute in list_regles(api)]
    return Rapport((lus, *formes, *_judge_tenue(sorted(echanges, key=lambda e: e.debut))))


# Lire ---------------------------------------------------------------------------------------------
def read_har(octets: bytes) -> list[Echange]:
    """Lit un enregistrement HAR 1.2.

    Raises:
        EchangeIllisible: pas du JSON, pas un HAR, démesuré, ou un échange mal formé.
    """
    try:
        lu = json.loads(octets.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as cause:
        raise EchangeIllisible("Ce n’est pas du JSON en UTF-8.") from cause
    journal = lu.get("log") if isinstance(lu, dict) else None
    entrees = journal.get("entries") if isinstance(journal, dict) else None
    if not isinstance(entrees, list):
        raise EchangeIllisible("Ce n’est pas un HAR : la liste log.entries manque.")
    if len(entrees) > ECHANGES_MAX:
        raise EchangeIllisible(f"Plus de {ECHANGES_MAX} échanges : gardez ceux de cette API.")
    return [_read_echange(rang, entree) for rang, entree in enumerate(entrees, start=1)]


def _read_echange(rang: int, entree: Any) -> Echange:
    try:
        demande, reponse = entree["request"], entree["response"]
        if len(demande["url"]) > ADRESSE_MAX:
            raise ValueError
        adresse = urlsplit(demande["url"])
        debut = datetime.fromisoformat(entree["startedDateTime"])
        if debut.tzinfo is None:
            raise ValueError
        patience = _read_entetes(reponse.get("headers", [])).get("retry-after", "")
        return Echange(
            rang=rang,
            methode=str(demande["method"]).upper(),
            adresse=adresse,
            parametres=tuple(parse_qsl(adresse.query, keep_blank_values=True, max_num_fields=50)),
            entetes=_read_entetes(demande["headers"]),
            statut=int(reponse["status"]),
            patience=int(patience) if patience.isdecimal() and len(patience) < 6 else 0,
            debut=debut,
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as cause:
        raise EchangeIllisible(f"L’échange {rang} ne se lit pas : est-ce un HAR 1.2 ?") from cause


def _read_entetes(entetes: Iterable[Any]) -> dict[str, str]:
    return {str(e["name"]).lower(): str(e["value"]).strip() for e in entetes}


def _is_vise(echange: Echange, api: Api) -> bool:
    return any(repere in echange.adresse.path.lower() for repere in api.reperes)


# La forme de chaque appel -------------------------------------------------------------------------
Faute = Callable[[Echange], str | None]


def list_regles(api: Api) -> list[tuple[str, Faute]]:
    """Règle → ce qu’un appel a de faux : des noms, un texte vide s’il suffit, None si rien."""
    return [
        ("La méthode est GET.", lambda e: None if e.methode == "GET" else ""),
        (
            "Le chemin est celui de la version 3, dans un de ses deux modes.",
            lambda e: None if e.find_mode(api) else "",
        ),
        (
            "L’adresse est en https (ou celle d’un simulateur, sur le poste).",
            lambda e: None if e.adresse.scheme == "https" or _is_voisine(e) else "",
        ),
        (
            "Le jeton est dans l’en-tête Authorization, précédé de « Bearer ».",
            lambda e: None if e.jeton.startswith("Bearer ") and len(e.jeton) > 7 else "",
        ),
        (
            "Le jeton n’est ni dans l’adresse, ni dans l’en-tête X-Api-Key de la version 2.",
            _find_jeton,
        ),
        ("Le destinataire (recipient) est donné une fois : un SIRET juste.", _find_destinataire),
        ("Tous les paramètres demandés par le mode sont là.", partial(_find_manques, api)),
        ("Aucun paramètre hors de la notice.", partial(_find_surplus, api)),
        ("L’état civil, s’il est envoyé, est bien formé.", _find_etat_civil),
    ]


def _is_voisine(echange: Echange) -> bool:
    return echange.adresse.scheme == "http" and echange.adresse.hostname in VOISINES


def _find_jeton(echange: Echange) -> str | None:
    noms = sorted(nom for nom in echange.noms if nom.lower() in JETONS)
    if "x-api-key" in echange.entetes:
        noms.append("X-Api-Key")
    return ", ".join(noms) or None


def _find_destinataire(echange: Echange) -> str | None:
    valeurs = echange.list_valeurs("recipient")
    return None if len(valeurs) == 1 and is_siret(valeurs[0]) else ""


def _find_manques(api: Api, echange: Echange) -> str | None:
    mode = echange.find_mode(api)
    manques = api.modes[mode][0] - echange.noms if mode else frozenset()
    return ", ".join(sorted(manques)) or None


def _find_surplus(api: Api, echange: Echange) -> str | None:
    mode = echange.find_mode(api)
    surplus = echange.noms - api.modes[mode][1] if mode else frozenset()
    return ", ".join(sorted(nom[:40] for nom in surplus)[:CITES_MAX]) or None


def _find_etat_civil(echange: Echange) -> str | None:
    if not echange.noms & NAISSANCE:
        return None
    fautes = []
    if echange.list_valeurs("sexeEtatCivil") not in (["M"], ["F"]):
        fautes.append("sexeEtatCivil")
    if not 1 <= len(list(filter(str.strip, echange.list_valeurs("prenoms[]")))) <= 3:
        fautes.append("prenoms[]")
    commune = {"codeCogInseeCommuneNaissance", "nomCommuneNaissance"} & echange.noms
    if echange.list_valeurs("codeCogInseePaysNaissance") == [FRANCE] and not commune:
        fautes.append("codeCogInseeCommuneNaissance")
    return ", ".join(fautes) or None


def _judge(regle: str, echanges: Sequence[Echange], faute: Faute) -> Constat:
    fautes = [(e.rang, trouvee) for e in echanges if (trouvee := faute(e)) is not None]
    return _conclude(regle, fautes)


def _conclude(regle: str, fautes: Sequence[tuple[int, str]]) -> Constat:
    cites = [f"échange {rang}{f' ({quoi})' if quoi else ''}" for rang, quoi in fautes[:CITES_MAX]]
    reste = f" et {len(fautes) - CITES_MAX} autres" if len(fautes) > CITES_MAX else ""
    detail = f"À reprendre : {', '.join(cites)}{reste}." if cites else ""
    return Constat(regle, not fautes, detail)


# La tenue dans le temps ---------------------------------------------------------------------------
def _judge_tenue(echanges: Sequence[Echange]) -> list[Constat]:
    """Ce que la suite des appels montre ; ce qu’elle ne montre pas n’est pas jugé."""
    return [
        Constat("Un appel au moins reçoit une réponse 200.",
                any(e.statut == 200 for e in echanges)),
        _conclude(f"Le débit reste sous {DEBIT_MAX} appels par seconde et par jeton.",
                  _find_rafales(echanges)),
        _judge_suite(echanges, "Après un 429, aucun appel avant la fin du délai (Retry-After).",
                     lambda e: e.statut == TROP and e.patience > 0, _is_impatient),
        _judge_suite(echanges, "Un refus (401, 403, 404, 422) n’est pas redemandé à l’identique.",
                     lambda e: e.statut in SANS_APPEL, _is_identique),
    ]  # fmt: skip


def _find_rafales(echanges: Sequence[Echange]) -> list[tuple[int, str]]:
    """Premier appel de trop de chaque jeton : le vingt et unième de la même seconde."""
    par_jeton: dict[str, list[Echange]] = {}
    for echange in echanges:
        par_jeton.setdefault(echange.jeton, []).append(echange)
    return [
        (dernier.rang, "")
        for siens in par_jeton.values()
        for premier, dernier in zip(siens, siens[DEBIT_MAX:], strict=False)
        if dernier.debut - premier.debut < timedelta(seconds=1)
    ][:1]


def _judge_suite(
    echanges: Sequence[Echange],
    regle: str,
    concerne: Callable[[Echange], bool],
    suit_mal: Callable[[Echange, Echange], bool],
) -> Constat:
    marquants = [rang for rang, echange in enumerate(echanges) if concerne(echange)]
    if not marquants:
        return Constat(regle, None, "L’enregistrement n’en montre pas : ce n’est pas jugé.")
    fautes = {
        autre.rang
        for rang in marquants
        for autre in echanges[rang + 1 :]
        if suit_mal(echanges[rang], autre)
    }
    return _conclude(regle, [(rang, "") for rang in sorted(fautes)])


def _is_impatient(refus: Echange, autre: Echange) -> bool:
    attendu = refus.debut + timedelta(seconds=refus.patience)
    return autre.jeton == refus.jeton and autre.debut < attendu


def _is_identique(refus: Echange, autre: Echange) -> bool:
    return (autre.jeton, autre.adresse) == (refus.jeton, refus.adresse)


BANC_API = Banc(
    titre="Appel d’une API de l’État",
    version="2026-11",
    mesure="Les appels que fait le logiciel suivent la notice de l’API : méthode, chemin et"
    " version, jeton, destinataire, paramètres, débit, conduite après un refus. Nous lisons un"
    " enregistrement fait par l’éditeur, sans appeler personne : il prouve ces appels-là, pas les"
    " autres. Ce qu’il ne montre pas n’est pas jugé.",
    attend="un enregistrement HAR d’appels d’essai, en-têtes compris, fait au simulateur ou au bac"
    " à sable. Jamais de vraie personne ni de jeton de production.",
    formats=".har,.json",
    taille_max=TAILLE_MAX,
    run=run_api,
    choix=tuple((code, api.titre) for code, api in APIS.items()),
)
