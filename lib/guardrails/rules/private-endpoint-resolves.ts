import { exists } from '../checks';
import { leavesZonesToPolicy, missingZones, zoneNamesOf, zonesFor, zonesOf } from '../facets/private-dns';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const privateEndpointResolves: IRule = {
  id: 'MLP-NET-004',
  title: 'closed services have a private endpoint, and it resolves by name',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: [
    'azurerm_private_endpoint',
    'azurerm_private_dns_zone',
    'azurerm_key_vault',
    'azurerm_storage_account',
    'azurerm_container_registry',
    'azurerm_cognitive_account',
    'azurerm_ai_services',
    'azurerm_search_service',
    'azurerm_eventhub_namespace',
    'azurerm_postgresql_flexible_server',
  ],
  why: 'A closed service without an endpoint is reached by nobody. Without the zone, or without its link to the network, clients still find the public address, and are refused.',
  fix: 'give private_dns_zone_group the zone of the sub-resource and link the zone (PrivateAccess and PrivateDns do)',
  mappings: { checkov: ['CKV2_AZURE_32', 'CKV2_AZURE_33'] },
  check: (resource) => {
    if (resource.type === 'azurerm_private_dns_zone') return [linked(resource)];
    return resource.type === 'azurerm_private_endpoint' ? [resolves(resource), ...asked(resource)] : reachable(resource);
  },
};

const ENDPOINT_TARGET = 'private_service_connection.private_connection_resource_id';

/** A service that is closed to the public network and has no endpoint can be reached by nobody. */
function reachable(service: ResourceModel): Verdict[] {
  const closed =
    service.type === 'azurerm_ai_services'
      ? service.value('public_network_access').literal === 'Disabled'
      : service.value('public_network_access_enabled').literal === false;
  if (!closed || isInjected(service)) return [];
  // Endpoints in the managed network of a workspace serve its jobs only: neither the cluster nor people come through them.
  const endpoints = service.stack.referrers('azurerm_private_endpoint', ENDPOINT_TARGET, service);
  return [
    exists(
      endpoints.map((endpoint) => endpoint.address),
      'azurerm_private_endpoint',
      {
        finding: 'endpoint',
        what: 'closed to the public network, and no private endpoint points to it',
        fix: 'give it a private endpoint (privateAccess of our constructs)',
      },
    ),
  ];
}

function isInjected(service: ResourceModel): boolean {
  return service.type === 'azurerm_postgresql_flexible_server' && !service.value('delegated_subnet_id').isMissing;
}

/** Whether the network of the endpoint asks its zones; silent where the app does not hold all that decides it. */
function asked(endpoint: ResourceModel): Verdict[] {
  const subnet = endpoint.stack.targetsOf(endpoint.value('subnet_id'))[0];
  const network = subnet && networkOf(subnet);
  // With DNS servers of its own the network asks those, and they ask the zone.
  if (!network?.value('dns_servers').isMissing) return [];
  return zonesOf(endpoint).flatMap((zone) => {
    const links = linksOf(zone);
    const linked: (ResourceModel | undefined)[] = links.map((link) => link.stack.targetsOf(link.value('virtual_network_id'))[0]);
    if (links.length === 0 || linked.includes(undefined)) return [];
    return linked.includes(network)
      ? [Verdict.pass()]
      : [
          Verdict.fail({
            value: endpoint.value('subnet_id'),
            finding: 'network',
            what: `${zone.address} is not linked to ${network.address}`,
            allowed: 'a link of the zone to the network of the endpoint, or dns_servers of the network',
          }),
        ];
  });
}

function networkOf(subnet: ResourceModel): ResourceModel | undefined {
  const name = subnet.value('virtual_network_name');
  return (
    subnet.stack.targetsOf(name)[0] ??
    subnet.stack.ofType('azurerm_virtual_network').find((one) => one.value('name').literal === (name.literal ?? ''))
  );
}

function linksOf(zone: ResourceModel): ResourceModel[] {
  const referring = zone.stack.referrers('azurerm_private_dns_zone_virtual_network_link', 'private_dns_zone_name', zone);
  if (referring.length > 0) return referring;
  const name = zone.value('name').literal;
  return zone.stack
    .inApp('azurerm_private_dns_zone_virtual_network_link')
    .filter((link) => name !== undefined && link.value('private_dns_zone_name').literal === name);
}

function linked(zone: ResourceModel): Verdict {
  // Public zones of the same type do not exist; a zone that no endpoint uses still wants its link.
  return exists(
    linksOf(zone).map((link) => link.address),
    'azurerm_private_dns_zone_virtual_network_link',
    { finding: 'link', what: 'no network asks this zone' },
  );
}

function resolves(endpoint: ResourceModel): Verdict {
  const group = endpoint.value('private_dns_zone_group.private_dns_zone_ids');
  const policy = leavesZonesToPolicy(endpoint);
  if (group.isMissing && policy) return Verdict.pass();
  if (group.isMissing && policy === undefined) return Verdict.unknown(group, 'zone');
  const subresource = endpoint.value('private_service_connection.subresource_names');
  const wanted = zonesFor(subresource.strings[0] ?? '');
  if (group.isMissing) {
    return Verdict.fail({
      value: group,
      finding: 'zone',
      what: 'the endpoint has no zone',
      allowed: wanted.join(' and ') || 'a zone',
    });
  }
  if (subresource.holdsUnresolved) return Verdict.unknown(subresource, 'zone');
  const present = zoneNamesOf(endpoint);
  const missing = missingZones(wanted, present);
  if (missing.length === 0) return Verdict.pass(group)._refusing([]);
  return present.includes(undefined)
    ? Verdict.unknown(group, 'zone')
    : Verdict.fail({
        value: group,
        finding: 'zone',
        what: `zones missing: ${missing.join(', ')}`,
        allowed: wanted.join(' and '),
      });
}
