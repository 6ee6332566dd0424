/**
 * Lets one of many do what all of them need: one leads, and the others follow what it finds. Whoever asks first leads,
 * for as long as it lives and does not leave.
 */
export interface Relay {
  /** Whose turn it is. Null while Redis is away: then everybody does it. */
  turn(): Promise<Turn | null>;
  /** Tells the others what came of a turn in the lead; nothing is told where another has taken over meanwhile. */
  tell(turn: number, finding: string): Promise<void>;
  /** Waits until there may be something new: a finding, an end, or a moment that has passed. */
  changed(signal: AbortSignal): Promise<void>;
  /** Wakes whoever waits here. */
  nudge(): void;
  /** Ends the lead, so that another may have it. */
  handOver(): void;
  /** Ends all of it. */
  leave(): void;
}

/**
 * A turn. They are numbered in the order in which they began, whoever has led; the next one begins after this one's finding
 * was told, or is lost.
 */
export type Turn =
  | { readonly type: 'lead'; readonly number: number }
  | {
      readonly type: 'follow';
      /** The latest turn that had begun by now. */
      readonly begun: number;
      /** What is new since the last turn here; a finding that cannot be read is null. */
      readonly found: { readonly number: number; readonly finding: string | null } | null;
    };
