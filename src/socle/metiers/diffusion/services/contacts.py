"""Garder une personne dans nos contacts, le lui dire, l’effacer à l’heure ou à sa demande."""

from datetime import date, datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils import timezone

from socle.fondations.commun.textes import format_jour
from socle.fondations.journal.services import record
from socle.fondations.notifications.services.preferences import compute_empreinte
from socle.fondations.notifications.services.programme import build_lien, send_message
from socle.metiers.diffusion.errors import ContactOppose, LienPerime
from socle.metiers.diffusion.models import Contact, Inscription, Opposition

SEL = "diffusion.opposition"
GARDE = timedelta(days=3 * 365)
FINALITE = "vous inviter aux évènements du programme et vous consulter sur ses travaux"


@transaction.atomic
def save_contact(
    *,
    courriel: str,
    vu_le: date,
    origine: str,
    acteur: str,
    maintenant: datetime,
    finalite: str = FINALITE,
    **fiche: str,
) -> Contact:
    """Crée ou prolonge un contact, trois ans après sa dernière participation ; le prévient.

    Args:
        fiche: nom, fonction, organisation, autorite.

    Raises:
        ContactOppose: la personne a demandé à ne pas y être.
    """
    courriel = courriel.strip().lower()
    if Opposition.objects.filter(pk=compute_empreinte(courriel)).exists():
        raise ContactOppose
    contact = Contact.objects.select_for_update().filter(courriel=courriel).order_by("pk").first()
    neuf = contact is None
    if contact is None:
        contact = Contact(courriel=courriel, vu_le=vu_le, origine=origine, finalite=finalite)
    contact.vu_le = max(contact.vu_le, vu_le)
    contact.expire_le = contact.vu_le + GARDE
    for nom, valeur in fiche.items():
        if valeur:
            setattr(contact, nom, valeur)
    contact.save()
    if neuf:
        _prove("contact.cree", contact, acteur, maintenant)
        _tell(contact, maintenant)
    return contact


def keep_presents(*, evenement_id: int, acteur: str, maintenant: datetime) -> int:
    """Garde comme contacts les personnes présentes qui l’ont accepté. Rend leur nombre."""
    presents = Inscription.objects.filter(
        evenement_id=evenement_id, present=True, accepte_contact=True, courriel__isnull=False
    ).select_related("evenement")
    nombre = 0
    for inscription in presents.order_by("pk"):
        try:
            save_contact(
                courriel=inscription.courriel or "", nom=inscription.nom,
                organisation=inscription.organisation, autorite=inscription.autorite,
                vu_le=timezone.localdate(inscription.evenement.debut),
                origine=inscription.evenement.cle, acteur=acteur, maintenant=maintenant,
            )  # fmt: skip
        except ContactOppose:
            continue
        nombre += 1
    return nombre


def build_jeton(contact: Contact) -> str:
    """Jeton d’opposition ; il ne contient pas d’adresse."""
    return signing.Signer(salt=SEL).sign(str(contact.pk))


def find_contact(jeton: str) -> Contact:
    """Rend le contact d’un lien d’opposition.

    Raises:
        LienPerime: lien abîmé, ou contact déjà effacé.
    """
    try:
        contact_id = int(signing.Signer(salt=SEL).unsign(jeton))
    except (signing.BadSignature, ValueError) as cause:
        raise LienPerime from cause
    contact = Contact.objects.filter(pk=contact_id).order_by("pk").first()
    if contact is None:
        raise LienPerime(message="Vous n’êtes plus dans nos contacts.", suite="Rien à faire.")
    return contact


@transaction.atomic
def oppose_contact(*, contact: Contact, acteur: str, maintenant: datetime) -> None:
    """Efface un contact et retient, sans garder l’adresse, qu’il ne doit pas revenir."""
    Opposition.objects.get_or_create(
        pk=compute_empreinte(contact.courriel), defaults={"le": timezone.localdate(maintenant)}
    )
    _prove("contact.oppose", contact, acteur, maintenant)
    contact.delete()


@transaction.atomic
def purge_contacts(*, aujourdhui: date) -> int:
    """Efface les contacts arrivés à terme. Rend leur nombre."""
    nombre, _ = Contact.objects.filter(expire_le__lte=aujourdhui).delete()
    if nombre:
        record(
            action="contact.purge", objet="diffusion:contacts", acteur="systeme",
            collectivite_id=None, maintenant=timezone.now(), donnees={"contacts": nombre},
        )  # fmt: skip
    return nombre


def _tell(contact: Contact, maintenant: datetime) -> None:
    """Information de l’article 14 du RGPD : pourquoi, jusqu’à quand, comment s’y opposer."""
    send_message(
        code="diffusion_contact", courriel=contact.courriel, maintenant=maintenant,
        contexte={
            "finalite": contact.finalite,
            "jour": format_jour(contact.expire_le),
            "lien": build_lien("diffusion:opposition", build_jeton(contact)),
        },
    )  # fmt: skip


def _prove(action: str, contact: Contact, acteur: str, maintenant: datetime) -> None:
    record(
        action=action, objet=f"contact:{contact.pk}", acteur=acteur,
        collectivite_id=None, maintenant=maintenant, donnees={"origine": contact.origine},
    )  # fmt: skip
