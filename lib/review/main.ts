import { join } from 'node:path';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { AddressesOptions } from './commands/addresses-command';
import { CHECK_FORMATS, type CheckOptions, FAIL_ON } from './commands/check-options';
import { addImagesCommands } from './commands/images-subcommands';
import { CI_PROVIDERS, type InitCiOptions } from './commands/init-ci-options';
import { REVIEW_FORMATS, type ReviewOptions, startReview } from './commands/start-review';
import { tuneV8 } from './tune-v8';

const BAD_INPUT = 2;
/** Errors that are told, by name: each command is a bundle with a class of its own. */
const TOLD: ReadonlySet<string> = new Set(['InputError', 'ConfigurationError']);

/** Where commands write to, and the exit code they come to. */
interface Session {
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  /** The bundle that threads run. */
  readonly script?: string;
  exitCode: number;
}

/** The commands. What one of them needs is loaded when it runs: all of it would take longer to load than most of them to run. */
function program(session: Session): Command {
  const command = new Command('ml-platform')
    .description('Reads what cdktf synth wrote: reports and guardrails for machine-learning platforms on Azure.')
    .exitOverride()
    .configureOutput({ writeOut: session.print, writeErr: session.complain });
  const today = () =>
    new Option('--today <date>', 'date that acknowledgements are held against')
      .argParser(isoDate)
      .default(new Date().toISOString().slice(0, 10), 'today');
  command
    .command('report')
    .description('write an HTML, markdown and JSON report of a synthesized app')
    .argument('[folder]', 'the folder that cdktf synth wrote', 'cdktf.out')
    .option('--out <folder>', 'where to write (default: <folder>/report)')
    .addOption(today())
    .action(async (folder: string, options: { out?: string; today: string }) => {
      const { reportCommand } = await import('./commands/report-command.js');
      session.print(reportCommand(folder, options));
    });
  command
    .command('check')
    .description(
      'hold stacks against guardrails; exit code 0 clean, 3 findings at or above the bar, 2 bad usage or unreadable input',
    )
    .addArgument(
      new Argument('[inputs...]', 'cdktf.out folders, plans from terraform show -json, Terraform in JSON').default(['cdktf.out']),
    )
    .addOption(new Option('--format <format>', 'how to print').choices(CHECK_FORMATS).default('table'))
    .option('--pack <pack>', 'baseline, production, regulated, cost, or a file that exports a GuardrailPack', 'baseline')
    .addOption(new Option('--fail-on <level>', 'lowest level that fails').choices(FAIL_ON).default('error'))
    .option('--rule <ids...>', 'run these rules only')
    .addOption(new Option('--stage <stage>', 'judge every stack as this stage').choices(['dev', 'staging', 'prod']))
    .option('--strict', 'acknowledgements that cover nothing are errors')
    .option('--manifests <release=file...>', 'judge what helm template wrote with the release that installs it')
    .option('--import <scanner=file...>', 'merge findings of checkov or trivy, from their JSON')
    .option('--allow-locations <names...>', 'locations that resources may stand in (default: all)')
    .option('--allow-registries <hosts...>', 'hosts that images may come from, besides those the rules know')
    .addOption(today())
    .action(async (inputs: string[], options: CheckOptions) => {
      const { checkCommand } = await import('./commands/check-command.js');
      session.exitCode = checkCommand(inputs, options, session.print);
    });
  command
    .command('review')
    .description(
      'review plans and synthesized stacks; exit code 0 nothing to approve, 3 needs approval, 4 blocked by policy, 2 bad usage or unreadable input',
    )
    .option('--plan <stack=file...>', 'plan of a stack as terraform show -json prints it; any number')
    .option('--unplanned <stacks...>', 'stacks of --head that could not be planned: whether what is new before them explains it')
    .option('--base <folder>', 'cdktf.out before the change')
    .option('--head <folder>', 'cdktf.out after the change')
    .addOption(new Option('--format <format>', 'what to print').choices(REVIEW_FORMATS).default('table'))
    .addOption(new Option('--dialect <dialect>', 'of markdown').choices(['github', 'azure-devops']).default('github'))
    .option('--out <folder>', 'write all formats there too')
    .option('--policy <file>', 'review.yaml: what needs approval, what blocks, by environment')
    .option(
      '--pack <pack>',
      'guardrails: baseline, production, regulated, cost, or a file that exports a GuardrailPack',
      'baseline',
    )
    .option('--infracost <file>', 'JSON of infracost diff, for prices that the table does not have')
    .option('--range <commits>', 'range of commits whose titles are shown, e.g. origin/main..HEAD')
    .option('--allow-partial', 'review plans that ended with an error, marked as such')
    .option('--max-input <megabytes>', 'largest file that is read', '100')
    .option(
      '--color',
      'colour the table (default: on a terminal without NO_COLOR)',
      process.stdout.isTTY && !process.env.NO_COLOR,
    )
    .option('--no-color')
    .addOption(today())
    .action(async (options: ReviewOptions) => {
      const started = startReview(options, session.script);
      const { reviewCommand } = await import('./commands/review-command.js');
      const { print, complain } = session;
      session.exitCode = await reviewCommand(started, options, { print, progress: progressLine(complain) });
    });
  const addresses = command
    .command('addresses')
    .description('hold the addresses of a synthesized app against addresses.lock.json');
  const lock = () => new Option('--lock <file>', 'the lock').default('addresses.lock.json');
  addresses
    .command('check')
    .description('exit code 0 as locked, 3 when addresses came or went')
    .argument('[folder]', 'the folder that cdktf synth wrote', 'cdktf.out')
    .addOption(lock())
    .action(async (folder: string, options: AddressesOptions) => {
      const { addressesCheckCommand } = await import('./commands/addresses-command.js');
      session.exitCode = addressesCheckCommand(folder, options, session.print);
    });
  addresses
    .command('update')
    .description('write the lock anew')
    .argument('[folder]', 'the folder that cdktf synth wrote', 'cdktf.out')
    .addOption(lock())
    .action(async (folder: string, options: AddressesOptions) => {
      const { addressesUpdateCommand } = await import('./commands/addresses-command.js');
      addressesUpdateCommand(folder, options, session.print);
    });
  addImagesCommands(command, session.print, (exitCode) => {
    session.exitCode = exitCode;
  });
  command
    .command('init')
    .description('write files to start from')
    .command('ci')
    .description('a pipeline for the stacks that exist: plan, review, apply of the reviewed plan, drift at night')
    .argument('[folder]', 'the folder that cdktf synth wrote', 'cdktf.out')
    .addOption(new Option('--provider <provider>', 'where it runs').choices(CI_PROVIDERS).makeOptionMandatory())
    .option('--into <folder>', 'the project', '.')
    .option('--force', 'write over a pipeline that is there')
    .action(async (folder: string, options: InitCiOptions) => {
      const { initCiCommand } = await import('./commands/init-ci-command.js');
      initCiCommand(folder, options, session.print);
    });
  return command;
}

