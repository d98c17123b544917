import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { IMlPlatform } from '../contract';
import { Manifests } from '../manifests';
import { AddonNamespace } from './addon-namespace';
import crd from './data/inference-pool-crd.json';
import { PodSecurity } from './pod-security';

export interface InferenceExtensionProps {
  readonly platform: IMlPlatform;
}

/**
 * The CRD InferencePool of the Gateway API Inference Extension, which has no chart: gateways that route language models look for it
 * when they start, before KServe brings the rest of the extension. It stays when the release goes.
 * @internal
 */
export class InferenceExtension extends Construct {
  public readonly dependable: ITerraformDependable;

  constructor(scope: Construct, id: string, props: InferenceExtensionProps) {
    super(scope, id);
    const namespace = 'inference-extension';
    const { metadata, ...rest } = crd.object;
    this.dependable = new Manifests(this, 'Default', {
      platform: props.platform,
      namespace,
      releaseName: 'inference-extension',
      // KServe's chart carries it too, and takes it over.
      takeOwnership: true,
      dependsOn: [AddonNamespace.of(this, namespace, PodSecurity.RESTRICTED).dependable],
      objects: [
        { ...rest, metadata: { ...metadata, annotations: { ...metadata.annotations, 'helm.sh/resource-policy': 'keep' } } },
      ],
    }).dependable;
  }
}
