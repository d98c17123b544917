import { ConfigurationError } from './configuration-error';

/** How far the data in a resource may travel. */
export enum DataClassification {
  /** Anyone may see it. */
  PUBLIC = 'public',
  /** Everyone in the company may see it. */
  INTERNAL = 'internal',
  /** Named teams may see it. */
  CONFIDENTIAL = 'confidential',
  /** Named people may see it, and its use is recorded. */
  RESTRICTED = 'restricted',
}

/** Who answers for a workload. */
export interface Owner {
  /** The team, e.g. "risk-ml". Teams, not people: people move on. */
  readonly team: string;
  /** The team's mailbox, where alerts and questions go. */
  readonly contact: string;
}

/** Who answers for an environment and pays for it. Becomes tags on every resource. */
export interface Ownership extends Owner {
  /** Where the cost is booked, e.g. "CC-4711". */
  readonly costCenter: string;
  /** The most sensitive data the environment may hold. */
  readonly dataClassification: DataClassification;
}

/**
 * Says what is missing or malformed in an owner.
 * @internal
 */
export function checkOwner(path: string, owner: Partial<Owner> | undefined): void {
  if (!owner?.team?.trim()) {
    throw new ConfigurationError(path, {
      what: 'owner is missing',
      got: owner?.team === undefined ? 'none' : JSON.stringify(owner.team),
      allowed: 'owner: { team, contact }',
      fix: 'name the team that answers for it, e.g. owner: { team: "risk-ml", contact: "risk-ml@contoso.example" }',
    });
  }
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(owner.contact ?? '')) {
    throw new ConfigurationError(path, {
      what: `contact of owner ${owner.team} is not a mail address`,
      got: JSON.stringify(owner.contact),
      allowed: 'a mailbox that the team reads',
      fix: `e.g. contact: "${owner.team}@contoso.example"`,
    });
  }
}

/** @internal */
export function checkOwnership(path: string, ownership: Partial<Ownership> | undefined): void {
  checkOwner(path, ownership);
  if (!ownership?.costCenter?.trim()) {
    throw new ConfigurationError(path, {
      what: 'costCenter of the owner is missing',
      got: JSON.stringify(ownership?.costCenter),
      allowed: 'the account that pays, not empty',
      fix: 'e.g. costCenter: "CC-4711"',
    });
  }
  const classifications: string[] = Object.values(DataClassification);
  if (!classifications.includes(ownership.dataClassification ?? '')) {
    throw new ConfigurationError(path, {
      what: 'dataClassification of the owner is not known',
      got: JSON.stringify(ownership.dataClassification),
      allowed: classifications.join(', '),
      fix: 'name the most sensitive data that may live here, e.g. DataClassification.INTERNAL',
    });
  }
}
