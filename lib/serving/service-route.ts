import type { ContractGateway } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import type { ServiceAccess } from './service-access';

/** A Kubernetes service that a route leads to. */
export interface RouteBackend {
  readonly serviceName: string;
  readonly port: number;
  /** Share of the requests, 0-100. */
  readonly weight: number;
  /** Share of the requests that it gets a copy of, 0-100. */
  readonly mirrorPercent: number;
}

export interface ServiceRouteOptions {
  readonly path: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: { readonly [key: string]: string };
  readonly gateway: ContractGateway;
  readonly hostname: string;
  readonly access?: ServiceAccess;
  readonly tenantId: string;
  readonly timeoutSeconds: number;
  readonly backends: readonly RouteBackend[];
}

type KubernetesObject = { [key: string]: unknown };

/** The route of a service, and the policy of who may take it. */
export function serviceRoute(options: ServiceRouteOptions): KubernetesObject[] {
  return [route(options), options.access?.kind === 'anonymous' ? anonymousPolicy(options) : entraPolicy(options)];
}

/** What the gateway asks for on every route that has no policy of its own. */
export function gatewayPolicy(gateway: ContractGateway, tenantId: string, labels: { [key: string]: string }): KubernetesObject {
  return {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'SecurityPolicy',
    metadata: { name: gateway.name, namespace: gateway.namespace, labels },
    spec: {
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: gateway.name }],
      jwt: { providers: entraProviders(tenantId, gateway.audiences) },
    },
  };
}

/** The host that a service is reached at, inside one wildcard certificate. */
export function hostnameOf(path: string, serviceName: string, tenant: string, gateway: ContractGateway): string {
  const label = `${serviceName}-${tenant}`;
  if (label.length <= 63) return `${label}.${gateway.domain}`;
  throw new ConfigurationError(path, {
    what: 'the name of the host is too long for DNS',
    got: label,
    allowed: '63 characters for <service>-<tenant>',
    fix: 'shorten serviceName',
  });
}

function route(options: ServiceRouteOptions): KubernetesObject {
  const { name, namespace, labels, gateway, hostname, access, backends, timeoutSeconds } = options;
  const mirrors = backends.filter(({ mirrorPercent }) => mirrorPercent > 0);
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: {
      name,
      namespace,
      labels,
      ...(access?.reason === undefined ? {} : { annotations: { 'ml-platform/anonymous-access-reason': access.reason } }),
    },
    spec: {
      parentRefs: [{ name: gateway.name, namespace: gateway.namespace }],
      hostnames: [hostname],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
          ...(mirrors.length === 0
            ? {}
            : {
                filters: mirrors.map(({ serviceName, port, mirrorPercent }) => ({
                  type: 'RequestMirror',
                  requestMirror: { backendRef: { name: serviceName, port }, percent: mirrorPercent },
                })),
              }),
          // A version without traffic stays in the list: the plan of a rollback then shows two numbers and nothing else.
          backendRefs: backends
            .filter(({ mirrorPercent, weight }) => mirrorPercent === 0 || weight > 0)
            .map(({ serviceName, port, weight }) => ({ name: serviceName, port, weight })),
          timeouts: { request: `${timeoutSeconds}s` },
        },
      ],
    },
  };
}

function entraPolicy({ name, namespace, labels, gateway, access, tenantId, path }: ServiceRouteOptions): KubernetesObject {
  const audiences = access?.options.audiences ?? gateway.audiences;
  if (audiences.length === 0) {
    throw new ConfigurationError(path, {
      what: 'no audience: any token of the Entra tenant would do',
      got: 'an empty list',
      allowed: 'at least one application id URI or client id',
      fix: 'state ServiceAccess.entra({ audiences: ["api://…"] }), or have the platform team state the audiences of the gateway',
    });
  }
  const providers = entraProviders(tenantId, audiences);
  const roles = access?.options.roles ?? [];
  return {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'SecurityPolicy',
    metadata: { name, namespace, labels },
    spec: {
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name }],
      jwt: { providers },
      ...(roles.length === 0
        ? {}
        : {
            authorization: {
              defaultAction: 'Deny',
              rules: providers.map((provider) => ({
                name: provider.name,
                action: 'Allow',
                principal: {
                  jwt: { provider: provider.name, claims: [{ name: 'roles', valueType: 'StringArray', values: roles }] },
                },
              })),
            },
          }),
    },
  };
}

/** Entra signs tokens under either of two issuers, as the application's registration says; both are the tenant's own. */
function entraProviders(tenantId: string, audiences: string[]) {
  const login = `https://login.microsoftonline.com/${tenantId}`;
  return [
    { name: 'entra-v2', issuer: `${login}/v2.0` },
    { name: 'entra-v1', issuer: `https://sts.windows.net/${tenantId}/` },
  ].map((provider) => ({ ...provider, audiences, remoteJWKS: { uri: `${login}/discovery/v2.0/keys` } }));
}

/** Takes the place of the gateway's policy, which asks for a token. */
function anonymousPolicy({ name, namespace, labels }: ServiceRouteOptions): KubernetesObject {
  return {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'SecurityPolicy',
    metadata: { name, namespace, labels },
    spec: {
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name }],
      authorization: { defaultAction: 'Allow' },
    },
  };
}
