// What docs/scale.md says in figures: from what was counted, and what the platform publishes. No clock, no measuring.

import { table } from "../report.mjs";

const LINKS_A_MONTH = [1_000, 100_000, 10_000_000];
const DAYS_A_MONTH = 30;
/** How long PayTR and the shop are waited for: seconds that an object is awake and does nothing. */
const ANSWER_SECONDS = 1;
/** Of one link: the link's object waits for PayTR twice, the recipient's once, and the link's for the shop. */
const ANSWERS = 4;
/** A link that is paid a day after it was made goes 30 days after that, its recipient's send after 7. */
const LINK_DAYS = 31;
const RECIPIENT_DAYS = 7;
const UNPAID_LINK_DAYS = 400;
/** What the platform adds to each line; it says only that it counts. Its own entry for each invocation is off. */
const ENTRY_BYTES = 1_000;
const PARTITIONS = 32;
/** Every half hour, one to each partition. */
const CRON_REQUESTS = 48 * PARTITIONS;
/** Requests to PayTR that one partition may have under way. */
const PLACES = 4;

/** Of each meter its title, and how it is written for one link. */
const METERS = {
  workerRequests: { title: "Worker requests", ofOne: String },
  cpuMs: { title: "CPU, milliseconds", ofOne: (milliseconds) => number(milliseconds) },
  objectRequests: { title: "object requests, alarms among them", ofOne: String },
  gigabyteSeconds: { title: "GB-seconds that objects are awake", ofOne: (gigabyteSeconds) => number(gigabyteSeconds) },
  rowsRead: { title: "rows read", ofOne: String },
  rowsWritten: { title: "rows written", ofOne: String },
  storedGigabytes: { title: "GB stored", ofOne: (gigabytes) => `${kilobytes(gigabytes)} KB for a month` },
  loggedGigabytes: { title: "GB logged", ofOne: (gigabytes) => `${kilobytes(gigabytes)} KB` },
  storedLogGigabytes: { title: "GB of log kept", ofOne: (gigabytes) => `${kilobytes(gigabytes)} KB for a month` },
};
const OPERATIONS = {
  createWithSend: "a create with a send to a new recipient",
  create: "a create",
  firstSend: "a send to a new recipient",
  nextSend: "another to the same",
  payment: "a payment, until the shop has its event",
  paymentNotTaken: "a payment whose event the shop refuses",
  furtherTry: "another try, which it accepts",
  delete: "a delete by `callback_id`",
  deleteByIds: "a delete by `ids`",
  replay: "`event.replay`, until the shop has the event",
  get: "`link.get`",
  replayed: "a retry that is replayed",
  noticeAgain: "a notification again",
  ping: "a ping",
  order: "an order of a shop platform: its link, SMS, e-mail and note",
  orderAgain: "the same delivery again",
  orderPaid: "its payment, until the shop has its event, the status and a note",
  sendExpires: "a send that was kept long enough",
  linkExpires: "a paid link that was kept long enough",
  sweep: "the daily look through all 32 partitions",
};

