/** Whether a text has the five fields of cron. */
export function isCron(expression: string): boolean {
  return /^(\S+\s+){4}\S+$/.test(expression) && /^[\d*,/\-\sA-Za-z]+$/.test(expression);
}
