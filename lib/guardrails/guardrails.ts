import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import { onSynthesize } from '../core/framework-internals';
import { nearest } from '../core/nearest';
import { isFamily } from './acknowledgement-ledger';
import { AppReader } from './app-reader';
import { type Evaluation, evaluate } from './evaluation';
import { type Finding, messageOf } from './finding';
import type { GuardrailPack } from './guardrail-pack';
import type { AcknowledgementRecord, StackModel } from './model/stack-model';
import { ACKNOWLEDGEMENTS_KEY } from './model/synth-reader';
import { ALL_RULES } from './rules';

const REPORT = 'GuardrailsReport';
const RECORDS = Symbol.for('cdktf-ml-platform/Acknowledgements');

/** A finding that a team takes on, for a time. */
export interface AcknowledgementProps {
  /**
   * Exact id of a rule, e.g. "MLP-AKS-001", or of a check of a scanner whose findings are imported, e.g. "CKV_AZURE_33". For a
   * migration a family, e.g. "MLP-AKS": it warns each time, and covers no critical rule in prod.
   */
  readonly rule: string;
  /** One finding of the rule, e.g. "tls" of "MLP-STO-001[tls]". Required for critical rules in prod. @default - all findings of the rule */
  readonly finding?: string;
  /** Why it is right here, 20 characters or more. */
  readonly reason: string;
  /** The team that answers for it. */
  readonly owner: string;
  /** ISO date of the last day it holds, at most 180 days ahead in prod, 365 elsewhere. */
  readonly expires: string;
  /** Where it was agreed, e.g. "SEC-1234". Required for critical rules in prod. @default - none */
  readonly ticket?: string;
}

export interface GuardrailsOptions {
  /** Stages of your own and the strictness they take: dev, staging or prod, e.g. { perf: "staging" }. @default - none */
  readonly stages?: { [name: string]: string };
  /** ISO date that acknowledgements are held against. @default - today */
  readonly today?: string;
  /** Whether an acknowledgement that covers nothing is an error. @default false */
  readonly strict?: boolean;
}

/**
 * Rules over the Terraform JSON of an app. `Guardrails.apply` makes synth fail where one is broken; `Guardrails.of(...)`
 * takes a finding on, with a reason and an end.
 */
export class Guardrails {
  /**
   * Holds every stack of the app against a pack. Call it last, right before `app.synth()`: findings of level error fail synth. All
   * findings, with who acknowledged them until when, are written to `guardrails/<stack>.json` in the output folder.
   * @throws when the app has no stack yet
   */
  public static apply(app: IConstruct, pack: GuardrailPack, options: GuardrailsOptions = {}): void {
    const stacks = app.node.findAll().filter((node): node is TerraformStack => TerraformStack.isStack(node));
    if (stacks.length === 0) {
      throw new ConfigurationError(app.node.path || 'App', {
        what: 'Guardrails.apply found no stack to look at',
        fix: 'call it last, right before app.synth()',
      });
    }
    const reader = new AppReader(stacks);
    for (const stack of stacks) {
      const judged = () => Guardrails.judge(reader.fresh(stack), pack, options);
      stack.node.addValidation({ validate: () => errorsOf(judged()).map(messageOf) });
      if (stack.node.tryFindChild(REPORT)) continue;
      onSynthesize(new Construct(stack, REPORT), (outdir) => writeReport(outdir, pack, judged()));
    }
  }

  /** Acknowledgements of a construct: they cover it and what lies below it. */
  public static of(construct: IConstruct): Guardrails {
    return new Guardrails(construct);
  }

  private static judge(model: StackModel, pack: GuardrailPack, options: GuardrailsOptions): Evaluation {
    const known = JUDGED.get(model);
    if (known?.pack === pack && known.options === options) return known.evaluation;
    const evaluation = evaluate(model, pack, {
      today: options.today ?? new Date().toISOString().slice(0, 10),
      stages: options.stages,
      strict: options.strict,
    });
    JUDGED.set(model, { pack, options, evaluation });
    return evaluation;
  }

  private constructor(private readonly construct: IConstruct) {}

