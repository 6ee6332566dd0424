/** A request that reached the receiver. */
export interface ReceivedDelivery {
  readonly receivedAt: string;
  /** As the Host header had it. */
  readonly host: string;
  /** With its query. */
  readonly path: string;
  readonly method: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What was answered; null: nothing. */
  readonly status: number | null;
}
