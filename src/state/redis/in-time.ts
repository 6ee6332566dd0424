/** Rejects when an answer is not there after `ms`. */
export function inTime<T>(answer: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      // Not at once: an answer that came while this process was busy is read first, for it was not Redis that was slow.
      setImmediate(() => reject(new Error(`no answer within ${ms} ms`)));
    }, ms);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
