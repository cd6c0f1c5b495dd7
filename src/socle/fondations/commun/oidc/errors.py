"""Refus du service OpenID Connect. `code` sert aux journaux et au choix du message montré."""

from socle.fondations.commun.errors import ErreurConnecteur


class RefusOidc(ErreurConnecteur):
    """Base : la connexion est refusée. Le détail est pour le journal, jamais pour la page."""

    code = "refus"

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(f"{self.code} : {detail}")


class ParcoursInconnu(RefusOidc):
    """`state` absent, faux, déjà servi, d’une autre session, d’un autre fournisseur ou périmé."""

    code = "parcours_inconnu"


class RetourInvalide(RefusOidc):
    """Paramètres de retour incohérents : émetteur étranger, code et erreur ensemble, doublons."""

    code = "retour_invalide"


class RefusDuFournisseur(RefusOidc):
    """Le fournisseur a répondu une erreur (RFC 6749, § 4.1.2.1). `erreur` : son code, borné."""

    code = "refus_du_fournisseur"

    def __init__(self, erreur: str) -> None:
        self.erreur = erreur if erreur.isascii() and len(erreur) <= 60 else "inconnue"
        super().__init__(self.erreur)


class JetonRefuse(RefusOidc):
    """Un jeton ou des informations ne respectent pas une règle : la faute est nommée."""

    code = "jeton_refuse"


class NiveauInsuffisant(RefusOidc):
    """Le niveau de garantie rendu (`acr`) n’est pas de ceux que l’on accepte."""

    code = "niveau_insuffisant"


class FournisseurMalRegle(RefusOidc):
    """Les réglages du fournisseur ne permettent pas de l’employer sûrement."""

    code = "fournisseur_mal_regle"
