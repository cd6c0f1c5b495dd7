"""Composants d’interface. Une fonction = un composant = un gabarit de templates/composants/.

La signature est le contrat : arguments nommés seulement, une faute de frappe casse la page au
chargement du gabarit (TemplateSyntaxError), pas chez la personne. Tous sont montrés, dans tous
leurs états, à l’adresse /composants/.
"""

import hashlib
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol

from django import template
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from socle.fondations.commun import couleurs
from socle.fondations.commun.presentation import (
    Compteur,
    Conflit,
    Donnee,
    EtapeDuFil,
    Etat,
    Genre,
    Touche,
)

register = template.Library()
Contexte = dict[str, Any]


class EtatAffichable(Protocol):
    """Ce qu’une énumération d’états doit offrir pour devenir une pastille."""

    label: str
    couleur: str


def draw(gabarit: str, contexte: Contexte) -> SafeString:
    """Dessine un composant sans repasser par les moteurs : une page en a des dizaines."""
    return _get_gabarit(gabarit).render(template.Context(contexte))


@cache
def _get_gabarit(nom: str) -> template.Template:
    gabarit: template.Template = get_template(nom).template  # type: ignore[attr-defined]
    return gabarit


# Blocs ------------------------------------------------------------------------------------------
@register.simple_block_tag(end_name="fincarte")
def carte(content: SafeString, *, titre: str, niveau: int = 2, id: str = "") -> SafeString:  # noqa: A002
    """Encadre ce qui est à part (décision, accusé, horaires). Titre de niveau 2 à 4.

    {% carte titre="Pièces jointes" niveau=3 %} … {% fincarte %}
    """
    return draw(
        "composants/carte.html", {"contenu": content, "titre": titre, "niveau": niveau, "id": id}
    )


@register.simple_block_tag(end_name="finalerte")
def alerte(
    content: SafeString, *, genre: Genre = "info", titre: str = "", niveau: int = 2
) -> SafeString:
    """Prévient. `genre` : info, success, warning ou danger ; le mot est dit, la couleur l’appuie.

    {% alerte genre="warning" titre="Brouillon" %} … {% finalerte %}
    """
    contexte = {"contenu": content, "genre": genre, "titre": titre, "niveau": niveau}
    return draw("composants/alerte.html", contexte)


@register.simple_block_tag(end_name="finaide")
def aide(content: SafeString, *, resume: str, ouvert: bool = False) -> SafeString:
    """Replie un complément sous une question. Élément natif : aucun script.

    {% aide resume="Où trouver mon numéro fiscal ?" %} … {% finaide %}
    """
    contexte = {"contenu": content, "resume": resume, "ouvert": ouvert}
    return draw("composants/aide.html", contexte)


@register.simple_block_tag(end_name="finvide")
def vide(content: SafeString, *, titre: str, niveau: int = 2) -> SafeString:
    """Boîte vide : dit ce qui viendra ici et ce que l’on peut faire.

    {% vide titre="Aucun dossier à traiter" %}<p>…</p>{% finvide %}
    """
    contexte = {"contenu": content, "titre": titre, "niveau": niveau}
    return draw("composants/vide.html", contexte)


@register.simple_block_tag(end_name="fingestes")
def gestes(content: SafeString, *, nom: str = "") -> SafeString:
    """Aligne des boutons. Un seul bouton plein par page. `nom` en fait un groupe annoncé.

    {% gestes %}<button class="btn btn-primary">Continuer</button>{% fingestes %}
    """
    return draw("composants/gestes.html", {"contenu": content, "nom": nom})


@register.simple_block_tag(end_name="fintableau")
def tableau(
    content: SafeString,
    *,
    legende: str,
    legende_visible: bool = False,
    dense: bool = False,
    id: str = "",  # noqa: A002
) -> SafeString:
    """Tableau qui devient une suite de fiches sur un téléphone : `data-nom` sur chaque cellule.

    {% tableau legende="Dossiers à traiter" dense=True %}<thead>…</thead>…{% fintableau %}
    """
    contexte = {"contenu": content, "legende": legende, "legende_visible": legende_visible}
    return draw("composants/tableau.html", contexte | {"dense": dense, "id": id})


@register.simple_block_tag(end_name="finmessage")
def message(
    content: SafeString, *, auteur: str, quand: Any = None, de_moi: bool = False
) -> SafeString:
    """Message d’un échange. `de_moi` : écrit du côté de la personne qui lit.

    {% message auteur="Ada Fournel" quand=m.envoye_le de_moi=True %}…{% finmessage %}
    """
    contexte = {"contenu": content, "auteur": auteur, "quand": quand, "de_moi": de_moi}
    return draw("composants/message.html", contexte)


@register.simple_block_tag(end_name="findonnee")
def donnee(content: SafeString, *, libelle: str, source: str = "", avant: str = "") -> SafeString:
    """Une ligne d’une liste `<dl>` : libellé, valeur, source, valeur remplacée s’il y en a une.

    <dl>{% donnee libelle="École" source="Rectorat" %}École des Rochers{% findonnee %}</dl>
    """
    contexte = {"contenu": content, "libelle": libelle, "source": source, "avant": avant}
    return draw("composants/donnee.html", contexte)


