// The ports on 127.0.0.1, and whether they are free.
import getPort, { portNumbers } from "get-port";
import { UserError } from "./user-error.mjs";

/** The loopback address that everything listens on. */
export const HOST = "127.0.0.1";

/** What chooses each port, and what it is if nothing does. */
const PORTS = {
  relay: { variable: "RELAY_PORT", usual: 8787 },
  sandbox: { variable: "SANDBOX_PORT", usual: 8788 },
  shop: { variable: "SHOP_PORT", usual: 8790 },
  inspector: { variable: "INSPECTOR_PORT", usual: 9229 },
};
const HIGHEST = 65_535;
/** Below it, a port may be free and all the same not to be had. */
const LOWEST_FOR_ALL = 1024;
/** How far away the search for another port begins. */
const ASIDE = 1000;

/**
 * Reads the ports from the environment and makes sure that nobody has them.
 *
 * @template {"relay" | "sandbox" | "shop" | "inspector"} Name
 * @param {string} command what the person typed, to advise the same with another port
 * @param {Name[]} names
 * @returns {Promise<Record<Name, number>>}
 */
export async function freePorts(command, names) {
  const ports = Object.fromEntries(names.map((name) => [name, read(PORTS[name])]));
  const chosen = Object.values(ports);
  if (new Set(chosen).size < chosen.length) {
    const variables = names.map((name) => PORTS[name].variable);
    throw new UserError(`${variables.slice(0, -1).join(", ")} and ${variables.at(-1)} must be different ports.`);
  }
  for (const name of names) {
    const wanted = ports[name];
    const from = wanted + ASIDE <= HIGHEST ? Math.max(wanted + ASIDE, LOWEST_FOR_ALL) : wanted - ASIDE;
    const others = chosen.filter((port) => port !== wanted);
    const free = await getPort({ host: HOST, port: [wanted, ...portNumbers(from, HIGHEST)], exclude: others });
    if (free === wanted) continue;
    const why = wanted < LOWEST_FOR_ALL ? "taken, or not for everybody" : `taken, perhaps by an ${command} in another terminal`;
    throw new UserError(
      `Port ${wanted} is ${why}. Stop that, or use another port:\n  ${PORTS[name].variable}=${free} ${command}`,
    );
  }
  return ports;
}

function read({ variable, usual }) {
  const port = Number(process.env[variable] ?? usual);
  if (Number.isInteger(port) && port >= 1 && port <= HIGHEST) return port;
  throw new UserError(`${variable} must be a port, such as ${usual}.`);
}
