// Programs at a terminal, with a person who types when asked. It takes python3, which has terminals in its own library.
import { call } from "./call.mjs";

const SCRIPT = `
import fcntl, json, os, pty, struct, sys, termios
answers, environment, columns = json.loads(os.environ["GIVEN"])
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    os.execvpe(sys.argv[1], sys.argv[1:], environment)
shown, seen = b"", 0
while True:
    try:
        more = os.read(terminal, 1000)
    except OSError:
        break
    if not more:
        break
    shown += more
    if answers and answers[0][0].encode() in shown[seen:]:
        seen = len(shown)
        os.write(terminal, answers.pop(0)[1].encode() + b"\\r")
sys.stdout.buffer.write(shown)
if answers:
    sys.exit("never asked: " + answers[0][0])
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/**
 * Runs a program at a terminal, as wide as `columns` if it tells its width, and resolves as `call` does. `answers` are pairs
 * of a question and what is typed once it is shown.
 */
export function atTerminal(command, answers, env, cwd, columns = 0) {
  const { PATH, HOME } = process.env;
  const GIVEN = JSON.stringify([answers, { PATH, HOME, ...env }, columns]);
  return call(["python3", "-c", SCRIPT, ...command], [], { GIVEN }, cwd);
}
