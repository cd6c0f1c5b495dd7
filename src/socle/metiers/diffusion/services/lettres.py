"""Écrire une lettre, la mettre en file pour ses abonnés."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from socle.fondations.commun.taches import defer
from socle.fondations.journal.services import record
from socle.metiers.diffusion.enums import EtatLettre, EtatRemise
from socle.metiers.diffusion.errors import (
    FicheIncomplete,
    LettreDejaPartie,
    ModifieEntreTemps,
    SansDestinataire,
)
from socle.metiers.diffusion.models import Lettre, Remise

# Une instruction, quel que soit le nombre d’abonnés.
FILE = """
INSERT INTO diffusion_remise (lettre_id, abonne_id, etat, essais, change_le, erreur)
SELECT %(lettre)s, id, 'a_envoyer', 0, %(maintenant)s, '' FROM diffusion_abonne
WHERE etat = 'actif'
  AND (themes = '{}' OR %(themes)s::varchar[] = '{}' OR themes && %(themes)s::varchar[])
  AND (territoire = '' OR %(territoire)s = '' OR territoire = %(territoire)s)
ORDER BY id
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def save_lettre(
    *,
    lettre: Lettre | None,
    champs: dict[str, Any],
    revision: int,
    acteur: str,
    maintenant: datetime,
) -> Lettre:
    """Crée une lettre, ou corrige un brouillon.

    Raises:
        ModifieEntreTemps: quelqu’un l’a enregistrée depuis.
        LettreDejaPartie: elle est envoyée ou en train de l’être.
    """
    neuve = lettre is None
    if lettre is None:
        dernier = Lettre.objects.aggregate(dernier=Max("numero"))["dernier"] or 0
        lettre = Lettre(numero=dernier + 1)
    else:
        lettre = lock_lettre(lettre, revision)
    changes = [nom for nom, valeur in champs.items() if neuve or getattr(lettre, nom) != valeur]
    if not changes:
        return lettre
    for nom in changes:
        setattr(lettre, nom, champs[nom])
    lettre.revision += 1
    lettre.save()
    geste = "creee" if neuve else "changee"
    prove_lettre(lettre, geste, acteur, maintenant, {"champs": sorted(changes)})
    return lettre


def lock_lettre(lettre: Lettre, revision: int) -> Lettre:
    """Relit un brouillon sous verrou."""
    verrouillee = Lettre.objects.select_for_update().get(pk=lettre.pk)
    if verrouillee.etat != EtatLettre.BROUILLON:
        raise LettreDejaPartie
    if verrouillee.revision != revision:
        raise ModifieEntreTemps
    return verrouillee


@transaction.atomic
def queue_lettre(*, lettre: Lettre, revision: int, acteur: str, maintenant: datetime) -> Lettre:
    """Met la lettre en file pour ses abonnés du moment : une ligne chacun, puis une tâche.

    Raises:
        LettreDejaPartie: elle l’est déjà ; personne ne la reçoit deux fois.
        ModifieEntreTemps: quelqu’un l’a enregistrée depuis.
        FicheIncomplete: pas de texte.
        SansDestinataire: aucun abonné ne correspond.
    """
    lettre = lock_lettre(lettre, revision)
    if not lettre.texte.strip():
        raise FicheIncomplete(suite="Écrivez le texte de la lettre, puis recommencez.")
    with connection.cursor() as curseur:
        curseur.execute(FILE, {
            "lettre": lettre.pk, "maintenant": maintenant, "themes": lettre.themes,
            "territoire": lettre.territoire,
        })  # fmt: skip
        lettre.destinataires = curseur.rowcount
    if not lettre.destinataires:
        raise SansDestinataire
    lettre.etat, lettre.demandee_le = EtatLettre.EN_FILE, maintenant
    lettre.revision += 1
    lettre.save()
    nombre = {"destinataires": lettre.destinataires}
    prove_lettre(lettre, "mise_en_file", acteur, maintenant, nombre)
    defer_lettre(lettre.pk)
    return lettre


@transaction.atomic
def resend_incertaines(*, lettre: Lettre, acteur: str, maintenant: datetime) -> int:
    """Renvoie, sur décision d’une personne, ce qu’un arrêt a laissé sans issue connue.

    Ces abonnés ont peut-être déjà reçu la lettre : l’identifiant du message est le même, et la
    plupart des logiciels n’en montrent qu’une. Rend leur nombre.

    Raises:
        SansDestinataire: aucune issue n’est inconnue.
    """
    lettre = Lettre.objects.select_for_update().get(pk=lettre.pk)
    incertaines = Remise.objects.filter(lettre=lettre, etat=EtatRemise.INCERTAINE)
    nombre = incertaines.update(etat=EtatRemise.A_ENVOYER, change_le=maintenant)
    if not nombre:
        raise SansDestinataire(
            message="Aucune lettre n’a une issue inconnue.", suite="Rien à faire."
        )
    Lettre.objects.filter(pk=lettre.pk).update(etat=EtatLettre.EN_FILE)
    prove_lettre(lettre, "incertaines_renvoyees", acteur, maintenant, {"lettres": nombre})
    defer_lettre(lettre.pk)
    return nombre


def defer_lettre(lettre_id: int) -> None:
    """Inscrit la tâche d’envoi ; en avoir plusieurs est sans effet."""
    defer("diffusion.envoyer_lettre", lettre_id=lettre_id)


def prove_lettre(
    lettre: Lettre, geste: str, acteur: str, maintenant: datetime, donnees: dict[str, Any]
) -> None:
    """Écrit la ligne du journal."""
    record(
        action=f"lettre.{geste}", objet=lettre.cle, acteur=acteur, collectivite_id=None,
        maintenant=maintenant, donnees=donnees,
    )  # fmt: skip
