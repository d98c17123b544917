/** What is wrong with an input, said so that its reader can mend it. */
export interface ConfigurationProblem {
  /** What is wrong, e.g. "registryName is not valid". */
  readonly what: string;
  /** The value seen. Left out where nothing was given. Never a secret. */
  readonly got?: string;
  /** What would be accepted. */
  readonly allowed?: string;
  /** The change to make, e.g. "drop the separators". */
  readonly fix: string;
}

/**
 * Input that cannot become a platform. The message names the construct path, what was given, what is allowed and the fix:
 *
 * ```
 * prod-foundation/Platform/Registry: registryName is not valid, got "acme-ml"
 *   allowed: 5-50 ASCII letters and digits
 *   fix: drop the separators, e.g. "acmeml"
 * ```
 */
export class ConfigurationError extends Error {
  /** Several problems as one error: a reader mends them all at once. */
  public static all(messages: string[]): ConfigurationError {
    const error = new ConfigurationError('', { what: '', fix: '' });
    error.message = [`${messages.length} problem${messages.length === 1 ? '' : 's'}, nothing was written:`, ...messages].join(
      '\n\n',
    );
    return error;
  }

  /** The message alone, for construct validations, which report strings. */
  public static message(path: string, problem: ConfigurationProblem): string {
    const got = problem.got === undefined ? '' : `, got ${problem.got}`;
    const allowed = problem.allowed === undefined ? '' : `\n  allowed: ${problem.allowed}`;
    return `${path}: ${problem.what}${got}${allowed}\n  fix: ${problem.fix}`;
  }

  constructor(path: string, problem: ConfigurationProblem) {
    super(ConfigurationError.message(path, problem));
    this.name = 'ConfigurationError';
  }
}
