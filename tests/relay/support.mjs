// `npm run relay` and `npm run trigger` as a person at a terminal has them, and a relay that answers as a test says.
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";
import { inRoot } from "../../scripts/paths.mjs";
import { LOCALES, call } from "../support/call.mjs";
import { listen } from "../support/listen.mjs";
import { SECRET } from "../support/secrets.mjs";

/** Runs a script of npm's, in English where no locale is given, with what is piped into it. Resolves as `call` does. */
export function run(script, args, env = {}, input = "") {
  const program = [process.execPath, inRoot(`scripts/${script}.mjs`)];
  return call(program, args, { DEV_DIR: "/nowhere", TZ: "Europe/Istanbul", LC_ALL: LOCALES.en, ...env }, undefined, input);
}

/**
 * A relay that checks signatures and answers a message as `answer` says: a status and a body. Resolves with
 * `{ url, asked, stop }`, the messages that came in their order.
 */
export async function startScriptedRelay(answer) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    let answered = [401, { code: "invalid-signature", detail: "Words." }];
    try {
      const message = new Webhook(SECRET).verify(body, request.headers);
      asked.push(message);
      answered = answer(message);
    } catch {
      // As a relay has it.
    }
    const [status, json] = answered;
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
  });
  return { asked, ...(await listen(server)) };
}

/** A `callback_id` that begins with a number. */
export const callbackId = (number) => `${number}`.padEnd(64, "0123456789abcdef");
