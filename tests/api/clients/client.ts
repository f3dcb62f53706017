// A shop that uses types made by openapi-typescript, and openapi-fetch. It signs in a middleware, over the very bytes that are sent.
import createClient, { type Middleware } from "openapi-fetch";
import { Webhook } from "standardwebhooks";
import type { paths } from "./api.js";

/** What a call needs by its type; the middleware writes what is right at the moment of sending. */
const under = (id: string) => ({ header: { "webhook-id": id, "webhook-timestamp": "0", "webhook-signature": "" } });

const signing = (secret: string): Middleware => ({
  async onRequest({ request }) {
    const now = new Date();
    const id = request.headers.get("webhook-id") ?? "";
    request.headers.set("webhook-timestamp", `${Math.floor(now.getTime() / 1000)}`);
    request.headers.set("webhook-signature", new Webhook(secret).sign(id, now, await request.clone().text()));
    return request;
  },
});

/** Creates a link and sends it, looks it up, deletes it, and asks for what is refused; gives what came of each. */
export async function run(url: string, secret: string, cell_phone: string) {
  const client = createClient<paths>({ baseUrl: url });
  client.use(signing(secret));
  const created = await client.POST("/webhook", {
    params: under("ts_1"),
    body: { type: "link.create", data: { name: "Order 1001", price: 2550, send: { cell_phone } } },
  });
  if (created.data?.outcome !== "created") throw new Error(JSON.stringify(created.error));
  const { callback_id } = created.data.link;
  const data = { callback_id };
  const found = await client.POST("/webhook", { params: under("ts_2"), body: { type: "link.get", data } });
  const deleted = await client.POST("/webhook", { params: under("ts_3"), body: { type: "link.delete", data } });
  const none = { callback_id: "0".repeat(64) };
  const refused = await client.POST("/webhook", { params: under("ts_4"), body: { type: "link.get", data: none } });
  const outcomes = [created, found, deleted].map(({ data }) => data?.outcome);
  const sends = created.data.sends?.map(({ outcome }) => outcome);
  return { outcomes, sends, refused: refused.error?.code };
}
