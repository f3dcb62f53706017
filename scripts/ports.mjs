// The addresses and ports on this machine, and whether the ports are free.
import getPort, { portNumbers } from "get-port";
import { inLanguage } from "./locale.mjs";
import { UserError } from "./user-error.mjs";

/** The loopback address at which everything is reached. */
export const HOST = "127.0.0.1";
const EVERYWHERE = "0.0.0.0";

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

const joined = (language, texts) => new Intl.ListFormat(language).format(texts.map(String));

const TEXTS = {
  en: {
    noPort: (variable, usual) => `${variable} must be a port, such as ${usual}.`,
    same: (variables) => `${joined("en-GB", variables)} must be different ports.`,
    taken: (ports, command) =>
      `${ports.length > 1 ? "Ports" : "Port"} ${joined("en-GB", ports)} ${ports.length > 1 ? "are" : "is"} taken, perhaps by an ${command} in ` +
      "another terminal. Stop that, or use other ports:",
    notForAll: `A port below ${LOWEST_FOR_ALL} may be free and not for everybody.`,
    noAddress: `LISTEN_ADDRESS must be ${HOST}, which it is by default, or ${EVERYWHERE}.`,
    exposed: (ports) => `
LISTEN_ADDRESS=${EVERYWHERE}: whoever reaches this machine reaches ports ${joined("en-GB", ports)}, and with them the outbox, numbers and
addresses in it, and can pay. It is meant for a container: publish the ports on loopback alone, each under its own number:
  docker run ${ports.map((port) => `-p ${HOST}:${port}:${port}`).join(" ")} …
`,
  },
  tr: {
    noPort: (variable, usual) => `${variable} bir port olmalı, örneğin ${usual}.`,
    same: (variables) => `${joined("tr", variables)} birbirinden farklı portlar olmalı.`,
    taken: (ports, command) =>
      `${joined("tr", ports)} ${ports.length > 1 ? "portları" : "portu"} dolu; başka bir terminalde ${command} çalışıyor olabilir. ` +
      "Onu durdurun veya başka portlar kullanın:",
    notForAll: `${LOWEST_FOR_ALL} altındaki bir portu, boş olsa da, her kullanıcı açamayabilir.`,
    noAddress: `LISTEN_ADDRESS ${HOST} (varsayılan) veya ${EVERYWHERE} olmalı.`,
    exposed: (ports) => `
LISTEN_ADDRESS=${EVERYWHERE}: ${joined("tr", ports)} portları bu makineye ulaşan herkese açık. Giden kutusunu, müşterilerin numara ve adreslerini
herkes görebilir, herkes ödeme yapabilir. Bu ayar container içindir: portları yalnızca loopback'te, aynı numarayla yayınlayın:
  docker run ${ports.map((port) => `-p ${HOST}:${port}:${port}`).join(" ")} …
`,
  },
};

/**
 * Reads from the environment the address that everything listens on.
 *
 * @returns {string} {@link HOST}, or that of all interfaces
 */
export function listenAddress() {
  const address = process.env.LISTEN_ADDRESS || HOST;
  if (address === HOST || address === EVERYWHERE) return address;
  throw new UserError(inLanguage(process.env, TEXTS).noAddress);
}

/** What a person has to know if others reach the ports; empty if nobody does. */
export function exposure(ports) {
  return listenAddress() === HOST ? "" : inLanguage(process.env, TEXTS).exposed(Object.values(ports));
}

/**
 * Reads the ports from the environment and makes sure that nobody has them.
 *
 * @template {"relay" | "sandbox" | "shop" | "inspector"} Name
 * @param {string} command what the person typed, to advise the same with other ports
 * @param {Name[]} names
 * @returns {Promise<Record<Name, number>>}
 */
export async function freePorts(command, names) {
  const texts = inLanguage(process.env, TEXTS);
  const wanted = Object.fromEntries(names.map((name) => [name, read(texts, PORTS[name])]));
  const chosen = Object.values(wanted);
  if (new Set(chosen).size < chosen.length) throw new UserError(texts.same(names.map((name) => PORTS[name].variable)));
  const free = {};
  for (const name of names) {
    const exclude = [...chosen, ...Object.values(free)].filter((port) => port !== wanted[name]);
    free[name] = await getPort({ host: listenAddress(), port: [wanted[name], ...aside(wanted[name])], exclude });
  }
  const taken = names.filter((name) => free[name] !== wanted[name]).map((name) => wanted[name]);
  if (taken.length === 0) return wanted;
  // With the ports that were chosen already, which the advice must not undo.
  const isSaid = (name) => free[name] !== wanted[name] || wanted[name] !== PORTS[name].usual;
  const settings = names.filter(isSaid).map((name) => `${PORTS[name].variable}=${free[name]}`);
  const address = listenAddress() === HOST ? [] : [`LISTEN_ADDRESS=${listenAddress()}`];
  const note = taken.some((port) => port < LOWEST_FOR_ALL) ? `\n${texts.notForAll}` : "";
  throw new UserError(`${texts.taken(taken, command)}\n  ${[...address, ...settings, command].join(" ")}${note}`);
}

function aside(port) {
  const from = port + ASIDE <= HIGHEST ? Math.max(port + ASIDE, LOWEST_FOR_ALL) : port - ASIDE;
  return portNumbers(from, HIGHEST);
}

function read(texts, { variable, usual }) {
  const port = Number(process.env[variable] ?? usual);
  if (Number.isInteger(port) && port >= 1 && port <= HIGHEST) return port;
  throw new UserError(texts.noPort(variable, usual));
}
