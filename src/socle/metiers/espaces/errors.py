from socle.fondations.commun.errors import AccesRefuse, ErreurMetier, ModifieAilleurs


class AdresseDejaPrise(ErreurMetier):
    message = "Cette adresse courte est déjà prise."
    suite = "Choisissez-en une autre."


class RienAPublier(ErreurMetier):
    message = "Ce livrable n’a ni fichier ni lien."
    suite = "Ajoutez une version, puis publiez-le."


class FichierOuLien(ErreurMetier):
    message = "Donnez un fichier ou un lien, un seul des deux."


class RetourPasModifiable(ErreurMetier):
    message = "Ce retour n’attend plus de changement de votre part."
    suite = "L’équipe du programme le relit, ou il est déjà publié."


class RetourModifieAilleurs(ModifieAilleurs):
    message = "Ce retour a été enregistré ailleurs pendant que vous l’aviez ouvert."


class LivrableModifieAilleurs(ModifieAilleurs):
    message = "Ce livrable a été enregistré ailleurs pendant que vous l’aviez ouvert."


class GroupeModifieAilleurs(ModifieAilleurs):
    message = "Ce groupe a été réglé ailleurs pendant que vous l’aviez ouvert."


class TacheModifieeAilleurs(ModifieAilleurs):
    message = "Cette tâche a été changée ailleurs pendant que vous l’aviez ouverte."


class RetourPasARelire(ErreurMetier):
    message = "Ce retour n’attend pas de relecture."


class PasMembre(AccesRefuse):
    message = "Ce groupe est réservé à ses membres."
    suite = "Demandez à y entrer depuis la page du groupe."


class PasAnimateur(AccesRefuse):
    message = "Seuls les animateurs du groupe peuvent faire cela."
    suite = "Demandez à l’un d’eux."


class GroupeArchive(ErreurMetier):
    message = "Ce groupe est archivé : on le lit, on n’y écrit plus."
    suite = "Un animateur peut le rouvrir."


class DernierAnimateur(ErreurMetier):
    message = "Vous êtes la dernière personne à animer ce groupe."
    suite = "Nommez d’abord un autre animateur, puis recommencez."


class DejaMembre(ErreurMetier):
    message = "Cette personne est déjà membre du groupe."


class DejaDemande(ErreurMetier):
    message = "Une demande ou une invitation attend déjà une réponse."


class EntreeDejaTraitee(ErreurMetier):
    message = "Quelqu’un a déjà répondu, ou ce n’est pas pour vous."
