"""L’équipe : accueil de la diffusion, lettres, inscrits, contacts."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.entiers import read_entier
from socle.fondations.commun.fiches import map_fiches
from socle.fondations.commun.mise_en_forme import render_texte
from socle.fondations.commun.tableur import iter_csv
from socle.fondations.commun.verrou import show_revision
from socle.fondations.referentiels.enums import GenreAutorite, Tranche
from socle.metiers.diffusion.enums import EtatAbonne, EtatLettre
from socle.metiers.diffusion.errors import ContactOppose, ModifieEntreTemps
from socle.metiers.diffusion.exports import tableaux
from socle.metiers.diffusion.forms.equipe import ContactForm, LettreForm
from socle.metiers.diffusion.models import Abonne, Article, Avis, Contact, Evenement, Lettre
from socle.metiers.diffusion.permissions import equipe_requise
from socle.metiers.diffusion.queries import audience
from socle.metiers.diffusion.queries import contacts as lectures
from socle.metiers.diffusion.services import contacts, evenements, lettres
from socle.metiers.diffusion.views.redaction import get_acteur, read_revision

LIGNES = 40
FICHIER_MAX = 40_000


@equipe_requise
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Ce que l’équipe écrit, le plus récent d’abord."""
    articles = list(Article.objects.defer("texte", "recherche").order_by("-modifie_le")[:LIGNES])
    contexte = {
        "articles": articles,
        "lectures": audience.map_lectures([article.cle for article in articles]),
        "evenements": Evenement.objects.defer("texte", "recherche").order_by("-debut")[:LIGNES],
        "lettres": Lettre.objects.defer("texte").order_by("-numero")[:LIGNES],
        "abonnes": Abonne.objects.filter(etat=EtatAbonne.ACTIF).count(),
        "suspendus": Abonne.objects.filter(etat=EtatAbonne.SUSPENDU).count(),
        "contacts": Contact.objects.count(),
    }
    return render(request, "diffusion/equipe/accueil.html", contexte)


@equipe_requise
@require_http_methods(["GET", "HEAD", "POST"])
def lettre_nouvelle(request: HttpRequest) -> HttpResponse:
    """Commencer une lettre."""
    return _write_lettre(request, None)


@equipe_requise
@require_http_methods(["GET", "HEAD", "POST"])
def lettre(request: HttpRequest, numero: int) -> HttpResponse:
    """Un brouillon à corriger et envoyer ; une lettre partie et ses suites."""
    trouvee = _get_lettre(numero)
    if trouvee.etat == EtatLettre.BROUILLON:
        return _write_lettre(request, trouvee)
    contexte = {
        "lettre": trouvee,
        "remises": audience.describe_remises(trouvee),
        "lectures": audience.map_lectures([trouvee.cle]).get(trouvee.cle, 0),
    }
    return render(request, "diffusion/equipe/lettre_partie.html", contexte)


def _read_initial(lettre: Lettre) -> dict[str, Any]:
    noms = ("sujet", "texte", "themes", "territoire", "revision")
    return {nom: getattr(lettre, nom) for nom in noms}


def _write_lettre(request: HttpRequest, trouvee: Lettre | None) -> HttpResponse:
    initial = _read_initial(trouvee) if trouvee else {}
    form = LettreForm(request.POST if request.method == "POST" else None, initial=initial)
    statut = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            ecrite = lettres.save_lettre(
                lettre=trouvee, champs=form.champs, revision=form.cleaned_data["revision"],
                acteur=get_acteur(request), maintenant=timezone.now(),
            )  # fmt: skip
        except ModifieEntreTemps as refus:
            trouvee = _get_lettre(trouvee.numero)  # type: ignore[union-attr]
            show_revision(
                form, refus, objet=trouvee, actuel=_read_initial(trouvee), prendre=request.path
            )
            statut = refus.statut
        else:
            messages.success(request, "Brouillon enregistré.")
            return redirect("diffusion:equipe_lettre", ecrite.numero)
    contexte = {
        "form": form,
        "lettre": trouvee,
        "apercu": render_texte(trouvee.texte, niveau=3) if trouvee else "",
    }
    return render(request, "diffusion/equipe/lettre.html", contexte, status=statut)


@equipe_requise
@require_POST
def lettre_envoyer(request: HttpRequest, numero: int) -> HttpResponse:
    """Met la lettre en file pour ses abonnés."""
    trouvee = lettres.queue_lettre(
        lettre=_get_lettre(numero), revision=read_revision(request), acteur=get_acteur(request),
        maintenant=timezone.now(),
    )  # fmt: skip
    messages.success(request, f"La lettre part vers {trouvee.destinataires} abonnés.")
    return redirect("diffusion:equipe_lettre", numero)


@equipe_requise
@require_POST
def lettre_renvoyer(request: HttpRequest, numero: int) -> HttpResponse:
    """Renvoie ce qu’un arrêt a laissé sans issue connue."""
    nombre = lettres.resend_incertaines(
        lettre=_get_lettre(numero), acteur=get_acteur(request), maintenant=timezone.now()
    )
    messages.success(request, f"{nombre} lettres repartent.")
    return redirect("diffusion:equipe_lettre", numero)


