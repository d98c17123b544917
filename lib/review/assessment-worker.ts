import { type MessagePort, parentPort } from 'node:worker_threads';
import { assess } from './analysis/assessment';
import { type Answer, type AssessmentTask, digestsOf, type Masked } from './analysis/assessment-thread';
import { maskFindings, tableOf } from './analysis/policy-table';
import { packOf } from './commands/pack-argument';
import type { PolicyFinding } from './model/review';
import { loadInputs } from './plan/load-inputs';
import { jsonPieces } from './render/json';

// What startAssessmentThread runs: an entry of its own, so that a thread loads what it needs only.
if (parentPort) answerAssessmentTasks(parentPort);

/** Assesses, and writes the findings as JSON once it is told what is secret in them. */
function answerAssessmentTasks(port: MessagePort): void {
  port.once('message', (task: AssessmentTask) => {
    const inputs = loadInputs({ ...task, progress: () => undefined });
    const { policy, ...rest } = assess(inputs, { ...task, pack: packOf(task.pack) });
    port.postMessage({ ...rest, digests: digestsOf(inputs), table: tableOf(policy) } satisfies Answer);
    if (!task.writesJson) return;
    port.once('message', (masked: Masked) => {
      const json = jsonOf(policy.findings, masked);
      port.postMessage(json, [json.buffer]);
    });
  });
}

function jsonOf(findings: readonly PolicyFinding[], masked: Masked): Uint8Array<ArrayBuffer> {
  maskFindings(findings, masked);
  return new TextEncoder().encode([...jsonPieces(findings)].join(''));
}
