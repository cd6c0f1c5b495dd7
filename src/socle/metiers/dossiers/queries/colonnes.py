"""Les colonnes possibles de la liste, et celles qu’un agent a choisies."""

from socle.fondations.collectivites.models import Collectivite
from socle.metiers.demarches.models import Demarche
from socle.metiers.demarches.queries import get_version_publiee
from socle.metiers.dossiers.models import ColonnesDeLaListe
from socle.metiers.dossiers.queries.dossier import get_formulaire


def read_colonnes_choisies(
    collectivite: Collectivite, agent_id: int, demarche_id: int | None
) -> dict[str, list[dict[str, str]]]:
    """Rend les choix de l’agent, « 0 » pour le choix général."""
    choix = ColonnesDeLaListe.objects.filter(collectivite=collectivite, agent_id=agent_id)
    lignes = choix.order_by("pk").values_list("demarche_id", "colonnes")
    return {str(cle or 0): colonnes for cle, colonnes in lignes if cle in (None, demarche_id)}


def list_questions(demarche: Demarche) -> list[tuple[str, str]]:
    """Rend les réponses qu’une colonne peut montrer : identifiant et libellé.

    Celles que l’administrateur a prévues d’abord, puis celles du formulaire publié.
    """
    questions = {c["champ"]: c["libelle"] for c in demarche.colonnes}
    version = get_version_publiee(demarche)
    for colonne in get_formulaire(version.pk).list_colonnes() if version else []:
        if "." not in colonne.code:  # une partie de réponse (« siret.nom ») n’est pas projetée
            questions.setdefault(colonne.code, colonne.libelle)
    return list(questions.items())
