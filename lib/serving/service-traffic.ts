import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ContractGateway, ContractTenant, IMlPlatform } from '../contract';
import { Manifests } from '../manifests';
import type { ServiceAccess } from './service-access';
import { hostnameOf, serviceRoute } from './service-route';
import type { TrafficSplit } from './traffic-split';

export interface ServiceTrafficProps {
  readonly platform: IMlPlatform;
  readonly tenant: ContractTenant;
  readonly serviceName: string;
  readonly labels: { [key: string]: string };
  readonly gateway: ContractGateway;
  readonly access?: ServiceAccess;
  readonly timeoutSeconds: number;
  readonly split: TrafficSplit;
  /** Kubernetes service of a version; of the declared one without its name. */
  readonly backendOf: (revisionName?: string) => string;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * The way of requests from the gateway to the versions of a service. A release of its own, so that a plan in which only traffic
 * moves changes this one resource.
 */
export class ServiceTraffic extends Construct {
  /** Address at the gateway. */
  public readonly url: string;
  private readonly props: ServiceTrafficProps;
  private readonly manifests: Manifests;
  private readonly hostname: string;

  constructor(scope: Construct, id: string, props: ServiceTrafficProps) {
    super(scope, id);
    this.props = props;
    this.hostname = hostnameOf(scope.node.path, props.serviceName, props.tenant.name, props.gateway);
    this.url = `https://${this.hostname}`;
    this.manifests = new Manifests(this, 'Default', {
      platform: props.platform,
      namespace: props.tenant.namespace,
      releaseName: `${props.serviceName}-traffic`,
      dependsOn: props.dependsOn,
      objects: this.objects(),
    });
  }

  /** Sends requests as they are split now. */
  public refresh(): void {
    this.manifests.replaceObjects(this.objects());
  }

  private objects(): { [key: string]: unknown }[] {
    const { platform, tenant, serviceName, labels, gateway, access, timeoutSeconds, split, backendOf } = this.props;
    return serviceRoute({
      path: this.node.scope?.node.path ?? this.node.path,
      name: serviceName,
      namespace: tenant.namespace,
      labels,
      gateway,
      hostname: this.hostname,
      access,
      tenantId: platform.attributes.environment.tenantId,
      timeoutSeconds,
      backends: [
        { serviceName: backendOf(), port: 80, weight: split.stablePercent(), mirrorPercent: 0 },
        ...split.revisions().map(({ name, trafficPercent, mirrorPercent }) => ({
          serviceName: backendOf(name),
          port: 80,
          weight: trafficPercent,
          mirrorPercent,
        })),
      ],
    });
  }
}
