import { ConfigurationError } from './configuration-error';

/**
 * The step of the road to production that an environment stands for. It picks the defaults (`EnvironmentProfile`) and how
 * strict guardrails are.
 */
export class Stage {
  /** For trying things out: cheap, may be torn down, as closed as the others. */
  public static readonly DEV = new Stage('dev', 'dev');
  /** A rehearsal of production, smaller. */
  public static readonly STAGING = new Stage('staging', 'staging');
  /** What users depend on. */
  public static readonly PROD = new Stage('prod', 'prod');

  /**
   * A stage by its name.
   * @throws when it is none of dev, staging, prod
   */
  public static of(name: string): Stage {
    const found = [Stage.DEV, Stage.STAGING, Stage.PROD].find((stage) => stage.name === name);
    if (!found) {
      throw new ConfigurationError('Stage.of', {
        what: 'stage is not known',
        got: JSON.stringify(name),
        allowed: 'dev, staging, prod',
        fix: `use Stage.custom(${JSON.stringify(name)}, Stage.DEV) for a stage of your own that behaves like one of these`,
      });
    }
    return found;
  }

  /**
   * A stage of your own, e.g. `Stage.custom('perf', Stage.STAGING)`.
   * @param name 2-8 lower-case letters and digits, letter first: it becomes part of every name
   * @param like the stage whose defaults and strictness it takes
   */
  public static custom(name: string, like: Stage): Stage {
    if (!/^[a-z][a-z0-9]{1,7}$/.test(name)) {
      throw new ConfigurationError('Stage.custom', {
        what: 'stage name is not valid',
        got: JSON.stringify(name),
        allowed: '2-8 lower-case letters and digits, letter first',
        fix: 'shorten it and drop separators, e.g. "perf"',
      });
    }
    return new Stage(name, like.strictness);
  }

  private constructor(
    /** As it appears in names and tags. */
    public readonly name: string,
    /** `dev`, `staging` or `prod`: the stage whose rules apply. */
    public readonly strictness: string,
  ) {}
}
