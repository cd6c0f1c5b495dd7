"""Pages de l’opérateur : les collectivités de l’installation."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.administration import queries, services
from socle.fondations.administration.errors import FicheModifieeAilleurs
from socle.fondations.administration.forms import AccesExistantForm, CreationForm, InviteForm
from socle.fondations.administration.views.reglages import read_initial, show_versions
from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.queries import search_collectivites
from socle.fondations.commun.adresses import build_adresse, build_origine
from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.locataire import locataire
from socle.fondations.commun.pagination import paginate_keyset
from socle.fondations.commun.presentation import Ecriture
from socle.fondations.comptes.adapters import AdaptateurComptes
from socle.fondations.comptes.models import Invitation
from socle.fondations.comptes.permissions import operateur_requis

PAR_PAGE = 50
ACCES = ("slug", "hote", "active")


@operateur_requis
@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Collectivités de l’installation, les dernières arrivées d’abord."""
    texte = request.GET.get("q", "")[:100]
    page = paginate_keyset(
        search_collectivites(texte, actives=False),
        cles=("id",),
        apres=request.GET.get("apres", ""),
        taille=PAR_PAGE,
    )
    objets = "collectivité" if len(page.lignes) == 1 else "collectivités"
    contexte = {"texte": texte, "page": page, "suivante": "", "objets": objets}
    if page.suivante:
        adresse = request.GET.copy()
        adresse["apres"] = page.suivante
        contexte["suivante"] = f"?{adresse.urlencode()}"
    return render(request, "administration/liste.html", contexte)


@operateur_requis
@require_http_methods(["GET", "HEAD", "POST"])
def nouvelle(request: HttpRequest) -> HttpResponse:
    """Accueille une collectivité : la chercher dans le COG, relire sa fiche, l’ouvrir."""
    texte = request.GET.get("q", "")[:100]
    fiche = queries.find_fiche(request.GET.get("choix", ""))
    montre = request.method == "POST" or fiche is not None or "autre" in request.GET
    form = CreationForm(request.POST or None, initial=fiche or {})
    if form.is_valid():
        try:
            return _create(request, form)
        except ErreurMetier as refus:
            form.add_error(None, f"{refus.message} {refus.suite}")
    contexte = {
        "texte": texte,
        "trouvees": queries.search_propositions(texte) if texte and not montre else [],
        "form": form if montre else None,
    }
    return render(request, "administration/nouvelle.html", contexte)


def _create(request: HttpRequest, form: CreationForm) -> HttpResponse:
    fiche: dict[str, Any] = dict(form.cleaned_data)
    administrateur = fiche.pop("administrateur")
    collectivite, invitation, jeton = services.create_collectivite(
        fiche=fiche,
        administrateur=administrateur,
        par=request.user,  # type: ignore[arg-type]
        maintenant=timezone.now(),
    )
    if invitation:
        _send_invitation(request, collectivite, invitation, jeton)
    messages.success(request, f"{collectivite.nom} est ouverte.")
    return redirect("administration:collectivite", collectivite.pk)


def _send_invitation(
    request: HttpRequest, collectivite: Collectivite, invitation: Invitation, jeton: str
) -> None:
    adresse = build_adresse("comptes:invitation", collectivite, jeton)
    AdaptateurComptes(request).send_mail(
        "comptes/courriels/invitation",
        invitation.courriel,
        {"invitation": invitation, "adresse": adresse},
    )


@operateur_requis
@require_http_methods(["GET", "HEAD", "POST"])
def collectivite(request: HttpRequest, pk: int) -> HttpResponse:
    """Fiche d’une collectivité : son adresse, son nom d’hôte, ouverte ou fermée."""
    trouvee = get_object_or_404(Collectivite, pk=pk)
    form = AccesExistantForm(request.POST or None, initial=read_initial(trouvee, ACCES))
    if form.is_valid():
        try:
            services.change_acces(
                collectivite=trouvee,
                par=request.user,  # type: ignore[arg-type]
                maintenant=timezone.now(),
                **form.cleaned_data,
            )
        except FicheModifieeAilleurs as refus:
            actuelle = get_object_or_404(Collectivite, pk=pk)
            ecriture = Ecriture(le=actuelle.modifie_le)
            show_versions(request, form, refus, read_initial(actuelle, ACCES), ecriture)
        except ErreurMetier as refus:
            form.add_error(None, f"{refus.message} {refus.suite}")
        else:
            messages.success(request, "L’accès est enregistré.")
            return redirect("administration:collectivite", pk)
    return _render_fiche(request, pk, form, InviteForm())


@operateur_requis
@require_POST
def inviter(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite une administratrice."""
    trouvee = get_object_or_404(Collectivite, pk=pk)
    form = InviteForm(request.POST)
    if not form.is_valid():
        acces = AccesExistantForm(initial=read_initial(trouvee, ACCES))
        return _render_fiche(request, pk, acces, form)
    with locataire(trouvee.pk):
        invitation, jeton = services.invite_administrateur(
            collectivite=trouvee,
            courriel=form.cleaned_data["administrateur"],
            par=request.user,  # type: ignore[arg-type]
            maintenant=timezone.now(),
        )
    _send_invitation(request, trouvee, invitation, jeton)
    messages.success(request, f"L’invitation part à {invitation.courriel}.")
    return redirect("administration:collectivite", pk)


def _render_fiche(
    request: HttpRequest, pk: int, acces: AccesExistantForm, invite: InviteForm
) -> HttpResponse:
    trouvee = get_object_or_404(Collectivite, pk=pk)  # relue : le formulaire a pu la changer
    adresse = build_origine(trouvee) + ("/" if trouvee.hote else f"/c/{trouvee.slug}/")
    contexte = {"trouvee": trouvee, "adresse": adresse, "form": acces, "invite": invite}
    statut = FicheModifieeAilleurs.statut if getattr(acces, "conflit", None) else 200
    return render(request, "administration/collectivite.html", contexte, status=statut)
