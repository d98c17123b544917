import { Argument, Command, CommanderError, Option } from 'commander';
import { ConfigurationError } from '../core/configuration-error';
import { CHECK_FORMATS, type CheckOptions, checkCommand, FAIL_ON } from './commands/check-command';
import { reportCommand } from './commands/report-command';
import { InputError } from './input-error';

const BAD_INPUT = 2;

/** Where commands write to, and the exit code they come to. */
interface Session {
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  exitCode: number;
}

function program(session: Session): Command {
  const command = new Command('ml-platform')
    .description('Reads what cdktf synth wrote: reports and guardrails for machine-learning platforms on Azure.')
    .exitOverride()
    .configureOutput({ writeOut: session.print, writeErr: session.complain });
  const today = () =>
    new Option('--today <date>', 'date that acknowledgements are held against').default(
      new Date().toISOString().slice(0, 10),
      'today',
    );
  command
    .command('report')
    .description('write an HTML, markdown and JSON report of a synthesized app')
    .argument('[folder]', 'the folder that cdktf synth wrote', 'cdktf.out')
    .option('--out <folder>', 'where to write (default: <folder>/report)')
    .addOption(today())
    .action((folder: string, options: { out?: string; today: string }) => session.print(reportCommand(folder, options)));
  command
    .command('check')
    .description(
      'hold stacks against guardrails; exit code 0 clean, 3 findings at or above the bar, 2 bad usage or unreadable input',
    )
    .addArgument(
      new Argument('[inputs...]', 'cdktf.out folders, plans from terraform show -json, Terraform in JSON').default(['cdktf.out']),
    )
    .addOption(new Option('--format <format>', 'how to print').choices(Object.keys(CHECK_FORMATS)).default('table'))
    .option('--pack <pack>', 'baseline, production, regulated, cost, or a file that exports a GuardrailPack', 'baseline')
    .addOption(new Option('--fail-on <level>', 'lowest level that fails').choices(FAIL_ON).default('error'))
    .option('--rule <ids...>', 'run these rules only')
    .addOption(new Option('--stage <stage>', 'judge every stack as this stage').choices(['dev', 'staging', 'prod']))
    .option('--strict', 'acknowledgements that cover nothing are errors')
    .addOption(today())
    .action((inputs: string[], options: CheckOptions) => {
      session.exitCode = checkCommand(inputs, options, session.print);
    });
  return command;
}

/** Runs the command; returns its exit code. */
export async function main(args: string[], print: (text: string) => void, complain: (text: string) => void): Promise<number> {
  const session: Session = { print, complain, exitCode: 0 };
  try {
    await program(session).parseAsync(args, { from: 'user' });
    return session.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT;
    if (error instanceof InputError || error instanceof ConfigurationError) {
      complain(`${error.message}\n`);
      return BAD_INPUT;
    }
    throw error;
  }
}

if (require.main === module) {
  const exit = main(
    process.argv.slice(2),
    (text) => process.stdout.write(text),
    (text) => process.stderr.write(text),
  );
  void exit.then((code) => {
    process.exitCode = code;
  });
}
