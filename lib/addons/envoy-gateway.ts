import type { Construct } from 'constructs';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

export interface EnvoyGatewayProps extends AddonProps {
  /**
   * Installs the CRDs of the Gateway API and of Envoy Gateway. Turn it off where AKS manages the Gateway API: its standard and
   * the chart's experimental channel exclude each other.
   * @default true
   */
  readonly gatewayApiCrds?: boolean;
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
          fixedValues: { crds: { enabled: crds } },
          skipCrds: crds ? undefined : true,
        },
      ],
    });
  }
}
