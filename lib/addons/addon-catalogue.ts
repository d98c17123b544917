/** What an add-on has to do with others. */
export interface AddonRelations {
  /** Must be there, and stand first. */
  readonly requires: string[];
  /** One of them must be there, and stand first. */
  readonly requiresOneOf?: string[];
  /** Stand first where they are there. */
  readonly after: string[];
  /** Cannot be there, with the reason. What AKS manages is named "aks-…". */
  readonly conflictsWith: { readonly [name: string]: string };
}

const MONITORING = 'kube-prometheus-stack';
const GATEWAYS = ['envoy-gateway', 'istio'];
const SECRETS = 'external-secrets';
/** Charts that run hook Jobs, which Kueue rejects while it starts, and charts whose kinds it watches. */
const BEFORE_KUEUE = ['argo-workflows', 'argo-cd', 'airflow', 'mlflow', 'velero', 'kuberay', 'kubeflow-trainer', 'jobset', 'lws'];

function relations(overrides: Partial<AddonRelations> = {}): AddonRelations {
  return { requires: [], conflictsWith: {}, ...overrides, after: [MONITORING, ...(overrides.after ?? [])] };
}

/** All add-ons, in an order in which they can be installed. docs/install-order.md draws it. */
export const ADD_ONS: Readonly<Record<string, AddonRelations>> = {
  [MONITORING]: {
    requires: [],
    after: [],
    conflictsWith: { 'aks-prometheus': 'both would scrape the GPU metrics, and every alert would come twice' },
  },
  'envoy-gateway': relations(),
  istio: relations({
    after: ['envoy-gateway'],
    conflictsWith: { 'aks-istio': 'two control planes would fight over the same webhooks and CRDs' },
  }),
  'cert-manager': relations({ after: GATEWAYS }),
  'envoy-ai-gateway': relations({ requires: ['envoy-gateway', 'cert-manager'] }),
  'network-operator': relations(),
  'gpu-operator': relations({ after: ['network-operator'] }),
  'nvidia-device-plugin': relations(),
  knative: relations({ after: ['cert-manager', ...GATEWAYS] }),
  [SECRETS]: relations(),
  keda: relations({ conflictsWith: { 'aks-keda': 'a cluster has one metrics server for external metrics' } }),
  jobset: relations({ after: ['cert-manager'] }),
  lws: relations({ after: ['cert-manager'] }),
  'argo-workflows': relations({ after: [SECRETS] }),
  'argo-cd': relations({ after: [SECRETS] }),
  airflow: relations({ after: [SECRETS] }),
  mlflow: relations({ after: [SECRETS] }),
  feast: relations({ after: [SECRETS] }),
  velero: relations({
    conflictsWith: { 'aks-backup': "Azure Backup's extension is a Velero of its own; two would fight over one set of CRDs" },
  }),
  kuberay: relations(),
  'kubeflow-trainer': relations({ after: ['jobset', 'lws'] }),
  kserve: relations({
    requires: ['cert-manager'],
    requiresOneOf: GATEWAYS,
    after: ['knative', 'keda', 'lws', 'envoy-ai-gateway'],
  }),
  kueue: relations({ requires: ['cert-manager'], after: [...BEFORE_KUEUE, 'kserve', 'keda', SECRETS, ...GATEWAYS] }),
};
