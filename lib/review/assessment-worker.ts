import { workerData } from 'node:worker_threads';
import { type AssessmentTask, answerAssessmentTask } from './analysis/assessment-thread';

// What startAssessmentThread runs: an entry of its own, so that a thread loads what it needs only.
answerAssessmentTask(workerData as AssessmentTask);
