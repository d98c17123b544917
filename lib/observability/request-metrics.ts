/** Where requests to models are measured. */
export class RequestMetrics {
  /** At the gateway, by Envoy: models served as plain deployments. */
  public static readonly ENVOY = new RequestMetrics(
    'envoy_cluster_name',
    'envoy_cluster_upstream_rq_time_bucket',
    'envoy_cluster_upstream_rq_total',
    'envoy_cluster_upstream_rq_xx{envoy_response_code_class="5"}',
    '{{ $labels.envoy_cluster_name }}',
  );

  /** Beside each pod, by Knative. */
  public static readonly KNATIVE = new RequestMetrics(
    'namespace_name, configuration_name',
    'revision_request_latencies_bucket',
    'revision_request_count',
    'revision_request_count{response_code_class="5xx"}',
    '{{ $labels.configuration_name }} in {{ $labels.namespace_name }}',
  );

  private constructor(
    /** Labels that tell services apart. */
    public readonly by: string,
    /** Histogram of the time that requests take, in milliseconds. */
    public readonly latencyMilliseconds: string,
    /** Counter of all requests. */
    public readonly requests: string,
    /** Counter of those that failed. */
    public readonly failures: string,
    /** The service, in the words of an alert. */
    public readonly subject: string,
  ) {}
}
