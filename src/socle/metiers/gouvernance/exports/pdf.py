"""PDF accessibles (PDF/UA-1) de la feuille de route et du rapport du mois."""

from typing import Any

from django.conf import settings

from socle.fondations.commun.couleurs import ACCENT_PAR_DEFAUT
from socle.fondations.commun.lettre import parse_texte
from socle.fondations.commun.mise_en_forme import strip_forme
from socle.fondations.commun.pdf import compile_pdf
from socle.fondations.commun.textes import format_jour
from socle.metiers.gouvernance.enums import Changement
from socle.metiers.gouvernance.exports.rapport import LectureDuRapport
from socle.metiers.gouvernance.models import FeuilleDeRoute, RapportMensuel
from socle.metiers.gouvernance.queries.feuilles import LigneComparee

GABARIT = "document.typ"
Bloc = dict[str, Any]


def build_pdf_feuille(feuille: FeuilleDeRoute, lignes: list[LigneComparee]) -> bytes:
    """Rend la feuille de route : ses lignes, puis ce qui change et pourquoi."""
    gardees = [c for c in lignes if not c.ligne.retiree]
    blocs = _write_paragraphes(feuille.introduction)
    blocs.append(
        _build_tableau(
            "Lignes de la feuille de route",
            ["Axe", "Action", "Pour le", "Qui conduit"],
            [
                [
                    c.ligne.axe or "–",
                    f"{c.ligne.titre}\n{c.ligne.objectif}".strip(),
                    format_jour(c.ligne.date_prevue) if c.ligne.date_prevue else "–",
                    c.ligne.responsable or "–",
                ]
                for c in gardees
            ],
            [2, 4, 2, 2],
        )
    )
    changees = [c for c in lignes if c.is_changee]
    if changees and feuille.precedente_id:
        blocs.append({"genre": "titre", "texte": "Ce qui change, et pourquoi"})
        blocs.append(
            _build_tableau(
                "Changements depuis la feuille précédente",
                ["Ligne", "Changement", "Pourquoi"],
                [[c.ligne.titre, _write_changement(c), c.ligne.motif or "–"] for c in changees],
                [3, 4, 4],
            )
        )
    if feuille.empreinte:
        blocs.append(_write_empreinte(feuille.empreinte))
    return _compile(
        titre=f"Feuille de route, {feuille.titre[:1].lower()}{feuille.titre[1:]}",
        surtitre=f"{feuille.etat_affiche.label}, version {feuille.rang}",
        blocs=blocs,
        maintenant=feuille.figee_le or feuille.modifie_le,
    )


def build_pdf_rapport(rapport: RapportMensuel) -> bytes:
    """Rend le rapport du mois."""
    lu = LectureDuRapport(rapport)
    blocs: list[Bloc] = []
    for titre, entetes, lignes, largeurs, rien in lu.list_tableaux():
        blocs.append({"genre": "titre", "texte": titre})
        if lignes:
            blocs.append(_build_tableau(titre, entetes, lignes, largeurs))
        else:
            blocs.append({"genre": "paragraphe", "texte": rien})
    blocs.append(_write_empreinte(rapport.empreinte))
    return _compile(
        titre=f"Rapport {lu.de_mois}",
        surtitre=f"Fait et publié automatiquement le {format_jour(rapport.publie_le)}",
        blocs=blocs,
        maintenant=rapport.publie_le,
    )


def _compile(*, titre: str, surtitre: str, blocs: list[Bloc], maintenant: Any) -> bytes:
    nom = str(settings.NOM_INSTALLATION)
    donnees = {
        "titre": titre, "surtitre": surtitre, "blocs": blocs, "pied": f"{nom} · {titre}",
        "couleur": ACCENT_PAR_DEFAUT,
        # Le paquet commun décrit toujours un émetteur ; ce document n’en montre pas l’en-tête.
        "collectivite": {"nom": nom, "adresse": "", "telephone": "", "site": ""},
    }  # fmt: skip
    return compile_pdf(GABARIT, donnees, titre=titre, maintenant=maintenant, auteur=nom)


def _build_tableau(
    legende: str, entetes: list[str], lignes: list[list[str]], largeurs: list[int]
) -> Bloc:
    return {
        "genre": "tableau",
        "legende": legende,
        "entetes": entetes,
        "lignes": lignes,
        "largeurs": largeurs,
    }


def _write_paragraphes(texte: str) -> list[Bloc]:
    return [dict(bloc) for bloc in parse_texte(strip_forme(texte))] if texte.strip() else []


def _write_changement(compare: LigneComparee) -> str:
    if compare.changement != Changement.MODIFIEE:
        return compare.changement.label
    return "\n".join(f"{e.nom} : {e.avant} → {e.apres}" for e in compare.ecarts)


def _write_empreinte(empreinte: str) -> Bloc:
    return {"genre": "paragraphe", "texte": f"Empreinte SHA-256 : {empreinte}"}
