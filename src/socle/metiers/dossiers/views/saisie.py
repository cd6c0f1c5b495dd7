"""Une étape du formulaire : la trouver, la lire, la montrer."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from socle.fondations.commun.entiers import read_entier
from socle.fondations.commun.presentation import Conflit, Ecart, EtapeDuFil
from socle.fondations.formulaires.moteur import ChangementReponse, FormulaireCompile, Saisie
from socle.fondations.formulaires.ports import etablissements, sources
from socle.fondations.formulaires.rendu import ContexteRendu, PageRendue, render_page
from socle.metiers.dossiers.errors import DossierModifieAilleurs
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.queries.dossier import get_formulaire_a_remplir
from socle.metiers.dossiers.services.identite import CODE, PROFILS
from socle.metiers.dossiers.services.reponses import list_ecarts
from socle.metiers.dossiers.views.guichet import describe_place

SANS_FRANCECONNECT = "Connectez-vous avec FranceConnect pour éviter de saisir ces réponses."
VIDE = "sans réponse"
AU_GUICHET = "Au guichet, saisissez ces réponses d’après les papiers de la personne."


@dataclass(frozen=True, slots=True)
class Etape:
    """Une page visible du dossier, à son rang (1 pour la première)."""

    dossier: Dossier
    formulaire: FormulaireCompile
    page_id: str
    rang: int
    total: int
    titres: tuple[str, ...]
    maintenant: datetime

    @property
    def reponses(self) -> dict[str, Any]:
        return read_reponses(self.dossier)

    @property
    def est_derniere(self) -> bool:
        return self.rang == self.total

    def read(self, request: HttpRequest, *, exiger: bool) -> Saisie:
        """Lit la page postée ; sans `exiger`, rien n’est obligatoire."""
        return self.formulaire.read_page(
            self.page_id,
            request.POST,
            request.FILES,
            self.reponses,
            maintenant=self.maintenant,
            exiger=exiger,
        )

    def render(self, request: HttpRequest, saisie: Saisie | None = None) -> PageRendue:
        reponses = saisie.valeurs if saisie else self.reponses
        return render_page(
            self.formulaire,
            self.page_id,
            reponses,
            maintenant=self.maintenant,
            saisie=saisie,
            contexte=build_contexte_rendu(request, self.dossier, self.rang),
        )

    def estimate_minutes(self) -> int:
        return max(1, round(self.formulaire.duree_estimee(self.page_id) / 60))


def read_reponses(dossier: Dossier) -> dict[str, Any]:
    """Rend les réponses que l’usager modifie : celles du brouillon, ou de la correction."""
    reponses: dict[str, Any] = dossier.reponses
    return reponses if dossier.correction is None else dossier.correction


def find_etape(dossier: Dossier, rang: int) -> Etape | None:
    """Rend l’étape de ce rang parmi les pages visibles, ou None au-delà de la dernière."""
    maintenant = timezone.now()
    formulaire = get_formulaire_a_remplir(dossier)
    pages = formulaire.list_pages(read_reponses(dossier), maintenant=maintenant)
    if not 1 <= rang <= len(pages):
        return None
    page = pages[rang - 1]
    titres = tuple(p.page.titre for p in pages)
    return Etape(dossier, formulaire, page.id, rang, len(pages), titres, maintenant)


def find_reprise(dossier: Dossier) -> str:
    """Rend l’adresse où reprendre : la première étape inachevée, ou la relecture s’il n’en reste
    pas.
    """
    maintenant = timezone.now()
    formulaire = get_formulaire_a_remplir(dossier)
    reponses = read_reponses(dossier)
    inachevees = {e.page for e in formulaire.check_complet(reponses, maintenant=maintenant)}
    for rang, page in enumerate(formulaire.list_pages(reponses, maintenant=maintenant), 1):
        if page.id in inachevees:
            return reverse("dossiers:etape", args=[dossier.numero, rang])
    return reverse("dossiers:resume", args=[dossier.numero])


def build_contexte_rendu(request: HttpRequest, dossier: Dossier, rang: int) -> ContexteRendu:
    """Donne au rendu ses adresses, et dit quelles sources ne peuvent pas répondre ici."""
    adresse = reverse("dossiers:etape", args=[dossier.numero, rang])
    raison = explain_indisponible(request, dossier)
    codes = [s.code for s in get_formulaire_a_remplir(dossier).list_sources()]
    return ContexteRendu(
        url_recalculer=f"{adresse}?zone=1",
        url_enregistrer=f"{adresse}?auto=1",
        url_communes=reverse("dossiers:communes"),
        annuaire=settings.ANNUAIRE_ETABLISSEMENTS in etablissements,
        make_url_document=lambda document: reverse("documents:telecharger", args=[document]),
        sources_indisponibles=dict.fromkeys(codes, raison) if raison else {},
    )


def explain_indisponible(request: HttpRequest, dossier: Dossier) -> str:
    """Dit pourquoi l’État ne peut pas être interrogé pour ce dossier ; vide si c’est possible."""
    if dossier.saisi_par_id is not None:
        return AU_GUICHET
    connecte = "session" in request.COOKIES or request.user.is_authenticated
    if not connecte or not request.user.is_authenticated:
        return SANS_FRANCECONNECT
    compte = request.user
    if not hasattr(compte, "_a_franceconnect"):
        compte._a_franceconnect = compte.identites.filter(profil__in=PROFILS).exists()  # noqa: SLF001
    return "" if compte._a_franceconnect else SANS_FRANCECONNECT  # noqa: SLF001


def build_contexte(
    request: HttpRequest,
    etape: Etape,
    *,
    saisie: Saisie | None = None,
    conflit: DossierModifieAilleurs | None = None,
) -> dict[str, Any]:
    """Rassemble ce que montre une étape, erreurs ou conflit compris."""
    dossier = etape.dossier
    ecarts = []
    if conflit is not None and saisie is not None:
        dossier.refresh_from_db(fields=["reponses", "correction", "revision", "modifie_le"])
        ecarts = list_ecarts(
            etape.formulaire, etape.reponses, saisie.valeurs, maintenant=etape.maintenant
        )
    return {
        "dossier": dossier,
        "demarche": dossier.demarche,
        "etape": etape,
        "rendu": etape.render(request, saisie),
        "revision": dossier.revision,
        "onglet": secrets.token_hex(8),
        "etapes": build_navigation(etape),
        "minutes": etape.estimate_minutes(),
        "conflit": conflit and describe_conflit(etape, conflit, ecarts),
    } | describe_place(dossier)


def describe_conflit(
    etape: Etape, refus: DossierModifieAilleurs, ecarts: list[ChangementReponse]
) -> Conflit:
    """Rend les deux versions des réponses de cette page."""
    return Conflit(
        message=refus.message,
        prendre=reverse("dossiers:etape", args=[etape.dossier.numero, etape.rang]),
        ecarts=[
            Ecart(libelle=e.libelle, enregistre=e.avant or VIDE, saisi=e.apres or VIDE)
            for e in ecarts
        ],
        le=etape.dossier.modifie_le,
        nom="_action",
        valeur="continuer",
    )


def build_navigation(etape: Etape) -> list[EtapeDuFil]:
    """Rend les étapes du formulaire ; celles déjà faites se rouvrent."""
    numero = etape.dossier.numero
    fil = [
        EtapeDuFil(
            libelle=titre,
            statut="fait" if rang < etape.rang else "ici" if rang == etape.rang else "avenir",
            url=reverse("dossiers:etape", args=[numero, rang]) if rang < etape.rang else "",
        )
        for rang, titre in enumerate(etape.titres, 1)
    ]
    return [*fil, EtapeDuFil(libelle="Relire et déposer")]


def read_revision(request: HttpRequest, dossier: Dossier) -> int:
    """Rend la révision que la page montrait ; absente ou illisible, celle d’aujourd’hui."""
    return read_entier(request.POST.get("revision"), dossier.revision)


def read_onglet(request: HttpRequest) -> str:
    """Rend le nom que la page s’est vu donner ; une page sans nom ne se suit pas elle-même."""
    lu = request.POST.get("onglet", "")
    return lu if lu.isalnum() and len(lu) <= 32 else ""


def is_source_appelable(code: str) -> bool:
    return code in sources and code != CODE