@equipe_requise
@require_http_methods(["GET", "HEAD", "POST"])
def inscrits(request: HttpRequest, slug: str) -> HttpResponse:
    """Inscrits d’un évènement, et qui est venu."""
    evenement = _get_evenement(slug)
    if request.method == "POST":
        presents = {read_entier(p) for p in request.POST.getlist("presents")} - {-1}
        nombre = evenements.save_presences(
            evenement=evenement, presents=presents, acteur=get_acteur(request),
            maintenant=timezone.now(),
        )  # fmt: skip
        gardes = contacts.keep_presents(
            evenement_id=evenement.pk, acteur=get_acteur(request), maintenant=timezone.now()
        )
        pluriel = "s" if nombre > 1 else ""
        messages.success(
            request, f"{nombre} présent{pluriel} noté{pluriel}, {gardes} dans les contacts."
        )
        return redirect("diffusion:equipe_inscrits", slug)
    inscriptions = list(evenement.inscriptions.order_by("etat", "inscrite_le", "pk"))
    contexte = {
        "evenement": evenement,
        "inscriptions": inscriptions,
        "autorites": map_fiches(f"autorite:{i.autorite}" for i in inscriptions if i.autorite),
        "avis": list(Avis.objects.filter(evenement=evenement).order_by("-pk")[:LIGNES]),
    }
    return render(request, "diffusion/equipe/inscrits.html", contexte)


@equipe_requise
@require_safe
def inscrits_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """Inscrits d’un évènement, pour un tableur."""
    evenement = _get_evenement(slug)
    lignes = tableaux.iter_inscrits(evenement.inscriptions.order_by("pk"))
    return _respond_csv(f"inscrits-{evenement.slug}", lignes)


@equipe_requise
@require_http_methods(["GET", "HEAD", "POST"])
def carnet(request: HttpRequest) -> HttpResponse:
    """Contacts, interlocuteurs réguliers ; en ajouter un."""
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        initial={"vu_le": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            contacts.save_contact(
                acteur=get_acteur(request), maintenant=timezone.now(), **form.cleaned_data
            )
        except ContactOppose as refus:
            form.add_error("courriel", str(refus))
        else:
            messages.success(request, "Contact enregistré. Nous l’en avons prévenu par courriel.")
            return redirect("diffusion:equipe_contacts")
    contexte = {
        "form": form,
        "contacts": list(lectures.list_contacts()[:200]),
        "reguliers": lectures.list_reguliers(),
    }
    statut = 422 if form.is_bound else 200
    return render(request, "diffusion/equipe/contacts.html", contexte, status=statut)


@equipe_requise
@require_POST
def contact_effacer(request: HttpRequest, pk: int) -> HttpResponse:
    """Effacer un contact qui s’y oppose de vive voix : il ne reviendra pas."""
    contact = Contact.objects.filter(pk=pk).order_by("pk").first()
    if contact is None:
        raise Http404
    contacts.oppose_contact(contact=contact, acteur=get_acteur(request), maintenant=timezone.now())
    messages.success(request, "Contact effacé. Son adresse ne peut plus être ajoutée.")
    return redirect("diffusion:equipe_contacts")


@equipe_requise
@require_safe
def contacts_csv(request: HttpRequest) -> HttpResponse:
    """Contacts, pour un tableur."""
    return _respond_csv("contacts", tableaux.iter_contacts(lectures.list_contacts()))


@equipe_requise
@require_safe
def cibles(request: HttpRequest) -> HttpResponse:
    """Collectivités jamais venues, par genre, taille et département."""
    filtre = _read_cibles(request)
    page = min(max(read_entier(request.GET.get("page")), 1), 200)
    trouvees, suite = lectures.list_cibles(**filtre, page=page)
    couverture = lectures.list_couverture(genre=filtre["genre"], departement=filtre["departement"])
    parametres = request.GET.copy()
    parametres.pop("page", None)
    contexte = {
        "cibles": trouvees,
        "couverture": couverture,
        "fiches": map_fiches(f"autorite:{cible.cle}" for cible in trouvees),
        "filtre": filtre,
        "genres": GenreAutorite.choices,
        "tranches": Tranche.choices,
        "adresse": f"?{parametres.urlencode()}",
        "suivante": f"?{parametres.urlencode()}&page={page + 1}" if suite else "",
        "precedente": f"?{parametres.urlencode()}&page={page - 1}" if page > 1 else "",
    }
    return render(request, "diffusion/equipe/cibles.html", contexte)


@equipe_requise
@require_safe
def cibles_csv(request: HttpRequest) -> HttpResponse:
    """Collectivités jamais venues, pour un tableur ; 40 000 lignes au plus."""
    trouvees, _ = lectures.list_cibles(**_read_cibles(request), taille=FICHIER_MAX)
    return _respond_csv("collectivites-a-cibler", tableaux.iter_cibles(trouvees))


def _read_cibles(request: HttpRequest) -> dict[str, Any]:
    tranche = read_entier(request.GET.get("tranche"))
    return {
        "genre": request.GET.get("genre", "")[:12],
        "departement": request.GET.get("departement", "")[:3],
        "tranche": tranche if tranche >= 0 else None,
    }


def _respond_csv(nom: str, lignes: Iterable[Any]) -> HttpResponse:
    reponse = HttpResponse(b"".join(iter_csv(lignes)), content_type="text/csv; charset=utf-8")
    jour: date = timezone.localdate()
    reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}-{jour}.csv"'
    return reponse


def _get_lettre(numero: int) -> Lettre:
    trouvee = Lettre.objects.filter(numero=numero).order_by("pk").first()
    if trouvee is None:
        raise Http404
    return trouvee


def _get_evenement(slug: str) -> Evenement:
    trouve = Evenement.objects.filter(slug=slug).order_by("pk").first()
    if trouve is None:
        raise Http404
    return trouve
