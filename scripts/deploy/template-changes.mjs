// What the relay's own wrangler.toml has and a person's has not: a folder keeps its file when the package is updated.
//
// In scope: what the Worker of this version is built for. Not in scope: values of vars, names and addresses, which are the
// person's; the relay takes a var that is missing as its default.
import { inRoot } from "../paths.mjs";
import { readConfiguration } from "./configuration.mjs";
import { deployTexts } from "./texts.mjs";

/**
 * @param {ReturnType<typeof readConfiguration>} config what is to be deployed
 * @returns {string[]} a line for each thing that is missing or older
 */
export function templateChanges(config) {
  const template = readConfiguration({ config: inRoot("wrangler.toml"), env: config.targetEnvironment === "test" ? "test" : "" });
  const missing = (what, wanted = [], present = []) => {
    const absent = wanted.filter((value) => !present.includes(value));
    return absent.length > 0 ? [`${what}: ${absent.join(", ")}`] : [];
  };
  const tags = ({ migrations }) => migrations.map(({ tag }) => tag);
  const isOlder = (config.compatibility_date ?? "") < template.compatibility_date;
  return [
    ...(isOlder ? [`compatibility_date: ${template.compatibility_date}`] : []),
    ...missing("compatibility_flags", template.compatibility_flags, config.compatibility_flags),
    ...missing("migrations", tags(template), tags(config)),
    ...missing("crons", template.triggers?.crons, config.triggers?.crons),
    ...missing(deployTexts().requiredSecrets, template.secrets?.required, config.secrets?.required),
    ...missing("vars", Object.keys(template.vars), Object.keys(config.vars)),
  ];
}
