"""Refus du pilotage, en deux phrases : ce qui arrive, ce que l’on peut faire."""

from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs


class ModifieEntreTemps(ModifieAilleurs):
    message = "Cette page a été enregistrée pendant que vous l’écriviez."
    suite = "Relisez ce qui est en ligne, puis reprenez votre texte : il est encore ici."


class PreuveManquante(ErreurMetier):
    message = "Un avancement se justifie : il manque une preuve."
    suite = "Écrivez ce qui le montre, ou donnez l’adresse ou la clé de ce qui le montre."
    statut = 422


class RienNeChange(ErreurMetier):
    message = "Cette preuve ne change ni l’état ni l’avancement, et ne dit rien de neuf."
    suite = "Changez l’un des deux, ou écrivez ce que vous avez constaté."
    statut = 422


class CodeDejaPris(ErreurMetier):
    message = "Ce numéro ou cette adresse est déjà pris."
    suite = "Choisissez-en un autre."


class ValeurDejaNotee(ErreurMetier):
    message = "Cette valeur est déjà notée, avec le même document et le même endroit."
    suite = "Corrigez celle qui existe, ou dites d’où vient la vôtre."


class ImportDepasse(ModifieAilleurs):
    message = "Les indicateurs ont changé depuis cet aperçu : rien n’a été importé."
    suite = "Relisez ce qui arriverait maintenant, puis confirmez."


class ObjetIntrouvable(ErreurMetier):
    message = "Cet objet n’est pas au programme."
    suite = "Il n’existe pas, ou il a été retiré : vérifiez sa clé."
    statut = 422


class EtatInconnu(ErreurMetier):
    message = "Cet état n’existe pas."
    suite = "Une action est à démarrer, en cours, en service, faite ou abandonnée."
    statut = 422
