import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AddressPlan, SubnetRole } from '../../lib/network';
import { contains, overlaps, parseCidr } from '../../lib/network/cidr';

const ALL = SubnetRole.all();
const plan = (addressSpace: string, requests: Parameters<typeof AddressPlan.of>[2] = ALL.map((role) => ({ role }))) =>
  AddressPlan.of('Network', addressSpace, requests, []);

describe('AddressPlan', () => {
  test('places every role in a /16', () => {
    expect(plan('10.40.0.0/16').rows.map((row) => [row.role.roleName, row.addressPrefix])).toEqual([
      ['user-nodes', '10.40.0.0/20'],
      ['gpu-nodes', '10.40.16.0/20'],
      ['system-nodes', '10.40.32.0/22'],
      ['compute', '10.40.36.0/22'],
      ['private-endpoints', '10.40.40.0/24'],
      ['ingress', '10.40.41.0/24'],
      ['firewall', '10.40.42.0/26'],
      ['firewall-management', '10.40.42.64/26'],
      ['pods', '10.40.64.0/18'],
    ]);
  });

  test('makes do with a /24, without pods', () => {
    const roles = ALL.filter((role) => !['pods', 'firewall-management'].includes(role.roleName));
    expect(
      plan(
        '10.40.0.0/24',
        roles.map((role) => ({ role })),
      ).rows,
    ).toHaveLength(7);
  });

  test('keeps five addresses of each subnet for Azure', () => {
    expect(plan('10.40.0.0/16').rows[0]).toMatchObject({ usableAddresses: 4091 });
  });

  test('never moves a subnet because another comes or goes', () => {
    fc.assert(
      fc.property(
        fc.subarray(ALL, { minLength: 1 }),
        fc.constantFrom('10.0.0.0/16', '10.8.0.0/14', '192.168.0.0/20'),
        (roles, space) => {
          const whole = plan(space);
          for (const row of plan(
            space,
            roles.map((role) => ({ role })),
          ).rows) {
            expect(whole.addressPrefixOf(row.role)).toBe(row.addressPrefix);
          }
        },
      ),
    );
  });

  test('keeps subnets inside the space and apart, whatever their sizes, or says that the space is too small', () => {
    const sizes = fc.array(fc.option(fc.integer({ min: 18, max: 26 }), { nil: undefined }), { minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 12, max: 22 }), (prefixLengths, spaceLength) => {
        const requests = ALL.map((role, index) => ({ role, prefixLength: prefixLengths[index] }));
        let rows: AddressPlan['rows'];
        try {
          rows = plan(`10.0.0.0/${spaceLength}`, requests).rows;
        } catch (error) {
          expect(String(error)).toMatch(/too small for its subnets/);
          return;
        }
        const ranges = rows.flatMap((row) => parseCidr(row.addressPrefix) ?? []);
        expect(ranges).toHaveLength(9);
        const space = { base: 10 * 2 ** 24, prefixLength: spaceLength };
        expect(ranges.every((range) => contains(space, range))).toBe(true);
        expect(ranges.flatMap((a, i) => ranges.slice(i + 1).filter((b) => overlaps(a, b)))).toEqual([]);
      }),
    );
  });

  test('prints itself', () => {
    expect(plan('10.40.0.0/16').describe()).toMatch(
      /address space 10\.40\.0\.0\/16\nuser-nodes +10\.40\.0\.0\/20 +4091 addresses\n/,
    );
  });

  test.each([
    ['outside the space', { role: SubnetRole.PODS, addressPrefix: '10.41.0.0/24' }, /pods lies outside.*10\.40\.0\.0\/16/s],
    ['that is no range', { role: SubnetRole.PODS, addressPrefix: '10.40.1.0/16' }, /addressPrefix of subnet pods is not a range/],
    ['that overlaps another', { role: SubnetRole.PODS, addressPrefix: '10.40.0.0/24' }, /user-nodes and pods overlap/],
    [
      'too small for its role',
      { role: SubnetRole.FIREWALL, prefixLength: 27 },
      /firewall is too small, got \/27.*\/26 or larger/s,
    ],
  ])('refuses a subnet %s', (_, request, message) => {
    const others = ALL.filter((role) => role !== request.role).map((role) => ({ role }));
    expect(() => plan('10.40.0.0/16', [...others, request])).toThrow(message);
  });
});

describe('SubnetRole', () => {
  test('is found by its name', () => {
    expect(SubnetRole.of('gpu-nodes')).toBe(SubnetRole.GPU_NODES);
  });

  test('says which there are when one is not known', () => {
    expect(() => SubnetRole.of('gpus')).toThrow(/role is not known, got "gpus".*gpu-nodes.*custom/s);
  });

  test.each([
    ['Databases', 26, /role name is not valid/],
    ['databases', 30, /prefix length of databases is not valid, got 30.*8-29/s],
  ])('refuses the custom role %s of /%d', (name, prefixLength, message) => {
    expect(() => SubnetRole.custom(name, prefixLength)).toThrow(message);
  });
});
