// Sends the relay's alerts on as e-mails: a Worker of its own, whose address is the relay's ALERT_URL.
//
// Whoever knows the address can have mails sent to TO, and to nobody else. The last part of its path is the secret TOKEN, so the
// whole address is one: give it to the relay alone, as a secret.
const MAX_SUBJECT = 120;

export default {
  /**
   * @param {Request} request a POST of `{"text": "…"}` to /TOKEN
   * @param {{MAIL: SendEmail, FROM: string, TO: string, TOKEN: string}} env
   */
  async fetch(request, { MAIL, FROM, TO, TOKEN }) {
    const { pathname } = new URL(request.url);
    if (request.method !== "POST" || !TOKEN || !(await isSame(pathname, `/${TOKEN}`))) return answer(404);
    const { text } = Object(await request.json().catch(() => undefined));
    if (typeof text !== "string" || text === "") return answer(400);
    const [subject] = text.split("\n");
    await MAIL.send({ from: FROM, to: TO, subject: subject.slice(0, MAX_SUBJECT), text });
    return answer(204);
  },
};

const answer = (status) => new Response(null, { status });

/** Compares in a time that tells nothing of where two texts differ. */
async function isSame(one, other) {
  const digest = (text) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return crypto.subtle.timingSafeEqual(await digest(one), await digest(other));
}
