import type { StackModel } from './stack-model';

/** Stacks that were read apart, as one app. */
export function asApp(stacks: StackModel[]): StackModel[] {
  for (const stack of stacks) stack._joinApp(() => stacks);
  return stacks;
}
