"""S’inscrire, attendre une place, se désister, être rappelé, donner son avis."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet

from socle.fondations.commun.textes import format_instant
from socle.fondations.journal.services import record
from socle.fondations.notifications.services.programme import (
    VALIDITE,
    build_lien,
    check_envoi,
    is_libre,
    send_message,
)
from socle.metiers.diffusion.enums import EtatInscription, EtatParution
from socle.metiers.diffusion.errors import InscriptionsCloses, LienPerime
from socle.metiers.diffusion.models import Avis, Evenement, Inscription
from socle.metiers.diffusion.services.parutions import withdraw_parution

SEL_DEMANDE = "diffusion.inscription"
SEL_INSCRIPTION = "diffusion.place"
GARDE = timedelta(days=365)
RAPPEL_AVANT = timedelta(hours=30)
AVIS_APRES = timedelta(hours=12)
AVIS_PENDANT = timedelta(days=14)
LOT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Demande:
    """Ce qu’une personne dit d’elle pour s’inscrire."""

    courriel: str
    nom: str
    organisation: str = ""
    autorite: str = ""
    accepte_contact: bool = False


def request_inscription(
    *, evenement: Evenement, demande: Demande, ip: str, maintenant: datetime
) -> None:
    """Envoie le lien à confirmer à une adresse que rien ne prouve encore ; ne garde rien.

    Raises:
        TropDeDemandes: trop d’adresses depuis ce poste.
        InscriptionsCloses: évènement passé, annulé, ou sans inscription.
    """
    check_ouvert(evenement, maintenant)
    courriel = demande.courriel.strip().lower()
    check_envoi(courriel=courriel, ip=ip, quoi="diffusion.inscription", maintenant=maintenant)
    if not is_libre(courriel, "diffusion.inscription", maintenant):
        return
    jeton = signing.dumps(
        [evenement.pk, courriel, demande.nom, demande.organisation, demande.autorite,
         demande.accepte_contact],
        salt=SEL_DEMANDE, compress=True,
    )  # fmt: skip
    contexte = describe_evenement(evenement) | {
        "lien": build_lien("diffusion:confirmer_inscription", jeton)
    }
    send_message(
        code="diffusion_inscription_a_confirmer", courriel=courriel, contexte=contexte,
        maintenant=maintenant,
    )  # fmt: skip


def read_demande(jeton: str) -> tuple[Evenement, Demande]:
    """Lit un lien d’inscription.

    Raises:
        LienPerime: abîmé, ou de plus de 48 heures.
    """
    try:
        evenement_id, courriel, nom, organisation, autorite, accepte = signing.loads(
            jeton, salt=SEL_DEMANDE, max_age=VALIDITE
        )
    except (signing.BadSignature, ValueError, TypeError) as cause:
        raise LienPerime from cause
    evenement = Evenement.objects.filter(pk=evenement_id).order_by("pk").first()
    if evenement is None:
        raise LienPerime
    return evenement, Demande(
        courriel=courriel, nom=nom, organisation=organisation, autorite=autorite,
        accepte_contact=accepte,
    )  # fmt: skip


@transaction.atomic
def register_inscription(
    *, evenement: Evenement, demande: Demande, acteur: str, maintenant: datetime
) -> Inscription:
    """Inscrit, ou met en attente quand c’est complet. Rejouable : une place par adresse.

    Raises:
        InscriptionsCloses: évènement passé ou annulé.
    """
    evenement = Evenement.objects.select_for_update().get(pk=evenement.pk)
    check_ouvert(evenement, maintenant)
    courriel = demande.courriel.strip().lower()
    deja = Inscription.objects.filter(evenement=evenement, courriel=courriel).order_by("pk").first()
    if deja and deja.etat != EtatInscription.ANNULEE:
        return deja
    inscription = deja or Inscription(evenement=evenement, courriel=courriel)
    inscription.nom, inscription.organisation = demande.nom, demande.organisation
    inscription.autorite = demande.autorite
    inscription.accepte_contact = demande.accepte_contact
    inscription.etat = EtatInscription.INSCRITE if has_place(evenement) else EtatInscription.ATTENTE
    inscription.inscrite_le = maintenant
    inscription.save()
    _prove("inscription.prise", inscription, acteur, maintenant)
    _notify(inscription, "diffusion_inscription", maintenant)
    return inscription


def check_ouvert(evenement: Evenement, maintenant: datetime) -> None:
    """Raises: InscriptionsCloses, si l’évènement n’est pas publié ou a commencé."""
    if not evenement.est_publie or evenement.debut <= maintenant:
        raise InscriptionsCloses


def has_place(evenement: Evenement) -> bool:
    """Vrai s’il reste une place ; sans limite, toujours."""
    if evenement.places is None:
        return True
    prises = Inscription.objects.filter(evenement=evenement, etat=EtatInscription.INSCRITE)
    return prises.count() < evenement.places


def build_jeton(inscription: Inscription) -> str:
    """Jeton qui mène à sa propre inscription."""
    return signing.Signer(salt=SEL_INSCRIPTION).sign(str(inscription.pk))


def find_inscription(jeton: str) -> Inscription:
    """Rend l’inscription d’un lien reçu.

    Raises:
        LienPerime: lien abîmé, ou inscription effacée.
    """
    try:
        inscription_id = int(signing.Signer(salt=SEL_INSCRIPTION).unsign(jeton))
    except (signing.BadSignature, ValueError) as cause:
        raise LienPerime from cause
    trouvee = Inscription.objects.select_related("evenement").filter(pk=inscription_id)
    inscription = trouvee.order_by("pk").first()
    if inscription is None:
        raise LienPerime
    return inscription


@transaction.atomic
def cancel_inscription(*, inscription: Inscription, acteur: str, maintenant: datetime) -> None:
    """Libère la place ; la première personne en attente la reçoit. Rejouable."""
    evenement = Evenement.objects.select_for_update().get(pk=inscription.evenement_id)
    inscription.refresh_from_db()
    if inscription.etat == EtatInscription.ANNULEE:
        return
    inscription.etat = EtatInscription.ANNULEE
    inscription.save()
    _prove("inscription.annulee", inscription, acteur, maintenant)
    if evenement.debut > maintenant:
        promote_attente(evenement, maintenant)


def promote_attente(evenement: Evenement, maintenant: datetime) -> None:
    """Donne les places libres aux premières personnes en attente ; l’évènement est verrouillé."""
    attente = Inscription.objects.filter(evenement=evenement, etat=EtatInscription.ATTENTE)
    for inscription in attente.order_by("inscrite_le", "pk"):
        if not has_place(evenement):
            return
        inscription.etat = EtatInscription.INSCRITE
        inscription.save()
        _prove("inscription.promue", inscription, "systeme", maintenant)
        _notify(inscription, "diffusion_inscription", maintenant)


@transaction.atomic
def cancel_evenement(
    *, evenement: Evenement, motif: str, revision: int, acteur: str, maintenant: datetime
) -> Evenement:
    """Annule un évènement publié et le dit à chaque personne inscrite ou en attente."""
    evenement = withdraw_parution(
        objet=evenement, motif=motif, revision=revision, acteur=acteur, maintenant=maintenant
    )
    if evenement.debut > maintenant:
        vivantes = Inscription.objects.filter(evenement=evenement, courriel__isnull=False)
        for inscription in vivantes.exclude(etat=EtatInscription.ANNULEE).order_by("pk"):
            _notify(inscription, "diffusion_annulation", maintenant, ou=motif)
    return evenement


@transaction.atomic
def save_presences(
    *, evenement: Evenement, presents: set[int], acteur: str, maintenant: datetime
) -> int:
    """Note qui était là ; les autres inscrits sont notés absents. Rend le nombre de présents."""
    inscrites = Inscription.objects.filter(evenement=evenement, etat=EtatInscription.INSCRITE)
    nombre = inscrites.filter(pk__in=presents).update(present=True)
    inscrites.exclude(pk__in=presents).update(present=False)
    record(
        action="evenement.presences", objet=evenement.cle, acteur=acteur, collectivite_id=None,
        maintenant=maintenant, donnees={"presents": nombre},
    )  # fmt: skip
    return nombre


def remind_inscrits(*, maintenant: datetime) -> int:
    """Rappelle les évènements du lendemain, une fois par inscription. Rend le nombre de rappels."""
    return _write_each(
        Inscription.objects.filter(
            etat=EtatInscription.INSCRITE, rappelee_le__isnull=True, courriel__isnull=False,
            evenement__etat=EtatParution.PUBLIE, evenement__debut__gt=maintenant,
            evenement__debut__lte=maintenant + RAPPEL_AVANT,
        ),
        champ="rappelee_le", code="diffusion_rappel", maintenant=maintenant,
    )  # fmt: skip


def ask_avis(*, maintenant: datetime) -> int:
    """Demande leur avis aux personnes présentes, une fois. Rend le nombre de demandes."""
    return _write_each(
        Inscription.objects.filter(
            present=True, avis_demande_le__isnull=True, courriel__isnull=False,
            evenement__fin__lte=maintenant - AVIS_APRES,
            evenement__fin__gte=maintenant - AVIS_PENDANT,
        ),
        champ="avis_demande_le", code="diffusion_avis", maintenant=maintenant,
    )  # fmt: skip


def _write_each(
    choisies: QuerySet[Inscription], *, champ: str, code: str, maintenant: datetime
) -> int:
    """Réserve un lot, écrit à chacun, dans une transaction : tout, ou rien."""
    with transaction.atomic():
        lot = list(
            choisies.select_for_update(of=["self"], skip_locked=True)
            .select_related("evenement")
            .order_by("pk")[:LOT]
        )
        for inscription in lot:
            setattr(inscription, champ, maintenant)
            inscription.save()
            _notify(inscription, code, maintenant)
    return len(lot)


@transaction.atomic
def save_avis(*, jeton: str, note: int, remarque: str, maintenant: datetime) -> Avis:
    """Garde un avis sans dire de qui il vient ; un seul par personne.

    Raises:
        LienPerime: lien abîmé, ou avis déjà donné.
    """
    trouvee = find_inscription(jeton)
    inscription = Inscription.objects.select_for_update().get(pk=trouvee.pk)
    if inscription.avis_donne or not inscription.present:
        raise LienPerime(suite="Un avis par personne présente, et le vôtre est peut-être donné.")
    inscription.avis_donne = True
    inscription.save()
    avis = Avis.objects.create(evenement=trouvee.evenement, note=note, remarque=remarque)
    record(
        action="evenement.avis", objet=trouvee.evenement.cle, acteur="invite:avis",
        collectivite_id=None, maintenant=maintenant, donnees={"note": note},
    )  # fmt: skip
    return avis


def purge_inscriptions(*, maintenant: datetime) -> int:
    """Un an après l’évènement, efface qui est venu ; garde sa collectivité, pour compter."""
    vieilles = Inscription.objects.filter(
        evenement__fin__lt=maintenant - GARDE, courriel__isnull=False
    )
    with transaction.atomic():
        nombre = vieilles.update(courriel=None, nom="", organisation="", accepte_contact=False)
        if nombre:
            record(
                action="evenement.inscriptions_purgees", objet="diffusion:evenements",
                acteur="systeme", collectivite_id=None, maintenant=maintenant,
                donnees={"inscriptions": nombre},
            )  # fmt: skip
    return nombre


def describe_evenement(evenement: Evenement) -> dict[str, str]:
    """Balises communes aux messages."""
    return {"evenement": evenement.titre, "date": format_instant(evenement.debut)}


def _notify(inscription: Inscription, code: str, maintenant: datetime, ou: str = "") -> None:
    evenement = inscription.evenement
    est_prise = inscription.etat == EtatInscription.INSCRITE
    places = [evenement.lieu, evenement.visio and f"Pour se connecter : {evenement.visio}"]
    page = "diffusion:avis" if code == "diffusion_avis" else "diffusion:inscription"
    contexte = describe_evenement(evenement) | {
        "etat": "Vous êtes inscrit" if est_prise else "Vous êtes sur la liste d’attente",
        "ou": ou or ("\n".join(filter(None, places)) if est_prise else ""),
        "lien": build_lien(page, build_jeton(inscription)),
    }
    send_message(
        code=code, courriel=inscription.courriel or "", contexte=contexte, maintenant=maintenant
    )


def _prove(action: str, inscription: Inscription, acteur: str, maintenant: datetime) -> None:
    record(
        action=action, objet=f"inscription:{inscription.pk}", acteur=acteur,
        collectivite_id=None, maintenant=maintenant,
        donnees={"evenement": inscription.evenement_id},
    )  # fmt: skip
