/** How urgent a job is. */
export enum JobPriority {
  /** Takes the place of the others in its queue. */
  URGENT = 'urgent',
  STANDARD = 'standard',
  /** Runs on what nobody else wants. */
  OPPORTUNISTIC = 'opportunistic',
}
