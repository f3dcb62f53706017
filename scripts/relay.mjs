// `npm run relay -- COMMAND`: what the relay knows, on a terminal or for a program: links, events, status; and events sent to the
// shop again. Nothing reaches a customer or PayTR.
//
// The relay's address is --relay, else RELAY_URL; webhook-secret.mjs says where the secret comes from. It speaks Turkish where
// the locale is Turkish, else English; with --json it prints one JSON document and nothing else. Ends with 0 if all is fine, with
// 1 if the relay or the network said no, with 2 if the command is wrong, and `status` with 3 if a person is needed.
import { whyRefused } from "./asking/answers.mjs";
import { askSigned, relayAddress } from "./asking/relay.mjs";
import { isLoopback } from "./loopback.mjs";
import { readOptions } from "./options.mjs";
import { events } from "./relay/events.mjs";
import { link } from "./relay/link.mjs";
import { links } from "./relay/links.mjs";
import { replay } from "./relay/replay.mjs";
import { status } from "./relay/status.mjs";
import { textsFor } from "./relay/texts.mjs";
import { UsageError, UserError, runMain } from "./user-error.mjs";
import { webhookSecret } from "./webhook-secret.mjs";

const COMMANDS = { links, events, link, replay, status };
const COMMON = { string: ["relay"], boolean: ["json"] };
const texts = textsFor(process.env);

process.stdout.on("error", leaveAtBrokenPipe);

await runMain(
  async () => {
    const [name, ...args] = process.argv.slice(2);
    if (name === "--help" || name === "-h") return console.log(texts.usage(Object.keys(COMMANDS)));
    if (!Object.hasOwn(COMMANDS, name ?? "")) throw new UsageError(texts.noCommand(name, Object.keys(COMMANDS)));
    const command = COMMANDS[name];
    const { string = [], boolean = [], words: most } = command.options;
    const known = { string: [...string, ...COMMON.string], boolean: [...boolean, ...COMMON.boolean], words: most };
    const { words, options } = readOptions(texts, args, known, process.env);
    const { help, json, relay: given, ...own } = options;
    if (help) return console.log(texts.usage([name]));

    const context = { texts, send: sender(given), width: terminalWidth(), now: new Date() };
    const result = await command.ask(context, words, own);
    console.log(json ? JSON.stringify(result, null, 2) : (await command.show(context, result)).join("\n"));
    process.exitCode = command.exitCode?.(context, result) ?? 0;
  },
  { wrongUse: 2 },
);

/** Asks the relay, and gives an answer that has the outcome that is expected. The secret is asked for once. */
function sender(given) {
  let reached;
  const reach = async () => {
    const relay = relayAddress(texts, given ?? process.env.RELAY_URL, (address) => `export RELAY_URL=${address}`);
    return { relay, key: await webhookSecret(texts, { isLoopback: isLoopback(relay) }) };
  };
  return async (message, outcome) => {
    const { relay, key } = await (reached ??= reach());
    const { answer } = await askSigned(texts, relay, key, message);
    const why = whyRefused(texts, relay, answer, { type: message.type, outcome });
    if (why) throw new UserError(why);
    return answer.json;
  };
}

/** The terminal's; else COLUMNS; what goes into a file or a pipe is not cut. */
function terminalWidth() {
  const columns = process.stdout.isTTY ? process.stdout.columns : Number(process.env.COLUMNS);
  return columns > 0 ? columns : Infinity;
}

/** `… links --all | head` has read enough. */
function leaveAtBrokenPipe(error) {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}
