import type { Construct } from 'constructs';
import { EnvoyAiGateway } from './envoy-ai-gateway';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { InferenceExtension } from './inference-extension';
import { PodSecurity } from './pod-security';

export interface EnvoyGatewayProps extends AddonProps {
  /**
   * Installs the CRDs of the Gateway API and of Envoy Gateway. Turn it off where AKS manages the Gateway API: its standard and
   * the chart's experimental channel exclude each other.
   * @default true
   */
  readonly gatewayApiCrds?: boolean;
  /** Routes requests to language models by their load; needs `EnvoyAiGateway`, which does it. @default false */
  readonly languageModels?: boolean;
}

/** Envoy Gateway: the Gateway API's controller, in front of served models. */
export class EnvoyGateway extends HelmAddon {
  /** What a GatewayClass names as its controller. */
  public static readonly CONTROLLER_NAME = 'gateway.envoyproxy.io/gatewayclass-controller';

  constructor(scope: Construct, id: string, props: EnvoyGatewayProps) {
    const replicas = props.platform.environment.profile.controllerReplicas;
    const crds = props.gatewayApiCrds ?? true;
    super(scope, id, {
      ...props,
      addonName: 'envoy-gateway',
      namespace: props.namespace ?? 'envoy-gateway-system',
      podSecurity: PodSecurity.BASELINE,
      releases: [
        {
          id: 'Default',
          releaseName: 'envoy-gateway',
          chart: HelmChart.pinned('envoy-gateway', props.chartVersion),
          values: {
            deployment: { replicas },
            podDisruptionBudget: { minAvailable: replicas > 1 ? 1 : 0 },
          },
          userValues: props.values,
          fixedValues: { crds: { enabled: crds }, ...(props.languageModels ? languageModels() : {}) },
          skipCrds: crds ? undefined : true,
        },
      ],
    });
    if (props.languageModels) this.startAfter(new InferenceExtension(this, 'InferenceExtension', props).dependable);
  }
}

/** What Envoy AI Gateway asks of Envoy Gateway: it sees every route before Envoy does, and may name InferencePools in them. */
function languageModels(): { [key: string]: unknown } {
  const all = { includeAll: true };
  return {
    config: {
      envoyGateway: {
        extensionApis: { enableBackend: true, enableEnvoyPatchPolicy: true },
        extensionManager: {
          backendResources: [{ group: 'inference.networking.k8s.io', kind: 'InferencePool', version: 'v1' }],
          hooks: {
            xdsTranslator: {
              translation: { listener: all, route: all, cluster: all, secret: all },
              post: ['Translation', 'Cluster', 'Route'],
            },
          },
          service: { fqdn: { hostname: EnvoyAiGateway.HOST, port: EnvoyAiGateway.PORT } },
        },
      },
    },
  };
}