  /**
   * Takes findings on for a time. They stay in every report, with reason, owner and date.
   * @throws when the rule is not known, the reason too short, the owner missing, the date malformed, or the construct an app
   */
  public acknowledge(props: AcknowledgementProps): void {
    const { path } = this.construct.node;
    if (!this.construct.node.scopes.some((scope) => TerraformStack.isStack(scope))) {
      throw new ConfigurationError(path || 'App', {
        what: 'an acknowledgement covers a construct inside a stack, never the app',
        got: props.rule,
        fix: 'acknowledge on the construct that has the finding',
      });
    }
    checkProps(path, props);
    const stack = TerraformStack.of(this.construct) as TerraformStack & { [RECORDS]?: AcknowledgementRecord[] };
    const records = [...(stack[RECORDS] ?? []), { path, ...props }];
    Object.defineProperty(stack, RECORDS, { value: records, enumerable: false, configurable: true });
    // They travel in the stack's JSON, where `ml-platform check` and the report find them.
    stack.addOverride(`//.${ACKNOWLEDGEMENTS_KEY}`, { acknowledgements: records });
  }
}

/** The stack is judged once, for its errors and for its report. */
const JUDGED = new WeakMap<
  StackModel,
  { readonly pack: GuardrailPack; readonly options: GuardrailsOptions; readonly evaluation: Evaluation }
>();

function errorsOf({ findings }: Evaluation): Finding[] {
  return findings.filter((finding) => finding.status === 'open' && finding.level === 'error');
}

/** What was found, and who acknowledged what until when, beside the stacks: for whoever reads the artifacts of a pipeline. */
function writeReport(outdir: string, pack: GuardrailPack, { stack, strictness, findings, passed }: Evaluation): void {
  const folder = join(outdir, 'guardrails');
  mkdirSync(folder, { recursive: true });
  const report = {
    schemaVersion: '1.0',
    pack: pack.packName,
    stack: stack.name,
    strictness,
    passed,
    findings: findings.map(shown),
  };
  writeFileSync(join(folder, `${stack.name}.json`), `${JSON.stringify(report, null, 2)}\n`);
}

function shown({ rule, ...finding }: Finding) {
  return { ...finding, title: rule.title, severity: rule.severity };
}

function checkProps(path: string, props: AcknowledgementProps): void {
  const ids = ALL_RULES.map((rule) => rule.id);
  const family = isFamily(props.rule) && ids.some((id) => id.startsWith(`${props.rule}-`));
  if (family && props.finding !== undefined) {
    throw new ConfigurationError(path, {
      what: 'a family of rules has no findings of its own',
      got: `${props.rule}[${props.finding}]`,
      allowed: 'finding beside the exact id of a rule',
      fix: 'drop finding, or name the rule',
    });
  }
  if (props.rule.startsWith('MLP-') && !ids.includes(props.rule) && !family) {
    throw new ConfigurationError(path, {
      what: 'no rule has this id',
      got: JSON.stringify(props.rule),
      allowed: `one exact id, e.g. ${nearest(props.rule, ids).join(', ')}`,
      fix: 'copy the id from the finding; wildcards are not taken',
    });
  }
  const title = ALL_RULES.find((rule) => rule.id === props.rule)?.title ?? '';
  if (props.reason.trim().length < 20 || props.reason.trim().toLowerCase() === title.toLowerCase()) {
    throw new ConfigurationError(path, {
      what: `reason for ${props.rule} is too short`,
      got: JSON.stringify(props.reason),
      allowed: '20 characters or more, in your own words',
      fix: 'say why it is right here and what protects instead',
    });
  }
  if (!props.owner.trim()) {
    throw new ConfigurationError(path, {
      what: `owner of the acknowledgement of ${props.rule} is missing`,
      fix: 'name the team',
    });
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(props.expires) || Number.isNaN(Date.parse(props.expires))) {
    throw new ConfigurationError(path, {
      what: `expires of the acknowledgement of ${props.rule} is no date`,
      got: JSON.stringify(props.expires),
      allowed: 'YYYY-MM-DD',
      fix: 'give the last day it holds',
    });
  }
}
