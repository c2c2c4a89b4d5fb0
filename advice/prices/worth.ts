/** Whether costs in the currency of a book can be told: they are in hundredths, and what is less than that would be nothing. */
import { ownSizes } from '../sizing/sizes.ts';
import { hoursOfMonth, type Prices } from './prices.ts';

/** A month of a server below this is told to worse than half a per cent. */
const leastMonth = 1;

/** Each with what to do; servers that cost nothing are none. */
export function worthMistakes(prices: Prices): readonly string[] {
  const servers = [
    ...ownSizes(prices).map(({ label, perHour }) => ({ label, perHour })),
    ...prices.managed.map(({ id, price }) => ({ label: id, perHour: price })),
  ];
  const [least] = servers
    .map(({ label, perHour }) => ({ label, month: perHour * hoursOfMonth }))
    .filter(({ month }) => month > 0)
    .toSorted((a, b) => a.month - b.month);
  if (least === undefined || least.month >= leastMonth) return [];
  const { currency } = prices;
  return [
    `a month of ${least.label} comes to ${Number(least.month.toPrecision(3))} ${currency}, and costs are told in hundredths of it; give the book in a currency in which a month of each server comes to ${leastMonth} or more, with the rate of ${currency} under "rates"`,
  ];
}