@register.simple_block_tag(end_name="finouverture")
def ouverture(
    content: SafeString, *, titre: str, chapo: str = "", frise: bool = False
) -> SafeString:
    """Grand en-tête coloré d’une page, posé sur trois marches. `frise` : la rue et sa mairie.

    {% ouverture titre="Que voulez-vous faire à Clamart ?" frise=True %} … {% finouverture %}
    """
    contexte = {"contenu": content, "titre": titre, "chapo": chapo, "frise": frise}
    return draw("commun/_ouverture.html", contexte)


@register.simple_block_tag(end_name="finfil_ariane")
def fil_ariane(content: SafeString, *, accueil: str = "Accueil", url: str = "") -> SafeString:
    """Fil d’Ariane, l’accueil d’abord. Le contenu est une suite de `maillon`.

    {% fil_ariane %}{% maillon libelle="Enfance" url=u %}{% finfil_ariane %}
    """
    contexte = {"contenu": content, "accueil": accueil, "url": url or get_script_prefix()}
    return draw("composants/fil_ariane.html", contexte)


# Éléments ---------------------------------------------------------------------------------------
@register.inclusion_tag("composants/maillon.html")
def maillon(*, libelle: str, url: str = "") -> Contexte:
    """Un pas du fil d’Ariane ; sans adresse, c’est la page où l’on est."""
    return {"libelle": libelle, "url": url}


@register.simple_tag
def pastille(
    *, etat: EtatAffichable | None = None, libelle: str = "", couleur: Genre = ""
) -> SafeString:
    """Pastille d’état : un mot toujours lisible, la couleur ne porte jamais seule le sens.

    {% pastille etat=dossier.etat_affiche %} ou {% pastille libelle="Déposé" couleur="info" %}
    """
    montre = etat or Etat(label=libelle, couleur=couleur)
    return _draw_pastille(str(montre.label), str(montre.couleur))


@lru_cache(maxsize=256)  # une liste en a des centaines, de quelques sortes
def _draw_pastille(libelle: str, couleur: str) -> SafeString:
    contexte = {"libelle": libelle, "couleur": couleur}
    return SafeString(get_template("composants/pastille.html").render(contexte))


@register.inclusion_tag("composants/fil.html")
def fil(
    *,
    etapes: Iterable[EtapeDuFil],
    nom: str = "",
    horizontal: bool = False,
    cadre: bool = False,
) -> Contexte:
    """Le fil : la même liste pour l’usager, l’agent et l’archiviste. Vertical ou horizontal.

    {% fil etapes=etapes nom="Le fil de votre dossier" horizontal=True %}
    """
    contexte = {"etapes": list(etapes), "nom": nom, "horizontal": horizontal}
    return contexte | {"cadre": cadre}


@register.inclusion_tag("composants/resume.html")
def resume(*, donnees: Iterable[Donnee]) -> Contexte:
    """Liste de données avec leur source : récapitulatif, réponses lues par un agent."""
    return {"donnees": list(donnees)}


@register.inclusion_tag("composants/source.html")
def source(*, origine: str, quand: Any = None) -> Contexte:
    """Dit d’où vient une valeur et quand elle a été reçue."""
    return {"origine": origine, "quand": quand}


@register.inclusion_tag("composants/compteurs.html")
def compteurs(*, compteurs: Iterable[Compteur], nom: str) -> Contexte:
    """Files de dossiers avec leur nombre ; la file affichée est pleine."""
    return {"compteurs": list(compteurs), "nom": nom}


@register.inclusion_tag("composants/pagination.html")
def pagination(
    *,
    suivante: str = "",
    precedente: str = "",
    debut: str = "",
    affiches: int = 0,
    total: int | None = None,
    objets: str = "résultats",
) -> Contexte:
    """Pages par clé : pas de numéro, des adresses opaques vers la suite et le retour.

    {% pagination suivante=url affiches=nombre total=total objets="dossiers" %}
    """
    contexte: Contexte = {"suivante": suivante, "precedente": precedente, "debut": debut}
    return contexte | {"affiches": affiches, "total": total, "objets": objets}


@register.inclusion_tag("composants/avancement.html")
def avancement(
    *,
    titre: str,
    demarche: str,
    rang: int,
    total: int,
    minutes: int | None = None,
    niveau: int = 1,
) -> Contexte:
    """Où l’on en est, en mots : « Étape 3 sur 5, encore 4 minutes environ », puis le titre."""
    contexte: Contexte = {"titre": titre, "demarche": demarche, "rang": rang, "total": total}
    return contexte | {"minutes": minutes, "niveau": niveau}


@register.inclusion_tag("composants/etapes.html")
def etapes(*, etapes: Iterable[EtapeDuFil], nom: str = "Étapes") -> Contexte:
    """Étapes d’un formulaire, en navigation : celles qui sont faites se rouvrent d’un clic."""
    return {"etapes": list(etapes), "nom": nom}


