/** A time range, both ends inclusive, RFC 3339 exactly as the client wrote them. */
export interface TimeRange {
  readonly gte?: string;
  readonly lte?: string;
}
