// `npm run build`, and what wrangler runs before every deploy and every `wrangler dev`: builds the Worker from a bare
// checkout on. It says nothing while everything is there and unchanged.
import { BUILD_WORKER, buildEnv, runToEnd, setUp } from "./setup.mjs";
import { runMain } from "./user-error.mjs";

const SAYS_SOMETHING_AFTER_MS = 2000;

await runMain(async () => {
  const env = await setUp();
  const timer = setTimeout(() => console.log("Building the Worker (the first time: a few minutes)"), SAYS_SOMETHING_AFTER_MS);
  try {
    await runToEnd(...BUILD_WORKER, buildEnv(env));
  } finally {
    clearTimeout(timer);
  }
});