export function report(measured, platform) {
  const link = ofOneLink(measured, platform);
  const carried = carriedForFree(link, platform);
  const parts = [
    operations(measured),
    growth(measured),
    oneLink(link),
    month(link, carried, platform),
    free(carried, measured, platform),
    limits(measured, platform),
    sources(measured, platform),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** By meter: create with a send, payment, event, and both objects' end. */
function ofOneLink({ operations, stored, cpuMs }, { objectMemoryGigabytes, logRetentionDays }) {
  const steps = ["createWithSend", "payment", "sendExpires", "linkExpires"].map((name) => operations[name]);
  const sum = (key) => steps.reduce((total, step) => total + step[key], 0);
  const objectRequests = sum("objectRequests") + sum("alarms");
  const loggedGigabytes = (sum("logBytes") + sum("logLines") * ENTRY_BYTES) / 1e9;
  const byteDays = stored.link * LINK_DAYS + stored.recipient * RECIPIENT_DAYS;
  return {
    workerRequests: sum("workerRequests"),
    cpuMs: cpuMs.createWithSend + cpuMs.payment,
    objectRequests,
    gigabyteSeconds: ANSWERS * ANSWER_SECONDS * objectMemoryGigabytes,
    rowsRead: sum("rowsRead"),
    rowsWritten: sum("rowsWritten"),
    storedGigabytes: byteDays / DAYS_A_MONTH / 1e9,
    loggedGigabytes,
    storedLogGigabytes: (loggedGigabytes * logRetentionDays) / DAYS_A_MONTH,
  };
}

function operations({ operations }) {
  const rows = Object.entries(OPERATIONS).map(([name, title]) => {
    const { workerRequests, objectRequests, alarms, rowsWritten, rowsRead, subrequests, logLines } = operations[name];
    return [title, workerRequests, objectRequests, alarms, rowsWritten, rowsRead, subrequests, logLines].map((cell) => cell || "");
  });
  const head = ["", "Worker requests", "object requests", "alarms", "rows written", "rows read", "to PayTR or shop", "log lines"];
  return `## What an operation uses\n\n${table(head, rows)}`;
}

function growth({ growth: { payments, sends } }) {
  const cells = (rows, key) => rows.map((row) => number(row[key]));
  const rows = [
    ["one more send to the recipient: rows read", ...cells(sends, "rowsRead")],
    ["rows written", ...cells(sends, "rowsWritten")],
    ["one more payment of the link: rows read", ...cells(payments, "rowsRead")],
    ["rows written", ...cells(payments, "rowsWritten")],
  ];
  const head = ["sends to the recipient, or payments of the link, that are kept", ...sends.map(({ kept }) => kept)];
  return `Rows grow with the sends to one recipient that are kept, and with nothing else:\n\n${table(head, rows)}`;
}

function oneLink(link) {
  const rows = Object.entries(METERS).map(([meter, { title, ofOne }]) => [title.replace(/^GB /, ""), ofOne(link[meter])]);
  return `## One link

Here a link is a create with one send to a new recipient, one payment a day later, an event that the shop accepts at once, and
its deletion after 30 more days.

${table(["", "one link"], rows)}`;
}

function month(link, carried, platform) {
  const dollars = ([meter, { included, per, dollars }], links) => (Math.max(0, links * link[meter] - included) / per) * dollars;
  const meters = Object.entries(platform.meters);
  const rows = meters.map((entry) => [
    METERS[entry[0]].title,
    ...LINKS_A_MONTH.map((links) => `${use(links * link[entry[0]])}: ${money(dollars(entry, links))}`),
  ]);
  const totals = LINKS_A_MONTH.map((links) => meters.reduce((sum, entry) => sum + dollars(entry, links), platform.dollarsPerMonth));
  rows.push(["the plan", ...LINKS_A_MONTH.map(() => money(platform.dollarsPerMonth))]);
  rows.push(["**together**", ...totals.map((total) => `**${money(total)}**`)]);
  rows.push(["a thousand links", ...totals.map((total, column) => money((total / LINKS_A_MONTH[column]) * 1000))]);
  const isFree = (links) => links / DAYS_A_MONTH <= carried[0].links;
  rows.push(["on Workers Free", ...LINKS_A_MONTH.map((links) => (isFree(links) ? "$0.00" : "too many"))]);
  const most = LINKS_A_MONTH.at(-1);
  const parts = meters
    .map((entry) => ({ title: METERS[entry[0]].title, part: dollars(entry, most) / totals.at(-1) }))
    .sort((a, b) => b.part - a.part)
    .slice(0, 3)
    .map(({ title, part }) => `${title} ${Math.round(part * 100)} %`);
  return `## What a month costs

On Workers Paid, in dollars, without taxes, and without what PayTR takes for links and messages:

${table(["links a month", ...LINKS_A_MONTH.map(number)], rows)}

At ${number(most)} links, most of it is: ${parts.join(", ")}.`;
}

/** How many links a day each free share is enough for, the least first. */
function carriedForFree(link, { meters }) {
  return Object.entries(meters)
    .filter(([, { freePerDay, freeInAll }]) => freePerDay ?? freeInAll)
    .map(([meter, { freePerDay, freeInAll }]) => {
      const title = METERS[meter].title;
      if (freePerDay) return { title, limit: `${number(freePerDay)} a day`, links: Math.floor(freePerDay / link[meter]) };
      return { title, limit: `${freeInAll} in all`, links: Math.floor(freeInAll / link[meter] / DAYS_A_MONTH) };
    })
    .sort((a, b) => a.links - b.links);
}

function free(carried, { operations, stored, cpuMs }, { meters, limits }) {
  const [first] = carried;
  const bytes = stored.link * UNPAID_LINK_DAYS + stored.recipient * RECIPIENT_DAYS;
  const unpaid = Math.floor((meters.storedGigabytes.freeInAll * 1e9) / bytes);
  return `## What the free plan carries

${table(["", "free", "links a day"], carried.map((row) => [row.title, row.limit, number(row.links)]))}

So ${number(first.links)} links a day, and ${first.title} run out first. Links that nobody pays and that have no \`expiry_date\` are kept ${UNPAID_LINK_DAYS}
days: ${number(unpaid)} of these a day fill the storage. So give links an \`expiry_date\`.

Once a day's share is used up, everything fails until midnight UTC: messages are answered with \`ledger-unavailable\` and can be
retried under their id, and PayTR repeats a notification that got no \`OK\`. If the platform has given up an alarm by then, the next
request to its partition sets it again, or the cron does within half an hour.

For all partitions together, looking through the tables costs ${number(operations.sweep.rowsWritten)} written rows a day, and the cron ${number(CRON_REQUESTS)} object requests.

An invocation may take ${limits.freeCpuMsPerInvocation.value} ms of CPU: a create with a send took ${cpuMs.createWithSend} ms of workerd, for its Worker and both partitions together.`;
}

function limits({ operations }, platform) {
  const { objectRequestsPerSecond } = platform.limits;
  const perPayment = operations.payment.objectRequests + operations.payment.alarms;
  const perSecond = LINKS_A_MONTH.at(-1) / DAYS_A_MONTH / 86_400;
  const subrequests = operations.createWithSend.subrequests;
  const most = objectRequestsPerSecond.value / perPayment;
  const rows = [
    [
      "one object, requests a second",
      `${number(objectRequestsPerSecond.value)}, soft`,
      `${number(most)} payments a second in one partition, about ${number(most * PARTITIONS)} in all`,
      "nothing: the number of partitions cannot change",
    ],
    [
      "requests to PayTR at once",
      `${PLACES} of each partition`,
      `${number(PLACES * PARTITIONS)} in all: ${number(PLACES * PARTITIONS * 2)} a second if PayTR answers in 0.5 s, ${number((PLACES * PARTITIONS) / 5)} if in 5 s`,
      "a message waits 5 s at most, then it is `ledger-unavailable` with the reason `busy`, and was not sent",
    ],
    ["requests a second in all", "none on Workers Paid", "", ""],
    [
      "PayTR",
      "not published",
      `${subrequests} requests for each link; at ${number(LINKS_A_MONTH.at(-1))} links a month ${number(Math.round(subrequests * perSecond))} a second all day long`,
      "`blocked` in the log says when it is reached: ask PayTR, and spread what is not urgent",
    ],
  ];
  return `## Which limit is reached first

On the free plan it is the first of the table above. On Workers Paid those only cost money, and these limits are left:

${texts(["limit", "is", "reached at", "then"], rows)}`;
}

function sources({ on }, platform) {
  const { read, pages, meters } = platform;
  const named = Object.entries(pages).map(([page, url]) => {
    const names = Object.keys(METERS).filter((meter) => meters[meter].page === page).map((meter) => METERS[meter].title);
    const from = Object.values(meters).find((meter) => meter.page === page)?.from;
    return `- <${url}>${names.length > 0 ? `: ${names.join("; ")}` : ""}${from ? `; in force from ${from}` : ""}`;
  });
  return `## Where the figures are from

This was counted and measured on ${on} in workerd, with the built Worker, the sandbox as PayTR and SQLite's own counters: \`bench/scale.json\`.
Cloudflare's figures were read on ${read}: \`bench/platform.json\`, from

${named.join("\n")}

Assumed: PayTR and the shop answer in ${ANSWER_SECONDS} s each, during which the waiting object is awake with ${platform.limits.memoryMegabytes.value} MB; a month has
${DAYS_A_MONTH} days; the platform adds ${number(ENTRY_BYTES)} bytes to each line of the log. CPU is all of workerd's, while
only the Worker's is billed.`;
}

/** A table of sentences, which figures are not. */
const texts = (head, rows) => [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const kilobytes = (gigabytes) => number(Math.round(gigabytes * 1e6));
const number = (value) => (Number.isInteger(value) ? value : Number(value.toPrecision(3))).toLocaleString("en");
const money = (dollars) => `$${dollars.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

function use(value) {
  if (value >= 1e9) return `${number(value / 1e9)} billion`;
  if (value >= 1e6) return `${number(value / 1e6)} million`;
  return number(value < 10 ? Number(value.toPrecision(2)) : Math.round(value));
}
