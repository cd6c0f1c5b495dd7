"""Conventions et chartes : écrire, publier une version, adhérer, se retirer."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.verrou import check_empreinte, read_valeurs
from socle.fondations.journal.services import record
from socle.metiers.adoption.enums import EtatConvention, GenreConvention
from socle.metiers.adoption.errors import (
    ConventionFermee,
    ConventionModifieeAilleurs,
    DejaAdherente,
    PasAdherente,
    TexteIdentique,
    VersionDepassee,
)
from socle.metiers.adoption.models import Convention, Signature, VersionDeConvention
from socle.metiers.adoption.queries.autorites import get_autorite_de

CHAMPS = ("titre", "genre", "resume", "porteur", "pour_qui", "est_modele", "liens")


@transaction.atomic
def create_convention(
    *,
    slug: str,
    titre: str,
    genre: GenreConvention,
    resume: str,
    porteur: str,
    pour_qui: str,
    texte: str,
    acteur: str,
    maintenant: datetime,
    est_modele: bool = True,
    liens: list[str] | None = None,
) -> Convention:
    """Prépare une convention avec sa première version ; elle n’est pas encore ouverte."""
    convention = Convention.objects.create(
        slug=slug, titre=titre, genre=genre, resume=resume, porteur=porteur, pour_qui=pour_qui,
        est_modele=est_modele, liens=liens or [],
    )  # fmt: skip
    _record("convention.creee", convention, acteur, maintenant)
    _publish(convention, texte, "", acteur, maintenant)
    return convention


@transaction.atomic
def update_convention(
    *,
    convention: Convention,
    acteur: str,
    maintenant: datetime,
    empreinte: str | None = None,
    **champs: object,
) -> Convention:
    """Change la présentation d’une convention ; jamais son texte, qui demande une version.

    Args:
        empreinte: celle de `CHAMPS` sur la page. None, rien n’est comparé.

    Raises:
        ConventionModifieeAilleurs: quelqu’un l’a enregistrée depuis.
    """
    convention = _lock(convention)
    check_empreinte(read_valeurs(convention, *CHAMPS), empreinte, ConventionModifieeAilleurs)
    changes = [nom for nom in CHAMPS if nom in champs and getattr(convention, nom) != champs[nom]]
    for nom in changes:
        setattr(convention, nom, champs[nom])
    if changes:
        convention.save(update_fields=[*changes, "modifie_le"])
        _record("convention.modifiee", convention, acteur, maintenant, champs=changes)
    return convention


@transaction.atomic
def publish_version(
    *, convention: Convention, texte: str, changement: str, acteur: str, maintenant: datetime
) -> VersionDeConvention:
    """Publie un nouveau texte ; les adhérentes de l’ancien sont invitées à signer celui-ci.

    Raises:
        TexteIdentique.
    """
    return _publish(_lock(convention), texte, changement, acteur, maintenant)


@transaction.atomic
def set_etat(
    *, convention: Convention, etat: EtatConvention, acteur: str, maintenant: datetime
) -> Convention:
    """Ouvre, ferme ou remet en préparation ; les adhésions faites restent."""
    convention = _lock(convention)
    if convention.etat != etat:
        convention.etat = etat
        convention.save(update_fields=["etat", "modifie_le"])
        _record("convention.etat_change", convention, acteur, maintenant, etat=str(etat))
    return convention


@transaction.atomic
def sign_convention(
    *,
    convention: Convention,
    numero: int,
    collectivite: Collectivite,
    fonction: str,
    acteur: str,
    maintenant: datetime,
) -> Signature:
    """La collectivité adhère à la version qu’elle a lue ; l’acte est au journal, avec l’empreinte.

    Une adhésion à une version plus ancienne est remplacée : elle reste dans l’histoire.

    Raises:
        ConventionFermee, VersionDepassee, DejaAdherente.
    """
    autorite = get_autorite_de(collectivite)
    convention = _lock(convention)
    version = _get_version_en_cours(convention)
    if not convention.is_ouverte:
        raise ConventionFermee
    if version.numero != numero:
        raise VersionDepassee
    en_cours = Signature.objects.filter(
        convention=convention, autorite=autorite.cle, retiree_le=None
    ).first()
    if en_cours is not None:
        if en_cours.version_id == version.pk:
            raise DejaAdherente
        en_cours.retiree_le, en_cours.motif_retrait = maintenant, f"Version {numero} signée."
        en_cours.save(update_fields=["retiree_le", "motif_retrait", "modifie_le"])
    preuve = record(
        action="convention.signee",
        objet=convention.cle,
        acteur=acteur,
        collectivite_id=collectivite.pk,
        maintenant=maintenant,
        donnees={"version": numero, "empreinte": version.empreinte, "autorite": autorite.cle},
    )
    return Signature.objects.create(
        convention=convention, version=version, autorite=autorite.cle, nom=collectivite.nom,
        siren=collectivite.siren, fonction=fonction.strip()[:150], acteur=acteur,
        empreinte=version.empreinte, preuve=preuve.id, signee_le=maintenant,
    )  # fmt: skip


@transaction.atomic
def withdraw_signature(
    *,
    convention: Convention,
    collectivite: Collectivite,
    motif: str,
    acteur: str,
    maintenant: datetime,
) -> Signature:
    """La collectivité se retire ; son adhésion passée reste lisible.

    Raises:
        PasAdherente.
    """
    autorite = get_autorite_de(collectivite)
    signature = (
        Signature.objects.select_for_update(of=["self"])
        .filter(convention=convention, autorite=autorite.cle, retiree_le=None)
        .first()
    )
    if signature is None:
        raise PasAdherente
    signature.retiree_le, signature.motif_retrait = maintenant, motif.strip()[:300]
    signature.save(update_fields=["retiree_le", "motif_retrait", "modifie_le"])
    record(
        action="convention.retiree",
        objet=convention.cle,
        acteur=acteur,
        collectivite_id=collectivite.pk,
        maintenant=maintenant,
        donnees={"autorite": autorite.cle, "signature": signature.pk},
    )
    return signature


def _publish(
    convention: Convention, texte: str, changement: str, acteur: str, maintenant: datetime
) -> VersionDeConvention:
    texte = texte.replace("\r\n", "\n").strip()
    empreinte = VersionDeConvention.hash_texte(texte)
    derniere = convention.versions.order_by("-numero").first()
    if derniere is not None and derniere.empreinte == empreinte:
        raise TexteIdentique
    version = VersionDeConvention.objects.create(
        convention=convention,
        numero=(derniere.numero if derniere else 0) + 1,
        texte=texte,
        empreinte=empreinte,
        publiee_le=maintenant,
        changement=changement.strip()[:500],
    )
    _record(
        "convention.version_publiee", convention, acteur, maintenant,
        version=version.numero, empreinte=empreinte,
    )  # fmt: skip
    return version


def _get_version_en_cours(convention: Convention) -> VersionDeConvention:
    numero = convention.versions.aggregate(dernier=Max("numero"))["dernier"]
    return convention.versions.get(numero=numero)


def _lock(convention: Convention) -> Convention:
    """Deux signatures, ou une signature et une publication, ne se croisent pas."""
    return Convention.objects.select_for_update(of=["self"]).get(pk=convention.pk)


def _record(
    action: str, convention: Convention, acteur: str, maintenant: datetime, **donnees: object
) -> None:
    record(
        action=action,
        objet=convention.cle,
        acteur=acteur,
        collectivite_id=None,
        maintenant=maintenant,
        donnees=donnees,
    )
