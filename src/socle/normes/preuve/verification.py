"""Vérification d’un dossier de preuve, hors ligne, étape par étape.

Tout ce que contient le dossier est tenu pour hostile : les tailles sont bornées, et rien n’est
extrait sur le disque. Une clé jointe ne prouve rien : seule compte celle que la personne fournit.
"""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cryptography.x509 import Certificate

from socle.normes.preuve.archive import Archive, read_archive
from socle.normes.preuve.dossier import build_texte_sommaire
from socle.normes.preuve.engagements import is_engagement
from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.horodatage import verify_jeton
from socle.normes.preuve.json_canonique import decode_json
from socle.normes.preuve.merkle import hash_feuille, verify_coherence, verify_inclusion
from socle.normes.preuve.notes import ClePublique, parse_cles, parse_note
from socle.normes.preuve.pieces import (
    DOCUMENTS,
    ENGAGEMENT_REPONSES,
    ENTREES_MAX,
    NOM_PERMIS,
    REPONSES,
    TETES_MAX,
    VERSION,
    check_cles,
    decode_chemin,
    decode_empreinte,
    take_entier,
    take_texte,
)
from socle.normes.preuve.points import PointDeControle, parse_note_point
from socle.normes.preuve.rapport import Etape, Etat, Rapport

OBLIGATOIRES = {
    "LISEZMOI.txt",
    "cles/cles.txt",
    "ouvertures.json",
    "sommaire.json",
    "sommaire.note",
}


def verify_dossier_de_preuve(
    source: bytes | Path,
    cles_de_confiance: Sequence[ClePublique] | None = None,
    *,
    autorites: Sequence[Certificate] = (),
) -> Rapport:
    """Vérifie un dossier de preuve et dit, dans l’ordre, ce qui tient et la première faute.

    Args:
        source: octets du dossier, ou chemin du fichier (lu par morceaux).
        cles_de_confiance: clés obtenues par un autre chemin que le dossier ; None : on vérifie avec
            celles du dossier, et le rapport dit `cle_verifiee=False`.
        autorites: autorités d’horodatage de confiance ; sans elles, un jeton reste une réserve.

    Raises:
        OSError: le fichier ne se lit pas.
    """
    if isinstance(source, Path):
        with source.open("rb") as flux:
            return _Verification(cles_de_confiance, autorites).run(flux)
    return _Verification(cles_de_confiance, autorites).run(io.BytesIO(source))


