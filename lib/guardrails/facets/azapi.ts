import type { ResourceModel } from '../model/stack-model';

/** ARM types of Azure Machine Learning that rules speak about, lower case. */
export const ML = {
  workspace: 'microsoft.machinelearningservices/workspaces',
  registry: 'microsoft.machinelearningservices/registries',
  compute: 'microsoft.machinelearningservices/workspaces/computes',
  onlineEndpoint: 'microsoft.machinelearningservices/workspaces/onlineendpoints',
  onlineDeployment: 'microsoft.machinelearningservices/workspaces/onlineendpoints/deployments',
  batchEndpoint: 'microsoft.machinelearningservices/workspaces/batchendpoints',
  batchDeployment: 'microsoft.machinelearningservices/workspaces/batchendpoints/deployments',
  environmentVersion: 'microsoft.machinelearningservices/workspaces/environments/versions',
  outboundRule: 'microsoft.machinelearningservices/workspaces/outboundrules',
  datastore: 'microsoft.machinelearningservices/workspaces/datastores',
  connection: 'microsoft.machinelearningservices/workspaces/connections',
  schedule: 'microsoft.machinelearningservices/workspaces/schedules',
} as const;

export function isArmType(resource: ResourceModel, ...armTypes: string[]): boolean {
  return armTypes.includes(resource.armType);
}

/** Version of the ARM API that an azapi resource speaks, e.g. "2025-06-01". */
export function apiVersionOf(resource: ResourceModel): string {
  return resource.value('type').text.split('@')[1] ?? '';
}

/** Kind of an azapi compute, e.g. "ComputeInstance"; undefined for other resources. */
export function computeKind(resource: ResourceModel): string | undefined {
  const kind = isArmType(resource, ML.compute) ? resource.value('body.properties.computeType').literal : undefined;
  return typeof kind === 'string' ? kind : undefined;
}

/** Isolation mode of the managed network of a workspace; undefined where the workspace or its mode is not known. */
export function managedNetworkOf(workspace: ResourceModel | undefined): string | undefined {
  if (!workspace || workspace.type.startsWith('data.')) return undefined;
  const path =
    workspace.type === 'azapi_resource' ? 'body.properties.managedNetwork.isolationMode' : 'managed_network.isolation_mode';
  const mode = workspace.value(path);
  if (mode.isUnresolved) return undefined;
  return typeof mode.literal === 'string' ? mode.literal : 'Disabled';
}
