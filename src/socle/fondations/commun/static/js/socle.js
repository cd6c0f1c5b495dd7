// Le seul script de Socle. Tout marche sans lui : il ne fait qu’éviter des allers-retours, annoncer
// ce qui change et offrir le clavier aux agents. Attributs lus : docs/explications/apparence.md.

const $ = (selecteur, racine = document) => racine.querySelector(selecteur);
const $$ = (selecteur, racine = document) => [...racine.querySelectorAll(selecteur)];
const heure = () => new Date().toLocaleTimeString("fr-FR", { hour: "numeric", minute: "2-digit" }).replace(":", "\u00a0h\u00a0");

/** Fait lire une phrase par le lecteur d’écran, sans rien montrer. */
export function annoncer(texte) {
  const zone = $("#annonces-discretes");
  if (!zone) return;
  zone.textContent = "";
  setTimeout(() => { zone.textContent = texte; }, 60);
}

/** Montre une panne à tout le monde, en haut de page. */
function montrerPanne(texte) {
  const zone = $("#annonces");
  if (!zone) return;
  const alerte = Object.assign(document.createElement("div"), { className: "alert alert-danger" });
  alerte.append(Object.assign(document.createElement("p"), { textContent: texte }));
  zone.replaceChildren(alerte);
  zone.scrollIntoView({ block: "nearest" });
}

// 1. Foyer après un changement de contenu -----------------------------------------------------------
// Un fragment qui demande le foyer porte data-foyer ; un résumé d’erreurs le prend toujours.
document.addEventListener("htmx:afterSettle", (evt) => {
  const cible = evt.detail.elt;
  const erreurs = cible.matches(".resume-erreurs") ? cible : $(".resume-erreurs", cible);
  const foyer = erreurs ?? (cible.matches("[data-foyer]") ? cible : $("[data-foyer]", cible));
  if (foyer) {
    if (!foyer.hasAttribute("tabindex")) foyer.tabIndex = -1;
    foyer.focus();
  }
  preparer(cible);
});

// Un formulaire parti ne repart pas d’une seconde pression : la réponse à la première arrive.
let partis = new WeakMap(); // formulaire → instant du départ : un téléchargement laisse la page ouverte
document.addEventListener("submit", (evt) => {
  if (evt.defaultPrevented || evt.submitter?.hasAttribute("data-fichier") || evt.target.getAttribute("method")?.toLowerCase() !== "post") return;
  if (Date.now() - partis.get(evt.target) < 5000) evt.preventDefault();
  else partis.set(evt.target, Date.now());
});
window.addEventListener("pageshow", () => { partis = new WeakMap(); });

const PANNES = {
  0: "La connexion est coupée. Ce que vous avez écrit est encore à l’écran : réessayez quand elle revient.",
  403: "Votre session a expiré ou ce geste ne vous est pas permis. Copiez votre texte, puis rechargez la page.",
  413: "Ce fichier est trop lourd. Vos réponses sont gardées ; choisissez un fichier plus petit.",
  429: "Trop de demandes en peu de temps. Attendez quelques minutes, rien n’est perdu.",
};
function direPanne(evt) {
  if (evt.target.closest?.("[data-enregistrement]")) return; // géré plus bas
  const code = evt.detail.xhr?.status ?? 0;
  const attente = Number(evt.detail.xhr?.getResponseHeader?.("Retry-After"));
  const duree = attente < 60 ? `${attente} s` : `${Math.ceil(attente / 60)} min`;
  if (code === 429 && attente) montrerPanne(`Trop de demandes en peu de temps. Attendez ${duree}, rien n’est perdu.`);
  else montrerPanne(PANNES[code] ?? "Une panne est survenue chez nous. Ce que vous avez écrit est encore à l’écran : réessayez dans un instant.");
}
document.addEventListener("htmx:responseError", direPanne);
document.addEventListener("htmx:sendError", direPanne);

// 2. Enregistrement au fil de la saisie -----------------------------------------------------------------
// <form data-enregistrement> … <p data-etat-enregistrement class="enregistrement" role="status">
const nonEnregistres = new Set();
const EN_COURS = "Enregistrement…";
const ECHEANCES = [5, 15, 30, 60]; // secondes entre deux essais

