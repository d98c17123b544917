import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { Manifests } from '../manifests';
import { AddonNamespace } from './addon-namespace';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

export interface KnativeProps extends AddonProps {
  /** Version of Knative Serving, "major.minor". @default - the operator's newest */
  readonly servingVersion?: string;
  /** Domain of services. @default "<project>-<stage>.internal" */
  readonly domain?: string;
}

/**
 * Knative Serving through its operator: what KServe's Knative mode needs for scale to zero and canaries by revision. Destroy the
 * serving object before the operator, as Terraform does here: the operator removes what it made.
 */
export class Knative extends HelmAddon {
  /** Knative Serving itself, for the `dependsOn` of what needs its CRDs. */
  public readonly serving: ITerraformDependable;

  constructor(scope: Construct, id: string, props: KnativeProps) {
    const { environment } = props.platform;
    super(scope, id, {
      ...props,
      addonName: 'knative',
      namespace: props.namespace ?? 'knative-operator',
      podSecurity: PodSecurity.RESTRICTED,
      requires: ['istio'],
      releases: [
        {
          id: 'Default',
          releaseName: 'knative-operator',
          chart: HelmChart.pinned('knative-operator', props.chartVersion),
          userValues: props.values,
        },
      ],
    });
    const serving = new Manifests(this, 'Serving', {
      platform: props.platform,
      namespace: 'knative-serving',
      releaseName: 'knative-serving',
      dependsOn: [AddonNamespace.of(this, 'knative-serving', PodSecurity.RESTRICTED).dependable, this.dependable],
      objects: [
        {
          apiVersion: 'operator.knative.dev/v1beta1',
          kind: 'KnativeServing',
          metadata: { name: 'knative-serving', namespace: 'knative-serving' },
          spec: {
            ...(props.servingVersion === undefined ? {} : { version: props.servingVersion }),
            'high-availability': { replicas: environment.profile.controllerReplicas },
            ingress: { istio: { enabled: true } },
            config: {
              domain: { [props.domain ?? `${environment.environmentName}.internal`]: '' },
              // GPU pods name their nodes and tolerate their taints; Knative refuses both unless told otherwise.
              features: {
                'kubernetes.podspec-nodeselector': 'enabled',
                'kubernetes.podspec-tolerations': 'enabled',
                'kubernetes.podspec-affinity': 'enabled',
              },
            },
          },
        },
      ],
    });
    this.serving = serving.dependable;
    this.completeWith(this.serving);
  }
}