function isoDate(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError('It must be a date as 2026-11-30.');
}

/** One line that is written over, where somebody looks on and it takes long enough to be seen. */
function progressLine(write: (text: string) => void): (text: string) => void {
  const started = Date.now();
  let shown = false;
  return (text) => {
    if (!process.stderr.isTTY || (!shown && Date.now() - started < 300)) return;
    if (text !== '' || shown) write(`\r\u001b[K${text.slice(0, 70)}`);
    shown = text !== '';
  };
}

/** Runs the command; returns its exit code. */
export async function main(
  args: string[],
  print: (text: string) => void,
  complain: (text: string) => void,
  script?: string,
): Promise<number> {
  const session: Session = { print, complain, script, exitCode: 0 };
  try {
    await program(session).parseAsync(args, { from: 'user' });
    return session.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT;
    if (error instanceof Error && TOLD.has(error.name)) {
      complain(`${error.message}\n`);
      return BAD_INPUT;
    }
    throw error;
  }
}

/** The command as a process. */
function run(): void {
  tuneV8();
  // A reader that closes early, as `head` does, is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const exit = main(
    process.argv.slice(2),
    (text) => process.stdout.write(text),
    (text) => process.stderr.write(text),
    join(__dirname, 'assessment-worker.js'),
  );
  void exit.then((code) => {
    process.exitCode = code;
  });
}

if (require.main === module) run();
