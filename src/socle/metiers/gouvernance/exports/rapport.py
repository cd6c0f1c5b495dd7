"""Le contenu d’un rapport, mis en mots : la page, le PDF et le CSV disent la même chose."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from socle.fondations.commun.textes import MOIS, accorde, format_jour_court, join_de
from socle.metiers.gouvernance.models import RapportMensuel

Tableau = tuple[str, list[str], list[list[str]], list[int], str]


class LectureDuRapport:
    """Un rapport prêt à montrer ; ses dates sont des dates, ses nombres sont écrits."""

    def __init__(self, rapport: RapportMensuel) -> None:
        self.rapport = rapport
        self.contenu: dict[str, Any] = rapport.contenu

    @property
    def nom_du_mois(self) -> str:
        """« octobre 2026 »."""
        return f"{MOIS[self.rapport.mois.month - 1]} {self.rapport.mois.year}"

    @property
    def de_mois(self) -> str:
        """« d’octobre 2026 », « de novembre 2026 »."""
        return join_de(self.nom_du_mois)

    @property
    def resume(self) -> str:
        """Une phrase : ce qui s’est passé."""
        prises = sum(d["etat"] == "Prise" for d in self.contenu["decisions"])
        reunions = len(self.contenu["reunions"])
        return (
            f"{prises or 'Aucune'} décision{'s' if prises > 1 else ''}"
            f" prise{'s' if prises > 1 else ''}, {reunions or 'aucune'}"
            f" réunion{'s' if reunions > 1 else ''}."
        )

    def list_tableaux(self) -> list[Tableau]:
        """(titre, en-têtes, lignes, largeurs, phrase quand il n’y a rien)."""
        contenu = self.contenu
        return [
            (
                "Décisions",
                ["N°", "Objet", "Collectivités", "État", "Résultat"],
                [
                    [str(d["numero"]), d["titre"], _jour(d["collectivites"]),
                     _jour(d["etat_college"]), f"{d['etat']}, {_jour(d['le'])}"]
                    for d in contenu["decisions"]
                ],
                [1, 4, 2, 2, 3],
                "Aucune décision n’a été prise, refusée ni retirée ce mois-ci.",
            ),
            (
                "Réunions",
                ["Date", "Instance", "Réunion", "Relevé"],
                [
                    [_jour(r["le"]), r["instance"], r["titre"],
                     "Publié" if r["releve"] else "Pas encore publié"]
                    for r in contenu["reunions"]
                ],
                [2, 2, 4, 2],
                "Aucune réunion ce mois-ci.",
            ),
            (
                "Actions et dates changées",
                ["Date", "Objet", "Ce qui change"],
                list(self._list_changements()),
                [2, 4, 4],
                "Aucune action ni aucune date n’a changé ce mois-ci.",
            ),
            (
                "Évaluations publiées",
                ["Date", "Évaluation"],
                [[_jour(e["le"]), e["titre"]] for e in contenu["evaluations"]],
                [2, 6],
                "Aucune évaluation publiée ce mois-ci.",
            ),
            (
                "Mesures à la fin du mois",
                ["Mesure", "Valeur", "Depuis le mois d’avant"],
                [
                    [m["libelle"], _nombre(m["valeur"], m["unite"]), _ecart(m["ecart"])]
                    for m in contenu["mesures"]
                ],
                [5, 3, 3],
                "Aucune mesure n’est inscrite.",
            ),
        ]  # fmt: skip

    def _list_changements(self) -> Iterator[list[str]]:
        for suite in self.contenu["suites"]:
            yield [_jour(suite["le"]), f"Décision n° {suite['decision']}", suite["texte"]]
        for change in self.contenu["changements"]:
            yield [_jour(change["quand"][:10]), change["titre"], change["quoi"]]

    def list_lignes_csv(self) -> Iterator[list[str]]:
        """Une ligne par fait : genre, identifiant, date, titre, valeur, écart."""
        yield ["genre", "identifiant", "date", "titre", "valeur", "ecart"]
        for d in self.contenu["decisions"]:
            yield ["decision", str(d["numero"]), d["le"], d["titre"], d["etat"], ""]
        for r in self.contenu["reunions"]:
            yield ["reunion", str(r["id"]), r["le"], r["titre"], r["instance"], ""]
        for s in self.contenu["suites"]:
            yield ["suite", s["cle"], s["le"], s["texte"], f"decision:{s['decision']}", ""]
        for c in self.contenu["changements"]:
            yield ["changement", c["cle"], c["quand"][:10], c["titre"], c["quoi"], ""]
        for e in self.contenu["evaluations"]:
            yield ["evaluation", str(e["id"]), e["le"], e["titre"], e["action"], ""]
        for m in self.contenu["mesures"]:
            yield ["mesure", m["code"], "", m["libelle"], m["valeur"], m["ecart"]]


def _jour(iso: str) -> str:
    return format_jour_court(date.fromisoformat(iso)) if iso else "–"


def _nombre(valeur: str, unite: str) -> str:
    if not valeur:
        return "Non connue"
    return f"{_french(valeur)} {accorde(unite, Decimal(valeur))}".strip()


def _ecart(ecart: str) -> str:
    if not ecart:
        return "Non connu"
    if ecart == "0":
        return "Inchangé"
    return f"+{_french(ecart)}" if not ecart.startswith("-") else f"−{_french(ecart[1:])}"


def _french(valeur: str) -> str:
    """« 1 234,5 » : espace insécable aux milliers, virgule décimale."""
    entier, _, decimales = valeur.partition(".")
    groupe = f"{int(entier):,}".replace(",", "\N{NO-BREAK SPACE}")
    return f"{groupe},{decimales}" if decimales else groupe
