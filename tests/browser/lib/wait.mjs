// Waiting, with a message if it fails.

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Calls `ask` until it returns something true, and returns that. After the timeout, the error says what was waited for,
 * and what `describe` (asynchronous) returns.
 */
export async function until(what, ask, { timeout = 30 * SECOND, every = 100, describe } = {}) {
  const end = Date.now() + timeout;
  // A page may also never answer.
  const inTime = async (answer, late) => {
    let timer;
    const limit = new Promise((resolve) => {
      timer = setTimeout(resolve, Math.max(end - Date.now(), SECOND), late);
    });
    return Promise.race([answer, limit]).finally(() => clearTimeout(timer));
  };
  for (;;) {
    const found = await inTime(ask());
    if (found) {
      return found;
    }
    if (Date.now() > end) {
      const more = describe ? ` (${await inTime(describe(), "the page does not answer")})` : "";
      throw new Error(`after ${timeout / SECOND} s still not: ${what}${more}`);
    }
    await sleep(every);
  }
}
