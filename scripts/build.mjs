// `npm run build`, and what wrangler runs before every deploy and every `wrangler dev`: builds the Worker from a bare
// checkout on. It says nothing while everything is there and unchanged. With `-- --debug`, or within `npm start -- --debug`,
// what it builds is another Worker, in build/debug: see docs/debugging.md.
import { machineTexts } from "./machine-texts.mjs";
import { BUILD_DEBUG, BUILD_WORKER, buildEnv, runToEnd, setUp } from "./setup.mjs";
import { runMain } from "./user-error.mjs";

const SAYS_SOMETHING_AFTER_MS = 2000;

await runMain(async () => {
  const debug = process.argv.includes("--debug") || Boolean(process.env.DEBUG_BUILD);
  const env = await setUp();
  const timer = setTimeout(() => console.log(machineTexts().buildingWorker), SAYS_SOMETHING_AFTER_MS);
  try {
    await runToEnd(...(debug ? BUILD_DEBUG : BUILD_WORKER), buildEnv(env, debug));
  } finally {
    clearTimeout(timer);
  }
});
