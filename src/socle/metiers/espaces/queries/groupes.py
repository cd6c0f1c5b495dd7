"""Ce que montrent les pages d’un groupe. Le droit de lire se vérifie avant, par `permissions`."""

from typing import Any

from django.db.models import Count, F, Q, QuerySet

from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.queries import list_collectivites_de
from socle.metiers.espaces.enums import AccesGroupe, EtatEntree, EtatTache, SensEntree
from socle.metiers.espaces.models import (
    Commentaire,
    EntreeEnGroupe,
    GroupeDeTravail,
    MembreDeGroupe,
    Sujet,
    Tache,
    VersionDeDocument,
)
from socle.metiers.espaces.queries.boite import filter_mots

LISTE_MAX = 200
TROUVES_MAX = 20


def list_groupes(*, texte: str = "") -> list[GroupeDeTravail]:
    """Tous les groupes par nom : leur but et leur taille, jamais leur contenu."""
    presents = Q(membres__sorti_le__isnull=True, membres__compte__isnull=False)
    lignes = filter_mots(GroupeDeTravail.objects.all(), texte)
    return list(
        lignes.annotate(nombre_membres=Count("membres", filter=presents)).order_by(
            "-etat", "nom", "pk"
        )[:LISTE_MAX]
    )


def find_groupe(slug: str) -> GroupeDeTravail | None:
    return GroupeDeTravail.objects.filter(slug=slug).first()


def list_mes_groupes(compte: Compte) -> set[int]:
    """Groupes dont l’agent est membre."""
    siens = MembreDeGroupe.objects.filter(compte=compte, sorti_le__isnull=True).order_by("pk")
    return set(siens.values_list("groupe_id", flat=True))


def list_invitations(compte: Compte) -> list[EntreeEnGroupe]:
    """Invitations qui attendent cet agent, par son adresse vérifiée."""
    if not compte.courriel:
        return []
    attendent = EntreeEnGroupe.objects.filter(
        courriel__iexact=compte.courriel, sens=SensEntree.INVITATION, etat=EtatEntree.ATTENTE
    )
    return list(attendent.select_related("groupe").order_by("pk")[:50])


def find_entree(groupe: GroupeDeTravail, compte: Compte) -> EntreeEnGroupe | None:
    """Invitation ou demande en attente de cet agent dans ce groupe."""
    if not compte.is_authenticated or not compte.courriel_envoi:
        return None
    return EntreeEnGroupe.objects.filter(
        groupe=groupe, courriel__iexact=compte.courriel_envoi, etat=EtatEntree.ATTENTE
    ).first()


def list_entrees(groupe: GroupeDeTravail) -> list[EntreeEnGroupe]:
    """Invitations et demandes en attente, les plus anciennes d’abord."""
    attendent = EntreeEnGroupe.objects.filter(groupe=groupe, etat=EtatEntree.ATTENTE)
    return list(attendent.select_related("compte").order_by("faite_le", "pk")[:LISTE_MAX])


def list_membres(groupe: GroupeDeTravail) -> list[MembreDeGroupe]:
    """Membres présents, les animateurs d’abord."""
    presents = MembreDeGroupe.objects.filter(
        groupe=groupe, sorti_le__isnull=True, compte__isnull=False
    )
    return list(presents.select_related("compte", "groupe").order_by("role", "entre_le", "pk"))


def list_organisations(groupe: GroupeDeTravail) -> list[str]:
    """Organisations présentes, sans nom de personne."""
    presents = MembreDeGroupe.objects.filter(
        groupe=groupe, sorti_le__isnull=True, compte__isnull=False
    )
    noms = presents.order_by("organisation").values_list("organisation", flat=True).distinct()
    return list(noms)


def list_sujets(groupe: GroupeDeTravail, *, genre: str = "", texte: str = "") -> QuerySet[Sujet]:
    """Sujets, les derniers d’abord ; une recherche lit aussi les commentaires."""
    lignes = Sujet.objects.filter(groupe=groupe)
    if genre:
        lignes = lignes.filter(genre=genre)
    if texte:
        lignes = _filter_texte(lignes, texte)
    annotees: Any = lignes.select_related("auteur__compte").annotate(
        nombre_commentaires=Count("commentaires", distinct=True),
        nombre_versions=Count("versions", distinct=True),
    )
    rangees: QuerySet[Sujet] = annotees.order_by("-ecrit_le", "-pk")[:LISTE_MAX]
    return rangees


def search_sujets(compte: Compte, texte: str) -> list[Sujet]:
    """Cherche dans ce que cet agent peut lire : ses groupes et ceux qui sont ouverts aux agents.

    Le contenu d’un groupe restreint n’est lu que pour ses membres présents.
    """
    if not (texte.strip() and compte.is_agent and compte.is_active):
        return []
    lisibles = Q(groupe__acces=AccesGroupe.PUBLIC) | Q(groupe__in=list_mes_groupes(compte))
    trouves = _filter_texte(Sujet.objects.filter(lisibles), texte).select_related("groupe")
    return list(trouves.order_by("-ecrit_le", "-pk")[:TROUVES_MAX])


def _filter_texte(lignes: QuerySet[Sujet], texte: str) -> QuerySet[Sujet]:
    """Sujets dont le titre, le texte, un commentaire ou le nom d’un fichier contient ces mots."""
    commentes = filter_mots(Commentaire.objects.filter(sujet__in=lignes), texte)
    fichiers = VersionDeDocument.objects.filter(
        sujet__in=lignes, nom_fichier__icontains=texte.strip()[:100]
    )
    return lignes.filter(
        Q(pk__in=filter_mots(lignes, texte).values("pk"))
        | Q(pk__in=commentes.values("sujet_id"))
        | Q(pk__in=fichiers.values("sujet_id"))
    )


def find_sujet(groupe: GroupeDeTravail, pk: int) -> Sujet | None:
    """Sujet de ce groupe, et de lui seul."""
    return (
        Sujet.objects.filter(groupe=groupe, pk=pk)
        .select_related("auteur__compte", "groupe")
        .first()
    )


def list_commentaires(sujet: Sujet) -> list[Commentaire]:
    """Commentaires dans l’ordre ; la réponse retenue d’abord."""
    lus = sujet.commentaires.select_related("auteur__compte").order_by("ecrit_le", "pk")
    return sorted(lus[:500], key=lambda c: c.pk != sujet.reponse_id)


def list_versions(sujet: Sujet) -> list[VersionDeDocument]:
    """Versions d’un document, la dernière d’abord."""
    return list(sujet.versions.select_related("auteur__compte").order_by("-numero"))


def list_taches(groupe: GroupeDeTravail, *, faites: bool) -> list[Tache]:
    """Tâches à faire, les plus pressées d’abord ; ou faites, les dernières d’abord."""
    lignes = Tache.objects.filter(groupe=groupe).select_related("responsable__compte")
    if faites:
        return list(lignes.filter(etat=EtatTache.FAITE).order_by("-faite_le", "-pk")[:50])
    ouvertes = lignes.exclude(etat=EtatTache.FAITE)
    return list(ouvertes.order_by(F("echeance").asc(nulls_last=True), "pk")[:LISTE_MAX])


def find_tache(groupe: GroupeDeTravail, pk: int) -> Tache | None:
    return Tache.objects.filter(groupe=groupe, pk=pk).first()


def name_organisation(compte: Compte) -> str:
    """Organisation proposée : la collectivité de l’agent, sinon rien."""
    collectivites = list_collectivites_de(compte)
    return collectivites[0].nom if collectivites else ""