class _Verification:
    """Une vérification en cours. Chaque étape rend son constat, ou lève `PreuveInvalide`."""

    def __init__(
        self, confiance: Sequence[ClePublique] | None, autorites: Sequence[Certificate]
    ) -> None:
        self.confiance = confiance
        self.autorites = autorites
        self.archive = Archive()
        self.sommaire: dict[str, Any] = {}
        self.jointes: list[ClePublique] = []
        self.signataire: ClePublique | None = None
        self.points: list[PointDeControle] = []
        self.tetes: list[tuple[int, bytes]] = []
        self.entrees: list[dict[str, Any]] = []
        self.reserves: dict[str, str] = {}

    def run(self, flux: io.BufferedReader | io.BytesIO) -> Rapport:
        etapes: list[Etape] = []
        constats: list[tuple[str, Callable[[], str]]] = [
            ("Archive", lambda: self.check_archive(flux)),
            ("Sommaire", self.check_sommaire),
            ("Clés", self.check_cles),
            ("Signature du sommaire", self.check_signature),
            ("Points de contrôle", self.check_points),
            ("Têtes", self.check_tetes),
            ("Entrées du journal", self.check_entrees),
            ("Cohérence", self.check_coherence),
            ("Documents", self.check_documents),
            ("Horodatages", self.check_horodatages),
        ]
        for nom, constat in constats:
            if etapes and etapes[-1].etat in {Etat.FAUTE, Etat.NON_FAITE}:
                etapes.append(Etape(nom, Etat.NON_FAITE, "Étape non faite."))
            else:
                etapes.append(self._do(nom, constat))
        return self._build_rapport(tuple(etapes))

    def check_archive(self, flux: io.BufferedReader | io.BytesIO) -> str:
        self.archive = read_archive(flux, is_garde=lambda nom: not nom.startswith(DOCUMENTS))
        for nom in self.archive.empreintes:
            if not NOM_PERMIS.fullmatch(nom):
                raise PreuveInvalide(f"« {nom} » n’a pas sa place dans un dossier de preuve.")
        manquants = sorted(OBLIGATOIRES - set(self.archive.empreintes))
        if manquants:
            raise PreuveInvalide(f"Il manque « {manquants[0]} ».")
        return f"{len(self.archive.empreintes)} fichiers, archive sous sa forme canonique."

    def check_sommaire(self) -> str:
        self.sommaire = check_cles(
            self._read_json("sommaire.json"),
            *("collectivite", "en_attente", "fichiers", "objets", "produit_le", "type", "version"),
        )
        if (self.sommaire["type"], self.sommaire["version"]) != ("dossier-de-preuve", VERSION):
            raise PreuveInvalide("Ce n’est pas un dossier de preuve de version 1.")
        if not _is_textes(self.sommaire["objets"]):
            raise PreuveInvalide("La liste des objets prouvés est vide ou mal formée.")
        lues = {nom: octets.hex() for nom, octets in self.archive.empreintes.items()}
        del lues["sommaire.json"], lues["sommaire.note"]
        if not isinstance(self.sommaire["fichiers"], dict):
            raise PreuveInvalide("Le sommaire ne donne pas la liste des fichiers.")
        for nom in sorted(lues.keys() | self.sommaire["fichiers"].keys()):
            if lues.get(nom) != self.sommaire["fichiers"].get(nom):
                raise PreuveInvalide(f"« {nom} » n’est pas celui du sommaire.")
        return f"Les empreintes des {len(lues)} fichiers sont celles du sommaire."

    def check_cles(self) -> str:
        self.jointes = parse_cles(self.archive.contenus["cles/cles.txt"])
        attendus = {f"cles/{cle.identifiant.hex()}.pem": cle.to_pem() for cle in self.jointes}
        texte = "".join(f"{cle.to_texte()}\n" for cle in self.jointes).encode()
        lus = {nom: octets for nom, octets in self.archive.contenus.items() if nom[-4:] == ".pem"}
        if lus != attendus or texte != self.archive.contenus["cles/cles.txt"]:
            raise PreuveInvalide("Les clés jointes ne concordent pas entre elles.")
        if self.confiance is None:
            raise _Reserve("Clé non vérifiée : comparez l’empreinte avec celle qui est publiée.")
        return f"{len(self.confiance)} clé(s) de confiance fournie(s)."

    def check_signature(self) -> str:
        note = parse_note(self.archive.contenus["sommaire.note"])
        if note.texte != build_texte_sommaire(self.archive.contenus["sommaire.json"]):
            raise PreuveInvalide("La note du sommaire porte sur un autre sommaire.")
        self.signataire = note.verify(self._cles)[0]
        return f"Signé par « {self.signataire.nom} » le {take_texte(self.sommaire, 'produit_le')}."

    def check_points(self) -> str:
        noms = self._list_noms("points/", ".note", TETES_MAX)
        for nom in noms:
            point, note = parse_note_point(self.archive.contenus[nom])
            cles = self._cles if nom == noms[-1] else [*self._cles, *self.jointes]
            signataires = note.verify(cles)
            if not any(_is_origine(point.origine, cle.nom) for cle in signataires):
                raise PreuveInvalide(f"« {nom} » est signé au nom d’un autre journal.")
            self.points.append(point)
        return f"{len(noms)} point(s) de contrôle signé(s)."

    def check_tetes(self) -> str:
        noms = self._list_prouves("tetes/", TETES_MAX)
        if len(noms) != len(self.points):
            raise PreuveInvalide("Il faut autant de têtes que de points de contrôle.")
        for nom, point in zip(noms, self.points, strict=True):
            tete = check_cles(
                self._read_json(nom), "collectivite", "racine", "taille", "type", "version"
            )
            if tete["type"] != "tete" or tete["collectivite"] != self.sommaire["collectivite"]:
                raise PreuveInvalide(f"« {nom} » n’est pas une tête de ce journal.")
            preuve = self._read_preuve(nom, "coherence_point", "coherence_tete")
            feuille = hash_feuille(self.archive.contenus[nom])
            self._check_inclusion(nom, feuille, preuve, point.taille, point.racine)
            self.tetes.append((take_entier(tete, "taille"), decode_empreinte(tete["racine"])))
        return f"{len(noms)} tête(s) incluse(s) dans les points de contrôle."

    def check_entrees(self) -> str:
        noms = self._list_prouves("entrees/", ENTREES_MAX)
        for nom in noms:
            entree = self._read_json(nom)
            self._check_entree(nom, entree)
            preuve = self._read_preuve(nom, "tete")
            rang = take_entier(preuve, "tete")
            if not 0 < rang <= len(self.tetes):
                raise PreuveInvalide(f"« {nom} » renvoie à une tête absente.")
            feuille = hash_feuille(self.archive.contenus[nom])
            self._check_inclusion(nom, feuille, preuve, *self.tetes[rang - 1])
            self.entrees.append(entree)
        trouves = {entree["objet"] for entree in self.entrees}
        if trouves != set(self.sommaire["objets"]):
            raise PreuveInvalide("Les entrées ne portent pas exactement sur les objets annoncés.")
        attente = take_entier(self.sommaire, "en_attente")
        suite = f" {attente} plus récente(s) n’étaient pas encore scellées." if attente else ""
        return f"{len(noms)} entrée(s) scellée(s) au journal.{suite}"

    def check_coherence(self) -> str:
        derniere, dernier = self.tetes[-1], self.points[-1]
        for rang, (tete, point) in enumerate(zip(self.tetes, self.points, strict=True), 1):
            nom = f"tetes/{rang:04}.preuve.json"
            preuve = self._read_json(nom)
            try:
                verify_coherence(
                    tete[0],
                    derniere[0],
                    decode_chemin(preuve["coherence_tete"]),
                    tete[1],
                    derniere[1],
                )
                verify_coherence(
                    point.taille,
                    dernier.taille,
                    decode_chemin(preuve["coherence_point"]),
                    point.racine,
                    dernier.racine,
                )
            except PreuveInvalide as cause:
                raise PreuveInvalide(f"« {nom} » : {cause}") from cause
        return "La dernière tête et le dernier point prolongent tous les autres."

    def check_documents(self) -> str:
        noms = {nom for nom in self.archive.empreintes if nom.startswith(DOCUMENTS)}
        ouvertures = self._read_json("ouvertures.json")
        if not isinstance(ouvertures, list) or len(ouvertures) > len(noms):
            raise PreuveInvalide("« ouvertures.json » est mal formé.")
        rattaches = {self._check_ouverture(ouverture) for ouverture in ouvertures}
        self._check_reponses(ouvertures)
        orphelins = sorted(noms - rattaches)
        if orphelins:
            raise _Reserve(
                f"{len(rattaches)} document(s) rattaché(s) au journal ; « {orphelins[0]} » "
                f"n’est attesté que par la signature du dossier ({len(orphelins)} au total)."
            )
        return f"{len(noms)} document(s), tous rattachés au journal."

    def check_horodatages(self) -> str:
        jetons = self._list_dossier("horodatages/")
        dates = []
        for nom in jetons:
            point = f"points/{nom.split('/')[1][:4]}.note"
            if point not in self.archive.contenus:
                raise PreuveInvalide(f"« {nom} » horodate un point absent.")
            try:
                jeton = verify_jeton(
                    self.archive.contenus[nom],
                    self.archive.contenus[point],
                    autorites=self.autorites,
                )
            except PreuveInvalide as cause:
                raise PreuveInvalide(f"« {nom} » : {cause}") from cause
            dates.append(jeton.date)
        if not jetons:
            return "Aucun horodatage par un tiers."
        constat = f"{len(jetons)} jeton(s), le premier du {min(dates):%Y-%m-%d %H:%M:%S} UTC"
        if not self.autorites:
            raise _Reserve(f"{constat} ; autorité d’horodatage non vérifiée.")
        return f"{constat}, autorité vérifiée."

    @property
    def _cles(self) -> Sequence[ClePublique]:
        """Clés qui font foi : celles fournies, sous leur nom ou sous celui que porte le dossier."""
        if self.confiance is None:
            return self.jointes
        sures = {cle.octets for cle in self.confiance}
        return [*self.confiance, *(cle for cle in self.jointes if cle.octets in sures)]

    def _do(self, nom: str, constat: Callable[[], str]) -> Etape:
        try:
            return Etape(nom, Etat.CONFORME, constat())
        except _Reserve as reserve:
            return Etape(nom, Etat.RESERVE, str(reserve))
        except PreuveInvalide as faute:
            return Etape(nom, Etat.FAUTE, str(faute))

    def _build_rapport(self, etapes: tuple[Etape, ...]) -> Rapport:
        cle = self.signataire
        integre = all(etape.etat is not Etat.FAUTE for etape in etapes)
        return Rapport(
            etapes=etapes,
            cle_verifiee=integre and self.confiance is not None,
            cle=cle.to_texte() if cle else "",
            empreinte=cle.empreinte if cle else "",
            objets=tuple(self.sommaire["objets"]) if cle else (),
        )

    def _read_json(self, nom: str) -> Any:
        try:
            return decode_json(self.archive.contenus[nom])
        except KeyError as cause:
            raise PreuveInvalide(f"Il manque « {nom} ».") from cause
        except PreuveInvalide as cause:
            raise PreuveInvalide(f"« {nom} » : {cause}") from cause

    def _read_preuve(self, nom: str, *cles: str) -> dict[str, Any]:
        preuve = f"{nom.removesuffix('.json')}.preuve.json"
        return check_cles(self._read_json(preuve), "chemin", "indice", *cles)

    def _list_prouves(self, debut: str, borne: int) -> list[str]:
        """Pièces numérotées dont chacune a sa preuve, et seulement elle."""
        preuves = self._list_noms(debut, ".preuve.json", borne)
        noms = [nom.replace(".preuve", "") for nom in preuves]
        if set(self._list_dossier(debut)) != {*preuves, *noms}:
            raise PreuveInvalide(f"Une pièce ou une preuve manque dans « {debut} ».")
        return noms

    def _list_noms(self, debut: str, fin: str, borne: int) -> list[str]:
        """Noms numérotés à partir de 0001, sans trou."""
        noms = [nom for nom in self._list_dossier(debut) if nom.endswith(fin)]
        if not 0 < len(noms) <= borne:
            raise PreuveInvalide(f"Trop ou trop peu de fichiers dans « {debut} ».")
        if noms != [f"{debut}{rang:04}{fin}" for rang in range(1, len(noms) + 1)]:
            raise PreuveInvalide(f"Les fichiers de « {debut} » ne se suivent pas.")
        return noms

    def _list_dossier(self, debut: str) -> list[str]:
        return sorted(nom for nom in self.archive.contenus if nom.startswith(debut))

    def _check_inclusion(
        self, nom: str, feuille: bytes, preuve: dict[str, Any], taille: int, racine: bytes
    ) -> None:
        try:
            chemin = decode_chemin(preuve["chemin"])
            verify_inclusion(feuille, take_entier(preuve, "indice"), taille, chemin, racine)
        except PreuveInvalide as cause:
            raise PreuveInvalide(f"« {nom} » : {cause}") from cause

    def _check_entree(self, nom: str, entree: object) -> None:
        champs = ("acteur", "action", "collectivite", "donnees", "engagements", "id", "objet")
        lue = check_cles(entree, *champs, "survenu_le", "type", "version")
        if lue["type"] != "entree" or lue["collectivite"] != self.sommaire["collectivite"]:
            raise PreuveInvalide(f"« {nom} » n’est pas une entrée de ce journal.")
        if not isinstance(lue["donnees"], dict) or not isinstance(lue["engagements"], dict):
            raise PreuveInvalide(f"« {nom} » est mal formée.")
        take_texte(lue, "objet")

    def _check_ouverture(self, ouverture: object) -> str:
        lue = check_cles(ouverture, "document", "engagement", "entree", "sel")
        nom = DOCUMENTS + take_texte(lue, "document")
        rang = take_entier(lue, "entree")
        if nom not in self.archive.empreintes or not 0 < rang <= len(self.entrees):
            raise PreuveInvalide(f"« {nom} » ou l’entrée qui l’atteste est absent.")
        entree, empreinte = self.entrees[rang - 1], self.archive.empreintes[nom]
        engagement = take_texte(lue, "engagement")
        if engagement:
            attendu, sel = entree["engagements"].get(engagement), _parse_sel(lue)
            conforme = isinstance(attendu, str) and is_engagement(attendu, sel, empreinte)
        else:
            conforme = entree["donnees"].get("sha256") == empreinte.hex()
        if not conforme:
            raise PreuveInvalide(f"« {nom} » n’est pas le document que le journal atteste.")
        return nom

    def _check_reponses(self, ouvertures: list[dict[str, Any]]) -> None:
        """Exige que les réponses jointes soient celles que le journal a engagées en dernier.

        Sans cela, il suffirait d’ôter leur ouverture, ou de joindre celles d’avant une correction.
        Une entrée qui attend son scellement peut porter leur engagement : elles ne sont alors
        attestées que par la signature, et le constat le dit.
        """
        siennes = [o for o in ouvertures if o["document"] == REPONSES]
        if DOCUMENTS + REPONSES not in self.archive.empreintes:
            return
        if not siennes and self.sommaire["en_attente"]:
            return
        engagees = [e for e in self.entrees if ENGAGEMENT_REPONSES in e["engagements"]]
        engagees.sort(key=lambda e: (take_texte(e, "survenu_le"), take_texte(e, "id")))
        attendu = engagees[-1]["engagements"][ENGAGEMENT_REPONSES] if engagees else None
        lus = [self.entrees[o["entree"] - 1]["engagements"].get(o["engagement"]) for o in siennes]
        if not lus or any(lu != attendu for lu in lus):
            raise PreuveInvalide(f"« {REPONSES} » n’est pas la dernière version que le journal a.")


class _Reserve(Exception):
    """Ce qui n’est pas prouvé, sans être faux."""


def _is_textes(valeur: object) -> bool:
    return isinstance(valeur, list) and bool(valeur) and all(isinstance(v, str) for v in valeur)


def _is_origine(origine: str, nom: str) -> bool:
    """Après une bifurcation, l’origine est le nom de la clé suivi d’un numéro."""
    return origine == nom or origine.startswith(f"{nom}/")


def _parse_sel(ouverture: dict[str, Any]) -> bytes:
    try:
        return bytes.fromhex(take_texte(ouverture, "sel"))
    except ValueError as cause:
        raise PreuveInvalide("Un sel est mal écrit.") from cause
