from socle.fondations.commun.errors import ErreurMetier


class CollectiviteDejaPresente(ErreurMetier):
    message = "Cette collectivité est déjà installée ici."
    suite = "Ouvrez-la depuis la liste des collectivités."


class CommuneInconnue(ErreurMetier):
    message = "Ce code ne correspond à aucune commune du code officiel géographique."
    suite = (
        "Vérifiez le code (cinq caractères, par exemple 92023) ou cherchez la commune par son nom."
    )
