import { type Command, Option } from 'commander';
import { InputError } from '../input-error';
import { DEFAULT_FOLDER, type ImagesCheckOptions, type ImagesLockOptions } from './images-options';

/** The commands `images lock` and `images check`. */
export function addImagesCommands(program: Command, print: (text: string) => void, end: (exitCode: number) => void): void {
  const images = program.command('images').description('digests of container images, asked from their registries');
  const seconds = (text: string) => {
    if (/^[1-9]\d{0,2}$/.test(text)) return Number(text) * 1000;
    throw new InputError('--timeout', {
      what: 'not a time',
      got: JSON.stringify(text),
      allowed: '1-999 seconds',
      fix: 'e.g. 15',
    });
  };
  const timeout = () => new Option('--timeout <seconds>', 'for one request').argParser(seconds).default(15_000, '15');
  images
    .command('lock')
    .description('write what the tags of all images mean now; exit code 0, 2 when an image could not be asked for')
    .argument('[folder]', `the folder that cdktf synth wrote (default: ${DEFAULT_FOLDER} where it is there)`)
    .option('--out <file>', 'the lock, for ImageLock.fromFile', 'images.lock.json')
    .option('--add <images...>', 'images beside those that the stacks, the library and the lock name')
    .addOption(timeout())
    .action(async (folder: string | undefined, options: ImagesLockOptions) => {
      const { imagesLockCommand } = await import('./images-command.js');
      end(await imagesLockCommand(folder, options, print));
    });
  images
    .command('check')
    .description(
      "hold the lock and the library's table against the registries; exit code 0 as locked, 3 when a tag moved, 2 when one could not be asked for",
    )
    .option('--lock <file>', 'the lock', 'images.lock.json')
    .addOption(timeout())
    .action(async (options: ImagesCheckOptions) => {
      const { imagesCheckCommand } = await import('./images-command.js');
      end(await imagesCheckCommand(options, print));
    });
}
