#!/usr/bin/env node
// `npx paytr-link-relay COMMAND`: the same commands as `npm run COMMAND` of the checkout, for a folder that has the package
// alone. The relay's folder is the one that it is run in.
import { inLanguage } from "./locale.mjs";
import { UserError, runMain } from "./user-error.mjs";

/** By name: the script of this folder, and the words that it is given in front of the person's. One line each. */
const COMMANDS = {
  init: ["init.mjs"],
  start: ["start-relay.mjs"],
  deploy: ["deploy.mjs"],
  ping: ["ping.mjs"],
  explain: ["explain.mjs"],
  secret: ["secret.mjs"],
};

const USAGE = inLanguage(process.env, {
  en: (names) => `Which command?\n${names}`,
  tr: (names) => `Hangi komut?\n${names}`,
});

await runMain(async () => {
  const [command, ...args] = process.argv.slice(2);
  if (!Object.hasOwn(COMMANDS, command ?? "")) {
    throw new UserError(USAGE(Object.keys(COMMANDS).map((name) => `  npx paytr-link-relay ${name}`).join("\n")));
  }
  const [script, ...first] = COMMANDS[command];
  process.argv.splice(2, Infinity, ...first, ...args);
  process.env.DEV_DIR ??= process.cwd();
  await import(`./${script}`);
});
