"""Prévenir quelqu’un, et suivre le départ de son courriel."""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun import taches
from socle.fondations.commun.identifiants import uuid7
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.models import Compte
from socle.fondations.notifications.enums import EtatEnvoi
from socle.fondations.notifications.models import Envoi, Message
from socle.fondations.notifications.ports import PieceCourriel
from socle.fondations.notifications.queries import TexteDeModele, get_texte
from socle.fondations.notifications.services.preferences import compute_empreinte
from socle.fondations.notifications.services.rendu import render_corps, render_sujet

PIECES_MAX = 8 * 1024 * 1024
ABANDON = timedelta(days=3)
PREMIERE_ATTENTE = timedelta(seconds=30)
ATTENTE_MAX = timedelta(hours=4)
GARDE_ENVOIS = timedelta(days=90)
GARDE_MESSAGES = timedelta(days=730)

# Une instruction : le message de l’espace, le courriel à faire, et le refus s’il y en a un.
NOTIFICATION = """
WITH message AS (
  INSERT INTO notifications_message
    (id, personne_id, collectivite_id, code, objet, sujet, texte, lien, recu_le)
  SELECT %(message)s, %(compte)s::bigint, %(collectivite)s, %(code)s, %(objet)s, %(sujet)s,
    %(corps)s, %(lien)s, %(maintenant)s
  WHERE %(message)s::uuid IS NOT NULL
)
INSERT INTO notifications_envoi (id, collectivite_id, code, objet, compte_id, destinataire, sujet,
  corps, pieces, essais, demande_le, prochain_essai_le, erreur, cree_le, modifie_le, etat)
SELECT %(id)s, %(collectivite)s, %(code)s, %(objet)s, %(compte)s::bigint, %(destinataire)s,
  %(sujet)s, %(corps)s, %(pieces)s::jsonb, 0, %(maintenant)s, %(maintenant)s, '', %(maintenant)s,
  %(maintenant)s,
  CASE
    WHEN %(destinataire)s = '' THEN 'sans_courriel'
    WHEN NOT %(obligatoire)s AND (
      EXISTS (SELECT 1 FROM notifications_preference WHERE personne_id = %(compte)s::bigint
        AND code = %(code)s AND NOT courriel)
      OR EXISTS (SELECT 1 FROM notifications_desabonnement
        WHERE collectivite_id = %(collectivite)s AND empreinte = %(empreinte)s
          AND code = %(code)s)
    ) THEN 'refuse'
    ELSE 'a_envoyer'
  END
RETURNING etat
"""
DEPART = """
UPDATE notifications_envoi SET etat = 'envoye', envoye_le = %s, essais = %s,
  prochain_essai_le = NULL, pieces = '[]', erreur = ''
WHERE id = %s AND etat = 'a_envoyer'
"""


def notify(
    *,
    collectivite: Collectivite,
    code: str,
    contexte: Mapping[str, str],
    maintenant: datetime,
    compte: Compte | None = None,
    courriel: str = "",
    objet: str = "",
    pieces: Sequence[PieceCourriel] = (),
    en_file: bool = True,
) -> Envoi:
    """Prévient une personne, dans la transaction de ce qui lui arrive. Deux instructions SQL.

    Avec un compte, le message paraît dans son espace. Le courriel part ensuite, hors transaction :
    à l’adresse donnée, sinon à celle du compte ; sans adresse, rien ne part et c’est écrit.

    Args:
        code: inscrit dans `ports.modeles`.
        contexte: valeurs des balises ; « lien » est l’adresse à ouvrir.
        objet: « dossier:44171 ».
        pieces: 8 Mio au plus ; effacées de la base une fois parties.
        en_file: faux dans une tâche qui appelle ensuite `tasks.send` ; si elle meurt avant,
            `tasks.reprendre` retrouve le courriel.

    Raises:
        KeyError: code inconnu. ValueError: pièces trop lourdes.
    """
    texte = get_texte(collectivite, code)
    envoi = _build_envoi(texte, collectivite, contexte, maintenant, compte, courriel, objet)
    envoi.pieces = _encode_pieces(pieces)
    montre = compte is not None and texte.defaut.portail
    with locataire(collectivite.pk, personne_id=compte.pk if compte else None):
        _insert(envoi, texte, lien=str(contexte.get("lien", "")) if montre else None)
        if en_file and envoi.etat == EtatEnvoi.A_ENVOYER:
            _defer(envoi)
    return envoi


