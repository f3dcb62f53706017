// The ports on 127.0.0.1, and whether they are free.
import { once } from "node:events";
import { createServer } from "node:net";
import { Trouble } from "./user-error.mjs";

/** The loopback address that everything listens on. */
export const HOST = "127.0.0.1";

/** What chooses each port, and what it is if nothing does. */
const PORTS = {
  relay: { variable: "RELAY_PORT", usual: 8787 },
  sandbox: { variable: "SANDBOX_PORT", usual: 8788 },
  shop: { variable: "SHOP_PORT", usual: 8790 },
};
const HIGHEST = 65_535;
/** How far away the search for another port begins. */
const ASIDE = 1000;

/**
 * Reads the ports from the environment and makes sure that nobody has them.
 *
 * @template {"relay" | "sandbox" | "shop"} Name
 * @param {string} command what the person typed, to advise the same with another port
 * @param {Name[]} names
 * @returns {Promise<Record<Name, number>>}
 */
export async function freePorts(command, names) {
  const ports = Object.fromEntries(names.map((name) => [name, read(PORTS[name])]));
  const chosen = Object.values(ports);
  if (new Set(chosen).size < chosen.length) {
    const variables = names.map((name) => PORTS[name].variable);
    throw new Trouble(`${variables.slice(0, -1).join(", ")} and ${variables.at(-1)} must be different ports.`);
  }
  for (const name of names) {
    const error = await tryOut(ports[name]);
    if (!error) continue;
    if (error.code !== "EADDRINUSE") throw new Trouble(`Port ${ports[name]} cannot be used: ${error.message}`);
    throw new Trouble(
      `Port ${ports[name]} is taken, perhaps by an ${command} in another terminal. Stop that, or use another port:\n` +
        `  ${PORTS[name].variable}=${await another(ports[name], chosen)} ${command}`,
    );
  }
  return ports;
}

function read({ variable, usual }) {
  const port = Number(process.env[variable] ?? usual);
  if (Number.isInteger(port) && port >= 1 && port <= HIGHEST) return port;
  throw new Trouble(`${variable} must be a port, such as ${usual}.`);
}

/** A port that is free, and none of those chosen. */
async function another(port, chosen) {
  let candidate = port + ASIDE <= HIGHEST ? port + ASIDE : port - ASIDE;
  while (chosen.includes(candidate) || (await tryOut(candidate))) candidate = (candidate % HIGHEST) + 1;
  return candidate;
}

/** Listens on a port for a moment. Resolves with the error if that does not work. */
async function tryOut(port) {
  const server = createServer();
  try {
    server.listen(port, HOST);
    await once(server, "listening");
  } catch (error) {
    return error;
  }
  server.close();
  await once(server, "close");
  return undefined;
}
