// The floor, and what the contract asks of the platform whatever a Worker is written in: what has to be read of request
// and reply, how PayTR is asked, the answer's headers and the line of the log. It checks, parses and signs nothing.

const FORM =
  "merchant_id=123456&id=NB2Zlz3&cell_phone=05321234567&debug_on=0" +
  "&paytr_token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D";

const REQUEST_HEADERS = [
  "content-type",
  "content-encoding",
  "content-length",
  "webhook-id",
  "webhook-timestamp",
  "webhook-signature",
  "origin",
];
const REPLY_HEADERS = ["content-length", "content-encoding"];

/** As long as the relay's line of a message that was sent. */
const LINE =
  '"webhook_id":"msg_bench_12345","type":"link.send_sms","recipient":"05*******67","outcome":"sent","status":200,' +
  '"code":"sent","paytr_status":"success","paytr_ms":10,"total_ms":20,"secret":1}';

export default {
  async fetch(request, env) {
    const { headers, method, url } = request;
    const requestId = headers.get("cf-ray") ?? crypto.randomUUID();
    if (method !== "POST" || !url.endsWith("/webhook")) return new Response(null, { status: 404 });
    for (const name of REQUEST_HEADERS) headers.get(name);
    await request.arrayBuffer();
    const reply = await fetch(`${env.PAYTR_BASE_URL}/odeme/api/link/send-sms`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: FORM,
      redirect: "manual",
      signal: AbortSignal.timeout(20_000),
    });
    for (const name of REPLY_HEADERS) reply.headers.get(name);
    const body = await reply.text();
    console.log(`{"request_id":"${requestId}",${LINE}`);
    return new Response(body, {
      headers: {
        "content-type": "application/json",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      },
    });
  },
};
