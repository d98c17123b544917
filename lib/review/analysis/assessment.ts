import type { GuardrailPack } from '../../guardrails/guardrail-pack';
import type { CapacityRow, CostDelta, PolicyResult, Rename } from '../model/review';
import type { StackInput } from '../plan/stack-input';
import { poolChanges } from './capacity';
import { costDelta } from './cost';
import type { InfracostDeltas } from './infracost';
import { policyFindings } from './policy-findings';
import { findRenames } from './renames';

/** What is said of stacks without comparing attributes and without knowing what is secret: nothing of it may be shown as it is. */
export interface Assessment {
  readonly policy: PolicyResult;
  readonly cost: CostDelta;
  readonly pools: CapacityRow[];
  readonly renames: Rename[];
}

export interface AssessmentSettings {
  readonly pack: GuardrailPack;
  /** ISO date that acknowledgements are held against. */
  readonly today: string;
  readonly infracost: InfracostDeltas;
}

/** Needs nothing of the rest of a review, and may be made beside it. */
export function assess(inputs: readonly StackInput[], { pack, today, infracost }: AssessmentSettings): Assessment {
  return {
    policy: policyFindings(inputs, pack, today),
    cost: costDelta(inputs, infracost),
    pools: poolChanges(inputs),
    renames: inputs.flatMap(findRenames),
  };
}