@register.inclusion_tag("composants/champ_recherche.html")
def champ_recherche(
    *,
    libelle: str,
    action: str = "",
    nom: str = "q",
    valeur: str = "",
    exemple: str = "",
    bouton: str = "Chercher",
    id: str = "recherche",  # noqa: A002
) -> Contexte:
    """Champ de recherche et son bouton. Le libellé est lu, même s’il n’est pas vu."""
    contexte = {"libelle": libelle, "action": action, "nom": nom, "valeur": valeur}
    return contexte | {"exemple": exemple, "bouton": bouton, "id": id}


@register.inclusion_tag("composants/televersement.html")
def televersement(
    *,
    nom: str,
    libelle: str,
    aide: str = "",
    erreur: str = "",
    formats: str = "",
    multiple: bool = False,
    obligatoire: bool = True,
    id: str = "",  # noqa: A002
) -> Contexte:
    """Dépôt de fichiers : champ natif, avancement de l’envoi quand le script est là.

    `formats` : valeur de l’attribut `accept`, par exemple « .pdf,.jpg,.png ».
    """
    contexte: Contexte = {"nom": nom, "libelle": libelle, "aide": aide, "erreur": erreur}
    contexte |= {"formats": formats, "multiple": multiple, "obligatoire": obligatoire}
    return contexte | {"id": id or f"id_{nom}"}


@register.inclusion_tag("composants/annuler.html", takes_context=True)
def annuler(
    context: template.Context, *, fait: str, url: str, bouton: str = "Annuler", cle: str = ""
) -> Contexte:
    """Défait le geste qui vient d’être fait. `cle` : valeur envoyée sous le nom « cle ».

    {% annuler fait="Champ « Garde » supprimé." url=url_annuler cle=jeton %}
    """
    contexte = {"fait": fait, "url": url, "bouton": bouton, "cle": cle}
    return contexte | {"csrf_token": context.get("csrf_token", "")}


@register.inclusion_tag("composants/conflit.html")
def conflit(*, conflit: Conflit, foyer: bool = True) -> Contexte:
    """Deux versions d’une même chose, côte à côte, et le choix. Se place dans le formulaire.

    {% conflit conflit=conflit %} ; `{{ form }}` le fait seul pour `form.conflit`.
    """
    return {"conflit": conflit, "foyer": foyer}


@register.inclusion_tag("composants/touches.html")
def touches(*, touches: Iterable[Touche]) -> Contexte:
    """Rappelle les raccourcis du clavier au bas d’une page d’agent, et permet de les couper."""
    return {"touches": list(touches)}


@register.simple_tag(takes_context=True)
def lien_nav(context: template.Context, *, chemin: str, libelle: str) -> SafeString:
    """Lien d’une navigation, marqué quand on est dans cette partie du site.

    `chemin` : « demarches/ », relatif à l’accueil de la collectivité ou de l’installation.
    """
    url = get_script_prefix() + chemin
    requete = context.get("request")
    ici = requete.path if requete else ""
    courant = "page" if ici == url else "true" if chemin and ici.startswith(url) else ""
    return _draw_lien(url, libelle, courant)


@lru_cache(maxsize=1024)
def _draw_lien(url: str, libelle: str, courant: str) -> SafeString:
    contexte = {"url": url, "libelle": libelle, "courant": courant}
    return draw("composants/lien_nav.html", contexte)


@register.simple_tag(takes_context=True)
def encart(context: template.Context, *, contenu: Contexte) -> SafeString:
    """{% encart contenu=e %} : le morceau de page d’un autre métier, avec ce qu’il a préparé.

    Son gabarit voit ses valeurs par leur nom, et toutes ensemble sous `encart`.
    """
    with context.push(**({"encart": contenu} | contenu)):
        return _get_gabarit(contenu["gabarit"]).render(context)


@register.simple_tag
def chemin(relatif: str = "") -> str:
    """Chemin d’une page sous l’accueil de la collectivité, ou de l’installation."""
    return get_script_prefix() + relatif


@register.simple_tag
def feuille_accent(collectivite: Any) -> str:
    """Adresse de la feuille de style d’une collectivité ; l’accent par défaut sans collectivité."""
    return couleurs.build_chemin_feuille(getattr(collectivite, "couleur", ""))


@register.simple_tag
@lru_cache
def statique(nom: str) -> str:
    """Adresse d’un fichier statique avec son empreinte : jamais périmé après une mise à jour.

    {% statique "socle.css" %} : « /static/socle.css?v=1a2b3c4d »
    """
    chemin = finders.find(nom)
    if not chemin:
        raise template.TemplateSyntaxError(f"Fichier statique introuvable : {nom}")
    return f"{static(nom)}?v={hashlib.sha256(Path(chemin).read_bytes()).hexdigest()[:8]}"


@register.simple_tag
def prefixe_erreur(formulaire: Any) -> str:
    """Début du titre d’une page en erreur : le lecteur d’écran l’annonce avant tout le reste."""
    if getattr(formulaire, "conflit", None):
        return "Deux versions, à choisir · "
    nombre = len(formulaire.errors) if formulaire.is_bound else 0
    if not nombre:
        return ""
    return f"Erreur, {nombre} réponse{'s' if nombre > 1 else ''} à reprendre · "
