import { MonitorAutoscaleSetting } from '@cdktf/provider-azurerm/lib/monitor-autoscale-setting';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AzapiResource } from '../azapi';
import { Environment } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import type { KubernetesCompute } from './kubernetes-compute';
import { ManagedNetworkIsolation } from './managed-network-isolation';
import type { OnlineDeploymentOptions, ProbeOptions } from './online-deployment-options';
import type { IMlWorkspace } from './workspace-reference';

/** The endpoint that a deployment belongs to. */
export interface OnlineEndpointTarget {
  readonly endpointId: string;
  readonly armId: string;
  readonly endpointName: string;
}

export interface OnlineDeploymentProps extends OnlineDeploymentOptions {
  /** 3-32 ASCII letters, digits and single hyphens, letter first. */
  readonly deploymentName: string;
  readonly endpoint: OnlineEndpointTarget;
  readonly workspace: IMlWorkspace;
  /** @default - machines that Azure ML manages */
  readonly compute?: KubernetesCompute;
}

/** One version of a model on machines or pods of its own, behind an endpoint. */
export class OnlineDeployment extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly deploymentId: string;
  /** ARM id known at synth. */
  public readonly armId: string;
  public readonly deploymentName: string;
  /** For the `dependsOn` of what needs the deployment up. */
  public readonly dependables: ITerraformDependable[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: OnlineDeploymentProps,
  ) {
    super(scope, id);
    this.check();
    const environment = Environment.of(this);
    const { endpoint, scaling } = props;
    const instances = props.instances ?? environment.profile.servingReplicasMin;
    const deployment = new AzapiResource(this, 'Default', {
      type: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments@2025-06-01',
      name: props.deploymentName,
      parentId: endpoint.endpointId,
      location: environment.location,
      body: {
        sku: { name: 'Default', capacity: instances },
        properties: this.properties(instances),
      },
      tags: environment.tags,
    });
    this.deploymentId = deployment.id;
    this.armId = `${endpoint.armId}/deployments/${props.deploymentName}`;
    this.deploymentName = props.deploymentName;
    this.dependables = [deployment];
    if (scaling && !props.compute) this.autoscale(deployment.id, scaling.minInstances ?? instances, instances);
  }

  private properties(instances: number): { [key: string]: unknown } {
    const { props } = this;
    const managed = props.compute === undefined;
    return {
      endpointComputeType: managed ? 'Managed' : 'Kubernetes',
      model: props.model,
      instanceType: managed ? props.vmSize?.name : props.instanceType,
      environmentId: props.environment?.environmentId,
      environmentVariables: props.environmentVariables,
      codeConfiguration: props.scoringCode,
      appInsightsEnabled: props.applicationInsights ?? true,
      // A managed network carries the traffic of its deployments; without one, this switch closes them.
      egressPublicNetworkAccess: managed ? this.egress() : undefined,
      requestSettings: {
        requestTimeout: `PT${props.requestTimeoutSeconds ?? 5}S`,
        maxConcurrentRequestsPerInstance: props.maxConcurrentRequests ?? 1,
      },
      livenessProbe: probe(props.livenessProbe),
      readinessProbe: probe(props.readinessProbe),
      scaleSettings: this.scaleSettings(instances),
      dataCollector: this.dataCollector(),
      containerResourceRequirements: managed ? undefined : this.podResources(),
    };
  }

  private egress(): string {
    const { isolation } = this.props.workspace;
    return isolation === undefined || isolation === ManagedNetworkIsolation.DISABLED ? 'Disabled' : 'Enabled';
  }

  private scaleSettings(instances: number): { [key: string]: unknown } {
    const { scaling, compute } = this.props;
    // Managed machines are scaled by Azure Monitor, pods by Azure ML.
    if (!scaling || !compute) return { scaleType: 'Default' };
    return {
      scaleType: 'TargetUtilization',
      minInstances: scaling.minInstances ?? instances,
      maxInstances: scaling.maxInstances,
      targetUtilizationPercentage: scaling.targetUtilizationPercent ?? 70,
      pollingInterval: 'PT10S',
    };
  }

  private podResources(): { [key: string]: unknown } | undefined {
    const { resources } = this.props;
    if (!resources) return undefined;
    const amounts = {
      cpu: resources.cpu,
      memory: resources.memory,
      gpu: resources.gpus === undefined ? undefined : String(resources.gpus),
    };
    return { containerResourceRequests: amounts, containerResourceLimits: amounts };
  }

  private dataCollector(): { [key: string]: unknown } | undefined {
    const collection = this.props.dataCollection;
    if (!collection) return undefined;
    const names = collection.collections ?? ['model_inputs', 'model_outputs'];
    const settings = { dataCollectionMode: 'Enabled', samplingRate: (collection.samplingPercent ?? 100) / 100 };
    return { collections: Object.fromEntries(names.map((name) => [name, settings])), rollingRate: 'Hour' };
  }

  private autoscale(deploymentId: string, minimum: number, instances: number): void {
    const environment = Environment.of(this);
    const { scaling, endpoint, deploymentName } = this.props;
    if (!scaling) return;
    const target = scaling.targetUtilizationPercent ?? 70;
    const rule = (direction: string, operator: string, threshold: number, cooldown: string) => ({
      metricTrigger: {
        metricName: 'CpuUtilizationPercentage',
        metricResourceId: deploymentId,
        operator,
        statistic: 'Average',
        threshold,
        timeAggregation: 'Average',
        timeGrain: 'PT1M',
        timeWindow: 'PT5M',
      },
      scaleAction: { direction, type: 'ChangeCount', value: 1, cooldown },
    });
    const groupName = this.props.workspace.armId.split('/')[4] ?? '';
    this.dependables.push(
      new MonitorAutoscaleSetting(this, 'Autoscale', {
        name: `autoscale-${endpoint.endpointName}-${deploymentName}`,
        resourceGroupName: groupName,
        location: environment.location,
        targetResourceId: deploymentId,
        profile: [
          {
            name: 'by-load',
            capacity: { minimum, maximum: scaling.maxInstances, default: instances },
            rule: [
              rule('Increase', 'GreaterThan', target, 'PT5M'),
              // Half of the target, so that the machines that stay do not reach it at once.
              rule('Decrease', 'LessThan', Math.floor(target / 2), 'PT15M'),
            ],
          },
        ],
        tags: environment.tags,
      }),
    );
  }

  private check(): void {
    const { deploymentName, endpoint, compute, vmSize, scaling } = this.props;
    if (!/^(?=.{3,32}$)[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*$/.test(deploymentName)) {
      throw new ConfigurationError(this.node.path, {
        what: 'name of the deployment is not valid',
        got: JSON.stringify(deploymentName),
        allowed: '3-32 ASCII letters, digits and single hyphens, letter first',
        fix: 'e.g. "blue"',
      });
    }
    const together = endpoint.endpointName.length + deploymentName.length;
    if (compute && (together < 6 || together > 62)) {
      throw new ConfigurationError(this.node.path, {
        what: 'names of endpoint and deployment together are too long for a cluster',
        got: `${endpoint.endpointName} and ${deploymentName} (${together} characters)`,
        allowed: '6-62 characters together',
        fix: 'shorten one of them',
      });
    }
    if (!compute && !vmSize) {
      throw new ConfigurationError(this.node.path, {
        what: 'a deployment on managed machines needs a VM size',
        allowed: 'vmSize: ComputeVmSize.of("...")',
        fix: 'e.g. ComputeVmSize.of("Standard_DS3_v2"), or serve on a cluster with compute',
      });
    }
    const instances = this.props.instances ?? Environment.of(this).profile.servingReplicasMin;
    this.checkRange('instances', instances, 1, 500);
    this.checkRange('requestTimeoutSeconds', this.props.requestTimeoutSeconds ?? 5, 1, 180);
    this.checkRange('samplingPercent', this.props.dataCollection?.samplingPercent ?? 100, 1, 100);
    const min = scaling?.minInstances ?? instances;
    if (scaling && (scaling.maxInstances < min || instances < min || instances > scaling.maxInstances)) {
      throw new ConfigurationError(this.node.path, {
        what: 'instances lie outside of what scaling allows',
        got: `${instances} instances, ${min} to ${scaling.maxInstances}`,
        allowed: 'minInstances <= instances <= maxInstances',
        fix: 'raise maxInstances or lower instances',
      });
    }
  }

  private checkRange(field: string, value: number, min: number, max: number): void {
    if (Number.isInteger(value) && value >= min && value <= max) return;
    throw new ConfigurationError(this.node.path, {
      what: `${field} is out of range`,
      got: String(value),
      allowed: `${min}-${max}`,
      fix: `choose a whole number from ${min} to ${max}`,
    });
  }
}

function probe(options: ProbeOptions = {}): { [key: string]: unknown } {
  return {
    initialDelay: `PT${options.initialDelaySeconds ?? 10}S`,
    period: `PT${options.periodSeconds ?? 10}S`,
    timeout: `PT${options.timeoutSeconds ?? 2}S`,
    successThreshold: 1,
    failureThreshold: options.failureThreshold ?? 30,
  };
}
