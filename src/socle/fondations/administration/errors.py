from socle.fondations.commun.errors import ModifieAilleurs


class FicheModifieeAilleurs(ModifieAilleurs):
    message = "Cette fiche a été enregistrée ailleurs pendant que vous l’aviez ouverte."
