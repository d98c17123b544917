import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import { Manifests } from '../manifests';
import { checkJobName, jobNameOf } from './job-pod';
import { rayClusterSpec } from './ray-cluster-spec';
import type { RayOptions } from './ray-options';

export interface RayServiceProps extends RayOptions {
  /** Ray Serve's configuration as YAML, with its `applications`. */
  readonly serveConfig: string;
  /** 1-45 lower-case letters, digits and hyphens. @default - the construct's id in that form */
  readonly serviceName?: string;
}

/** Applications of Ray Serve. A change of the cluster makes a new one and moves the traffic over when it answers. */
export class RayService extends Construct {
  public readonly serviceName: string;
  /** Address inside the cluster. */
  public readonly clusterUrl: string;
  public readonly dependable: ITerraformDependable;

  /** @throws when no pool offers the GPU, the tenant has no queue, or the configuration has no applications */
  constructor(scope: Construct, id: string, props: RayServiceProps) {
    super(scope, id);
    this.serviceName = props.serviceName ?? jobNameOf(id);
    checkJobName(this.node.path, this.serviceName, 45);
    if (!/^applications:/m.test(props.serveConfig)) {
      throw new ConfigurationError(this.node.path, {
        what: 'configuration of Ray Serve has no applications',
        got: JSON.stringify(props.serveConfig.slice(0, 60)),
        allowed: 'YAML with `applications:`',
        fix: 'write it with `serve build`',
      });
    }
    const { pod, spec } = rayClusterSpec(this, props, this.serviceName, false);
    const { namespace } = pod.tenant;
    this.clusterUrl = `http://${this.serviceName}-serve-svc.${namespace}.svc.cluster.local:8000`;
    this.dependable = new Manifests(this, 'Default', {
      platform: props.platform,
      namespace,
      releaseName: this.serviceName,
      dependsOn: props.dependsOn,
      objects: [
        {
          apiVersion: 'ray.io/v1',
          kind: 'RayService',
          metadata: { name: this.serviceName, namespace, labels: pod.labels },
          spec: { serveConfigV2: props.serveConfig, upgradeStrategy: { type: 'NewCluster' }, rayClusterConfig: spec },
        },
      ],
    }).dependable;
  }
}
