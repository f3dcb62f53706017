// The receivers of events as programs: what each needs, how it is started, and what its shop's staff sees.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { start } from "./child.mjs";
import { inRoot } from "./paths.mjs";
import { VENV, buildRust, call, makeVenv } from "./programs.mjs";

/** A Node with SQLite in it, which not every Node is that runs these tests. */
const NODE = inRoot("node_modules/.bin/node");
const PHP = inRoot("examples/receive.php");

/** `needs` are tools of tools.mjs; `prepare` makes what `command` calls; `server` is the command that serves, if another. */
export const RECEIVERS = [
  {
    name: "receive.php",
    needs: ["php", "php-sqlite3"],
    command: ["php", PHP],
    server: (port) => ["php", "-S", `127.0.0.1:${port}`, PHP],
  },
  { name: "receive.mjs", needs: [], command: [NODE, "--disable-warning=ExperimentalWarning", inRoot("examples/receive.mjs")] },
  { name: "receive.py", needs: ["python3"], prepare: makeVenv, command: [`${VENV}/bin/python3`, inRoot("examples/receive.py")] },
  { name: "receive.rs", needs: ["cargo"], prepare: buildRust, command: [inRoot("target/examples/debug/receive")] },
];

/**
 * Starts a receiver with a shop of its own. `database` is the file's place within the shop's directory, which is there;
 * `processes` is how many servers there are on it, since PHP's own takes one request after the other. Resolves with
 * `{ urls, directory, output, add, list, sql, stop }`: `add` makes an order, `list` is what the staff sees, line by
 * line, and `sql` changes the shop behind the receiver's back.
 */
export async function startReceiver(program, secrets, { database = "shop.sqlite", processes = 1 } = {}) {
  const directory = await mkdtemp(join(tmpdir(), "shop-"));
  const env = { SHOP_DB: join(directory, database), EVENTS_SECRET: secrets };
  const servers = await Promise.all(Array.from({ length: processes }, () => serve(program, env)));
  const ask = async (...words) => {
    const { status, out, err } = await call(program.command, words, env);
    if (status !== 0) throw new Error(`${words.join(" ")} ended with ${status}:\n${err}`);
    return out.split("\n").filter(Boolean);
  };
  return {
    urls: servers.map(({ ready }) => ready),
    directory,
    output: () => servers.map(({ output }) => output()).join(""),
    add: (reference) => ask("add", reference),
    list: () => ask("list"),
    sql: (statement) => sql(env.SHOP_DB, statement),
    stop: async () => {
      await Promise.all(servers.map(({ stop }) => stop()));
      await rm(directory, { recursive: true });
    },
  };
}

async function serve({ command, server }, env) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const [program, ...args] = server?.(port) ?? command;
  return start(program, args, {
    env: { PATH: process.env.PATH, ...env, PORT: `${port}` },
    isReady: (line) => (line.includes(url) ? `${url}/` : undefined),
  });
}

async function sql(file, statement) {
  const program = `new (require("node:sqlite").DatabaseSync)(process.argv[1]).exec(process.argv[2])`;
  await promisify(execFile)(NODE, ["--eval", program, file, statement]);
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
