// `link`: all that the relay knows of an order's links, or of one link.
import { UsageError } from "../user-error.mjs";
import { callbackIds } from "./named.mjs";
import { table } from "./table.mjs";
import { localTime, order, plain, price } from "./written.mjs";

export const link = {
  options: { boolean: ["all"], words: 1 },

  async ask({ send, texts }, [word], { all }) {
    if (word === undefined) throw new UsageError(texts.whichLink);
    const links = [];
    for (const id of await callbackIds(send, texts, word)) links.push(await found(send, id, all));
    return { links };
  },

  async show({ texts, width }, { links }) {
    const blocks = await Promise.all(links.map((each) => linesOf(each, texts, width)));
    return blocks.flatMap((lines, at) => (at > 0 ? ["", ...lines] : lines));
  },
};

/** As `link.get` answers, with the newest payments, or with all. */
async function found(send, callbackId, all) {
  const get = (cursor) => send({ type: "link.get", data: { callback_id: callbackId, ...(cursor && { cursor }) } }, "found");
  let answer = await get();
  while (all && answer.cursor) {
    const { payments, cursor } = await get(answer.cursor);
    answer = { ...answer, payments: [...payments, ...answer.payments], cursor };
  }
  return answer;
}

async function linesOf(found, texts, width) {
  const facts = [
    [texts.reference, order(found)],
    [texts.state, texts.linkStates[found.state] ?? found.state],
    [texts.price, price(texts, found.price, found.currency)],
    ["id", found.link.id],
    ["url", plain(found.link.url)],
    ["callback_id", found.link.callback_id],
    ...found.sends.map((report) => [texts.channels[report.type] ?? report.type, sendOf(report, texts)]),
  ].filter(([, value]) => value);
  const widest = Math.max(...facts.map(([name]) => name.length));
  const lines = facts.map(([name, value]) => `${name.padEnd(widest)}  ${value}`);
  if (found.payments.length === 0) return [...lines, "", texts.noPayments];
  return [...lines, "", ...(await paymentsOf(found, texts, width)), ...(found.cursor ? ["", texts.olderPayments] : [])];
}

function sendOf({ outcome, code, paytr }, texts) {
  const word = texts.sendOutcomes[outcome] ?? outcome;
  return [code ? `${word} (${code})` : word, plain(paytr?.reason)].filter(Boolean).join(": ");
}

function paymentsOf({ payments, currency }, texts, width) {
  const columns = [
    { title: texts.received, of: ({ received_at: at }) => localTime(texts, at) },
    { title: texts.amount, of: (payment) => amountOf(payment, currency, texts), isNumber: true },
    { title: texts.type, of: ({ type }) => type },
    { title: texts.reasons, of: ({ reasons = [] }) => reasons.join(" "), mayBeCut: true },
    { title: texts.event, of: ({ event }) => texts.eventStates[event.state] ?? event.state },
    { title: texts.attempts, of: ({ event }) => `${event.attempts}`, isNumber: true },
    { title: "merchant_oid", of: ({ merchant_oid: oid }) => plain(oid), isCopied: true },
  ];
  return table(columns, payments, width);
}

/** In the currency that PayTR said, which it does not sign, else in the link's. */
function amountOf({ total_amount: total, total_amount_text: text, unsigned }, currency, texts) {
  return total === undefined ? plain(text) : price(texts, total, unsigned?.currency ?? currency);
}
