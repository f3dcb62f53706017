// One message in full: what the customer would have received, what PayTR answered, and the form as it came.

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "medium" });

export const nameOf = ({ channel }) => (channel === "sms" ? "SMS" : "E-mail");
export const recipientOf = ({ recipient }) => recipient || "(no recipient)";
export const linkOf = ({ link_id }) => (link_id ? `https://www.paytr.com/link/${link_id}` : "(no link id)");

/** What the list says of a message in a word or two: pairs of kind and text. */
export function marksOf({ delivered, misbehaviour }) {
  const marks = [delivered ? ["good", "Delivered"] : ["bad", "Refused"]];
  if (misbehaviour) marks.push(["odd", misbehaviour]);
  return marks;
}

export function detail(message) {
  return [
    element("nav", { className: "back" }, element("a", { href: "#" }, "← All messages")),
    element("h2", {}, `${nameOf(message)} to ${recipientOf(message)}`),
    element("p", { className: "when" }, day.format(message.at)),
    message.delivered ? preview(message) : refusal(message),
    element("h3", {}, "What happened"),
    facts(message),
    element("h3", {}, "The form as it came"),
    form(message),
  ];
}

function preview(message) {
  return element(
    "figure", { className: "preview" },
    message.channel === "sms" ? sms(message) : email(message),
    element("figcaption", {}, "An illustration: PayTR does not document what its messages say."),
  );
}

function sms(message) {
  return element(
    "div", { className: "phone", lang: "tr" },
    element("p", { className: "sender" }, "PAYTR"),
    element("p", { className: "bubble" }, "Ödemenizi güvenle tamamlamak için: ", element("span", { className: "url" }, linkOf(message))),
    element("p", { className: "sent" }, recipientOf(message)),
  );
}

function email(message) {
  return element(
    "div", { className: "mail", lang: "tr" },
    element("p", { className: "line" }, element("b", {}, "Kime"), recipientOf(message)),
    element("p", { className: "line" }, element("b", {}, "Konu"), "Ödeme linkiniz"),
    element("p", {}, "Merhaba,"),
    element("p", {}, "Ödemenizi aşağıdaki link ile güvenle tamamlayabilirsiniz:"),
    element("p", { className: "url" }, linkOf(message)),
  );
}

function refusal({ hint }) {
  return element(
    "div", { className: "refusal" },
    element("p", {}, element("b", {}, "The customer received nothing.")),
    hint && element("p", {}, hint),
  );
}

function facts(message) {
  const { answer, misbehaviour } = message;
  return list([
    ["Link", linkOf(message)],
    ["PayTR's verdict", answer.status],
    ["Reason", answer.reason],
    ["Misbehaviour", misbehaviour && `${misbehaviour} (what the caller met instead of a plain answer)`],
    ["Customer", message.delivered ? "would have received it" : "received nothing"],
    ["Number", String(message.number)],
  ]);
}

function form({ fields, content_type }) {
  return element(
    "div", {},
    list([["content-type", content_type || "(none)"], ...fields], "code"),
    fields.length === 0 && element("p", { className: "hint" }, "No fields: the body was not a form that PayTR reads."),
  );
}

/** A description list of the pairs that have a value. An empty text is a value: it was sent. */
function list(pairs, className = "") {
  const entries = pairs.filter(([, value]) => value !== null && value !== undefined);
  return element("dl", { className }, ...entries.flatMap(([name, value]) => [
    element("dt", {}, name),
    element("dd", {}, value === "" ? "(empty)" : value),
  ]));
}

/** An element whose children are elements or text, never markup. */
function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter(Boolean));
  return made;
}
