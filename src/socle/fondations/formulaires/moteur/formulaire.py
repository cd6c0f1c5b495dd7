"""Le formulaire compilé, vu de dehors."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from socle.fondations.formulaires.definition import Formulaire, Siret, Source
from socle.fondations.formulaires.errors import PageInconnue
from socle.fondations.formulaires.moteur import completude, differences, duree, echanges, resume
from socle.fondations.formulaires.moteur import saisie as lecture
from socle.fondations.formulaires.moteur.etat import Etat, evaluate, read_jour
from socle.fondations.formulaires.moteur.structure import (
    ChampCompile,
    PageCompilee,
    Structure,
    compile_structure,
)
from socle.fondations.formulaires.ports import Etablissement, ReponseSource
from socle.fondations.formulaires.types import Colonne, FragmentSeda
from socle.fondations.formulaires.types.identifiant import is_cherche, write_etablissement
from socle.fondations.formulaires.valeurs import Json, Reponses, Valeur


class FormulaireCompile:
    """Un formulaire prêt à servir. Sans état : partagé par toutes les requêtes.

    `maintenant` est l’instant de la saisie, avec fuseau ; pour un dossier déposé, celui du dépôt,
    afin que « aujourd’hui » et les âges ne changent plus. `facultatifs` : types de champ qui ne
    s’exigent pas ici.
    """

    def __init__(self, definition: Formulaire, facultatifs: Collection[str] = ()) -> None:
        self.definition = definition
        self.structure: Structure = compile_structure(definition, facultatifs)

    @property
    def nombre_champs(self) -> int:
        return len(self.structure.champs)

    def evaluate(self, reponses: Reponses, *, maintenant: datetime) -> Etat:
        """Rend ce qui est visible, les valeurs typées et les calculs."""
        return evaluate(self.structure, reponses, read_jour(maintenant))

    def list_pages(self, reponses: Reponses, *, maintenant: datetime) -> list[PageCompilee]:
        """Rend les pages que ces réponses rendent visibles."""
        return self.evaluate(reponses, maintenant=maintenant).list_pages()

    def get_page(self, page: str, etat: Etat) -> PageCompilee:
        """Rend une page visible.

        Raises:
            PageInconnue: la page n’existe pas ou est masquée.
        """
        compilee = self.structure.pages_par_id.get(page)
        if compilee is None or not etat.is_page_visible(page):
            raise PageInconnue
        return compilee

    def read_page(
        self,
        page_id: str,
        donnees_post: Mapping[str, Any],
        fichiers: Mapping[str, Any],
        reponses: Reponses,
        *,
        maintenant: datetime,
        exiger: bool = True,
    ) -> lecture.Saisie:
        """Lit une page postée.

        Args:
            exiger: faux pour un enregistrement automatique : rien n’est alors obligatoire.

        Raises:
            PageInconnue: la page n’existe pas ou est masquée.
        """
        page = self.get_page(page_id, self.evaluate(reponses, maintenant=maintenant))
        return lecture.read_page(
            self.structure,
            page,
            donnees_post,
            fichiers,
            reponses,
            read_jour(maintenant),
            exiger=exiger,
        )

    def calculate(self, reponses: Reponses, *, maintenant: datetime) -> dict[str, resume.Calcul]:
        """Rend chaque champ calculé visible, par chemin, avec son détail."""
        return resume.calculate(self.structure, reponses, read_jour(maintenant))

    def fill_calculs(self, reponses: Reponses, *, maintenant: datetime) -> dict[str, Json]:
        """Rend les réponses avec les champs calculés à jour."""
        return completude.fill_calculs(self.structure, reponses, read_jour(maintenant))

    def check_complet(
        self, reponses: Reponses, pieces: Collection[str] | None = None, *, maintenant: datetime
    ) -> list[completude.ErreurDepot]:
        """Rend tout ce qui empêche le dépôt. `pieces` : identifiants des documents acceptés."""
        return completude.check_complet(self.structure, reponses, read_jour(maintenant), pieces)

    def clean_masquees(self, reponses: Reponses, *, maintenant: datetime) -> dict[str, Json]:
        """Rend les réponses à déposer : visibles, calculées, sans ligne vide."""
        return completude.clean_masquees(self.structure, reponses, read_jour(maintenant))

    def lines_resume(self, reponses: Reponses, *, maintenant: datetime) -> list[resume.PageResume]:
        """Rend les réponses visibles pour le résumé, l’accusé et l’agent."""
        return resume.lines_resume(self.structure, reponses, read_jour(maintenant))

    def projection(self, reponses: Reponses, *, maintenant: datetime) -> dict[str, Valeur]:
        """Rend identifiant → valeur typée, pour les colonnes d’une liste."""
        return resume.make_projection(self.structure, reponses, read_jour(maintenant))

    def search_text(self, reponses: Reponses, *, maintenant: datetime) -> str:
        """Rend le texte à indexer pour la recherche."""
        return resume.make_recherche(self.structure, reponses, read_jour(maintenant))

    def duree_estimee(self, depuis: str = "") -> int:
        """Rend la durée estimée en secondes, de la page `depuis` (ou du début) à la fin."""
        pages = list(self.structure.pages)
        rangs = [rang for rang, page in enumerate(pages) if page.id == depuis]
        return duree.estimate_secondes(pages[rangs[0] :] if rangs else pages)

    def list_sources(self, page_id: str = "") -> list[Source]:
        """Rend les blocs de source d’une page, ou de tout le formulaire."""
        return [
            compile_.champ
            for page in self.structure.pages
            for compile_ in page.champs
            if isinstance(compile_.champ, Source) and page_id in ("", page.id)
        ]

    def apply_source(
        self, source: str, reponse: ReponseSource, reponses: Reponses, *, maintenant: datetime
    ) -> echanges.Reception:
        """Reporte la réponse d’une source dans les champs prévus."""
        return echanges.apply_source(
            self.structure, source, reponse, reponses, maintenant, read_jour(maintenant)
        )

    def fail_source(
        self, source: str, message: str, reponses: Reponses, *, maintenant: datetime
    ) -> dict[str, Json]:
        """Note qu’une source n’a pas répondu."""
        return echanges.fail_source(source, message, reponses, maintenant)

    def fill_by_hand(
        self, source: str, reponses: Reponses, *, maintenant: datetime
    ) -> dict[str, Json]:
        """Note que la personne préfère remplir elle-même."""
        return echanges.fill_by_hand(source, reponses, maintenant)

    def attach_pieces(
        self, chemin: str, pieces: Collection[Mapping[str, Any]], reponses: Reponses
    ) -> dict[str, Json]:
        """Rend les réponses avec des documents de plus : {"document", "nom", "taille",
        "type_mime"}."""
        nouvelles = dict(reponses)
        lecture.update_pieces(nouvelles, chemin, ajouter=list(pieces))
        return nouvelles

    def list_sirets(self, page_id: str, reponses: Reponses) -> dict[str, str]:
        """Rend champ → SIRET bien formé que l’annuaire n’a pas encore vu (hors blocs)."""
        valeurs = {
            compile_.id: reponses.get(compile_.id)
            for compile_ in self.structure.pages_par_id[page_id].champs
            if isinstance(compile_.champ, Siret)
        }
        return {
            champ: valeur["siret"]
            for champ, valeur in valeurs.items()
            if isinstance(valeur, dict) and valeur.get("siret") and not is_cherche(valeur)
        }

    def attach_etablissement(
        self, champ: str, siret: str, etablissement: Etablissement | None, reponses: Reponses
    ) -> dict[str, Json]:
        """Rend les réponses avec ce que l’annuaire dit d’un SIRET ; None s’il l’ignore."""
        return {**reponses, champ: write_etablissement(siret, etablissement)}

    def iter_reponses(
        self, reponses: Reponses, *, maintenant: datetime
    ) -> Iterator[tuple[str, ChampCompile, Json]]:
        """Donne (chemin, champ compilé, réponse) de chaque champ visible."""
        yield from self.evaluate(reponses, maintenant=maintenant).iter_reponses()

    def list_colonnes(self) -> list[Colonne]:
        """Rend les colonnes d’export des champs hors bloc."""
        return [c for compile_ in self._list_exportes() for c in compile_.type.list_colonnes(
            compile_.champ)]  # fmt: skip

    def list_cellules(self, reponses: Reponses, *, maintenant: datetime) -> list[Valeur]:
        """Rend les cellules d’une demande, dans l’ordre de `list_colonnes` ; None si masqué."""
        etat = self.evaluate(reponses, maintenant=maintenant)
        cellules: list[Valeur] = []
        for compile_ in self._list_exportes():
            visible = compile_.id in etat.visibles
            calcul = etat.calculs.get(compile_.id)
            if calcul is not None:
                cellules.append(calcul.valeur)
            else:
                valeur = reponses.get(compile_.id) if visible else None
                vide = valeur is None
                lues = compile_.type.list_cellules(compile_.champ, valeur)
                cellules.extend((None,) * len(lues) if vide else lues)
        return cellules

    def _list_exportes(self) -> list[ChampCompile]:
        return [
            c for page in self.structure.pages for c in page.champs
            if c.type.nature != "aucune"
        ]  # fmt: skip

    def export_schema(self) -> dict[str, Any]:
        """Rend le JSON Schema des réponses (2020-12), champs hors bloc et lignes."""
        proprietes = {c.id: _export_champ(c) for c in self._list_exportes()}
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": proprietes,
        }

    def export_seda(self, reponses: Reponses, *, maintenant: datetime) -> list[FragmentSeda]:
        """Rend les réponses visibles et remplies, pour la description archivistique."""
        return [
            compile_.type.export_seda(compile_.champ, valeur)
            for _, compile_, valeur in self.iter_reponses(reponses, maintenant=maintenant)
            if compile_.type.nature != "aucune" and valeur not in (None, "", [], {})
        ]


def _export_champ(compile_: ChampCompile) -> dict[str, Any]:
    schema = {"title": compile_.champ.libelle} | compile_.type.export_schema(compile_.champ)
    if not compile_.enfants:
        return schema
    proprietes = {e.id: _export_champ(e) for e in compile_.enfants if e.type.nature != "aucune"}
    ligne = {
        "ligne": {"type": "string", "pattern": "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"},
        "valeurs": {"type": "object", "properties": proprietes},
    }
    items = {"type": "object", "properties": ligne, "required": ["ligne", "valeurs"]}
    return schema | {"items": items}


def compare_reponses(
    formulaire: FormulaireCompile,
    avant: Reponses,
    apres: Reponses,
    *,
    maintenant: datetime,
    formulaire_avant: FormulaireCompile | None = None,
) -> list[differences.ChangementReponse]:
    """Rend les réponses qui diffèrent, d’une version à l’autre s’il y a lieu."""
    ancienne = (formulaire_avant or formulaire).structure
    jour = read_jour(maintenant)
    return differences.compare_reponses(ancienne, formulaire.structure, avant, apres, jour)
