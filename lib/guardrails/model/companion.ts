import type { PlanCompanion } from './plan-reader';
import type { StackModel } from './stack-model';

/** What the synthesized stack adds to its plan. */
export function companionOf(stack: StackModel): PlanCompanion {
  return {
    constructPaths: Object.fromEntries(stack.resources.map((resource) => [resource.address, resource.constructPath])),
    lifecycles: Object.fromEntries(
      stack.resources
        .filter((resource) => resource.attributes.lifecycle !== undefined)
        .map((resource) => [resource.address, resource.attributes.lifecycle]),
    ),
    acknowledgements: stack.acknowledgements,
  };
}
