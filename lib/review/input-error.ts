import { ConfigurationError, type ConfigurationProblem } from '../core/configuration-error';

/** Input of a command that cannot be read, or arguments that make no sense: exit code 2. */
export class InputError extends Error {
  constructor(subject: string, problem: ConfigurationProblem) {
    super(ConfigurationError.message(subject, problem));
    this.name = 'InputError';
  }
}