document.addEventListener("input", (evt) => {
  const formulaire = evt.target.closest("form[data-enregistrement], form[data-quitter]");
  if (formulaire) nonEnregistres.add(formulaire);
}, true); // avant htmx, qui peut envoyer dans le même événement

function direEtat(formulaire, texte, panne = false) {
  const etat = $("[data-etat-enregistrement]", formulaire) ?? $("[data-etat-enregistrement]");
  if (!etat) return;
  etat.textContent = texte;
  etat.classList.toggle("panne", panne);
}

document.addEventListener("htmx:beforeRequest", (evt) => {
  const formulaire = evt.target.closest("form[data-enregistrement]");
  if (!formulaire) return;
  nonEnregistres.delete(formulaire); // ce qui est tapé pendant l’envoi le remettra
  direEtat(formulaire, EN_COURS);
});
document.addEventListener("htmx:afterRequest", (evt) => {
  const formulaire = evt.target.closest("form[data-enregistrement]");
  if (!formulaire) return;
  if (evt.detail.successful) {
    formulaire.dataset.essais = "0";
    const etat = $("[data-etat-enregistrement]", formulaire) ?? $("[data-etat-enregistrement]");
    if (etat?.textContent === EN_COURS) direEtat(formulaire, `Brouillon enregistré à ${heure()}`); // sinon la réponse l’a dit
    if (etat?.classList.contains("panne")) nonEnregistres.add(formulaire); // refusé : la page retient la saisie
    return;
  }
  nonEnregistres.add(formulaire);
  const essais = Number(formulaire.dataset.essais ?? 0), attente = ECHEANCES[Math.min(essais, ECHEANCES.length - 1)];
  formulaire.dataset.essais = String(essais + 1);
  const suite = evt.detail.xhr?.status === 403 ? PANNES[403] : `Ce que vous avez écrit est encore à l’écran, nouvel essai dans ${attente} secondes.`;
  direEtat(formulaire, `Pas enregistré. ${suite}`, true);
  const [source, geste] = [evt.detail.elt, formulaire.dataset.enregistrement || "change"];
  setTimeout(() => { if (source.isConnected && nonEnregistres.has(formulaire)) window.htmx.trigger(source, geste); }, attente * 1000);
});

document.addEventListener("submit", (evt) => nonEnregistres.delete(evt.target));
window.addEventListener("beforeunload", (evt) => {
  if ([...nonEnregistres].some((formulaire) => formulaire.isConnected)) evt.preventDefault();
});

// Une réponse qui remplace la page ne défait pas ce que la personne a saisi pendant l’aller-retour :
// ce qui a changé depuis le départ est remis, puis enregistré à son tour.
const departs = new WeakMap(); // requête → réponses à son départ
const cochable = (champ) => champ.type === "checkbox" || champ.type === "radio";
const cleChamp = (champ) => (cochable(champ) ? `${champ.name}=${champ.value}` : champ.name);
const etatChamp = (champ) => (cochable(champ) ? champ.checked : champ.type === "file" ? champ.files : champ.value);
const lireChamps = (formulaire) => new Map($$("input[name]:not([type=hidden]), select[name], textarea[name]", formulaire)
  .map((champ) => [cleChamp(champ), champ.type === "file" ? [...champ.files] : etatChamp(champ)]));

