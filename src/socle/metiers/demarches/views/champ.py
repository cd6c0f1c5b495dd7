"""Réglages d’un champ : ses attributs, sa condition, sa formule, son modèle à remplir."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.locataire import hors_transaction, locataire
from socle.fondations.comptes.permissions import mark_roles, role_requis
from socle.fondations.documents.services import receive_document
from socle.fondations.formulaires import edition
from socle.fondations.formulaires.conditions import describe_condition
from socle.fondations.formulaires.edition.champ import ChampForm
from socle.fondations.formulaires.edition.groupes import EXPLICATIONS
from socle.fondations.formulaires.ports import sources
from socle.fondations.formulaires.types import types
from socle.metiers.demarches import queries
from socle.metiers.demarches.forms.elements import ModeleForm
from socle.metiers.demarches.forms.formule import (
    check_formule,
    list_emplois,
    list_mots,
    read_formule,
)
from socle.metiers.demarches.models import Demarche, Version
from socle.metiers.demarches.services.modele import REGLES, make_objet
from socle.metiers.demarches.views import au_fil
from socle.metiers.demarches.views.chantier import (
    EDITEURS,
    Geste,
    answer_reglages,
    get_chantier,
    keep_revision,
    redirect_editeur,
    refuse,
    save,
    save_reglages,
    show_faux,
)

GABARIT = "demarches/agent/champ.html"
AUTRE_SOURCE = "pressez « Enregistrer » pour changer de service et dire où vont ses données."


@role_requis(*EDITEURS, par_service=True)
@require_http_methods(["GET", "HEAD", "POST"])
def champ(request: HttpRequest, pk: int, champ_id: str) -> HttpResponse:
    """Règle un champ."""
    demarche, version = get_chantier(request, pk)
    actuel = edition.find_champ(version.definition, champ_id)
    ouverture = queries.find_suite(version, au_fil.read_onglet(request))
    depart = edition.find_champ(ouverture.avant, champ_id) if ouverture else actuel
    formulaire = ChampForm(
        request.POST or None, champ=actuel, definition=version.definition, depart=depart
    )
    contexte = build_contexte(request, demarche, version, formulaire)
    if request.method != "POST":
        return render(request, GABARIT, contexte)
    valide = formulaire.is_valid()
    if "verifier" in request.POST:
        return au_fil.show_page(request, GABARIT, contexte, 200)
    if not valide:
        return show_faux(request, GABARIT, contexte)
    return _save_champ(request, contexte)


def _save_champ(request: HttpRequest, contexte: dict[str, Any]) -> HttpResponse:
    pk, actuel = contexte["demarche"].pk, contexte["champ"]
    champ_id, attributs = actuel["id"], contexte["formulaire"].attributs()
    libelle = attributs.get("libelle") or actuel.get("libelle") or champ_id
    change_source = attributs.get("code") and attributs["code"] != actuel.get("code")
    if change_source and au_fil.is_au_fil(request):
        return answer_reglages(request, contexte, AUTRE_SOURCE)

    def lead() -> HttpResponse:
        if change_source:
            return redirect("demarches:champ", pk, champ_id)  # reste à dire où vont ses données
        return redirect_editeur(pk, f"regler-{champ_id}")

    changement: tuple[Geste, str] = (
        lambda d: edition.update_champ(d, champ_id, **attributs),
        f"« {libelle} » modifié",
    )
    return save_reglages(request, GABARIT, contexte, changement, lead)


def build_contexte(
    request: HttpRequest, demarche: Demarche, version: Version, formulaire: ChampForm
) -> dict[str, Any]:
    """Rend ce que montre la page de réglages, selon le type du champ."""
    actuel = formulaire.champ
    type_ = actuel["type"]
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "version": version,
        "revision": keep_revision(request, version),
        "formulaire": formulaire,
        "champ": actuel,
        "nom_type": types[type_].nom,
        "explication": EXPLICATIONS[type_],
        "titre": actuel.get("libelle") or types[type_].nom,
        "phrase": describe_condition(actuel.get("condition"), formulaire.contexte.champs),
        "places": list_places(version.definition, actuel),
        "modele": actuel.get("modele"),
        "source": sources.get(actuel.get("code", "")) if type_ == "source" else None,
        "mots": [],
    } | au_fil.prepare(request, formulaire)
    if type_ == "champ_calcule":
        contexte |= {
            "verdict": check_formule(
                version.definition, actuel["id"], read_formule(request.POST, actuel)
            ),
            "mots": list_mots(version.definition, actuel["id"]),
            "emplois": list_emplois(),
        }
    if type_ == "piece_justificative":
        contexte["modele_form"] = ModeleForm(auto_id="modele_%s")
    return contexte


def list_places(
    definition: edition.Definition, actuel: dict[str, Any]
) -> list[tuple[str, str, int]]:
    """Rend les pages et blocs où ce champ peut aller : identifiant, nom, rang d’arrivée."""
    champs, _ = edition.find_place(definition, actuel["id"])
    places = []
    for page in definition.get("pages", []):
        if page["champs"] is not champs:
            places.append((page["id"], f"Page « {page.get('titre', '')} »", len(page["champs"])))
        for bloc in page["champs"]:
            interdit = actuel["type"] in edition.HORS_BLOC or bloc.get("champs") is champs
            if bloc["type"] == "bloc_repetable" and not interdit:
                nom = f"Bloc « {bloc.get('libelle', '')} »"
                places.append((bloc["id"], nom, len(bloc.get("champs", []))))
    return places


@hors_transaction
def modele(request: HttpRequest, pk: int, champ_id: str) -> HttpResponse:
    """Joint un modèle à remplir à une pièce, ou l’ôte. Les octets passent hors transaction."""
    with locataire(request.collectivite.pk, personne_id=request.user.pk):
        check_piece(request, pk, champ_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    formulaire, nouveau = ModeleForm(request.POST, request.FILES), None
    if "oter" not in request.POST:
        if not formulaire.is_valid():
            return refuse(request, ErreurMetier("Choisissez un fichier."), pk, f"regler-{champ_id}")
        try:
            document = receive_document(
                collectivite=request.collectivite,
                fichier=formulaire.cleaned_data["fichier"],
                nom=formulaire.cleaned_data["fichier"].name,
                objet=make_objet(pk),
                depose_par=request.user.acteur,
                maintenant=timezone.now(),
                regles=REGLES,
            )
        except ErreurMetier as refus:
            return refuse(request, refus, pk, f"regler-{champ_id}")
        nouveau = {"document": str(document.pk), "nom": document.nom}
    with locataire(request.collectivite.pk, personne_id=request.user.pk):
        return _save_modele(request, pk, champ_id, nouveau)


mark_roles(modele, *EDITEURS, par_service=True)  # vérifiés par `check_piece`


@role_requis(*EDITEURS, par_service=True)
def check_piece(request: HttpRequest, pk: int, champ_id: str) -> HttpResponse:
    """Vérifie le rôle, la démarche et le champ avant de recevoir le moindre octet."""
    _, version = get_chantier(request, pk)
    trouve = edition.find_champ(version.definition, champ_id)
    if trouve["type"] != "piece_justificative":
        raise edition.ElementAbsent
    return HttpResponse()


def _save_modele(
    request: HttpRequest, pk: int, champ_id: str, nouveau: dict[str, str] | None
) -> HttpResponse:
    demarche, version = get_chantier(request, pk)
    libelle = f"Modèle « {nouveau['nom']} » joint" if nouveau else "Modèle retiré"
    try:
        save(
            request,
            demarche,
            version,
            lambda d: edition.set_modele(d, champ_id, nouveau),
            libelle,
        )
    except ErreurMetier as refus:
        return refuse(request, refus, pk, f"regler-{champ_id}")
    return redirect(reverse("demarches:champ", args=[pk, champ_id]) + "#modele")
