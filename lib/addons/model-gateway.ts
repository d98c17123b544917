import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ContractGateway, IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import { Manifests } from '../manifests';
import { AddonNamespace } from './addon-namespace';
import { EnvoyGateway } from './envoy-gateway';
import { PodSecurity } from './pod-security';

export interface ModelGatewayProps {
  readonly platform: IMlPlatform;
  /** ClusterIssuer that signs the gateway's certificate, e.g. `CertManager.PRIVATE_CA_ISSUER`. @default - the certificate is in `tlsSecretName` already */
  readonly clusterIssuer?: string;
  /** Secret with the certificate, in the gateway's namespace. @default "<gateway>-tls" */
  readonly tlsSecretName?: string;
  /** Whether it gets an address of the virtual network only. @default true */
  readonly internal?: boolean;
  /** Namespaces whose routes it takes. @default - the namespaces of the platform's tenants, and KServe's */
  readonly namespaces?: string[];
  /** What must stand before it: the gateway's controller, and cert-manager. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * The gateway that the platform's contract promises: HTTPS only, inside the network, for routes of tenants only. Needs
 * EnvoyGateway, and CertManager with `gatewayApi: true` where an issuer signs its certificate.
 */
export class ModelGateway extends Construct {
  public readonly dependable: ITerraformDependable;

  /** @throws when the contract promises no gateway, or nothing says where its certificate comes from */
  constructor(scope: Construct, id: string, props: ModelGatewayProps) {
    super(scope, id);
    const { gateway } = props.platform.attributes.serving;
    if (!gateway) {
      throw new ConfigurationError(this.node.path, {
        what: 'the contract of the platform promises no gateway',
        got: 'serving without gateway',
        allowed: 'serving.gateway: { namespace, name, domain, … }',
        fix: 'state the gateway in the platform, or remove this one',
      });
    }
    if (props.clusterIssuer === undefined && props.tlsSecretName === undefined) {
      throw new ConfigurationError(this.node.path, {
        what: 'nothing says where the certificate of the gateway comes from',
        got: 'neither clusterIssuer nor tlsSecretName',
        allowed: 'one of them',
        fix: 'e.g. clusterIssuer: CertManager.PRIVATE_CA_ISSUER',
      });
    }
    this.dependable = new Manifests(this, 'Default', {
      platform: props.platform,
      namespace: gateway.namespace,
      releaseName: gateway.name,
      dependsOn: [AddonNamespace.of(this, gateway.namespace, PodSecurity.RESTRICTED).dependable, ...(props.dependsOn ?? [])],
      objects: objects(props, gateway),
    }).dependable;
  }
}

function objects(props: ModelGatewayProps, gateway: ContractGateway): { [key: string]: unknown }[] {
  const { attributes, environment } = props.platform;
  const replicas = environment.profile.controllerReplicas;
  const namespaces = props.namespaces ?? [...attributes.tenants.map(({ namespace }) => namespace), attributes.serving.namespace];
  const envoyProxy = { name: gateway.name, namespace: gateway.proxyNamespace };
  return [
    {
      apiVersion: 'gateway.envoyproxy.io/v1alpha1',
      kind: 'EnvoyProxy',
      metadata: envoyProxy,
      spec: {
        provider: {
          type: 'Kubernetes',
          kubernetes: {
            envoyDeployment: { replicas },
            ...(replicas > 1 ? { envoyPDB: { minAvailable: 1 } } : {}),
            envoyService: {
              type: 'LoadBalancer',
              annotations: { 'service.beta.kubernetes.io/azure-load-balancer-internal': String(props.internal ?? true) },
            },
          },
        },
      },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name: gateway.name },
      spec: {
        controllerName: EnvoyGateway.CONTROLLER_NAME,
        parametersRef: { group: 'gateway.envoyproxy.io', kind: 'EnvoyProxy', ...envoyProxy },
      },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: {
        name: gateway.name,
        namespace: gateway.namespace,
        ...(props.clusterIssuer === undefined ? {} : { annotations: { 'cert-manager.io/cluster-issuer': props.clusterIssuer } }),
      },
      spec: {
        gatewayClassName: gateway.name,
        listeners: [
          {
            name: 'https',
            port: 443,
            protocol: 'HTTPS',
            hostname: `*.${gateway.domain}`,
            tls: { mode: 'Terminate', certificateRefs: [{ name: props.tlsSecretName ?? `${gateway.name}-tls` }] },
            allowedRoutes: {
              namespaces: {
                from: 'Selector',
                selector: {
                  matchExpressions: [
                    { key: 'kubernetes.io/metadata.name', operator: 'In', values: [...new Set(namespaces)].sort() },
                  ],
                },
              },
            },
          },
        ],
      },
    },
  ];
}
