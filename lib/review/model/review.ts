/**
 * All that the outputs of `ml-platform review` show, and nothing else is given to them. Additive within a major schema version;
 * no time stamps: same input, same bytes. `review.schema.json` beside this file describes it for readers in other languages.
 */
export interface Review {
  readonly schemaVersion: string;
  readonly tool: string;
  /** Titles of the commits under review, newest first. */
  readonly titles: string[];
  readonly inputs: ReviewedStack[];
  readonly environments: string[];
  readonly summary: ReviewSummary;
  /** Most severe first, then by stack and address. */
  readonly changes: Change[];
  /**
   * What differs between the state and the real world, apart from what the plan will do: losses and exposure first, then what the
   * plan was made from.
   */
  readonly drift: Change[];
  /** Drift entries that differ in nothing but empty values. */
  readonly quietDrift: number;
  readonly security: SecurityChange[];
  readonly policy: PolicyResult;
  readonly contracts: ContractChange[];
  /** Stacks that were planned before what they use is changed, or could not be planned before it. Since 1.1. */
  readonly upstreamPending: UpstreamPending[];
  readonly cost: CostDelta;
  readonly capacity: CapacityRow[];
  readonly renames: Rename[];
  readonly outputs: OutputChange[];
  /** Checks and preconditions of the configuration that do not hold. */
  readonly checks: FailedCheck[];
  readonly graph: ChangeGraph;
  readonly verdict: ReviewVerdict;
}

/** A review names the lowest version that knows all of its members. */
export const REVIEW_SCHEMA_VERSION = '1.1';
export const UNPLANNED_SCHEMA_VERSION = '1.2';

export interface ReviewedStack {
  readonly stack: string;
  readonly environment: string;
  readonly layer: string;
  /** "plan", or "synth": compared without state, so replacements are estimates. */
  readonly kind: 'plan' | 'synth';
  /** SHA-256 of what was read. */
  readonly digest: string;
  readonly terraformVersion?: string;
  /** The plan ended with an error: what it holds is a part of the truth. */
  readonly partial: boolean;
  /** Planning it failed: what is said of it is code compared to code. Left out where it does not hold. Since 1.2. */
  readonly unplanned?: true;
  readonly counts: ActionCounts;
}

export interface ActionCounts {
  readonly create: number;
  readonly update: number;
  readonly disrupt: number;
  readonly replace: number;
  readonly destroy: number;
  readonly forget: number;
  readonly move: number;
  readonly import: number;
  readonly unknown: number;
}

export interface ReviewSummary extends ActionCounts {
  readonly statefulLosses: number;
  /** Without noise. */
  readonly drift: number;
  readonly securityBroadened: number;
  readonly policyNew: number;
  readonly contractBreaks: number;
  readonly monthlyUsdAtMax: number;
}

/** "disrupt" is an update that users see as an outage; "unknown" a combination of Terraform actions that this version does not know. */
export type ChangeAction = 'create' | 'update' | 'disrupt' | 'replace' | 'destroy' | 'forget' | 'move' | 'import' | 'unknown';

/** In the order of reports. */
export type ChangeClass = 'stateful-loss' | 'loss' | 'disruption' | 'security' | 'change' | 'noise';

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

export interface Change {
  readonly stack: string;
  readonly environment: string;
  readonly address: string;
  readonly type: string;
  /** The construct that made it; the address where nothing tells. */
  readonly constructPath: string;
  /** TypeScript file and line, e.g. "stacks/foundation-stack.ts:31". */
  readonly sourceLocation?: string;
  readonly action: ChangeAction;
  readonly class: ChangeClass;
  readonly severity: Severity;
  readonly terraformActions: string[];
  /** Why, as Terraform says it, in words. */
  readonly reason?: string;
  /** Told without state: the provider may do otherwise. */
  readonly estimate: boolean;
  readonly previousAddress?: string;
  readonly importId?: string;
  /** Key of a leftover object of a replacement that failed. */
  readonly deposed?: string;
  readonly replaceCauses: ReplaceCause[];
  readonly attributes: AttributeChange[];
  /** Changed attributes beyond those listed. */
  readonly omittedAttributes: number;
  readonly loss?: StatefulLoss;
  readonly disruptions: Disruption[];
  readonly dependents: Dependents;
  /** Of drift: this plan was made from a value that drifted. */
  readonly feedsPlan?: true;
}

export interface ReplaceCause {
  readonly path: string;
  /** Resources whose replacement or unknown value is the cause, nearest first. */
  readonly upstream: string[];
}

export interface AttributeChange {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Masked where it holds a secret; left out where there is none. */
  readonly before?: unknown;
  readonly after?: unknown;
  /** Flags are left out where they do not hold. */
  readonly sensitive?: true;
  /** Known after apply. */
  readonly unknown?: true;
  readonly forcesReplacement?: true;
}

