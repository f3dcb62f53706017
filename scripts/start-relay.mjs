// `npm start` of a folder that `init` has made: the relay alone, on this machine. Nothing of the checkout's sandbox is here, so
// PayTR is whatever stands in for it at PAYTR_BASE_URL in .dev.vars; PayTR itself is never asked. Without one, a shop's own
// signing can be tried: pings, and what is wrong in a message, are answered before PayTR would be asked.
//
// RELAY_PORT chooses another port, LISTEN_ADDRESS=0.0.0.0 all addresses of the machine.
import path from "node:path";
import { loadDevVars } from "./dev-vars.mjs";
import { answer, checkHealth, startRelay } from "./local-relay.mjs";
import { inLanguage } from "./locale.mjs";
import { isLoopback } from "./loopback.mjs";
import { HOST, exposure, freePorts } from "./ports.mjs";
import { endAll, endAllOnSignals } from "./processes.mjs";
import { readFlags } from "./read-flags.mjs";
import { UserError, runMain } from "./user-error.mjs";

const directory = path.resolve(process.env.DEV_DIR);
const NOBODY = "http://127.0.0.1:8788";

const TEXTS = {
  en: {
    ready: (url, paytr) => `
Ready.

  Relay   ${url}
          it takes messages at /webhook; its secrets are in .dev.vars, for this machine alone: npm run ping -- ${url}
  PayTR   ${paytr}
          whatever listens there plays it; PayTR itself is never asked

Ctrl-C ends it. From here on: the log.
`,
    noPaytr: "PAYTR_BASE_URL in .dev.vars must be an address on this machine: what is tried out here must never reach PayTR.",
  },
  tr: {
    ready: (url, paytr) => `
Hazır.

  Relay   ${url}
          istekleri /webhook yolunda alır; imza anahtarları .dev.vars dosyasında, yalnızca bu makine için: npm run ping -- ${url}
  PayTR   ${paytr}
          PayTR'ın yerine orada ne çalışıyorsa o yanıt verir; PayTR'ın kendisine hiçbir şey gönderilmez

Ctrl-C durdurur. Bundan sonrası log.
`,
    noPaytr: ".dev.vars dosyasındaki PAYTR_BASE_URL bu makinede bir adres olmalı: burada denenen hiçbir şey PayTR'a gitmemeli.",
  },
};

await runMain(async () => {
  readFlags("npm start", [], "RELAY_PORT");
  const texts = inLanguage(process.env, TEXTS);
  const settings = { PAYTR_BASE_URL: NOBODY, ...loadDevVars(path.join(directory, ".dev.vars")) };
  const { PAYTR_BASE_URL: paytr } = settings;
  if (!URL.canParse(paytr) || !isLoopback(new URL(paytr))) throw new UserError(texts.noPaytr);
  const ports = await freePorts("npm start", ["relay"]);
  endAllOnSignals();
  try {
    const url = `http://${HOST}:${ports.relay}`;
    const relay = startRelay({ ports, directory, configuration: path.join(directory, "wrangler.toml") }, settings, process.env);
    await checkHealth(await answer(`${url}/health`, relay), directory);
    console.log(texts.ready(url, paytr));
    if (exposure(ports)) console.log(exposure(ports));
    relay.show();
    await relay.ended;
  } finally {
    await endAll();
  }
});
