import { workerData } from 'node:worker_threads';
import { answerPolicyTask, type PolicyTask } from './analysis/policy-thread';

// What startPolicyThread runs: an entry of its own, so that a thread loads guardrails and the reading of plans only.
answerPolicyTask(workerData as PolicyTask);
