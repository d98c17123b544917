import { Command, CommanderError } from 'commander';
import { ConfigurationError } from '../core/configuration-error';
import { reportCommand } from './commands/report-command';
import { InputError } from './input-error';

const BAD_INPUT = 2;

function program(print: (text: string) => void): Command {
  const command = new Command('ml-platform')
    .description('Reads what cdktf synth wrote: reports and guardrails for machine-learning platforms on Azure.')
    .exitOverride();
  command
    .command('report')
    .description('write an HTML, markdown and JSON report of a synthesized app')
    .argument('[folder]', 'the folder that cdktf synth wrote', 'cdktf.out')
    .option('--out <folder>', 'where to write (default: <folder>/report)')
    .option('--today <date>', 'date that acknowledgements are held against', new Date().toISOString().slice(0, 10))
    .action((folder: string, options: { out?: string; today: string }) => print(reportCommand(folder, options)));
  return command;
}

/** Runs the command; returns its exit code. */
export async function main(args: string[], print: (text: string) => void, complain: (text: string) => void): Promise<number> {
  try {
    await program(print).parseAsync(args, { from: 'user' });
    return 0;
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
