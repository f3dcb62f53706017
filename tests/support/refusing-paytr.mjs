// A PayTR that refuses everything until the cause is mended, and is the sandbox from then on.
import { createServer, request } from "node:http";
import { listen } from "./listen.mjs";

/** What it says until then: what a shop hears whose Link API is not enabled. */
export const REFUSAL = 'Geçersiz istek veya mağaza aktif "değil"';

/** Starts one before a sandbox's address. Resolves with `{ url, asked, mend, stop }`: `asked` is how often it has refused. */
export async function startRefusingPaytr(sandboxUrl) {
  let isMended = false;
  let asked = 0;
  const server = createServer((incoming, outgoing) => {
    if (!isMended) {
      asked += 1;
      incoming.resume();
      outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ status: "error", reason: REFUSAL }));
      return;
    }
    const onward = request(new URL(incoming.url, sandboxUrl), { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => incoming.socket.destroy());
    incoming.pipe(onward);
  });
  return { ...(await listen(server)), asked: () => asked, mend: () => (isMended = true) };
}
