/** Who is told that a signal was aborted. */
type AbortListener = (() => void) | { handleEvent(): void };

/** What waits listen to: the part of AbortSignal that calls need, so that Node's own is one too. */
export interface CallSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: AbortListener, options?: { readonly once: boolean }): void;
  removeEventListener(type: 'abort', listener: AbortListener): void;
}

/**
 * A signal that is made for each operation and each upstream call, and hardly ever used: an AbortController costs as much as
 * ten of the other things that a call is made of (docs/performance.md). A class, since it owns its state.
 */
export class CallEnding implements CallSignal {
  aborted = false;
  reason: unknown = undefined;
  #listeners: AbortListener[] = [];

  /** Whether anybody would be told. */
  get isListenedTo(): boolean {
    return this.#listeners.length > 0;
  }

  /** Tells all who listen; once and for all. */
  abort(reason: unknown = new DOMException('This operation was aborted', 'AbortError')): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of this.#listeners.splice(0)) {
      if (typeof listener === 'function') listener();
      else listener.handleEvent();
    }
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  addEventListener(_type: 'abort', listener: AbortListener): void {
    if (this.aborted) return;
    // The first one by a list of its own: one that grows by `push` has room for 17 at once.
    if (this.isListenedTo) this.#listeners.push(listener);
    else this.#listeners = [listener];
  }

  removeEventListener(_type: 'abort', listener: AbortListener): void {
    const index = this.#listeners.indexOf(listener);
    if (index >= 0) this.#listeners.splice(index, 1);
  }
}

/** Whether a signal's reason is that the operation's time is over, rather than that its client has left. */
export function isDeadline(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}

/** The same signal as Node's own functions want it. */
export function abortSignalOf(signal: CallSignal): AbortSignal {
  if (signal instanceof AbortSignal) return signal;
  const controller = new AbortController();
  const follow = () => controller.abort(signal.reason);
  if (signal.aborted) follow();
  else signal.addEventListener('abort', follow, { once: true });
  return controller.signal;
}
