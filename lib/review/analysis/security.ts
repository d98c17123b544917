import { isObject, readPath } from '../../guardrails/model/json';
import disruptive from '../data/disruptive.json';
import roles from '../data/roles.json';
import { compare, inOrder } from '../model/order';
import type { SecurityChange } from '../model/review';
import type { RawChange } from '../plan/stack-input';

/** What a change means, without the place where it stands. */
export type SecurityFinding = Pick<SecurityChange, 'kind' | 'effect' | 'subject' | 'before' | 'after' | 'scope'>;

const ROLE_NAMES: { readonly [guid: string]: string } = roles.roles;
const NONE = 'nothing';
const LATER = '(known after apply)';

/** What a change does to identities (who may do what on what) and to the network (what is reached from where). */
export function securityOf(change: RawChange, referencesAt: (path: string) => string[]): SecurityFinding[] {
  switch (change.type) {
    case 'azurerm_role_assignment':
    case 'azurerm_pim_eligible_role_assignment':
    case 'azurerm_pim_active_role_assignment':
      return roleAssignment(change, referencesAt);
    case 'azurerm_role_definition':
      return grants(
        change,
        'role definition',
        (side) => text(readPath(side, 'permissions')),
        (side) => text(readPath(side, 'name')),
      );
    case 'azurerm_federated_identity_credential':
    case 'azuread_application_federated_identity_credential':
      return grants(
        change,
        LATER,
        (side) => `${text(readPath(side, 'subject'))} of ${known(readPath(side, 'issuer'))}`,
        (side) => known(readPath(side, 'parent_id')),
      );
    case 'azurerm_key_vault_access_policy':
      return grants(
        change,
        text(readPath(sideOf(change), 'object_id')),
        (side) => permissions(side),
        (side) => text(readPath(side, 'key_vault_id')),
      );
    case 'azurerm_network_security_rule':
      return rule(change.before, change.after, text(readPath(sideOf(change), 'network_security_group_name')));
    case 'azurerm_network_security_group':
      return rules(change);
    case 'azurerm_private_endpoint':
    case 'azurerm_private_dns_zone_virtual_network_link':
      return privateAccess(change);
    default:
      if (/^kubernetes_(cluster_)?role_binding/.test(change.type)) return roleBinding(change);
      return exposure(change);
  }
}

function roleAssignment(change: RawChange, referencesAt: (path: string) => string[]): SecurityFinding[] {
  const [was, becomes] = [roleName(change.before), roleName(change.after)];
  const side = sideOf(change);
  const subject = principalOf(side, referencesAt('principal_id'));
  const [scopeBefore, scopeAfter] = [
    text(readPath(change.before, 'scope')),
    text(readPath(change.after, 'scope'), isUnknown(change, 'scope')),
  ];
  const scope =
    exists(change.before) && exists(change.after) && scopeBefore !== scopeAfter && scopeAfter !== LATER
      ? `${scopeBefore} → ${scopeAfter}`
      : exists(change.after)
        ? scopeAfter
        : scopeBefore;
  const reach = scopeAfter === LATER || scopeBefore === LATER ? 0 : breadth(scopeAfter) - breadth(scopeBefore);
  const power = powerOf(becomes) - powerOf(was);
  const effect = !exists(change.before) ? 'broadened' : !exists(change.after) ? 'narrowed' : effectOf(power + reach);
  if (exists(change.before) && exists(change.after) && was === becomes && scopeBefore === scopeAfter) return [];
  return [
    {
      kind: 'identity',
      effect,
      subject,
      before: exists(change.before) ? was : NONE,
      after: exists(change.after) ? becomes : NONE,
      scope,
    },
  ];
}

/** The identity by its address where the configuration tells, and by its object id. */
function principalOf(side: unknown, references: string[]): string {
  const id = text(readPath(side, 'principal_id'));
  const known =
    id === NONE || id === LATER || id.includes('${')
      ? undefined
      : [text(readPath(side, 'principal_type')), id].filter((part) => part !== NONE).join(' ');
  const [address] = references;
  if (address === undefined) return known ?? LATER;
  return known === undefined ? address : `${address} (${known})`;
}

