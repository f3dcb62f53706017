// The two ports on 127.0.0.1, and whether they are free.
import { once } from "node:events";
import { createServer } from "node:net";
import { Trouble } from "./trouble.mjs";

/** The loopback address that everything listens on. */
export const HOST = "127.0.0.1";

/**
 * Reads the ports from RELAY_PORT and SANDBOX_PORT and makes sure that nobody has them.
 *
 * @returns {Promise<{relay: number, sandbox: number}>}
 */
export async function freePorts() {
  const ports = { relay: await freePort("RELAY_PORT", 8787), sandbox: await freePort("SANDBOX_PORT", 8788) };
  if (ports.relay === ports.sandbox) throw new Trouble("RELAY_PORT and SANDBOX_PORT must be two different ports.");
  return ports;
}

async function freePort(name, usual) {
  const port = Number(process.env[name] ?? usual);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Trouble(`${name} must be a port, such as ${usual}.`);
  const server = createServer();
  try {
    server.listen(port, HOST);
    await once(server, "listening");
  } catch (error) {
    if (error.code !== "EADDRINUSE") throw new Trouble(`Port ${port} cannot be used: ${error.message}`);
    throw new Trouble(
      `Port ${port} is taken, perhaps by an npm start in another terminal. Stop that, or use another port:\n` +
        `  ${name}=${port + 1000} npm start`,
    );
  }
  server.close();
  await once(server, "close");
  return port;
}
