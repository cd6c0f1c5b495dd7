// Lance le validateur officiel sur des fichiers ; une ligne de JSON par fichier.
// Arguments : communes connues de la BAN (JSON), puis les fichiers. Le réseau est remplacé.
const fs = require("fs");
const { autofix, validate } = require("@ban-team/validateur-bal");

const ids = JSON.parse(process.argv[2]);
global.fetch = async (adresse) => {
  const id = ids[adresse.split("/").pop()];
  return { ok: true, json: async () => ({ status: "success", response: id ? [{ id }] : undefined }) };
};
console.error = () => {};
console.warn = () => {};

async function juge(chemin) {
  try {
    const octets = fs.readFileSync(chemin);
    const r = await validate(octets);
    if (!r.parseOk) {
      return { fautes: r.parseErrors.map((e) => [e.code, e.row]) };
    }
    return {
      profil: r.profile,
      encodage: r.encoding,
      separateur: r.delimiter,
      lignes: r.rows.map((l) => l.errors.map((e) => `${e.code}:${e.level}`).sort()),
      fichier: r.profilErrors.map((e) => `${e.code}:${e.level}`).sort(),
      absentes: r.notFoundFields.map((c) => c.schemaName).sort(),
      dates: r.rows.map((l) => l.remediations.date_der_maj?.value ?? null),
      corrige: Buffer.from(await autofix(octets)).toString("utf8"),
      valides: Object.fromEntries(Object.values(r.profilesValidation).map((p) => [p.code, p.isValid])),
    };
  } catch (erreur) {
    return { echec: String(erreur.message) };
  }
}

(async () => {
  for (const chemin of process.argv.slice(3)) {
    console.log(JSON.stringify(await juge(chemin)));
  }
})();
