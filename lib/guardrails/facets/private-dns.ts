import type { ResourceModel } from '../model/stack-model';

/** Zones by sub-resource of a private endpoint; every one of them is needed. "*" stands for the region. */
const ZONES: { readonly [subresource: string]: readonly string[] } = {
  account: ['privatelink.cognitiveservices.azure.com'],
  amlregistry: ['privatelink.api.azureml.ms'],
  amlworkspace: ['privatelink.api.azureml.ms', 'privatelink.notebooks.azure.net'],
  blob: ['privatelink.blob.core.windows.net'],
  dfs: ['privatelink.dfs.core.windows.net'],
  file: ['privatelink.file.core.windows.net'],
  grafana: ['privatelink.grafana.azure.com'],
  management: ['privatelink.*.azmk8s.io'],
  namespace: ['privatelink.servicebus.windows.net'],
  postgresqlserver: ['privatelink.postgres.database.azure.com'],
  prometheusmetrics: ['privatelink.*.prometheus.monitor.azure.com'],
  queue: ['privatelink.queue.core.windows.net'],
  rediscache: ['privatelink.redis.cache.windows.net'],
  registry: ['privatelink.azurecr.io'],
  searchservice: ['privatelink.search.windows.net'],
  table: ['privatelink.table.core.windows.net'],
  vault: ['privatelink.vaultcore.azure.net'],
  web: ['privatelink.web.core.windows.net'],
};

export function zonesFor(subresource: string): readonly string[] {
  return ZONES[subresource.toLowerCase()] ?? [];
}

/** Zones of an endpoint's zone group by name; undefined among them where only Azure knows. */
export function zoneNamesOf(endpoint: ResourceModel): (string | undefined)[] {
  const ids = endpoint.value('private_dns_zone_group.private_dns_zone_ids');
  if (ids.isUnresolved) return [ids.references.map((address) => nameOf(endpoint, address))[0]];
  return ids.elements().flatMap((id) => {
    if (!id.isUnresolved) return [id.text.toLowerCase().split('/').at(-1)];
    return id.references.length > 0 ? id.references.map((address) => nameOf(endpoint, address)) : [undefined];
  });
}

/** Names of the zones that are wanted and not there. */
export function missingZones(wanted: readonly string[], present: readonly (string | undefined)[]): string[] {
  return wanted.filter((zone) => {
    const pattern = new RegExp(`^${zone.replaceAll('.', '\\.').replace('*', '[^.]+')}$`);
    return !present.some((name) => name !== undefined && pattern.test(name));
  });
}

/** Zones of an endpoint that stacks of the app make or read. */
export function zonesOf(endpoint: ResourceModel): ResourceModel[] {
  return endpoint.stack.targetsOf(endpoint.value('private_dns_zone_group.private_dns_zone_ids'));
}

/** Whether Terraform leaves the zone group to an Azure Policy; undefined in a plan, which does not tell. */
export function leavesZonesToPolicy(endpoint: ResourceModel): boolean | undefined {
  const ignored = endpoint.value('lifecycle.ignore_changes').strings;
  if (ignored.includes('private_dns_zone_group') || ignored.includes('all')) return true;
  return endpoint.stack.origin === 'plan' && endpoint.value('lifecycle').isMissing ? undefined : false;
}

function nameOf(endpoint: ResourceModel, address: string): string | undefined {
  const name = endpoint.stack.find(address)?.value('name').literal;
  return typeof name === 'string' ? name.toLowerCase() : undefined;
}
