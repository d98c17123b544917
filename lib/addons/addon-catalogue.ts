/** What an add-on has to do with others. */
export interface AddonRelations {
  /** Must be there, and stand first. */
  readonly requires: string[];
  /** One of them must be there, and stand first. */
  readonly requiresOneOf?: string[];
  /** Stand first where they are there. */
  readonly after: string[];
  /** Cannot be there, with the reason. */
  readonly conflictsWith: { readonly [name: string]: string };
}

const GATEWAYS = ['envoy-gateway', 'istio'];

/** All add-ons, in the order in which they are installed. docs/install-order.md draws it. */
export const ADD_ONS: Readonly<Record<string, AddonRelations>> = {
  'kube-prometheus-stack': { requires: [], after: [], conflictsWith: {} },
  'envoy-gateway': { requires: [], after: ['kube-prometheus-stack'], conflictsWith: {} },
  'cert-manager': { requires: [], after: ['kube-prometheus-stack', ...GATEWAYS], conflictsWith: {} },
  'gpu-operator': { requires: [], after: ['kube-prometheus-stack'], conflictsWith: {} },
  kserve: {
    requires: ['cert-manager'],
    requiresOneOf: GATEWAYS,
    after: ['keda'],
    conflictsWith: {},
  },
};
