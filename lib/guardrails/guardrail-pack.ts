import { ConfigurationError } from '../core/configuration-error';
import { nearest } from '../core/nearest';
import type { AllowedPlaces } from './model/stack-model';
import { type IRule, RuleSeverity } from './rule';
import { ALL_RULES } from './rules';

/** Rules that ask more than most platforms need. */
const REGULATED_ONLY = ['MLP-CMK-001'];
const COST_RULES = [
  'MLP-AKS-009',
  'MLP-NPL-005',
  'MLP-AML-007',
  'MLP-AML-008',
  'MLP-TAG-001',
  'MLP-CST-001',
  'MLP-CST-002',
  'MLP-CST-003',
];

/**
 * A set of rules. Take one, add rules of your own, or drop some:
 *
 * ```ts
 * GuardrailPack.BASELINE.with(backupsLeaveTheRegion).without('MLP-CST-003')
 * ```
 */
export class GuardrailPack {
  /** Every rule but those for regulated data, each as strict as the stage of the stack asks. */
  public static readonly BASELINE = new GuardrailPack(
    'baseline',
    ALL_RULES.filter((rule) => !REGULATED_ONLY.includes(rule.id)),
  );
  /** The same rules, every stack judged as prod. */
  public static readonly PRODUCTION = new GuardrailPack('production', GuardrailPack.BASELINE.rules, 'prod');
  /** Every rule, customer-managed keys among them, every stack judged as prod. */
  public static readonly REGULATED = new GuardrailPack('regulated', ALL_RULES, 'prod');
  /** What keeps the bill in sight. */
  public static readonly COST = new GuardrailPack(
    'cost',
    ALL_RULES.filter((rule) => COST_RULES.includes(rule.id)),
  );

  /**
   * A pack by its shape: it may come from another copy of this library.
   * @internal
   */
  public static _of(other: GuardrailPack): GuardrailPack {
    return new GuardrailPack(other.packName, other.rules, other._strictness, other._allowed);
  }

  /** A pack of your own rules only. */
  public static of(name: string, rules: IRule[]): GuardrailPack {
    return new GuardrailPack(name, rules);
  }

  /**
   * A pack by its name.
   * @throws when there is none
   */
  public static named(name: string): GuardrailPack {
    const packs = [GuardrailPack.BASELINE, GuardrailPack.PRODUCTION, GuardrailPack.REGULATED, GuardrailPack.COST];
    const found = packs.find((pack) => pack.packName === name);
    if (found) return found;
    throw new ConfigurationError('GuardrailPack.named', {
      what: 'no pack of this name',
      got: JSON.stringify(name),
      allowed: packs.map((pack) => pack.packName).join(', '),
      fix: 'name one of these',
    });
  }

  /** @internal */
  public readonly _strictness?: string;
  /** @internal */
  public readonly _allowed: AllowedPlaces;

  private constructor(
    public readonly packName: string,
    public readonly rules: IRule[],
    strictness?: string,
    allowed: AllowedPlaces = {},
  ) {
    this._strictness = strictness;
    this._allowed = allowed;
    const ids = rules.map((rule) => rule.id);
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice !== undefined) {
      throw new ConfigurationError(`GuardrailPack ${packName}`, {
        what: 'two rules have one id',
        got: twice,
        fix: 'give your rule an id of its own, e.g. "ACME-001"',
      });
    }
  }

  /** The pack and these rules. */
  public with(...rules: IRule[]): GuardrailPack {
    return this.copy({ rules: [...this.rules, ...rules] });
  }

  /**
   * The pack less these rules, by id.
   * @throws when the pack has no such rule
   */
  public without(...ruleIds: string[]): GuardrailPack {
    for (const id of ruleIds) this.checkId(id);
    return this.copy({ rules: this.rules.filter((rule) => !ruleIds.includes(rule.id)) });
  }

  /**
   * Only these rules of the pack, by id.
   * @throws when the pack has no such rule
   */
  public only(...ruleIds: string[]): GuardrailPack {
    for (const id of ruleIds) this.checkId(id);
    return this.copy({ rules: this.rules.filter((rule) => ruleIds.includes(rule.id)) });
  }

  /** The pack with every stack judged as prod. */
  public asProduction(): GuardrailPack {
    return this.copy({ strictness: 'prod' });
  }

  /**
   * The pack with one rule raised to a higher severity. To lower one, acknowledge its findings.
   * @throws when the pack has no such rule, or the severity is not higher
   */
  public raising(ruleId: string, severity: RuleSeverity): GuardrailPack {
    this.checkId(ruleId);
    const rules = this.rules.map((rule) => {
      if (rule.id !== ruleId) return rule;
      if (ORDER.indexOf(severity) > ORDER.indexOf(rule.severity)) {
        throw new ConfigurationError(`GuardrailPack ${this.packName}`, {
          what: `severity of ${ruleId} is lowered`,
          got: severity,
          allowed: `${rule.severity} or higher`,
          fix: 'acknowledge the finding instead: Guardrails.of(construct).acknowledge({ ... })',
        });
      }
      return { ...rule, check: rule.check.bind(rule), severity };
    });
    return this.copy({ rules });
  }

  /**
   * The pack with the locations that resources may stand in; MLP-TAG-001 then refuses the others.
   * @param locations e.g. "westeurope"; "global" is always allowed
   */
  public allowingLocations(...locations: string[]): GuardrailPack {
    return this.copy({ allowed: { ...this._allowed, locations: [...(this._allowed.locations ?? []), ...locations] } });
  }

  /**
   * The pack with more hosts that images may come from; see MLP-K8S-006 for those it knows.
   * @param hosts e.g. "registry.acme.example" or "*.acme.example"
   */
  public allowingRegistries(...hosts: string[]): GuardrailPack {
    return this.copy({ allowed: { ...this._allowed, registries: [...(this._allowed.registries ?? []), ...hosts] } });
  }

  private copy(changes: { rules?: IRule[]; strictness?: string; allowed?: AllowedPlaces }): GuardrailPack {
    const { rules = this.rules, strictness = this._strictness, allowed = this._allowed } = changes;
    return new GuardrailPack(this.packName, rules, strictness, allowed);
  }

  private checkId(id: string): void {
    const ids = this.rules.map((rule) => rule.id);
    if (ids.includes(id)) return;
    throw new ConfigurationError(`GuardrailPack ${this.packName}`, {
      what: 'the pack has no such rule',
      got: JSON.stringify(id),
      allowed: `ids of its rules, e.g. ${nearest(id, ids).join(', ')}`,
      fix: 'take the id from docs/guardrails.md',
    });
  }
}

const ORDER = [RuleSeverity.CRITICAL, RuleSeverity.HIGH, RuleSeverity.MEDIUM, RuleSeverity.LOW];
