const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * Whether a URL's host is this machine.
 *
 * @param {{hostname: string}} url
 */
export const isLoopback = ({ hostname }) => LOOPBACK.test(hostname);
