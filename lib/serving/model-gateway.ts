import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ContractGateway, IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import { Manifests } from '../manifests';
import { HARDENED_CONTAINER } from '../tenancy/pod-hardening';
import { GatewayCertificate } from './gateway-certificate';
import { gatewayPolicy } from './service-route';

export interface ModelGatewayProps {
  readonly platform: IMlPlatform;
  /** @default GatewayCertificate.privateAuthority() */
  readonly certificate?: GatewayCertificate;
  /**
   * Whether the load balancer has a public address. State why, for those who review it.
   * @default - internal: reached from the platform's network and its peers
   */
  readonly publicReason?: string;
  /** Proxies, at least and at most. @default - the profile's controllerReplicas, and five times as many */
  readonly minProxies?: number;
  readonly maxProxies?: number;
  /** Namespace of cert-manager. @default "cert-manager" */
  readonly certManagerNamespace?: string;
  /** What must stand before it. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

type KubernetesObject = { [key: string]: unknown };

const CLASS = 'ml-platform';
const LABELS = { 'app.kubernetes.io/managed-by': 'cdktf-ml-platform' };

/**
 * The gateway in front of served models: HTTPS alone, an internal load balancer, routes from tenants' namespaces only, and on every
 * route that says nothing else a token of the platform's Entra tenant. One on a platform, where the contract says; needs Envoy Gateway and cert-manager.
 */
export class ModelGateway extends Construct {
  public readonly dependable: ITerraformDependable;
  /** Where services are reached: <service>-<tenant>.<domain>. */
  public readonly domain: string;
  private readonly props: ModelGatewayProps;

  /** @throws when the contract has no gateway, or a public address has no reason */
  constructor(scope: Construct, id: string, props: ModelGatewayProps) {
    super(scope, id);
    this.props = props;
    const { environment, attributes } = props.platform;
    const { gateway } = attributes.serving;
    if (!gateway) {
      throw new ConfigurationError(this.node.path, {
        what: `the contract of ${environment.environmentName} promises no gateway`,
        got: 'serving without gateway',
        allowed: 'serving.gateway: { namespace, name, domain, proxyNamespace, audiences }',
        fix: 'state the gateway in the description of the platform',
      });
    }
    if (gateway.audiences.length === 0) {
      throw new ConfigurationError(this.node.path, {
        what: 'the gateway has no audience: any token of the Entra tenant would do',
        got: 'an empty list',
        allowed: 'at least one application id URI or client id',
        fix: 'register an application for the platform and state it in serving.gateway.audiences',
      });
    }
    if (props.publicReason !== undefined && props.publicReason.trim().length < 20) {
      throw new ConfigurationError(this.node.path, {
        what: 'a public address needs a reason',
        got: JSON.stringify(props.publicReason),
        allowed: 'a sentence of 20 characters or more',
        fix: 'say who must call from outside, or leave it internal',
      });
    }
    this.domain = gateway.domain;
    this.dependable = new Manifests(this, 'Default', {
      platform: props.platform,
      namespace: gateway.namespace,
      releaseName: gateway.name.slice(0, 53),
      dependsOn: props.dependsOn,
      objects: this.objects(gateway),
    }).dependable;
  }

  private objects(gateway: ContractGateway): KubernetesObject[] {
    const { platform, certificate = GatewayCertificate.privateAuthority(), certManagerNamespace = 'cert-manager' } = this.props;
    const secret = `${gateway.name}-tls`;
    const metadata = { namespace: gateway.namespace, labels: LABELS };
    return [
      ...certificate._objects(platform.attributes.environment.subscriptionId, certManagerNamespace),
      {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { ...metadata, name: secret },
        spec: {
          secretName: secret,
          dnsNames: [`*.${gateway.domain}`],
          privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
          issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: certificate.issuerName },
        },
      },
      this.proxy(gateway),
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'GatewayClass',
        metadata: { name: CLASS, labels: LABELS },
        spec: { controllerName: 'gateway.envoyproxy.io/gatewayclass-controller' },
      },
      this.gateway(gateway, secret),
      gatewayPolicy(gateway, platform.attributes.environment.tenantId, LABELS),
      ...(platform.attributes.monitoring ? [this.monitor(gateway)] : []),
    ];
  }

  private gateway(gateway: ContractGateway, secret: string): KubernetesObject {
    return {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: gateway.name, namespace: gateway.namespace, labels: LABELS },
      spec: {
        gatewayClassName: CLASS,
        infrastructure: { parametersRef: { group: 'gateway.envoyproxy.io', kind: 'EnvoyProxy', name: gateway.name } },
        listeners: [
          {
            name: 'https',
            port: 443,
            protocol: 'HTTPS',
            hostname: `*.${gateway.domain}`,
            tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name: secret }] },
            // A namespace without a tenant's label is nobody's to send traffic to.
            allowedRoutes: {
              namespaces: {
                from: 'Selector',
                selector: { matchExpressions: [{ key: 'ml-platform/tenant', operator: 'Exists' }] },
              },
            },
          },
        ],
      },
    };
  }

  private proxy(gateway: ContractGateway): KubernetesObject {
    const { platform, publicReason, minProxies, maxProxies } = this.props;
    const replicas = minProxies ?? platform.environment.profile.controllerReplicas;
    return {
      apiVersion: 'gateway.envoyproxy.io/v1alpha1',
      kind: 'EnvoyProxy',
      metadata: {
        name: gateway.name,
        namespace: gateway.namespace,
        labels: LABELS,
        ...(publicReason === undefined ? {} : { annotations: { 'ml-platform/public-address-reason': publicReason.trim() } }),
      },
      spec: {
        provider: {
          type: 'Kubernetes',
          kubernetes: {
            envoyService: {
              type: 'LoadBalancer',
              externalTrafficPolicy: 'Local',
              annotations: { 'service.beta.kubernetes.io/azure-load-balancer-internal': String(publicReason === undefined) },
            },
            envoyDeployment: {
              container: {
                resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { memory: '1Gi' } },
                securityContext: { ...HARDENED_CONTAINER, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
              },
            },
            envoyHpa: {
              minReplicas: replicas,
              maxReplicas: maxProxies ?? replicas * 5,
              metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } }],
            },
            ...(replicas > 1 ? { envoyPDB: { minAvailable: 1 } } : {}),
          },
        },
      },
    };
  }

  /** What the proxies count is what services are measured by whose own servers count no failures. */
  private monitor(gateway: ContractGateway): KubernetesObject {
    return {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PodMonitor',
      metadata: { name: gateway.name, namespace: gateway.namespace, labels: LABELS },
      spec: {
        namespaceSelector: { matchNames: [gateway.proxyNamespace] },
        selector: { matchLabels: { 'app.kubernetes.io/component': 'proxy', 'app.kubernetes.io/managed-by': 'envoy-gateway' } },
        podMetricsEndpoints: [{ portNumber: 19001, path: '/stats/prometheus', interval: '30s' }],
      },
    };
  }
}
