import { Construct } from 'constructs';
import { AzapiResource, AzapiUpdateResource } from '../azapi';
import { Environment } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import type { IManagedIdentity, IPrincipal } from '../identity';
import { principalOf } from './compute-principal';
import type { KubernetesCompute } from './kubernetes-compute';
import { OnlineDeployment } from './online-deployment';
import type { OnlineDeploymentOptions } from './online-deployment-options';
import type { IMlWorkspace } from './workspace-reference';

const TYPE = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';

export interface OnlineEndpointProps {
  readonly workspace: IMlWorkspace;
  /** What is served, a word for its name, e.g. "fraud". */
  readonly purpose: string;
  /** 3-32 ASCII letters, digits and single hyphens, letter first, unique in the region. @default - made by the environment's naming */
  readonly endpointName?: string;
  /** Who the endpoint acts as. @default - an identity of its own */
  readonly identity?: IManagedIdentity;
  /** Serve on this cluster. @default - machines that Azure ML manages */
  readonly compute?: KubernetesCompute;
  readonly description?: string;
}

/**
 * An address that answers with a model: private, for callers that sign in with Entra, with traffic shared out among deployments.
 *
 * ```ts
 * const endpoint = new OnlineEndpoint(this, 'Fraud', { workspace, purpose: 'fraud' });
 * endpoint.addDeployment('blue', { model: models.modelUri('fraud', '7'), vmSize, instances: 2 });
 * endpoint.addDeployment('green', { model: models.modelUri('fraud', '8'), vmSize, instances: 2 });
 * endpoint.route({ blue: 90, green: 10 });
 * ```
 */
export class OnlineEndpoint extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly endpointId: string;
  /** ARM id known at synth. */
  public readonly armId: string;
  public readonly endpointName: string;
  /** Where requests go; known to Azure only. */
  public readonly scoringUri: string;
  /** Who the endpoint acts as: grant models, images and data to it. */
  public readonly principal: IPrincipal;
  private readonly deployments = new Map<string, OnlineDeployment>();
  private routed = false;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: OnlineEndpointProps,
  ) {
    super(scope, id);
    const environment = Environment.of(this);
    const { workspace, compute } = props;
    const named = environment.name(this, TYPE, props.purpose, props.endpointName);
    const endpoint = new AzapiResource(this, 'Default', {
      type: `${TYPE}@2025-06-01`,
      name: named.name,
      parentId: workspace.workspaceId,
      location: environment.location,
      identity: props.identity ? { type: 'UserAssigned', identityIds: [props.identity.identityId] } : { type: 'SystemAssigned' },
      body: {
        properties: {
          authMode: compute ? 'AMLToken' : 'AADToken', // clusters take no token of Entra
          publicNetworkAccess: 'Disabled',
          compute: compute?.computeId,
          description: props.description,
        },
      },
      responseExportValues: ['properties.scoringUri'],
      tags: named.tags,
    });
    this.endpointId = endpoint.id;
    this.armId = `${workspace.armId}/onlineEndpoints/${named.name}`;
    this.endpointName = named.name;
    this.scoringUri = endpoint.output('properties.scoringUri');
    this.principal = principalOf(named.name, props.identity, endpoint.principalId);
  }

  /**
   * Adds a deployment. It gets no traffic until `route` says so.
   * @param deploymentName 3-32 ASCII letters, digits and single hyphens, letter first, e.g. "blue"
   */
  public addDeployment(deploymentName: string, options: OnlineDeploymentOptions): OnlineDeployment {
    const deployment = new OnlineDeployment(this, deploymentName, {
      ...options,
      deploymentName,
      endpoint: this,
      workspace: this.props.workspace,
      compute: this.props.compute,
    });
    this.deployments.set(deploymentName, deployment);
    return deployment;
  }

  /**
   * Shares out the traffic, once all deployments are up.
   * @param traffic map from deployment to percent; they add up to 100
   * @param mirror map from one deployment to the percent of requests, 50 at most, that it gets a copy of and whose answer is dropped
   * @throws when a deployment is not there, or the shares are none
   */
  public route(traffic: { [deployment: string]: number }, mirror: { [deployment: string]: number } = {}): void {
    this.checkTraffic(traffic);
    this.checkMirror(traffic, mirror);
    this.routed = true;
    // An endpoint cannot name deployments that do not exist yet: traffic is set in a second step.
    new AzapiUpdateResource(this, 'Traffic', {
      type: `${TYPE}@2025-06-01`,
      resourceId: this.endpointId,
      body: { properties: { traffic, ...(Object.keys(mirror).length > 0 ? { mirrorTraffic: mirror } : {}) } },
      dependsOn: [...this.deployments.values()].flatMap((deployment) => deployment.dependables),
    });
  }

  private checkTraffic(traffic: { [deployment: string]: number }): void {
    if (this.routed) {
      throw new ConfigurationError(this.node.path, {
        what: 'traffic is shared out twice',
        allowed: 'one call of route for all deployments',
        fix: 'put all shares into one call',
      });
    }
    this.checkKnown(Object.keys(traffic));
    const shares = Object.values(traffic);
    const sum = shares.reduce((total, share) => total + share, 0);
    if (sum === 100 && shares.every((share) => Number.isInteger(share) && share >= 0)) return;
    throw new ConfigurationError(this.node.path, {
      what: 'shares of traffic do not add up to 100',
      got:
        Object.entries(traffic)
          .map(([name, share]) => `${name} ${share}`)
          .join(', ') || 'none',
      allowed: 'whole percents that add up to 100',
      fix: 'e.g. route({ blue: 90, green: 10 })',
    });
  }

  private checkMirror(traffic: { [deployment: string]: number }, mirror: { [deployment: string]: number }): void {
    const mirrored = Object.entries(mirror);
    if (mirrored.length === 0) return;
    this.checkKnown(Object.keys(mirror));
    const bad = mirrored.find(([name, share]) => !Number.isInteger(share) || share < 1 || share > 50 || (traffic[name] ?? 0) > 0);
    if (mirrored.length === 1 && bad === undefined && !this.props.compute) return;
    throw new ConfigurationError(this.node.path, {
      what: this.props.compute ? 'a cluster mirrors no traffic' : 'mirrored traffic does not fit',
      got: mirrored.map(([name, share]) => `${name} ${share}`).join(', '),
      allowed: 'one deployment of managed machines without traffic of its own, 1-50 percent',
      fix: 'e.g. route({ blue: 100 }, { green: 10 })',
    });
  }

  private checkKnown(names: string[]): void {
    const unknown = names.find((name) => !this.deployments.has(name));
    if (unknown === undefined) return;
    throw new ConfigurationError(this.node.path, {
      what: 'traffic goes to a deployment that is not there',
      got: unknown,
      allowed: [...this.deployments.keys()].join(', ') || 'none yet',
      fix: `call addDeployment(${JSON.stringify(unknown)}, ...) first`,
    });
  }
}