function roleName(side: unknown): string {
  const name = readPath(side, 'role_definition_name');
  if (typeof name === 'string' && name !== '') return name;
  const id = readPath(side, 'role_definition_id');
  if (typeof id !== 'string') return exists(side) ? LATER : NONE;
  const guid = id.split('/').at(-1)?.toLowerCase() ?? '';
  return ROLE_NAMES[guid] ?? id;
}

/** How much a role lets one do: 4 grants rights to others, 3 changes everything, 2 writes, 1 reads. */
function powerOf(role: string): number {
  if (role === NONE) return 0;
  if (
    /^owner$|user access administrator|role based access control administrator|data access administrator|rbac cluster admin|cluster admin role/i.test(
      role,
    )
  )
    return 4;
  if (/^contributor$|administrator|data owner|foundry owner|account owner/i.test(role)) return 3;
  if (/read|pull|user$|viewer|lister|subscriber|receiver|consumer/i.test(role) && !/contributor|write/i.test(role)) return 1;
  return 2;
}

function breadth(scope: string): number {
  if (/managementgroups/i.test(scope) || scope === '/') return 4;
  if (/^\/subscriptions\/[^/]+\/?$/i.test(scope)) return 3;
  return /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/?$/i.test(scope) ? 2 : 1;
}

/** Rights that come, go, or change as a whole. */
function grants(
  change: RawChange,
  subject: string,
  right: (side: unknown) => string,
  scopeOf: (side: unknown) => string,
): SecurityFinding[] {
  const [before, after] = [
    exists(change.before) ? right(change.before) : NONE,
    exists(change.after) ? right(change.after) : NONE,
  ];
  if (before === after) return [];
  const effect = before === NONE ? 'broadened' : after === NONE ? 'narrowed' : 'changed';
  const who = change.type.includes('federated') ? (after === NONE ? before : after) : subject;
  return [{ kind: 'identity', effect, subject: who, before, after, scope: scopeOf(sideOf(change)) }];
}

function permissions(side: unknown): string {
  return ['key', 'secret', 'certificate', 'storage']
    .flatMap((kind) => {
      const list = readPath(side, `${kind}_permissions`);
      return Array.isArray(list) && list.length > 0 ? [`${kind}s: ${list.map(String).sort().join(', ')}`] : [];
    })
    .join('; ');
}

function roleBinding(change: RawChange): SecurityFinding[] {
  const role = (side: unknown) => `${text(readPath(side, 'role_ref.kind'))} ${text(readPath(side, 'role_ref.name'))}`;
  const subjects = readPath(sideOf(change), 'subject');
  const names = (Array.isArray(subjects) ? subjects : [subjects]).map(
    (one: unknown) => `${text(readPath(one, 'kind'))} ${text(readPath(one, 'name'))}`,
  );
  const scope = text(readPath(sideOf(change), 'metadata.namespace'));
  const found = grants(change, names.join(', '), role, () => (scope === NONE ? 'the cluster' : `namespace ${scope}`));
  if (found.length > 0 || !exists(change.before) || !exists(change.after)) return found;
  const [left, right] = [readPath(change.before, 'subject'), readPath(change.after, 'subject')];
  if (JSON.stringify(left) === JSON.stringify(right)) return [];
  return [
    {
      kind: 'identity',
      effect: 'changed',
      subject: names.join(', '),
      before: role(change.before),
      after: role(change.after),
      scope,
    },
  ];
}

function rules(change: RawChange): SecurityFinding[] {
  const name = text(readPath(sideOf(change), 'name'));
  const listed = (side: unknown) => new Map(blocks(side).map((block) => [String(block.name), block]));
  const [left, right] = [listed(change.before), listed(change.after)];
  return [...new Set([...left.keys(), ...right.keys()])].sort().flatMap((key) => rule(left.get(key), right.get(key), name));
}

