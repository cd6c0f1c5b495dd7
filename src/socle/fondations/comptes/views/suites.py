"""Ce qui suit un retour réussi : ouvrir la session, relier l’identité, demander des données."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.locataire import locataire
from socle.fondations.commun.oidc.depart import Parcours
from socle.fondations.commun.oidc.fournisseur import Fournisseur, Identite
from socle.fondations.comptes.adapters import session
from socle.fondations.comptes.adapters.politique import read_origine
from socle.fondations.comptes.adapters.requete import build_page_compte
from socle.fondations.comptes.errors import ConnexionRefusee, PersonneDifferente
from socle.fondations.comptes.models import Compte, FournisseurIdentite, Invitation
from socle.fondations.comptes.ports import Connexion, Traits, apres_connexion
from socle.fondations.comptes.queries import find_identite, list_identites
from socle.fondations.comptes.services.connexion import associate_identite, open_identite


@dataclass(frozen=True)
class Arrivee:
    """Un retour contrôlé, prêt à être écrit. `collectivite` : celle d’où la personne est partie."""

    ligne: FournisseurIdentite
    fournisseur: Fournisseur
    identite: Identite
    traits: Traits
    parcours: Parcours
    collectivite: Collectivite | None
    maintenant: datetime

    def ouvre(self) -> AbstractContextManager[None]:
        return locataire(self.collectivite.pk if self.collectivite else None)


def finish_arrivee(request: HttpRequest, arrivee: Arrivee) -> HttpResponseBase:
    """Mène la connexion à son terme.

    Raises:
        ErreurMetier: refus à montrer ; la session reste comme avant.
    """
    if arrivee.parcours.intention == "associer":
        return _associate(request, arrivee)
    if arrivee.parcours.intention == "connexion":
        return _login(request, arrivee)
    return _ask_sources(request, arrivee)


def _associate(request: HttpRequest, arrivee: Arrivee) -> HttpResponseBase:
    compte = request.user
    if not isinstance(compte, Compte) or compte.genre != arrivee.ligne.genre:
        raise ConnexionRefusee
    with arrivee.ouvre():
        associate_identite(
            compte=compte,
            ligne=arrivee.ligne,
            identite=arrivee.identite,
            traits=arrivee.traits,
            collectivite=arrivee.collectivite,
            maintenant=arrivee.maintenant,
        )
    return HttpResponseRedirect(build_page_compte(compte))


def _login(request: HttpRequest, arrivee: Arrivee) -> HttpResponseBase:
    compte, refus, reponse = None, None, None
    with arrivee.ouvre():
        try:
            compte = open_identite(
                ligne=arrivee.ligne,
                identite=arrivee.identite,
                traits=arrivee.traits,
                collectivite=arrivee.collectivite,
                maintenant=arrivee.maintenant,
                invitation=_find_invitation(request, arrivee),
            )
        except ErreurMetier as cause:  # dans la transaction : une demande de rattachement y reste
            refus = cause
        else:
            reponse = _open_session(request, arrivee, compte)
    if refus is not None:
        raise refus
    assert reponse is not None  # noqa: S101  (l’un ou l’autre)
    return reponse


def _open_session(request: HttpRequest, arrivee: Arrivee, compte: Compte) -> HttpResponseBase:
    """Ouvre la session par les étapes d’allauth : un second facteur local reste demandé.

    La clé de session change ; une session d’une autre personne est d’abord vidée.
    """
    from allauth.account.internal.flows.login import perform_login  # noqa: PLC0415
    from allauth.account.models import Login  # noqa: PLC0415

    if request.user.is_authenticated:
        logout(request)
    session.save_federation(request.session, _build_federation(arrivee, compte))
    connexion = Login(
        user=compte,
        email_verification="none",
        redirect_url=arrivee.parcours.suite or None,
        state={"mfa_federee": arrivee.traits.mfa},
    )
    return perform_login(request, connexion)


def _build_federation(arrivee: Arrivee, compte: Compte) -> session.Federation:
    ligne, traits = arrivee.ligne, arrivee.traits
    return session.Federation(
        compte=compte.pk,
        code=ligne.code,
        collectivite=arrivee.collectivite.pk if arrivee.collectivite else None,
        portee=ligne.collectivite_id if ligne.secteur == f"c{ligne.collectivite_id}" else None,
        siret=traits.siret,
        mfa=traits.mfa,
        id_token=arrivee.identite.id_token if ligne.fin_session else "",
        origine_fin=read_origine(ligne.fin_session),
    )


def _find_invitation(request: HttpRequest, arrivee: Arrivee) -> Invitation | None:
    """Retrouve l’invitation dont la personne vient d’ouvrir le lien dans cette session."""
    pk = request.session.get(session.INVITATION)
    if pk is None or arrivee.collectivite is None:
        return None
    return Invitation.objects.filter(
        pk=pk, collectivite=arrivee.collectivite, acceptee_le=None, annulee_le=None,
        expire_le__gt=arrivee.maintenant,
    ).first()  # fmt: skip


def _ask_sources(request: HttpRequest, arrivee: Arrivee) -> HttpResponseBase:
    """Porte le jeton d’accès à la suite inscrite, en mémoire seulement, hors transaction.

    Sans session, c’est aussi une connexion. Avec une session, l’identité doit être celle du compte,
    ou n’être reliée à aucun compte si celui-ci ne l’est à aucune.
    """
    sortie: HttpResponseBase | None = None
    if not isinstance(request.user, Compte):
        sortie = _login(request, arrivee)
        if not isinstance(request.user, Compte):
            return sortie  # un second facteur reste à donner : les données se redemanderont
    compte: Compte = request.user
    with arrivee.ouvre():
        _check_meme_personne(arrivee, compte)
    connexion = Connexion(
        compte_id=compte.pk,
        fournisseur=arrivee.ligne.code,
        profil=arrivee.ligne.profil,
        sub=arrivee.identite.sub,
        traits=arrivee.traits,
        scopes=arrivee.parcours.scopes,
        suite=arrivee.parcours.suite,
        maintenant=arrivee.maintenant,
        jeton_acces=arrivee.identite.jeton_acces,
    )
    suite = apres_connexion[arrivee.parcours.intention](request, connexion)
    return suite or sortie or HttpResponseRedirect(connexion.suite or build_page_compte(compte))


def _check_meme_personne(arrivee: Arrivee, compte: Compte) -> None:
    connue = find_identite(arrivee.ligne, arrivee.identite.sub)
    if connue is not None:
        if connue.compte_id != compte.pk:
            raise PersonneDifferente
        return
    siennes = list_identites(compte).filter(
        emetteur=arrivee.ligne.emetteur, secteur=arrivee.ligne.secteur
    )
    if siennes.exists():
        raise PersonneDifferente
