// `npm run build`, and what wrangler runs before every deploy and every `wrangler dev`: builds the Worker from a bare
// checkout on. It says nothing while everything is there and unchanged.
import { endAll, endAllOnSignals } from "./processes.mjs";
import { setUp } from "./setup.mjs";
import { checkNode } from "./tools.mjs";
import { runMain } from "./user-error.mjs";

const SAYS_SOMETHING_AFTER_MS = 2000;

await runMain(async () => {
  checkNode();
  endAllOnSignals();
  try {
    await setUp(quietStep);
  } finally {
    await endAll();
  }
});

/** A step that is done at once is not worth a line. */
async function quietStep(title, work) {
  const timer = setTimeout(() => console.log(title), SAYS_SOMETHING_AFTER_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
