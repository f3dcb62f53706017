#!/usr/bin/env node
// `npx paytr-link-relay COMMAND`: the same commands as `npm run COMMAND` of the checkout, for a folder that has the package
// alone. The relay's folder is the one that it is run in.
import { COMMANDS } from "./commands.mjs";
import { inLanguage } from "./locale.mjs";
import { UserError, runMain } from "./user-error.mjs";

const USAGE = inLanguage(process.env, {
  en: (names) => `Which command?\n${names}`,
  tr: (names) => `Hangi komut?\n${names}`,
});

await runMain(async () => {
  const [command, ...args] = process.argv.slice(2);
  if (!Object.hasOwn(COMMANDS, command ?? "")) {
    const usage = USAGE(Object.keys(COMMANDS).map((name) => `  npx paytr-link-relay ${name}`).join("\n"));
    if (command !== "--help") throw new UserError(usage);
    return console.log(usage);
  }
  const [script, ...first] = COMMANDS[command];
  process.argv.splice(2, Infinity, ...first, ...args);
  process.env.DEV_DIR ??= process.cwd();
  await import(`./${script}`);
});
