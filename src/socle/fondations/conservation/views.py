"""Pages des règles de conservation : la liste, en créer, en corriger."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.verrou import show_conflit
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.permissions import has_role, role_requis
from socle.fondations.comptes.queries import find_ecriture
from socle.fondations.conservation import queries, services
from socle.fondations.conservation.errors import RegleChangee, RegleDejaPresente
from socle.fondations.conservation.forms import RegleForm, read_initial
from socle.fondations.conservation.models import RegleDeConservation
from socle.fondations.conservation.permissions import REGLEURS

CHANGEMENTS_MONTRES = 10


@role_requis(*REGLEURS)
@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Règles de la collectivité, et combien de démarches suivent chacune."""
    collectivite = request.collectivite  # type: ignore[attr-defined]
    regles = list(queries.list_regles(collectivite))
    emplois = queries.map_emplois(collectivite)
    contexte = {
        "lignes": [(regle, len(emplois.get(regle.pk, []))) for regle in regles],
        "a_confirmer": sum(regle.a_confirmer for regle in regles),
        "manquantes": services.count_manquantes(collectivite),
    }
    return render(request, "conservation/liste.html", contexte)


@role_requis(*REGLEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def nouvelle(request: HttpRequest) -> HttpResponse:
    """Crée une règle, vide ou à partir d’une autre (`?depuis=`)."""
    modele = _find_modele(request)
    initial: dict[str, Any] = {"a_confirmer": True, "communicabilite": "AR048"}
    if modele:
        initial = read_initial(modele) | {"code": ""}
    form = RegleForm(request.POST or None, initial=initial, regle=modele)
    if form.is_valid():
        try:
            regle = services.create_regle(
                collectivite=request.collectivite,  # type: ignore[attr-defined]
                acteur=request.user.acteur,  # type: ignore[union-attr]
                maintenant=timezone.now(),
                **form.read_champs(),
            )
        except ErreurMetier as refus:
            _add_refus(form, refus)
        else:
            messages.success(request, f"La règle « {regle.intitule} » est créée.")
            return redirect("conservation:liste")
    return render(request, "conservation/regle.html", {"form": form, "modele": modele})


@role_requis(*REGLEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def regle(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrige une règle, en montrant qui la suit et ce que le changement entraîne."""
    collectivite = request.collectivite  # type: ignore[attr-defined]
    trouvee = get_object_or_404(RegleDeConservation, collectivite=collectivite, pk=pk)
    emplois = queries.map_emplois(collectivite).get(trouvee.pk, [])
    form = RegleForm(
        request.POST or None,
        initial=read_initial(trouvee) | read_marque(trouvee),
        regle=trouvee,
        publiee=any(emploi.publie for emploi in emplois),
    )
    if form.is_valid() and _save(request, trouvee, form):
        return redirect("conservation:liste")
    contexte = {
        "form": form,
        "regle": trouvee,
        "emplois": emplois,
        "ouvre_demarches": has_role(request.user, collectivite, Role.ADMINISTRATEUR),  # type: ignore[arg-type]
        "changements": queries.list_changements(trouvee)[:CHANGEMENTS_MONTRES],
    }
    statut = RegleChangee.statut if getattr(form, "conflit", None) else 200
    return render(request, "conservation/regle.html", contexte, status=statut)


@role_requis(*REGLEURS)
@require_POST
def proposees(request: HttpRequest) -> HttpResponse:
    """Ajoute les règles proposées qui manquent ; aucune règle en place n’est touchée."""
    nombre = services.add_regles_proposees(
        collectivite=request.collectivite,  # type: ignore[attr-defined]
        acteur=request.user.acteur,  # type: ignore[union-attr]
        maintenant=timezone.now(),
    )
    messages.success(request, f"Règles ajoutées : {nombre}. Elles sont toutes à confirmer.")
    return redirect("conservation:liste")


def _save(request: HttpRequest, regle: RegleDeConservation, form: RegleForm) -> bool:
    try:
        gardee = services.update_regle(
            regle=regle,
            acteur=request.user.acteur,  # type: ignore[union-attr]
            maintenant=timezone.now(),
            empreinte=form.cleaned_data["empreinte"] or "",
            **form.read_champs(),
        )
    except RegleChangee as refus:
        regle.refresh_from_db()
        lecteur: Any = request.user
        ecriture = find_ecriture(
            objet=f"regle:{regle.pk}", actions=["regle.modifiee"], lecteur=lecteur
        )
        show_conflit(
            form,
            refus,
            actuel=read_initial(regle),
            marque=read_marque(regle),
            prendre=request.path,
            ecriture=ecriture,
        )
        return False
    except ErreurMetier as refus:
        _add_refus(form, refus)
        return False
    messages.success(request, f"La règle « {gardee.intitule} » est enregistrée.")
    return True


def read_marque(regle: RegleDeConservation) -> dict[str, str]:
    """Rend l’empreinte que le formulaire cache."""
    return {"empreinte": services.compute_empreinte(regle)}


def _add_refus(form: RegleForm, refus: ErreurMetier) -> None:
    champ = "code" if isinstance(refus, RegleDejaPresente) else None
    form.add_error(champ, f"{refus.message} {refus.suite}")


def _find_modele(request: HttpRequest) -> RegleDeConservation | None:
    depuis = request.GET.get("depuis", "")
    if not depuis.isdecimal() or len(depuis) > 15:
        return None
    regles = queries.list_regles(request.collectivite)  # type: ignore[attr-defined]
    return regles.filter(pk=int(depuis)).first()