document.addEventListener("htmx:beforeSend", (evt) => {
  const formulaire = evt.target.closest("form[data-enregistrement]");
  if (formulaire) departs.set(evt.detail.xhr, { formulaire, avant: lireChamps(formulaire) });
});
document.addEventListener("htmx:beforeSwap", (evt) => {
  const depart = departs.get(evt.detail.xhr);
  if (!depart) return;
  const change = ([cle, valeur]) => String(depart.avant.get(cle)) !== String(valeur) || valeur.length !== depart.avant.get(cle)?.length;
  depart.saisis = new Map([...lireChamps(depart.formulaire)].filter(change));
});
document.addEventListener("htmx:afterSwap", (evt) => {
  const depart = departs.get(evt.detail.xhr);
  if (!depart?.saisis?.size) return;
  const { formulaire, saisis } = depart;
  departs.delete(evt.detail.xhr);
  const remis = $$("input[name]:not([type=hidden]), select[name], textarea[name]", formulaire).filter((champ) => {
    const voulu = saisis.get(cleChamp(champ));
    if (voulu === undefined || String(voulu) === String(champ.type === "file" ? [...champ.files] : etatChamp(champ))) return false;
    if (cochable(champ)) champ.checked = voulu;
    else if (champ.type === "file") champ.files = copierFichiers(voulu);
    else champ.value = voulu;
    return true;
  });
  setTimeout(() => remis.forEach((champ) => champ.dispatchEvent(new Event("change", { bubbles: true }))), 30);
});
const copierFichiers = (fichiers) => fichiers.reduce((p, fichier) => (p.items.add(fichier), p), new DataTransfer()).files;

// Un fichier choisi dans un champ que la page a remplacé entre-temps : il va au champ qui a pris sa place.
function suivreFichier(evt) {
  const ancien = evt.currentTarget;
  const neuf = ancien.isConnected ? null : $(`input[type=file][name="${CSS.escape(ancien.name)}"]`);
  if (!neuf || !ancien.files.length) return;
  neuf.files = copierFichiers([...ancien.files]);
  neuf.dispatchEvent(new Event("change", { bubbles: true }));
}

