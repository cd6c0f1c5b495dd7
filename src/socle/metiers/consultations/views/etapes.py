"""Une étape d’une réponse : la trouver, la lire, la montrer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from socle.fondations.collectivites.queries import PROGRAMME
from socle.fondations.collectivites.services import get_programme
from socle.fondations.commun.adresses import prefixe
from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.presentation import EtapeDuFil
from socle.fondations.documents.ports import Regles
from socle.fondations.documents.services import receive_document
from socle.fondations.formulaires.definition import PieceJustificative
from socle.fondations.formulaires.moteur import FormulaireCompile, Saisie, update_pieces
from socle.fondations.formulaires.rendu import ContexteRendu, PageRendue, render_page
from socle.metiers.consultations.models import Reponse
from socle.metiers.consultations.queries.formulaires import get_formulaire

FICHIERS_MAX = 40
POIDS_MAX = 500_000_000


@dataclass(frozen=True, slots=True)
class Etape:
    """Une page visible de la réponse, à son rang (1 pour la première)."""

    reponse: Reponse
    formulaire: FormulaireCompile
    page_id: str
    rang: int
    total: int
    titres: tuple[str, ...]
    maintenant: datetime

    @property
    def est_derniere(self) -> bool:
        return self.rang == self.total

    def read(self, request: HttpRequest, *, exiger: bool) -> Saisie:
        """Lit la page postée ; sans `exiger`, rien n’est obligatoire."""
        return self.formulaire.read_page(
            self.page_id, request.POST, request.FILES, self.reponse.saisie,
            maintenant=self.maintenant, exiger=exiger,
        )  # fmt: skip

    def render(self, saisie: Saisie | None = None) -> PageRendue:
        adresse = reverse("consultations:etape", args=[self.reponse.cle, self.rang])
        return render_page(
            self.formulaire,
            self.page_id,
            saisie.valeurs if saisie else self.reponse.saisie,
            maintenant=self.maintenant,
            saisie=saisie,
            contexte=ContexteRendu(
                url_recalculer=f"{adresse}?zone=1",
                url_enregistrer=f"{adresse}?auto=1",
                make_url_document=build_url_fichier,
            ),
        )


def find_etape(reponse: Reponse, rang: int) -> Etape | None:
    """Rend l’étape de ce rang parmi les pages visibles, ou None au-delà de la dernière."""
    maintenant = timezone.now()
    formulaire = get_formulaire(reponse.campagne)
    pages = formulaire.list_pages(reponse.saisie, maintenant=maintenant)
    if not 1 <= rang <= len(pages):
        return None
    titres = tuple(p.page.titre for p in pages)
    return Etape(reponse, formulaire, pages[rang - 1].id, rang, len(pages), titres, maintenant)


def build_navigation(etape: Etape) -> list[EtapeDuFil]:
    """Rend les étapes du formulaire ; celles déjà faites se rouvrent."""
    cle = etape.reponse.cle
    fil = [
        EtapeDuFil(
            libelle=titre,
            statut="fait" if rang < etape.rang else "ici" if rang == etape.rang else "avenir",
            url=reverse("consultations:etape", args=[cle, rang]) if rang < etape.rang else "",
        )
        for rang, titre in enumerate(etape.titres, 1)
    ]
    return [*fil, EtapeDuFil(libelle="Relire et déposer")]


def build_url_fichier(document: str) -> str:
    """Adresse d’un fichier joint, dans l’entrepôt du programme."""
    with prefixe(f"/c/{PROGRAMME}/"):
        return reverse(
            "documents:telecharger", urlconf=settings.URLCONF_COLLECTIVITE, args=[document]
        )


def receive_pieces(etape: Etape, saisie: Saisie, acteur: str) -> None:
    """Range les fichiers admis de la page, hors transaction ; dit pourquoi un refus."""
    for chemin, fichiers in saisie.fichiers.items():
        regles = _build_regles(etape.formulaire, chemin)
        for fichier in fichiers:
            try:
                piece = _receive_piece(etape.reponse, fichier, regles, acteur)
            except ErreurMetier as refus:
                saisie.erreurs[chemin] = f"{refus.message} {refus.suite}".strip()
            else:
                update_pieces(saisie.valeurs, chemin, ajouter=[piece])


def _receive_piece(reponse: Reponse, fichier: Any, regles: Regles, acteur: str) -> dict[str, Any]:
    document = receive_document(
        collectivite=get_programme(), fichier=fichier, nom=fichier.name or "fichier",
        objet=reponse.objet, depose_par=acteur, maintenant=timezone.now(), regles=regles,
    )  # fmt: skip
    return {
        "document": str(document.pk), "nom": document.nom, "taille": document.taille,
        "type_mime": document.type_mime,
    }  # fmt: skip


def _build_regles(formulaire: FormulaireCompile, chemin: str) -> Regles:
    champ = formulaire.structure.champs[chemin.rpartition("-")[2]].champ
    if not isinstance(champ, PieceJustificative):
        return Regles()
    return Regles(
        taille_max=champ.taille_max, familles=frozenset(champ.formats), nombre_max=FICHIERS_MAX,
        total_max=POIDS_MAX,
    )  # fmt: skip
