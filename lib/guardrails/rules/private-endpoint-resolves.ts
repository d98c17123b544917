import { exists } from '../checks';
import { leavesZonesToPolicy, missingZones, zoneNamesOf, zonesFor } from '../facets/private-dns';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const privateEndpointResolves: IRule = {
  id: 'MLP-NET-004',
  title: 'private endpoints resolve by name',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_private_endpoint', 'azurerm_private_dns_zone'],
  why: 'Without the zone, or without its link to the network, clients still find the public address, and are refused.',
  fix: 'give private_dns_zone_group the zone of the sub-resource and link the zone (PrivateAccess and PrivateDns do)',
  mappings: { checkov: ['CKV2_AZURE_32', 'CKV2_AZURE_33'] },
  check: (resource) => (resource.type === 'azurerm_private_dns_zone' ? [linked(resource)] : [resolves(resource)]),
};

function linked(zone: ResourceModel): Verdict {
  const name = zone.value('name');
  // Public zones of the same type do not exist; a zone that no endpoint uses still wants its link.
  const links = zone.stack.inApp('azurerm_private_dns_zone_virtual_network_link').filter((link) => {
    const target = link.value('private_dns_zone_name');
    return (
      (link.stack === zone.stack && target.references.includes(zone.address)) ||
      (target.literal !== undefined && target.literal === name.literal)
    );
  });
  return exists(
    links.map((link) => link.address),
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
