"""Prévenir : des adresses qui ont consenti deux fois, et les agents d’une collectivité.

Un appel n’est annoncé qu’une fois à chacun. La ligne qui le retient et le message sont dans la même
transaction, sous le verrou de l’abonné : une tâche tuée au milieu n’a rien envoyé, et relancée elle
n’envoie que ce qui manque.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils import timezone

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.queries import describe_collectivite
from socle.fondations.commun.adresses import build_adresse
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.queries import list_adhesions
from socle.fondations.journal.services import record
from socle.fondations.notifications.services import notify
from socle.fondations.notifications.services.preferences import compute_empreinte
from socle.fondations.notifications.services.programme import (
    VALIDITE,
    build_lien,
    check_envoi,
    is_libre,
    resume_envois,
    send_message,
)
from socle.fondations.referentiels.queries import list_portee, load_territoires
from socle.metiers.appels.enums import Cadence, GenreEnvoi, Theme
from socle.metiers.appels.errors import LienPerime
from socle.metiers.appels.models import (
    AbonneAppels,
    AlerteAppels,
    Appel,
    EnvoiAbonne,
    EnvoiAlerte,
)
from socle.metiers.appels.permissions import AGENTS
from socle.metiers.appels.queries.alertes import list_dus_abonne, list_dus_agent
from socle.metiers.appels.queries.lignes import format_cloture

SEL_DEMANDE = "appels.alerte"
SEL_DEPART = "appels.depart"
CODE_CONFIRMER = "appels_confirmer"
CODE_ABONNE = "appels_abonne"
CODE_AGENT = "appels_agent"
LUNDI = 0
PAR_MESSAGE = 20
PROCHE = timedelta(days=7)


def request_alerte(
    *,
    courriel: str,
    themes: Sequence[str],
    territoires: Sequence[str],
    cadence: str,
    ip: str,
    maintenant: datetime,
) -> None:
    """Envoie le lien de confirmation ; n’écrit rien d’autre, et ne dit pas si l’adresse est connue.

    Raises:
        TropDeDemandes: trop d’adresses depuis ce poste.
    """
    courriel = courriel.strip().lower()
    check_envoi(courriel=courriel, ip=ip, quoi="appels.alerte", maintenant=maintenant)
    if not is_libre(courriel, "appels.alerte", maintenant):
        return
    demande = [courriel, list(themes), list(territoires), cadence]
    jeton = signing.dumps(demande, salt=SEL_DEMANDE, compress=True)
    send_message(
        code=CODE_CONFIRMER, courriel=courriel, maintenant=maintenant,
        contexte={"lien": build_lien("appels:confirmer", jeton)},
    )  # fmt: skip


def read_demande(jeton: str) -> tuple[str, list[str], list[str], str]:
    """Lit un lien de confirmation : adresse, thèmes, territoires, rythme.

    Raises:
        LienPerime: abîmé, ou de plus de 48 heures.
    """
    try:
        courriel, themes, territoires, cadence = signing.loads(
            jeton, salt=SEL_DEMANDE, max_age=VALIDITE
        )
    except (signing.BadSignature, ValueError, TypeError) as cause:
        raise LienPerime from cause
    return courriel, [t for t in themes if t in Theme.values], territoires, Cadence(cadence).value


@transaction.atomic
def confirm_alerte(*, jeton: str, maintenant: datetime) -> AbonneAppels:
    """Second consentement : garde l’adresse et son choix. Rejouable.

    Raises:
        LienPerime: abîmé, ou de plus de 48 heures.
    """
    courriel, themes, territoires, cadence = read_demande(jeton)
    choix = {
        "courriel": courriel, "themes": themes, "territoires": territoires, "cadence": cadence,
        "portee": list_portee(territoires, load_territoires()), "parti_le": None,
    }  # fmt: skip
    abonne, neuf = AbonneAppels.objects.select_for_update().get_or_create(
        empreinte=compute_empreinte(courriel), defaults=choix | {"consenti_le": maintenant}
    )
    revenu = abonne.parti_le is not None
    if not neuf:
        for champ, valeur in choix.items():
            setattr(abonne, champ, valeur)
        abonne.consenti_le = maintenant if revenu else abonne.consenti_le
        abonne.save()
    resume_envois(courriel=courriel, code=CODE_ABONNE)
    action = "abonne_appels.consenti" if neuf or revenu else "abonne_appels.choix_change"
    _prove(action, abonne, maintenant)
    return abonne


def build_depart(abonne: AbonneAppels) -> str:
    """Rend le jeton de départ : il ne périme pas, et ne contient pas d’adresse."""
    return signing.Signer(salt=SEL_DEPART).sign(str(abonne.pk))


def find_depart(jeton: str) -> AbonneAppels:
    """Rend l’abonné d’un lien de départ.

    Raises:
        LienPerime: lien abîmé.
    """
    try:
        numero = int(signing.Signer(salt=SEL_DEPART).unsign(jeton))
    except (signing.BadSignature, ValueError) as cause:
        raise LienPerime from cause
    abonne = AbonneAppels.objects.filter(pk=numero).order_by("pk").first()
    if abonne is None:
        raise LienPerime
    return abonne


@transaction.atomic
def forget_abonne(*, empreinte: str, maintenant: datetime) -> None:
    """Arrête les alertes et efface l’adresse. Rejouable (RFC 8058 : un logiciel peut redire)."""
    abonne = (
        AbonneAppels.objects.select_for_update()
        .filter(empreinte=empreinte, parti_le__isnull=True)
        .order_by("pk")
        .first()
    )
    if abonne is None:
        return
    abonne.courriel, abonne.parti_le = None, maintenant
    abonne.themes, abonne.territoires, abonne.portee = [], [], []
    abonne.save()
    _prove("abonne_appels.parti", abonne, maintenant)


@transaction.atomic
def save_alerte(
    *,
    collectivite: Collectivite,
    compte: Compte,
    themes: Sequence[str],
    cadence: str,
    maintenant: datetime,
) -> AlerteAppels:
    """Abonne un agent aux appels qui concernent sa collectivité, ou change son choix."""
    alerte, neuve = AlerteAppels.objects.select_for_update(of=["self"]).get_or_create(
        collectivite=collectivite, compte=compte,
        defaults={"themes": list(themes), "cadence": cadence, "depuis": maintenant},
    )  # fmt: skip
    if not neuve and (alerte.themes, alerte.cadence) == (list(themes), cadence):
        return alerte
    alerte.themes, alerte.cadence = list(themes), cadence
    alerte.save()
    _prove_agent("appel.alerte_reglee", collectivite, compte, maintenant)
    return alerte


@transaction.atomic
def stop_alerte(*, collectivite: Collectivite, compte: Compte, maintenant: datetime) -> bool:
    """Arrête l’alerte d’un agent ; rend faux s’il n’en avait pas."""
    otees, _ = AlerteAppels.objects.filter(collectivite=collectivite, compte=compte).delete()
    if otees:
        _prove_agent("appel.alerte_arretee", collectivite, compte, maintenant)
    return bool(otees)


@transaction.atomic
def send_abonne(*, abonne_id: int, aujourdhui: date, maintenant: datetime) -> int:
    """Annonce à un abonné les appels qu’il n’a pas reçus ; rend leur nombre."""
    abonne = (
        AbonneAppels.objects.select_for_update()
        .filter(pk=abonne_id, parti_le__isnull=True)
        .order_by("pk")
        .first()
    )
    if abonne is None or not abonne.courriel:
        return 0
    nombre = 0
    for genre in list_genres(abonne.cadence, aujourdhui):
        tous = list_dus_abonne(abonne, genre, aujourdhui=aujourdhui, proche=PROCHE)
        dus = list(tous[:PAR_MESSAGE])
        if not dus:
            continue
        EnvoiAbonne.objects.bulk_create(
            [
                EnvoiAbonne(abonne=abonne, appel=appel, genre=dit, envoye_le=maintenant)
                for appel, dit in list_dits(dus, genre, aujourdhui)
            ],
            ignore_conflicts=True,
        )
        send_message(
            code=CODE_ABONNE, courriel=abonne.courriel, maintenant=maintenant,
            objet=f"abonne_appels:{abonne.pk}",
            contexte=build_contexte(dus, genre)
            | {"lien": build_lien("appels:arreter", build_depart(abonne))},
        )  # fmt: skip
        nombre += len(dus)
    return nombre


@transaction.atomic
def send_agents(*, collectivite: Collectivite, aujourdhui: date, maintenant: datetime) -> int:
    """Annonce à chaque agent abonné les appels de sa collectivité ; sous son locataire.

    Qui n’y a plus de rôle ne reçoit plus rien.
    """
    presents = list_adhesions(collectivite).filter(role__in=AGENTS, compte__is_active=True)
    alertes = AlerteAppels.objects.select_for_update(of=["self"]).filter(
        collectivite=collectivite, compte__in=presents.values("compte")
    )
    abonnees = list(alertes.select_related("compte").order_by("pk"))
    profil = describe_collectivite(collectivite) if abonnees else None
    nombre = 0
    for alerte in abonnees:
        for genre in list_genres(alerte.cadence, aujourdhui):
            tous = list_dus_agent(
                alerte, genre, profil=profil, aujourdhui=aujourdhui, proche=PROCHE
            )
            dus = list(tous[:PAR_MESSAGE])
            nombre += _tell_agent(collectivite, alerte, genre, dus, maintenant)
    return nombre


def _tell_agent(
    collectivite: Collectivite,
    alerte: AlerteAppels,
    genre: GenreEnvoi,
    dus: list[Appel],
    maintenant: datetime,
) -> int:
    if not dus:
        return 0
    jour = timezone.localdate(maintenant)
    EnvoiAlerte.objects.bulk_create(
        [
            EnvoiAlerte(
                collectivite=collectivite, compte=alerte.compte, appel=appel, genre=dit,
                envoye_le=maintenant,
            )
            for appel, dit in list_dits(dus, genre, jour)
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    notify(
        collectivite=collectivite, code=CODE_AGENT, compte=alerte.compte, maintenant=maintenant,
        objet=f"alerte_appels:{alerte.pk}",
        contexte=build_contexte(dus, genre)
        | {"lien": build_adresse("appels_ici:liste", collectivite)},
    )  # fmt: skip
    return len(dus)


def list_genres(cadence: str, aujourdhui: date) -> list[GenreEnvoi]:
    """Ce qui part ce jour-là : les nouveautés au rythme choisi, les rappels chaque jour."""
    nouveautes = cadence == Cadence.IMMEDIATE or aujourdhui.weekday() == LUNDI
    return [*([GenreEnvoi.NOUVEAU] if nouveautes else []), GenreEnvoi.RAPPEL]


def list_dits(
    appels: Sequence[Appel], genre: GenreEnvoi, aujourdhui: date
) -> list[tuple[Appel, GenreEnvoi]]:
    """Ce qu’un message vaut pour chaque appel.

    Annoncé à sept jours de sa clôture, il la rappelle ; rappelé avant d’être annoncé, il l’annonce.
    """
    dits = [(appel, genre) for appel in appels]
    if genre == GenreEnvoi.RAPPEL:
        return dits + [(appel, GenreEnvoi.NOUVEAU) for appel in appels]
    limite = aujourdhui + PROCHE
    presses = [appel for appel in appels if appel.cloture and appel.cloture <= limite]
    return dits + [(appel, GenreEnvoi.RAPPEL) for appel in presses]


def build_contexte(appels: Sequence[Appel], genre: GenreEnvoi) -> dict[str, str]:
    """Rend le sujet et la liste d’un message."""
    un = len(appels) == 1
    if genre == GenreEnvoi.RAPPEL:
        sujet = "Clôture proche" if un else f"{len(appels)} clôtures proches"
    else:
        sujet = "Un nouvel appel" if un else f"{len(appels)} nouveaux appels"
    suite = f" : {appels[0].titre}" if un else ""
    lignes = [
        f"- {appel.titre} ({appel.organisateur}), {format_cloture(appel).lower()} :"
        f" {build_lien('appels:fiche', appel.slug)}"
        for appel in appels
    ]
    return {"sujet": f"{sujet}{suite}", "liste": "\n".join(lignes)}


def _prove(action: str, abonne: AbonneAppels, maintenant: datetime) -> None:
    nom = f"abonne_appels:{abonne.pk}"
    record(action=action, objet=nom, acteur=nom, collectivite_id=None, maintenant=maintenant)


def _prove_agent(
    action: str, collectivite: Collectivite, compte: Compte, maintenant: datetime
) -> None:
    record(
        action=action, objet=f"compte:{compte.pk}", acteur=f"agent:{compte.pk}",
        collectivite_id=collectivite.pk, maintenant=maintenant,
    )  # fmt: skip
