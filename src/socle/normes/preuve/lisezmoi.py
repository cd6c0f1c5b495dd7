"""Le mode d’emploi joint au dossier : des commandes courantes, que nos essais exécutent."""

from datetime import datetime

from socle.normes.preuve.notes import ClePublique
from socle.normes.preuve.pieces import ContenuPreuve, format_instant

_TEXTE = """DOSSIER DE PREUVE
=================

Ce dossier prouve ce qui a été fait pour : {objets}.
Il a été produit le {produit_le} (heure universelle).
Il contient {entrees} entrée(s) du journal et {documents} document(s). {en_attente} entrée(s) plus
récente(s), pas encore scellée(s) à cet instant, n’y sont pas.

Il se vérifie sans connexion, sans compte et sans nous croire.


1. LE PLUS SIMPLE
-----------------

Avec le logiciel Socle, sur n’importe quel ordinateur :

  ./socle preuve verifier DOSSIER.zip --cle cle-publiee.txt

« cle-publiee.txt » est la clé publique que la collectivité publie sur son site. Ne prenez pas
celle qui est dans ce dossier : une clé jointe ne prouve rien d’elle-même. Sans « --cle », le
logiciel vérifie tout le reste et affiche l’empreinte de la clé, à comparer avec celle que la
collectivité vous donne par un autre moyen. Ici, l’empreinte est :

  {empreinte}


2. À LA MAIN
------------

Il faut unzip, sed, awk, base64, tail et OpenSSL 3, présents sur la plupart des systèmes Linux.
Ouvrez l’archive dans un dossier vide, puis tapez les commandes dans ce dossier.

a) La clé publique. Son empreinte doit être celle qui est publiée :

  openssl pkey -pubin -in cles/{identifiant}.pem -outform DER | openssl dgst -sha256

b) La signature du sommaire. La réponse doit être « Signature Verified Successfully » :

  sed '/^$/,$d' sommaire.note > texte
  awk '/^— / {{print $3}}' sommaire.note | base64 -d | tail -c 64 > signature
  openssl pkeyutl -verify -pubin -inkey cles/{identifiant}.pem -rawin -in texte -sigfile signature

c) Le sommaire. L’empreinte affichée doit être celle écrite à la deuxième ligne de « texte » :

  openssl dgst -sha256 sommaire.json

d) Les fichiers. « sommaire.json » donne l’empreinte SHA-256 de chacun ; comparez avec :

  openssl dgst -sha256 documents/* entrees/* tetes/* points/*

e) Les points de contrôle. Chaque fichier de « points » se vérifie comme au point b. Ses trois
lignes sont : le nom du journal, le nombre de feuilles de l’arbre du sommet, la racine de cet arbre.

f) Les horodatages, s’il y en a dans « horodatages ». « autorite.pem » est le certificat de
l’autorité d’horodatage, à prendre chez elle :

  openssl ts -verify -data points/0001.note -in horodatages/0001.tsr -CAfile autorite.pem


3. CE QUE CELA PROUVE
---------------------

Chaque action faite dans Socle est une entrée du journal. Les entrées d’une collectivité forment un
arbre de Merkle (RFC 6962) : changer, ajouter ou ôter une seule entrée change la racine. Chaque
minute, la racine (une « tête ») devient une feuille de l’arbre du sommet, dont la racine est
signée (un « point de contrôle ») et, si la collectivité l’a demandé, horodatée par un tiers.

L’empreinte d’une entrée, feuille de l’arbre, se calcule ainsi (un octet nul, puis le fichier) :

  (printf '\\000'; cat entrees/0001.json) | openssl dgst -sha256

Celle d’un nœud est SHA-256 d’un octet 1, de l’empreinte de gauche, puis de celle de droite.
« entrees/0001.preuve.json » donne la place de l’entrée (« indice »), le numéro de sa tête
(« tete ») et les empreintes à combiner une à une (« chemin ») jusqu’à la racine écrite dans la
tête. « tetes/0001.preuve.json » fait de même jusqu’au point de contrôle de même numéro. Les deux
« coherence » montrent que la dernière tête et le dernier point prolongent ceux-ci : rien n’a été
réécrit entre-temps (RFC 9162, paragraphes 2.1.3 et 2.1.4).


4. LES DOCUMENTS
----------------

Le journal ne contient aucune donnée personnelle. Il contient des engagements : HMAC-SHA256 d’une
empreinte, avec un sel gardé dans le dossier de la personne. « ouvertures.json » donne, pour chaque
document, l’entrée qui l’atteste et le sel. L’engagement se refait ainsi :

  openssl dgst -sha256 -binary documents/NOM | openssl dgst -sha256 -mac HMAC -macopt hexkey:SEL

et doit se lire dans l’entrée indiquée. « reponses.json », s’il est là, contient les réponses de la
personne telles qu’elles ont été décidées : son engagement, « reponses », est celui de la dernière
entrée qui en porte un. « reponses-au-depot.json » est là si une correction les a changées depuis.

Un document absent de « ouvertures.json » n’est attesté que
par la signature du sommaire, à la date de l’export.

Ce dossier peut contenir des données personnelles : ne le donnez qu’à qui doit les voir.
"""


def build_lisezmoi(contenu: ContenuPreuve, cle: ClePublique, maintenant: datetime) -> bytes:
    """Rédige LISEZMOI.txt pour un dossier donné."""
    return _TEXTE.format(
        objets=", ".join(sorted(contenu.objets)),
        produit_le=format_instant(maintenant),
        entrees=len(contenu.entrees),
        documents=len(contenu.documents),
        en_attente=contenu.en_attente,
        empreinte=cle.empreinte,
        identifiant=cle.identifiant.hex(),
    ).encode()
