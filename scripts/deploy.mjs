// `npm run deploy -- --env test`, the second half of it, after the build: `wrangler deploy`, but only with vars that the
// relay takes and that can work at Cloudflare, and with all secrets that these need. A deploy with wrong ones would stop all
// sending. Every option goes on to wrangler.
import { execa } from "execa";
import { deployTexts } from "./deploy/texts.mjs";
import { UserError, runMain } from "./user-error.mjs";
import { wranglerCommand } from "./wrangler.mjs";

const texts = deployTexts();

await runMain(async () => {
  const args = process.argv.slice(2);
  // Only now: an older Node cannot read them, nor wrangler, which the second one imports.
  const [node, wrangler] = wranglerCommand(process.env);
  const { readOptions } = await import("./deploy/options.mjs");
  const options = readOptions(args, process.env);
  if (!options.isSaid) {
    const { confirmProduction } = await import("./deploy/production.mjs");
    await confirmProduction(options);
    options.env = "";
    args.push("--env=");
  }
  const { checkVars } = await import("./deploy/check-vars.mjs");
  const { secretNames, secretsOfFile } = await import("./deploy/secrets.mjs");
  const brought = secretsOfFile(options);
  const found = await checkVars(options, brought);
  if (found.lacking.length > 0) console.log(whatIsLacking(found));
  let message = whatIsWrong(found, brought, options);
  // Cloudflare is not asked for a dry run, nor for a deploy that ends here anyway.
  const isSettled = !found.areEventsOn || "EVENTS_SECRETS" in brought || options["dry-run"] || message;
  if (!isSettled) {
    const names = await secretNames([node, wrangler], options);
    if (names && !names.includes("EVENTS_SECRETS")) message = withoutEventsSecrets(found, options);
  }
  if (message) {
    if (!options["dry-run"]) throw new UserError(texts.correct(message));
    console.log(texts.dryEnds(message));
  }
  const { readAddresses } = await import("./deploy/addresses.mjs");
  const addresses = readAddresses(options);
  if (addresses.lost.length > 0) console.log(texts.addressesLost(addresses.lost.map((address) => `  ${address}\n`).join("")));
  const { exitCode } = await execa(node, [wrangler, "deploy", ...args], { stdio: "inherit", reject: false });
  if (exitCode === 0 && !options["dry-run"]) addresses.keep();
  process.exitCode = exitCode ?? 1;
});

/** No reason to stop: the relay that runs there may have been deployed so for long. */
function whatIsLacking({ lacking }) {
  return texts.lacking(lacking.map((line) => `  ${line}\n`).join(""));
}

function withoutEventsSecrets({ section }, { env }) {
  const command = `npx wrangler secret put EVENTS_SECRETS --env ${env || '""'}`;
  return texts.withoutEventsSecrets(section, command);
}

function whatIsWrong({ section, secret, refused, outOfReach }, brought, { "secrets-file": file }) {
  const lines = (wrong) => wrong.map(({ name, detail }) => `  ${name} ${detail}.\n`).join("");
  const said = (wrong, headline) => (wrong.length > 0 ? `${headline}:\n${lines(wrong)}` : "");
  const places = [
    [section, ({ name }) => !(name in brought)],
    [file, ({ name }) => name in brought],
  ];
  return [
    said(secret, texts.secretAmongVars(section)),
    ...places.flatMap(([place, isThere]) => [
      said(refused.filter(isThere), texts.refused(place)),
      said(outOfReach.filter(isThere), texts.outOfReach(place)),
    ]),
  ].join("");
}