export interface StatefulLoss {
  /** What is lost, e.g. "models, data and job history". */
  readonly what: string;
  /** What can be had back, and how. */
  readonly recovery: string;
}

export interface Disruption {
  readonly attributes: string[];
  readonly what: string;
  /** The apply will not go through as it stands. */
  readonly failsAtApply: boolean;
}

export interface Dependents {
  /** Addresses that refer to it, nearest first; "stack: address" in other stacks. */
  readonly nearest: string[];
  readonly total: number;
  /** Other stacks that use it, by its ARM id or through the contract. */
  readonly stacks: string[];
}

export interface SecurityChange {
  readonly stack: string;
  readonly environment: string;
  readonly address: string;
  readonly constructPath: string;
  readonly kind: 'identity' | 'network';
  readonly effect: 'broadened' | 'narrowed' | 'changed';
  /** Who, or what is reached. */
  readonly subject: string;
  /** What may be done, or from where it is reached. */
  readonly before: string;
  readonly after: string;
  /** On what. */
  readonly scope: string;
}

export interface PolicyResult {
  readonly pack: string;
  /** The rules that findings name, by id. */
  readonly rules: PolicyRule[];
  readonly findings: PolicyFinding[];
  readonly counts: { readonly new: number; readonly fixed: number; readonly open: number; readonly acknowledged: number };
}

export interface PolicyRule {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly why: string;
  readonly fix: string;
}

export interface PolicyFinding {
  /** "open": it was there before, and still is. */
  readonly status: 'new' | 'fixed' | 'open' | 'acknowledged';
  readonly stack: string;
  readonly environment: string;
  /** Of the rule, with what tells several findings of one rule apart in brackets. */
  readonly id: string;
  readonly ruleId: string;
  readonly level: string;
  readonly constructPath: string;
  readonly address: string;
  readonly sourceLocation?: string;
  readonly attribute: string;
  readonly seen: string;
  /** What to change, where it is not what the rule says. */
  readonly fix?: string;
  readonly remark?: string;
  readonly acknowledgement?: string;
}

export interface ContractChange {
  readonly environment: string;
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly breaking: boolean;
  readonly what: string;
  /** Tenants and stacks that rely on it. */
  readonly affects: string[];
}

/**
 * A stack whose plan was made before changes of this same review that it builds on, or that could not be planned before them: plan it
 * once they are applied.
 */
export interface UpstreamPending {
  readonly stack: string;
  readonly environment: string;
  /** First what is applied first. */
  readonly upstream: PendingStack[];
}

export interface PendingStack {
  readonly stack: string;
  /** Nothing of it stands yet. Neither new nor used: what it changes is known when it is planned itself, after what stands before it. */
  readonly isNew: boolean;
  /** What of its changes the planned stack uses: addresses, and promises as "contract <path>"; the first few. */
  readonly uses: string[];
  readonly total: number;
}

export interface CostDelta {
  readonly currency: 'USD';
  readonly kind: string;
  readonly priceDate: string;
  readonly monthlyAtMin: number;
  readonly monthlyAtMax: number;
  readonly items: CostItem[];
  /** Changed things that have a price which nobody here knows. */
  readonly unknown: string[];
}

export interface CostItem {
  readonly stack: string;
  readonly environment: string;
  readonly address: string;
  readonly before: string;
  readonly after: string;
  readonly monthlyAtMin: number;
  readonly monthlyAtMax: number;
  readonly source: 'price table' | 'infracost';
}

export interface CapacityRow {
  readonly environment: string;
  readonly pool: string;
  readonly before: string;
  readonly after: string;
  readonly gpusAtMaxBefore: number;
  readonly gpusAtMaxAfter: number;
  /** What does not fit any more. */
  readonly problem?: string;
}

export interface Rename {
  readonly stack: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
  /** Line of CDKTF code that keeps the object. */
  readonly code: string;
}

export interface OutputChange {
  readonly stack: string;
  readonly name: string;
  readonly action: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface FailedCheck {
  readonly stack: string;
  readonly address: string;
  readonly status: string;
  readonly messages: string[];
}

export interface ChangeGraph {
  readonly nodes: {
    readonly id: string;
    readonly label: string;
    readonly stack: string;
    readonly action: ChangeAction | 'none';
  }[];
  readonly edges: { readonly from: string; readonly to: string }[];
  readonly omittedNodes: number;
}

export interface ReviewVerdict {
  readonly decision: 'nothing' | 'pass' | 'approve' | 'block';
  readonly exitCode: 0 | 3 | 4;
  readonly reasons: VerdictReason[];
}

export interface VerdictReason {
  readonly level: 'approve' | 'block' | 'allowed';
  readonly trigger: string;
  readonly environment: string;
  readonly count: number;
  readonly examples: string[];
  /** Why it is allowed, from the policy file. */
  readonly reason?: string;
}
