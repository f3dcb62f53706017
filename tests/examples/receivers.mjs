// The receivers of events as programs: what each needs, how it is started, and what its shop's staff sees.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import getPort from "get-port";
import { inRoot } from "../../scripts/paths.mjs";
import { Service } from "../../scripts/processes.mjs";
import { call } from "../support/call.mjs";
import { NODE } from "../support/tools.mjs";
import { VENV, buildCsharp, buildRust, makeVenv } from "./programs.mjs";

const PATIENCE_MS = 60_000;
/** A Node with SQLite in it, which not every Node is that runs these tests. */
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
  { name: "receive.cs", needs: ["mono"], prepare: buildCsharp, command: ["mono", inRoot("target/examples/receive.exe")] },
  { name: "receive.rs", needs: ["cargo"], prepare: buildRust, command: [inRoot("target/examples/debug/receive")] },
];

/**
 * Starts a receiver with a shop of its own. `database` is the file's place within the shop's directory, which is there;
 * `processes` is how many servers there are on it, since PHP's own takes one request after the other. Resolves with
 * `{ urls, directory, output, add, list, sql, stop }`: `add` makes an order of a price, in a currency if one is given, `list`
 * is what the staff sees, line by line, and `sql` changes the shop behind the receiver's back.
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
    urls: servers.map(({ url }) => url),
    directory,
    output: () => servers.map(({ service }) => service.output()).join(""),
    add: (reference, price = "158000", ...currency) => ask("add", reference, price, ...currency),
    list: () => ask("list"),
    sql: (statement) => sql(env.SHOP_DB, statement),
    stop: async () => {
      await Promise.all(servers.map(({ service }) => service.stop("SIGKILL")));
      await rm(directory, { recursive: true });
    },
  };
}

async function serve({ command, server }, env) {
  const port = await getPort({ host: "127.0.0.1" });
  const url = `http://127.0.0.1:${port}`;
  const [program, ...args] = server?.(port) ?? command;
  const service = new Service("receiver", program, args, { env: { PATH: process.env.PATH, ...env, PORT: `${port}` } });
  await service.first((line) => line.includes(url) || undefined, PATIENCE_MS);
  return { url: `${url}/`, service };
}

async function sql(file, statement) {
  const program = `new (require("node:sqlite").DatabaseSync)(process.argv[1]).exec(process.argv[2])`;
  await execa(NODE, ["--eval", program, file, statement]);
}
