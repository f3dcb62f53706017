// Customers: a new number or address for every case, so that no case meets another one's ledger.
let count = 0;

/** A mobile number that no other case uses. */
export const phone = () => `0532123${String(++count).padStart(4, "0")}`;

/** An address that no other case uses, with the characters that quoting and encoding get wrong. */
export const email = () => `musteri.o'ne+${++count}@example.com`;
