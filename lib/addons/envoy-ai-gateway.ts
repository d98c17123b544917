import type { Construct } from 'constructs';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

/**
 * Envoy AI Gateway: lets Envoy Gateway send requests for language models to InferencePools. Needs `EnvoyGateway` with
 * `languageModels: true`, and cert-manager for its webhook.
 */
export class EnvoyAiGateway extends HelmAddon {
  /** Where Envoy Gateway finds it. */
  public static readonly HOST = 'ai-gateway-controller.envoy-ai-gateway-system.svc.cluster.local';
  /** Port of its extension server. */
  public static readonly PORT = 1063;

  constructor(scope: Construct, id: string, props: AddonProps) {
    const replicaCount = props.platform.environment.profile.controllerReplicas;
    super(scope, id, {
      ...props,
      addonName: 'envoy-ai-gateway',
      // Envoy Gateway names its host.
      namespace: 'envoy-ai-gateway-system',
      podSecurity: PodSecurity.BASELINE,
      releases: [
        { id: 'Crds', releaseName: 'ai-gateway-crds', chart: HelmChart.pinned('envoy-ai-gateway-crds', props.chartVersion) },
        {
          id: 'Default',
          releaseName: 'ai-gateway',
          chart: HelmChart.pinned('envoy-ai-gateway', props.chartVersion),
          values: {
            controller: {
              replicaCount,
              resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '512Mi' } },
            },
          },
          userValues: props.values,
          // The chart's own certificate is made anew by chance; cert-manager's is renewed.
          fixedValues: { controller: { mutatingWebhook: { certManager: { enable: true } } } },
        },
      ],
    });
  }
}
