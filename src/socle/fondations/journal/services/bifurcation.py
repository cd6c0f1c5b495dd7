"""Bifurcation : la base reprend d’un état plus ancien, et le journal le dit au lieu de le cacher.

Un journal ne doit jamais signer deux points incompatibles sous le même nom (C2SP
tlog-checkpoint). Après une bifurcation, les points portent donc une origine nouvelle : le nom du
journal suivi de l’instant. Les dossiers de preuve remis avant restent vérifiables.
"""

from base64 import b64encode
from datetime import UTC, datetime

from socle.fondations.journal.models import INSTALLATION, Entree, Lot
from socle.fondations.journal.queries import get_dernier_lot
from socle.fondations.journal.services.cles import load_signataire
from socle.fondations.journal.services.enregistrement import record
from socle.fondations.journal.services.temoin import read_temoin, set_aside_temoin
from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.notes import Signataire
from socle.normes.preuve.points import parse_note_point

ACTION = "journal.bifurcation"
OBJET = "journal"


def record_bifurcation(*, motif: str, maintenant: datetime) -> Entree | None:
    """Note au journal de l’installation que l’histoire reprend d’un état plus ancien.

    Rend None si rien n’a jamais été scellé : il n’y a alors pas d’histoire à contredire.
    """
    dernier = get_dernier_lot()
    temoin = read_temoin()
    if dernier is None and not temoin:
        return None
    nom = load_signataire(maintenant=maintenant).nom
    instant = maintenant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    entree = record(
        action=ACTION,
        objet=OBJET,
        acteur="systeme",
        collectivite_id=None,
        maintenant=maintenant,
        donnees={
            "motif": motif,
            "origine": f"{nom}/{instant}",
            "point_abandonne": b64encode(temoin).decode(),
            "reprise_a": dernier.taille if dernier else 0,
        },
    )
    set_aside_temoin()
    return entree


def check_bifurcation(signataire: Signataire, *, maintenant: datetime) -> None:
    """Compare la base au témoin et note la bifurcation si elle ne le connaît plus."""
    temoin = read_temoin()
    if not temoin:
        return
    try:
        point, _note = parse_note_point(temoin)
    except PreuveInvalide:
        set_aside_temoin()  # fichier abîmé : il ne témoigne de rien
        return
    lot = Lot.objects.filter(taille=point.taille).first()
    if lot is None or bytes(lot.note) != temoin:
        record_bifurcation(motif="la base ignore le dernier point signé", maintenant=maintenant)


def read_origine(nom: str) -> str:
    """Origine des points à signer : celle de la dernière bifurcation, sinon le nom du journal.

    À lire sous le rôle de l’opérateur, seul à voir le journal de l’installation.
    """
    bifurcations = Entree.objects.filter(collectivite_id=INSTALLATION, objet=OBJET, action=ACTION)
    derniere = bifurcations.order_by("-survenu_le", "-id").first()
    origine = str(derniere.donnees["origine"]) if derniere else nom
    return origine if origine.startswith(f"{nom}/") else nom
