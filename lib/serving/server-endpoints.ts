/** Where a server answers, on one port. */
export interface ServerEndpoints {
  /** @default 8080 */
  readonly port?: number;
  /** 200 while the process is worth keeping. @default "/healthz" */
  readonly livenessPath?: string;
  /** 200 once the model is loaded. @default "/readyz" */
  readonly readinessPath?: string;
  /** Metrics in Prometheus' format. @default "/metrics" */
  readonly metricsPath?: string;
}
