"""Adresses des comptes, les mêmes dans une collectivité et au niveau de l’installation.

Les noms anglais sans espace sont ceux que django-allauth cherche ; les adresses sont françaises.
"""

from django.urls import include, path

from socle.fondations.comptes.views import agents, compte, federation, invitation, locaux, sortie
from socle.fondations.comptes.views.securite import use_allauth

LOCAUX = "allauth.account.views."
MFA = "allauth.mfa."

propres = [
    path("connexion/", locaux.connexion, name="connexion"),
    path("agent/connexion/", locaux.connexion_agent, name="connexion_agent"),
    path("agent/connexion/mot-de-passe/", locaux.oubli, name="oubli_agent"),
    path("agent/invitation/<str:jeton>/", invitation.invitation, name="invitation"),
    path("deconnexion/", sortie.deconnexion, name="deconnexion"),
    path("deconnexion/retour/", sortie.retour, name="deconnexion_retour"),
    path("session/", compte.etat_session, name="session"),
    path("espace/compte/", compte.compte, name="compte"),
    path("agent/compte/", compte.compte, name="compte_agent"),
    path("compte/identites/<int:pk>/delier/", compte.delier, name="delier"),
    path("compte/sessions/<int:pk>/fermer/", compte.fermer_session, name="fermer_session"),
    path("compte/sessions/fermer/", compte.fermer_autres_sessions, name="fermer_autres_sessions"),
    path("compte/second-facteur/exige/", compte.second_facteur, name="second_facteur"),
    path("agent/reglages/agents/", agents.agents, name="agents"),
    path("agent/reglages/agents/inviter/", agents.inviter, name="inviter"),
    path("agent/reglages/agents/<int:pk>/", agents.agent, name="agent"),
    path("agent/reglages/agents/<int:pk>/retirer/", agents.retirer, name="retirer_agent"),
    path("agent/reglages/roles/<int:pk>/oter/", agents.oter_role, name="oter_role"),
    path(
        "agent/reglages/invitations/<int:pk>/annuler/",
        agents.annuler_invitation,
        name="annuler_invitation",
    ),
    path("agent/reglages/rattachements/<int:pk>/", agents.rattachement, name="rattachement"),
]
federes = [
    path("connexion/<slug:code>/", federation.depart, name="depart"),
    path("connexion/<slug:code>/retour/", federation.retour, name="retour"),
    path("connexion/<slug:code>/associer/", federation.associer, name="associer"),
    path("connexion/<slug:code>/jwks.json", federation.jwks, name="jwks"),
]
allauth_publics = [
    path("connexion/entree/", locaux.entree, name="account_login"),
    path("connexion/sortie/", sortie.deconnexion, name="account_logout"),
    path("inscription/", locaux.inscription, name="account_signup"),
    path("connexion/desactive/", use_allauth(f"{LOCAUX}account_inactive", publique=True),
         name="account_inactive"),
    path("inscription/courriel-envoye/",
         use_allauth(f"{LOCAUX}email_verification_sent", publique=True),
         name="account_email_verification_sent"),
    path("inscription/confirmer/<str:key>/", locaux.confirmer_courriel,
         name="account_confirm_email"),
    path("connexion/mot-de-passe/", locaux.oubli, name="account_reset_password"),
    path("connexion/mot-de-passe/envoye/",
         use_allauth(f"{LOCAUX}password_reset_done", publique=True),
         name="account_reset_password_done"),
    path("connexion/mot-de-passe/change/",
         use_allauth(f"{LOCAUX}password_reset_from_key_done", publique=True),
         name="account_reset_password_from_key_done"),
    path("connexion/mot-de-passe/<str:uidb36>/<str:key>/",
         use_allauth(f"{LOCAUX}password_reset_from_key", publique=True),
         name="account_reset_password_from_key"),
    path("connexion/second-facteur/",
         use_allauth(f"{MFA}base.views.authenticate", publique=True), name="mfa_authenticate"),
    path("connexion/passkey/",
         use_allauth(f"{MFA}webauthn.views.login_webauthn", publique=True),
         name="mfa_login_webauthn"),
]  # fmt: skip
allauth_prives = [
    path("compte/courriel/", locaux.changer_courriel, name="account_email"),
    path("compte/confirmer/", use_allauth(f"{LOCAUX}reauthenticate"),
         name="account_reauthenticate"),
    path("compte/mot-de-passe/", use_allauth(f"{LOCAUX}password_change"),
         name="account_change_password"),
    path("compte/mot-de-passe/choisir/", use_allauth(f"{LOCAUX}password_set"),
         name="account_set_password"),
    path("compte/second-facteur/", use_allauth(f"{MFA}base.views.index"), name="mfa_index"),
    path("compte/second-facteur/confirmer/", use_allauth(f"{MFA}base.views.reauthenticate"),
         name="mfa_reauthenticate"),
    path("compte/second-facteur/application/", use_allauth(f"{MFA}totp.views.activate_totp"),
         name="mfa_activate_totp"),
    path("compte/second-facteur/application/retirer/",
         use_allauth(f"{MFA}totp.views.deactivate_totp"), name="mfa_deactivate_totp"),
    path("compte/second-facteur/codes/",
         use_allauth(f"{MFA}recovery_codes.views.view_recovery_codes"),
         name="mfa_view_recovery_codes"),
    path("compte/second-facteur/codes/renouveler/",
         use_allauth(f"{MFA}recovery_codes.views.generate_recovery_codes"),
         name="mfa_generate_recovery_codes"),
    path("compte/second-facteur/codes/telecharger/",
         use_allauth(f"{MFA}recovery_codes.views.download_recovery_codes"),
         name="mfa_download_recovery_codes"),
    path("compte/second-facteur/cles/", use_allauth(f"{MFA}webauthn.views.list_webauthn"),
         name="mfa_list_webauthn"),
    path("compte/second-facteur/cles/ajouter/", use_allauth(f"{MFA}webauthn.views.add_webauthn"),
         name="mfa_add_webauthn"),
    path("compte/second-facteur/cles/confirmer/",
         use_allauth("socle.fondations.comptes.views.cles.confirmer_par_une_cle"),
         name="mfa_reauthenticate_webauthn"),
    path("compte/second-facteur/cles/<int:pk>/", use_allauth(f"{MFA}webauthn.views.edit_webauthn"),
         name="mfa_edit_webauthn"),
    path("compte/second-facteur/cles/<int:pk>/retirer/",
         use_allauth(f"{MFA}webauthn.views.remove_webauthn"), name="mfa_remove_webauthn"),
]  # fmt: skip

# L’ordre compte : un code de fournisseur ne peut cacher aucune autre adresse.
urlpatterns = [
    *allauth_publics,
    *allauth_prives,
    path("", include(([*propres, *federes], "comptes"))),
]
