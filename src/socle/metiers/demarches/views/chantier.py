"""Ce que partagent les pages de l’éditeur : le brouillon, la révision vue, l’enregistrement."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from socle.fondations.commun.entiers import read_entier
from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.presentation import Ecriture
from socle.fondations.commun.verrou import show_conflit
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.permissions import Portee, read_portee
from socle.fondations.formulaires.conditions import describe_condition
from socle.fondations.formulaires.definition import Formulaire
from socle.fondations.formulaires.edition.gestes import Definition
from socle.fondations.formulaires.moteur import compare_versions
from socle.fondations.formulaires.types import types
from socle.fondations.formulaires.validation import Anomalie, check_formulaire
from socle.metiers.demarches import queries, services
from socle.metiers.demarches.errors import VersionModifieeAilleurs
from socle.metiers.demarches.forms.elements import AjoutForm, NouvellePageForm
from socle.metiers.demarches.models import Demarche, Version
from socle.metiers.demarches.views import au_fil

EDITEURS = (Role.ADMINISTRATEUR,)
LECTEURS = (Role.ADMINISTRATEUR, Role.INSTRUCTEUR, Role.VALIDEUR, Role.DPO, Role.ARCHIVISTE)
REVISION_MAX = 10**9
Geste = Callable[[Definition], Definition]


def read_editables(request: HttpRequest) -> Portee:
    """Rend les services dont l’agent change les démarches."""
    return read_portee(request.user, request.collectivite, *EDITEURS)


def get_demarche(request: HttpRequest, pk: int) -> Demarche:
    """Rend une démarche que l’agent peut changer, sinon 404.

    L’administrateur d’un service construit, publie et ferme les démarches de ce service, et nulle
    autre : une mairie confie ainsi ses formulaires à qui répond aux usagers, sans lui donner les
    réglages ni les dossiers du reste de la maison.
    """
    siennes = queries.list_demarches(request.collectivite, read_editables(request))
    demarche = siennes.filter(pk=pk).first()
    if demarche is None:
        raise Http404
    return demarche


def get_chantier(request: HttpRequest, pk: int) -> tuple[Demarche, Version]:
    """Rend la démarche et son brouillon, ou celui que le premier geste ouvrirait."""
    demarche = get_demarche(request, pk)
    return demarche, queries.get_chantier(demarche)


def read_revision(request: HttpRequest, version: Version) -> int:
    """Rend la révision que la personne a sous les yeux."""
    return read_entier(request.POST.get("revision"), version.revision)


def save(
    request: HttpRequest, demarche: Demarche, version: Version, geste: Geste, libelle: str
) -> bool:
    """Applique un geste à ce que la personne a vu ; rend faux s’il ne change rien.

    Raises:
        VersionModifieeAilleurs: le brouillon a changé depuis.
        ErreurMetier: geste impossible.
    """
    revision, onglet = read_revision(request, version), au_fil.read_onglet(request)
    if revision != version.revision and queries.find_suite(version, onglet) is None:
        raise VersionModifieeAilleurs
    definition = geste(version.definition)
    if definition == version.definition:
        return False
    version.revision = services.update_brouillon(
        demarche=demarche,
        definition=definition,
        revision=revision,
        libelle=libelle,
        agent=request.user,
        maintenant=timezone.now(),
        onglet=onglet,
        garde=au_fil.is_au_fil(request),
    ).revision
    return True


def save_reglages(
    request: HttpRequest,
    gabarit: str,
    contexte: dict[str, Any],
    changement: tuple[Geste, str],
    suite: Callable[[], HttpResponse],
) -> HttpResponse:
    """Enregistre une page de réglages valide, au fil de la saisie ou d’un bouton.

    Args:
        contexte: celui du gabarit : `demarche`, `version`, `formulaire`…
        changement: le geste et son libellé.
        suite: où mener après le bouton.
    """
    formulaire, version = contexte["formulaire"], contexte["version"]
    try:
        save(request, contexte["demarche"], version, *changement)
    except ErreurMetier as refus:
        tell_refus(request, formulaire, refus, version)
        contexte["revision"] = version.revision
        if isinstance(refus, VersionModifieeAilleurs) or not au_fil.is_au_fil(request):
            return au_fil.show_page(request, gabarit, contexte, refus.statut)
    if au_fil.is_au_fil(request):
        return answer_reglages(request, contexte)
    return suite()


def show_faux(request: HttpRequest, gabarit: str, contexte: dict[str, Any]) -> HttpResponse:
    """Rend une page de réglages dont la saisie est à reprendre."""
    if au_fil.is_au_fil(request):
        return answer_reglages(request, contexte)
    return au_fil.show_page(request, gabarit, contexte, 422)


def answer_reglages(
    request: HttpRequest, contexte: dict[str, Any], refus: str = ""
) -> HttpResponse:
    """Dit au script ce qui est enregistré, ou ce qui ne peut pas l’être."""
    formulaire = contexte["formulaire"]
    ecrit = not (refus or formulaire.errors)
    marque = {"revision": contexte["version"].revision} if ecrit else None
    verdict = contexte.get("verdict")
    return au_fil.answer(request, formulaire, marque, refus=refus, verdict=verdict)


def redirect_editeur(pk: int, foyer: str = "") -> HttpResponse:
    """Mène à l’éditeur ; `foyer` est l’identifiant HTML de ce qui doit recevoir le foyer."""
    adresse = reverse("demarches:editeur", args=[pk])
    if foyer:
        parametres = QueryDict(mutable=True)
        parametres["foyer"] = foyer
        adresse = f"{adresse}?{parametres.urlencode()}"
    return redirect(adresse)


def tell_refus(
    request: HttpRequest, formulaire: forms.Form, refus: ErreurMetier, version: Version
) -> None:
    """Dit le refus dans le formulaire : les deux versions si le brouillon a changé ailleurs."""
    if not isinstance(refus, VersionModifieeAilleurs):
        formulaire.add_error(None, f"{refus.message} {refus.suite}".strip())
        return
    ecriture = Ecriture(le=version.modifie_le) if version.pk else None
    show_conflit(formulaire, refus, actuel={}, marque={}, prendre=request.path, ecriture=ecriture)


def keep_revision(request: HttpRequest, version: Version) -> int:
    """Rend la révision à remettre dans une page qui revient sans conflit : celle déjà vue.

    Corriger une saisie fausse ne fait pas oublier qu’un autre a enregistré entre-temps.
    """
    return read_revision(request, version) if request.method == "POST" else version.revision


def refuse(request: HttpRequest, refus: ErreurMetier, pk: int, foyer: str = "") -> HttpResponse:
    """Dit le refus en haut de l’éditeur."""
    messages.error(request, f"{refus.message} {refus.suite}".strip())
    return redirect_editeur(pk, foyer)


def build_contexte(demarche: Demarche, version: Version, foyer: str = "") -> dict[str, Any]:
    """Rend tout ce que montre l’éditeur : pages, champs, défauts, dernier geste."""
    formulaire = Formulaire.model_validate(version.definition)
    champs = {champ.id: champ for _, _, champ in formulaire.iter_champs()}
    anomalies = check_formulaire(formulaire)
    par_cible: dict[str, list[Anomalie]] = {}
    for anomalie in anomalies:
        par_cible.setdefault(anomalie.champ or anomalie.page, []).append(anomalie)
    pages = [_present_page(page, champs, par_cible) for page in version.definition.get("pages", [])]
    publiee = queries.get_version_publiee(demarche)
    touche = foyer.partition("-")[2]
    return {
        "demarche": demarche,
        "version": version,
        "pages": pages,
        "touchee": next((p["id"] for p in pages if touche in p["ids"]), ""),
        "baremes": version.definition.get("baremes", []),
        "anomalies": anomalies,
        "bloquantes": services.list_defauts_formulaire(anomalies),
        "ajout": AjoutForm(auto_id=False),
        "nouvelle_page": NouvellePageForm(auto_id="page_%s"),
        "derniere": queries.get_derniere_modification(version),
        "foyer": foyer,
        "publiee": publiee,
        "changements": list_changements(publiee, version),
    }


def list_changements(publiee: Version | None, brouillon: Version | None) -> list[str]:
    """Rend, en phrases, ce que le brouillon change à la version publiée."""
    if publiee is None or brouillon is None or publiee.definition == brouillon.definition:
        return []
    avant = Formulaire.model_validate(publiee.definition)
    apres = Formulaire.model_validate(brouillon.definition)
    return [str(changement) for changement in compare_versions(avant, apres)]


def _present_page(
    page: dict[str, Any], champs: dict[str, Any], anomalies: dict[str, list[Anomalie]]
) -> dict[str, Any]:
    presentes = page.get("champs", [])
    enfants = [enfant["id"] for champ in presentes for enfant in champ.get("champs", [])]
    return {
        "id": page["id"],
        "ids": {page["id"], *(champ["id"] for champ in presentes), *enfants},
        "titre": page.get("titre") or "Sans titre",
        "phrase": describe_condition(page.get("condition"), champs),
        "anomalies": anomalies.get(page["id"], []),
        "champs": _present_champs(presentes, champs, anomalies),
    }


def _present_champs(
    presentes: list[dict[str, Any]], champs: dict[str, Any], anomalies: dict[str, list[Anomalie]]
) -> list[dict[str, Any]]:
    total = len(presentes)
    return [
        {
            "id": champ["id"],
            "libelle": champ.get("libelle") or "Sans libellé",
            "nom_type": types[champ["type"]].nom,
            "rang": rang,
            "total": total,
            "phrase": describe_condition(champ.get("condition"), champs),
            "facultatif": types[champ["type"]].saisi
            and not getattr(champs.get(champ["id"]), "obligatoire", True),
            "formule": champ.get("formule", ""),
            "est_bloc": champ["type"] == "bloc_repetable",
            "enfants": _present_champs(champ.get("champs", []), champs, anomalies),
            "anomalies": anomalies.get(champ["id"], []),
        }
        for rang, champ in enumerate(presentes, 1)
    ]
