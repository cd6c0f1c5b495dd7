"""Comptes locaux : un courriel n’est écrit sur un compte qu’une fois vérifié."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.errors import CourrielDejaPris
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.queries import find_compte


@transaction.atomic
def create_compte_local(
    *,
    genre: GenreCompte,
    courriel: str,
    mot_de_passe: str,
    maintenant: datetime,
    prenom: str = "",
    nom: str = "",
    verifie: bool = False,
) -> Compte:
    """Crée un compte local. Non vérifié, il ne tient pas l’adresse : plusieurs peuvent attendre.

    Args:
        verifie: l’adresse est déjà prouvée (lien d’invitation, démonstration).

    Raises:
        CourrielDejaPris: vérifiée, l’adresse sert déjà à un compte de ce genre.
    """
    courriel = courriel.strip().lower()
    try:
        with transaction.atomic():
            compte = Compte.objects.create_compte(
                genre=genre,
                courriel=courriel if verifie else "",
                password=mot_de_passe,
                prenom=prenom,
                nom=nom,
                courriel_verifie_le=maintenant if verifie else None,
            )
    except IntegrityError as cause:
        raise CourrielDejaPris from cause
    EmailAddress.objects.create(user=compte, email=courriel, verified=verifie, primary=verifie)
    return compte


@transaction.atomic
def confirm_courriel(*, compte: Compte, courriel: str, maintenant: datetime) -> None:
    """Donne au compte l’adresse qu’il vient de prouver ; les inscriptions rivales disparaissent.

    Raises:
        CourrielDejaPris: un autre compte de ce genre l’a prouvée avant lui.
    """
    courriel = courriel.lower()
    autre = find_compte(compte.genre, courriel)
    if autre is not None and autre.pk != compte.pk:
        raise CourrielDejaPris
    compte.courriel, compte.courriel_verifie_le = courriel, maintenant
    try:
        with transaction.atomic():
            compte.save(update_fields=["courriel", "courriel_verifie_le", "modifie_le"])
    except IntegrityError as cause:
        raise CourrielDejaPris from cause
    EmailAddress.objects.filter(user=compte).exclude(email=courriel).delete()
    EmailAddress.objects.update_or_create(
        user=compte, email=courriel, defaults={"verified": True, "primary": True}
    )
    delete_inscriptions_rivales(compte, courriel)


def delete_inscriptions_rivales(compte: Compte, courriel: str) -> None:
    """Efface les comptes jamais confirmés, jamais ouverts, qui attendaient la même adresse."""
    rivales = EmailAddress.objects.filter(
        email=courriel, verified=False, user__genre=compte.genre, user__courriel="",
        user__last_login=None,
    )  # fmt: skip
    Compte.objects.filter(
        pk__in=rivales.exclude(user=compte).values("user_id"), identites=None
    ).delete()


def delete_inscriptions_anciennes(*, avant: datetime) -> int:
    """Efface les comptes locaux jamais confirmés créés avant cet instant ; rend leur nombre."""
    anciens = Compte.objects.filter(
        courriel="", last_login=None, cree_le__lt=avant, identites=None,
        emailaddress__verified=False,
    )  # fmt: skip
    total, _ = anciens.delete()
    return total
