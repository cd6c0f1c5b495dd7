"""Les résultats publiés, en PDF accessible, en CSV et en JSON : tout vient du bilan figé."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings

from socle.fondations.commun.couleurs import ACCENT_PAR_DEFAUT
from socle.fondations.commun.pdf import compile_pdf
from socle.fondations.commun.textes import format_euros, format_jour
from socle.metiers.consultations.models import Instruction

GABARIT = "document.typ"
ENTETES = ("rang", "numero", "beneficiaire", "cle", "departement", "montant_euros", "conditions")
CACHE = "–"
NOTE_CACHE = (
    "Un tiret cache un groupe de moins de cinq dossiers, ou ce qui permettrait de le retrouver."
)
Bloc = dict[str, Any]


def iter_lignes_csv(instruction: Instruction) -> Iterator[tuple[str, ...]]:
    """Une ligne par dossier retenu, la première est l’en-tête."""
    yield ENTETES
    for retenu in (instruction.bilan or {})["retenus"]:
        yield (
            str(retenu["rang"] or ""), retenu["numero"], retenu["nom"], retenu["autorite"],
            retenu["departement"], retenu["montant"], retenu["conditions"],
        )  # fmt: skip


def build_json(instruction: Instruction) -> bytes:
    """Le bilan publié, avec son empreinte."""
    publiee = instruction.publiee_le.isoformat() if instruction.publiee_le else ""
    contenu = {"publie_le": publiee, "empreinte": instruction.empreinte,
               **(instruction.bilan or {})}  # fmt: skip
    return json.dumps(contenu, ensure_ascii=False, indent=1).encode()


def build_pdf(instruction: Instruction) -> bytes:
    """Les résultats publiés en PDF/UA-1."""
    bilan, nom = instruction.bilan or {}, str(settings.NOM_INSTALLATION)
    titre = f"Résultats : {bilan['campagne']['titre']}"
    publiee = instruction.publiee_le or instruction.modifie_le
    donnees = {
        "titre": titre,
        "surtitre": f"{bilan['campagne']['genre']}, publié le {format_jour(publiee)}",
        "blocs": list(_iter_blocs(bilan, instruction.empreinte)),
        "pied": f"{nom} · {titre}",
        "couleur": ACCENT_PAR_DEFAUT,
        "collectivite": {"nom": nom, "adresse": "", "telephone": "", "site": ""},
    }
    return compile_pdf(GABARIT, donnees, titre=titre, maintenant=publiee, auteur=nom)


def _iter_blocs(bilan: dict[str, Any], empreinte: str) -> Iterator[Bloc]:
    chiffres = bilan["chiffres"]
    yield build_tableau("En chiffres", ["Dossiers", "Nombre"], list_chiffres(chiffres), [3, 1])
    yield {"genre": "titre", "texte": "Dossiers retenus"}
    if bilan["retenus"]:
        lignes = [
            [str(r["rang"] or "–"), r["nom"], format_euros(Decimal(r["montant"])),
             r["conditions"] or "–"]
            for r in bilan["retenus"]
        ]  # fmt: skip
        yield build_tableau(
            "Dossiers retenus", ["Rang", "Bénéficiaire", "Montant", "Conditions"], lignes,
            [1, 3, 2, 4],
        )  # fmt: skip
    else:
        yield {"genre": "paragraphe", "texte": "Aucun dossier n’est retenu."}
    for repartition in bilan["repartitions"]:
        yield {"genre": "titre", "texte": repartition["titre"]}
        lignes = [write_groupe(ligne) for ligne in repartition["lignes"]]
        yield build_tableau(
            repartition["titre"], ["", "Reçus", "Recevables", "Retenus", "Taux"], lignes,
            [4, 1, 2, 1, 1],
        )  # fmt: skip
    yield {"genre": "paragraphe", "texte": NOTE_CACHE}
    yield {"genre": "titre", "texte": "Le jury"}
    jury = [[j["nom"], j["organisation"], j["college"], j["fonction"]] for j in bilan["jury"]]
    yield build_tableau("Composition du jury", ["Nom", "Organisation", "Collège", "Fonction"],
                         jury, [3, 3, 2, 2])  # fmt: skip
    yield {"genre": "paragraphe", "texte": write_deports(bilan["deports"])}
    yield {"genre": "titre", "texte": "La grille"}
    yield {"genre": "paragraphe", "texte": bilan["grille"]["mention"]}
    grille = [[c["intitule"], str(c["poids"]), c["seuil"] or "–"]
              for c in bilan["grille"]["criteres"]]  # fmt: skip
    yield build_tableau("Critères", ["Critère", "Poids", "Seuil"], grille, [4, 1, 1])
    yield {"genre": "paragraphe", "texte": f"Empreinte SHA-256 : {empreinte}"}


def list_chiffres(chiffres: dict[str, Any]) -> list[list[str]]:
    """Les nombres, avec leur nom, dans l’ordre du parcours d’un dossier."""
    lignes = [
        ["Reçus", str(chiffres["recus"])],
        ["Recevables", str(chiffres["recevables"])],
        ["Retenus", f"{chiffres['retenus']}, soit {chiffres['taux']} % des recevables"],
        ["Sur la liste complémentaire", str(chiffres["complementaires"])],
        ["Non retenus", str(chiffres["non_retenus"])],
        ["Montant accordé", format_euros(Decimal(chiffres["montant"]))],
    ]
    if chiffres["enveloppe"]:
        lignes.append(["Enveloppe", format_euros(Decimal(chiffres["enveloppe"]))])
    return [*lignes, ["Notes signées par le jury", str(chiffres["notes_signees"])]]


def write_groupe(ligne: dict[str, Any]) -> list[str]:
    """Nom, reçus, recevables, retenus, taux ; « – » pour un groupe de moins de cinq dossiers."""
    taux = CACHE if ligne["taux"] is None else f"{ligne['taux']} %"
    nombres = [CACHE if ligne[nom] is None else str(ligne[nom]) for nom in ("recus", "recevables")]
    return [ligne["nom"], *nombres, str(ligne["retenus"]), taux]


def write_deports(deports: dict[str, Any]) -> str:
    """« 3 déports : … » : combien de fois un membre s’est retiré d’un dossier."""
    if not deports["total"]:
        return "Aucun membre n’a eu à se retirer d’un dossier."
    detail = " ; ".join(f"{o['nom'].lower()} : {o['nombre']}" for o in deports["origines"])
    return f"Retraits de membres pour un dossier : {deports['total']} ({detail})."


def build_tableau(
    legende: str, entetes: list[str], lignes: list[list[str]], largeurs: list[int]
) -> Bloc:
    return {"genre": "tableau", "legende": legende, "entetes": entetes, "lignes": lignes,
            "largeurs": largeurs}  # fmt: skip
