"""Le message que l’échéancier sait envoyer."""

from socle.fondations.notifications.ports import Balise, ModeleParDefaut

RAPPEL = ModeleParDefaut(
    titre="Échéance qui approche (aux agents)",
    quand="180, 90, 30 et 7 jours avant une échéance qui concerne la collectivité.",
    sujet="Dans {reste} : {echeance}",
    corps=(
        "Bonjour,\n\n« {echeance} » s’applique le {date}, dans {reste}.\n\n{a_faire}\n\n"
        "Texte : {texte}.\n\nDites où vous en êtes, ou que cela ne vous concerne pas : {lien}\n\n"
        "{collectivite}"
    ),
    balises={
        "echeance": Balise("Titre de l’échéance", "Recevoir les factures électroniques"),
        "date": Balise("Jour où elle s’applique", "1er septembre 2027"),
        "reste": Balise("Temps qui reste", "90 jours"),
        "a_faire": Balise("Ce qu’il faut faire", "Se préparer à recevoir ces factures."),
        "texte": Balise("Texte de loi", "Loi n° 2022-1157, art. 26"),
        "public": Balise("Qui est concerné", "Toutes les collectivités"),
    },
    obligatoire=False,
    agents=True,
)
