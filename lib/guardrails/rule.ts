import type { ResourceModel } from './model/stack-model';
import type { Verdict } from './verdict';

/** How much harm a violation may do. */
export enum RuleSeverity {
  CRITICAL = 'critical',
  HIGH = 'high',
  MEDIUM = 'medium',
  LOW = 'low',
}

/** Which stages a rule binds. */
export enum RuleEnforcement {
  /** An error in every stage. */
  ALL = 'all',
  /** An error in staging and prod; dev may relax it, then it is a note. */
  DEV_RELAXED = 'dev-relaxed',
  /** An error in prod, a warning in staging, off in dev. */
  PROD = 'prod',
}

/** Ids of the same check elsewhere. */
export interface RuleMappings {
  /** e.g. "CKV_AZURE_141". @default - none */
  readonly checkov?: string[];
  /** e.g. "AZU-0042". @default - none */
  readonly trivy?: string[];
  /** PSRule for Azure, e.g. "Azure.AKS.LocalAccounts". @default - none */
  readonly psRule?: string[];
  /** Azure Policy built-ins, by the short name of the policy. @default - none */
  readonly azurePolicy?: string[];
  /** Microsoft cloud security benchmark v1 controls, e.g. "IM-1". @default - none */
  readonly benchmark?: string[];
}

/**
 * One guardrail: data and a pure check. `check` reads the resource only, and gives one verdict for each aspect it looks at.
 */
export interface IRule {
  /** Stable, e.g. "MLP-AKS-001". */
  readonly id: string;
  /** What passes, as a sentence without a full stop, e.g. "AKS has no local accounts". */
  readonly title: string;
  readonly severity: RuleSeverity;
  readonly enforcement: RuleEnforcement;
  /** Terraform types it looks at; "azurerm_*" for all of a provider, "*" for every managed resource, "data.<type>", "terraform", "provider", "output". */
  readonly resourceTypes: string[];
  /** What goes wrong without it. */
  readonly why: string;
  /** The change to make, naming the prop of our construct where there is one. */
  readonly fix: string;
  /** The same check in other catalogues. */
  readonly mappings?: RuleMappings;
  check(resource: ResourceModel): Verdict[];
}
