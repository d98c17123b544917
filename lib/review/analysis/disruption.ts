import { readPath } from '../../guardrails/model/json';
import table from '../data/disruptive.json';
import type { AttributeChange, Disruption } from '../model/review';
import { isAtOrBelow } from '../plan/attribute-diff';
import type { RawChange } from '../plan/stack-input';

const UPGRADES: { readonly [type: string]: readonly string[] } = table.upgrades;
const RESTARTS: { readonly [type: string]: readonly string[] } = table.restarts;

const NONE: readonly string[] = [];

/** Why users feel an update that Terraform makes in place. */
export function disruptionsOf(change: RawChange, attributes: readonly AttributeChange[]): Disruption[] {
  if (!change.actions.includes('update')) return NOTHING;
  const touching = (wanted: readonly string[]) => {
    const paths: string[] = [];
    for (let index = 0; index < attributes.length; index += 1) {
      const path = attributes[index]?.path ?? '';
      if (isAmong(path, wanted)) paths.push(path);
    }
    return paths;
  };
  const found: Disruption[] = [...rotations(change, touching), ...accessCuts(change, touching)];
  const upgrades = touching(UPGRADES[change.type] ?? NONE);
  if (upgrades.length > 0) {
    found.push({ attributes: upgrades, what: 'rolling upgrade: nodes are drained one after the other', failsAtApply: false });
  }
  const restarts = touching(RESTARTS[change.type] ?? NONE);
  if (restarts.length > 0)
    found.push({ attributes: restarts, what: 'the service restarts or is scaled: connections drop', failsAtApply: false });
  return found.length === 0 ? NOTHING : found;
}

/** Shared by all updates that nobody feels. */
const NOTHING: Disruption[] = [];

function isAmong(path: string, wanted: readonly string[]): boolean {
  for (let index = 0; index < wanted.length; index += 1) if (isAtOrBelow(path, wanted[index] ?? '')) return true;
  return false;
}

type Touching = (wanted: readonly string[]) => string[];

function rotations(change: RawChange, touching: Touching): Disruption[] {
  const { both, defaultPoolOnly } = table.rotation;
  if (change.type === 'azurerm_kubernetes_cluster') {
    const paths = touching([...both, ...defaultPoolOnly].map((path) => `default_node_pool.${path}`)).filter(
      (path) => path !== 'default_node_pool.os_sku' || !inPlaceOsSku(change, path),
    );
    const renamed = paths.includes('default_node_pool.name');
    const what = renamed
      ? 'the default pool changes its name: a rotation that was interrupted before, or a new one'
      : 'all nodes of the default pool are replaced through a temporary pool, without cordon and drain';
    return rotation(change, paths, 'default_node_pool.temporary_name_for_rotation', what);
  }
  if (change.type !== 'azurerm_kubernetes_cluster_node_pool') return [];
  const paths = touching(both).filter((path) => path !== 'os_sku' || !inPlaceOsSku(change, path));
  return rotation(
    change,
    paths,
    'temporary_name_for_rotation',
    'all nodes of the pool are replaced through a temporary pool, without cordon and drain',
  );
}

function rotation(change: RawChange, paths: string[], temporaryName: string, what: string): Disruption[] {
  if (paths.length === 0) return [];
  const temporary = readPath(change.after, temporaryName);
  const failsAtApply = (temporary === undefined || temporary === null || temporary === '') && !isUnknown(change, temporaryName);
  return [
    {
      attributes: paths,
      what: failsAtApply ? `${what}; the apply fails, as temporary_name_for_rotation is not set` : what,
      failsAtApply,
    },
  ];
}

function isUnknown(change: RawChange, path: string): boolean {
  return readPath(change.afterUnknown, path) === true;
}

/** Between Ubuntu and Azure Linux AKS changes the images in place. */
function inPlaceOsSku(change: RawChange, path: string): boolean {
  return [change.before, change.after].every((side) => /^(?:Ubuntu|AzureLinux)/.test(String(readPath(side, path))));
}

function accessCuts(change: RawChange, touching: Touching): Disruption[] {
  const cut = (path: string, closed: (value: unknown) => boolean) => {
    const [before, after] = [readPath(change.before, path), readPath(change.after, path)];
    return closed(after) && !closed(before) && before !== undefined && before !== null;
  };
  const off = (value: unknown) => value === false || /^(disabled|securedbyperimeter)$/i.test(String(value));
  const found: Disruption[] = [];
  const closed = touching(table.publicAccess).filter((path) => cut(path, off));
  if (closed.length > 0)
    found.push({
      attributes: closed,
      what: 'public network access ends: whoever comes that way is cut off',
      failsAtApply: false,
    });
  const keys = touching(table.keyAccess).filter((path) => cut(path, off));
  if (keys.length > 0)
    found.push({ attributes: keys, what: 'keys stop working: clients without an identity are cut off', failsAtApply: false });
  const denied = touching(table.defaultAction).filter((path) => cut(path, (value) => /^deny$/i.test(String(value))));
  if (denied.length > 0)
    found.push({
      attributes: denied,
      what: 'the firewall denies by default: networks that are not listed are cut off',
      failsAtApply: false,
    });
  return found;
}

/** Whether nothing but what no one feels is changed: tags, or values that the provider computes. */
export function isNoise(change: RawChange, attributes: readonly AttributeChange[], isStated: (path: string) => boolean): boolean {
  if (!change.actions.includes('update')) return false;
  return attributes.every(
    (attribute) =>
      /^(?:tags|tags_all|default_node_pool\.tags|depends_on|timeouts)(?:\.|\[|$)/.test(attribute.path) ||
      isPhantom(change, attribute) ||
      (attribute.unknown && attribute.before !== undefined && !isStated(attribute.path)),
  );
}

/** The plan wants to remove upgrade settings that AKS fills in by itself, every time (azurerm issue 26568). */
function isPhantom(change: RawChange, attribute: AttributeChange): boolean {
  return (
    change.type.startsWith('azurerm_kubernetes_cluster') &&
    /^(?:default_node_pool\.)?upgrade_settings(?:\.|$)/.test(attribute.path) &&
    attribute.kind === 'removed'
  );
}

/** Drift that nobody made by hand: subnets show on their network too, and Azure Policy adds tags and diagnostics. */
export function isDriftNoise(change: RawChange, attributes: readonly AttributeChange[]): boolean {
  if (!change.actions.includes('update')) return false;
  if (change.type === 'azurerm_monitor_diagnostic_setting') return true;
  return attributes.every(
    ({ path }) =>
      /^(?:tags|default_node_pool\.tags|etag|last_modified)/.test(path) ||
      (change.type === 'azurerm_virtual_network' && path.startsWith('subnet')),
  );
}
