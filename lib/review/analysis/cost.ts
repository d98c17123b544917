import { VmPrice } from '../../gpu/vm-price';
import { compare } from '../model/order';
import type { CostDelta, CostItem } from '../model/review';
import type { RawChange, StackInput } from '../plan/stack-input';
import type { InfracostDeltas } from './infracost';
import { isUnpriced, keepsMachines, type Machines, machinesOf, monthlyPrice } from './pools';

/** What the changes cost a month, by list price; infracost knows better where it is given. */
export function costDelta(inputs: readonly StackInput[], infracost: InfracostDeltas): CostDelta {
  const items: CostItem[] = [];
  const unknown: string[] = [];
  for (const input of inputs) {
    for (const change of input.changes) {
      const told = infracost.size === 0 ? undefined : toldBy(infracost, input, change);
      if (told === undefined && !keepsMachines(change.type) && !isUnpriced(change.type)) continue;
      if (change.actions.join() === 'no-op' && change.importId === undefined) continue;
      addCost(change, input, told, items, unknown);
    }
  }
  const sum = (pick: (item: CostItem) => number) => round(items.reduce((total, item) => total + pick(item), 0));
  return {
    currency: 'USD',
    kind: 'list price, Linux, pay as you go, 730 hours a month',
    priceDate: VmPrice.DATE,
    monthlyAtMin: sum((item) => item.monthlyAtMin),
    monthlyAtMax: sum((item) => item.monthlyAtMax),
    items: items.sort(
      (a, b) => Math.abs(b.monthlyAtMax) - Math.abs(a.monthlyAtMax) || compare(a.stack, b.stack) || compare(a.address, b.address),
    ),
    unknown: unknown.sort(),
  };
}

function toldBy(infracost: InfracostDeltas, input: StackInput, change: RawChange): number | undefined {
  return infracost.get(`${input.stack} ${change.address}`) ?? infracost.get(change.address);
}

/** Adds what one change costs; `told` is what infracost says. */
function addCost(change: RawChange, input: StackInput, told: number | undefined, items: CostItem[], unknown: string[]): void {
  const [before, after] = [machinesOf(change, 'before', input), machinesOf(change, 'after', input)];
  const place = { stack: input.stack, environment: input.environment, address: change.address };
  if (told !== undefined) {
    if (told === 0) return;
    const [monthlyAtMin, monthlyAtMax] = [round(told), round(told)];
    items.push({ ...place, before: shown(before), after: shown(after), monthlyAtMin, monthlyAtMax, source: 'infracost' });
  } else if (before || after) {
    const [left, right] = [shown(before), shown(after)];
    if (left === right) return;
    const [min, max] = [delta(before, after, 'min'), delta(before, after, 'max')];
    if (min === undefined || max === undefined) unknown.push(`${input.stack} ${change.address}: ${left} → ${right}`);
    else
      items.push({
        ...place,
        before: left,
        after: right,
        monthlyAtMin: round(min),
        monthlyAtMax: round(max),
        source: 'price table',
      });
  } else if (isUnpriced(change.type) && change.actions.includes('create') !== change.actions.includes('delete')) {
    unknown.push(`${input.stack} ${change.address}: ${change.actions.includes('create') ? 'new' : 'gone'}`);
  }
}

function delta(before: Machines | undefined, after: Machines | undefined, at: 'min' | 'max'): number | undefined {
  const price = (machines: Machines | undefined) => {
    if (!machines || machines[at] === 0) return 0;
    const monthly = monthlyPrice(machines);
    return monthly === undefined ? undefined : monthly * machines[at];
  };
  const [left, right] = [price(before), price(after)];
  return left === undefined || right === undefined ? undefined : right - left;
}

function shown(machines: Machines | undefined): string {
  if (!machines) return 'none';
  const count = machines.min === machines.max ? String(machines.max) : `${machines.min}-${machines.max}`;
  return `${count} × ${machines.vmSize}${machines.spot ? ' spot' : ''}`;
}

function round(usd: number): number {
  return Math.round(usd * 100) / 100;
}
