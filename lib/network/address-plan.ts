import { ConfigurationError } from '../core/configuration-error';
import { type Cidr, contains, firstFree, formatCidr, overlaps, parseCidr, sizeOf } from './cidr';
import { SubnetRole } from './subnet-role';

/** One subnet of a plan. */
export interface AddressPlanRow {
  readonly role: SubnetRole;
  /** e.g. "10.40.0.0/20". */
  readonly addressPrefix: string;
  /** Addresses for nodes and endpoints: Azure keeps five of each subnet. */
  readonly usableAddresses: number;
}

/** A subnet to be placed. */
export interface AddressPlanRequest {
  readonly role: SubnetRole;
  /** A range of your own. @default - planned */
  readonly addressPrefix?: string;
  /** A size other than the role's. @default - by role and address space */
  readonly prefixLength?: number;
}

/** Ranges that no virtual network may have, and why. */
const FORBIDDEN: readonly (readonly [string, string])[] = [
  ['0.0.0.0/8', 'reserved'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['224.0.0.0/3', 'multicast and reserved'],
  ['168.63.129.16/32', "Azure's own DNS and health probes"],
  ['172.17.0.0/16', 'the bridge of Docker on Azure ML compute'],
];

/**
 * Where each subnet lies in one address space.
 *
 * Every role of the library has its fixed place, used or not, so that a subnet added later moves no other. What asks for a size
 * of its own goes into the first gap behind them.
 */
export class AddressPlan {
  /**
   * @param path the construct to blame in an error
   * @param addressSpace e.g. "10.40.0.0/16"
   * @param requests the subnets to place
   * @param reserved ranges that the address space must stay clear of, e.g. the cluster's service and pod ranges
   * @throws when a range is not valid, overlaps another or does not fit
   */
  public static of(path: string, addressSpace: string, requests: AddressPlanRequest[], reserved: string[]): AddressPlan {
    const space = spaceOf(path, addressSpace, reserved);
    const places = layout(space);
    const pinned = requests.flatMap((request) => (request.addressPrefix === undefined ? [] : [pin(path, space, request)]));
    const movable = requests.filter((request) => request.addressPrefix === undefined);
    const inPlace = movable.flatMap((request) => {
      const place = places.get(request.role);
      const fits = place !== undefined && (request.prefixLength ?? place.prefixLength) === place.prefixLength;
      return fits ? [{ role: request.role, cidr: place }] : [];
    });
    const placed = [...pinned, ...inPlace];
    checkOverlaps(path, placed);
    for (const request of movable.filter(({ role }) => !placed.some((row) => row.role === role))) {
      const prefixLength = request.prefixLength ?? request.role.prefixLengthIn(space.prefixLength);
      checkPrefixLength(path, request.role, prefixLength);
      const taken = placed.map((row) => row.cidr);
      // Gaps behind the fixed places first; where none is left, the places of roles that this network does without.
      const cidr = firstFree(space, prefixLength, [...taken, ...places.values()]) ?? firstFree(space, prefixLength, taken);
      if (!cidr) throw tooSmall(path, addressSpace, [...requests.map(({ role }) => role)], request.role, prefixLength);
      placed.push({ role: request.role, cidr });
    }
    return new AddressPlan(
      addressSpace,
      placed
        .sort((a, b) => a.cidr.base - b.cidr.base)
        .map(({ role, cidr }) => ({ role, addressPrefix: formatCidr(cidr), usableAddresses: sizeOf(cidr) - 5 })),
    );
  }

  private constructor(
    public readonly addressSpace: string,
    /** In the order of their addresses. */
    public readonly rows: AddressPlanRow[],
  ) {}

  /** The range of a role; undefined when the plan has none. */
  public addressPrefixOf(role: SubnetRole): string | undefined {
    return this.rows.find((row) => row.role.roleName === role.roleName)?.addressPrefix;
  }

  /** The plan as text: one line a subnet. */
  public describe(): string {
    const width = Math.max(...this.rows.map((row) => row.role.roleName.length), 4);
    const lines = this.rows.map(
      (row) =>
        `${row.role.roleName.padEnd(width)}  ${row.addressPrefix.padEnd(18)}  ${String(row.usableAddresses).padStart(6)} addresses`,
    );
    return [`address space ${this.addressSpace}`, ...lines].join('\n');
  }
}

interface Placed {
  readonly role: SubnetRole;
  readonly cidr: Cidr;
}

/** The fixed place of each role that fits; pods are left out, they would take a quarter of the space unasked. */
function layout(space: Cidr): Map<SubnetRole, Cidr> {
  const places = new Map<SubnetRole, Cidr>();
  for (const role of SubnetRole.all().filter((known) => known !== SubnetRole.PODS)) {
    const cidr = firstFree(space, role.prefixLengthIn(space.prefixLength), [...places.values()]);
    if (cidr) places.set(role, cidr);
  }
  return places;
}

function spaceOf(path: string, addressSpace: string, reserved: string[]): Cidr {
  const space = parsed(path, 'address space', addressSpace);
  const forbidden = FORBIDDEN.find(([range]) => overlaps(parsed(path, 'range', range), space));
  if (forbidden) {
    throw new ConfigurationError(path, {
      what: `address space overlaps ${forbidden[0]} (${forbidden[1]})`,
      got: JSON.stringify(addressSpace),
      allowed: 'a private range, e.g. inside 10.0.0.0/8',
      fix: 'choose another range, e.g. "10.40.0.0/16"',
    });
  }
  const clash = reserved.find((range) => overlaps(parsed(path, 'reserved range', range), space));
  if (clash !== undefined) {
    throw new ConfigurationError(path, {
      what: `address space overlaps the reserved range ${clash}`,
      got: JSON.stringify(addressSpace),
      allowed: `a range clear of ${reserved.join(', ')}`,
      fix: 'move the network, or the range it clashes with (a peered network, the service or the pod range of the cluster)',
    });
  }
  return space;
}

function parsed(path: string, what: string, text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr) return cidr;
  throw new ConfigurationError(path, {
    what: `${what} is not a range of IPv4 addresses`,
    got: JSON.stringify(text),
    allowed: 'the first address of the range and its prefix length',
    fix: 'e.g. "10.40.0.0/16"; in "10.40.1.0/16" the address is not the first one',
  });
}

