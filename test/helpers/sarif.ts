import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import facts from '../fixtures/facts/sarif-2.1.0.json';

// The schema's pattern of languages is no valid pattern in unicode mode.
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(facts.schema);

/** What makes a text no valid SARIF 2.1.0, a line each; empty where it is. */
export function sarifProblems(text: string): string[] {
  const log = JSON.parse(text) as SarifLog;
  const valid: boolean = validate(log); // not as a type guard: the schema tells it nothing
  if (!valid) {
    return (validate.errors ?? []).map(
      (error) => `${error.instancePath || '/'} ${error.message} ${JSON.stringify(error.params)}`,
    );
  }
  return log.runs.flatMap(strayIndexes);
}

interface SarifLog {
  readonly runs: {
    readonly tool: { readonly driver: { readonly rules?: { readonly id: string }[] } };
    readonly results?: { readonly ruleId?: string; readonly ruleIndex?: number }[];
  }[];
}

/** The specification binds ruleIndex to ruleId (3.27.6), which a schema cannot say. */
function strayIndexes(run: SarifLog['runs'][number], index: number): string[] {
  const rules = run.tool.driver.rules ?? [];
  return (run.results ?? []).flatMap(({ ruleId, ruleIndex }, result) =>
    ruleIndex === undefined || rules[ruleIndex]?.id === ruleId
      ? []
      : [`/runs/${index}/results/${result} ruleIndex ${ruleIndex} is ${rules[ruleIndex]?.id ?? 'no rule'}, not ${ruleId}`],
  );
}