function blocks(side: unknown): Record<string, unknown>[] {
  const list = isObject(side) ? side.security_rule : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function rule(before: unknown, after: unknown, group: string): SecurityFinding[] {
  const [left, right] = [ruleText(before), ruleText(after)];
  if (left === right) return [];
  const side = exists(after) ? after : before;
  const allows = (one: unknown) => exists(one) && readPath(one, 'access') !== 'Deny';
  const [opened, closed] = [!exists(before) || !allows(before), !exists(after) || !allows(after)];
  const effect =
    allows(after) && opened
      ? 'broadened'
      : closed && allows(before)
        ? 'narrowed'
        : !exists(before)
          ? 'narrowed'
          : !exists(after)
            ? 'broadened'
            : sourceEffect(before, after);
  return [
    {
      kind: 'network',
      effect,
      subject: `${text(readPath(side, 'direction')).toLowerCase()} rule ${text(readPath(side, 'name'))}`,
      before: left,
      after: right,
      scope: group,
    },
  ];
}

function sourceEffect(before: unknown, after: unknown): SecurityChange['effect'] {
  const open = (one: unknown) => /^(?:\*|any|internet|0\.0\.0\.0\/0)$/i.test(String(readPath(one, 'source_address_prefix')));
  return open(after) && !open(before) ? 'broadened' : open(before) && !open(after) ? 'narrowed' : 'changed';
}

function ruleText(side: unknown): string {
  if (!exists(side)) return NONE;
  const either = (name: string) => {
    const one = readPath(side, name);
    if (typeof one === 'string' && one !== '') return one;
    const many = readPath(side, `${name}s`) ?? readPath(side, name.replace(/x$/, 'xes'));
    return Array.isArray(many) && many.length > 0
      ? many.map(String).sort().join(', ')
      : isObject(side) && many === undefined
        ? '*'
        : text(many);
  };
  const access = text(readPath(side, 'access')).toLowerCase();
  return `${access} ${text(readPath(side, 'protocol'))} ${either('source_address_prefix')} to ${either('destination_address_prefix')} port ${either('destination_port_range')}`;
}

function privateAccess(change: RawChange): SecurityFinding[] {
  if (exists(change.before) && exists(change.after)) return [];
  const side = sideOf(change);
  const target =
    change.type === 'azurerm_private_endpoint'
      ? readPath(side, 'private_service_connection.private_connection_resource_id')
      : readPath(side, 'private_dns_zone_name');
  const from = change.type === 'azurerm_private_endpoint' ? readPath(side, 'subnet_id') : readPath(side, 'virtual_network_id');
  const way = `private way from ${shortId(text(from))}`;
  const added = exists(change.after);
  return [
    {
      kind: 'network',
      effect: 'changed',
      subject: shortId(text(target)),
      before: added ? NONE : way,
      after: added ? way : NONE,
      scope: text(readPath(side, 'name')),
    },
  ];
}

interface Switch {
  readonly path: string;
  /** First step of the path: what a resource does not have at all needs no further look. */
  readonly key: string;
  readonly what: string;
  readonly open: (value: unknown) => boolean;
}

function switchesOf(paths: readonly string[], what: string, open: (value: unknown) => boolean): Switch[] {
  return paths.map((path) => ({ path, key: path.split('.', 1)[0] ?? path, what, open }));
}

const isTrue = (value: unknown) => value === true;
const isFalse = (value: unknown) => value === false;

const SWITCHES: readonly Switch[] = [
  ...switchesOf(disruptive.publicAccess, 'the public network', (value) => value === true || /^enabled$/i.test(String(value))),
  ...switchesOf(disruptive.keyAccess, 'keys', isTrue),
  ...switchesOf(disruptive.defaultAction, 'networks that are not listed', (value) => /^allow$/i.test(String(value))),
  ...switchesOf(['allow_nested_items_to_be_public'], 'anonymous readers', isTrue),
  ...switchesOf(['anonymous_pull_enabled'], 'anonymous pulls', isTrue),
  ...switchesOf(['private_cluster_enabled'], 'the public network', isFalse),
  ...switchesOf(['local_account_disabled'], 'local accounts', isFalse),
  ...switchesOf(['local_authentication_disabled'], 'keys', isFalse),
  ...switchesOf(['https_traffic_only_enabled'], 'unencrypted traffic', isFalse),
];
const ADDRESS_LISTS = switchesOf(
  ['network_rules.ip_rules', 'network_acls.ip_rules', 'api_server_access_profile.authorized_ip_ranges'],
  'listed addresses',
  () => true,
);

/** Switches of public access, keys and firewalls on any type. */
function exposure(change: RawChange): SecurityFinding[] {
  const { before: left, after: right } = change;
  const found: SecurityFinding[] = [];
  if (isObject(right)) {
    for (let index = 0; index < SWITCHES.length; index += 1) {
      const one = SWITCHES[index];
      if (one && right[one.key] !== undefined) addSwitch(change, one, found);
    }
  }
  if (exists(left)) {
    for (const { path, key } of ADDRESS_LISTS) if (has(left, key) || has(right, key)) addAddresses(change, path, found);
  }
  return found;
}

function addSwitch(change: RawChange, { path, what, open }: Switch, found: SecurityFinding[]): void {
  const { before: left, after: right } = change;
  const before = readPath(left, path);
  const after = readPath(right, path);
  if (before === after || after === undefined || after === null) return;
  const was = open(before);
  const becomes = open(after);
  if (was === becomes || (!exists(left) && !becomes)) return;
  found.push({
    kind: 'network',
    effect: becomes ? 'broadened' : 'narrowed',
    subject: text(readPath(sideOf(change), 'name')),
    before: was ? `open to ${what}` : `closed to ${what}`,
    after: becomes ? `open to ${what}` : `closed to ${what}`,
    scope: path,
  });
}

function addAddresses(change: RawChange, path: string, found: SecurityFinding[]): void {
  const [left, right] = [readPath(change.before, path), readPath(change.after, path)];
  if (left === right || isSameList(left, right)) return;
  const before = list(left);
  const after = list(right);
  if (before.join() === after.join()) return;
  found.push({
    kind: 'network',
    effect: after.some((one) => !before.includes(one)) ? 'broadened' : 'narrowed',
    subject: text(readPath(sideOf(change), 'name')),
    before: before.join(', ') || NONE,
    after: after.join(', ') || NONE,
    scope: path,
  });
}

function has(side: unknown, key: string): boolean {
  return isObject(side) && Object.hasOwn(side, key);
}

function effectOf(difference: number): SecurityChange['effect'] {
  if (difference > 0) return 'broadened';
  return difference < 0 ? 'narrowed' : 'changed';
}

function isSameList(left: unknown, right: unknown): boolean {
  return (
    Array.isArray(left) &&
    Array.isArray(right) &&
    left.length === right.length &&
    left.every((one, index) => typeof one === 'string' && one === right[index])
  );
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? inOrder(value.map(String), compare) : [];
}

function exists(side: unknown): boolean {
  return side !== null && side !== undefined;
}

function sideOf(change: RawChange): unknown {
  return exists(change.after) ? mergedOver(change.before, change.after, change.afterUnknown) : change.before;
}

/** What is known after, and what stood before where it is not. */
function mergedOver(before: unknown, after: unknown, unknown: unknown): unknown {
  if (!isObject(after) || !isObject(before) || !isObject(unknown)) return after;
  const later = Object.keys(unknown).filter((key) => unknown[key] === true);
  if (later.length === 0) return after;
  return { ...after, ...Object.fromEntries(later.map((key) => [key, before[key]])) };
}

function isUnknown(change: RawChange, path: string): boolean {
  return readPath(change.afterUnknown, path) === true;
}

/** What must be there: where it is not, it is known later. */
function known(value: unknown): string {
  return value === undefined || value === null ? LATER : text(value);
}

function text(value: unknown, unknown = false): string {
  if (unknown) return LATER;
  if (value === undefined || value === null || value === '') return NONE;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Last two parts of an ARM id: "subnets/nodes". */
export function shortId(id: string): string {
  return id.startsWith('/subscriptions/') ? id.split('/').slice(-2).join('/') : id;
}
