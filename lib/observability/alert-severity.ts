/** How bad it is, in the numbers of Azure Monitor. */
export enum AlertSeverity {
  /** Users feel it now: somebody is woken. */
  CRITICAL = 0,
  /** Users will feel it soon: today. */
  ERROR = 1,
  /** Worth a look this week. */
  WARNING = 2,
  /** Good to know. */
  INFORMATIONAL = 3,
}
