import type { AttributeValue } from '../model/attribute-value';
import type { ResourceModel } from '../model/stack-model';

export const NETWORK_RULE_TYPES = ['azurerm_network_security_group', 'azurerm_network_security_rule'];

/** One rule of a network security group, inline or a resource of its own. */
export interface NetworkRule {
  readonly field: (name: string) => AttributeValue;
}

export function networkRulesOf(resource: ResourceModel): NetworkRule[] {
  if (resource.type === 'azurerm_network_security_rule') return [{ field: (name) => resource.value(name) }];
  return resource.blocks('security_rule').map((block) => ({ field: (name) => block.value(name) }));
}

const INTERNET = /^(\*|internet|any|0\.0\.0\.0|0\.0\.0\.0\/0|::\/0|<nw>\/0)$|\/0$/i;

/** Whether the rule lets the internet in: true, false, or undefined where an expression decides. */
export function opensToInternet(rule: NetworkRule): boolean | undefined {
  const direction = rule.field('direction');
  const access = rule.field('access');
  if (isLiteralOther(direction, 'inbound') || isLiteralOther(access, 'allow')) return false;
  const sources = [rule.field('source_address_prefix'), rule.field('source_address_prefixes')];
  if (sources.some((source) => source.strings.some((prefix) => INTERNET.test(prefix)))) {
    return direction.isUnresolved || access.isUnresolved ? undefined : true;
  }
  return sources.some((source) => source.holdsUnresolved) ? undefined : false;
}

/** Whether its destination ports hold one of these; undefined where an expression decides. */
export function coversPort(rule: NetworkRule, ports: readonly number[]): boolean | undefined {
  const ranges = [rule.field('destination_port_range'), rule.field('destination_port_ranges')];
  const texts = ranges.flatMap((range) => range.strings);
  const covers = (range: string) => {
    if (range === '*') return true;
    const [low = Number.NaN, high = low] = range.split('-').map(Number);
    return ports.some((port) => port >= low && port <= high);
  };
  if (texts.some(covers)) return true;
  return ranges.some((range) => range.holdsUnresolved) ? undefined : false;
}

/** The attribute to show for a rule that lets the internet in. */
export function sourceOf(rule: NetworkRule): AttributeValue {
  const single = rule.field('source_address_prefix');
  return single.isMissing ? rule.field('source_address_prefixes') : single;
}

function isLiteralOther(value: AttributeValue, wanted: string): boolean {
  return !value.isUnresolved && value.text.toLowerCase() !== wanted;
}
