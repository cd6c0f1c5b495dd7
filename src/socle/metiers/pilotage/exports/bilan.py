"""PDF accessible (PDF/UA-1) du bilan d’un programme : le contenu de la page, dans le même ordre."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from socle.fondations.commun.couleurs import ACCENT_PAR_DEFAUT
from socle.fondations.commun.fiches import Groupe
from socle.fondations.commun.lettre import encadre, liste, paragraphe, parse_texte, titre
from socle.fondations.commun.mise_en_forme import strip_forme
from socle.fondations.commun.pdf import compile_pdf
from socle.fondations.commun.textes import accorde, format_jour
from socle.metiers.pilotage.models import Recommandation
from socle.metiers.pilotage.queries.bilan import ActionDuBilan, AxeDuBilan, Bilan, Graphe
from socle.metiers.pilotage.queries.valeurs import Jour, Serie, format_valeur

GABARIT = "pilotage/bilan.typ"
TRIMESTRES = {1: "Premier", 2: "Deuxième", 3: "Troisième", 4: "Quatrième"}
COLONNES = ["Ce qui est compté", "Nombre", "Date", "Où c’est écrit"]
LARGEURS = [9, 5, 4, 9]
Bloc = dict[str, Any]
Echos = Mapping[str, list[Groupe]]


def build_pdf_bilan(bilan: Bilan, echos: Echos) -> bytes:
    """Rend le bilan ; `echos` : clé d’un axe → ce qu’en disent les autres métiers.

    Mêmes données, mêmes octets : la date du fichier est celle de la dernière modification.
    """
    programme = bilan.programme
    nom = str(settings.NOM_INSTALLATION)
    intitule = f"Bilan {programme.periode}"
    donnees = {
        "titre": intitule,
        "surtitre": programme.titre,
        "periode": write_periode(bilan),
        "blocs": build_blocs(bilan, echos),
        "pied": f"{nom} · {intitule}",
        "couleur": ACCENT_PAR_DEFAUT,
        "collectivite": {"nom": nom, "adresse": "", "telephone": "", "site": ""},
    }
    titre_complet = f"{intitule} : {programme.titre}"
    return compile_pdf(
        GABARIT, donnees, titre=titre_complet, maintenant=bilan.modifie_le, auteur=nom
    )


def write_periode(bilan: Bilan) -> str:
    """« Du 1er janvier 2019 au 31 décembre 2019 », ou les dates du programme."""
    if not bilan.periode.est_choisie:
        programme = bilan.programme
        return f"Du {format_jour(programme.date_debut)} au {format_jour(programme.date_fin)}"
    debut, fin = bilan.periode.debut, bilan.periode.fin
    if debut and fin:
        return f"Faits et nombres du {format_jour(debut)} au {format_jour(fin)}"
    if debut:
        return f"Faits et nombres depuis le {format_jour(debut)}"
    return f"Faits et nombres jusqu’au {format_jour(fin)}" if fin else ""


def build_blocs(bilan: Bilan, echos: Echos) -> list[Bloc]:
    programme = bilan.programme
    blocs: list[Bloc] = []
    if programme.editorial:
        blocs += [titre("Éditorial"), *_write(programme.editorial)]
        blocs += [paragraphe(programme.editorial_signe)] if programme.editorial_signe else []
    if programme.contexte:
        blocs += [titre("Contexte"), *_write(programme.contexte)]
    blocs += _write_chiffres(bilan)
    blocs += _write_evenements(bilan)
    for axe in bilan.axes:
        blocs += _write_axe(axe, echos.get(axe.axe.cle, []))
    if bilan.transversales:
        blocs += [titre("Recommandations pour tous les axes")]
        blocs += [_write_conseils(bilan.transversales, "Recommandations pour tous les axes")]
    if bilan.autres:
        blocs += [titre("Autres chiffres"), _write_series(bilan.autres, "Autres chiffres")]
    return blocs + _write_partenaires(bilan)


def _write_chiffres(bilan: Bilan) -> list[Bloc]:
    compte = (
        f"{len(bilan.axes)} axes, {bilan.nombre_actions} actions, "
        f"{bilan.nombre_recommandations} recommandations, {len(bilan.series)} indicateurs et "
        f"{bilan.nombre_partenaires} partenaires nommés. Chaque nombre dit où il est écrit."
    )
    blocs: list[Bloc] = [titre("Le programme en chiffres"), paragraphe(compte)]
    if bilan.graphe_etats:
        blocs.append(_write_graphe(bilan.graphe_etats, "État"))
    if bilan.contradictions:
        blocs += [
            titre("Ce qui se contredit", 2),
            paragraphe(
                "À la même date, ces nombres ne peuvent pas être vrais ensemble. "
                "Ils sont montrés tels quels, chacun avec son origine."
            ),
            _write_series(bilan.contradictions, "Nombres qui se contredisent", seuls=True),
        ]
    return blocs


def _write_evenements(bilan: Bilan) -> list[Bloc]:
    if not bilan.evenements:
        return []
    blocs: list[Bloc] = [titre("Faits marquants")]
    for (annee, trimestre), faits in bilan.evenements.items():
        blocs.append(titre(f"{TRIMESTRES[trimestre]} trimestre {annee}", 2))
        blocs.append(
            liste([f"{fait['titre']}. {fait['detail']}".strip(" .") + "." for fait in faits])
        )
    return blocs


def _write_axe(axe: AxeDuBilan, groupes: list[Groupe]) -> list[Bloc]:
    nom = f"Axe {axe.axe.numero} : {axe.axe.titre}"
    blocs: list[Bloc] = [{"genre": "saut"}, titre(nom), paragraphe(axe.axe.ambition)]
    if axe.actions:
        blocs += [titre("Actions et réalisations", 2)]
        for faite in axe.actions:
            blocs += _write_action(faite)
    blocs += [_write_temoignage(dit) for dit in axe.temoignages]
    if axe.series:
        blocs += [titre("Chiffres", 2)]
        if axe.graphe:
            blocs.append(_write_graphe(axe.graphe, "Ce qui est compté"))
        blocs.append(_write_series(axe.series, f"Chiffres de l’axe {axe.axe.numero}"))
    if axe.recommandations:
        legende = f"Recommandations de l’axe {axe.axe.numero}"
        blocs += [titre("Recommandations", 2), _write_conseils(axe.recommandations, legende)]
    if groupes:
        blocs.append(titre("Ailleurs dans le programme", 2))
        for groupe in groupes:
            blocs.append(titre(groupe.titre, 3))
            blocs.append(
                liste([" – ".join(filter(None, (f.titre, f.detail))) for f in groupe.fiches])
            )
    return blocs


def _write_action(faite: ActionDuBilan) -> list[Bloc]:
    action = faite.action
    avancee = f", {action.avancement} %" if action.avancement is not None else ""
    blocs = [
        titre(f"{action.numero}. {action.titre}", 3),
        paragraphe(f"{action.etat_affiche.label}{avancee}. {action.resume}"),
        *_write(action.fait),
    ]
    if faite.preuves:
        blocs.append(
            liste(
                [
                    f"{preuve.etat_affiche.label}, constaté le {format_jour(preuve.date_constat)}"
                    f" : {strip_forme(preuve.texte) or preuve.adresse or preuve.lien}"
                    for preuve in faite.preuves
                ]
            )
        )
    return blocs + [_write_temoignage(dit) for dit in faite.temoignages]


def _write_temoignage(dit: dict[str, Any]) -> Bloc:
    qui = ", ".join(filter(None, (dit["qui"], dit["qualite"])))
    return encadre([paragraphe(dit["texte"]), paragraphe(f"Source : {dit['source']}")], titre=qui)


def _write_conseils(conseils: list[Recommandation], legende: str) -> Bloc:
    lignes = [
        [str(c.numero), c.titre, c.etat_affiche.label, c.get_horizon_display() or "–"]
        for c in conseils
    ]
    return _build_tableau(legende, ["Numéro", "Recommandation", "État", "Horizon"], lignes,
                          [2, 8, 3, 3])  # fmt: skip


def _write_partenaires(bilan: Bilan) -> list[Bloc]:
    if not bilan.partenaires:
        return []
    lignes = [
        [p["nom"], genre, p["apport"] or "–"]
        for genre, partenaires in bilan.partenaires.items()
        for p in partenaires
    ]
    entetes = ["Partenaire", "Genre", "Ce qu’il apporte"]
    tableau_ = _build_tableau("Partenaires du programme", entetes, lignes, [3, 3, 2])
    return [{"genre": "saut"}, titre("Partenaires"), tableau_]


def _write_series(series: list[Serie], legende: str, *, seuls: bool = False) -> Bloc:
    """Une ligne par valeur, avec son origine ; `seuls` ne garde que les dates en désaccord."""
    lignes = [
        [serie.indicateur.titre, _write_nombre(serie, jour, rang), jour.quand,
         ", ".join((valeur.document, valeur.endroit))]
        for serie in series
        for jour in serie.jours
        if jour.se_contredit or not seuls
        for rang, valeur in enumerate(jour.valeurs)
    ]  # fmt: skip
    return _build_tableau(legende, COLONNES, lignes, LARGEURS)


def _write_nombre(serie: Serie, jour: Jour, rang: int) -> str:
    valeur = jour.valeurs[rang]
    unite = accorde(serie.indicateur.unite, valeur.nombre)
    mots = [f"{format_valeur(valeur, serie.indicateur)} {unite}".strip()]
    mots += ["calculé"] if valeur.calculee else []
    mots += ["se contredit"] if jour.se_contredit else []
    return ", ".join(mots)


def _write_graphe(graphe: Graphe, entete: str) -> Bloc:
    return {
        "genre": "barres",
        "legende": graphe.titre,
        "entetes": [entete, "Nombre"],
        "barres": [
            {
                "libelle": f"{b.libelle} (se contredit)" if b.contredit else b.libelle,
                "texte": b.texte,
                "part": float(b.largeur),
            }
            for b in graphe.barres
        ],
    }


def _build_tableau(
    legende: str, entetes: list[str], lignes: list[list[str]], largeurs: list[int]
) -> Bloc:
    return {"genre": "tableau", "legende": legende, "entetes": entetes, "lignes": lignes,
            "largeurs": largeurs}  # fmt: skip


def _write(texte: str) -> list[Bloc]:
    """Blocs d’un texte mis en forme : ses listes restent, ses autres signes partent."""
    blocs = []
    for bloc in parse_texte(texte):
        if "elements" in bloc:
            blocs.append({**bloc, "elements": [strip_forme(e) for e in bloc["elements"]]})
        else:
            blocs.append(paragraphe(strip_forme(bloc["texte"])))
    return blocs
