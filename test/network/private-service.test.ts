import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PrivateService } from '../../lib/network';

const { rows } = JSON.parse(readFileSync(join(__dirname, '../fixtures/facts/private-endpoints.json'), 'utf8')) as {
  rows: { resourceType: string; groupId: string; privateDnsZones: string[] }[];
};
const services = Object.values(PrivateService).filter((service) => service instanceof PrivateService);

describe('PrivateService', () => {
  test.each(rows)('knows sub-resource $groupId of $resourceType with its zones', ({ resourceType, groupId, privateDnsZones }) => {
    const service = services.find(({ subresource }) => subresource === groupId);
    expect(service?.resourceType).toBe(resourceType.replace(/ \(.*/, ''));
    expect(service?.zoneNames('westeurope')).toEqual(privateDnsZones.map((zone) => zone.replace('{regionName}', 'westeurope')));
  });
});
