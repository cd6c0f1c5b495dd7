"""Gouvernance partagée : rien n’est décidé tant que les deux collèges n’ont pas validé.

- *instance* : politique (décide), de travail (propose), de concertation (prépare) ; composée de
  *sièges*, chacun dans un *collège* : État, collectivités, autres ;
- *réunion* : convocation, ordre du jour, présences, compte rendu, relevé de décisions ;
- *décision* : un texte figé, des votes, deux validations sur la même empreinte ;
- *feuille de route* : un semestre, des lignes, une version figée que le COS valide ;
- *rapport* : un mois, fait et publié sans personne.

Sources : programme 2015-2017, principe a (décisions validées conjointement par l’État et les
collectivités) ; bilan 2018-2020, axe « Gouvernance partagée », recommandation 2 (trois natures
d’instances).

Entrées : `services.decisions`, `services.votes`, `services.reunions`, `queries`, `signals`.
"""
