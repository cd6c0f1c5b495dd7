"""Les bancs SCDL, BAL, DECP et @CTES : le contrôle de « Vérifier un fichier », dans son ouvrier.

Le fichier d’un éditeur est lu par le même processus borné que celui de n’importe qui, avec les
mêmes règles : un produit conforme ici l’est aussi sur la page publique.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from socle.fondations.commun.errors import ErreurMetier
from socle.metiers.catalogue.ports import Banc, Constat, Piece, Rapport, bancs
from socle.metiers.verification.ports import LIMITES
from socle.metiers.verification.services.controle import check_fichier
from socle.metiers.verification.services.rapport import Faute
from socle.metiers.verification.services.rapport import Rapport as RapportDeControle
from socle.normes.scdl.definitions import CODES, get_schema

MO = 1_000_000
TAILLE_MAX = 20 * MO
CONSTATS_MAX = 60
DETAIL_MAX = 300
VERSION = "2026-11"
# Arrêté avant d’avoir conclu : la machine peut en être la cause, le produit n’est pas jugé.
SANS_CONCLUSION = {"trop-long", "trop-gros"}


class EssaiSansConclusion(ErreurMetier):
    message = "L’essai s’est arrêté avant de conclure. Rien n’est publié."
    suite = "Remettez un fichier plus petit."
    statut = 422


@dataclass(frozen=True, slots=True)
class Remis:
    """Les octets d’un essai, comme un fichier reçu."""

    octets: bytes

    def chunks(self) -> Iterator[bytes]:
        yield self.octets


def make_run(norme: str) -> Callable[[Piece], Rapport]:
    """Rend le contrôle d’une norme.

    Raises:
        OutilOccupe: toutes les places de contrôle sont prises.
        EssaiSansConclusion: le contrôle a passé ses limites.
    """

    def run(piece: Piece) -> Rapport:
        nature = f"{norme}:{piece.choix}" if piece.choix else norme
        limites = replace(LIMITES, octets=TAILLE_MAX)
        fait = check_fichier(
            fichier=Remis(piece.octets), nom=piece.nom, nature=nature, limites=limites
        )
        return build_rapport(fait.rapport)

    return run


def build_rapport(rapport: RapportDeControle) -> Rapport:
    """Met un contrôle en constats : un par règle et par colonne, avec le premier endroit."""
    if rapport.valide is None:
        faute = rapport.fautes[0]
        if faute.code in SANS_CONCLUSION:
            raise EssaiSansConclusion
        return Rapport((Constat("Le fichier se lit.", False, faute.message[:DETAIL_MAX]),))
    constats = [
        Constat("Le fichier se lit.", True),
        *_group(rapport.fautes, respectee=False),
        *_group(rapport.notes, respectee=None),
    ]
    if rapport.valide:
        constats.insert(1, Constat("Aucune règle de la norme n’est enfreinte.", True))
    elif not rapport.fautes:
        constats.insert(1, Constat("Le fichier suit la norme.", False))
    return Rapport(tuple(constats[:CONSTATS_MAX]))


def _group(fautes: list[Faute], *, respectee: bool | None) -> Iterator[Constat]:
    groupes: dict[tuple[str, str], list[Faute]] = {}
    for faute in fautes:
        groupes.setdefault((faute.nom or faute.code, faute.champ), []).append(faute)
    for siennes in groupes.values():
        premiere = siennes[0]
        champ = f", colonne {premiere.champ}" if premiere.champ else ""
        regle = f"{premiere.nom}{champ}." if premiere.nom else premiere.message
        quoi = f"{premiere.ou}. {premiere.message}" if premiere.nom else f"{premiere.ou}."
        fois = f" {len(siennes)} fois en tout." if len(siennes) > 1 else ""
        yield Constat(regle[:DETAIL_MAX], respectee, f"{quoi[:DETAIL_MAX]}{fois}")


SCHEMAS = tuple((code, get_schema(code).titre) for code in CODES)
TABLEAU = ".csv,.xlsx,.ods"
BANCS = {
    "scdl": Banc(
        titre="Tableau de données ouvertes",
        version=VERSION,
        mesure="Le tableau qu’exporte le logiciel suit son schéma : colonnes, types, valeurs"
        " permises, dates, identifiants. Chaque schéma du socle commun des données locales (SCDL)"
        " a son essai et son statut.",
        attend="un tableau CSV, XLSX ou ODS, et le schéma qu’il doit suivre.",
        formats=TABLEAU,
        taille_max=TAILLE_MAX,
        run=make_run("scdl"),
        choix=SCHEMAS,
    ),
    "bal": Banc(
        titre="Base adresse locale (BAL)",
        version=VERSION,
        mesure="La base adresse qu’exporte le logiciel suit le format BAL : clés"
        " d’interopérabilité, communes, positions, numéros.",
        attend="une base adresse en CSV.",
        formats=".csv",
        taille_max=TAILLE_MAX,
        run=make_run("bal"),
    ),
    "decp": Banc(
        titre="Marchés et concessions (DECP)",
        version=VERSION,
        mesure="Les données essentielles de la commande publique qu’écrit le logiciel suivent"
        " l’arrêté : champs obligatoires, codes, montants, dates.",
        attend="une liste de marchés ou de concessions, en JSON ou en XML.",
        formats=".json,.xml",
        taille_max=TAILLE_MAX,
        run=make_run("decp"),
    ),
    "actes": Banc(
        titre="Transmission au contrôle de légalité (@CTES)",
        version=VERSION,
        mesure="L’enveloppe qu’écrit le logiciel serait lue par @CTES : noms des fichiers,"
        " messages, classification, pièces, budget s’il y en a un.",
        attend="une archive d’enveloppe (TAR.GZ) sous le nom que fixe @CTES, ou un message XML.",
        formats=".gz,.xml",
        taille_max=TAILLE_MAX,
        run=make_run("actes"),
    ),
}

for _code, _banc in BANCS.items():
    bancs.register(_code, _banc)