def _build_envoi(
    texte: TexteDeModele,
    collectivite: Collectivite,
    contexte: Mapping[str, str],
    maintenant: datetime,
    compte: Compte | None,
    courriel: str,
    objet: str,
) -> Envoi:
    valeurs = {"collectivite": collectivite.nom, **contexte}
    return Envoi(
        collectivite=collectivite,
        code=texte.code,
        objet=objet,
        compte=compte,
        destinataire=(courriel or (compte.courriel_envoi if compte else "")).strip(),
        sujet=render_sujet(texte.sujet, valeurs),
        corps=render_corps(texte.corps, valeurs),
        demande_le=maintenant,
        prochain_essai_le=maintenant,
    )


def _encode_pieces(pieces: Sequence[PieceCourriel]) -> list[dict[str, str]]:
    if sum(len(piece.contenu) for piece in pieces) > PIECES_MAX:
        raise ValueError("Pièces jointes de plus de 8 Mio : donner plutôt un lien.")
    return [
        {
            "nom": piece.nom,
            "type_mime": piece.type_mime,
            "contenu": base64.b64encode(piece.contenu).decode(),
        }
        for piece in pieces
    ]


def _insert(envoi: Envoi, texte: TexteDeModele, *, lien: str | None) -> None:
    with connection.cursor() as curseur:
        curseur.execute(
            NOTIFICATION,
            {
                "id": envoi.pk,
                "message": None if lien is None else uuid7(),
                "collectivite": envoi.collectivite_id,
                "code": envoi.code,
                "objet": envoi.objet,
                "compte": envoi.compte_id,
                "destinataire": envoi.destinataire,
                "empreinte": compute_empreinte(envoi.destinataire),
                "sujet": envoi.sujet,
                "corps": envoi.corps,
                "lien": (lien or "")[:500],
                "pieces": json.dumps(envoi.pieces),
                "maintenant": envoi.demande_le,
                "obligatoire": texte.defaut.obligatoire,
            },
        )
        [envoi.etat] = curseur.fetchone()
    envoi._state.adding = False  # noqa: SLF001  la ligne existe, posée par l’instruction
    envoi._state.db = "default"  # noqa: SLF001
    envoi.cree_le = envoi.modifie_le = envoi.demande_le


def _defer(envoi: Envoi, a_partir_de: datetime | None = None) -> None:
    taches.defer(
        "notifications.envoyer",
        verrou=f"envoi:{envoi.pk}",
        a_partir_de=a_partir_de,
        collectivite_id=envoi.collectivite_id,
        envoi_id=str(envoi.pk),
    )


def record_envoye(*, envoi: Envoi, maintenant: datetime) -> None:
    """Note le départ d’un courriel et efface ses pièces jointes."""
    with connection.cursor() as curseur:
        curseur.execute(DEPART, [maintenant, envoi.essais + 1, envoi.pk])


@transaction.atomic
def record_echec(*, envoi: Envoi, erreur: str, definitif: bool, maintenant: datetime) -> None:
    """Note un échec et remet en file, de plus en plus tard ; abandonne au bout de trois jours."""
    envoi.essais += 1
    envoi.erreur = erreur[:200]
    attente = min(PREMIERE_ATTENTE * 2 ** min(envoi.essais - 1, 12), ATTENTE_MAX)
    envoi.prochain_essai_le = maintenant + attente
    if definitif or envoi.prochain_essai_le - envoi.demande_le > ABANDON:
        envoi.etat, envoi.prochain_essai_le = EtatEnvoi.ECHEC, None
    envoi.save(update_fields=["etat", "essais", "erreur", "prochain_essai_le", "modifie_le"])
    if envoi.etat == EtatEnvoi.A_ENVOYER:
        _defer(envoi, a_partir_de=envoi.prochain_essai_le)


@transaction.atomic
def retry_echecs(*, collectivite: Collectivite, maintenant: datetime) -> int:
    """Remet en file les courriels en échec d’une collectivité, 500 au plus ; rend leur nombre."""
    echecs = Envoi.objects.select_for_update(of=["self"]).filter(
        collectivite=collectivite, etat=EtatEnvoi.ECHEC
    )
    envois = list(echecs.order_by("demande_le")[:500])
    for envoi in envois:
        envoi.etat, envoi.demande_le = EtatEnvoi.A_ENVOYER, maintenant
        envoi.prochain_essai_le, envoi.essais = maintenant, 0
        envoi.save(
            update_fields=["etat", "demande_le", "prochain_essai_le", "essais", "modifie_le"]
        )
        _defer(envoi)
    return len(envois)


def purge_envois(*, maintenant: datetime) -> None:
    """Efface le texte des vieux courriels et les vieux messages lus. Rôle de l’opérateur."""
    Envoi.objects.filter(demande_le__lt=maintenant - GARDE_ENVOIS).exclude(
        etat=EtatEnvoi.A_ENVOYER
    ).delete()
    Message.objects.filter(recu_le__lt=maintenant - GARDE_MESSAGES).delete()
