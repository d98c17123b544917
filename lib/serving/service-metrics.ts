import type { ContractGateway } from '../contract';

/** Where the numbers of a service come from. */
export interface ServiceMetrics {
  /** Counters with their labels: of requests that failed, and of all (several add up); absent where nobody counts failures. */
  readonly errors?: { readonly failed: string; readonly all: readonly string[] };
  /** A histogram of durations. */
  readonly latency?: LatencyMetric;
  /** Any counter that rises with each request. */
  readonly requests?: string;
  /** Port and path that pods serve metrics on. */
  readonly port: number;
  readonly path: string;
}

export interface LatencyMetric {
  /** Name without "_bucket". */
  readonly name: string;
  /** Label matchers. */
  readonly labels: string;
  /** What one second is in the metric's unit. */
  readonly perSecond: number;
  /** Upper bounds of the buckets in seconds: a threshold must be one of them. */
  readonly bucketSeconds: readonly number[];
}

// The client library's own buckets, which these servers keep.
const PYTHON_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const VLLM_BUCKETS = [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60];
const ENVOY_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Rate of several counters together; one that has not counted yet is none. */
export function rateOf(counters: readonly string[], window: string): string {
  const rates = counters.map((counter) => `sum(rate(${counter}[${window}]))`);
  return rates.length === 1 ? (rates[0] ?? '') : `(${rates.map((rate) => `(${rate} or vector(0))`).join(' + ')})`;
}

/** What a service is called in metrics. */
export interface MeteredService {
  readonly serviceName: string;
  readonly namespace: string;
  readonly gateway?: ContractGateway;
}

/**
 * The numbers of a service, by what its server exposes; what the server does not count, the gateway does.
 *
 * Sources of the names: triton-inference-server/server docs/user_guide/metrics.md; vllm-project/vllm vllm/v1/metrics and
 * vllm/entrypoints/serve/instrumentator/metrics.py (prometheus-fastapi-instrumentator, which groups statuses as "5xx");
 * SeldonIO/MLServer (starlette-exporter with the prefix rest_server); envoyproxy/envoy docs, cluster statistics.
 * @param kind "kserve", "triton", "mlserver", "vllm", "fastapi" or "none"
 */
export function serviceMetrics(kind: string, service: MeteredService): ServiceMetrics {
  const pods = `namespace="${service.namespace}",ml_platform_service="${service.serviceName}"`;
  const cluster = `envoy_cluster_name=~"httproute/${service.namespace}/${service.serviceName}/.*"`;
  const gateway: Partial<ServiceMetrics> = service.gateway
    ? {
        errors: {
          failed: `envoy_cluster_upstream_rq_xx{${cluster},envoy_response_code_class="5"}`,
          all: [`envoy_cluster_upstream_rq_completed{${cluster}}`],
        },
        latency: { name: 'envoy_cluster_upstream_rq_time', labels: cluster, perSecond: 1000, bucketSeconds: ENVOY_BUCKETS },
        requests: `envoy_cluster_upstream_rq_completed{${cluster}}`,
      }
    : {};
  const histogram = (name: string, bucketSeconds: readonly number[]): Partial<ServiceMetrics> => ({
    latency: { name, labels: pods, perSecond: 1, bucketSeconds },
    requests: `${name}_count{${pods}}`,
  });
  const own: Record<string, Partial<ServiceMetrics>> = {
    kserve: histogram('request_predict_seconds', PYTHON_BUCKETS),
    // vLLM's own metrics know no failures; the middleware around its API counts them, by the first digit of the status.
    vllm: {
      ...histogram('vllm:e2e_request_latency_seconds', VLLM_BUCKETS),
      errors: { failed: `http_requests_total{${pods},status="5xx"}`, all: [`http_requests_total{${pods}}`] },
    },
    mlserver: {
      ...histogram('rest_server_request_duration_seconds', PYTHON_BUCKETS),
      errors: {
        failed: `rest_server_requests_total{${pods},status_code=~"5.."}`,
        all: [`rest_server_requests_total{${pods}}`],
      },
      port: 8082, // a server of its own since 1.1, whatever KServe's annotation says
    },
    triton: {
      errors: {
        failed: `nv_inference_request_failure{${pods}}`,
        // Its other counter, nv_inference_count, counts a batch of n as n.
        all: [`nv_inference_request_success{${pods}}`, `nv_inference_request_failure{${pods}}`],
      },
      requests: `nv_inference_request_success{${pods}}`,
      port: 8002,
    },
    fastapi: {
      ...histogram('http_request_duration_seconds', PYTHON_BUCKETS),
      errors: { failed: `http_requests_total{${pods},status=~"5.."}`, all: [`http_requests_total{${pods}}`] },
    },
  };
  return { port: 8080, path: '/metrics', ...gateway, ...own[kind] };
}
