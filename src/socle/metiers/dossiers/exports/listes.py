"""Liste des dossiers d’une démarche en CSV et en XLSX, ligne par ligne, sans formule exécutable."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.db.models import QuerySet

from socle.fondations.commun.fuseau import PARIS
from socle.fondations.commun.tableur import neutralize
from socle.fondations.formulaires.moteur import FormulaireCompile
from socle.metiers.demarches.models import Demarche
from socle.metiers.dossiers.enums import Canal, EtatDossier
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.queries.dossier import get_formulaire
from socle.metiers.dossiers.services.depot import to_json

PAR_LOT = 500
ANCIENNES_MAX = 300  # un formulaire refait vingt fois donnerait sinon un tableau illisible
CANAUX, ETATS = dict(Canal.choices), dict(EtatDossier.choices)
ENTETES = (
    "Numéro", "Référence", "État", "Demandeur", "Courriel", "Canal", "Déposé le", "Échéance",
    "Décidé le", "Motif",
)  # fmt: skip


def iter_lignes(demarche: Demarche) -> Iterator[list[Any]]:
    """Rend l’en-tête puis une ligne par dossier déposé, dans l’ordre des numéros.

    Les réponses suivent les champs de la version la plus récente, puis les questions des versions
    d’avant qu’elle n’a plus, marquées « (ancienne question) ». Un dossier garde une case vide pour
    les champs que sa version ne connaît pas. Le nombre d’instructions SQL dépend des versions et
    des lots de lignes, jamais du nombre de questions.
    """
    dossiers = _select(demarche)
    versions = dossiers.order_by("-version_id").values_list("version_id", flat=True).distinct()
    formulaires = {version: get_formulaire(version) for version in versions}
    colonnes = list_colonnes(formulaires.values())
    yield [*ENTETES, *colonnes.values()]
    for dossier in dossiers.order_by("numero").iterator(chunk_size=PAR_LOT):
        formulaire = formulaires.get(dossier.version_id) or get_formulaire(dossier.version_id)
        cellules = _read_cellules(dossier, formulaire)
        yield [*_read_fixes(dossier), *(cellules.get(code, "") for code in colonnes)]


def list_colonnes(formulaires: Iterable[FormulaireCompile]) -> dict[str, str]:
    """Rend code → libellé des colonnes de ces versions, de la plus récente à la plus ancienne.

    Au plus `ANCIENNES_MAX` anciennes questions, les plus récentes ; une dernière colonne, vide, dit
    combien manquent.
    """
    actuelles: dict[str, str] = {}
    anciennes: dict[str, str] = {}
    for rang, formulaire in enumerate(formulaires):
        for colonne in formulaire.list_colonnes():
            if rang == 0:
                actuelles[colonne.code] = colonne.libelle
            elif colonne.code not in actuelles:
                anciennes.setdefault(colonne.code, f"{colonne.libelle} (ancienne question)")
    gardees = dict(islice(anciennes.items(), ANCIENNES_MAX))
    if absentes := len(anciennes) - len(gardees):
        gardees[""] = f"{absentes} anciennes questions de plus ne sont pas montrées"
    return actuelles | gardees


def _select(demarche: Demarche) -> QuerySet[Dossier]:
    return (
        Dossier.objects.filter(collectivite_id=demarche.collectivite_id, demarche=demarche)
        .exclude(etat=EtatDossier.BROUILLON)
        .only(
            "numero", "reference", "etat", "demandeur", "courriel", "canal", "depose_le",
            "echeance", "decide_le", "motif", "version_id", "reponses",
        )
    )  # fmt: skip


def _read_cellules(dossier: Dossier, formulaire: FormulaireCompile) -> dict[str, Any]:
    valeurs = formulaire.list_cellules(dossier.reponses, maintenant=dossier.depose_instant)
    codes = (colonne.code for colonne in formulaire.list_colonnes())
    return {code: to_cellule(valeur) for code, valeur in zip(codes, valeurs, strict=True)}


def to_cellule(valeur: Any) -> Any:
    """Met une valeur typée en cellule : nombre tel quel, date ISO, oui ou non."""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, Decimal):
        return int(valeur) if valeur == valeur.to_integral_value() else float(valeur)
    propre = to_json(valeur)
    return ", ".join(propre) if isinstance(propre, list) else "" if propre is None else propre


def _read_fixes(dossier: Dossier) -> list[Any]:
    return [
        dossier.numero,
        dossier.reference,
        ETATS[EtatDossier(dossier.etat)],
        dossier.demandeur,
        dossier.courriel,
        CANAUX[Canal(dossier.canal)],
        dossier.depose_le.astimezone(PARIS).strftime("%Y-%m-%d %H:%M") if dossier.depose_le else "",
        dossier.echeance.isoformat() if dossier.echeance else "",
        dossier.decide_le.astimezone(PARIS).strftime("%Y-%m-%d %H:%M") if dossier.decide_le else "",
        dossier.motif,
    ]


def write_xlsx(lignes: Iterable[list[Any]]) -> IO[bytes]:
    """Rend un classeur XLSX écrit à mémoire constante. Un texte n’y est jamais une formule."""
    from xlsxwriter import Workbook  # noqa: PLC0415  lourd, et rarement utile

    fichier: IO[bytes] = SpooledTemporaryFile(max_size=5_000_000)  # noqa: SIM115
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    classeur = Workbook(fichier, options)
    feuille = classeur.add_worksheet("Dossiers")
    feuille.freeze_panes(1, 2)
    gras = classeur.add_format({"bold": True, "bottom": 1})
    for rang, ligne in enumerate(lignes):
        for colonne, valeur in enumerate(ligne):
            feuille.write(rang, colonne, neutralize(valeur), gras if rang == 0 else None)
    classeur.close()
    fichier.seek(0)
    return fichier
