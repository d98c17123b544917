/** A policy to start from: what `ml-platform review` does without one, written out. */
export const REVIEW_POLICY = `# What a change needs before it is applied. docs/review.md of cdktf-ml-platform tells what each trigger means.
version: 1
default:
  approve: [destroy, replace, forget, disruption, access-broadened, exposure-broadened, guardrail-warning, contract-break, capacity-short, cost, drift, check-failed]
  block: [stateful-loss, apply-fails, guardrail-error, unknown-action, incomplete]
  costAbove: 1000 # USD a month, by list price, with all nodes there
environments:
  dev:
    approve: [stateful-loss, apply-fails, guardrail-error, unknown-action, incomplete]
    block: []
# Lets one thing through, with a reason: never by a pattern.
allow: []
#  - stack: prod-foundation
#    address: azurerm_storage_account.Platform_Scratch_0123ABCD
#    reason: holds nothing but caches, agreed with the owners
#    until: "2026-12-31"
`;
