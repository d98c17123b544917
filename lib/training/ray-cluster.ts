import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Manifests } from '../manifests';
import { checkJobName, jobNameOf } from './job-pod';
import { rayClusterSpec } from './ray-cluster-spec';
import type { RayOptions } from './ray-options';

export interface RayClusterProps extends RayOptions {
  /** 1-45 lower-case letters, digits and hyphens. @default - the construct's id in that form */
  readonly clusterName?: string;
}

/** A Ray cluster that stays, for work from notebooks. Queued by Kueue as a whole. */
export class RayCluster extends Construct {
  public readonly clusterName: string;
  /** Where Ray's client connects, inside the cluster. */
  public readonly clientUrl: string;
  public readonly dependable: ITerraformDependable;

  /** @throws when no pool offers the GPU, the tenant has no queue, or numbers of workers do not fit */
  constructor(scope: Construct, id: string, props: RayClusterProps) {
    super(scope, id);
    this.clusterName = props.clusterName ?? jobNameOf(id);
    checkJobName(this.node.path, this.clusterName, 45);
    const { pod, spec } = rayClusterSpec(this, props, this.clusterName, true);
    const { namespace } = pod.tenant;
    this.clientUrl = `ray://${this.clusterName}-head-svc.${namespace}.svc.cluster.local:10001`;
    this.dependable = new Manifests(this, 'Default', {
      platform: props.platform,
      namespace,
      releaseName: this.clusterName,
      dependsOn: props.dependsOn,
      objects: [
        {
          apiVersion: 'ray.io/v1',
          kind: 'RayCluster',
          metadata: { name: this.clusterName, namespace, labels: pod.labels },
          spec,
        },
      ],
    }).dependable;
  }
}