// 3. Envoi de fichiers ------------------------------------------------------------------------------------
document.addEventListener("htmx:xhr:progress", (evt) => {
  const { loaded, total, lengthComputable } = evt.detail;
  const zone = $("[data-envoi]", evt.target.closest("form") ?? evt.target);
  if (!zone || !lengthComputable || total < 200_000) return;
  const part = Math.floor((loaded / total) * 100);
  const barre = $("progress", zone);
  zone.hidden = false;
  barre.value = part;
  const mo = (octets) => (octets / 1e6).toLocaleString("fr-FR", { maximumFractionDigits: 1 });
  $("[data-envoi-texte]", zone).textContent = part < 100
    ? `${mo(loaded)} sur ${mo(total)}\u00a0Mo envoyés`
    : "Fichier reçu, vérification en cours…";
  const quart = Math.floor(part / 25);
  if (zone.dataset.quart !== String(quart)) {
    zone.dataset.quart = String(quart);
    annoncer(part < 100 ? `Envoi, ${quart * 25} pour cent` : "Fichier reçu, vérification en cours");
  }
});
document.addEventListener("htmx:afterRequest", (evt) => {
  $$("[data-envoi]", evt.target.closest?.("form") ?? document).forEach((zone) => { zone.hidden = true; });
});
document.addEventListener("click", (evt) => {
  const arret = evt.target.closest("[data-envoi-arreter]");
  if (!arret) return;
  window.htmx.trigger(arret.closest("form"), "htmx:abort");
  annoncer("Envoi arrêté. Aucun fichier n’a été gardé.");
});
// Glisser un fichier sur la zone : le champ natif reçoit le fichier et suit son cours.
for (const nom of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(nom, (evt) => {
    const zone = evt.target.closest?.("[data-depot]");
    if (!zone || !evt.dataTransfer?.types.includes("Files")) return;
    evt.preventDefault();
    zone.classList.toggle("survol", nom === "dragover");
    const champ = $("input[type=file]", zone);
    if (nom !== "drop" || !champ || champ.disabled) return;
    champ.files = evt.dataTransfer.files;
    champ.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// 4. Raccourcis du clavier (agents) -------------------------------------------------------------------------
// data-touche="i" sur un bouton, un lien ou un champ ; data-lignes sur une liste que J et K parcourent.
const CLE_TOUCHES = "socle.touches";
const touchesCoupees = () => { try { return localStorage.getItem(CLE_TOUCHES) === "non"; } catch { return false; } };
const ecrit = (element) => element.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog");

function viserLigne(pas) {
  const lignes = $$("[data-lignes] [data-ligne]");
  if (!lignes.length) return;
  const ici = lignes.findIndex((ligne) => ligne.classList.contains("visee"));
  const vers = Math.min(Math.max(ici + pas, 0), lignes.length - 1);
  lignes.forEach((ligne, rang) => ligne.classList.toggle("visee", rang === vers));
  $("a, button, input", lignes[vers])?.focus({ focusVisible: true });
  $("a", lignes[vers])?.focus({ focusVisible: true });
}

document.addEventListener("keydown", (evt) => {
  if (evt.defaultPrevented || evt.ctrlKey || evt.metaKey || evt.altKey || ecrit(evt.target) || touchesCoupees()) return;
  const touche = evt.key.toLowerCase();
  const dialogue = $("#toutes-touches");
  const actions = {
    j: () => viserLigne(1),
    k: () => viserLigne(-1),
    x: () => $("[data-lignes] .visee input[type=checkbox]")?.click(),
    "?": () => { if (dialogue) { listerTouches(dialogue); dialogue.showModal(); } },
  };
  const cible = $$("[data-touche]").find((e) => e.dataset.touche.toLowerCase() === touche && !e.closest("[hidden]"));
  if (!cible && !(document.body.classList.contains("agent") && actions[touche])) return;
  evt.preventDefault();
  if (!cible) actions[touche]();
  else if (cible.matches("input, textarea, select")) cible.focus();
  else cible.click();
});

function listerTouches(dialogue) {
  const fixes = $("[data-lignes]") ? [["J, K", "descendre, monter"], ["X", "choisir la ligne"], ["Entrée", "ouvrir"]] : [];
  const propres = $$("[data-touche]").map((e) => [e.dataset.touche.toUpperCase(), e.dataset.toucheNom ?? e.getAttribute("aria-label") ?? e.labels?.[0]?.textContent ?? e.textContent]);
  $("[data-liste-touches]", dialogue).replaceChildren(...[...fixes, ...propres].map(([touche, effet]) => {
    const ligne = Object.assign(document.createElement("div"), { className: "donnee" });
    const cle = document.createElement("dt");
    cle.append(Object.assign(document.createElement("kbd"), { textContent: touche }));
    ligne.append(cle, Object.assign(document.createElement("dd"), { textContent: effet.trim() }));
    return ligne;
  }));
}
document.addEventListener("click", (evt) => {
  if (evt.target.closest("[data-fermer]")) evt.target.closest("dialog")?.close();
  const bouton = evt.target.closest("[data-couper-touches]");
  if (!bouton) return;
  try { localStorage.setItem(CLE_TOUCHES, touchesCoupees() ? "oui" : "non"); } catch { /* stockage refusé */ }
  nommerBoutonTouches();
  annoncer(touchesCoupees() ? "Raccourcis coupés" : "Raccourcis rétablis");
});
const nommerBoutonTouches = () => $$("[data-couper-touches]").forEach((bouton) => {
  bouton.hidden = false;
  bouton.textContent = touchesCoupees() ? "Rétablir les raccourcis" : "Couper les raccourcis";
});

// 5. Liste que l’on réordonne -------------------------------------------------------------------------------
// <form data-ordonnable> <ol> <li data-id> poignée, boutons data-monter et data-descendre </li> … <input name="ordre">
// Sans script, « Monter » et « Descendre » envoient le formulaire. Avec : glisser, ou Alt + flèches.
// Avec <input name="depot"> et <ol data-dans>, un élément passe aussi d’une liste à l’autre.
let deplace = null, origine = null; // l’élément, et d’où il vient : { liste, suivant, formulaire }
document.addEventListener("dragstart", (evt) => {
  deplace = evt.target.closest?.("[data-ordonnable] [data-id]") ?? null;
  if (!deplace) return;
  origine = { liste: deplace.parentElement, suivant: deplace.nextSibling, formulaire: deplace.closest("form") };
  evt.dataTransfer.effectAllowed = "move";
  evt.dataTransfer.setData("text/plain", ""); // Firefox ne commence rien sans
  deplace.classList.add("deplace");
});
document.addEventListener("dragover", (evt) => {
  if (!deplace || !evt.target.closest?.("[data-ordonnable]")) return;
  evt.preventDefault();
  const sur = evt.target.closest("[data-ordonnable] li");
  const liste = sur?.parentElement;
  if (!sur || deplace.contains(sur) || (liste !== origine.liste && !origine.formulaire.elements.depot)) return;
  const apres = sur.dataset.id && evt.clientY > sur.getBoundingClientRect().top + sur.offsetHeight / 2;
  liste.insertBefore(deplace, apres ? sur.nextSibling : sur);
});
document.addEventListener("drop", (evt) => { if (deplace) evt.preventDefault(); });
document.addEventListener("dragend", (evt) => {
  if (!deplace) return;
  const { liste, suivant, formulaire } = origine;
  const element = deplace;
  deplace = null;
  element.classList.remove("deplace");
  if (evt.dataTransfer.dropEffect === "none") liste.insertBefore(element, suivant); // lâché ailleurs, ou Échap
  const freres = $$(":scope > [data-id]", element.parentElement);
  if (element.parentElement === liste && element.nextSibling === suivant) return;
  const { ordre, depot } = formulaire.elements;
  if (depot) depot.value = [element.dataset.id, element.parentElement.dataset.dans, freres.indexOf(element)].join(":");
  else ordre.value = freres.map((e) => e.dataset.id).join(",");
  formulaire.requestSubmit();
});
document.addEventListener("keydown", (evt) => {
  if (!evt.altKey || !["ArrowUp", "ArrowDown"].includes(evt.key)) return;
  const element = evt.target.closest?.("[data-ordonnable] [data-id]");
  const bouton = element && $(evt.key === "ArrowUp" ? "[data-monter]" : "[data-descendre]", element);
  if (!bouton || bouton.disabled) return;
  evt.preventDefault();
  bouton.click();
});

// 6. Choix de plusieurs lignes --------------------------------------------------------------------------------
document.addEventListener("change", (evt) => {
  const zone = evt.target.closest?.("form[data-lot]");
  if (!zone) return;
  const cases = $$("[data-ligne] input[type=checkbox]", zone);
  if (evt.target.matches("[data-tout-choisir]")) cases.forEach((c) => { c.checked = evt.target.checked; });
  cases.forEach((c) => c.closest("[data-ligne]").classList.toggle("choisi", c.checked));
  const nombre = cases.filter((c) => c.checked).length;
  const compte = $("[data-compte]", zone);
  if (compte) compte.textContent = nombre === 0 ? "Aucun choisi" : nombre === 1 ? "1 choisi" : `${nombre} choisis`;
});

// 7. Fin de session ------------------------------------------------------------------------------------------
function veillerSession() {
  const dialogue = $("#fin-session");
  if (!dialogue) return;
  const duree = Number(dialogue.dataset.secondes) * 1000;
  let fin = Date.now() + duree;
  $("[data-rester]", dialogue).addEventListener("click", async () => {
    try {
      const reponse = await fetch(dialogue.dataset.prolonger, { headers: { "HX-Request": "true" }, redirect: "error" });
      if (!reponse.ok) throw new Error(String(reponse.status));
      fin = Date.now() + duree;
      dialogue.close();
      annoncer("Votre session continue.");
    } catch {
      dialogue.close();
      montrerPanne("Votre session n’a pas pu être prolongée. Copiez ce que vous venez d’écrire, puis reconnectez-vous.");
    }
  });
  setInterval(() => {
    const reste = Math.ceil((fin - Date.now()) / 60_000);
    if (reste > 5) return;
    $("[data-reste]", dialogue).textContent = reste > 1 ? `${reste} minutes` : "moins d’une minute";
    if (!dialogue.open && reste > 0) dialogue.showModal();
  }, 15_000);
}

// 8. Au chargement, et dans chaque fragment reçu ----------------------------------------------------------------
function preparer(racine) {
  $$("[data-avec-script][hidden]", racine).forEach((e) => { e.hidden = false; });
  $$("[data-imprimer]", racine).forEach((e) => e.addEventListener("click", (evt) => { evt.preventDefault(); window.print(); }));
  $$("input[type=file]", racine).forEach((e) => e.addEventListener("change", suivreFichier));
  nommerBoutonTouches();
}
preparer(document);
veillerSession();
