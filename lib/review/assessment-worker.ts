import { answerAssessmentTasks } from './analysis/assessment-thread';

// What startAssessmentThread runs: an entry of its own, so that a thread loads what it needs only.
answerAssessmentTasks();