function pin(path: string, space: Cidr, { role, addressPrefix = '' }: AddressPlanRequest): Placed {
  const cidr = parsed(path, `addressPrefix of subnet ${role.roleName}`, addressPrefix);
  if (!contains(space, cidr)) {
    throw new ConfigurationError(path, {
      what: `subnet ${role.roleName} lies outside the address space`,
      got: JSON.stringify(addressPrefix),
      allowed: `a range inside ${formatCidr(space)}`,
      fix: 'leave addressPrefix out and let the plan place the subnet',
    });
  }
  checkPrefixLength(path, role, cidr.prefixLength);
  return { role, cidr };
}

function checkPrefixLength(path: string, role: SubnetRole, prefixLength: number): void {
  if (prefixLength <= role.smallestPrefixLength) return;
  throw new ConfigurationError(path, {
    what: `subnet ${role.roleName} is too small`,
    got: `/${prefixLength}`,
    allowed: `/${role.smallestPrefixLength} or larger`,
    fix: `ask for prefixLength ${role.smallestPrefixLength}, or leave it out`,
  });
}

function checkOverlaps(path: string, placed: Placed[]): void {
  const sorted = [...placed].sort((a, b) => a.cidr.base - b.cidr.base || a.cidr.prefixLength - b.cidr.prefixLength);
  for (const [index, row] of sorted.entries()) {
    const next = sorted.slice(index + 1).find((other) => overlaps(row.cidr, other.cidr));
    if (!next) continue;
    throw new ConfigurationError(path, {
      what: `subnets ${row.role.roleName} and ${next.role.roleName} overlap`,
      got: `${formatCidr(row.cidr)} and ${formatCidr(next.cidr)}`,
      allowed: 'ranges that share no address',
      fix: `give both an addressPrefix, or neither`,
    });
  }
}

function tooSmall(path: string, addressSpace: string, roles: SubnetRole[], role: SubnetRole, prefixLength: number) {
  return new ConfigurationError(path, {
    what: `address space is too small for its subnets: no room for ${role.roleName} (/${prefixLength})`,
    got: addressSpace,
    allowed: `a space that holds ${roles.map(({ roleName }) => roleName).join(', ')}`,
    fix: 'widen the address space (a /16 holds all roles with room to grow), or ask for smaller subnets with prefixLength',
  });
}
