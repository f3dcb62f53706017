// CPU of workerd for one link: its create with a send, and its payment until the shop has the event.

import { buildPrograms, buildRelay } from "../build.mjs";
import { asked, noticesOf, paid, startUpstream } from "../measure.mjs";
import { create, messages, phone } from "../requests.mjs";
import { median } from "../statistics.mjs";
import { Workerd } from "../workerd.mjs";

const ROUNDS = 7;
const LINKS = 400;
const CALLERS = 16;

/** Milliseconds, `{ createWithSend, payment }`: all of workerd's, the Worker's and the objects'. */
export async function measureCpu() {
  const relay = await buildRelay();
  const program = await buildPrograms();
  const upstream = await startUpstream(program);
  const workerd = await Workerd.start(relay, upstream.settings);
  const took = { createWithSend: [], payment: [] };
  for (let round = -1; round < ROUNDS; round += 1) {
    const links = messages(LINKS, () => create({ cell_phone: phone() }));
    const created = await asked(program, upstream, workerd, links, CALLERS, 2 * LINKS);
    const payment = await paid(program, upstream, workerd, await noticesOf(workerd, links), CALLERS);
    if (round >= 0) took.createWithSend.push(created.cpuUs), took.payment.push(payment.cpuUs);
    console.error(`CPU, round ${round + 1} of ${ROUNDS}`);
  }
  await workerd.stop();
  const inMs = (us) => Math.round(median(us) / 10) / 100;
  return { createWithSend: inMs(took.createWithSend), payment: inMs(took.payment) };
}
