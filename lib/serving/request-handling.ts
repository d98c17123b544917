/** Keeps a copy of requests and answers. */
export interface RequestLogger {
  /** Where to send them, e.g. a broker's "http://broker.risk.svc.cluster.local". */
  readonly url: string;
  /** "all", "request" or "response". @default "all" */
  readonly mode?: string;
}

/** Answers requests several at a time. */
export interface RequestBatcher {
  /** Most requests of a batch. */
  readonly maxBatchSize: number;
  /** Milliseconds that a request waits for others. */
  readonly maxLatencyMs: number;
}
