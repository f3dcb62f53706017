// Who receives the link. Both give `{value}` in PayTR's form, or `{detail}`: what to change.

const PHONE = /^(?:\+90|0090|90|0)?(5\d{9})$/;
const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const EMAIL = new RegExp(`^[A-Za-z0-9.!#$%'*+/?^_\`{|}~-]+@${LABEL}(?:\\.${LABEL})+$`);
const ASCII = /^[\0-\x7f]*$/;

export function parseCellPhone(written) {
  if (written === "") return { detail: "is empty; give a Turkish mobile number such as 05xxxxxxxxx" };
  if (!ASCII.test(written)) return { detail: "has a character that is not ASCII; write the digits as 0 to 9" };
  if (written.length > 32) return { detail: "is too long for a phone number" };
  const match = PHONE.exec(written) ?? PHONE.exec(written.replace(/[ \-.()]/g, ""));
  return match ? { value: `0${match[1]}` } : { detail: "is not a Turkish mobile number; write it as 05xxxxxxxxx" };
}

export function parseEmail(written) {
  if (written === "") return { detail: "is empty; give one e-mail address" };
  if (!ASCII.test(written)) {
    return { detail: "has a character that is not ASCII; PayTR takes none, write the domain in its xn-- form" };
  }
  if (written.length > 100) return { detail: "is over 100 characters, the most that PayTR takes" };
  return EMAIL.test(written)
    ? { value: written }
    : { detail: "is not one e-mail address of the form name@example.com" };
}
