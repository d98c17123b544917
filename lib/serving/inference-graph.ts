import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { CapacityPlanner } from '../cluster/capacity-planner';
import type { IMlPlatform } from '../contract';
import type { Owner } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { nearest } from '../core/nearest';
import { checkOwner } from '../core/ownership';
import { Manifests } from '../manifests';
import { tenantLabels } from '../tenancy';
import { checkServiceName, kebab } from './service-name';

/** What a node of a graph does with its steps. */
export enum GraphRouter {
  /** One after the other. */
  SEQUENCE = 'Sequence',
  /** One of them, by weight. */
  SPLITTER = 'Splitter',
  /** All of them; the answers together. */
  ENSEMBLE = 'Ensemble',
  /** The first whose condition holds. */
  SWITCH = 'Switch',
}

export interface GraphStep {
  /** InferenceService of the tenant. @default - `node` is stated */
  readonly service?: string;
  /** Another node of the graph. @default - `service` is stated */
  readonly node?: string;
  /** "$request" or "$response": what the step gets. @default - "$request", after the first of a sequence "$response" */
  readonly data?: string;
  /** For SWITCH: JSON path expression on the request. @default - always */
  readonly condition?: string;
  /** For SPLITTER: share in percent. @default - none */
  readonly weight?: number;
}

export interface GraphNode {
  readonly router: GraphRouter;
  readonly steps: GraphStep[];
}

export interface InferenceGraphProps {
  readonly platform: IMlPlatform;
  readonly tenant: string;
  readonly owner: Owner;
  /** Nodes by name; the one called "root" gets the requests. */
  readonly nodes: { [name: string]: GraphNode };
  /** @default - the construct's id in lower case with hyphens */
  readonly graphName?: string;
  /** @default - the profile's servingReplicasMin */
  readonly replicas?: number;
  /** @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/** Several models behind one address: in sequence, by weight, together or by condition. */
export class InferenceGraph extends Construct {
  public readonly graphName: string;
  /** Address inside the cluster. */
  public readonly clusterUrl: string;
  public readonly dependable: ITerraformDependable;

  /** @throws when nodes do not fit together */
  constructor(scope: Construct, id: string, props: InferenceGraphProps) {
    super(scope, id);
    const { platform, nodes } = props;
    checkOwner(this.node.path, props.owner);
    this.graphName = props.graphName ?? kebab(id);
    checkServiceName(this.node.path, this.graphName);
    checkNodes(this.node.path, nodes);
    const tenant = platform.tenant(props.tenant);
    const replicas = props.replicas ?? platform.environment.profile.servingReplicasMin;
    const size = { cpu: '250m', memory: '256Mi' };
    this.clusterUrl = `http://${this.graphName}.${tenant.namespace}.svc.cluster.local`;
    this.dependable = new Manifests(this, 'Default', {
      platform,
      namespace: tenant.namespace,
      releaseName: this.graphName,
      dependsOn: props.dependsOn,
      objects: [
        {
          apiVersion: 'serving.kserve.io/v1alpha1',
          kind: 'InferenceGraph',
          metadata: {
            name: this.graphName,
            namespace: tenant.namespace,
            labels: {
              ...tenantLabels(platform, tenant),
              'ml-platform/owner': props.owner.team,
              'networking.kserve.io/visibility': 'cluster-local',
            },
            annotations: {
              'serving.kserve.io/deploymentMode': platform.attributes.serving.deploymentMode,
              'ml-platform/owner-contact': props.owner.contact,
            },
          },
          spec: {
            nodes: Object.fromEntries(Object.entries(nodes).map(([name, node]) => [name, rendered(node)])),
            minReplicas: replicas,
            maxReplicas: replicas * 3,
            resources: { requests: size, limits: size },
            serviceAccountName: tenant.serviceAccount,
          },
        },
      ],
    }).dependable;
    CapacityPlanner.of(this, platform).register({
      name: this.node.path,
      replicas,
      maxReplicas: replicas * 3,
      cpu: 0.25,
      memoryGib: 0.25,
      tenant: tenant.name,
    });
  }
}

function rendered({ router, steps }: GraphNode): { [key: string]: unknown } {
  return {
    routerType: router,
    steps: steps.map(({ service, node, data, condition, weight }, index) => ({
      ...(service === undefined ? { nodeName: node } : { serviceName: service }),
      ...(data !== undefined || (router === GraphRouter.SEQUENCE && index > 0) ? { data: data ?? '$response' } : {}),
      ...(condition === undefined ? {} : { condition }),
      ...(weight === undefined ? {} : { weight }),
    })),
  };
}

function checkNodes(path: string, nodes: { [name: string]: GraphNode }): void {
  const refuse = (what: string, got: string, allowed: string, fix: string): never => {
    throw new ConfigurationError(path, { what, got, allowed, fix });
  };
  const names = Object.keys(nodes);
  if (!names.includes('root'))
    refuse('the graph has no beginning', names.join(', ') || 'no nodes', 'a node called "root"', 'name the first node "root"');
  for (const [name, { router, steps }] of Object.entries(nodes)) {
    if (steps.length === 0) refuse(`node ${name} has no steps`, '0', '1 or more', 'add a step, or drop the node');
    for (const step of steps) {
      if ((step.service === undefined) === (step.node === undefined)) {
        refuse(
          `a step of node ${name} leads nowhere, or to two places`,
          JSON.stringify(step),
          'service or node',
          'state one of them',
        );
      }
      if (step.node !== undefined && !names.includes(step.node)) {
        refuse(
          `a step of node ${name} leads to a node that is not there`,
          step.node,
          nearest(step.node, names, names.length).join(', '),
          'use one of them',
        );
      }
    }
    const weights = steps.reduce((sum, { weight = 0 }) => sum + weight, 0);
    if (router === GraphRouter.SPLITTER && weights !== 100) {
      refuse(`weights of node ${name} are not all requests`, `${weights} %`, '100 % together', 'correct the weights');
    }
  }
}
