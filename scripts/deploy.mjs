// `npm run deploy -- --env test`, the second half of it, after the build: `wrangler deploy`, but only with vars that the
// relay takes. A deploy with wrong ones would stop all sending. Every option goes on to wrangler.
import { parseArgs } from "node:util";
import { execa } from "execa";
import { UserError, runMain } from "./user-error.mjs";
import { wranglerCommand } from "./wrangler.mjs";

const OPTIONS = {
  env: { type: "string", short: "e" },
  config: { type: "string", short: "c" },
  var: { type: "string", multiple: true },
  "dry-run": { type: "boolean" },
};

await runMain(async () => {
  const args = process.argv.slice(2);
  const { values } = parseArgs({ args, options: OPTIONS, strict: false });
  const [node, wrangler] = wranglerCommand(process.env);
  // Only now: it imports wrangler, which an older Node cannot read.
  const { checkVars } = await import("./deploy/check-vars.mjs");
  const { section, wrong } = await checkVars(values);
  if (wrong.length > 0) {
    const lines = wrong.map(({ name, detail }) => `  ${name} ${detail}.\n`);
    const message = `The relay would refuse ${section}, and then send nothing:\n${lines.join("")}`;
    if (!values["dry-run"]) throw new UserError(`${message}Nothing was uploaded. Correct them and deploy again.`);
    console.log(`\n${message}A deploy that is not dry would end here.`);
  }
  const { exitCode } = await execa(node, [wrangler, "deploy", ...args], { stdio: "inherit", reject: false });
  process.exitCode = exitCode ?? 1;
});
