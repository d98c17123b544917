import { createHash } from 'node:crypto';
import { Token } from 'cdktf';
import { ConfigurationError } from './configuration-error';
import { NAMING_RULES, type NamingRule } from './naming-rules';
import { nearest } from './nearest';

/** What names are made of. */
export interface NamingProps {
  /** The platform, 3-20 lower-case letters, digits and single hyphens, letter first, e.g. "contoso-ml". */
  readonly project: string;
  /** As in `Stage.name`. */
  readonly stage: string;
  /** Short form of the region, e.g. "euw". */
  readonly region: string;
  /** What makes globally unique names differ between two companies with the same project name: the subscription id. */
  readonly salt: string;
}

/**
 * Names by the Cloud Adoption Framework: `<abbreviation>-<project>-<stage>-<region>[-<purpose>]`.
 *
 * The same inputs always give the same name. Globally unique types get four characters of a hash; so does a name that had to
 * be shortened to fit.
 * @see https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/resource-naming
 */
export class Naming {
  /**
   * Says why Azure would refuse a name.
   * @param path the construct to name in the error
   * @param type Terraform or ARM type, e.g. "azurerm_key_vault"
   * @throws when length or characters do not fit; unresolved tokens pass
   */
  public static check(path: string, type: string, name: string): void {
    if (Token.isUnresolved(name)) return;
    const rule = ruleOf(path, type);
    if (name.length >= rule.minLength && name.length <= rule.maxLength && rule.pattern.test(name)) return;
    throw new ConfigurationError(path, {
      what: `name of ${type} is not valid`,
      got: `${JSON.stringify(name)} (${name.length} characters)`,
      allowed: rule.allowed,
      fix: 'leave the name out and let the environment make it, or shorten it and drop what is not allowed',
    });
  }

  constructor(private readonly props: NamingProps) {
    if (!/^(?=.{3,20}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(props.project)) {
      throw new ConfigurationError('Environment', {
        what: 'project is not valid',
        got: JSON.stringify(props.project),
        allowed: '3-20 lower-case letters, digits and single hyphens, letter first',
        fix: 'use a short name of the platform, e.g. "contoso-ml"',
      });
    }
  }

  /**
   * The name before it is shortened and hashed, e.g. "kv-contoso-ml-prod-euw-models".
   * @param type Terraform or ARM type
   * @param purpose what tells two resources of one type apart; lower-case words
   */
  public full(type: string, purpose?: string): string {
    return this.parts(ruleOf('Naming', type), purpose).join('-');
  }

  /** The name, e.g. "kv-contosomlprodeuw-k3f9". */
  public name(type: string, purpose?: string): string {
    const rule = ruleOf('Naming', type);
    const parts = this.parts(rule, purpose).map((part) => (rule.separator === '' ? part.replaceAll('-', '') : part));
    const plain = parts.join(rule.separator);
    if (!rule.global && plain.length <= rule.maxLength) return plain;
    const hash = this.hash(this.full(type, purpose));
    const readable = [...parts, hash].join(rule.separator);
    if (readable.length <= rule.maxLength) return readable;
    const room = rule.maxLength - rule.abbreviation.length - hash.length - 2 * rule.separator.length;
    const body = parts.slice(1).join('').replaceAll('-', '').slice(0, room);
    return [rule.abbreviation, body, hash].join(rule.separator);
  }

  private parts(rule: NamingRule, purpose: string | undefined): string[] {
    const { project, stage, region } = this.props;
    return [rule.abbreviation, project, stage, region, ...(purpose ? [purpose.toLowerCase()] : [])];
  }

  private hash(full: string): string {
    const digest = createHash('sha256').update(`${this.props.salt}/${full}`).digest();
    return (digest.readUInt32BE(0) % 36 ** 4).toString(36).padStart(4, '0');
  }
}

function ruleOf(path: string, type: string): NamingRule {
  const rule = NAMING_RULES[type];
  if (rule) return rule;
  throw new ConfigurationError(path, {
    what: 'no naming rule for this type',
    got: type,
    allowed: `e.g. ${nearest(type, Object.keys(NAMING_RULES)).join(', ')}`,
    fix: 'add the rule to lib/core/naming-rules.ts with its source, or give the name yourself',
  });
}
