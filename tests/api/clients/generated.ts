// A shop that uses openapi-generator's typescript-fetch client. It signs in a middleware, over the very bytes that are sent.
import { Webhook } from "standardwebhooks";
import { Configuration, type Message, type Middleware, ResponseError, ShopApi } from "./generated/typescript-fetch/index";

const signing = (secret: string): Middleware => ({
  async pre({ url, init }) {
    const now = new Date();
    const headers = new Headers(init.headers);
    headers.set("webhook-timestamp", `${Math.floor(now.getTime() / 1000)}`);
    headers.set("webhook-signature", new Webhook(secret).sign(headers.get("webhook-id") ?? "", now, String(init.body)));
    return { url, init: { ...init, headers } };
  },
});

/** Creates a link and sends it, looks it up, deletes it, and asks for what is refused; gives what came of each. */
export async function run(url: string, secret: string, cellPhone: string) {
  const shop = new ShopApi(new Configuration({ basePath: url, middleware: [signing(secret)] }));
  // What a call needs by its type; the middleware writes what is right at the moment of sending.
  const post = (webhookId: string, message: Message) =>
    shop.sendMessage({ webhookId, webhookTimestamp: "0", webhookSignature: "", message });
  const created = await post("ts_1", {
    type: "link.create",
    data: { name: "Order 1001", price: 2550, send: { cellPhone } },
  });
  if (created.outcome !== "created") throw new Error(JSON.stringify(created));
  const { callbackId } = created.link;
  const found = await post("ts_2", { type: "link.get", data: { callbackId } });
  const deleted = await post("ts_3", { type: "link.delete", data: { callbackId } });
  const refused = await post("ts_4", { type: "link.get", data: { callbackId: "0".repeat(64) } }).catch((error) => {
    if (error instanceof ResponseError) return error.response.json();
    throw error;
  });
  return {
    outcomes: [created, found, deleted].map(({ outcome }) => outcome),
    sends: created.sends?.map(({ outcome }) => outcome),
    refused: refused.code,
  };
}
