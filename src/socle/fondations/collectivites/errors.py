from socle.fondations.commun.errors import ErreurMetier


class CollectiviteDejaPresente(ErreurMetier):
    message = "Cette collectivité est déjà installée ici."
    suite = "Ouvrez-la depuis la liste des collectivités."


class CommuneInconnue(ErreurMetier):
    message = "Ce code ne correspond à aucune commune du code officiel géographique."
    suite = (
        "Vérifiez le code (cinq caractères, par exemple 92023) ou cherchez la commune par son nom."
    )


class LogoTropLourd(ErreurMetier):
    message = "Ce logo pèse plus de 200 ko."
    suite = "Réduisez-le : 400 pixels de haut suffisent."
    statut = 413


class ServiceDejaPresent(ErreurMetier):
    message = "Un service porte déjà ce nom."
    suite = "Donnez-lui un autre nom, ou modifiez celui qui existe."
