// What the system tells of a workerd process: its memory, and the files that it has open. A process may have so many,
// and every object that is awake takes three.

import { readFileSync, readdirSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

/** A database, its log and the log's index. */
const FILES_OF_OBJECT = 3;
const OTHER_FILES = 200;
const ROOM_SECONDS = 120;

/** Waits until so many new objects may have their files open. An idle object's are closed after half a minute. */
export async function room(pid, objects) {
  const limits = readFileSync(`/proc/${pid}/limits`, "utf8");
  const most = Number(/^Max open files\s+(\d+)/m.exec(limits)[1]);
  const wanted = objects * FILES_OF_OBJECT + OTHER_FILES;
  if (wanted > most) throw new Error(`${wanted} open files are needed, and ulimit -n is ${most}`);
  for (let waited = 0; readdirSync(`/proc/${pid}/fd`).length + wanted > most; waited += 1) {
    if (waited > ROOM_SECONDS) throw new Error("idle objects do not close their files");
    await setTimeout(1000);
  }
}

/** Resident memory in bytes. */
export function memory(pid) {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1024;
}
