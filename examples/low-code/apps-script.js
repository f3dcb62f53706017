// Google Apps Script: creates a payment link and sends it by SMS. Paste it into the script editor; under Project Settings >
// Script Properties set RELAY_URL and RELAY_SECRET, the secret as text (`npm run secret` prints both forms).

/**
 * @param {{number: string, price: number, phone: string}} order the price in minor units: 158000 is 1,580.00
 * @returns {{outcome: string, link: {id: string, url: string}}} the relay's answer
 */
function createPaymentLink(order) {
  const properties = PropertiesService.getScriptProperties();
  // The same id for every try of this order: the relay makes one link of it, whatever happens in between.
  const id = `order_${order.number}_1`;
  const body = JSON.stringify({
    type: "link.create",
    data: {
      name: `Sipariş ${order.number}`,
      price: order.price,
      reference: order.number,
      send: { cell_phone: order.phone },
    },
  });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signed = `${id}.${timestamp}.${body}`;
  const mac = Utilities.computeHmacSha256Signature(signed, properties.getProperty("RELAY_SECRET"), Utilities.Charset.UTF_8);
  const answer = UrlFetchApp.fetch(`${properties.getProperty("RELAY_URL")}/webhook`, {
    method: "post",
    contentType: "application/json",
    headers: {
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,${Utilities.base64Encode(mac)}`,
    },
    payload: body,
    muteHttpExceptions: true,
  });
  const json = JSON.parse(answer.getContentText());
  if (answer.getResponseCode() !== 200) throw new Error(`${json.code}: ${json.detail}`);
  return json;
}
