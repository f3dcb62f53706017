// Servers that a test makes for itself.
import { once } from "node:events";
import { createServer } from "node:net";

/** Has a server listen on the loopback address, on a free port unless one is given: `{ url, port, stop }`. */
export async function listen(server, port = 0) {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    stop() {
      server.close();
      server.closeAllConnections?.();
    },
  };
}

/** An address at which nobody listens any more. */
export async function unheard() {
  const { url, stop } = await listen(createServer());
  stop();
  return url;
}
