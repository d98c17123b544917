import { AttributeValue } from './model/attribute-value';
import { isExpression } from './model/json';
import { Verdict, VerdictKind } from './verdict';

/** How a finding is told; see FailureProps. */
export interface CheckOptions {
  readonly finding?: string;
  readonly what?: string;
  readonly allowed?: string;
  readonly fix?: string;
}

/** Verdicts about one attribute. Unresolved values are unknown, never a pass; missing ones carry the provider's default. */
export function expectThat(value: AttributeValue, options: CheckOptions = {}): Expectation {
  return new Expectation(value, options);
}

class Expectation {
  constructor(
    private readonly value: AttributeValue,
    private readonly options: CheckOptions,
  ) {}

  /** One of these values. Texts compare without case, as Azure does. */
  public is(...allowed: unknown[]): Verdict {
    if (this.value.isUnresolved) return Verdict.unknown(this.value, this.options.finding);
    return isAmong(allowed, this.value.literal)
      ? Verdict.pass(this.value)._refusingAny(() => opposites(allowed))
      : this.fail(allowed.map(String).join(' or '));
  }

  /** None of these values; missing passes. */
  public isNot(...refused: unknown[]): Verdict {
    if (this.value.isUnresolved) return Verdict.unknown(this.value, this.options.finding);
    return isAmong(refused, this.value.literal)
      ? this.fail(`not ${refused.map(String).join(', ')}`)
      : Verdict.pass(this.value)._refusingAny(refused);
  }

  /** Stated. A plain reference to another resource counts, a variable or a condition may still turn out null. */
  public isSet(): Verdict {
    if (this.value.isReference) return Verdict.pass(this.value)._refusingAny(NOTHING);
    return this.holds(isStated, 'set', NOTHING);
  }

  /** Left out. */
  public isNotSet(): Verdict {
    if (this.value.isReference) return this.fail('not set');
    return this.holds((literal) => literal === undefined || literal === false || isEmptyCollection(literal), 'not set', ['set']);
  }

  public atLeast(least: number): Verdict {
    return this.number((found) => found >= least, `at least ${least}`, [least - 1]);
  }

  public atMost(most: number): Verdict {
    return this.number((found) => found <= most, `at most ${most}`, [most + 1]);
  }

  /** A text that matches. */
  public matches(pattern: RegExp, allowed: string, refused: unknown[] = []): Verdict {
    return this.holds((literal) => typeof literal === 'string' && pattern.test(literal), allowed, refused);
  }

  /** Whatever the test says about the literal; undefined where the attribute is missing. */
  public holds(test: (literal: unknown) => boolean, allowed: string, refused: unknown[] = []): Verdict {
    if (this.value.isUnresolved) return Verdict.unknown(this.value, this.options.finding);
    return test(this.value.literal) ? Verdict.pass(this.value)._refusingAny(refused) : this.fail(allowed);
  }

  /** A list with an item of this kind. An item that an expression decides may be one. */
  public contains(test: (item: string) => boolean, allowed: string, refused: unknown[] = [[]]): Verdict {
    if (this.value.isUnresolved) return Verdict.unknown(this.value, this.options.finding);
    if (this.known().some(test)) return Verdict.pass(this.value)._refusing(...refused);
    return this.value.holdsUnresolved ? Verdict.unknown(this.value, this.options.finding) : this.fail(allowed);
  }

  /** A list without an item of this kind. An item that an expression decides may be one. */
  public excludes(test: (item: string) => boolean, allowed: string, refused: unknown[] = []): Verdict {
    if (this.value.isUnresolved) return Verdict.unknown(this.value, this.options.finding);
    if (this.known().some(test)) return this.fail(allowed);
    return this.value.holdsUnresolved
      ? Verdict.unknown(this.value, this.options.finding)
      : Verdict.pass(this.value)._refusing(...refused);
  }

  private known(): string[] {
    return this.value.strings.filter((item) => !isExpression(item));
  }

  private number(test: (found: number) => boolean, allowed: string, refused: unknown[]): Verdict {
    return this.holds(() => this.value.number !== undefined && test(this.value.number), allowed, refused);
  }

  private fail(allowed: string): Verdict {
    const { finding, what, allowed: told = allowed, fix } = this.options;
    return Verdict.fail({ value: this.value, finding, what, allowed: told, fix });
  }
}

/** Passes where one does; unknown where one may; else the first failure. */
export function anyOf(...verdicts: Verdict[]): Verdict {
  const passing = verdicts.filter((verdict) => verdict.kind === VerdictKind.PASS);
  if (passing.length === 1 && passing[0]) return passing[0];
  if (passing.length > 1) return Verdict.pass();
  return verdicts.find((verdict) => verdict.kind === VerdictKind.UNKNOWN) ?? verdicts[0] ?? Verdict.notApplicable();
}

/** A value that stands for the whole resource, where no attribute is at fault. */
export function absence(what: string): AttributeValue {
  return new AttributeValue(what, undefined);
}

/** The same attribute with its value hidden, whatever its name. */
export function masked(value: AttributeValue): AttributeValue {
  return new AttributeValue(value.path, value.text || '?', false, true, value.address);
}

/** Passes, resting on the resources found; fails where none is. */
export function exists(addresses: string[], missing: string, options: CheckOptions = {}): Verdict {
  return addresses.length > 0
    ? Verdict.pass()._restingOn(...addresses)
    : Verdict.fail({ value: absence(missing), allowed: 'one', ...options });
}

function isAmong(list: readonly unknown[], literal: unknown): boolean {
  for (const one of list) if (same(one, literal)) return true;
  return false;
}

function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.toLowerCase() === b.toLowerCase();
  // Terraform takes "true" for true
  return a === b || (typeof a === 'boolean' && b === String(a));
}

function opposites(allowed: unknown[]): unknown[] {
  if (allowed.length === 1 && typeof allowed[0] === 'boolean') return [!allowed[0]];
  return allowed.every((one) => typeof one === 'string') ? ['SomethingElse'] : [];
}

const NOTHING: unknown[] = [undefined];

function isStated(literal: unknown): boolean {
  return literal !== undefined && !isEmptyCollection(literal);
}

function isEmptyCollection(literal: unknown): boolean {
  return typeof literal === 'object' && literal !== null && Object.keys(literal).length === 0;
}
