// `npm run deploy -- --env test`, the second half of it, after the build: `wrangler deploy`, but only with vars that the
// relay takes. A deploy with wrong ones would stop all sending. Every option goes on to wrangler.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";
import { checkVars } from "./check-vars.mjs";
import { nodeForWrangler } from "./packages.mjs";
import { ROOT } from "./paths.mjs";
import { Trouble, runMain } from "./trouble.mjs";

const OPTIONS = {
  env: { type: "string", short: "e" },
  config: { type: "string", short: "c" },
  var: { type: "string", multiple: true },
  "dry-run": { type: "boolean" },
};

await runMain(async () => {
  const args = process.argv.slice(2);
  const { values } = parseArgs({ args, options: OPTIONS, strict: false });
  const { section, wrong } = await checkVars(values);
  if (wrong.length > 0) {
    const lines = wrong.map(({ name, detail }) => `  ${name} ${detail}.\n`);
    const message = `The relay would refuse ${section}, and then send nothing:\n${lines.join("")}`;
    if (!values["dry-run"]) throw new Trouble(`${message}Nothing was uploaded. Correct them and deploy again.`);
    console.log(`\n${message}A deploy that is not dry would end here.`);
  }
  const wrangler = path.join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
  const { status, signal, error } = spawnSync(nodeForWrangler(process.env), [wrangler, "deploy", ...args], {
    stdio: "inherit",
  });
  if (error) throw new Trouble(`wrangler cannot be started: ${error.message}`);
  process.exitCode = signal ? 1 : status;
});
