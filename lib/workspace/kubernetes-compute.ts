import { KubernetesClusterExtension } from '@cdktf/provider-azurerm/lib/kubernetes-cluster-extension';
import { Construct } from 'constructs';
import { AzapiResource } from '../azapi';
import { Environment } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { type IManagedIdentity, type IPrincipal } from '../identity';
import { principalOf } from './compute-principal';
import type { IMlWorkspace } from './workspace-reference';

/** What the workspace must know of a cluster. */
export interface KubernetesClusterTarget {
  /** ARM id of the cluster. */
  readonly clusterId: string;
  /** Whether the cluster has its local accounts turned off. */
  readonly localAccountsDisabled: boolean;
}

/** A size of pods that jobs and deployments choose by name. */
export interface KubernetesInstanceType {
  /** Labels of the nodes, e.g. { agentpool: "gpu" }. @default - any node */
  readonly nodeSelector?: { [key: string]: string };
  /** e.g. "4" or "500m". */
  readonly cpu: string;
  /** e.g. "16Gi". */
  readonly memory: string;
  /** GPUs. @default 0 */
  readonly gpus?: number;
}

export interface KubernetesComputeProps {
  readonly workspace: IMlWorkspace;
  readonly cluster: KubernetesClusterTarget;
  /** 2-16 ASCII letters, digits and hyphens, letter first. */
  readonly computeName: string;
  /** Namespace that Azure ML uses. @default "azureml" */
  readonly namespace?: string;
  /** Map from name to size. @default - Azure ML's own default size */
  readonly instanceTypes?: { [name: string]: KubernetesInstanceType };
  /** Name of the size used where none is asked for. @default - the first of instanceTypes */
  readonly defaultInstanceType?: string;
  /** Whether jobs run there. @default true */
  readonly training?: boolean;
  /** Whether models are served there. @default true */
  readonly inference?: boolean;
  /** Kubernetes secret with certificate and key for scoring. @default - Azure ML makes none, so inference is refused */
  readonly sslSecret?: string;
  /** Host name of the certificate. @default - none */
  readonly sslCname?: string;
  /** Whether the extension brings Volcano; off where the cluster has a scheduler for batch work. @default false */
  readonly installVolcano?: boolean;
  /** Whether it brings a Prometheus operator; off where the cluster has one. @default false */
  readonly installPrometheusOperator?: boolean;
  /** Who the compute acts as. @default - an identity of its own */
  readonly identity?: IManagedIdentity;
}

/** A cluster of AKS as compute of a workspace: the extension on the cluster, and the compute that leads to it. */
export class KubernetesCompute extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly computeId: string;
  /** ARM id known at synth. */
  public readonly armId: string;
  public readonly computeName: string;
  /** Who its jobs act as: grant data to it. */
  public readonly principal: IPrincipal;

  constructor(scope: Construct, id: string, props: KubernetesComputeProps) {
    super(scope, id);
    this.check(props);
    const environment = Environment.of(this);
    const { workspace, cluster } = props;
    const extension = new KubernetesClusterExtension(this, 'Extension', {
      name: 'azureml',
      clusterId: cluster.clusterId,
      extensionType: 'Microsoft.AzureML.Kubernetes',
      releaseTrain: 'stable',
      releaseNamespace: 'azureml',
      configurationSettings: this.settings(props),
    });
    const instanceTypes = Object.entries(props.instanceTypes ?? {});
    const compute = new AzapiResource(this, 'Default', {
      type: 'Microsoft.MachineLearningServices/workspaces/computes@2025-06-01',
      name: props.computeName,
      parentId: workspace.workspaceId,
      location: environment.location,
      identity: props.identity ? { type: 'UserAssigned', identityIds: [props.identity.identityId] } : { type: 'SystemAssigned' },
      body: {
        properties: {
          computeType: 'Kubernetes',
          resourceId: cluster.clusterId,
          disableLocalAuth: true,
          properties: {
            namespace: props.namespace ?? 'azureml',
            defaultInstanceType: props.defaultInstanceType ?? instanceTypes[0]?.[0],
            instanceTypes:
              instanceTypes.length === 0
                ? undefined
                : Object.fromEntries(instanceTypes.map(([name, size]) => [name, instanceTypeBody(size)])),
          },
        },
      },
      tags: environment.tags,
      dependsOn: [extension],
    });
    this.computeId = compute.id;
    this.armId = `${workspace.armId}/computes/${props.computeName}`;
    this.computeName = props.computeName;
    this.principal = principalOf(props.computeName, props.identity, compute.principalId);
  }

  private settings(props: KubernetesComputeProps): { [key: string]: string } {
    const inference = props.inference ?? true;
    return {
      enableTraining: String(props.training ?? true),
      enableInference: String(inference),
      installVolcano: String(props.installVolcano ?? false),
      installPromOp: String(props.installPrometheusOperator ?? false),
      installNvidiaDevicePlugin: 'False', // the cluster's own GPU stack does it
      installDcgmExporter: 'False',
      ...(inference
        ? {
            inferenceRouterServiceType: 'LoadBalancer',
            internalLoadBalancerProvider: 'azure',
            inferenceRouterHA: String(Environment.of(this).profile.zoneRedundant),
            allowInsecureConnections: 'False',
            sslSecret: props.sslSecret ?? '',
            sslCname: props.sslCname ?? '',
          }
        : {}),
    };
  }

  private check(props: KubernetesComputeProps): void {
    if (!/^[a-zA-Z][a-zA-Z0-9-]{0,14}[a-zA-Z0-9]$/.test(props.computeName)) {
      throw new ConfigurationError(this.node.path, {
        what: 'name of the compute is not valid',
        got: JSON.stringify(props.computeName),
        allowed: '2-16 ASCII letters, digits and hyphens, letter first, no hyphen at the end',
        fix: 'e.g. "aks-gpu"',
      });
    }
    if (props.cluster.localAccountsDisabled) {
      throw new ConfigurationError(this.node.path, {
        what: "Azure ML's extension signs in with a local account, and the cluster has them turned off",
        got: 'localAccountsDisabled true',
        allowed: 'a cluster with local accounts',
        fix: 'serve with KServe on this cluster and train on a ComputeCluster, or give Azure ML a cluster of its own with local accounts',
      });
    }
    if ((props.inference ?? true) && (props.sslSecret === undefined || props.sslCname === undefined)) {
      throw new ConfigurationError(this.node.path, {
        what: 'inference without a certificate would answer over plain HTTP',
        got: `sslSecret ${props.sslSecret ?? 'none'}, sslCname ${props.sslCname ?? 'none'}`,
        allowed: 'both sslSecret and sslCname, or inference: false',
        fix: 'keep certificate and key in a Kubernetes secret, e.g. by cert-manager, and name it',
      });
    }
    const names = Object.keys(props.instanceTypes ?? {});
    const wanted = props.defaultInstanceType;
    if (wanted === undefined || names.includes(wanted)) return;
    throw new ConfigurationError(this.node.path, {
      what: 'defaultInstanceType is none of the sizes',
      got: JSON.stringify(wanted),
      allowed: names.join(', ') || 'none: instanceTypes is empty',
      fix: 'add it to instanceTypes',
    });
  }
}

function instanceTypeBody(size: KubernetesInstanceType): { [key: string]: unknown } {
  const amounts: { [key: string]: string } = { cpu: size.cpu, memory: size.memory };
  if (size.gpus !== undefined && size.gpus > 0) amounts['nvidia.com/gpu'] = String(size.gpus);
  return { nodeSelector: size.nodeSelector, resources: { requests: amounts, limits: amounts } };
}
