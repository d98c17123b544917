/** What a service promises to its users; alerts follow from it. */
export interface ServiceLevel {
  /** Share of requests without a server error over 30 days, 90-99.99. @default 99.5 */
  readonly availabilityPercent?: number;
  /** Seconds within which most requests are answered: a bucket of the server's histogram. @default - 0.5, or 10 for vLLM */
  readonly latencySeconds?: number;
  /** Share of requests answered within `latencySeconds`, 50-99.9. @default 99 */
  readonly latencyPercent?: number;
  /**
   * Histogram of the values that the model predicts, without "_bucket". Its mean is watched against the week before.
   * @default - for a ModelServer "prediction_value", else none
   */
  readonly predictionMetric?: string;
}
