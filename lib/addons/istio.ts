import type { Construct } from 'constructs';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

export interface IstioProps extends AddonProps {
  /** Routes requests to language models by their load; needs the CRDs of the inference extension. @default false */
  readonly inferenceExtension?: boolean;
}

/**
 * Istio's control plane, as the gateway for models beside or instead of Envoy Gateway. It does not bring the CRDs of the Gateway
 * API: EnvoyGateway does, or AKS's managed Gateway API.
 */
export class Istio extends HelmAddon {
  constructor(scope: Construct, id: string, props: IstioProps) {
    const replicas = props.platform.environment.profile.controllerReplicas;
    super(scope, id, {
      ...props,
      addonName: 'istio',
      namespace: props.namespace ?? 'istio-system',
      podSecurity: PodSecurity.BASELINE,
      releases: [
        { id: 'Base', releaseName: 'istio-base', chart: HelmChart.pinned('istio-base', props.chartVersion) },
        {
          id: 'Default',
          releaseName: 'istiod',
          chart: HelmChart.pinned('istio-istiod', props.chartVersion),
          values: {
            autoscaleEnabled: true,
            autoscaleMin: replicas,
            ...(props.inferenceExtension ? { env: { ENABLE_GATEWAY_API_INFERENCE_EXTENSION: 'true' } } : {}),
          },
          userValues: props.values,
        },
      ],
    });
  }
}
