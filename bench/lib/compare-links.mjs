// Do two Workers keep the same contract for links and their payments? The same requests to each, which are to be answered
// with the same status and the same text, but for the names that the upstream gives to links.

import { create, notice, phone, post, signedHeaders, unique, withId } from "./requests.mjs";

/** Throws unless all are answered alike, and as they should be. */
export async function checkLinks(workerds) {
  const table = requests();
  const answers = await Promise.all(workerds.map((workerd) => ask(workerd, table)));
  const found = table.flatMap(([what, , status], row) => {
    const given = answers.map((all) => all[row]);
    const isRight = given.every((answer) => answer === given[0]) && given[0].startsWith(`${status} `);
    return isRight ? [] : [`${what}: ${given.join(" and ")} instead of ${status}`];
  });
  if (found.length > 0) throw new Error(`the Workers differ:\n${found.join("\n")}`);
}

/** `[what, request, status]` in the order in which they are asked. */
function requests() {
  const id = `msg_compare_${unique()}`;
  const body = create({ cell_phone: phone(), email: `a${unique()}@shop.example` });
  const form = notice(id);
  const callback = (body) =>
    ({ method: "POST", path: "/callback", headers: { "content-type": "application/x-www-form-urlencoded" }, body });
  return [
    ["a create with two sends", withId(body, id), 200],
    ["the same again", post(body, { headers: signedHeaders(body, id) }), 200],
    ["the same id, another link", withId(create(), id), 422],
    ["no name", post('{"type":"link.create","data":{"price":1}}'), 422],
    ["a price as text", post('{"type":"link.create","data":{"name":"Tea 1","price":"1"}}'), 422],
    ["fewer at most than at least", post('{"type":"link.create","data":{"name":"Tea 1","price":1,"min_count":2,"max_count":1}}'), 422],
    ["a notice", callback(form), 200],
    ["the same notice again", callback(form), 200],
    ["a bad hash", callback(form.replace("total_amount=158000", "total_amount=158001")), 400],
    ["no hash", callback(form.replace(/hash=[^&]*&/, "")), 400],
    ["a field twice", callback(`${form}&status=success`), 400],
  ];
}

async function ask(workerd, table) {
  const all = [];
  for (const [, request, expected] of table) {
    const { status, replayed, text } = await workerd.ask(request);
    // Each says in its own words what is wrong with a field.
    const plain = expected === 422 ? JSON.parse(text).code : text.replace(/"url":"[^"]*"|"id":"L\d+"/g, "");
    all.push(`${status} ${replayed ? "replayed " : ""}${plain}`);
  }
  return all;
}
