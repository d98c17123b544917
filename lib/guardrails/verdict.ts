import type { AttributeValue } from './model/attribute-value';

/** How a rule judges a resource, or one aspect of it. */
export enum VerdictKind {
  PASS = 'pass',
  FAIL = 'fail',
  /** The rule does not speak about this resource. */
  NOT_APPLICABLE = 'not-applicable',
  /** Known at apply only; the plan, or nobody, can tell. Never a pass. */
  UNKNOWN = 'unknown',
}

/** What makes a resource fail. */
export interface FailureProps {
  /** The attribute; its path and value are shown. */
  readonly value: AttributeValue;
  /** What tells several findings of one rule apart, e.g. "tls". Part of the finding's id, so stable. @default - none */
  readonly finding?: string;
  /** What is wrong, where the attribute and the value do not say it. @default - none */
  readonly what?: string;
  /** What would pass. @default - none */
  readonly allowed?: string;
  /** The change to make. @default - the fix of the rule */
  readonly fix?: string;
  /** Whether no acknowledgement can cover it. @default false */
  readonly final?: boolean;
}

/** Shared by all verdicts that state nothing more: there are hundreds of thousands. */
const NONE: never[] = [];

/** The answer of a rule about one aspect of a resource. */
export class Verdict {
  /**
   * It is as it should be.
   * @param value the attribute that makes it so
   */
  public static pass(value?: AttributeValue): Verdict {
    return new Verdict(VerdictKind.PASS, value);
  }

  public static fail(props: FailureProps): Verdict {
    return new Verdict(VerdictKind.FAIL, props.value, props);
  }

  public static notApplicable(): Verdict {
    return new Verdict(VerdictKind.NOT_APPLICABLE);
  }

  /** The attribute is known at apply only. */
  public static unknown(value: AttributeValue, finding?: string): Verdict {
    return new Verdict(VerdictKind.UNKNOWN, value, { value, finding });
  }

  /** Values of the attribute that this rule would refuse: for tests that break a stack on purpose. */
  private refused: unknown[] | (() => unknown[]) = NONE;
  /** Addresses of other resources that the pass rests on. */
  private supports: string[] = NONE;

  private constructor(
    public readonly kind: VerdictKind,
    public readonly value?: AttributeValue,
    public readonly failure?: FailureProps,
  ) {}

  /** Values of the attribute that would fail; a test puts them in and expects a finding. */
  public get refusedValues(): unknown[] {
    return typeof this.refused === 'function' ? this.refused() : this.refused;
  }

  /** Addresses of the resources without which this would fail. */
  public get restsOn(): string[] {
    return this.supports;
  }

  /**
   * States values that would fail.
   * @internal
   */
  public _refusing(...values: unknown[]): Verdict {
    return this._refusingAny(values);
  }

  /**
   * The same for values that are worked out when a test asks for them.
   * @internal
   */
  public _refusingAny(values: unknown[] | (() => unknown[])): Verdict {
    this.refused = values;
    return this;
  }

  /**
   * States other resources that the pass rests on.
   * @internal
   */
  public _restingOn(...addresses: string[]): Verdict {
    this.supports = addresses;
    return this;
  }
}
