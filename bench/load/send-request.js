const ERRORS = Buffer.from('"errors":[');

/**
 * Sends a request and waits for the end of its answer; the text only where it is wanted, since the load shares the
 * machine with what it measures. Rejects where the status is not 200, and where the answer holds errors: an overloaded
 * contender is no fast one.
 * @param {import('undici').Dispatcher} dispatcher
 * @param {import('../contenders/contenders.js').LoadRequest} request
 * @param {boolean} isWanted
 * @returns {Promise<string>}
 */
export function sendRequest(dispatcher, request, isWanted) {
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    const chunks = [];
    let status = 0;
    let hasErrors = false;
    dispatcher.dispatch(request, {
      onRequestStart: () => {},
      onResponseStart: (_controller, statusCode) => {
        status = statusCode;
      },
      onResponseData: (_controller, chunk) => {
        hasErrors ||= chunk.includes(ERRORS);
        if (isWanted || hasErrors || status !== 200) chunks.push(chunk);
      },
      onResponseEnd: () => {
        const text = Buffer.concat(chunks).toString();
        if (status === 200 && !hasErrors) resolve(text);
        else reject(new Error(`${request.path} answered ${status}: ${text.slice(0, 800)}`));
      },
      onResponseError: (_controller, error) => reject(error),
    });
  });
}
