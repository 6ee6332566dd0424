/**
 * Sends a request and waits for the end of its answer; the text only where it is wanted, since the load shares the
 * machine with what it measures. Rejects where the status is not 200.
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
    dispatcher.dispatch(request, {
      onRequestStart: () => {},
      onResponseStart: (_controller, statusCode) => {
        status = statusCode;
      },
      onResponseData: (_controller, chunk) => {
        if (isWanted || status !== 200) chunks.push(chunk);
      },
      onResponseEnd: () => {
        const text = Buffer.concat(chunks).toString();
        if (status === 200) resolve(text);
        else reject(new Error(`${request.path} answered ${status}: ${text.slice(0, 800)}`));
      },
      onResponseError: (_controller, error) => reject(error),
    });
  });
}
