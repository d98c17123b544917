import { type MessagePort, parentPort } from 'node:worker_threads';
import { assess } from './analysis/assessment';
import { type AssessmentTask, digestsOf, type Messages, type WritingTask } from './analysis/assessment-thread';
import { maskFindings, tableOf } from './analysis/policy-table';
import { packOf } from './commands/pack-argument';
import { loadInputs } from './plan/load-inputs';
import { jsonPieces } from './render/json';
import { sarifPieces } from './render/sarif';

// What startAssessmentThread runs: an entry of its own, so that a thread loads what it needs only.
if (parentPort) answerAssessmentTasks(parentPort);

/** Assesses; then writes what holds findings, once it is told what is secret in them. */
function answerAssessmentTasks(port: MessagePort): void {
  const say = (message: Partial<Messages>, ...given: ArrayBuffer[]) => port.postMessage(message, given);
  port.once('message', (task: AssessmentTask) => {
    const inputs = loadInputs({ ...task, progress: () => undefined });
    const { policy, ...rest } = assess(inputs, { ...task, pack: packOf(task.pack) });
    say({ answer: { ...rest, digests: digestsOf(inputs), table: tableOf(policy) } });
    if (!task.writes) return;
    port.once('message', ({ masked, sarif }: WritingTask) => {
      maskFindings(policy.findings, masked);
      const findings = bytesOf(jsonPieces(policy.findings));
      say({ findings }, findings.buffer);
      const log = bytesOf(sarifPieces(sarif, policy.findings));
      say({ sarif: log }, log.buffer);
    });
  });
}

function bytesOf(pieces: Iterable<string>): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode([...pieces].join(''));
}
